//! Concepts of data.

use super::{Concept, Kind, Listed, concept};

/// The rows.
pub(super) const CONCEPTS: &[Concept] = &[
    Concept {
        list: Listed::All(Kind::Dataset),
        ..concept(
            ("data_set", "Data set"),
            &["dataset", "csv", "data set", "own data"],
            "Rows of inputs with the target that is to be predicted: a class or a value. Those of \
             the catalog are made from a seed or built in; your own is a CSV file with the name of \
             its target column.",
            &["gradlab list datasets", "gradlab csv=FILE.csv,target=COLUMN/16-relu/2-softmax"],
            &["data.csv", "train_and_test", "standardisation"],
        )
    },
    concept(
        ("train_and_test", "Training and test rows"),
        &[
            "train",
            "test",
            "train/test",
            "test set",
            "training set",
            "split",
            "held out",
            "validation",
        ],
        "The rows are split at random: weights are fitted to the training rows, and the test rows, \
         which training never sees, say how well it does on new ones. Whatever is chosen by the \
         test rows is fitted to them as well: a comparison tunes rates on validation rows of their \
         own.",
        &["gradlab run iris --set data.test_fraction=0.5"],
        &["data.test_fraction", "overfitting"],
    ),
    concept(
        ("standardisation", "Standardisation"),
        &["standardization", "scaling", "z-score", "standardise"],
        "Bringing each input to mean 0 and standard deviation 1, by the training rows: otherwise a \
         column in the thousands would drown one in fractions, and no single rate would suit both. \
         Values to predict are standardised too, unless their loss forbids it.",
        &["gradlab run penguins"],
        &["normalisation", "data_set"],
    ),
    Concept {
        list: Listed::All(Kind::Surface),
        ..concept(
            ("surface", "Test surface"),
            &["test function"],
            "A function of two variables with known minima, on which optimizers can be watched \
             without a network: valleys, saddles, and many minima.",
            &["gradlab optimize rosenbrock --optimizer adam:lr=0.05"],
            &["optimizer", "momentum"],
        )
    },
];
