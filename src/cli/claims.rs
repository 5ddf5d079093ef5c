//! `gradlab claims`: what is often said of activations and optimizers, put to the test.

use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::process::ExitCode;

use anyhow::anyhow;
use crossbeam_channel::never;
use serde_json::{Value, json};

use super::failure::Failure;
use super::output::{self, say};
use super::text::{Page, column, pad};
use crate::compare::claims::{CLAIMS, Claim, Factors, Finding, Judged, Progress, TwoWay};
use crate::export::claims::sentence;
use crate::parallel;
use crate::spec::nearest;

mod markdown;

const AFTER_HELP: &str = "\
Examples:
  gradlab list claims
  gradlab claims adagrad-sparse
  gradlab claims --format markdown > claims.md

Each claim is judged by comparisons of two arms, each at its own best learning rate, on
16 fresh seeds. It holds if the first is better in all of them and not by chance; it holds
here (and not there) if in some; it does not hold if in none and worse in some; else it is
undecided. Without a name, all claims are judged, and activations × optimizers are set
against each other by the shares of variance that each accounts for.";

/// Put claims about activations and optimizers to the test
///
/// JSON is a list of objects with name, statement, verdict (holds, holds here, does not hold or undecided)
/// and evidence: a list with task, finding (for, against or open), p, by, seeds, and arms with name, low,
/// median and high (null for runs that never got there). Without a name there is one more, `two-way`, whose
/// evidence has of, and activation, optimizer, interaction and seeds, each with share, low and high.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// The claims to judge; all if none is named
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    format: ClaimFormat,
    /// Runs at a time [default: one a core]
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
}

#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
enum ClaimFormat {
    #[default]
    Table,
    Json,
    Markdown,
}

/// Judges the claims.
///
/// # Errors
/// If there is no such claim, or a comparison cannot be run.
pub fn run(args: Args) -> Result<ExitCode, Failure> {
    let claims = named(&args.names)?;
    let jobs = args.jobs.map_or_else(parallel::threads, NonZeroUsize::get);
    let mut judged = Vec::new();
    for claim in claims {
        let mut told = |progress: &Progress| {
            let begun = claim.duels.get(progress.evidence.len()).filter(|_| progress.runs.0 == 0);
            if let Some(duel) = begun {
                say(format_args!("{}: {}", claim.name, duel.task));
            }
        };
        judged.extend(claim.judge(jobs, &never(), &mut told).map_err(failed)?);
    }
    let two_way = if args.names.is_empty() {
        say("activations × optimizers");
        Some(TwoWay::run(jobs).map_err(failed)?)
    } else {
        None
    };
    let mut out = output::stdout();
    match args.format {
        ClaimFormat::Table => write_table(&mut out, Page::stdout(), &judged, two_way.as_ref())?,
        ClaimFormat::Markdown => markdown::write(&mut out, &judged, two_way.as_ref())?,
        ClaimFormat::Json => {
            let all: Vec<Value> =
                judged.iter().map(as_json).chain(two_way.iter().map(two_way_as_json)).collect();
            output::write_json(&mut out, &all)?;
        }
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn failed(reason: String) -> Failure {
    Failure::Work(anyhow!(reason))
}

/// The claims of these names, or all.
fn named(names: &[String]) -> Result<Vec<&'static Claim>, Failure> {
    if names.is_empty() {
        return Ok(CLAIMS.iter().collect());
    }
    let find = |name: &String| {
        let wanted = name.replace('_', "-");
        CLAIMS.iter().find(|claim| claim.name == wanted).ok_or_else(|| {
            let all = || CLAIMS.iter().map(|claim| claim.name);
            let help = nearest(&wanted, all()).map_or_else(
                || format!("the claims are {}", all().collect::<Vec<_>>().join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            Failure::input(format!("there is no claim called `{name}`; {help}"))
        })
    };
    names.iter().map(find).collect()
}

fn write_table(
    out: &mut impl Write,
    page: Page,
    judged: &[Judged],
    two_way: Option<&TwoWay>,
) -> io::Result<()> {
    for Judged { claim, judgement, evidence } in judged {
        writeln!(out, "{}", page.heading(&format!("{}: {}", claim.name, judgement.words())))?;
        for line in page.beside("", 2, claim.statement) {
            writeln!(out, "{line}")?;
        }
        let tasks = column(evidence.iter().map(|it| it.duel.task));
        for it in evidence {
            for line in
                page.beside(&format!("  {}", pad(it.duel.task, tasks)), tasks + 2, &sentence(it))
            {
                writeln!(out, "{line}")?;
            }
        }
        writeln!(out)?;
    }
    if let Some(two_way) = two_way {
        writeln!(out, "{}", page.heading("activations × optimizers: shares of variance in %"))?;
        for factors in &two_way.factors {
            writeln!(out, "  {}", factors.of)?;
            for (name, share, (low, high)) in shares(factors) {
                writeln!(out, "    {name:<12}{share:>4.0}  [{low:.0}, {high:.0}]")?;
            }
        }
        writeln!(out, "  runs that came to a training loss of 0.2, over all optimizers")?;
        for (activation, share) in &two_way.solved {
            writeln!(out, "    {activation:<12}{:>4.0}%", 100.0 * share)?;
        }
    }
    Ok(())
}

/// Name, share and interval of each factor, in percent.
fn shares(factors: &Factors) -> [(&'static str, f64, (f64, f64)); 4] {
    let parts = factors.shares;
    let names = [
        ("activation", parts.rows),
        ("optimizer", parts.columns),
        ("interaction", parts.interaction),
        ("seeds", parts.rest),
    ];
    let mut ends = factors.intervals.into_iter();
    names.map(|(name, share)| {
        let (low, high) = ends.next().unwrap_or((f64::NAN, f64::NAN));
        (name, 100.0 * share, (100.0 * low, 100.0 * high))
    })
}

fn as_json(judged: &Judged) -> Value {
    let evidence = judged.evidence.iter().map(|it| {
        let arms = it.duel.arms.iter().zip(it.values).map(|((name, _), values)| {
            json!({"name": name, "low": values.low, "median": values.median, "high": values.high})
        });
        let finding = match it.finding {
            Finding::For => "for",
            Finding::Against => "against",
            Finding::Open => "open",
        };
        json!({
            "task": it.duel.task,
            "finding": finding,
            "p": it.p,
            "by": it.duel.by.name(),
            "seeds": it.seeds,
            "arms": arms.collect::<Vec<_>>(),
        })
    });
    json!({
        "name": judged.claim.name,
        "statement": judged.claim.statement,
        "verdict": judged.judgement.words(),
        "evidence": evidence.collect::<Vec<_>>(),
    })
}

fn two_way_as_json(two_way: &TwoWay) -> Value {
    let evidence = two_way.factors.iter().map(|factors| {
        let mut entry = json!({"of": factors.of});
        for (name, share, (low, high)) in shares(factors) {
            entry[name] = json!({"share": share / 100.0, "low": low / 100.0, "high": high / 100.0});
        }
        entry
    });
    let solved =
        two_way.solved.iter().map(|(name, share)| json!({"activation": name, "share": share}));
    json!({
        "name": "two-way",
        "statement": "Shares of variance that activations and optimizers account for.",
        "evidence": evidence.collect::<Vec<_>>(),
        "solved": solved.collect::<Vec<_>>(),
    })
}
