//! What a busy run asks of the link and of the machine.

use std::time::{Duration, Instant};

use super::harness::{ENDLESS, Start, step, step_while};

#[test]
fn a_run_at_full_speed_spares_the_link() {
    const SPAN: Duration = Duration::from_secs(5);
    let mut terminal = Start::gradlab(&[ENDLESS]).open();
    terminal.press("]]]", |screen| {
        (screen.contains("pace max") && step(screen)? > 10_000).then_some(())
    });
    let process = terminal.foreground().as_raw_nonzero().get();
    let (bytes, time, begun) = (terminal.bytes().len(), cpu_time(process), Instant::now());
    std::thread::sleep(SPAN);
    let span = begun.elapsed().as_secs_f64();
    let rate = (terminal.bytes().len() - bytes) as f64 / span / 1e3;
    let share = (cpu_time(process) - time) / span;
    println!("{rate:.0} kB/s, {share:.2} cores, {}", step(&terminal.screen()).unwrap());
    assert!(rate > 1.0 && rate < 400.0, "{rate:.0} kB/s");
    terminal.keys("q");
    terminal.end().in_order(0);
}

/// Bytes a second of a run at full speed, over a few seconds.
fn rate(args: &[&str], size: (u16, u16)) -> f64 {
    const SPAN: Duration = Duration::from_secs(8);
    let mut terminal = Start::gradlab(&[&[ENDLESS], args].concat()).size(size).open();
    terminal.press("]]]", |screen| {
        (screen.contains("pace max") && step(screen)? > 10_000).then_some(())
    });
    // What was drawn at first is paid for.
    std::thread::sleep(SPAN);
    let (bytes, begun) = (terminal.bytes().len(), Instant::now());
    std::thread::sleep(SPAN);
    let rate = (terminal.bytes().len() - bytes) as f64 / begun.elapsed().as_secs_f64() / 1e3;
    println!("{args:?} {size:?}: {rate:.1} kB/s");
    terminal.keys("q");
    terminal.end().in_order(0);
    rate
}

/// More would be sent by nothing but a fault; less, on a busy machine, is as well.
#[test]
fn what_is_sent_is_bounded() {
    for (args, size, most) in
        [(&[][..], (120, 40), 25.0), (&[], (200, 60), 40.0), (&["--slow-link"], (120, 40), 6.0)]
    {
        let rate = rate(args, size);
        assert!(rate > 0.2 && rate <= most, "{args:?} {size:?}: {rate:.1} kB/s");
    }
}

#[test]
fn a_run_that_rests_sends_nothing() {
    let mut terminal = Start::gradlab(&[ENDLESS]).open();
    terminal.wait("training", |screen| step_while("running", screen).filter(|&n| n > 0));
    terminal.press_for(" ", "paused");
    // What was said goes after some seconds, which is drawn.
    let silent = (0..20).any(|_| {
        let before = terminal.bytes().len();
        std::thread::sleep(Duration::from_secs(2));
        terminal.bytes().len() == before
    });
    assert!(silent, "{}", terminal.screen());
    terminal.keys("q");
    terminal.end().in_order(0);
}

/// Keys are typed without waiting for what they do, over a link on which that takes almost half a second.
#[test]
fn over_a_long_way_no_key_is_lost() {
    let mut terminal = Start::gradlab(&[ENDLESS]).latency(Duration::from_millis(200)).open();
    terminal.wait("training", |screen| step_while("running", screen).filter(|&n| n > 0));
    for key in ["p", "m", "o", "o", "n", "s", "\r"] {
        terminal.keys(key);
        std::thread::sleep(Duration::from_millis(30));
    }
    terminal.wait_for("Two moons");
    terminal.press_for("/momentu", "/ momentu");
    terminal.press_for("m", "/ momentum");
    terminal.keys("\x03");
    terminal.end().in_order(0);
}

/// The terminal answers in the middle of a word, in pieces, and later than it is waited for.
#[test]
fn a_late_answer_is_no_key() {
    let mut terminal = Start::gradlab(&[ENDLESS]).open();
    terminal.wait("training", |screen| step_while("running", screen).filter(|&n| n > 0));
    assert!(terminal.bytes().windows(6).any(|bytes| bytes == b"\x1b]11;?"));
    terminal.press_for("/mom", "/ mom");
    for piece in ["\x1b]11;rgb:ff", "ff/ffff/ffff\x1b", "\\\x1b[?62;22c", "entum"] {
        terminal.keys(piece);
        std::thread::sleep(Duration::from_millis(30));
    }
    terminal.wait_for("/ momentum");
    // The blue of light backgrounds.
    let light = b"38;2;0;114;178";
    let seen = (0..600).any(|_| {
        std::thread::sleep(Duration::from_millis(50));
        terminal.bytes().windows(light.len()).any(|bytes| bytes == light)
    });
    assert!(seen, "{}", terminal.screen());
    terminal.keys("\x03");
    terminal.end().in_order(0);
}

/// Seconds of processor time that a process has used, from Linux's `/proc/PID/stat`; else none.
fn cpu_time(process: i32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let fields = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    // utime and stime, in ticks of 10 ms.
    fields
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|ticks| ticks.parse::<f64>().ok())
        .sum::<f64>()
        / 100.0
}
