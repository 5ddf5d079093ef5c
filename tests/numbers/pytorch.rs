//! A PyTorch script has every part of the experiment, or names the one that PyTorch lacks; beside it
//! lie the very numbers that the program starts from. `pytorch.py` beside this compares the losses,
//! where PyTorch is installed.

use std::io::Cursor;

use anyhow::Result;
use gradlab::data::batch::Batcher;
use gradlab::experiment::{self, Experiment, parse_recipe, preset};
use gradlab::export::pytorch::{self, Export};
use gradlab::train::engine::Parameter;
use gradlab::train::{Engine, Problem};
use ndarray::{Array1, Array2};
use ndarray_npy::NpzReader;

fn recipe(text: &str) -> Experiment {
    parse_recipe(text).unwrap_or_else(|error| panic!("{error}")).experiment
}

fn export(it: &Experiment, steps: u64) -> Result<Export> {
    Ok(pytorch::export(it, &Problem::load(it)?, ("x", steps))?)
}

fn script(settings: &str) -> Result<Export> {
    export(&recipe(&format!("moons/4-tanh/2/optimizer=sgd,lr=0.1,{settings}")), 8)
}

/// Checks that `parts` stand in `script` in this order.
fn assert_in_order(script: &str, parts: &[&str]) {
    let mut rest = script;
    for part in parts {
        let at = rest.find(part).unwrap_or_else(|| panic!("no `{part}` here:\n{rest}"));
        rest = &rest[at + part.len()..];
    }
}

#[test]
fn every_preset_becomes_a_script_or_is_refused_by_name() -> Result<()> {
    let mut refused = Vec::new();
    for name in preset::PRESETS.all().iter().map(|preset| preset.name) {
        let it = experiment::load(name)?.experiment;
        let Ok(Export { script, .. }) = export(&it, 3) else {
            refused.push(name);
            continue;
        };
        let layers = it.layers.iter().filter(|layer| !layer.is_recurrent()).count();
        assert_eq!(script.matches("    x = F.linear(x, weight").count(), layers, "{name}");
        assert_in_order(
            &script,
            &[
                "np.load(Path(__file__).with_suffix(\".npz\"))",
                " = parameter(\"layer1.weight",
                "def network(x",
                "    return x",
                "def loss(output, y):",
                "optimizers = [",
                "for step, rows in enumerate(batches, 1):",
                "optimizer.zero_grad()",
                "batch_loss = loss(network(x_train[rows]",
                ".backward()",
                "optimizer.step()",
                "report(step, batch_loss=batch_loss.item())",
            ],
        );
        let left = script.lines().find(|line| {
            ["{title", "{name", "{model", "{before", "{clip", "{mode", "{gamma", "{theta"]
                .iter()
                .any(|slot| line.contains(slot))
        });
        assert_eq!(left, None, "{name}");
    }
    assert_eq!(refused, [""; 0]);
    Ok(())
}

#[test]
fn each_layer_has_its_own_optimizer() -> Result<()> {
    let it =
        recipe("moons/4-tanh/4-prelu@sgd:lr=0.05,momentum=0.9/2-softmax/optimizer=adam,lr=0.01");
    assert_in_order(
        &export(&it, 1)?.script,
        &[
            "x = torch.tanh(x)",
            "x = F.prelu(x, theta2)",
            "# The softmax is part of the loss.",
            "return F.cross_entropy(output, y",
            "torch.optim.Adam([weight1, bias1, weight3, bias3], lr=0.01)",
            "torch.optim.SGD([weight2, bias2, theta2], lr=0.05, momentum=0.9)",
        ],
    );
    Ok(())
}

