//! Edits that are possible only together: the fewest other settings that make a wanted change valid.

use super::check::{self, Issue};
use super::settings::{self, Place, Section, ValueKind};
use super::{Experiment, assignments, wording};
use crate::catalog;
use crate::spec::Pick;

/// The most settings that are changed beside the wanted one.
const MOST_OTHERS: usize = 3;
/// The most experiments that are looked at.
const MOST_TRIED: usize = 4_000;
/// The most offers.
const MOST_OFFERS: usize = 4;

/// A wanted change together with those that it needs.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    /// The experiment with all of them.
    pub experiment: Experiment,
    /// Those beside the wanted one, as `--set` takes them.
    pub others: Vec<String>,
}

impl Experiment {
    /// The smallest sets of other changes that make the change of this experiment into `wanted` valid,
    /// and leave nothing about it to warn of; the likeliest first. There may be none. All of them
    /// are valid.
    #[must_use]
    pub fn offers(&self, wanted: &Self) -> Vec<Offer> {
        let held: Vec<Key> = settings::of(wanted)
            .map(|setting| setting.place)
            .filter(|place| place.param.is_none() && !same(*place, self, wanted))
            .map(key)
            .collect();
        offers(wanted, &held, check::check(self).map_or(0, |warnings| warnings.len()))
            .into_iter()
            .map(|mut offer| {
                wording::reword(self, &mut offer.experiment);
                offer
            })
            .collect()
    }

    /// What is unusual about it, each with what would be usual.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        let warnings = check::check(self).unwrap_or_default();
        warnings.iter().map(|it| format!("{}: {}", it.message, it.help)).collect()
    }
}

