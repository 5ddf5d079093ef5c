//! A comparison as Markdown.

use std::fmt::Write as _;

use super::{Comparison, search, sentence, table, wording};
use crate::compare::letter;
use crate::compare::statistics::Quartiles;
use crate::experiment::{Rates, short_script_recipe};
use crate::text::{markdown, markdown_code};

/// Heading, ranking, warnings and method. `charts` are titles and files to embed.
#[must_use]
pub fn report(comparison: &Comparison<'_>, charts: &[(&str, &str)]) -> String {
    let Comparison { name, plan, ranking, .. } = comparison;
    // Writing to a string cannot fail.
    let mut text =
        format!("# {}\n\n{}.\n\n", name.in_markdown(), markdown(&table::heading(comparison)));
    text +=
        "| # | arm | rank | best lr | test loss | 25–75% | test accuracy | diverged | vs 1st |\n";
    text +=
        "|--:|:----|:-----|--------:|----------:|:-------|--------------:|---------:|:-------|\n";
    for (index, standing) in ranking.standings.iter().enumerate() {
        let median = |it: Option<Quartiles>| {
            it.map_or_else(|| "–".to_owned(), |it| wording::number(it.median))
        };
        let mark = if standing.provisional { "~" } else { "" };
        let _ = writeln!(
            text,
            "| {} | {} {} | {} | {} | {mark}{} | {} | {} | {}/{} | {} |",
            index + 1,
            letter(standing.arm),
            plan.arms[standing.arm].name.in_markdown(),
            wording::rank_set(standing.rank_set),
            wording::best_rate(standing),
            median(standing.test_loss),
            standing.test_loss.map_or_else(String::new, wording::band),
            median(standing.test_accuracy),
            standing.diverged.0,
            standing.diverged.1,
            if index == 0 { "–".to_owned() } else { wording::verdict(standing.versus.as_ref()) },
        );
    }
    if let Some(verdict) = sentence::of_ranking(plan, ranking) {
        let _ = write!(text, "\n{}\n", markdown(&verdict));
    }
    targets(&mut text, comparison);
    text += &search::section(comparison);
    let edits = wording::edits(plan);
    if !edits.is_empty() {
        text += "\n";
    }
    for edits in &edits {
        let _ = writeln!(text, "- {}.", markdown(edits));
    }
    let warnings = ranking.warnings(plan);
    if !warnings.is_empty() {
        text += "\n";
    }
    for warning in &warnings {
        let _ = writeln!(text, "- **Note.** {}.", markdown(&wording::warning(warning, plan)));
    }
    for (title, file) in charts {
        let _ = write!(text, "\n## {title}\n\n![{title}]({file})\n");
    }
    text + &method(comparison)
}

fn targets(text: &mut String, comparison: &Comparison<'_>) {
    let Some(target) = comparison.plan.target else { return };
    let _ = write!(
        text,
        "\nTo the target {}, misses counted as ∞:\n\n",
        markdown_code(&target.to_string())
    );
    *text += "| arm | met | steps | 25–75% | seconds |\n|:----|----:|------:|:-------|--------:|\n";
    for standing in &comparison.ranking.standings {
        if let Some(it) = &standing.to_target {
            let _ = writeln!(
                text,
                "| {} | {}/{} | {} | {} | {} |",
                letter(standing.arm),
                it.reached,
                it.of,
                wording::steps(it.steps.median),
                wording::step_band(it.steps),
                wording::number(it.seconds.median),
            );
        }
    }
}

/// How settings are searched.
const SEARCHED: &str = "Every arm had the same number of trials over those of the settings that it has: \
                        the first at its defaults, the others by a Kronecker sequence (Roberts 2018) \
                        over the ranges of its catalog entries, on their scales. Each was run on the \
                        tuning seeds and judged by the median loss on a fifth of the training rows. The \
                        best so far after k trials is what a search of k trials would have found.";

/// What was done, so that a reader can judge it and do it again.
fn method(comparison: &Comparison<'_>) -> String {
    let Comparison { plan, .. } = comparison;
    let tuning = match plan.budget {
        None if !plan.tune.is_empty() => SEARCHED.to_owned(),
        None => {
            let extended = match plan.rates {
                Rates::Auto => {
                    " The grid was extended as long as the best rate was at an end of it."
                }
                Rates::Around(_) | Rates::Span { .. } => "",
            };
            "Every learning rate of an arm was tried on the tuning seeds and judged by the median \
             loss on a fifth of the training rows."
                .to_owned()
                + extended
        }
        Some(budget) => format!(
            "All arms shared {} seconds equally. The learning rates of an arm were halved round by \
             round, with one seed a round and equal time for each run of it, judged by the loss on \
             a fifth of the training rows.",
            budget.wall.as_secs_f64()
        ),
    };
    let list = |seeds: &[u64]| seeds.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
    format!(
        "\n## Method\n\n\
         {tuning} At the best one the arm was then run on the final \
         seeds with all training rows; the loss on the test rows is reported and decides nothing. \
         All runs of a seed have the same data and batches and draw their first weights from the \
         same numbers. A diverged run counts as an infinite loss, a target that was not met as \
         infinitely many steps. Quartiles are of type 7. All pairs of arms are compared by the \
         paired t of the logarithms of their losses (at least 1e-8, at most the loss before the \
         first step, which a diverged run counts as), the signs of whole seeds flipped, by the \
         step-down maximum (Romano & Wolf 2005) at the level of 0.05; a rank goes from 1 + the \
         arms that are significantly better to all arms less those that are significantly worse \
         (Mogstad et al. 2024). {}. Seconds are computing time of a run's thread; `wall_seconds` are \
         by the clock.\n\n\
         - Final seeds: {}\n- Tuning seeds: {}\n- Experiment: {}\n",
        wording::uncertainty(plan),
        list(&plan.seeds),
        list(&plan.tuning_seeds),
        markdown_code(&format!("gradlab {}", short_script_recipe(&plan.base)))
    )
}
