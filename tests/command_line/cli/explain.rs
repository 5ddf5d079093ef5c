use super::{Outcome, gradlab, program};

#[test]
fn an_optimizer_with_its_first_two_steps() {
    let text = gradlab("explain adam").text();
    for part in [
        "W ← W − α·m̂ / (√v̂ + ε)",
        "betas         0.9:0.999",
        "When to use it\n",
        "Caution\n",
        "Elsewhere\n",
        "In PyTorch\n  torch.optim.Adam\n",
        "Source\n  Kingma & Ba 2015\n",
        // 0.001·1.736842/1.767643, as worked out by hand in the test of `step`
        "W   0.999 → 0.9980174 (change -0.0009825751)",
    ] {
        assert!(text.contains(part), "no `{part}` in {text}");
    }
}

#[test]
fn an_activation_with_values_and_a_plot() {
    let text = gradlab("explain relu").text();
    let values = "
Values
   x  f(x)  f′(x)
  -2     0      0
  -1     0      0
   0     0      0
   1     1      1
   2     2      1
";
    assert!(text.contains(values), "{text}");
    let plot: Vec<_> = text.lines().skip_while(|line| !line.starts_with("Plot")).collect();
    assert!(plot[1].starts_with("4│") && plot[1].ends_with('⠊'), "f reaches 4 at the right");
    let dots = plot.iter().position(|line| line.contains("••••")).unwrap();
    assert!((8..11).contains(&dots), "f′ = 1 is a quarter of the way up, not at line {dots}");
}

#[test]
fn softmax_of_one_sample() {
    let text = gradlab("explain softmax").text();
    assert!(text.contains("as one sample"), "{text}");
    // e⁰ / (e⁻² + e⁻¹ + e⁰ + e¹ + e² + e³)
    assert!(text.contains("\n   0  0.0315496"), "{text}");
    assert!(!text.contains("Plot"), "{text}");
}

#[test]
fn a_surface_with_its_start_its_minima_and_a_map() {
    let text = gradlab("explain himmelblau").text();
    for part in [
        "f(x, y) = (x² + y − 11)² + (x + y² − 7)²",
        "What it teaches\n",
        "Usual start\n  (-0.5, -0.5), height 179.125\n",
        "Lowest\n  (3, 2), height 0\n  (-2.805118, 3.131313), height ",
        "gradlab optimize himmelblau --optimizer adam:lr=0.1\n",
    ] {
        assert!(text.contains(part), "no `{part}` in {text}");
    }
    let map = text.split("Map (× minimum)\n").nth(1).unwrap();
    assert_eq!(map.matches('×').count(), 4, "{text}");
    assert!(gradlab("explain saddle").text().contains("nowhere: it falls for ever"));
}

#[test]
fn everything_that_can_be_listed_can_be_explained() {
    for kind in ["activation", "optimizer", "loss", "initializer", "dataset", "surface", "preset"] {
        let list = gradlab(&format!("list {kind} --format json")).json();
        for entry in list.as_array().unwrap() {
            let name = entry["name"].as_str().unwrap();
            let text = gradlab(&format!("explain {name} --kind {kind}")).text();
            let title = text.lines().next().unwrap();
            assert!(title.ends_with(&format!("{kind} `{name}`")), "{title}");
            // A recipe is one word, however long.
            let fits = |line: &str| line.chars().count() <= 80 || line.starts_with("  gradlab ");
            assert!(text.lines().all(fits), "{text}");
            let json = gradlab(&format!("explain {name} --kind {kind} --format json")).json();
            assert_eq!(json[0], *entry);
        }
    }
}

#[test]
fn titles_are_names_too() {
    let mut command = program();
    command.args(["explain", "Leaky ReLU"]);
    assert_eq!(Outcome::of(command).text(), gradlab("explain leaky_relu").text());
}

#[test]
fn a_name_of_several_things_shows_them_all() {
    let text = gradlab("explain iris").text();
    assert!(text.starts_with("This is the name of several things: dataset, preset.\n"), "{text}");
    assert!(text.contains("dataset `iris`\n") && text.contains("preset `iris`\n"), "{text}");
    assert_eq!(gradlab("explain iris --format json").json().as_array().unwrap().len(), 2);
    assert!(!gradlab("explain iris --kind preset").text().contains("dataset `iris`"));
}

#[test]
fn a_preset_with_its_layers_and_its_recipe() {
    let text = gradlab("explain optimizer-per-layer").text();
    let recipe = text.lines().last().unwrap().trim().strip_prefix("gradlab ").unwrap();
    let given = gradlab(&format!("export {recipe} --to recipe")).text();
    assert_eq!(given.trim_end(), recipe);
    assert!(text.contains(", moved by "), "{text}");
}

#[test]
fn unknown_names_are_refused_with_the_nearest() {
    gradlab("explain adma").refused(&["there is nothing called `adma`; did you mean `adam`?"]);
    gradlab("explain qqqqqqqq").refused(&["gradlab list activations"]);
    gradlab("explain adam --kind loss").refused(&["there is no loss called `adam`"]);
    gradlab("explain adam adamw").refused(&["unexpected argument 'adamw'"]);
}

#[test]
fn concepts_are_entries_too() {
    for (name, parts) in [
        (
            "optimizer",
            &[
                "gradients move weights",
                "W ← W − α·∇L",
                "activation or optimizer?",
                "decides what a neuron",
                "decides how weights are",
                "Where people err",
                "gradlab list optimizers",
            ][..],
        ),
        ("activation", &["weighted sums", "leaky_relu", "gradlab list activations"]),
        ("momentum", &["heavy ball", "sgd", "rmsprop"]),
        ("lr", &["Learning rate", "gradlab compare rates-of-adam"]),
        ("gradients", &["Backpropagation"]),
        ("Weight-Decay", &["adamw", "decoupled"]),
        ("vanishing gradients", &["1/4"]),
        ("betas", &["adam", "optimizer.betas"]),
        ("negative_slope", &["leaky_relu"]),
    ] {
        let mut command = program();
        command.args(["explain", name]);
        let text = Outcome::of(command).text();
        for part in parts {
            assert!(text.contains(part), "{name}: {part}\n{text}");
        }
    }
    gradlab("explain momentom").refused(&["did you mean `momentum`?"]);
    gradlab("explain overfiting").refused(&["did you mean `overfitting`?"]);
}

#[test]
fn what_concepts_point_to_is_there() {
    for concept in gradlab("list concepts --format json").json().as_array().unwrap() {
        for name in concept["related"].as_array().unwrap() {
            gradlab(&format!("explain {}", name.as_str().unwrap())).text();
        }
        for line in concept["see"].as_array().unwrap() {
            let words: Vec<_> = line.as_str().unwrap().split(' ').skip(1).collect();
            let sets = words.windows(2).filter(|two| two[0] == "--set");
            let sets: Vec<_> = sets.map(|two| two.join(" ")).collect();
            let tried = match words[0] {
                "explain" | "list" | "schedule" | "step" | "optimize" => words.join(" "),
                _ if words.iter().any(|word| word.contains("FILE")) => continue,
                "run" | "compare" | "check-gradients" | "curvature" | "landscape" => {
                    format!("export {} {} --to toml", words[1], sets.join(" "))
                }
                experiment => format!("export {experiment} --to toml"),
            };
            assert!(!gradlab(&tried).text().is_empty(), "{tried}");
        }
    }
}
