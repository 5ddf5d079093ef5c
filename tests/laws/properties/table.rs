//! CSV files: whatever the bytes, the reader answers with a sound table or a clean message.

use gradlab::data::csv::{self, Options, Schema};
use gradlab::data::{Dataset, Target, TargetScale};
use gradlab::experiment::csv_options;
use gradlab::rng::{Purpose, stream};

use super::text::assert_clean;

/// The longest file that is tried, in bytes.
pub const LONGEST: usize = 1 << 14;

/// The properties of a file: the first line is the column to be predicted and, after bars, settings
/// such as `data.decimal=comma`; the rest is the file. Returns whether it is read.
pub fn file(bytes: &[u8]) -> bool {
    if bytes.len() > LONGEST {
        return false;
    }
    let end = bytes.iter().position(|&byte| byte == b'\n').unwrap_or(bytes.len());
    let first = String::from_utf8_lossy(&bytes[..end]);
    let mut words = first.split('|');
    let target = words.next().unwrap_or_default();
    let options = match csv_options(&words.collect::<Vec<_>>()) {
        Ok(options) => Options { target: target.to_owned(), ..options },
        Err(error) => {
            assert_clean(&error.to_string(), "an error");
            return false;
        }
    };
    let table = bytes.get(end + 1..).unwrap_or_default();
    // What can be shown of a file is shown, however unfit for training.
    let _ = csv::overview(table, &options);
    match csv::parse("x", table, &options) {
        Err(problem) => {
            assert!(!problem.to_string().trim().is_empty(), "an error without a message");
            false
        }
        Ok((dataset, schema)) => {
            is_sound(&dataset, table.len());
            assert_eq!(schema.feature_names(), dataset.features);
            let kept = serde_json::to_string(&schema).unwrap();
            assert_eq!(serde_json::from_str::<Schema>(&kept).unwrap(), schema, "{kept}");
            // What was learned from a file reads that file.
            assert!(schema.read(table).unwrap().x.nrows() >= dataset.len());
            // A byte-order mark is no part of the table.
            if !table.starts_with(b"\xEF\xBB\xBF") {
                let marked = [b"\xEF\xBB\xBF", table].concat();
                let again = csv::parse("x", &marked, &options).unwrap();
                // NaN is not equal to itself.
                assert_eq!(format!("{again:?}"), format!("{:?}", (dataset, schema)));
            }
            true
        }
    }
}

/// Every row has a target, every number is finite, every column a name, and the table is no larger
/// than its file can account for.
fn is_sound(dataset: &Dataset, bytes: usize) {
    let (rows, columns) = dataset.x.dim();
    assert!(rows >= 2 && columns >= 1, "{rows} × {columns}");
    assert!(rows <= bytes && rows * columns <= 64 * bytes, "{rows} × {columns} of {bytes} bytes");
    // A number that is missing is NaN until the mean of the training rows takes its place.
    assert!(!dataset.x.iter().any(|x| x.is_infinite()), "a feature is infinite");
    let split = dataset.split(0.3, &mut stream(1, Purpose::Data), TargetScale::Standardised);
    for part in [&split.train, &split.test] {
        assert!(part.x.iter().all(|x| x.is_finite()), "a feature is not finite");
    }
    assert_eq!((dataset.features.len(), dataset.scaling.len()), (columns, columns));
    match &dataset.target {
        Target::Classes { labels, names } => {
            assert_eq!(labels.len(), rows);
            assert!(names.len() >= 2 && labels.iter().all(|&label| label < names.len()));
        }
        Target::Values { values, .. } => {
            assert_eq!(values.nrows(), rows);
            assert!(values.iter().all(|x| x.is_finite()), "a target is not finite");
        }
    }
    for note in &dataset.notes {
        assert!(!note.is_empty());
    }
}
