//! Kinds of files that were once misread or turned away without help.

use super::{gradlab, gradlab_in, summary, with_file};

const FOLDER: &str = "tests/data/faults";

/// The number in a row, as it is written.
type Number = fn(usize) -> String;

/// Rows of three columns between semicolons, the first two as given and the third a class.
fn table(rows: impl IntoIterator<Item = [String; 2]>) -> String {
    let mut text = "a;b;y\n".to_owned();
    for (index, [a, b]) in rows.into_iter().enumerate() {
        text += &format!("{a};{b};{}\n", ["no", "yes"][index % 2]);
    }
    text
}

#[test]
fn numbers_taken_for_words_silently() {
    let recipe = format!("csv={FOLDER}/decimal_commas.csv,target=art/2-softmax");
    let (code, _, err) = gradlab(&["run", &recipe, "--steps", "10"]);
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("numbers with decimal comma: laenge, breite"), "{err}");
    assert!(!err.contains("one-hot"), "{err}");
    let cases: [(&str, Number); 6] = [
        ("decimal comma, thousands separated by points", |i| format!("1.{i}34,5")),
        ("decimal point, thousands separated by commas", |i| format!("1,{i}34.5")),
        ("sign %", |i| format!("{i}.5 %")),
        ("sign €", |i| format!("{i} €")),
        ("sign $", |i| format!("-${i}.25")),
        ("decimal comma, thousands separated by spaces", |i| format!("\u{2212}1\u{A0}{i}34,5")),
    ];
    for (words, number) in cases {
        let text = table((0..8).map(|i| [number(i), i.to_string()]));
        let (code, _, err) = with_file(text, &["run", "csv=a.csv,target=y/2", "--steps", "5"]);
        assert_eq!(code, 0, "{words}: {err}");
        assert!(err.contains(&format!("numbers with {words}: a")), "{words}: {err}");
    }
}

#[test]
fn commas_that_may_be_either_are_decided_by_the_table_or_refused() {
    let run = |text: String, more: &[&str]| {
        let args = [&["run", "csv=a.csv,target=y/2", "--steps", "5"], more].concat();
        with_file(text, &args)
    };
    let alone = || table((0..8).map(|i| [format!("1,{i}34"), i.to_string()]));
    let (code, _, err) = run(alone(), &[]);
    assert_eq!(code, 2);
    for part in ["a.csv", "`a`", "line 2", "`1,034`", "1034", "1.034", "data.decimal=comma"] {
        assert!(err.contains(part), "{part}: {err}");
    }
    for (mark, words) in [
        ("comma", "decimal comma: a"),
        ("point", "decimal point, thousands separated by commas: a"),
    ] {
        let (code, _, err) = run(alone(), &["--set", &format!("data.decimal={mark}")]);
        assert_eq!(code, 0, "{err}");
        assert!(err.contains(words), "{err}");
    }
    let beside = |other: fn(usize) -> String| table((0..8).map(|i| [format!("1,{i}34"), other(i)]));
    let (code, _, err) = run(beside(|i| format!("{i},5")), &[]);
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("decimal comma: a, b"), "{err}");
    let (code, _, err) = run(beside(|i| format!("{i}.5")), &[]);
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("decimal point, thousands separated by commas: a"), "{err}");
}

#[test]
fn numbers_in_two_ways_of_writing_are_refused() {
    for (odd, line) in [("1,5", 5), ("5 %", 5), ("1.2.3", 5)] {
        let text = table((0..8).map(|i| {
            let number = if i == 3 { odd.to_owned() } else { format!("{i}.25") };
            [number, i.to_string()]
        }));
        let (code, _, err) = with_file(text, &["run", "csv=a.csv,target=y/2"]);
        assert_eq!(code, 2);
        for part in ["`a`", &format!("line {line}"), odd] {
            assert!(err.contains(part), "{part}: {err}");
        }
    }
}

