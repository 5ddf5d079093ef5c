//! How far a run goes: `step 1000`, or `train_loss <= 0.001 or step 5000`.

/// The score that a run is stopped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Score {
    /// The loss over the training rows.
    TrainLoss,
    /// The loss over the held-out rows.
    TestLoss,
    /// The share of training rows that are answered right.
    TrainAccuracy,
    /// The share of held-out rows that are answered right.
    TestAccuracy,
}

/// All scores.
const SCORES: [Score; 4] =
    [Score::TrainLoss, Score::TestLoss, Score::TrainAccuracy, Score::TestAccuracy];

impl Score {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::TrainLoss => "train_loss",
            Self::TestLoss => "test_loss",
            Self::TrainAccuracy => "train_accuracy",
            Self::TestAccuracy => "test_accuracy",
        }
    }
}

/// A score that is good enough.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bound {
    /// Which.
    pub score: Score,
    /// How far it has to come.
    pub value: f64,
    /// Whether it has to come down to the value, as losses do.
    pub down: bool,
}

impl Bound {
    /// Whether `value` is good enough.
    #[must_use]
    pub fn is_met(&self, value: f64) -> bool {
        if self.down { value <= self.value } else { value >= self.value }
    }
}

/// How far a run goes: to a step, or to an evaluation before that whose score is good enough. It ends
/// anyway where it diverges.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Until {
    /// The last step.
    pub step: u64,
    /// What ends it before.
    pub bound: Option<Bound>,
}

impl Until {
    /// Reads it.
    ///
    /// # Errors
    /// The mistake, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (mut step, mut bound) = (None, None);
        for part in text.split(" or ") {
            match part.split_whitespace().collect::<Vec<_>>().as_slice() {
                ["step", number] => {
                    let number = number.parse().map_err(|_| format!("`{number}` is no step"))?;
                    step = Some(number);
                }
                [name, sign @ ("<=" | ">="), value] => {
                    let score = SCORES.iter().find(|known| known.name() == *name);
                    let score = score.ok_or_else(|| format!("`{name}` is no score"))?;
                    let value = value.parse().map_err(|_| format!("`{value}` is no number"))?;
                    bound = Some(Bound { score: *score, value, down: *sign == "<=" });
                }
                _ => return Err(format!("`{part}` is neither a step nor a bound of a score")),
            }
        }
        let step = step.ok_or("the last step is missing")?;
        Ok(Self { step, bound })
    }
}
