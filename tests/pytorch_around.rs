//! A PyTorch script does what `[train]` and `[schedule]` ask for, or is refused.

use std::io::Cursor;

use anyhow::Result;
use gradlab::experiment::parse_recipe;
use gradlab::export::pytorch::{self, Export};
use gradlab::train::Problem;
use ndarray::Array1;
use ndarray_npy::NpzReader;

fn script(settings: &str) -> Result<Export> {
    let recipe = format!("moons/4-tanh/2/optimizer=sgd,lr=0.1,{settings}");
    let it = parse_recipe(&recipe).unwrap_or_else(|error| panic!("{error}")).experiment;
    Ok(pytorch::export(&it, &Problem::load(&it)?, ("x", 8))?)
}

#[test]
fn clipping_and_penalties_come_in_the_order_of_a_step() -> Result<()> {
    let script = script("clip_value=0.5,clip_norm=2,l1=0.01,l2=0.25")?.script;
    let mut rest = script.as_str();
    for part in [
        "weights = [weight1, weight2]",
        "sum(0.01 * w.abs().sum() + 0.125 * w.square().sum() for w in weights)",
        "(batch_loss + penalty()).backward()",
        "clip_grad_value_(parameters, 0.5)",
        "clip_grad_norm_(parameters, 2)",
        "optimizer.step()",
    ] {
        let at = rest.find(part).unwrap_or_else(|| panic!("no `{part}` here:\n{rest}"));
        rest = &rest[at..];
    }
    Ok(())
}

#[test]
fn a_line_search_takes_the_loss_itself() -> Result<()> {
    let recipe = "moons/4-tanh/2/optimizer=lbfgs,max_iter=5,batch_size=1000,l2=0.5";
    let it = parse_recipe(recipe).unwrap_or_else(|error| panic!("{error}")).experiment;
    let script = pytorch::export(&it, &Problem::load(&it)?, ("x", 8))?.script;
    let mut rest = script.as_str();
    for part in [
        "LBFGS(parameters, lr=1, max_iter=5, line_search_fn=\"strong_wolfe\")",
        "def closure():",
        "objective = (batch_loss + penalty())",
        "return objective",
        "optimizers[0].step(closure)",
    ] {
        let at = rest.find(part).unwrap_or_else(|| panic!("no `{part}` here:\n{rest}"));
        rest = &rest[at..];
    }
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
    for (settings, name) in [
        ("decoupled_decay=0.1", "`decoupled_decay`"),
        ("gradient_noise=0.1", "`gradient_noise`"),
        ("ema=0.9", "`ema`"),
        ("schedule=reduce_on_plateau", "`reduce_on_plateau`"),
    ] {
        let error = script(settings).map(|_| ()).unwrap_err().to_string();
        assert!(error.contains(name), "{error}");
    }
}
