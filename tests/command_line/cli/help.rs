use super::gradlab;

/// The commands that `gradlab --help` names.
fn commands() -> Vec<String> {
    let help = gradlab("--help").text();
    let (_, rest) = help.split_once("Commands:\n").unwrap();
    let lines = rest.lines().take_while(|line| !line.is_empty());
    let names = lines.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    names.map(|line| line.split_whitespace().next().unwrap().to_owned()).collect()
}

#[test]
fn every_command_has_help_with_examples() {
    let commands = commands();
    assert!(commands.len() >= 7, "{commands:?}");
    for command in commands.iter().filter(|command| *command != "help") {
        let help = gradlab(&format!("{command} --help")).text();
        for part in ["Usage: gradlab", "Examples:\n", "--help"] {
            assert!(help.contains(part), "no `{part}` in the help of {command}");
        }
        let wide = help.lines().find(|line| line.chars().count() > 80);
        assert_eq!(wide, None, "{command}");
        assert_eq!(help, gradlab(&format!("help {command}")).text());
    }
}

#[test]
fn the_examples_in_the_help_work() {
    for command in ["activation", "step", "optimize", "list", "explain", "export"] {
        let help = gradlab(&format!("{command} --help")).text();
        let examples = help.lines().filter_map(|line| line.strip_prefix("  gradlab "));
        // Behind two blanks stands a remark.
        let examples = examples.filter_map(|line| line.split("  ").next());
        let files = ["case.json", "--out"];
        let examples = examples.filter(|line| !files.iter().any(|file| line.contains(file)));
        let examples: Vec<_> = examples.collect();
        assert!(examples.len() >= 2, "{command}");
        for example in examples {
            assert!(!gradlab(example).text().is_empty(), "{example}");
        }
    }
}

#[test]
fn version_and_main_help() {
    assert_eq!(gradlab("--version").text(), format!("gradlab {}\n", env!("CARGO_PKG_VERSION")));
    let help = gradlab("--help").text();
    assert!(
        help.contains("Usage: gradlab [OPTIONS] [EXPERIMENT]\n       gradlab <COMMAND>\n"),
        "{help}"
    );
    assert!(help.contains("Exit codes: 0 done, 1 failed, 2 bad usage"), "{help}");
    let wide = help.lines().find(|line| line.chars().count() > 80);
    assert_eq!(wide, None);
}

#[test]
fn completions_for_every_shell() {
    for (shell, mark) in [
        ("bash", "_gradlab()"),
        ("zsh", "#compdef gradlab"),
        ("fish", "complete -c gradlab"),
        ("powershell", "Register-ArgumentCompleter"),
        ("elvish", "edit:completion"),
    ] {
        let script = gradlab(&format!("completions {shell}")).text();
        assert!(script.contains(mark) && script.contains("activation"), "{shell}");
    }
    gradlab("completions bsh").refused(&["a similar value exists: 'bash'"]);
}

#[test]
fn manual_pages_for_gradlab_and_its_commands() {
    let page = gradlab("man").text();
    assert!(page.contains(".TH gradlab 1") && page.contains("Exit codes"), "{page}");
    assert!(gradlab("man step").text().contains("Follow an optimizer step by step"));
    gradlab("man stepp").refused(&["there is no command `stepp`; did you mean `step`?"]);
}
