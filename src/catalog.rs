//! All that can be picked, by name. The tables stand beside the things themselves; this is the one
//! place that looks names up, so pickers, help, `list`, `explain`, documentation and tests agree.

use std::ops::Deref;

use crate::data;
use crate::nn::{activation, init, loss, norm, transform};
use crate::optim::{self, schedule};
use crate::spec::{Base, Card, Pick, PickError, nearest};
use crate::surface;

pub mod concept;
mod rates;

pub use rates::{rates, schedule_curve};

/// Descriptions that stand together in a list.
#[derive(Clone, Debug)]
pub struct Group {
    /// The heading above them; empty where a kind has no families.
    pub title: &'static str,
    /// The descriptions.
    pub cards: Vec<&'static Card>,
}

/// A kind of thing that can be picked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// What a neuron outputs.
    Activation,
    /// How weights move.
    Optimizer,
    /// How the learning rate changes.
    Schedule,
    /// What training lowers.
    Loss,
    /// What weights start from.
    Initializer,
    /// What stands between a layer's weights and its activation.
    Norm,
    /// What there is to learn.
    Dataset,
    /// What an optimizer can be watched on.
    Surface,
    /// What a layer computes before norm and activation.
    Layer,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::Activation,
        Self::Optimizer,
        Self::Schedule,
        Self::Loss,
        Self::Initializer,
        Self::Norm,
        Self::Dataset,
        Self::Surface,
        Self::Layer,
    ];

    /// The word for one of them.
    #[must_use]
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Activation => "activation",
            Self::Optimizer => "optimizer",
            Self::Schedule => "schedule",
            Self::Loss => "loss",
            Self::Initializer => "initializer",
            Self::Norm => "norm",
            Self::Dataset => "dataset",
            Self::Surface => "surface",
            Self::Layer => "layer",
        }
    }

    /// The word for several of them.
    #[must_use]
    pub const fn plural(self) -> &'static str {
        match self {
            Self::Activation => "activations",
            Self::Optimizer => "optimizers",
            Self::Schedule => "schedules",
            Self::Loss => "losses",
            Self::Initializer => "initializers",
            Self::Norm => "norms",
            Self::Dataset => "datasets",
            Self::Surface => "surfaces",
            Self::Layer => "layers",
        }
    }

    /// What every row of this kind's table begins with, in the order in which they are shown.
    fn bases(self) -> Vec<&'static Base> {
        fn of<E: Deref<Target = Base>>(table: &'static [E]) -> Vec<&'static Base> {
            table.iter().map(|entry| &**entry).collect()
        }
        match self {
            Self::Activation => of(activation::TABLE),
            Self::Optimizer => of(optim::TABLE),
            Self::Schedule => of(schedule::TABLE),
            Self::Loss => of(loss::TABLE),
            Self::Initializer => of(init::TABLE),
            Self::Norm => of(norm::TABLE),
            Self::Dataset => of(data::TABLE),
            Self::Surface => of(surface::TABLE),
            Self::Layer => of(transform::TABLE),
        }
    }

    /// The descriptions of all of this kind, in the order in which they are shown.
    #[must_use]
    pub fn cards(self) -> Vec<&'static Card> {
        self.bases().into_iter().map(|base| base.card).collect()
    }

    /// The names that are picked most, which lists to choose from begin with.
    const fn common(self) -> &'static [&'static str] {
        match self {
            Self::Activation => &[
                "relu",
                "tanh",
                "sigmoid",
                "leaky_relu",
                "gelu",
                "silu",
                "elu",
                "softplus",
                "selu",
                "mish",
                "identity",
                "softmax",
            ],
            Self::Optimizer => &[
                "sgd", "adam", "adamw", "rmsprop", "adagrad", "adadelta", "adamax", "nadam",
                "radam", "lion", "muon",
            ],
            Self::Loss => &["cross_entropy", "bce", "mse", "l1", "huber"],
            Self::Initializer => {
                &["xavier_uniform", "xavier_normal", "kaiming_uniform", "kaiming_normal"]
            }
            Self::Schedule | Self::Norm | Self::Dataset | Self::Surface | Self::Layer => &[],
        }
    }

    /// The descriptions of all of this kind in the order in which one goes through them: those that
    /// are picked most, then the others, family by family.
    #[must_use]
    pub fn cards_by_use(self) -> Vec<&'static Card> {
        self.groups().into_iter().flat_map(|group| group.cards).collect()
    }

    /// The same in groups: those that are picked most, then each family. One group without a title of a kind
    /// that has no families.
    #[must_use]
    pub fn groups(self) -> Vec<Group> {
        let (bases, common) = (self.bases(), self.common());
        let found = common.iter().filter_map(|key| bases.iter().find(|it| it.card.key == *key));
        let most: Vec<_> = found.map(|base| base.card).collect();
        let title = if bases.iter().any(|base| !base.family.is_empty()) { "Common" } else { "" };
        let mut groups = vec![Group { title, cards: most }];
        // Families stand in the order of the table, whether their first one is common or not.
        for base in bases {
            let place = groups.iter().position(|group| group.title == base.family);
            let place = place.unwrap_or_else(|| {
                groups.push(Group { title: base.family, cards: Vec::new() });
                groups.len() - 1
            });
            if !common.contains(&base.card.key) {
                groups[place].cards.push(base.card);
            }
        }
        groups.retain(|group| !group.cards.is_empty());
        groups
    }

    /// The descriptions that the arrow keys go through from the one called `present`: those that are picked
    /// most, and that one; all of a kind of which none is picked more than others.
    #[must_use]
    pub fn cards_to_cycle(self, present: &str) -> Vec<&'static Card> {
        let common = self.common();
        let mut cards = self.cards_by_use();
        if !common.is_empty() {
            cards.retain(|card| common.contains(&card.key) || card.key == present);
        }
        cards
    }

    /// The entry called `name`, with its defaults.
    ///
    /// # Errors
    /// [`PickError::UnknownName`] with the nearest name.
    pub fn pick(self, name: &str) -> Result<Pick, PickError> {
        let cards = self.cards();
        cards.iter().find(|card| card.key == name).map(|card| Pick::new(card)).ok_or_else(|| {
            PickError::UnknownName {
                kind: self.noun(),
                given: name.to_owned(),
                nearest: nearest(name, cards.iter().map(|card| card.key)).map(str::to_owned),
            }
        })
    }

    /// Reads `name` or `name:key=value,key=value`.
    ///
    /// # Errors
    /// Any [`PickError`].
    pub fn parse(self, text: &str) -> Result<Pick, PickError> {
        let (name, params) = text.split_once(':').unwrap_or((text, ""));
        let mut pick = self.pick(name)?;
        let mut seen = Vec::new();
        for pair in params.split(',').filter(|pair| !pair.is_empty()) {
            let (key, value) =
                pair.split_once('=').ok_or_else(|| PickError::Syntax { given: pair.to_owned() })?;
            pick.set_text(key, value)?;
            if seen.contains(&key) {
                let reason = format!("`{key}` is given twice");
                return Err(PickError::Conflict { entry: pick.key(), reason });
            }
            seen.push(key);
        }
        check(&pick)?;
        Ok(pick)
    }
}

