//! One comparison or several, with the performance profile of the latter.

use std::fmt::Write as _;
use std::io;
use std::path::Path;

use serde_json::{Value, json};

use super::json::pretty;
use super::{Comparison, chart, json, markdown as report, table};
use crate::compare::{Profiles, letter, profiles};
use crate::export::file;
use crate::text::markdown;

/// The factors at which a profile is tabulated.
const TAUS: [f64; 5] = [1.0, 1.5, 2.0, 4.0, 8.0];

/// All comparisons of one command.
#[derive(Clone, Debug)]
pub struct Summary<'a> {
    comparisons: &'a [Comparison<'a>],
    profiles: Option<Profiles>,
}

impl<'a> Summary<'a> {
    /// Of these.
    #[must_use]
    pub fn of(comparisons: &'a [Comparison<'a>]) -> Self {
        let pairs: Vec<_> = comparisons.iter().map(|it| (it.plan, it.ranking)).collect();
        Self { comparisons, profiles: profiles(&pairs) }
    }

    /// As lines for a terminal of 80 columns.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut lines =
            self.comparisons.iter().map(table::lines).collect::<Vec<_>>().join(&String::new());
        if let Some(profiles) = &self.profiles {
            lines.push(String::new());
            lines
                .push("Share of experiments solved within τ times the steps of the fastest".into());
            let head: String = TAUS.map(|tau| format!("{:>8}", format!("τ={tau}"))).concat();
            lines.push(format!("   {head}   solved"));
            for (arm, profile) in profiles.profiles.iter().enumerate() {
                let shares = TAUS.map(|tau| format!("{:>8.2}", profile.at(tau))).concat();
                let name = profiles.arms[arm].on_terminal();
                lines.push(format!(" {} {shares} {:>8.2}   {name}", letter(arm), profile.solved()));
            }
        }
        lines
    }

    /// As JSON: one comparison as it is, several in a list.
    #[must_use]
    pub fn json(&self) -> Value {
        if let [one] = self.comparisons {
            return json::ranking(one);
        }
        let profile = self.profiles.as_ref().map(|it| {
            let arms = it.arms.iter().zip(&it.profiles);
            arms.map(|(name, profile)| json!({ "name": name.raw(), "ratios": profile.ratios }))
                .collect::<Vec<_>>()
        });
        json!({
            "comparisons": self.comparisons.iter().map(json::ranking).collect::<Vec<_>>(),
            "profile": profile,
        })
    }

    /// As Markdown; `files` says whether it stands beside the folders of the comparisons and can
    /// point to them.
    #[must_use]
    pub fn markdown(&self, files: bool) -> String {
        let mut text = String::new();
        for (number, comparison) in (1..).zip(self.comparisons) {
            if files {
                let heading = markdown(&table::heading(comparison));
                let _ = writeln!(text, "- [{heading}]({number}/report.md)");
            } else {
                text += &report::report(comparison, &[]);
                text += "\n";
            }
        }
        if let Some(profiles) = &self.profiles {
            text += "\n# Performance profile\n\nShare of experiments on which an arm met the \
                     target in at most τ times the steps of the fastest.\n\n| arm |";
            let cells: String = TAUS.map(|tau| format!(" τ = {tau} |")).concat();
            let _ = writeln!(text, "{cells} solved |\n|:----|{}---:|", "---:|".repeat(TAUS.len()));
            for (arm, profile) in profiles.profiles.iter().enumerate() {
                let cells = TAUS.map(|tau| format!(" {:.2} |", profile.at(tau))).concat();
                let name = profiles.arms[arm].in_markdown();
                let _ =
                    writeln!(text, "| {} {name} |{cells} {:.2} |", letter(arm), profile.solved());
            }
        }
        text
    }

    /// Writes `report.md`, `ranking.json` and the profile's chart beside the folders of several
    /// comparisons.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        let mut text = self.markdown(true);
        let drawn = self.profiles.as_ref().and_then(|it| chart::profile(&it.arms, &it.profiles));
        if let Some(svg) = drawn {
            file::write(&folder.join("profile.svg"), svg.map_err(io::Error::other)?)?;
            text += "\n![Performance profile](profile.svg)\n";
        }
        file::write(&folder.join("report.md"), text)?;
        file::write(&folder.join("ranking.json"), pretty(&self.json()))
    }
}
