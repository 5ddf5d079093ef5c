//! What a busy run asks of the link and of the machine.

use std::time::{Duration, Instant};

use super::harness::{ENDLESS, Start, step};

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
