use std::fmt::Write;
use std::path::Path;

use super::*;
use crate::data::Task;

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
        GOOD.replace(',', "|"),
        GOOD.replace(',', "  \t "),
        GOOD.replace(',', " , "),
        GOOD.replace('\n', ",\n"),
        GOOD.replace('\n', ",,\n") + ",,,\n,,\n",
        GOOD.replace('\n', "\r"),
        format!("sep=;\r\n{}", GOOD.replace(',', ";")),
        format!("# of cats and dogs\n{GOOD}"),
        GOOD.replace("2.5", "\"2.5\" ").replace("cat", " \"cat\""),
        GOOD.replace('\n', "\r\n"),
        GOOD.replace('\n', "\n\n"),
        GOOD.replace("cat", "\"cat\"").replace("a,b", "\"a\",\"b\""),
        GOOD.trim_end().to_owned(),
        format!("\u{feff}{GOOD}"),
    ];
    for spelling in spellings {
        let data = read(&spelling, "y").unwrap();
        let (lines, notes) = (good.lines.clone(), good.notes.clone());
        assert_eq!(Dataset { lines, notes, ..data }, good, "{spelling:?}");
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
    assert_eq!(
        data.notes,
        [
            "text made one-hot: colour (3 words)",
            "the numbers of target `y` are taken for classes; data.task=regression takes them for \
             quantities"
        ]
    );
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
        (
            "1,2,3\n4,5,6\n",
            "there is no column called `y`; the columns are 1, 2, 3; if that line is data, \
             data.header=false calls the columns c1 to c3, as in target=c3",
        ),
        (
            "a,y,a\n1,2,3\n",
            "line 1: columns 1 and 3 are both called `a`; rename one, or use data.header=false if \
             this is no line of names",
        ),
        (
            "y\n1\n2\n3\n4\n",
            "`y` is the only column, since no line is separated by `,`, `;`, `|`, tabs or white \
             space as the first one is; there must be a target and at least one feature; \
             data.delimiter names another separator",
        ),
        ("age,size\n1,2\n", "there is no column called `y`; the columns are age, size"),
        ("a,Y\n1,2\n", "there is no column called `y`; did you mean `Y`?; the columns are a, Y"),
    ]);
    let unnamed = read(&GOOD.replace("a,b", ",b"), "y").unwrap();
    assert_eq!(unnamed.features, ["c1", "b"]);
    assert_eq!(unnamed.notes[0], "columns without a name are called c1");
}

#[test]
fn rows_that_do_not_fit_are_refused_by_their_line() {
    let more = "; cells are separated by `,`, which data.delimiter can change; a cell that holds \
                the separator stands in quotes";
    for (text, message) in [
        (format!("{GOOD}5,6\n"), "line 6: 2 cells, but the header has 3"),
        (GOOD.replace('\n', "\r\n") + "5,6", "line 6: 2 cells, but the header has 3"),
        (format!("{GOOD}\n\n5,6,cat,7\n"), "line 8: 4 cells, but the header has 3"),
        (
            GOOD.replace("1,2.5,cat", "1,2.5,\"a\ncat\"") + "5",
            "line 7: 1 cell, but the header has 3",
        ),
    ] {
        assert_eq!(read(&text, "y").unwrap_err().to_string(), format!("{message}{more}"));
    }
    refused([
        ("a,b,y\n", "there are no rows under the header"),
        ("a,y\n1,2\n2,3\n", "there are only 2 rows; at least 4 are needed"),
        (
            "a,b,y\n1,,2\n2,NA,3\n3,4,\n4,1,1\n",
            "only 1 of 4 rows have no missing cell; at least 4 are needed (`b` is missing in 2); \
             leave columns out by data.exclude, or keep the rows by data.missing=mean or \
             data.missing=category",
        ),
        (
            "a,y\n1,\"2\n2,3\n",
            "line 2: a quote opens here and is not closed; write a quote inside quotes twice",
        ),
    ]);
}

/// The message of one column that is no feature.
fn unusable(column: &str, reason: &str, rest: &str) -> String {
    format!("columns that cannot be learned from as they are:\n  `{column}`: {reason}\n{rest}")
}

