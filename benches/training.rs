//! What a training step is made of: whole steps, optimizer updates, activations, products.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use gradlab::nn::activation::{self, Backward, Forward, Shape};
use gradlab::nn::kernel::{self, Dims};
use gradlab::nn::simd::padded;
use gradlab::optim::{self, Dim, Update};
use gradlab::spec::Pick;
use gradlab::train::{Engine, workload};

/// One training step of each workload, batch gathering included.
fn steps(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("step");
    for workload in &workload::ALL {
        let Ok(experiment) = workload.experiment(1) else { continue };
        let mut engine = Engine::new(&experiment, workload.problem());
        group.bench_function(workload.name, |bencher| bencher.iter(|| engine.step().is_ok()));
    }
    group.finish();
}

/// One update of a 128 × 64 weight matrix by each optimizer.
fn optimizers(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("optimizer 128x64");
    let dim = Dim::Matrix(128, 64);
    group.throughput(Throughput::Elements((dim.elements()) as u64));
    for entry in optim::TABLE {
        let rule = entry.build::<f32>(&Pick::new(entry.card));
        let mut state = rule.state(dim);
        let grad: Vec<f32> = (0..dim.elements()).map(|i| (i as f32).sin()).collect();
        let mut param = grad.clone();
        group.bench_function(entry.card.key, |bencher| {
            bencher.iter(|| {
                state.step += 1;
                let (param, grad, state) = (&mut param, &grad, &mut state);
                rule.update(Update { lr: 1e-6, dim, param, grad, state });
            });
        });
    }
    group.finish();
}

/// Each activation over 128 units × 64 samples, forward and backward.
fn activations(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("activation 128x64");
    let shape = Shape { units: 128, columns: 64, batch: 64 };
    let len = shape.units * shape.columns;
    group.throughput(Throughput::Elements(len as u64));
    for entry in activation::TABLE {
        let function = entry.build::<f32>(&Pick::new(entry.card));
        let theta = function.learnable(shape.units);
        let mut dtheta = theta.clone();
        let z: Vec<f32> = (0..len).map(|i| (i as f32).sin() * 4.0).collect();
        let mut a = vec![0.0; function.outputs(shape.units) * shape.columns];
        group.bench_function(BenchmarkId::new("forward", entry.card.key), |bencher| {
            bencher.iter(|| {
                function.forward(Forward {
                    z: black_box(&z),
                    a: &mut a,
                    theta: &theta,
                    chance: None,
                    shape,
                });
            });
        });
        let (da, mut dz) = (a.clone(), z.clone());
        group.bench_function(BenchmarkId::new("backward", entry.card.key), |bencher| {
            bencher.iter(|| {
                function.backward(Backward {
                    z: black_box(&z),
                    a: &a,
                    da: &da,
                    dz: &mut dz,
                    theta: &theta,
                    dtheta: &mut dtheta,
                    chance: None,
                    shape,
                });
            });
        });
    }
    group.finish();
}

/// The three products of a layer, on one thread.
fn products(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("product");
    for (units, inputs, columns) in
        [(8, 8, 16), (32, 32, 32), (128, 64, 64), (512, 784, 128), (1024, 1024, 256)]
    {
        let dims = Dims { units, inputs, columns };
        let weight = vec![0.5_f32; units * inputs];
        let (x, xt) = (vec![0.25; inputs * columns], vec![0.25; padded(inputs) * columns]);
        let (mut z, mut bias) = (vec![0.125; units * columns], vec![0.0; units]);
        let (mut dx, mut dw) = (x.clone(), weight.clone());
        let name = format!("{units}x{inputs}x{columns}");
        group.throughput(Throughput::Elements((2 * units * inputs * columns) as u64));
        group.bench_function(BenchmarkId::new("affine", &name), |bencher| {
            bencher.iter(|| kernel::affine(dims, &weight, &bias, black_box(&x), &mut z));
        });
        group.bench_function(BenchmarkId::new("input gradient", &name), |bencher| {
            bencher.iter(|| kernel::input_gradient(dims, &weight, black_box(&z), &mut dx));
        });
        group.bench_function(BenchmarkId::new("weight gradient", &name), |bencher| {
            bencher.iter(|| {
                kernel::weight_gradient(dims, black_box(&z), &xt, &mut dw);
                kernel::row_sums(black_box(&mut z), columns, &mut bias);
            });
        });
    }
    group.finish();
}

criterion_group!(benches, steps, optimizers, activations, products);
criterion_main!(benches);
