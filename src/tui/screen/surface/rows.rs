//! The rows of the list: the settings of a walk, then its walkers.

use crate::catalog::{self, Kind};
use crate::experiment::settings::{Way, ladder};
use crate::experiment::walk::{Walk, WalkerSpec};
use crate::spec::{Param, Pick, Plain, Range, Value};
use crate::tui::overlay::choice::Slot;

/// σ of the noise, for the arrow keys.
const NOISES: [f64; 12] = [0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0];
/// Degrees of an angle, for the arrow keys.
const DEGREES: f64 = 15.0;

/// The rows of the list of `walk`, top to bottom.
pub fn rows(walk: &Walk) -> Vec<Slot> {
    let params = (0..walk.surface.card().params.len()).map(Slot::Param);
    let walkers = (0..walk.walkers.len()).map(Slot::Walker);
    let settings = std::iter::once(Slot::Surface).chain(params).chain([Slot::Noise, Slot::Seed]);
    settings.chain(walkers).collect()
}

/// The name of a setting.
pub fn name(slot: Slot, walk: &Walk) -> String {
    match slot {
        Slot::Surface => "surface".to_owned(),
        Slot::Param(index) => walk.surface.card().params[index].key.to_owned(),
        Slot::Noise => "noise σ".to_owned(),
        Slot::Seed => "noise seed".to_owned(),
        Slot::Walker(_) | Slot::NewWalker => "optimizer".to_owned(),
        Slot::Schedule(_) => "schedule".to_owned(),
    }
}

/// What a setting that is typed means.
pub fn help(slot: Slot, walk: &Walk) -> &'static str {
    match slot {
        Slot::Param(index) => walk.surface.card().params[index].meaning,
        Slot::Noise => {
            "standard deviation of the noise on each coordinate of the gradient; 0 is none"
        }
        Slot::Seed => "seed of the noise, which all walkers meet alike",
        _ => "",
    }
}

/// The value of a setting, as it is typed.
pub fn value(slot: Slot, walk: &Walk) -> String {
    match slot {
        Slot::Surface => walk.surface.key().to_owned(),
        Slot::Param(index) => {
            walk.surface.params().nth(index).map_or_else(String::new, |(_, it)| it.to_string())
        }
        Slot::Noise => Plain(walk.noise).to_string(),
        Slot::Seed => walk.seed.to_string(),
        Slot::Walker(index) | Slot::Schedule(index) => {
            walk.walkers.get(index).map_or_else(String::new, ToString::to_string)
        }
        Slot::NewWalker => String::new(),
    }
}

/// Sets a setting to a value that was typed.
///
/// # Errors
/// What is wrong with it.
pub fn set_text(slot: Slot, text: &str, walk: &mut Walk) -> Result<(), String> {
    let text = text.trim();
    match slot {
        Slot::Param(index) => {
            let Some(param) = walk.surface.card().params.get(index) else { return Ok(()) };
            let mut surface = walk.surface.clone();
            surface.set_text(param.key, text).map_err(|error| error.to_string())?;
            walk.surface = surface;
        }
        Slot::Noise => {
            let noise = text.parse().ok().filter(|it: &f64| it.is_finite() && *it >= 0.0);
            walk.noise = noise.ok_or("the noise must be a number, 0 or more")?;
        }
        Slot::Seed => {
            walk.seed = text.parse().map_err(|_| "the seed must be a whole number, 0 or more")?;
        }
        _ => {}
    }
    Ok(())
}

/// The next value of a setting along its ladder.
pub fn turn(slot: Slot, way: Way, walk: &mut Walk) {
    match slot {
        Slot::Surface => set_surface(turned(&walk.surface, Kind::Surface, way), walk),
        Slot::Param(index) => {
            let next = walk.surface.params().nth(index).map(|it| (it.0.key, next(it.0, it.1, way)));
            if let Some((key, value)) = next {
                // What is out of range is left.
                let _ = walk.surface.set(key, value);
            }
        }
        Slot::Noise => walk.noise = ladder::step(&NOISES, walk.noise, way),
        Slot::Seed => {
            walk.seed = match way {
                Way::Up => walk.seed.saturating_add(1),
                Way::Down => walk.seed.saturating_sub(1),
            };
        }
        Slot::Walker(index) => turn_rate(index, way, walk),
        Slot::NewWalker | Slot::Schedule(_) => {}
    }
}

/// The next rate of a walker.
pub fn turn_rate(index: usize, way: Way, walk: &mut Walk) {
    if let Some(WalkerSpec { optimizer, .. }) = walk.walkers.get_mut(index) {
        let next = ladder::one_two_five(optimizer.number("lr"), way);
        // What is out of range is left.
        let _ = optimizer.set("lr", Value::Number(next));
    }
}

/// Sets the surface, and the start to its usual one if it is another.
pub fn set_surface(surface: Pick, walk: &mut Walk) {
    if surface.key() != walk.surface.key() {
        walk.start = catalog::surface(&surface).scene.start;
    }
    walk.surface = surface;
}

/// The next entry of its kind, round and round.
fn turned(pick: &Pick, kind: Kind, way: Way) -> Pick {
    let cards = kind.cards_to_cycle(pick.key());
    let here = cards.iter().position(|card| card.key == pick.key()).unwrap_or(0);
    let count = cards.len();
    let next = if way == Way::Up { here + 1 } else { here + count - 1 };
    Pick::new(cards[next % count])
}

fn next(param: &Param, value: &Value, way: Way) -> Value {
    let sign = if way == Way::Up { 1.0 } else { -1.0 };
    match (value, param.range) {
        (Value::Number(degrees), Range::Closed(low, high)) if high - low == 360.0 => {
            Value::Number((degrees + sign * DEGREES).clamp(low, high))
        }
        (Value::Number(x), Range::AtLeast(least)) if least > 0.0 => {
            Value::Number(ladder::one_two_five(*x, way).max(least))
        }
        _ => ladder::next_value(param, value, way),
    }
}
