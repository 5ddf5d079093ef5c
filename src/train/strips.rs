//! What went on inside of each layer over a whole run, in bounded memory.

use std::collections::BTreeMap;

use super::distribution::Distribution;
use super::probe::{DeadOrSaturated, LayerState, Quantity};
use super::timeline::{BranchId, Stretch};

/// Bytes that the strips of whole branches may take.
pub const BOUND: usize = 5_200_000;
/// Bytes that those of a part that is shown large may take beside them.
pub const DETAIL: usize = 2_400_000;
/// A branch that has been left keeps at least so many columns as long as others have more.
const FEWEST: usize = 16;

/// A number that was measured now and then.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extent {
    /// The smallest.
    pub min: f64,
    /// Their mean.
    pub mean: f64,
    /// The largest.
    pub max: f64,
    count: u32,
}

impl Extent {
    /// A single measurement; none if it is not finite.
    fn of(value: f64) -> Option<Self> {
        let one = Self { min: value, mean: value, max: value, count: 1 };
        value.is_finite().then_some(one)
    }

    /// Those of `a` and of `b`.
    fn both(a: Option<Self>, b: Option<Self>) -> Option<Self> {
        let (Some(a), Some(b)) = (a, b) else { return a.or(b) };
        let count = a.count.saturating_add(b.count);
        Some(Self {
            min: a.min.min(b.min),
            mean: a.mean + (b.mean - a.mean) * (f64::from(b.count) / f64::from(count)),
            max: a.max.max(b.max),
            count,
        })
    }
}

/// A layer over some steps.
#[derive(Clone, Debug)]
pub struct LayerColumn {
    spread: [Distribution; Quantity::ALL.len()],
    /// The decimal logarithm of the size of an update in that of the weights.
    pub ratio: Option<Extent>,
    /// The decimal logarithm of the norm of the gradient.
    pub gradient: Option<Extent>,
    /// The share of dead units or saturated outputs; none where a layer has no such thing.
    pub flat: Option<Extent>,
}

impl LayerColumn {
    fn of(state: &LayerState) -> Self {
        let motion = state.motion;
        let ratio = motion.and_then(|it| it.update_ratio).map(libm::log10);
        let gradient = motion.map(|it| libm::log10(it.gradient_norm));
        let flat = match state.wear {
            DeadOrSaturated::None => None,
            DeadOrSaturated::Dead(share) | DeadOrSaturated::Saturated(share) => Some(share),
        };
        Self {
            spread: Quantity::ALL.map(|quantity| state.spread(quantity).clone()),
            ratio: ratio.and_then(Extent::of),
            gradient: gradient.and_then(Extent::of),
            flat: flat.and_then(Extent::of),
        }
    }

    /// How a quantity was spread.
    #[must_use]
    pub const fn spread(&self, quantity: Quantity) -> &Distribution {
        &self.spread[quantity as usize]
    }

    fn add(&mut self, later: &Self) {
        self.spread.iter_mut().zip(&later.spread).for_each(|(here, later)| here.add(later));
        self.ratio = Extent::both(self.ratio, later.ratio);
        self.gradient = Extent::both(self.gradient, later.gradient);
        self.flat = Extent::both(self.flat, later.flat);
    }
}

/// All layers over some steps.
#[derive(Clone, Debug)]
pub struct Column {
    /// The first step that was looked at.
    pub first: u64,
    /// The last one.
    pub last: u64,
    /// The layers.
    pub layers: Box<[LayerColumn]>,
}

impl Column {
    fn add(&mut self, later: &Self) {
        self.last = later.last;
        self.layers.iter_mut().zip(&later.layers).for_each(|(here, later)| here.add(later));
    }

    fn bytes(&self) -> usize {
        // A vector may have room for twice as many columns as it holds.
        2 * size_of::<Self>() + self.layers.len() * size_of::<LayerColumn>()
    }
}

/// The columns of one segment of the timeline, ascending.
#[derive(Clone, Debug)]
struct Strip {
    columns: Vec<Column>,
    /// Steps that a column spans at the most.
    width: u64,
}

