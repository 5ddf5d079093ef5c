//! Lessons and claims on the command line.

use super::gradlab;

#[test]
fn a_lesson_is_printed_without_its_answers() {
    let text = gradlab("learn what-an-activation-adds --print").text();
    for part in [
        "# What an activation adds",
        "gradlab learn what-an-activation-adds",
        "circles/8-tanh/8-tanh/2-softmax",
        "How many points will it get right?",
        "1. nearly all",
        // What is known without a run is there: the text's own example.
        "For −1, 0 and 2 it gives 0, 0 and 2.",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert!(!text.contains("no better than guessing"), "{text}");
}

#[test]
fn there_are_twelve_lessons_of_five_to_eight_minutes() {
    let list = gradlab("list lessons --format json").json();
    let list = list.as_array().unwrap();
    assert!(list.len() >= 12, "{}", list.len());
    for lesson in list {
        let name = lesson["name"].as_str().unwrap();
        let page = gradlab(&format!("explain {name} --kind lesson")).text();
        let minutes = (5..=8).find(|minutes| page.contains(&format!("about {minutes} minutes")));
        assert!(minutes.is_some(), "{page}");
        assert!(page.contains(&format!("gradlab learn {name}")), "{page}");
    }
}

#[test]
fn a_course_is_its_lessons() {
    let list = gradlab("list courses --format json").json();
    let course = &list.as_array().unwrap()[0];
    assert_eq!(course["name"], "activations-and-optimizers");
    let page = gradlab("explain activations-and-optimizers").text();
    let printed = gradlab("learn activations-and-optimizers --print").text();
    for title in ["What an activation adds", "What an optimizer does", "Telling them apart"] {
        assert!(page.contains(title), "{page}");
        assert!(printed.contains(&format!("# {title}\n")), "{printed}");
    }
    assert!(page.contains("about 45 minutes"), "{page}");
}

#[test]
fn what_there_is_not_is_refused_with_the_nearest() {
    gradlab("learn telling-them-appart").refused(&["did you mean `telling-them-apart`?"]);
    gradlab("learn activations-and-optimisers")
        .refused(&["did you mean `activations-and-optimizers`?"]);
    gradlab("learn activations-and-optimizers --page 2").refused(&["--page is of a lesson"]);
    gradlab("learn telling-them-apart --page 99").refused(&["--page must be 1 to "]);
    gradlab("claims adagrad-spars").refused(&["did you mean `adagrad-sparse`?"]);
}
