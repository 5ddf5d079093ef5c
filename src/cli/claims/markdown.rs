//! Judged claims as a report in Markdown.

use std::io::{self, Write};

use super::shares;
use crate::compare::claims::{Finding, Judged, TwoWay};
use crate::export::claims::number;

/// Writes the report.
///
/// # Errors
/// If it cannot be written.
pub fn write(out: &mut impl Write, judged: &[Judged], two_way: Option<&TwoWay>) -> io::Result<()> {
    writeln!(out, "# Claims, put to the test\n\n| claim | verdict |\n|---|---|")?;
    for Judged { claim, judgement, .. } in judged {
        writeln!(out, "| {} | **{}** |", claim.statement, judgement.words())?;
    }
    for Judged { claim, judgement, evidence } in judged {
        writeln!(out, "\n## {}\n\n{}: **{}**.\n", claim.name, claim.statement, judgement.words())?;
        writeln!(out, "- For it: {}.\n- Against it: {}.\n", claim.supports, claim.contradicts)?;
        writeln!(out, "| on | arm | median [quartiles] | by | finding |\n|---|---|---|---|---|")?;
        for it in evidence {
            let finding = match it.finding {
                Finding::For => "for it",
                Finding::Against => "against it",
                Finding::Open => "open",
            };
            for ((name, _), values) in it.duel.arms.iter().zip(it.values) {
                let [low, median, high] = [values.low, values.median, values.high].map(number);
                writeln!(
                    out,
                    "| {} | {name} | {median} [{low}, {high}] | {} | {finding}, p = {:.3} |",
                    it.duel.task,
                    it.duel.by.name(),
                    it.p
                )?;
            }
        }
    }
    let Some(two_way) = two_way else { return Ok(()) };
    writeln!(out, "\n## Activations × optimizers\n\nShares of variance, with 95 % intervals.\n")?;
    writeln!(out, "| in | activation | optimizer | interaction | seeds |\n|---|---|---|---|---|")?;
    for factors in &two_way.factors {
        let cells = shares(factors)
            .map(|(_, share, (low, high))| format!("{share:.0} % [{low:.0}, {high:.0}]"));
        writeln!(out, "| {} | {} |", factors.of, cells.join(" | "))?;
    }
    writeln!(out, "\n| activation | runs that came to a training loss of 0.2 |\n|---|---|")?;
    for (activation, share) in &two_way.solved {
        writeln!(out, "| {activation} | {:.0} % |", 100.0 * share)?;
    }
    Ok(())
}
