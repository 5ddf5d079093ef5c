//! The things that can be listed and explained: all of the catalog, presets, walks, courses, lessons,
//! claims, settings, concepts and the rules of diagnosis.

use std::sync::LazyLock;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use crate::catalog::Kind;
use crate::catalog::concept::{self, Concept};
use crate::compare::claims::{CLAIMS, Claim};
use crate::experiment::course::{COURSES, Course, CoursePreset};
use crate::experiment::lesson::preset::LessonPreset;
use crate::experiment::lesson::{LESSONS, Lesson};
use crate::experiment::preset::{PRESETS, Preset, Prose};
use crate::experiment::settings::{ROWS, Row};
use crate::experiment::shelf::Shelved;
use crate::experiment::walk::preset::WalkPreset;
use crate::experiment::walk::{WALKS, Walk};
use crate::spec::Card;
use crate::train::diagnosis::{RULES, Rule};

/// A kind of thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// One of the catalog's.
    Catalog(Kind),
    /// Experiments that come with the program.
    Presets,
    /// Walks of optimizers down a surface that come with the program.
    Walks,
    /// Courses that come with the program.
    Courses,
    /// Lessons that come with the program.
    Lessons,
    /// Claims that can be put to the test.
    Claims,
    /// Settings of an experiment.
    Settings,
    /// Words of the field.
    Concepts,
    /// Rules by which a run is diagnosed.
    Diagnoses,
}

impl Topic {
    /// Every one.
    pub fn all() -> impl Iterator<Item = Self> {
        let others = [
            Self::Presets,
            Self::Walks,
            Self::Courses,
            Self::Lessons,
            Self::Claims,
            Self::Settings,
            Self::Concepts,
            Self::Diagnoses,
        ];
        Kind::ALL.into_iter().map(Self::Catalog).chain(others)
    }

    /// The word for one of them.
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Catalog(kind) => kind.noun(),
            Self::Presets => Prose::NOUN,
            Self::Walks => Walk::NOUN,
            Self::Courses => Course::NOUN,
            Self::Lessons => Lesson::NOUN,
            Self::Claims => "claim",
            Self::Settings => "setting",
            Self::Concepts => "concept",
            Self::Diagnoses => "diagnosis",
        }
    }

    /// The word for several of them.
    pub const fn plural(self) -> &'static str {
        match self {
            Self::Catalog(kind) => kind.plural(),
            Self::Presets => "presets",
            Self::Walks => "walks",
            Self::Courses => "courses",
            Self::Lessons => "lessons",
            Self::Claims => "claims",
            Self::Settings => "settings",
            Self::Concepts => "concepts",
            Self::Diagnoses => "diagnoses",
        }
    }

    /// All of this kind, in the order in which they are shown.
    pub fn items(self) -> Vec<Item> {
        match self {
            Self::Catalog(kind) => {
                kind.cards().into_iter().map(|card| Item::Card(kind, card)).collect()
            }
            Self::Presets => PRESETS.all().iter().map(Item::Preset).collect(),
            Self::Walks => WALKS.all().iter().map(Item::Walk).collect(),
            Self::Courses => COURSES.all().iter().map(Item::Course).collect(),
            Self::Lessons => LESSONS.all().iter().map(Item::Lesson).collect(),
            Self::Claims => CLAIMS.iter().map(Item::Claim).collect(),
            Self::Settings => {
                ROWS.iter().zip(&*PATHS).map(|(row, path)| Item::Setting(row, path)).collect()
            }
            Self::Concepts => concept::all().map(Item::Concept).collect(),
            Self::Diagnoses => RULES.iter().map(Item::Diagnosis).collect(),
        }
    }

    /// All of this kind in groups, each with the heading above it: of the catalog's, those that are picked most,
    /// then each family.
    pub fn groups(self) -> Vec<(&'static str, Vec<Item>)> {
        let Self::Catalog(kind) = self else { return vec![("", self.items())] };
        let items =
            |cards: Vec<&'static Card>| cards.into_iter().map(|card| Item::Card(kind, card));
        kind.groups().into_iter().map(|it| (it.title, items(it.cards).collect())).collect()
    }

    /// Reads the plural or the singular.
    pub fn parser() -> impl TypedValueParser<Value = Self> {
        PossibleValuesParser::new(Self::words())
            .try_map(|word| Self::called(&word).ok_or("no such kind"))
    }

    /// The plurals of all, with the singulars.
    pub fn words() -> impl Iterator<Item = PossibleValue> {
        Self::all().map(|topic| PossibleValue::new(topic.plural()).alias(topic.noun()))
    }

    /// The one of this plural or singular.
    pub fn called(word: &str) -> Option<Self> {
        Self::all().find(|topic| topic.plural() == word || topic.noun() == word)
    }
}

/// The paths of all settings, in the order of the table.
static PATHS: LazyLock<Vec<String>> = LazyLock::new(|| ROWS.iter().map(Row::path).collect());

/// One thing.
#[derive(Clone, Copy, Debug)]
pub enum Item {
    /// An entry of the catalog.
    Card(Kind, &'static Card),
    /// An experiment that comes with the program.
    Preset(&'static Preset),
    /// A walk that comes with the program.
    Walk(&'static WalkPreset),
    /// A course that comes with the program.
    Course(&'static CoursePreset),
    /// A lesson that comes with the program.
    Lesson(&'static LessonPreset),
    /// A claim that can be put to the test.
    Claim(&'static Claim),
    /// A setting and its path.
    Setting(&'static Row, &'static str),
    /// A word of the field.
    Concept(&'static Concept),
    /// A rule by which a run is diagnosed.
    Diagnosis(&'static Rule),
}

impl Item {
    /// The name under which it is picked.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Card(_, card) => card.key,
            Self::Preset(preset) => preset.name,
            Self::Walk(walk) => walk.name,
            Self::Course(course) => course.name,
            Self::Lesson(lesson) => lesson.name,
            Self::Claim(claim) => claim.name,
            Self::Setting(_, path) => path,
            Self::Concept(concept) => concept.key,
            Self::Diagnosis(rule) => rule.key,
        }
    }

    /// The name in prose.
    pub fn title(self) -> &'static str {
        match self {
            Self::Card(_, card) => card.title,
            Self::Preset(preset) => preset.title(),
            Self::Walk(walk) => walk.title(),
            Self::Course(course) => course.title(),
            Self::Lesson(lesson) => lesson.title(),
            Self::Claim(claim) => claim.statement,
            Self::Setting(row, _) => row.label,
            Self::Concept(concept) => concept.title,
            Self::Diagnosis(rule) => rule.title,
        }
    }

    /// Its kind.
    pub const fn topic(self) -> Topic {
        match self {
            Self::Card(kind, _) => Topic::Catalog(kind),
            Self::Preset(_) => Topic::Presets,
            Self::Walk(_) => Topic::Walks,
            Self::Course(_) => Topic::Courses,
            Self::Lesson(_) => Topic::Lessons,
            Self::Claim(_) => Topic::Claims,
            Self::Setting(..) => Topic::Settings,
            Self::Concept(_) => Topic::Concepts,
            Self::Diagnosis(_) => Topic::Diagnoses,
        }
    }

    /// True if `name` is its name or its title, or another word for it.
    pub fn is_called(self, name: &str) -> bool {
        let plain = |text: &str| text.to_lowercase().replace(['_', '-'], " ");
        let same = |own: &str| plain(own) == plain(name);
        match self {
            Self::Concept(concept) => concept.is_called(name),
            _ => same(self.name()) || same(self.title()),
        }
    }
}
