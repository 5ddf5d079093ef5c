//! The settings of `[data]`: in files, recipes and on the command line, and what becomes of missing
//! cells.

use super::{with_file, words};

const ROWS: &str = "size,colour,price\n1,red,2.5\n2,blue,3.5\n3,,4.5\n,blue,5.25\n5,red,6\n6,red,7\n\
                    7,blue,8.5\n8,red,9\n";

fn notes(more: &[&str]) -> (i32, String) {
    let args =
        [&["run", "csv=a.csv,target=price/4-tanh/1-identity", "--steps", "5"], more].concat();
    let (code, _, err) = with_file(ROWS, &args);
    (code, err)
}

#[test]
fn missing_cells_are_dropped_filled_or_marked() {
    let (code, err) = notes(&[]);
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("2 of 8 rows left out"), "{err}");
    for way in ["mean", "category"] {
        let (code, err) = notes(&["--set", &format!("data.missing={way}")]);
        assert_eq!(code, 0, "{err}");
        assert!(!err.contains("left out"), "{err}");
    }
    let (_, out, _) =
        with_file(ROWS, &["data", "a.csv", "--set", "data.missing=category", "--format", "json"]);
    assert!(out.contains("\"problem\":null"), "{out}");
}

#[test]
fn wrong_settings_say_what_would_be_right() {
    for (setting, parts) in [
        ("data.missing=means", ["`missing` cannot be `means`", "did you mean `mean`?"]),
        ("data.task=regresion", ["`task` cannot be", "regression"]),
        ("data.exclude=colur", ["no such column", "did you mean `colour`?"]),
        ("data.columns=sise", ["no such column", "did you mean `size`?"]),
        ("data.exclude=price", ["which is the target", "`price`"]),
        ("data.exclude=size:colour", ["no column is left", "`price`"]),
        ("data.delimiter=ab", ["`delimiter` cannot be `ab`", "semicolon"]),
        ("data.delimiter=semicolon", ["is the only column", "size,colour,price"]),
    ] {
        let (code, err) = notes(&["--set", setting]);
        assert_eq!(code, 2, "{setting}: {err}");
        for part in parts {
            assert!(err.contains(part), "{setting}, {part}: {err}");
        }
    }
    let (code, _, err) = with_file(ROWS, &["run", "moons/2", "--set", "data.exclude=a"]);
    assert_eq!(code, 2);
    assert!(err.contains("is for a CSV file"), "{err}");
}

#[test]
fn lists_of_columns_survive_odd_names() {
    let text =
        "a:b,\"c,d\",e%41,x y,none,t\n1,2,3,4,5,1.5\n2,1,3,5,4,2.5\n3,1,2,5,5,3.5\n9,9,9,8,8,2\n";
    let list = "a%3Ab:c%2Cd:e%2541:x y";
    let (code, out, err) = with_file(
        text,
        &["data", "a.csv", "--target", "t", "--set", &format!("data.exclude={list}")],
    );
    assert_eq!(code, 0, "{err}");
    assert_eq!(out.matches("left out").count(), 4, "{out}");
    let next = words(out.lines().last().unwrap().trim());
    assert!(next[2].contains("exclude=a%253Ab:c%252Cd:e%252541:x%20y"), "{next:?}");
    let (code, _, err) = with_file(text, &["run", &next[2], "--steps", "3"]);
    assert_eq!(code, 0, "{err}");
    let toml = "[data]\ncsv = \"a.csv\"\ntarget = \"t\"\nexclude = [\"a:b\", \"c,d\"]\nheader = true\n\
                [train]\nsteps = 3\n[[layers]]\nunits = 1\n";
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.csv"), text).unwrap();
    std::fs::write(folder.path().join("x.toml"), toml).unwrap();
    let (code, _, err) = super::gradlab_in(folder.path(), &["run", "x.toml"]);
    assert_eq!(code, 0, "{err}");
}
