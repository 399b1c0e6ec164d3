//! `bench`: the tables of BENCHMARKS.md, rivals side by side in one run. It measures and prints; it never judges.
//!
//! `measure` times one process, `subject` makes the crates, `generation` measures that, `compile` and `reading` what becomes of them.
//! What is at hand is measured; what is missing is said below the tables.

mod baseline;
mod compile;
mod generation;
mod growth;
mod instructions;
mod measure;
mod reading;
mod subject;
mod synthetic;

pub(crate) use measure::as_wrapper;

use crate::cli::{Bench, Mode, Table};
use crate::{Outcome, ci, cli, inputs, print};
use instructions::Figure;
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};
use subject::{How, Own, Subject, absolute};

pub(crate) fn run(args: &Bench) -> Outcome {
    match attempt(args) {
        Ok(outcome) => outcome,
        Err(message) => {
            print::error(&message);
            Outcome::Refused
        }
    }
}

fn attempt(args: &Bench) -> Result<Outcome, String> {
    let root = inputs::repository()?;
    let spec = args.spec.clone().unwrap_or_else(|| root.join("spec/belvo.yaml"));
    // Before anything is measured: that takes long.
    let settings = args.config.iter().chain(&args.overlay);
    let named = settings.chain(&args.document).chain(&args.bodies).chain(&args.ploidy);
    let named = named.chain(&args.openapi_to_rust).chain(&args.oas3_gen);
    if let Some(file) = std::iter::once(&spec).chain(named).find(|file| !file.is_file()) {
        return Err(format!("`{}` is no file", file.display()));
    }
    let own = Own { config: args.config.clone(), overlays: args.overlay.clone(), lock: None };
    // The repository's document comes with its settings; another one with those that are named.
    let own = if args.spec.is_none() && args.config.is_none() && args.overlay.is_empty() {
        let spec = root.join("spec");
        Own {
            config: Some(spec.join("belvo.toml")),
            overlays: vec![spec.join("overlay.yaml")],
            lock: Some(spec.join("names.lock")),
        }
    } else {
        own
    };
    let work = root.join("target/bench");
    let ours = Subject::ours(&work)?;
    if args.guard {
        return guard(&root, &work, &ours, &spec, &own, args.accept);
    }
    let (rivals, mut missing) = Subject::rivals(&work, [&args.ploidy, &args.openapi_to_rust, &args.oas3_gen]);
    let runs = args.runs.clamp(1, 100);
    let baseline = match args.baseline {
        cli::Baseline::Same => baseline::Baseline::Same,
        cli::Baseline::Lean => baseline::Baseline::Lean,
    };
    let wanted = |table: Table| args.only.is_empty() || args.only.contains(&table);
    print::out(&format!("# Benchmarks\n\n{}\n", setting(&spec, runs)));

    if [Table::Generation, Table::Output, Table::Growth].into_iter().any(wanted) {
        match released(&root, &work) {
            Ok(program) => {
                let program = ours.released(program);
                let released: Vec<Subject> = [program.clone()].into_iter().chain(rivals.clone()).collect();
                let all: Vec<Subject> = [ours.by_cargo()].into_iter().chain(released.clone()).collect();
                for document in [&spec].into_iter().chain(&args.document) {
                    let known = if *document == spec { own.clone() } else { Own::default() };
                    if wanted(Table::Generation) {
                        print::out(&generation::whole_process(&all, document, &known, runs, &mut missing));
                    }
                    if wanted(Table::Output) {
                        print::out(&generation::output(&released, document, &known, &mut missing));
                    }
                }
                if wanted(Table::Growth) {
                    let points = growth::measure(&program, &work.join("growth"), runs, &mut missing);
                    let plot = args.plot.clone().unwrap_or_else(|| work.join("growth.svg"));
                    subject::write(&plot, &growth::plot(&points))?;
                    print::out(&growth::table(&points, runs));
                    print::out(&format!("\nThe plot is `{}`.\n", plot.display()));
                }
            }
            Err(message) => missing.push(format!("generation, output and growth are left out: {message}")),
        }
    }
    if wanted(Table::Compile) {
        let modes: Vec<Mode> = if args.mode.is_empty() { Mode::ALL.to_vec() } else { args.mode.clone() };
        compiling(&ours, &rivals, &spec, &own, &modes, runs, &mut missing);
    }
    if wanted(Table::Instructions) {
        let modes: &[Mode] = if args.mode.is_empty() { &[Mode::Check] } else { &args.mode };
        let figures = count(&root, &work, &ours, &spec, &own, &mut missing)?;
        print::out(&instructions::table(&figures));
        for &mode in modes {
            let rows = count_compiling(std::iter::once(&ours).chain(&rivals), &spec, &own, mode, &mut missing);
            print::out(&instructions::compiling_table(mode.word(), &rows));
        }
    }
    // Last: it takes the document in, and a process that this one starts then seems as large as this one.
    if wanted(Table::Reading) {
        match args.bodies.clone().or_else(|| reading::known_bodies(&root, args.spec.as_deref())) {
            Some(bodies) => match reading::measure(&ours, &spec, &own, &bodies, baseline, runs, &progress) {
                Ok(reading) => print::out(&reading.table()),
                Err(message) => missing.push(format!("reading is left out: {message}")),
            },
            None => missing.push(
                "reading is left out: name bodies with `--bodies FILE` (JSON lines with `op`, `status` and `body`)"
                    .to_owned(),
            ),
        }
    }
    if !missing.is_empty() {
        print::out("\n## What is missing\n\n");
        missing.iter().for_each(|line| print::out(&format!("- {line}\n")));
    }
    Ok(Outcome::Done)
}

