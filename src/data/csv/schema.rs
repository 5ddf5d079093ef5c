//! The way from the cells of a file to the features of a network, and its use on other files.
//!
//! A [`Schema`] is learned from the file that is trained on ([`super::schema`] gives it) and can be
//! kept as JSON, by serde. [`Schema::read`] takes the bytes of another file of the same kind to
//! feature rows as they are *before* standardisation:
//!
//! ```
//! use gradlab::data::csv::{self, Options};
//!
//! let old = b"size,colour,price\n1,red,2.5\n2,blue,3.5\n3,red,4.5\n4,blue,5.25\n";
//! let (dataset, schema) = csv::parse("old", old, &Options::new("price"))?;
//! // The target may be there or not, and the columns in any order.
//! let rows = schema.read(b"colour,size\nblue,7\nred,\n")?;
//! assert_eq!(schema.feature_names(), dataset.features);
//! assert_eq!(rows.x, ndarray::array![[7.0, 1.0, 0.0]]);
//! assert_eq!(rows.lines, [2]);
//! assert_eq!(rows.left_out[0].line, 3);
//! # Ok::<(), csv::Problem>(())
//! ```
//!
//! To predict: standardise each column of `x` by the [`Scaling`](crate::data::Scaling) that the
//! network was trained with, and put 0 in the place of NaN, which marks a missing number
//! (`data.missing=mean` or `category`): 0 is the mean of the training rows.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::Problem;
use super::dialect::Dialect;
use super::number::NumberFormat;
use super::offender::Offender;
use super::options::{Missing, Options, TaskChoice};
use super::survey::{Column, Content, MAX_CLASSES, Survey};

/// The way from the cells of a file to features and target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Schema {
    /// The settings by which the file was read; its delimiter, header and decimal mark are those
    /// that were found.
    pub options: Options,
    /// True if the first line names the columns.
    pub header: bool,
    /// The columns that are inputs, in the order of the file.
    pub inputs: Vec<Input>,
    /// The column that is predicted.
    pub target: TargetColumn,
    /// Columns of the file, by which those of a file without a header are counted.
    pub width: usize,
}

/// A column that is an input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// Its name in the header, or `c1`, `c2` and so on.
    pub column: String,
    /// Its place in the file that was learned from, from 0.
    pub index: usize,
    /// Its features.
    pub kind: InputKind,
    /// True if a feature of its own, the last of the column, is 1 where the cell is missing.
    pub marks_missing: bool,
}

/// The features that are made of a column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum InputKind {
    /// One, which is the number.
    Number(NumberFormat),
    /// One for each of these words, 1 where the cell is that word and 0 elsewhere.
    Words(Vec<String>),
}

impl Input {
    /// Features made of it.
    #[must_use]
    pub const fn len(&self) -> usize {
        let own = match &self.kind {
            InputKind::Number(_) => 1,
            InputKind::Words(words) => words.len(),
        };
        own + self.marks_missing as usize
    }

    /// True if there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The column that is predicted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TargetColumn {
    /// Its name.
    pub column: String,
    /// Its place in the file that was learned from, from 0.
    pub index: usize,
    /// Its values.
    pub kind: TargetKind,
}

/// The values of a target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TargetKind {
    /// Real values.
    Values(NumberFormat),
    /// Classes that are words.
    Words(Vec<String>),
    /// Classes that are numbers, in order.
    Numbers(NumberFormat, Vec<f64>),
}

impl TargetKind {
    /// The names of the classes; none of values.
    #[must_use]
    pub fn classes(&self) -> Option<Vec<String>> {
        match self {
            Self::Values(_) => None,
            Self::Words(words) => Some(words.clone()),
            Self::Numbers(_, numbers) => Some(numbers.iter().map(f64::to_string).collect()),
        }
    }
}

impl Schema {
    /// That of columns of plain numbers, each a feature.
    pub(in crate::data) fn of_numbers(features: &[String], target: &str) -> Self {
        let input = |(index, column): (usize, &String)| Input {
            column: column.clone(),
            index,
            kind: InputKind::Number(NumberFormat::PLAIN),
            marks_missing: false,
        };
        let kind = TargetKind::Values(NumberFormat::PLAIN);
        Self {
            options: Options::new(target),
            header: true,
            inputs: features.iter().enumerate().map(input).collect(),
            target: TargetColumn { column: target.to_owned(), index: features.len(), kind },
            width: features.len() + 1,
        }
    }

    /// The name of each feature: a column's, or `column=word`.
    #[must_use]
    pub fn feature_names(&self) -> Vec<String> {
        let mut names = Vec::new();
        for Input { column, kind, marks_missing, .. } in &self.inputs {
            match kind {
                InputKind::Number(_) => names.push(column.clone()),
                InputKind::Words(words) => {
                    names.extend(words.iter().map(|word| format!("{column}={word}")));
                }
            }
            if *marks_missing {
                names.push(format!("{column}=?"));
            }
        }
        names
    }

    /// True of each feature that is a number of the file, to be standardised, and not 0 or 1.
    #[must_use]
    pub fn is_number(&self) -> Vec<bool> {
        let mut list = Vec::new();
        for input in &self.inputs {
            let number = matches!(input.kind, InputKind::Number(_));
            list.extend((0..input.len()).map(|feature| number && feature == 0));
        }
        list
    }

