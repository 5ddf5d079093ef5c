use super::*;
use crate::experiment::shelf::tests::is_valid;
use measure::Unit;

const HEAD: &str = "title = \"T\"\nabout = \"A\"\nminutes = 5\n";

#[test]
fn every_lesson_of_the_program_is_valid() {
    is_valid(&LESSONS);
    let mut names = LESSONS.all().iter().map(|lesson| lesson.name);
    assert!(names.all(|name| !name.starts_with(|c: char| c.is_ascii_digit())));
}

#[test]
fn a_text_sets_every_part_of_a_page() {
    let text = format!(
        "{HEAD}[[pages]]\nname = \"first\"\ntext = \"One {{relu(2)}}.\"\n\
         experiment = \"xor/4-identity/1-sigmoid/steps=50\"\nuntil = \"train_loss <= 0.1 or step 40\"\n\
         [[pages]]\ntext = \"Two\"\nchange = [\"layers.hidden.activation=tanh\"]\n\
         panel = \"charts\"\nexpect = [\"train_loss < first.train_loss / 2\"]\n\
         reveal = \"{{step}}\"\n[pages.question]\nask = \"?\"\nchoices = [\"a\", \"b\"]\nright = 2\n"
    );
    let lesson = parse("l.toml", &text).unwrap();
    let [first, second] = lesson.pages.as_slice() else { panic!("{lesson:?}") };
    let bound = Bound { score: Score::TrainLoss, value: 0.1, down: true };
    assert_eq!(first.until, Some(Until { step: 40, bound: Some(bound) }));
    assert!(first.runs() && !second.runs());
    assert_eq!((first.screen, second.panel), (Some(Place::Train), Some(Panel::Charts)));
    let Some(Setup::Experiment(changed)) = &second.setup else { panic!("{second:?}") };
    assert_eq!(changed.layers[0].activation.key(), "tanh");
    let Some(Question { answer: Answer::Choice { right: 1, .. }, .. }) = &second.question else {
        panic!("{second:?}")
    };
    assert_eq!(lesson.setup_of(0), Some(0));
}

#[test]
fn errors_name_place_and_remedy() {
    let page = |rest: &str| format!("{HEAD}[[pages]]\ntext = \"One\"\n{rest}");
    for (text, line, parts) in [
        ("title = \"T\"".to_owned(), None, &["is missing"][..]),
        (page("txt = 1"), Some(6), &["unknown key `txt`", "did you mean `text`?"]),
        (page("experiment = \"xor/4-tnh/1-sigmoid\""), Some(6), &["`tnh`", "did you mean `tanh`?"]),
        (page("edit = [\"optimizer.lr=1\"]"), Some(6), &["needs an experiment"]),
        (page("panel = \"chart\""), Some(6), &["no panel called `chart`", "charts"]),
        (page("reveal = \"{trainloss}\""), Some(6), &["`trainloss`", "`train_loss`?"]),
        (page("reveal = \"{step\""), Some(6), &["not closed"]),
        (page("until = \"step\""), Some(6), &["neither a step"]),
        (page("expect = [\"step 5\"]"), Some(6), &["one of <"]),
        (page("race = \"xor/2-tanh/1-sigmoid\""), Some(6), &["nothing to compare"]),
        (page("[pages.question]\nask = \"?\""), None, &["either `choices`"]),
        (
            page("[pages.question]\nchoices = [\"a\", \"b\"]\nright = 3"),
            Some(8),
            &["`right` cannot be 3", "1 to 2"],
        ),
        (
            page("experiment = \"xor/2-tanh/1-sigmoid/steps=9\"\nuntil = \"step 10\""),
            Some(7),
            &["only 9 steps"],
        ),
        (page(&format!("reveal = \"{}\"", "word ".repeat(61))), Some(6), &["61 words", "60"]),
    ] {
        let error = parse("l.toml", &text).unwrap_err();
        let shown = error.to_string();
        assert!(parts.iter().all(|part| shown.contains(part)), "{shown}");
        if let Some(line) = line {
            assert_eq!(error.position().unwrap().0, line, "{shown}");
        }
    }
}

#[test]
fn sums_are_worked_out_from_what_was_measured() {
    let measured = |name: &str| match name {
        "step" => Some(10.0),
        "slow.step" => Some(130.0),
        _ => None,
    };
    for (text, value, unit) in [
        ("slow.step / step", Some(13.0), Unit::Real),
        ("step + 1 * 2", Some(22.0), Unit::Real),
        ("step", Some(10.0), Unit::Count),
        ("relu(-1)", Some(0.0), Unit::Real),
        ("relu'(2)", Some(1.0), Unit::Real),
        ("train_accuracy", None, Unit::Share),
    ] {
        let expression = Expression::parse(text).unwrap();
        assert_eq!((expression.value(&measured), expression.unit()), (value, unit), "{text}");
    }
    for (text, holds) in
        [("step <= 10", Some(true)), ("step > slow.step / 5", Some(false)), ("p < 1", None)]
    {
        assert_eq!(Expectation::parse(text).unwrap().holds(&measured), holds, "{text}");
    }
    for text in ["", "step /", "step step", "relu(x)", "rellu(1)"] {
        assert!(Expression::parse(text).is_err(), "{text}");
    }
}