/// Whether instructions can be counted here.
pub(crate) fn counts() -> bool {
    subject::on_path("valgrind").is_some()
}

/// A small document, as far as growth is measured: counting is fifty times slower.
const SMALL: f64 = 0.05;

/// Counts the stages of three documents; what is not at hand is left out.
fn count(
    root: &Path,
    work: &Path,
    ours: &Subject,
    spec: &Path,
    own: &Own,
    missing: &mut Vec<String>,
) -> Result<Vec<Figure>, String> {
    if !counts() {
        missing.push("instructions are left out: `valgrind` is not on the path".to_owned());
        return Ok(Vec::new());
    }
    let program = ours.released(released(root, work)?);
    let synthetic = growth::document(&work.join("growth"), SMALL)?;
    let mut documents = vec![(spec.to_owned(), own.clone()), (synthetic, Own::default())];
    match ci::documents(root).map(|folder| folder.join(STRIPE)).filter(|file| file.is_file()) {
        Some(stripe) => documents.push((stripe, Own::default())),
        None => missing.push(format!("instructions of `{STRIPE}` are left out: it is not in a folder `shared` here")),
    }
    let mut figures = Vec::new();
    for (document, own) in &documents {
        figures.extend(instructions::stages(&program, document, own, work)?);
    }
    Ok(figures)
}

/// A document that the repository does not hold.
const STRIPE: &str = "stripe.yaml";

/// Counts the `rustc` of each subject's crate.
fn count_compiling<'s>(
    subjects: impl Iterator<Item = &'s Subject>,
    spec: &Path,
    own: &Own,
    mode: Mode,
    missing: &mut Vec<String>,
) -> Vec<(String, bool, u64)> {
    let mut rows = Vec::new();
    for subject in subjects.filter(|_| counts()) {
        progress(&format!("{}: counts the instructions of {}", subject.name, mode.word()));
        let target = subject.dir.with_file_name("target");
        let counted = subject.generate(spec, own, &How::default());
        match counted.and_then(|_| compile::instructions(subject, mode, &target)) {
            Ok(count) => rows.push((subject.name.clone(), subject.is_ours(), count)),
            Err(message) => missing.push(message),
        }
    }
    rows
}

/// Compares what this compiler takes with the budget, or writes that.
fn guard(root: &Path, work: &Path, ours: &Subject, spec: &Path, own: &Own, accept: bool) -> Result<Outcome, String> {
    if !counts() {
        return Err("`valgrind` is not on the path, and without it no instructions are counted".to_owned());
    }
    let path = root.join("xtask/budget.tsv");
    let text = if accept && !path.exists() { String::new() } else { subject::read(&path)? };
    let (known, elsewhere): (Vec<Figure>, Vec<Figure>) =
        instructions::budget(&text)?.into_iter().partition(|figure| figure.of != STRIPE);
    let mut missing = Vec::new();
    let mut figures = count(root, work, ours, spec, own, &mut missing)?;
    for (_, _, instructions) in count_compiling(std::iter::once(ours), spec, own, Mode::Check, &mut missing) {
        let of = spec.file_name().unwrap_or_default().to_string_lossy().into_owned();
        figures.push(Figure { of, what: "rustc of the crate, check".to_owned(), instructions });
    }
    missing.iter().for_each(|line| print::line(line));
    // What is not at hand keeps its budget.
    let here = figures.iter().any(|figure| figure.of == STRIPE);
    let budget = [known, if here { elsewhere.clone() } else { Vec::new() }].concat();
    let out = instructions::out_of(&budget, &figures);
    out.iter().for_each(|line| print::line(line));
    if accept {
        figures.extend(if here { Vec::new() } else { elsewhere });
        subject::write(&path, &instructions::written(&figures))?;
        return Ok(Outcome::Done);
    }
    if out.is_empty() {
        print::out(&format!("{} figures are within their budget\n", figures.len()));
        return Ok(Outcome::Done);
    }
    print::error(&format!(
        "{} of {} figures are out of their budget; `cargo xtask bench --guard --accept` makes what was counted the budget",
        out.len(),
        figures.len()
    ));
    Ok(Outcome::Findings)
}