#[test]
fn cells_that_do_not_fit_are_refused_by_line_and_column() {
    let words = (0..65).fold("w,y\n".to_owned(), |text, i| format!("{text}w{},{i}\n", i % 65));
    let twice = words.clone() + words.split_once('\n').unwrap().1;
    let nothing = "nothing would be left to learn from without them";
    for (text, message) in [
        (
            format!("{GOOD}five,6,cat\n"),
            unusable(
                "a",
                "line 6 holds `five`, which is not a number, but 4 of 5 cells are; leave it empty \
                 if it is not known",
                "leave them out: --set data.exclude=a",
            ),
        ),
        (
            format!("{GOOD}5,-inf,cat\n"),
            unusable(
                "b",
                "line 6 holds `-inf`, which is infinite or too large for training",
                "leave them out: --set data.exclude=b",
            ),
        ),
        (
            format!("{GOOD}5,1e309,cat\n"),
            unusable(
                "b",
                "line 6 holds `1e309`, which is infinite or too large for training",
                "leave them out: --set data.exclude=b",
            ),
        ),
        (words, unusable("w", "texts that are all different, as names are", nothing)),
        (twice, unusable("w", "65 different texts; at most 64 can be told apart", nothing)),
        (
            (0..9).fold("d,y\n".to_owned(), |text, i| format!("{text}2024-01-0{i},{i}\n")),
            unusable("d", "dates or times; a number, such as days, could be learned from", nothing),
        ),
    ] {
        assert_eq!(read(&text, "y").unwrap_err().to_string(), message);
    }
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
            "the target `y`: line 4 holds `high`, which is not a number, but 3 of 4 cells are; leave \
             it empty if it is not known",
        ),
    ]);
}

#[test]
fn the_task_can_be_said() {
    let task = |text: &str, task| {
        let options = Options { task, ..Options::new("y") };
        parse("mine", text.as_bytes(), &options).map(|(dataset, _)| dataset.task())
    };
    let whole = "x,y\n1,4\n2,5\n3,4\n4,7\n";
    assert_eq!(task(whole, TaskChoice::Auto).unwrap(), Task::Classes(3));
    assert_eq!(task(whole, TaskChoice::Regression).unwrap(), Task::Values(1));
    let real = "x,y\n1,.5\n2,1.5\n3,.5\n4,7\n";
    assert_eq!(task(real, TaskChoice::Auto).unwrap(), Task::Values(1));
    assert_eq!(task(real, TaskChoice::Classification).unwrap(), Task::Classes(3));
    let many = (0..100).fold("x,y\n".to_owned(), |text, i| format!("{text}{i},{}\n", i % 50));
    assert_eq!(task(&many, TaskChoice::Classification).unwrap(), Task::Classes(50));
    let words = task(GOOD, TaskChoice::Regression).unwrap_err();
    assert!(words.to_string().contains("data.task=regression does not suit it"), "{words}");
}

#[test]
fn parts_of_a_large_file_are_one() {
    let mut text = "a,b,c,y\n".to_owned();
    for i in 0..500_000 {
        writeln!(text, "{},{}.50000000,{},{}", i, i % 7, ["u", "v", ""][i % 3], i % 2).unwrap();
    }
    assert!(text.len() > 2 * (4 << 20), "several parts");
    let options = Options { missing: Missing::Category, ..Options::new("y") };
    let (data, schema) = parse("mine", text.as_bytes(), &options).unwrap();
    assert_eq!(data.features, ["a", "b", "c=u", "c=v", "c=?"]);
    let row = |i: usize| data.x.row(i).to_vec();
    assert_eq!(row(0), [0.0, 0.5, 1.0, 0.0, 0.0]);
    assert_eq!(row(499_999), [499_999.0, 0.5 + f64::from(499_999 % 7), 0.0, 1.0, 0.0]);
    assert_eq!(row(250_001), [250_001.0, 0.5 + f64::from(250_001 % 7), 0.0, 0.0, 1.0]);
    assert_eq!((data.lines[0], data.lines[499_999]), (2, 500_001));
    assert_eq!(data.len(), 500_000);
    let last = text.replace("\n499999,", "\n499999x,");
    let error = parse("mine", last.as_bytes(), &Options::new("y")).unwrap_err().to_string();
    assert!(error.contains("`a`: line 500001 holds `499999x`"), "{error}");
    let comma = text.replace("\n499999,", "\n\"4,5\",");
    let error = schema.read(comma.as_bytes()).unwrap_err().to_string();
    assert!(error.contains("line 500001, column `a`: `4,5` is not a number"), "{error}");
}