impl Default for Strip {
    fn default() -> Self {
        Self { columns: Vec::new(), width: 1 }
    }
}

impl Strip {
    /// Adds a column of one step. One before the last is added only where there is none.
    fn add(&mut self, column: Column) {
        let step = column.first;
        let at = self.columns.partition_point(|it| it.last < step);
        if self.columns.get(at).is_some_and(|it| it.first / self.width <= step / self.width) {
            return;
        }
        let (latest, width) = (at == self.columns.len(), self.width);
        let before = at.checked_sub(1).and_then(|before| self.columns.get_mut(before));
        match before.filter(|it| it.last / width == step / width) {
            Some(before) if latest => before.add(&column),
            Some(_) => {}
            None => self.columns.insert(at, column),
        }
    }

    fn halve(&mut self) {
        let before = self.columns.len();
        while self.columns.len() == before && before > 1 {
            self.width = self.width.saturating_mul(2);
            let width = self.width;
            self.columns.dedup_by(|later, kept| {
                let same = later.last / width == kept.first / width;
                if same {
                    kept.add(later);
                }
                same
            });
        }
    }

    fn bytes(&self) -> usize {
        self.columns.iter().map(Column::bytes).sum()
    }
}

/// Columns by the segment of the timeline that they are of, so that every branch has its own past.
///
/// When they take more than they may, neighbours merge and every column of that segment from then on
/// spans twice as many steps; no value is lost.
#[derive(Clone, Debug)]
pub struct Strips {
    strips: BTreeMap<BranchId, Strip>,
    /// Bytes that they may take.
    bound: usize,
}

impl Default for Strips {
    fn default() -> Self {
        Self::new(BOUND)
    }
}

impl Strips {
    /// None, which may take so many bytes.
    #[must_use]
    pub const fn new(bound: usize) -> Self {
        Self { strips: BTreeMap::new(), bound }
    }

    /// Adds what was seen of a run at one step.
    pub fn add(&mut self, branch: BranchId, step: u64, layers: &[LayerState]) {
        let layers = layers.iter().map(LayerColumn::of).collect();
        let column = Column { first: step, last: step, layers };
        let strip = self.strips.entry(branch).or_default();
        let other_shape =
            strip.columns.first().is_some_and(|it| it.layers.len() != column.layers.len());
        if other_shape {
            return;
        }
        strip.add(column);
        while self.bytes() > self.bound && self.give_way(branch) {}
    }

    /// Bytes that all of them take.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.strips.values().map(Strip::bytes).sum()
    }

    /// Makes them take less, `present` least. Returns whether that is possible.
    fn give_way(&mut self, present: BranchId) -> bool {
        let several = self.strips.len() > 1;
        let Some(longest) = self.strips.values_mut().max_by_key(|strip| strip.columns.len()) else {
            return false;
        };
        let columns = longest.columns.len();
        if columns >= 2 * FEWEST || !several && columns > 2 {
            longest.halve();
        } else if several {
            // What was left first is forgotten first, and can be worked out again.
            let oldest = self.strips.keys().copied().find(|branch| *branch != present);
            oldest.map(|oldest| self.strips.remove(&oldest));
        }
        several || columns > 2
    }

    /// The columns on a way through the timeline, from step 0 on.
    pub fn columns<'a>(&'a self, way: &'a [Stretch]) -> impl Iterator<Item = &'a Column> {
        way.iter().flat_map(|stretch| {
            let strip = self.strips.get(&stretch.branch);
            let columns = strip.map_or(&[][..], |strip| &strip.columns);
            columns.iter().take_while(|column| column.last <= stretch.end)
        })
    }

    /// Forgets what is not of the steps from `low` to `high`; what is added later is as fine as it comes.
    pub fn keep(&mut self, low: u64, high: u64) {
        for strip in self.strips.values_mut() {
            strip.columns.retain(|column| column.last >= low && column.first <= high);
        }
        self.strips.retain(|_, strip| !strip.columns.is_empty());
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.strips.clear();
    }
}

#[cfg(test)]
mod tests;