    /// Learns from a survey of the columns in use.
    ///
    /// # Errors
    /// Columns that cannot be features, or a target that cannot be learned.
    pub(super) fn learn(survey: &Survey, options: &Options) -> Result<Self, Problem> {
        let is_target = |column: &&Column| column.name == options.target;
        let (target, features): (Vec<_>, Vec<_>) = survey.columns.iter().partition(is_target);
        let offenders = survey.offenders(&features, options);
        if !offenders.is_empty() {
            return Err(no_features(offenders, &features, options));
        }
        let Some(target) = target.first() else {
            return Err(Problem::ConstantTarget { column: options.target.clone() });
        };
        let kind = target_kind(target, options)?;
        let input = |column: &&Column| {
            let kind = match &column.content {
                Content::Numbers(format) => InputKind::Number(*format),
                Content::Words(words) => InputKind::Words(words.iter().cloned().collect()),
                Content::Empty | Content::Unclear(_) => return None,
            };
            let marks_missing = options.missing == Missing::Category && column.facts.missing > 0;
            let (column, index) = (column.name.clone(), column.index);
            Some(Input { column, index, kind, marks_missing })
        };
        Ok(Self {
            options: Options { delimiter: survey.dialect.delimiter, ..options.clone() },
            header: survey.dialect.header,
            inputs: features.iter().filter_map(input).collect(),
            target: TargetColumn { column: target.name.clone(), index: target.index, kind },
            width: survey.dialect.width(),
        })
    }

    /// The place in a file of this layout of each input, and of the target if it is there.
    ///
    /// # Errors
    /// If an input is not there.
    pub(super) fn places(&self, dialect: &Dialect) -> Result<(Vec<usize>, Option<usize>), Problem> {
        if !self.header {
            // Without the target, all columns after it stand one place before.
            let gone = dialect.width() + 1 == self.width;
            if dialect.width() != self.width && !gone {
                let (expected, found) = (self.width, dialect.width());
                return Err(Problem::OtherWidth { expected, found });
            }
            let shift = |index: usize| index - usize::from(gone && index > self.target.index);
            let inputs = self.inputs.iter().map(|input| shift(input.index)).collect();
            return Ok((inputs, (!gone).then_some(self.target.index)));
        }
        let names: HashMap<&str, usize> =
            dialect.names.iter().enumerate().map(|(index, name)| (name.as_str(), index)).collect();
        let find = |input: &Input| names.get(input.column.as_str()).copied();
        let gone = self.inputs.iter().filter(|input| find(input).is_none());
        let gone: Vec<_> = gone.map(|input| input.column.as_str()).take(10).collect();
        if !gone.is_empty() {
            let (column, columns) = (gone.join("` or `"), dialect.names.clone());
            return Err(Problem::ColumnGone { column, columns });
        }
        let inputs = self.inputs.iter().filter_map(find).collect();
        Ok((inputs, names.get(self.target.column.as_str()).copied()))
    }
}

/// The error that lists columns and the line that leaves them out.
fn no_features(offenders: Vec<Offender>, features: &[&Column], options: &Options) -> Problem {
    let mut exclude = options.exclude.clone();
    exclude.extend(offenders.iter().map(|offender| offender.column.clone()));
    let unusable: HashSet<&str> = offenders.iter().map(|it| it.column.as_str()).collect();
    let names = features.iter().map(|column| &column.name);
    let keep = names.filter(|name| !unusable.contains(name.as_str())).cloned().collect();
    Problem::NoFeatures { offenders, exclude, keep }
}

/// The values of the target, by its content and the task that is asked for.
fn target_kind(column: &Column, options: &Options) -> Result<TargetKind, Problem> {
    let name = || column.name.clone();
    let facts = &column.facts;
    match (&column.content, options.task) {
        (Content::Unclear(reason), _) => {
            Err(Problem::UnclearTarget { column: name(), reason: reason.clone() })
        }
        (Content::Empty, _) => Err(Problem::ConstantTarget { column: name() }),
        (Content::Words(_), TaskChoice::Regression) => Err(Problem::NoQuantity { column: name() }),
        (Content::Words(words), _) if words.len() > MAX_CLASSES => {
            Err(Problem::TooManyClasses { column: name(), most: MAX_CLASSES })
        }
        (Content::Words(words), _) if words.len() < 2 => {
            Err(Problem::ConstantTarget { column: name() })
        }
        (Content::Words(words), _) => Ok(TargetKind::Words(words.iter().cloned().collect())),
        (Content::Numbers(_), _) if facts.min == facts.max => {
            Err(Problem::ConstantTarget { column: name() })
        }
        (Content::Numbers(format), TaskChoice::Auto)
            if facts.whole && facts.few.len() < super::facts::FEW =>
        {
            Ok(TargetKind::Numbers(*format, facts.few.clone()))
        }
        (Content::Numbers(format), TaskChoice::Auto | TaskChoice::Regression) => {
            Ok(TargetKind::Values(*format))
        }
        (Content::Numbers(format), TaskChoice::Classification) => {
            if facts.few.len() > MAX_CLASSES {
                return Err(Problem::TooManyClasses { column: name(), most: MAX_CLASSES });
            }
            Ok(TargetKind::Numbers(*format, facts.few.clone()))
        }
    }
}

/// A row that was left out, since a cell is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The line on which it begins, from 1.
    pub line: usize,
    /// The column in which its first missing cell is.
    pub column: String,
}
