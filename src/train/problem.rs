//! The data of an experiment, loaded, split and ready for batches.

use std::borrow::Cow;
use std::sync::Arc;

use crate::data::batch::Samples;
use crate::data::{Features, Scaling, Split, Target, TargetScale, csv};
use crate::experiment::Experiment;
use crate::rng::{Purpose, stream};

/// What there is to learn. It depends on the experiment's data with its features, its seed, the number
/// of outputs and the scale of targets that its loss wants ([`Experiment::target_scale`]), and on
/// nothing else, so that runs which differ elsewhere share it.
#[derive(Debug)]
pub struct Problem {
    /// Both parts, as they are shown.
    pub split: Split,
    /// What the network is given of their rows.
    pub features: Features,
    /// The training part, ready to be gathered.
    pub train: Samples,
    /// The held-out part, ready to be gathered.
    pub test: Samples,
    /// How the network's outputs are read.
    pub head: Head,
    /// The scale of its targets, if they are real values.
    scale: TargetScale,
}

/// How the outputs of a network are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Head {
    /// One output, for the second of two classes.
    Binary,
    /// One output a class: the largest wins.
    Classes(usize),
    /// Real values.
    Values(usize),
}

impl Head {
    /// The class that a sample's outputs stand for: `output(k)` is the k-th. `boundary` is where
    /// a single output changes sides.
    pub fn class(self, boundary: f32, output: impl Fn(usize) -> f32) -> usize {
        match self {
            Self::Binary => usize::from(output(0) > boundary),
            Self::Classes(k) | Self::Values(k) => {
                (1..k).fold(0, |best, k| if output(k) > output(best) { k } else { best })
            }
        }
    }
}

impl Problem {
    /// Loads and splits the data of `experiment`.
    ///
    /// # Errors
    /// If its file cannot be read.
    pub fn load(experiment: &Experiment) -> Result<Arc<Self>, csv::Error> {
        let seed = experiment.data_seed();
        let dataset = experiment.data.load(seed)?;
        let split = dataset.split(
            experiment.data.test_fraction,
            &mut stream(seed, Purpose::Split),
            experiment.target_scale(),
        );
        Ok(Arc::new(Self::of(experiment, split)))
    }

    /// As [`Problem::load`], but the rows held out are `fraction` of the training rows: for choices
    /// that must not be made by the test rows, which are in neither part.
    ///
    /// # Errors
    /// As [`Problem::load`].
    pub fn load_for_tuning(
        experiment: &Experiment,
        fraction: f64,
    ) -> Result<Arc<Self>, csv::Error> {
        let seed = experiment.data_seed();
        let dataset = experiment.data.load(seed)?;
        let split = dataset.split_twice(
            (experiment.data.test_fraction, &mut stream(seed, Purpose::Split)),
            (fraction, &mut stream(seed, Purpose::Validation)),
            experiment.target_scale(),
        );
        Ok(Arc::new(Self::of(experiment, split)))
    }

    fn of(experiment: &Experiment, split: Split) -> Self {
        let (features, outputs) = (experiment.data.features, experiment.outputs());
        Self::new(split, (features, outputs), experiment.target_scale())
    }

    /// The data of `split`, whose targets are in `scale`, for a network that is given these features
    /// and has so many outputs.
    #[must_use]
    pub fn new(split: Split, (features, outputs): (Features, usize), scale: TargetScale) -> Self {
        let head = match &split.train.target {
            Target::Classes { .. } if outputs == 1 => Head::Binary,
            Target::Classes { .. } => Head::Classes(outputs),
            Target::Values { .. } => Head::Values(outputs),
        };
        let train = Samples::new(&split.train, features, outputs);
        let test = Samples::new(&split.test, features, outputs);
        Self { split, features, train, test, head, scale }
    }

    /// How each value to predict stands to its source; none for classes.
    #[must_use]
    pub fn target_scaling(&self) -> &[Scaling] {
        match &self.split.train.target {
            Target::Values { scaling, .. } => scaling,
            Target::Classes { .. } => &[],
        }
    }

    /// The scale of the values to predict; none for classes.
    #[must_use]
    pub fn target_scale(&self) -> Option<TargetScale> {
        matches!(self.head, Head::Values(_)).then_some(self.scale)
    }

    /// Numbers in a row of the data: two of a point of the plane, whatever features are made of it.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.split.train.x.ncols()
    }

    /// Numbers that the network is given of a row.
    #[must_use]
    pub fn inputs(&self) -> usize {
        self.features.count(self.columns())
    }

    /// The name of each of them.
    #[must_use]
    pub fn input_names(&self) -> Cow<'_, [String]> {
        if self.features.are_plain() {
            Cow::Borrowed(&self.split.train.features)
        } else {
            Cow::Owned(self.features.names())
        }
    }
}
