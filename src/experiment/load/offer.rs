//! The advice to change more than was asked for.

use crate::experiment::diagnostic::Diagnostic;
use crate::experiment::validate::Loaded;

/// The error with the overrides that would make those valid that were given over `before`, if there
/// are any; each is written after `option`.
pub fn add(error: Diagnostic, before: Option<&Loaded>, option: &str) -> Diagnostic {
    let offer = before
        .zip(error.refused())
        .and_then(|(before, wanted)| before.experiment.offers(wanted).into_iter().next());
    let Some(offer) = offer else { return error };
    let others: Vec<_> = offer.others.iter().map(|other| format!("{option}{other}")).collect();
    let also = format!("add {}", others.join(" "));
    let help = error.advice().map_or_else(|| also.clone(), |help| format!("{help}; or {also}"));
    error.help(help)
}