#[test]
fn a_schema_survives_as_text_and_reads_other_files() {
    let text = "id;share;colour;y\n1;1,5 %;red;a\n2;2,5 %;blue;b\n3;?;red;b\n4;7,25 %;blue;a\n\
                5;1,5 %;;a\n6;2,5 %;red;b\n";
    let options =
        Options { exclude: vec!["id".to_owned()], missing: Missing::Category, ..Options::new("y") };
    let (data, schema) = parse("mine", text.as_bytes(), &options).unwrap();
    let kept = serde_json::to_string(&schema).unwrap();
    let schema: Schema = serde_json::from_str(&kept).unwrap();
    let names = ["share", "share=?", "colour=blue", "colour=red", "colour=?"];
    assert_eq!(schema.feature_names(), names);
    assert_eq!(data.features, names);
    assert_eq!(schema.read(text.as_bytes()).unwrap().x.row(1), data.x.row(1));
    let rows = schema.read(b"colour;more;share\ngreen;7;3,5 %\n;7;\n").unwrap();
    assert_eq!(rows.x.row(0).to_vec(), [3.5, 0.0, 0.0, 0.0, 1.0]);
    assert!(rows.x[[1, 0]].is_nan());
    assert_eq!(rows.x.row(1).to_vec()[1..], [1.0, 0.0, 0.0, 1.0]);
    assert_eq!(rows.lines, [2, 3]);
    let error = schema.read(b"share;y\n1,5 %;a\n").unwrap_err().to_string();
    assert!(error.starts_with("there is no column called `colour`"), "{error}");
    let error = schema.read(b"share;colour\n1.5 %;red\n").unwrap_err().to_string();
    assert!(error.starts_with("line 2, column `share`: `1.5 %` is not a number"), "{error}");
    let drop = Options { missing: Missing::Drop, ..options };
    let (_, schema) = parse("mine", text.as_bytes(), &drop).unwrap_or_else(|it| panic!("{it}"));
    let error = schema.read(b"share;colour\n1,5 %;green\n").unwrap_err().to_string();
    assert!(
        error.contains("`green` is none of the words") && error.contains("blue, red"),
        "{error}"
    );
    let rows = schema.read(b"share;colour\n1,5 %;\n2,5 %;red\n").unwrap();
    assert_eq!(rows.x.nrows(), 1);
    assert_eq!(rows.left_out, [LeftOut { line: 2, column: "colour".to_owned() }]);
}

#[test]
fn a_schema_without_header_counts_columns_with_or_without_the_target() {
    let text = "1,a,5\n2,b,6\n3,a,7\n4,b,8\n";
    let (_, schema) = parse("mine", text.as_bytes(), &Options::new("c2")).unwrap();
    let full = schema.read(text.as_bytes()).unwrap();
    let without = schema.read(b"1,5\n2,6\n3,7\n4,8\n").unwrap();
    assert_eq!(full.x, without.x);
    let error = schema.read(b"1\n2\n").unwrap_err().to_string();
    assert!(error.contains("there are 1 columns, but") && error.contains("has 3"), "{error}");
}

#[test]
fn hostile_texts_end_soon() {
    let many = 200_000;
    let wide = (0..many).map(|i| format!("n{i}")).collect::<Vec<_>>().join(",");
    let row = vec!["1"; many].join(",");
    let text = format!("{wide}\n{}", format!("{row}\n").repeat(4));
    let error = read(&text, "n7").unwrap_err();
    assert!(matches!(error, Problem::ConstantTarget { .. }), "{error}");
    let error = read(&text, "nothing").unwrap_err().to_string();
    assert!(error.len() < 1000, "{error}");
    let words = (0..many).fold("w,y\n".to_owned(), |text, i| format!("{text}w{i},{i}\n"));
    assert!(matches!(read(&words, "y"), Err(Problem::NoFeatures { .. })));
    assert!(read(&"\"".repeat(1_000_001), "y").is_err());
    assert!(read(&",".repeat(3_000_000), "y").is_err());
    assert!(read(&"\"a\"b,".repeat(100_000), "y").is_err());
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let problem = parse("mine", b"a,y\n1,2\n\xff,3\n", &Options::new("y")).unwrap_err();
    assert_eq!(
        problem.to_string(),
        "line 3: not UTF-8; save the file as UTF-8 text, or convert it: iconv -f latin1 -t utf-8 OLD.csv > \
         NEW.csv"
    );
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
