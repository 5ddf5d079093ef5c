use std::fmt::Write;
use std::path::Path;

use super::*;

fn read(text: &str, target: &str) -> Result<Dataset, Problem> {
    parse("mine", text.as_bytes(), &Options::new(target)).map(|(dataset, _)| dataset)
}

/// Four rows of two features and a class, to be spoiled.
const GOOD: &str = "a,b,y\n1,2.5,cat\n2,3.5,dog\n3,4.5,cat\n4,5.5,dog\n";

#[test]
fn numbers_and_classes_are_read() {
    let data = read(GOOD, "y").unwrap();
    assert_eq!(data.name, "mine");
    assert_eq!(data.features, ["a", "b"]);
    assert_eq!(data.x, ndarray::array![[1.0, 2.5], [2.0, 3.5], [3.0, 4.5], [4.0, 5.5]]);
    assert_eq!(data.scaling, [Scaling::Pending; 2]);
    let names = vec!["cat".to_owned(), "dog".to_owned()];
    assert_eq!(data.target, Target::Classes { labels: vec![0, 1, 0, 1], names });
    assert_eq!(data.notes, ["numeric features standardised by the training rows"]);
}

#[test]
fn separators_quotes_line_ends_and_byte_order_mark_do_not_matter() {
    let good = read(GOOD, "y").unwrap();
    let spellings = [
        GOOD.replace(',', ";"),
        GOOD.replace(',', "\t"),
        GOOD.replace(',', " , "),
        GOOD.replace('\n', "\r\n"),
        GOOD.replace('\n', "\n\n"),
        GOOD.replace("cat", "\"cat\"").replace("a,b", "\"a\",\"b\""),
        GOOD.trim_end().to_owned(),
        format!("\u{feff}{GOOD}"),
    ];
    for spelling in spellings {
        let data = read(&spelling, "y").unwrap();
        assert_eq!(Dataset { lines: good.lines.clone(), ..data }, good, "{spelling:?}");
    }
    let quoted = read(&GOOD.replace("a,b", "\"a;x;y\",\"b,c\""), "y").unwrap();
    assert_eq!(quoted.features, ["a;x;y", "b,c"]);
}

#[test]
fn rows_with_missing_cells_are_left_out_and_counted() {
    for missing in ["", "NA", "n/a", "nan", "NULL", "?", " "] {
        let data = read(&format!("{GOOD}5,{missing},cat\n6,1,{missing}\n"), "y").unwrap();
        assert_eq!(data, Dataset { notes: data.notes.clone(), ..read(GOOD, "y").unwrap() });
        assert_eq!(data.lines, [2, 3, 4, 5]);
        assert_eq!(data.notes[0], "2 of 6 rows left out: cells are missing", "{missing:?}");
    }
}

#[test]
fn text_becomes_one_hot_in_alphabetical_order() {
    let data = read("colour,y\nred,1\nblue,2\nred,2\ngreen,1\n", "y").unwrap();
    assert_eq!(data.features, ["colour=blue", "colour=green", "colour=red"]);
    assert_eq!(
        data.x,
        ndarray::array![[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0]]
    );
    assert_eq!(data.scaling, [Scaling::AsIs; 3]);
    assert_eq!(data.notes, ["text made one-hot: colour (3 words)"]);
}

/// A file of one feature and the targets given.
fn targets(targets: impl IntoIterator<Item = String>) -> Result<Dataset, Problem> {
    let mut text = "x,y\n".to_owned();
    for (row, target) in targets.into_iter().enumerate() {
        writeln!(text, "{row},{target}").unwrap();
    }
    read(&text, "y")
}

#[test]
fn the_target_decides_between_classes_and_values() {
    let names = |data: &Dataset| match &data.target {
        Target::Classes { names, .. } => names.join(" "),
        Target::Values { scaling, .. } => format!("{scaling:?}"),
    };
    let of = |list: &[&str]| names(&targets(list.iter().map(|s| (*s).to_owned())).unwrap());
    assert_eq!(of(&["10", "9.0", "10", "-1"]), "-1 9 10");
    assert_eq!(of(&["0", "-0", "1", "1"]), "0 1");
    assert_eq!(of(&["10", "9", "b", "a", "a"]), "10 9 a b");
    assert_eq!(of(&["1.5", "2", "1.5", "2"]), "[Pending]");
    let whole = |n: usize| names(&targets((0..n).map(|i| i.to_string())).unwrap());
    assert_eq!(whole(20).split(' ').count(), 20);
    assert_eq!(whole(21), "[Pending]");
}