#[test]
fn a_recurrent_layer_is_called_with_the_parameters_of_the_script() -> Result<()> {
    let layers = "rnn:5,nonlinearity=relu,return_sequences=true/lstm:4-tanh/1";
    let it = recipe(&format!("adding:length=7/{layers}/l2=0.5,optimizer=rmsprop"));
    assert_in_order(
        &export(&it, 1)?.script,
        &[
            "weight_hh1 = parameter(\"layer1.weight_hh\")",
            "recurrent1 = torch.nn.RNN(2, 5, nonlinearity=\"relu\", batch_first=True)",
            "recurrent2 = torch.nn.LSTM(5, 4, batch_first=True)",
            "            \"bias_hh_l0\": bias_hh1,",
            "        x.reshape(len(x), 7, 2),\n    )[0].flatten(1)",
            "        x.reshape(len(x), 7, 5),\n    )[0][:, -1]",
            "    x = torch.tanh(x)",
            "    x = F.linear(x, weight3, bias3)",
            "weights = [weight_ih1, weight_hh1, weight_ih2, weight_hh2, weight3]",
        ],
    );
    Ok(())
}

#[test]
fn norms_train_on_batches_and_report_with_what_they_keep() -> Result<()> {
    let it = recipe("moons/4-tanh+batch_norm/4-tanh+layer_norm/4-relu+rms_norm:affine=false/2");
    let Export { script, arrays } = export(&it, 1)?;
    assert_in_order(
        &script,
        &[
            "running_var1 = tensor(\"layer1.running_var\")",
            "gamma2 = parameter(\"layer2.gamma\")",
            "def network(x, training=False):",
            "x = F.batch_norm(x, running_mean1, running_var1, gamma1, beta1, training)",
            "x = F.layer_norm(x, x.shape[1:], gamma2, beta2)",
            "x = F.rms_norm(x, x.shape[1:], None, 1e-6)",
            "    weight1, bias1, gamma1, beta1, weight2, bias2, gamma2, beta2, weight3",
            "network(x_train), y_train",
            "network(x_train[rows], training=True)",
        ],
    );
    let mut arrays = NpzReader::new(Cursor::new(arrays))?;
    let start: Array1<f32> = arrays.by_name("layer1.running_var")?;
    assert_eq!(start.to_vec(), [1.0; 4]);
    Ok(())
}

#[test]
fn the_arrays_are_what_the_program_starts_from() -> Result<()> {
    let it = recipe("iris/5-tanh/4-prelu/3-softmax/batch_size=32,seed=3");
    let problem = Problem::load(&it)?;
    let mut arrays = NpzReader::new(Cursor::new(export(&it, 9)?.arrays))?;

    for (number, layer) in (1..).zip(Engine::new(&it, problem.clone()).parameters()) {
        let weight: Array2<f32> = arrays.by_name(&format!("layer{number}.weight"))?;
        assert_eq!(Some(&weight), layer.get("weight"));
        for Parameter { name, value, .. } in layer.iter().filter(|it| it.name != "weight") {
            let stored: Array1<f32> = arrays.by_name(&format!("layer{number}.{name}"))?;
            assert_eq!(Some(&stored.to_vec()[..]), value.as_slice(), "{name} of layer {number}");
        }
    }
    let theta: Array1<f32> = arrays.by_name("layer2.theta")?;
    assert!(!theta.is_empty());

    for (name, samples) in [("train", &problem.train), ("test", &problem.test)] {
        let x: Array2<f32> = arrays.by_name(&format!("x_{name}"))?;
        assert_eq!((x.dim(), x.as_slice()), ((samples.len(), 4), Some(samples.x())));
        let y: Array2<f32> = arrays.by_name(&format!("y_{name}"))?;
        assert_eq!((y.dim(), y.as_slice()), ((samples.len(), 3), Some(samples.target())));
    }

    let rows: Array1<i64> = arrays.by_name("batch_rows")?;
    let sizes: Array1<i64> = arrays.by_name("batch_sizes")?;
    let mut batcher = Batcher::new(problem.train.len(), 32, 3);
    let mut rest = rows.as_slice().unwrap_or_default();
    assert_eq!(sizes.len(), 9);
    for size in sizes {
        let (batch, after) = rest.split_at(size as usize);
        let expected: Vec<i64> = batcher.next().iter().map(|&row| row as i64).collect();
        assert_eq!(batch, expected);
        rest = after;
    }
    assert!(rest.is_empty());
    Ok(())
}

