//! One process from outside: its processor time, its time on the clock, its peak of memory, as the operating system counts
//! them for it and all it waited for.
//!
//! What cargo does is measured compilation by compilation: it runs this program in front of each `rustc`, which notes what that took.

use std::env;
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::Instant;
use wait4::Wait4 as _;

use super::subject::{absolute, read, write};

/// What a process took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cost {
    /// Seconds of processor time, its own and the system's on its behalf.
    pub(crate) cpu: f64,
    /// Seconds on the clock.
    pub(crate) wall: f64,
    /// MB (2^20 bytes) at its peak: that of the largest process, not their sum. Never below what this program takes itself
    /// when it starts the other, because the system counts from there.
    pub(crate) peak: f64,
}

/// Names the file that cachegrind writes what the `rustc` of [`COUNTED`] took to.
const COUNT: &str = "XTASK_BENCH_COUNT";
pub(crate) const COUNTED: &str = "subject";

/// Names the file that the costs of compilations are noted in; set for cargo, it makes this program stand in front of `rustc`.
const COSTS: &str = "XTASK_BENCH_COSTS";

/// Runs a command to its end; what it prints goes to `log`.
///
/// # Errors
///
/// When it cannot be started or fails, with the last lines of what it printed.
pub(crate) fn run(command: &mut Command, log: &Path) -> Result<Cost, String> {
    let shown = command_line(command);
    let file = File::create(log).map_err(|e| format!("cannot write `{}`: {e}", log.display()))?;
    let errors = file.try_clone().map_err(|e| format!("cannot write `{}`: {e}", log.display()))?;
    command.stdin(Stdio::null()).stdout(file).stderr(errors);
    let (status, cost) = wait(command, &shown)?;
    if !status.success() {
        let text = fs::read_to_string(log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let tail = lines.get(lines.len().saturating_sub(12)..).unwrap_or_default().join("\n  ");
        return Err(format!("`{shown}` failed ({status}):\n  {tail}"));
    }
    Ok(cost)
}

fn wait(command: &mut Command, shown: &str) -> Result<(ExitStatus, Cost), String> {
    let start = Instant::now();
    let mut child = command.spawn().map_err(|e| format!("cannot run `{shown}`: {e}"))?;
    let used = child.wait4().map_err(|e| format!("cannot wait for `{shown}`: {e}"))?;
    let wall = start.elapsed().as_secs_f64();
    let usage = used.rusage;
    let cpu = usage.utime.as_secs_f64() + usage.stime.as_secs_f64();
    Ok((used.status, Cost { cpu, wall, peak: usage.maxrss as f64 / f64::from(1 << 20) }))
}

/// Runs cargo and returns what each crate that it compiled took.
///
/// # Errors
///
/// When it cannot be started or fails, with the last lines of what it printed.
pub(crate) fn compilations(cargo: &mut Command, log: &Path) -> Result<Vec<(String, Cost)>, String> {
    let costs = log.with_extension("costs");
    write(&costs, "")?;
    // Cargo runs each compilation in its package's folder.
    let costs = absolute(&costs);
    let this = env::current_exe().map_err(|e| format!("cannot find this program: {e}"))?;
    cargo.env("RUSTC_WRAPPER", this).env(COSTS, &costs);
    run(cargo, log)?;
    Ok(read(&costs)?.lines().filter_map(noted).collect())
}

/// As [`compilations`], and how many instructions the `rustc` of the crate [`COUNTED`] took, by cachegrind.
///
/// # Errors
///
/// When it cannot be started or fails, with the last lines of what it printed; when nothing was counted.
pub(crate) fn instructions(cargo: &mut Command, log: &Path) -> Result<u64, String> {
    let counts = log.with_extension("cachegrind");
    write(&counts, "")?;
    compilations(cargo.env(COUNT, absolute(&counts)), log)?;
    summary(&read(&counts)?).ok_or_else(|| format!("the `rustc` of `{COUNTED}` was not counted"))
}

/// The sum in a file of cachegrind's or callgrind's.
pub(crate) fn summary(text: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix("summary: "))?;
    line.split(' ').next()?.parse().ok()
}

/// A line of the file: the crate, processor time, time on the clock, peak.
fn noted(line: &str) -> Option<(String, Cost)> {
    let mut words = line.split(' ');
    let name = words.next()?.to_owned();
    let mut figure = || words.next()?.parse().ok();
    Some((name, Cost { cpu: figure()?, wall: figure()?, peak: figure()? }))
}

/// When this program was started in front of `rustc`: runs that, notes what it took, and returns its exit code.
pub(crate) fn as_wrapper() -> Option<i32> {
    let costs = env::var_os(COSTS)?;
    let mut words = env::args_os().skip(1);
    let program = words.next()?;
    let arguments: Vec<OsString> = words.collect();
    let mut after = arguments.iter().skip_while(|word| *word != "--crate-name").skip(1);
    let name = after.next().map(|name| name.to_string_lossy().into_owned());
    let mut rustc = Command::new(&program);
    if let Some(counts) = env::var_os(COUNT).filter(|_| name.as_deref() == Some(COUNTED)) {
        // What is called `rustc` may be rustup, which starts the real one: valgrind must have that.
        let known = Command::new(&program).args(["--print", "sysroot"]).output().ok()?;
        let real = Path::new(String::from_utf8_lossy(&known.stdout).trim()).join("bin/rustc");
        rustc = Command::new("valgrind");
        let mut file = OsString::from("--cachegrind-out-file=");
        file.push(counts);
        rustc.args(["--quiet", "--tool=cachegrind", "--cache-sim=no"]).arg(file);
        rustc.arg(if real.is_file() { real.into_os_string() } else { program });
    }
    rustc.args(&arguments).env_remove(COSTS).env_remove(COUNT);
    match wait(&mut rustc, "rustc") {
        Ok((status, Cost { cpu, wall, peak })) => {
            // Cargo also asks for the version; that compiles nothing.
            let line = name.map(|name| format!("{name} {cpu} {wall} {peak}\n")).unwrap_or_default();
            let noted =
                OpenOptions::new().append(true).open(costs).and_then(|mut file| file.write_all(line.as_bytes()));
            Some(if noted.is_err() { 1 } else { status.code().unwrap_or(1) })
        }
        Err(message) => {
            crate::print::error(&message);
            Some(1)
        }
    }
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

/// Each figure as a share of the best that a rival has in its place; empty where there is none.
pub(crate) fn shares<F: AsRef<[f64]>>(figures: &[f64], rivals: &[F]) -> Vec<String> {
    let best = |i: usize| rivals.iter().filter_map(|of| of.as_ref().get(i).copied()).fold(f64::NAN, f64::min);
    figures.iter().enumerate().map(|(i, figure)| cell(figure / best(i), 2, "")).collect()
}

/// A figure in a table; nothing where there is none.
pub(crate) fn cell(figure: f64, digits: usize, unit: &str) -> String {
    if figure.is_finite() { format!("{figure:.digits$}{unit}") } else { String::new() }
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

    #[test]
    fn a_noted_compilation_is_read_again() {
        let (name, cost) = noted("subject 1.5 0.75 512").expect("a line");
        assert_eq!((name.as_str(), cost.cpu, cost.wall, cost.peak), ("subject", 1.5, 0.75, 512.0));
        assert!(noted("subject 1.5").is_none());
    }

    #[test]
    fn the_sum_of_a_profile_is_read() {
        assert_eq!(summary("events: Ir\nfn=main\n1 5\nsummary: 3778824868\n"), Some(3_778_824_868));
        assert_eq!(summary("events: Ir\n"), None);
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