/// Checks that each text is refused with the message beside it.
fn refused<S: AsRef<str>>(cases: impl IntoIterator<Item = (S, &'static str)>) {
    for (text, message) in cases {
        let text = text.as_ref();
        assert_eq!(read(text, "y").unwrap_err().to_string(), message, "{text:?}");
    }
}

#[test]
fn headers_that_are_none_are_refused() {
    let empty = "the file is empty; it must begin with a line of column names";
    refused([
        ("", empty),
        (" \n\r\n", empty),
        ("1,2,3\n4,5,6\n", "line 1: holds numbers, but must be a header that names the columns"),
        ("a,,y\n1,2,3\n", "line 1: column 2 has no name; name it or take it out"),
        ("a,y,a\n1,2,3\n", "line 1: there are two columns called `a`"),
        (
            "y\n1\n2\n3\n4\n",
            "line 1: `y` is the only column; there must be a target and at least one feature, \
             separated by `,`, `;` or tabs",
        ),
        ("age,size\n1,2\n", "there is no column called `y`; the columns are age, size"),
        ("a,Y\n1,2\n", "there is no column called `y`; did you mean `Y`?; the columns are a, Y"),
    ]);
}

#[test]
fn rows_that_do_not_fit_are_refused_by_their_line() {
    let ragged = "line 6: 2 cells, but the header has 3";
    refused([
        (format!("{GOOD}5,6\n"), ragged),
        (GOOD.replace('\n', "\r\n") + "5,6", ragged),
        (format!("{GOOD}\n\n5,6,cat,7\n"), "line 8: 4 cells, but the header has 3"),
        (
            GOOD.replace("1,2.5,cat", "1,2.5,\"a\ncat\"") + "5",
            "line 7: 1 cells, but the header has 3",
        ),
    ]);
    refused([
        ("a,b,y\n", "there are no rows under the header"),
        ("a,y\n1,2\n2,3\n", "there are only 2 rows; at least 4 are needed"),
        (
            "a,b,y\n1,,2\n2,NA,3\n3,,4\n4,1,1\n",
            "only 1 of 4 rows have no missing cell; at least 4 are needed (`b` is missing in 3)",
        ),
    ]);
}

#[test]
fn cells_that_do_not_fit_are_refused_by_line_and_column() {
    let words = (0..65).fold("w,y\n".to_owned(), |text, i| format!("{text}w{i},{i}\n"));
    refused([
        (
            format!("{GOOD}five,6,cat\n"),
            "line 6, column `a`: `five` is not a number, but most cells of the column are; leave \
             it empty if it is not known",
        ),
        (
            format!("{GOOD}5,-inf,cat\n"),
            "line 6, column `b`: `-inf` is infinite or too large for training",
        ),
        (
            format!("{GOOD}5,1e309,cat\n"),
            "line 6, column `b`: `1e309` is infinite or too large for training",
        ),
        (
            words,
            "column `w` holds 65 different texts (`w0` …); at most 64 can be told apart: take the \
             column out, or write numbers with a decimal point",
        ),
    ]);
}

#[test]
fn targets_that_cannot_be_learned_are_refused() {
    let constant = "the target `y` is the same in every row; there is nothing to predict";
    refused([
        ("x,y\n1,a\n2,a\n3,a\n4,a\n", constant),
        ("x,y\n1,7\n2,7\n3,7\n4,7\n", constant),
        ("x,y\n1,.5\n2,.5\n3,.5\n4,.5\n", constant),
        (
            "x,y\n1,2\n2,3\n3,high\n4,7\n",
            "line 4, column `y`: `high` is not a number, but most cells of the column are; leave \
             it empty if it is not known",
        ),
    ]);
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let problem = parse("mine", b"a,y\n1,2\n\xff,3\n", &Options::new("y")).unwrap_err();
    assert_eq!(problem.to_string(), "line 3: not UTF-8; save the file as UTF-8 text");
    assert!(matches!(parse("mine", b"\xff\xfea\0,\0", &Options::new("y")), Err(Problem::Utf16)));
}

#[test]
fn errors_begin_with_the_file() {
    let missing = load(Path::new("no/such.csv"), &Options::new("y")).unwrap_err();
    assert!(missing.to_string().starts_with("no/such.csv: cannot be read: "), "{missing}");
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("pets.csv");
    std::fs::write(&path, GOOD).unwrap();
    assert_eq!(load(&path, &Options::new("y")).unwrap().name, "pets");
    let wrong = load(&path, &Options::new("z")).unwrap_err().to_string();
    assert_eq!(wrong, format!("{}: {}", path.display(), read(GOOD, "z").unwrap_err()));
}
