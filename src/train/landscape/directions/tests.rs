use ndarray::Array2;

use super::*;
use crate::catalog;
use crate::nn::{Layer, activation};
use crate::spec::Pick;

/// The parameters of a layer of these weights, with a bias for each unit.
fn layer(weight: [[f32; 3]; 2]) -> Vec<Parameters> {
    let identity = Pick::new(activation::TABLE[0].card);
    let activation = catalog::activation(&identity).build(&identity);
    vec![Parameters::of(&Layer::new(Array2::from(weight.to_vec()), vec![5.0, 6.0], activation))]
}

#[test]
fn each_row_is_as_long_as_that_of_the_weights() {
    let seed = 3;
    let [first, second] = random_directions(&layer([[3.0, 0.0, 4.0], [0.0, 0.0, 0.5]]), seed);
    // The same Gaussian numbers, before they are scaled.
    let mut stream = rng::stream(seed, Purpose::Landscape);
    for direction in [&first, &second] {
        for (row, norm) in direction.chunks(3).zip([5.0, 0.5]) {
            let drawn: Vec<f64> = (0..3).map(|_| rng::normal(&mut stream)).collect();
            let size = length(&drawn);
            for (x, drawn) in row.iter().zip(&drawn) {
                assert!((x - drawn * norm / size).abs() < 1e-12, "{x}");
            }
        }
        assert_eq!(direction[6..], [0.0, 0.0], "biases stay");
    }
    assert_ne!(first, second);
    let [first, _] = random_directions(&layer([[0.0; 3], [f32::INFINITY, 1.0, 1.0]]), seed);
    assert!(first.iter().all(|x| *x == 0.0), "what has no length has no direction");
}

#[test]
fn directions_of_a_path_are_orthonormal_and_begin_on_the_low_side() {
    let path: [&[f32]; 4] =
        [&[4.0, 0.0, 1.0, 0.0], &[2.0, 1.0, 1.0, 0.0], &[1.0, 1.5, 1.0, 0.0], &[0.0; 4]];
    let [a, b] = path_directions(&path, 1).unwrap();
    assert!((length(&a) - 1.0).abs() < 1e-12 && (length(&b) - 1.0).abs() < 1e-12);
    assert!(dot(&a, &b).abs() < 1e-12);
    for direction in [&a, &b] {
        let start: f64 = path[0].iter().zip(direction).map(|(&w, x)| f64::from(w) * x).sum();
        assert!(start <= 0.0, "{start}");
    }
}

#[test]
fn a_path_along_a_line_and_one_that_rests() {
    let line: [&[f32]; 3] = [&[1.0, 1.0], &[2.0, 2.0], &[3.0, 3.0]];
    let [a, b] = path_directions(&line, 1).unwrap();
    assert!((a[0] - 0.5_f64.sqrt()).abs() < 1e-12 && dot(&a, &b).abs() < 1e-12, "{a:?} {b:?}");
    assert!((length(&b) - 1.0).abs() < 1e-12);
    assert_eq!(path_directions(&line[..1], 1), None);
    assert_eq!(path_directions(&[&[1.0, 1.0], &[1.0, 1.0]], 1), None);
    assert_eq!(path_directions(&[], 1), None);
    assert_eq!(path_directions(&[&[f32::NAN, 1.0], &[1.0, 1.0]], 1), None);
}

#[test]
fn directions_of_curvature_go_on_as_they_were() {
    let pair = |value, vector: [f64; 2]| Eigenpair { value, vector: vector.to_vec() };
    let pairs = vec![pair(5.0, [-1.0, 0.0]), pair(2.0, [0.0, 1.0])];
    let ([a, b], values) = eigen_directions(pairs.clone(), &[], 1).unwrap();
    assert_eq!((&a[..], &b[..], values), (&[1.0, 0.0][..], &[0.0, 1.0][..], [5.0, 2.0]));
    let near = [vec![-0.9, 0.1], vec![0.1, -0.9]];
    let ([a, b], _) = eigen_directions(pairs, &near, 1).unwrap();
    assert_eq!((a[0], b[1]), (-1.0, -1.0));
    assert_eq!(eigen_directions(Vec::new(), &near, 1), None);
    let ([_, b], values) = eigen_directions(vec![pair(5.0, [1.0, 0.0])], &[], 1).unwrap();
    assert_eq!((b[1].abs(), values), (1.0, [5.0, 0.0]));
}
