//! CSV files: whatever the bytes, the reader answers with a sound table or a clean message.

use gradlab::data::{Dataset, Target, csv};

/// The longest file that is tried, in bytes.
pub const LONGEST: usize = 1 << 14;

/// The properties of a file: the first line is the column to be predicted, the rest the file.
/// Returns whether it is read.
pub fn file(bytes: &[u8]) -> bool {
    if bytes.len() > LONGEST {
        return false;
    }
    let end = bytes.iter().position(|&byte| byte == b'\n').unwrap_or(bytes.len());
    let target = String::from_utf8_lossy(&bytes[..end]);
    let table = bytes.get(end + 1..).unwrap_or_default();
    let options = csv::Options::new(target);
    match csv::parse("x", table, &options) {
        Err(problem) => {
            let text = problem.to_string();
            assert!(!text.trim().is_empty(), "an error without a message");
            false
        }
        Ok((dataset, schema)) => {
            is_sound(&dataset, table.len());
            // Neither a byte-order mark nor an empty last line is part of the table.
            if !table.starts_with(b"\xEF\xBB\xBF") {
                let marked = [b"\xEF\xBB\xBF", table].concat();
                let again = csv::parse("x", &marked, &options).map(|(dataset, _)| dataset);
                assert_eq!(again.ok().as_ref(), Some(&dataset));
            }
            // What was learned from a file reads that file.
            let rows = schema.read(table).map(|rows| rows.x.nrows());
            assert!(rows.is_ok_and(|rows| rows >= dataset.len()));
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
    assert!(dataset.x.iter().all(|x| x.is_finite()), "a feature is not finite");
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