#[test]
fn clipping_and_penalties_come_in_the_order_of_a_step() -> Result<()> {
    let script = script("clip_value=0.5,clip_norm=2,l1=0.01,l2=0.25")?.script;
    assert_in_order(
        &script,
        &[
            "weights = [weight1, weight2]",
            "sum(0.01 * w.abs().sum() + 0.125 * w.square().sum() for w in weights)",
            "(batch_loss + penalty()).backward()",
            "clip_grad_value_(parameters, 0.5)",
            "clip_grad_norm_(parameters, 2)",
            "optimizer.step()",
        ],
    );
    Ok(())
}

#[test]
fn lists_are_of_floats() -> Result<()> {
    let script = export(&recipe("moons/4-tanh/2/optimizer=adam,betas=0.9:0"), 1)?.script;
    assert!(script.contains("betas=(0.9, 0.0)"), "{script}");
    Ok(())
}

#[test]
fn a_last_batch_of_one_row_is_refused_once_it_is_taken() {
    let it = recipe("iris/8-tanh+batch_norm/3-softmax/batch_size=8");
    let rows = Problem::load(&it).map(|problem| problem.train.len()).unwrap_or_default();
    assert_eq!(rows % 8, 1, "of {rows} rows");
    let last = rows.div_ceil(8) as u64;
    assert!(export(&it, last - 1).is_ok());
    let error = export(&it, last).map(|_| ()).unwrap_err().to_string();
    assert!(error.contains("a batch of one row"), "{error}");
}

#[test]
fn a_line_search_takes_the_loss_itself() -> Result<()> {
    let it = recipe("moons/4-tanh/2/optimizer=lbfgs,max_iter=5,batch_size=1000,l2=0.5");
    assert_in_order(
        &export(&it, 8)?.script,
        &[
            "LBFGS(parameters, lr=1, max_iter=5, line_search_fn=\"strong_wolfe\")",
            "def closure():",
            "objective = (batch_loss + penalty())",
            "return objective",
            "optimizers[0].step(closure)",
        ],
    );
    Ok(())
}

#[test]
fn a_schedule_becomes_factors() -> Result<()> {
    let export = script("schedule=step,gamma=0.5,steps=1000")?;
    assert!(export.script.contains("LambdaLR"), "{}", export.script);
    let mut arrays = NpzReader::new(Cursor::new(export.arrays))?;
    let factors: Array1<f64> = arrays.by_name("rate_factors")?;
    // A third of the script's eight steps, rounded up, is 3.
    assert_eq!(factors.to_vec(), [1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25]);

    let plain = script("steps=1000")?;
    assert!(!plain.script.contains("scheduler") && !plain.script.contains("penalty"));
    assert!(plain.script.contains("    batch_loss.backward()\n"), "{}", plain.script);
    Ok(())
}

#[test]
fn what_a_script_cannot_do_is_named() {
    for (text, name) in [
        ("moons/4-tanh/2/decoupled_decay=0.1", "`decoupled_decay`"),
        ("moons/4-tanh/2/gradient_noise=0.1", "`gradient_noise`"),
        ("moons/4-tanh/2/ema=0.9", "`ema`"),
        ("moons/4-tanh/2/schedule=reduce_on_plateau", "the schedule `reduce_on_plateau`"),
        ("moons/4-tanh/4-rrelu/2", "the activation of layer 2, `rrelu`"),
        ("moons/4-serf/2", "the activation of layer 1, `serf`"),
        ("moons/4-tanh+dropout=0.5/2", "the dropout of layer 1"),
        ("moons/4-tanh/4-tanh@lion/2", "the optimizer of layer 2, `lion`"),
        ("moons/4-tanh+batch_norm/2/optimizer=lbfgs,batch_size=1000", "running statistics"),
        ("moons/4-tanh/2-sigmoid/loss=focal", "the loss `focal`"),
        ("xor/1-identity/loss=multi_margin", "the loss `multi_margin` of one output"),
        ("wave/gru:4,bptt=5/1", "the truncation (`bptt`) of layer 1"),
        ("moons/4-tanh/2/optimizer=adafactor,d=0.5", "d below 1 in the optimizer of layer 1"),
    ] {
        let error = export(&recipe(text), 1).map(|_| ()).unwrap_err().to_string();
        assert!(error.contains(name), "{text}: {error}");
    }
}
