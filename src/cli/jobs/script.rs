//! The scripts themselves, for any POSIX shell: files with the names of what is different in capitals.

/// The script for Slurm.
pub const SLURM: &str = include_str!("slurm.sh");
/// The script for HyperQueue.
pub const HYPERQUEUE: &str = include_str!("hyperqueue.sh");
/// The script for GNU parallel.
pub const PARALLEL: &str = include_str!("parallel.sh");

/// A comparison as a script needs it; texts are quoted for a shell.
#[derive(Debug)]
pub struct Job {
    /// The arguments of the program: `compare …`.
    pub command: String,
    /// The folder of the comparison.
    pub folder: String,
    /// Shards of each wave.
    pub shards: usize,
    /// Runs at a time in a shard.
    pub cores: usize,
    /// Runs of the first wave.
    pub tuning: usize,
    /// Runs of the second one.
    pub judging: usize,
}

impl Job {
    /// The script that `template` becomes. Each of its pieces is put in once, so that nothing in a text
    /// from outside is taken for one.
    pub fn script(&self, template: &str) -> String {
        let value = |name: &str| match name {
            "COMMAND" => Some(self.command.clone()),
            "FOLDER" => Some(self.folder.clone()),
            "SHARDS" => Some(self.shards.to_string()),
            "CORES" => Some(self.cores.to_string()),
            "TUNING" => Some(self.tuning.to_string()),
            "JUDGING" => Some(self.judging.to_string()),
            _ => None,
        };
        let (mut text, mut rest) = (String::new(), template);
        while let Some((before, after)) = rest.split_once('@') {
            text += before;
            let filled = after.split_once('@').and_then(|(name, left)| Some((value(name)?, left)));
            let (piece, left) = filled.unwrap_or_else(|| ("@".to_owned(), after));
            text += &piece;
            rest = left;
        }
        text + rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_is_different_is_filled_in_once() {
        let job = Job {
            command: "compare '@FOLDER@'".to_owned(),
            folder: "'a b'".to_owned(),
            shards: 7,
            cores: 2,
            tuning: 105,
            judging: 48,
        };
        for template in [SLURM, HYPERQUEUE, PARALLEL] {
            let script = job.script(template);
            assert!(
                script.starts_with("#!/bin/sh\n# 105 runs that try rates, then 48 "),
                "{script}"
            );
            assert!(script.contains("compare '@FOLDER@'") && script.contains("folder='a b'\n"));
            let left = script.replace("'@FOLDER@'", "");
            for name in ["COMMAND", "FOLDER", "SHARDS", "CORES", "TUNING", "JUDGING"] {
                assert!(!left.contains(&format!("@{name}@")), "{name} is left in {script}");
            }
        }
        assert!(job.script(SLURM).contains("--signal=B:TERM@30"));
    }
}