/// A setting by section, key and layer.
type Key = (Section, &'static str, usize);

fn key(place: Place) -> Key {
    (place.row.section, place.row.key, place.layer)
}

fn same(place: Place, old: &Experiment, new: &Experiment) -> bool {
    let Place { row, layer, .. } = place;
    row.layers(old).contains(&layer) && row.equal(old, new, (layer, layer))
}

/// As [`Experiment::offers`], with the settings that are not to be changed, and as many warnings as
/// there may be.
pub(super) fn offers(wanted: &Experiment, held: &[Key], warnings: usize) -> Vec<Offer> {
    let mut tried = 0;
    let mut level = vec![wanted.clone()];
    let mut second_best = Vec::new();
    for _ in 0..MOST_OTHERS {
        let mut found: Vec<Experiment> = Vec::new();
        let mut next = Vec::new();
        for (at, here) in level.iter().enumerate() {
            let Some(issue) = issue(here) else { continue };
            for candidate in moves(here, &issue, held) {
                tried += 1;
                if tried > MOST_TRIED || settings::check_values(&candidate).is_err() {
                    continue;
                }
                match check::check(&candidate) {
                    Ok(left) if left.len() <= warnings => push(&mut found, candidate),
                    Ok(_) => {
                        if at == 0 {
                            push(&mut second_best, candidate.clone());
                        }
                        push(&mut next, candidate);
                    }
                    Err(_) => push(&mut next, candidate),
                }
            }
        }
        if !found.is_empty() {
            return told(found, wanted);
        }
        level = next;
    }
    let valid = check::check(wanted).is_ok();
    told(if valid { Vec::new() } else { second_best }, wanted)
}

fn push(list: &mut Vec<Experiment>, experiment: Experiment) {
    if !list.contains(&experiment) {
        list.push(experiment);
    }
}

fn told(found: Vec<Experiment>, wanted: &Experiment) -> Vec<Offer> {
    let offer = |experiment: Experiment| {
        let mut others = assignments(wanted, &experiment)?;
        others.retain(|other| !wording::is_of_words(other));
        Some(Offer { experiment, others })
    };
    found.into_iter().filter_map(offer).take(MOST_OFFERS).collect()
}

/// The first thing that is wrong, or unusual.
fn issue(experiment: &Experiment) -> Option<Issue> {
    match check::check(experiment) {
        Ok(warnings) => warnings.into_iter().next(),
        Err(issue) => Some(issue),
    }
}

/// The experiments one setting away that may be without `issue`: of the setting that it names, and of
/// those that have to go together with it.
fn moves(experiment: &Experiment, issue: &Issue, held: &[Key]) -> Vec<Experiment> {
    let output = experiment.layers.len().saturating_sub(1);
    let mut places: Vec<Place> = settings::of(experiment)
        .map(|setting| setting.place)
        .filter(|place| place.param.is_none() && !held.contains(&key(*place)))
        .filter(|place| {
            issue.place == place.to_string()
                || match (place.row.section, place.row.key) {
                    (Section::Layers, "units" | "activation") => place.layer == output,
                    (Section::Train, "loss" | "batch_size") => true,
                    (Section::Root, "optimizer") => issue.place.ends_with(".optimizer"),
                    _ => false,
                }
        })
        .collect();
    places.sort_by_key(|place| issue.place != place.to_string());
    places.iter().flat_map(|place| values(experiment, issue, *place)).collect()
}

/// The experiments with other values of one setting: those that the advice names come first.
fn values(experiment: &Experiment, issue: &Issue, place: Place) -> Vec<Experiment> {
    let Place { row, layer, .. } = place;
    let with = |set: &dyn Fn(&mut Experiment)| {
        let mut it = experiment.clone();
        set(&mut it);
        it
    };
    match &row.kind {
        ValueKind::Whole { set, absent, .. } => {
            let none = absent.map(|_| None);
            let named = numbers(&issue.help).into_iter().map(Some);
            named.chain(none).map(|value| with(&|it| set(it, layer, value))).collect()
        }
        ValueKind::Real { of, absent: Some(_), .. } => {
            vec![with(&|it| *(of.get_mut)(it, layer) = 0.0)]
        }
        ValueKind::Pick { kind, .. } => picks(experiment, issue, *kind)
            .into_iter()
            .map(|pick| with(&|it| row.set_pick(it, layer, Some(pick.clone()))))
            .collect(),
        ValueKind::OptionalPick { kind, .. } => {
            let named = named(*kind, &issue.help).into_iter().map(Some);
            [None]
                .into_iter()
                .chain(named)
                .map(|pick| with(&|it| row.set_pick(it, layer, pick.clone())))
                .collect()
        }
        _ => Vec::new(),
    }
}

/// The entries to try in the place of another of this kind.
fn picks(experiment: &Experiment, issue: &Issue, kind: catalog::Kind) -> Vec<Pick> {
    let mut picks = named(kind, &issue.help);
    match kind {
        catalog::Kind::Loss => picks.extend(kind.cards_by_use().into_iter().map(Pick::new)),
        catalog::Kind::Activation => {
            let fused = catalog::loss(&experiment.train.loss).fuses();
            let usual = fused.into_iter().chain(["identity"]);
            picks.extend(usual.filter_map(|key| kind.pick(key).ok()));
        }
        // A rule for the whole network takes all layers.
        catalog::Kind::Optimizer => {
            picks.extend(experiment.layers.iter().filter_map(|layer| layer.optimizer.clone()));
        }
        _ => {}
    }
    let mut distinct: Vec<Pick> = Vec::new();
    for pick in picks {
        if !distinct.contains(&pick) {
            distinct.push(pick);
        }
    }
    distinct
}

/// The words of a text.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

fn numbers(text: &str) -> Vec<u64> {
    words(text).filter_map(|word| word.parse().ok()).collect()
}

/// The entries of this kind that a text names.
fn named(kind: catalog::Kind, text: &str) -> Vec<Pick> {
    words(text).filter_map(|word| kind.pick(word).ok()).collect()
}

#[cfg(test)]
mod tests;