#[test]
fn whole_number_target_meant_as_a_quantity() {
    let recipe = format!("csv={FOLDER}/rings.csv,target=rings/1-identity");
    let (code, _, err) = gradlab(&["run", &recipe]);
    assert_eq!(code, 2);
    assert!(err.contains("--set data.task=regression"), "{err}");
    let (code, out, err) = gradlab(&[
        "run",
        &recipe,
        "--set",
        "data.task=regression",
        "--steps",
        "300",
        "--set",
        "optimizer.lr=0.1",
        "--format",
        "json",
    ]);
    assert_eq!(code, 0, "{err}");
    assert!(summary(&out)["train_loss"].as_f64().unwrap() < 1.0, "{out}");
    let recipe = format!("csv={FOLDER}/rings.csv,target=rings,task=regression/1-identity/steps=5");
    assert_eq!(gradlab(&["run", &recipe]).0, 0);
}

#[test]
fn columns_that_are_no_features() {
    let recipe = format!("csv={FOLDER}/names_and_tickets.csv,target=survived/2-softmax/steps=5");
    let (code, _, err) = gradlab(&["run", &recipe]);
    assert_eq!(code, 2);
    for part in ["`name`", "`ticket`", "`cabin`", "--set data.exclude=name:ticket:cabin"] {
        assert!(err.contains(part), "{part}: {err}");
    }
    let (code, _, err) = gradlab(&["run", &recipe, "--set", "data.exclude=name:ticket:cabin"]);
    assert_eq!(code, 0, "{err}");
    let recipe = format!(
        "csv={FOLDER}/names_and_tickets.csv,target=survived,columns=class:age/2-softmax/steps=5"
    );
    assert_eq!(gradlab(&["run", &recipe]).0, 0);
}

#[test]
fn many_columns_that_are_no_features_are_not_all_listed() {
    let names: Vec<_> = (0..300).map(|column| format!("n{column}")).collect();
    let mut text = format!("{},x,y\n", names.join(","));
    for row in 0..70 {
        let cells: Vec<_> = (0..300).map(|column| format!("w{row}_{column}")).collect();
        text += &format!("{},{row},{}\n", cells.join(","), row % 2);
    }
    let (code, _, err) = with_file(text, &["run", "csv=a.csv,target=y/2"]);
    assert_eq!(code, 2);
    assert!(err.contains("and 290 more"), "{err}");
    assert!(err.contains("data.columns=x"), "{err}");
    assert!(err.len() < 4000, "{}", err.len());
}

#[test]
fn no_header_other_separators_odd_first_line() {
    let path = format!("csv={FOLDER}/no_header.csv");
    let (code, _, err) = gradlab(&["run", &format!("{path},target=label/2-softmax")]);
    assert_eq!(code, 2);
    assert!(err.contains("data.header=false") && err.contains("c1 to c4"), "{err}");
    let recipe = format!("{path},target=c4,header=false/2-softmax/steps=5");
    assert_eq!(gradlab(&["run", &recipe]).0, 0);
    let (code, _, err) = gradlab(&["run", &format!("{path},target=c4/2-softmax/steps=5")]);
    assert_eq!(code, 0);
    assert!(err.contains("no header: the columns are called c1 to c4"), "{err}");
    let (code, _, err) = gradlab(&["run", &format!("{path},target=y,header=false/2-softmax")]);
    assert_eq!(code, 2);
    assert!(err.contains("the columns are c1, c2, c3, c4"), "{err}");
    let recipe = format!("csv={FOLDER}/excel_sep.csv,target=kind/2-softmax/steps=5");
    let (code, _, err) = gradlab(&["run", &recipe]);
    assert_eq!(code, 0, "{err}");
}