/// What was measured, on what.
fn setting(spec: &Path, runs: usize) -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs());
    let processors = std::thread::available_parallelism().map_or(0, usize::from);
    let rustc = Command::new(env::var_os("RUSTC").unwrap_or_else(|| OsString::from("rustc"))).arg("--version").output();
    let rustc = rustc.map(|o| String::from_utf8_lossy(&o.stdout).trim().to_owned()).unwrap_or_default();
    let document = spec.file_name().unwrap_or_default().to_string_lossy().into_owned();
    format!(
        "{}: `{document}`, {rustc}, {}, {processors} processors{}. Medians of {runs}; the subjects take turns. CPU is the processor time of \
         the process and all below it, peak the memory of the largest of these; MB are 2^20 bytes there. `CARGO_INCREMENTAL=0`, what \
         the crates depend on built before.",
        date(seconds / 86_400),
        env::consts::OS,
        processor().unwrap_or_default(),
    )
}

/// What kind of processor it is, where the system says so.
fn processor() -> Option<String> {
    let text = std::fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = text.lines().find(|line| line.starts_with("model name"))?;
    line.split_once(": ").map(|(_, name)| format!(" ({})", name.trim()))
}

/// The date so many days after 1970-01-01, by the Gregorian calendar.
fn date(days: u64) -> String {
    // Years begin in March here, so that the odd day comes last; eras are 400 years.
    let days = days + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (year, month) = (era * 400 + year + u64::from(month >= 10), if month < 10 { month + 3 } else { month - 9 });
    format!("{year:04}-{month:02}-{day:02}")
}

/// This program, built for release.
fn released(root: &Path, work: &Path) -> Result<PathBuf, String> {
    progress("this compiler, for release");
    let target = work.join("released");
    subject::make_dir(&target)?;
    let mut cargo = Command::new(subject::cargo());
    cargo.args(["build", "--release", "--quiet", "--locked", "--package", "xtask", "--manifest-path"]);
    cargo.arg(absolute(root).join("Cargo.toml")).arg("--target-dir").arg(absolute(&target));
    measure::run(&mut cargo, &work.join("released.log"))?;
    Ok(target.join("release").join(format!("xtask{}", env::consts::EXE_SUFFIX)))
}

/// Generates the crates and measures one mode after the other; prints each table when it is there.
fn compiling(
    ours: &Subject,
    rivals: &[Subject],
    spec: &Path,
    own: &Own,
    modes: &[Mode],
    runs: usize,
    missing: &mut Vec<String>,
) {
    let mut ready = Vec::new();
    for subject in std::iter::once(ours).chain(rivals) {
        progress(&format!("{}: generates", subject.name));
        match subject.generate(spec, own, &How::default()) {
            Ok(_) => {
                ready.push(subject.clone());
                ready.extend(subject.tags_only());
            }
            Err(message) => missing.push(message),
        }
    }
    // One for all: what they have in common is built once.
    let target = ours.dir.with_file_name("target");
    for &mode in modes {
        let compiled = compile::measure(&ready, mode, runs, &target, &progress, missing);
        if !compiled.is_empty() {
            print::out(&compile::table(mode, &compiled));
        }
    }
}

fn progress(line: &str) {
    print::line(line);
}

#[cfg(test)]
mod tests {
    use super::date;

    #[test]
    fn days_become_dates() {
        let known = [
            (0, "1970-01-01"),
            (59, "1970-03-01"),
            (11_016, "2000-02-29"),
            (19_782, "2024-02-29"),
            (20_454, "2026-01-01"),
        ];
        for (days, expected) in known {
            assert_eq!(date(days), expected);
        }
    }
}
