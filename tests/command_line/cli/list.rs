use serde_json::{Value, json};

use super::gradlab;

fn entry(kind: &str, name: &str) -> Value {
    let list = gradlab(&format!("list {kind} --format json")).json();
    let entries = list.as_array().unwrap().iter();
    entries.clone().find(|entry| entry["name"] == name).unwrap().clone()
}

#[test]
fn json_tells_parameters_with_defaults_and_ranges() {
    let adam = entry("optimizers", "adam");
    assert_eq!((&adam["title"], &adam["kind"]), (&json!("Adam"), &json!("optimizer")));
    let params = adam["params"].as_array().unwrap();
    let lr = json!({
        "name": "lr",
        "default": 0.001,
        "range": "0 or more",
        "meaning": "learning rate: the length of a step",
    });
    assert_eq!(params[0], lr);
    assert_eq!(params[1]["default"], json!([0.9, 0.999]));
    assert_eq!(params[1]["range"], "2 numbers, each 0 up to but not including 1");
    assert_eq!(entry("activations", "gelu")["params"][0]["choices"], json!(["none", "tanh"]));
    assert_eq!(entry("activations", "relu")["derivative"], "f′(x) = 1 if x > 0, else 0");
    assert_eq!(entry("losses", "mse").get("derivative"), None);
}

#[test]
fn every_kind_by_its_plural_or_singular() {
    for (plural, singular) in [
        ("activations", "activation"),
        ("optimizers", "optimizer"),
        ("losses", "loss"),
        ("initializers", "initializer"),
        ("datasets", "dataset"),
        ("surfaces", "surface"),
        ("presets", "preset"),
        ("walks", "walk"),
        ("courses", "course"),
        ("lessons", "lesson"),
        ("claims", "claim"),
        ("diagnoses", "diagnosis"),
    ] {
        let text = gradlab(&format!("list {plural}")).text();
        assert_eq!(text, gradlab(&format!("list {singular}")).text());
        let wide = text.lines().find(|line| line.chars().count() > 80);
        assert_eq!(wide, None, "list {plural}");
    }
}

#[test]
fn text_has_an_aligned_entry_for_each() {
    let text = gradlab("list activations").text();
    let line = |start: &str| text.lines().find(|line| line.starts_with(start)).unwrap_or_default();
    let usage = line("leaky_relu ").find("hidden layers in which plain ReLU units die");
    let params = text.lines().find_map(|line| line.find("negative_slope=0.01"));
    assert!(usage.is_some(), "{text}");
    assert_eq!(usage, params, "{text}");
    assert_eq!(usage, line("relu ").find("the default for hidden layers"), "{text}");
}

#[test]
fn long_lists_stand_in_families_the_common_first() {
    for (kind, first, family, member) in [
        ("optimizers", "sgd", "Adam and variants", "adabelief"),
        ("activations", "relu", "Gated", "swiglu"),
    ] {
        let text = gradlab(&format!("list {kind}")).text();
        let at = |line: &str| {
            let found =
                text.lines().position(|it| it == line || it.starts_with(&format!("{line} ")));
            found.unwrap_or_else(|| panic!("{line}: {text}"))
        };
        let family_line = at(&format!("{family}:"));
        assert_eq!((at("Common:"), at(first)), (0, 1), "{text}");
        assert!(family_line < at(member), "{text}");
        assert_eq!(entry(kind, member)["family"], family);
    }
    assert!(!gradlab("list losses").text().contains("Common"));
    assert_eq!(entry("losses", "mse").get("family"), None);
}

#[test]
fn presets_have_a_title_and_say_what_to_look_at() {
    let list = gradlab("list presets --format json").json();
    assert!(list.as_array().unwrap().len() >= 12);
    assert_eq!(list[0]["name"], "spirals");
    assert_eq!(list[0]["title"], "Two spirals");
    for preset in list.as_array().unwrap() {
        assert!(preset["about"].as_str().unwrap().len() > 40, "{preset}");
    }
}

#[test]
fn without_a_kind_each_is_counted() {
    let counts = gradlab("list --format json").json();
    let text = gradlab("list").text();
    assert_eq!(counts.as_array().unwrap().len(), text.lines().count());
    for kind in counts.as_array().unwrap() {
        let (name, count) = (kind["name"].as_str().unwrap(), kind["count"].as_u64().unwrap());
        let listed = gradlab(&format!("list {name} --format json")).json();
        assert_eq!(listed.as_array().unwrap().len() as u64, count);
        let name = if (count, name) == (1, "courses") { "course" } else { name };
        assert!(text.contains(&format!("{count} {name}\n")), "{text}");
    }
}

#[test]
fn refuses_other_kinds() {
    gradlab("list activatons").refused(&["'activatons'", "a similar value exists: 'activations'"]);
    gradlab("list losses --format xml").refused(&["text, json"]);
}

#[test]
fn diagnoses_name_threshold_source_and_remedy() {
    let dead = entry("diagnoses", "dead_units");
    assert_eq!((&dead["title"], &dead["kind"]), (&json!("Dead units"), &json!("diagnosis")));
    for key in ["threshold", "why", "remedy", "source"] {
        assert!(dead[key].as_str().is_some_and(|text| text.len() > 9), "{key}");
    }
    let page = gradlab("explain dead_units").text();
    for part in [&dead["threshold"], &dead["source"]] {
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words(&page).contains(&words(part.as_str().unwrap())), "{page}");
    }
}
