//! One process from outside: its processor time, its time on the clock, its peak of memory, as the operating system counts
//! them for it and all it waited for.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;
use wait4::Wait4;

/// What a process took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cost {
    /// Seconds of processor time, its own and the system's on its behalf.
    pub(crate) cpu: f64,
    /// Seconds on the clock.
    pub(crate) wall: f64,
    /// MB (2^20 bytes) at its peak: that of the largest process, not their sum.
    pub(crate) peak: f64,
}

/// Runs a command to its end; what it prints goes to `log`.
///
/// # Errors
///
/// When it cannot be started or fails, with the last lines of what it printed.
pub(crate) fn run(command: &mut Command, log: &Path) -> Result<Cost, String> {
    let shown = command_line(command);
    let file = File::create(log).map_err(|e| format!("cannot write `{}`: {e}", log.display()))?;
    let twin = file.try_clone().map_err(|e| format!("cannot write `{}`: {e}", log.display()))?;
    command.stdin(Stdio::null()).stdout(file).stderr(twin);
    let start = Instant::now();
    let mut child = command.spawn().map_err(|e| format!("cannot run `{shown}`: {e}"))?;
    let used = child.wait4().map_err(|e| format!("cannot wait for `{shown}`: {e}"))?;
    let wall = start.elapsed().as_secs_f64();
    if !used.status.success() {
        let text = std::fs::read_to_string(log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let tail = lines.get(lines.len().saturating_sub(12)..).unwrap_or_default().join("\n  ");
        return Err(format!("`{shown}` failed ({}):\n  {tail}", used.status));
    }
    let usage = used.rusage;
    let cpu = usage.utime.as_secs_f64() + usage.stime.as_secs_f64();
    Ok(Cost { cpu, wall, peak: usage.maxrss as f64 / f64::from(1 << 20) })
}

fn command_line(command: &Command) -> String {
    let mut out = command.get_program().to_string_lossy().into_owned();
    for argument in command.get_args() {
        out.push(' ');
        out.push_str(&argument.to_string_lossy());
    }
    out
}

/// The middle of several figures; of none, not a number.
pub(crate) fn median(figures: impl IntoIterator<Item = f64>) -> f64 {
    let mut all: Vec<f64> = figures.into_iter().collect();
    all.sort_by(f64::total_cmp);
    let at = |i: usize| all.get(i).copied().unwrap_or(f64::NAN);
    match all.len() {
        0 => f64::NAN,
        n if n % 2 == 1 => at(n / 2),
        n => (at(n / 2 - 1) + at(n / 2)) / 2.0,
    }
}

/// The middle of several costs, each figure for itself.
pub(crate) fn middle(costs: &[Cost]) -> Cost {
    Cost {
        cpu: median(costs.iter().map(|c| c.cpu)),
        wall: median(costs.iter().map(|c| c.wall)),
        peak: median(costs.iter().map(|c| c.peak)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_is_no_mean() {
        assert_eq!(median([3.0, 1.0, 100.0]), 3.0);
        assert_eq!(median([4.0, 1.0, 2.0, 100.0]), 3.0);
        assert!(median([]).is_nan());
    }

    #[cfg(unix)]
    #[test]
    fn a_process_is_measured_and_a_failure_says_what_it_printed() {
        let dir = tempfile::tempdir().expect("temp dir");
        let log = dir.path().join("log");
        let cost = run(Command::new("sh").args(["-c", "true"]), &log).expect("runs");
        assert!(cost.peak > 0.1 && cost.wall >= 0.0 && cost.cpu >= 0.0, "{cost:?}");
        let failed = run(Command::new("sh").args(["-c", "echo so it is; exit 3"]), &log).expect_err("fails");
        assert!(failed.contains("so it is") && failed.contains('3'), "{failed}");
    }
}
