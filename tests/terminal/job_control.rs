//! Ctrl-Z, `fg`, and the signals behind them.
#![cfg(target_os = "linux")]

use std::fs;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::harness::{CTRL_Z, ENDLESS, GRADLAB, Start, Terminal, step_while};

/// A shell that runs gradlab as a job and tells how it went; it goes on with the job after ⏎.
const SHELL: [&str; 3] =
    ["sh", "-mc", "\"$0\" \"$@\"; echo; echo stopped $?; read _; fg >/dev/null; echo ended $?"];

fn is_stopped(process: Pid) -> bool {
    let path = format!("/proc/{}/stat", process.as_raw_nonzero());
    let stat = fs::read_to_string(path).unwrap();
    stat.rsplit_once(')').unwrap().1.trim_start().starts_with('T')
}

/// Whether all processes of a job are stopped: until then one of them may still read what is typed.
fn job_is_stopped(job: Pid) -> bool {
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let stats = processes.filter_map(|it| fs::read_to_string(it.path().join("stat")).ok());
    stats
        .filter_map(|stat| {
            // state, parent, process group
            let rest = stat.rsplit_once(')')?.1.to_owned();
            let fields: Vec<&str> = rest.split_whitespace().collect();
            let group: i32 = fields.get(2)?.parse().ok()?;
            (group == job.as_raw_nonzero().get()).then(|| fields[0] == "T")
        })
        .all(|stopped| stopped)
}

fn running_step(terminal: &Terminal) -> u64 {
    terminal.wait("training", |screen| step_while("running", screen).filter(|&n| n > 0))
}

/// Stops gradlab by `stop`, looks at what the shell finds, and lets it go on.
fn stops_and_comes_back(stop: impl Fn(&mut Terminal)) {
    let paced = ENDLESS.replace("steps=100000000", "steps=2000");
    let mut terminal = Start::command(&[&SHELL[..], &[GRADLAB, &paced]].concat()).open();
    let before = running_step(&terminal);
    let gradlab = terminal.foreground();
    stop(&mut terminal);
    terminal.wait_for("stopped");
    assert!(is_stopped(gradlab));
    assert!(terminal.modes_are_restored() && terminal.screen_is_given_back());
    let stopped = Instant::now();
    while stopped.elapsed() < Duration::from_secs(3) {
        std::thread::sleep(Duration::from_millis(100));
    }
    terminal.keys("\n");
    let after = running_step(&terminal);
    // At 100 steps a second; it must not rush through those that it might have made meanwhile.
    assert!(after >= before && after < before + 200, "{before} → {after}");
    terminal.wait("progress", |screen| step_while("running", screen).filter(|&n| n > after));
    terminal.wait_for("all keys");
    terminal.keys("q");
    let ended = terminal.end();
    ended.in_order(0);
    assert!(ended.text.contains("ended 0"), "{}", ended.text);
}

#[test]
fn ctrl_z_and_fg() {
    stops_and_comes_back(|terminal| terminal.keys(CTRL_Z));
}

#[test]
fn sigtstp_and_fg() {
    stops_and_comes_back(|terminal| terminal.signal(Signal::TSTP));
}

/// A parent that waits for it, such as `make`, must not keep the shell waiting.
#[test]
fn ctrl_z_stops_the_whole_job() {
    let wrapped = ["sh", "-c", "\"$0\" \"$@\"; exit $?", GRADLAB, ENDLESS];
    let mut terminal = Start::command(&[&SHELL[..], &wrapped].concat()).open();
    running_step(&terminal);
    let job = terminal.foreground();
    terminal.press_for(CTRL_Z, "stopped");
    assert!(terminal.modes_are_restored());
    while !job_is_stopped(job) {
        std::thread::sleep(Duration::from_millis(10));
    }
    terminal.keys("\n");
    running_step(&terminal);
    terminal.keys("q");
    terminal.end().in_order(0);
}

/// Where no shell could go on with it, it would stop for good.
#[test]
fn without_a_shell_ctrl_z_says_so() {
    let mut terminal = Start::gradlab(&[ENDLESS]).open();
    running_step(&terminal);
    terminal.press_for(CTRL_Z, "no shell to come back from");
    terminal.signal(Signal::TSTP);
    let now = running_step(&terminal);
    terminal.wait("progress", |screen| step_while("running", screen).filter(|&n| n > now));
    terminal.keys("q");
    terminal.end().in_order(0);
}

/// Nothing announces SIGSTOP; whoever used the terminal meanwhile may have left anything behind.
#[test]
fn sigcont_takes_the_terminal_again() {
    let script = "stty -echo; \"$0\" \"$@\"; stty sane; echo stopped; fg >/dev/null; echo ended $?";
    let mut terminal = Start::command(&["sh", "-mc", script, GRADLAB, ENDLESS]).open();
    running_step(&terminal);
    kill_process(terminal.foreground(), Signal::STOP).unwrap();
    let step = running_step(&terminal);
    terminal.wait("progress", |screen| step_while("running", screen).filter(|&n| n > step));
    // In cooked mode the key would wait for a ⏎.
    terminal.press_for("?", "╭ Keys ");
    terminal.keys("\x03");
    assert_eq!(terminal.end().code, 0);
}