#[test]
fn paths_with_slashes() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("a b/c%d");
    std::fs::create_dir_all(&inner).unwrap();
    let file = inner.join("f,=.csv");
    std::fs::write(&file, "x,y\n1,1.5\n2,2.5\n3,3.5\n4,4.25\n").unwrap();
    std::fs::copy(&file, inner.join("f.csv")).unwrap();
    std::fs::copy(&file, folder.path().join("f.csv")).unwrap();
    std::fs::create_dir(folder.path().join("sub")).unwrap();
    std::fs::copy(&file, folder.path().join("sub/f.csv")).unwrap();
    let absolute = folder.path().join("sub/f.csv");
    for path in
        ["sub/f.csv", "./sub/../f.csv", "f.csv", absolute.to_str().unwrap(), "a b/c%25d/f.csv"]
    {
        let recipe = format!("csv={path},target=y/4-tanh/1-identity/steps=5");
        let (code, _, err) = gradlab_in(folder.path(), &["run", &recipe]);
        assert_eq!(code, 0, "{path}: {err}");
    }
    let recipe = "csv=a%20b/c%25d/f%2C%3D.csv,target=y/1-identity/steps=5";
    let (code, out, err) = gradlab_in(folder.path(), &["export", recipe, "--to", "recipe"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.starts_with("csv=a%20b/c%25d/f%2C%3D.csv,target=y/1/"), "{out}");
    let (code, _, err) = gradlab_in(folder.path(), &["run", "csv=sub/g.csv,target=y/1-identity"]);
    assert_eq!(code, 2);
    assert!(err.contains("sub/g.csv: cannot be read"), "{err}");
}

#[test]
fn encodings_are_named_with_the_way_out() {
    let latin: Vec<u8> = b"x,y\n1,a\n2,caf\xe9\n3,a\n4,b\n".to_vec();
    let utf16: Vec<u8> = "x,y\n1,a\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let with_mark: Vec<u8> = [0xff, 0xfe].into_iter().chain(utf16.clone()).collect();
    for (bytes, parts) in [
        (latin, ["line 3", "iconv -f latin1"]),
        (utf16, ["UTF-16", "iconv -f utf-16"]),
        (with_mark, ["UTF-16", "iconv -f utf-16"]),
        (b"x,y\n1,\0\n".to_vec(), ["line 2", "byte 0"]),
    ] {
        for args in [&["run", "csv=a.csv,target=y/2"][..], &["data", "a.csv"]] {
            let (code, out, err) = with_file(&bytes, args);
            assert_eq!((code, out.as_str()), (2, ""));
            for part in parts {
                assert!(err.contains(part), "{part}: {err}");
            }
        }
    }
}

#[test]
fn names_of_any_kind_leave_the_columns_of_the_table_where_they_are() {
    let names = [
        "plain",
        "=x\u{1b}[31m\u{9b}|<b>\u{202e}\u{2028}y",
        "\u{65e5}\u{672c}\u{8a9e}",
        &"\u{65e5}\u{672c}".repeat(30),
        &format!("e{}", "\u{301}".repeat(40)),
        "a\tb",
        "\u{200b}\u{feff}",
        "two\nlines",
    ];
    let quoted: Vec<_> = names.iter().map(|name| format!("\"{name}\"")).collect();
    let mut text = quoted.join(",") + ",y\n";
    for row in 0..12 {
        let cells: Vec<_> = (0..names.len()).map(|at| format!("{row}.{at}")).collect();
        text += &format!("{},\"{}\"\n", cells.join(","), names[row % 2 + 1]);
    }
    let (code, out, err) = with_file(text, &["data", "a.csv", "--target", "y"]);
    assert_eq!(code, 0, "{err}");
    let table: Vec<_> = out.lines().skip(2).take(names.len() + 2).collect();
    let begins = |line: &str, word: &str| {
        let at = line.find(word).unwrap_or_else(|| panic!("no {word} in {line}"));
        unicode_width::UnicodeWidthStr::width(&line[..at])
    };
    let (holds, role) = (begins(table[0], "holds"), begins(table[0], "use"));
    for line in &table[1..=names.len()] {
        assert_eq!(begins(line, "numbers"), holds, "{out}");
        let at = line.rfind("number").unwrap();
        assert_eq!(unicode_width::UnicodeWidthStr::width(&line[..at]), role, "{out}");
    }
    let last = table[names.len() + 1];
    assert_eq!((begins(last, "words"), begins(last, "target")), (holds, role), "{out}");
    assert!(table.iter().all(|line| unicode_width::UnicodeWidthStr::width(*line) < 110), "{out}");
}