/// The beginning of the row that `pick` is of.
fn base(pick: &Pick) -> &'static Base {
    let mut all = Kind::ALL.into_iter().flat_map(Kind::bases);
    match all.find(|base| std::ptr::eq(base.card, pick.card())) {
        Some(base) => base,
        None => unreachable!("`{}` is in no table", pick.key()),
    }
}

/// Checks rules between the parameters of `pick`, beyond each one's own range.
///
/// # Errors
/// [`PickError::Conflict`].
pub fn check(pick: &Pick) -> Result<(), PickError> {
    (base(pick).check)(pick).map_err(|reason| PickError::Conflict { entry: pick.key(), reason })
}

/// The family of the entry called `key` of a kind; empty where that has none.
#[must_use]
pub fn family(kind: Kind, key: &str) -> &'static str {
    kind.bases().into_iter().find(|base| base.card.key == key).map_or("", |base| base.family)
}

/// How PyTorch spells `pick`, if it has it ([`crate::spec::Describe::TORCH`]).
#[must_use]
pub fn torch(pick: &Pick) -> Option<&'static str> {
    base(pick).torch
}

macro_rules! lookup {
    ($(#[$doc:meta])* $name:ident, $room:path, $Entry:ty) => {
        $(#[$doc])*
        ///
        /// # Panics
        /// If `pick` is of another kind.
        #[must_use]
        pub fn $name(pick: &Pick) -> &'static $Entry {
            use $room as room;
            match room::TABLE.iter().find(|entry| entry.card.key == pick.key()) {
                Some(entry) => entry,
                None => unreachable!("`{}` is of another kind", pick.key()),
            }
        }
    };
}

lookup!(
    /// The table row of an activation.
    activation, crate::nn::activation, activation::Entry
);
lookup!(
    /// The table row of a loss.
    loss, crate::nn::loss, loss::Entry
);
lookup!(
    /// The table row of an initializer.
    initializer, crate::nn::init, init::Entry
);
lookup!(
    /// The table row of a normalisation.
    norm, crate::nn::norm, norm::Entry
);
lookup!(
    /// The table row of a kind of layer.
    layer, crate::nn::transform, transform::Entry
);
lookup!(
    /// The table row of an optimizer.
    optimizer, crate::optim, optim::Entry
);
lookup!(
    /// The table row of a schedule.
    schedule, crate::optim::schedule, schedule::Entry
);
lookup!(
    /// The table row of a data set.
    dataset, crate::data, data::Entry
);
lookup!(
    /// The table row of a test surface.
    surface, crate::surface, surface::Entry
);

/// The initializer that suits an activation when none is asked for.
#[must_use]
pub fn suitable_initializer(activation_pick: &Pick) -> Pick {
    match Kind::Initializer.parse(activation(activation_pick).traits.init) {
        Ok(pick) => pick,
        Err(error) => unreachable!("{error}"),
    }
}

/// An activation drawn over a range.
#[derive(Clone, Debug, PartialEq)]
pub struct ActivationCurve {
    /// Where it was taken.
    pub x: Vec<f64>,
    /// f(x).
    pub y: Vec<f64>,
    /// f′(x).
    pub slope: Vec<f64>,
}

/// f and f′ of an activation at `points` places from `low` to `high`. One that sees the whole layer
/// is drawn for one unit among others: at 0 where they compete, moving along where one gates the
/// other.
#[must_use]
pub fn activation_curve(pick: &Pick, (low, high): (f64, f64), points: usize) -> ActivationCurve {
    let last = points.max(2) - 1;
    let x: Vec<f64> = (0..=last).map(|i| low + (high - low) * i as f64 / last as f64).collect();
    let entry = activation(pick);
    let built = entry.build::<f64>(pick);
    let others = if entry.rowwise { 2 } else { 0 };
    let (y, slope) = activation::curve(built.as_ref(), &x, others);
    ActivationCurve { x, y, slope }
}

/// f′ at each of `xs`, in evaluation at its initial parameters; none for an activation whose output
/// depends on more than one number.
#[must_use]
pub fn activation_slopes(pick: &Pick, xs: &[f64]) -> Option<Vec<f64>> {
    let entry = activation(pick);
    let built = (!entry.rowwise).then(|| entry.build::<f64>(pick))?;
    Some(activation::curve(built.as_ref(), xs, 0).1)
}
