use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};

use crate::compare::claims::{CLAIMS, Claim, Evidence, Judged, Judgement, Progress, Told};
use crate::experiment::load;
use crate::export::text::buffer_to_text;
use crate::train::Command;
use crate::tui::app::App;
use crate::tui::effect::Effect;
use crate::tui::keymap::Action;
use crate::tui::picture;
use crate::tui::theme::{Depth, Theme};

fn press(app: &mut App, code: KeyCode) -> Vec<Effect> {
    app.on_input(&Event::Key(KeyEvent::new(code, KeyModifiers::NONE)))
}

/// The words in the panel beside the list, whatever line they are in.
fn shown(app: &mut App, size: (u16, u16)) -> String {
    let text = buffer_to_text(&picture::draw(app, size, Theme::new(Depth::None)));
    let half = |line: &str| line.chars().skip(usize::from(size.0 / 2)).collect::<String>();
    let text = text.lines().map(half).collect::<Vec<_>>().join(" ");
    text.replace('│', " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The app with the cursor on the claim called `name`.
fn on_claim(name: &str) -> (App, &'static Claim) {
    let mut app = App::new(load("moons").unwrap().experiment);
    app.act(Action::Go('5'));
    press(&mut app, KeyCode::End);
    let place = CLAIMS.iter().rev().position(|claim| claim.name == name).unwrap();
    for _ in 0..place {
        press(&mut app, KeyCode::Up);
    }
    (app, CLAIMS.iter().find(|claim| claim.name == name).unwrap())
}

/// What a judge tells if the first arm of every comparison needs `share` of what the second needs.
fn planted(claim: &'static Claim, share: f64) -> Told {
    let second = [1.0, 1.1, 0.9, 1.2, 0.8, 1.0, 1.1, 0.9];
    let first = second.map(|x| share * x);
    let evidence = claim.duels.iter().map(|duel| Evidence::of(duel, &first, &second).unwrap());
    Told::Judged(Judged::of(claim, evidence.collect()))
}

fn judges(effects: &[Effect]) -> bool {
    effects.iter().any(|effect| matches!(effect, Effect::Judge(_)))
}

#[test]
fn a_claim_is_predicted_tested_and_told_with_its_figures() {
    for (share, found) in [(0.5, Judgement::Holds), (2.0, Judgement::DoesNotHold)] {
        let (mut app, claim) = on_claim("adam-faster");
        assert!(shown(&mut app, (120, 40)).contains("For it: at the best rate of each"));
        // Nothing is run before a prediction.
        assert!(!judges(&press(&mut app, KeyCode::Enter)));
        let effects = press(&mut app, KeyCode::Char('1'));
        assert!(effects.iter().any(|it| matches!(it, Effect::KeepProgress)));
        assert_eq!(app.tab().key, '5');
        assert_eq!(app.workspace.progress.predicted(claim), Some(Judgement::Holds));
        assert!(judges(&press(&mut app, KeyCode::Enter)));
        let progress = Progress { evidence: Vec::new(), runs: (45, 122) };
        app.on_told(Told::Progress(progress));
        for size in [(80, 24), (120, 40)] {
            let text = shown(&mut app, size);
            assert!(text.contains("Comparison 1 of 3, spirals: 45 of 122 runs."), "{text}");
        }
        // One at a time, and nothing is forgotten meanwhile.
        assert!(!judges(&press(&mut app, KeyCode::Enter)));
        press(&mut app, KeyCode::Char('r'));
        // The run rested meanwhile, and goes on.
        let effects = app.on_told(planted(claim, share));
        assert!(effects.iter().any(|it| matches!(it, Effect::KeepProgress)));
        assert!(effects.iter().any(|it| matches!(it, Effect::Send(Command::Run))));
        let judged = app.workspace.progress.judged(claim).unwrap();
        assert_eq!(judged.judgement, found);
        for size in [(80, 24), (120, 40)] {
            let text = shown(&mut app, size);
            let verdict = match found {
                Judgement::Holds => "✓ You were right: it holds in all comparisons.",
                _ => "✗ By these runs it does not hold.",
            };
            for part in [verdict, "$ gradlab claims adam-faster", "r predicts anew.", "p = 0.008"] {
                assert!(text.contains(part), "{part} at {size:?}: {text}");
            }
            for duel in claim.duels {
                assert!(text.contains(&format!("{}: ", duel.task)), "{text}");
            }
        }
        // Digits are screens again.
        press(&mut app, KeyCode::Char('2'));
        assert_eq!(app.tab().key, '2');
    }
}

#[test]
fn escape_stops_a_test_and_keeps_the_prediction() {
    let (mut app, claim) = on_claim("relu-best");
    press(&mut app, KeyCode::Char('3'));
    press(&mut app, KeyCode::Char(' '));
    assert!(app.workspace.is_judging(claim));
    // From another screen the tab tells how far it is.
    press(&mut app, KeyCode::Char('1'));
    app.on_told(Told::Progress(Progress { evidence: Vec::new(), runs: (61, 122) }));
    let text = buffer_to_text(&picture::draw(&mut app, (200, 60), Theme::new(Depth::None)));
    assert!(text.contains("5 Learn 16%"), "{text}");
    press(&mut app, KeyCode::Char('5'));
    let effects = press(&mut app, KeyCode::Esc);
    assert!(effects.iter().any(|it| matches!(it, Effect::StopJudging)));
    assert!(!app.workspace.is_judging(claim));
    assert!(app.workspace.progress.judged(claim).is_none());
    assert!(shown(&mut app, (120, 40)).contains("You said: it does not hold."));
    press(&mut app, KeyCode::Esc);
    assert_eq!(app.tab().key, '1');
}

#[test]
fn a_verdict_on_a_claim_that_is_out_of_sight_is_told() {
    let (mut app, claim) = on_claim("momentum-faster");
    press(&mut app, KeyCode::Char('2'));
    press(&mut app, KeyCode::Enter);
    press(&mut app, KeyCode::Char('1'));
    app.on_told(planted(claim, 1.0));
    let notice = app.workspace.notice.as_ref().unwrap();
    assert!(notice.text.contains("Learn screen"), "{}", notice.text);
    assert_eq!(app.workspace.progress.judged(claim).unwrap().judgement, Judgement::Undecided);
    press(&mut app, KeyCode::Char('5'));
    press(&mut app, KeyCode::Char('r'));
    assert_eq!(app.workspace.progress.predicted(claim), None);
    assert!(shown(&mut app, (120, 40)).contains("Press 1 to 4."));
}

#[test]
fn all_that_can_be_said_of_a_claim_fits_the_usual_sizes() {
    for claim in CLAIMS {
        for size in [(80, 24), (120, 40)] {
            let (mut app, _) = on_claim(claim.name);
            let text = shown(&mut app, size);
            for part in ["For it: ", "Against it: ", "4 nothing can be told", "Press 1 to 4."] {
                assert!(text.contains(part), "{} at {size:?}, {part}: {text}", claim.name);
            }
            press(&mut app, KeyCode::Char('4'));
            press(&mut app, KeyCode::Enter);
            app.on_told(planted(claim, 0.5));
            let text = shown(&mut app, size);
            assert!(text.contains("r predicts anew."), "{} at {size:?}: {text}", claim.name);
            assert_eq!(text.matches("p = 0.008").count(), claim.duels.len(), "{text}");
        }
    }
}
