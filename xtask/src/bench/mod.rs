//! `bench`: the tables of BENCHMARKS.md, rivals side by side in one run. It measures and prints; it never judges.
//!
//! `measure` times one process, `subject` makes the crates, `compile` and `reading` measure what becomes of them. What is at hand is
//! measured; what is missing is said below the tables.

mod compile;
mod measure;
mod reading;
mod subject;

use crate::cli::{Bench, Mode, Table};
use crate::{Outcome, inputs, print};
use compile::Compiled;
use measure::{Cost, middle};
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use subject::{Own, Subject, absolute};

/// One figure of a row, where it was measured.
type Figure<'a> = &'a dyn Fn(&Compiled) -> Option<f64>;

pub(crate) fn run(args: &Bench) -> Outcome {
    match attempt(args) {
        Ok(()) => Outcome::Done,
        Err(message) => {
            print::error(&message);
            Outcome::Refused
        }
    }
}

fn attempt(args: &Bench) -> Result<(), String> {
    let root = inputs::repository()?;
    let spec = args.spec.clone().unwrap_or_else(|| root.join("spec/belvo.yaml"));
    if !spec.is_file() {
        return Err(format!("`{}` is no file", spec.display()));
    }
    let own = Own { config: args.config.clone(), overlays: args.overlay.clone() };
    // The repository's document comes with its settings; another one with those that are named.
    let own = if args.spec.is_none() && args.config.is_none() && args.overlay.is_empty() {
        Own { config: Some(root.join("spec/belvo.toml")), overlays: vec![root.join("spec/overlay.yaml")] }
    } else {
        own
    };
    let work = root.join("target/bench");
    let ours = Subject::ours(&work)?;
    let (rivals, mut missing) = Subject::rivals(&work, [&args.ploidy, &args.openapi_to_rust]);
    let runs = args.runs.clamp(1, 100);
    let wanted = |table: Table| args.only.is_empty() || args.only.contains(&table);
    let mut out = format!("# Benchmarks\n\n{}\n", setting(&spec, runs));

    if wanted(Table::Generation) {
        let mut documents = vec![spec.clone()];
        documents.extend(args.document.iter().cloned());
        match released(&root, &work) {
            Ok(program) => {
                let all: Vec<Subject> =
                    [ours.clone(), ours.released(program)].into_iter().chain(rivals.clone()).collect();
                for document in &documents {
                    let known = if *document == spec { own.clone() } else { Own::default() };
                    out.push_str(&generation(&all, document, &known, runs, &mut missing));
                }
            }
            Err(message) => missing.push(format!("generation is left out: {message}")),
        }
    }
    if wanted(Table::Compile) {
        out.push_str(&compiling(&ours, &rivals, &spec, &own, args, runs, &mut missing));
    }
    if wanted(Table::Reading) {
        match args.bodies.clone().or_else(|| reading::known_bodies(&root, args.spec.as_deref())) {
            Some(bodies) => match reading::measure(&ours, &spec, &own, &bodies, runs) {
                Ok(reading) => out.push_str(&reading_table(&reading)),
                Err(message) => missing.push(format!("reading is left out: {message}")),
            },
            None => missing.push(
                "reading is left out: name bodies with `--bodies FILE` (JSON lines with `op`, `status` and `body`)"
                    .to_owned(),
            ),
        }
    }
    if !missing.is_empty() {
        out.push_str("\n## What is missing\n\n");
        out.extend(missing.iter().map(|line| format!("- {line}\n")));
    }
    print::out(&out);
    Ok(())
}

/// What was measured, on what.
fn setting(spec: &Path, runs: usize) -> String {
    let processors = std::thread::available_parallelism().map_or(0, usize::from);
    let rustc = Command::new(env::var_os("RUSTC").unwrap_or_else(|| OsString::from("rustc"))).arg("--version").output();
    let rustc = rustc.map(|o| String::from_utf8_lossy(&o.stdout).trim().to_owned()).unwrap_or_default();
    let document = spec.file_name().unwrap_or_default().to_string_lossy().into_owned();
    format!(
        "`{document}`, {rustc}, {}, {processors} processors. Medians of {runs}; the subjects take turns. CPU is the processor time of \
         the process and all below it, peak the memory of the largest of these; MB are 2^20 bytes there.",
        env::consts::OS
    )
}

/// This program, built for release.
fn released(root: &Path, work: &Path) -> Result<PathBuf, String> {
    progress("this compiler, for release");
    let target = work.join("released");
    subject::make_dir(&target)?;
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
    cargo.args(["build", "--release", "--quiet", "--locked", "--package", "xtask", "--manifest-path"]);
    cargo.arg(absolute(root).join("Cargo.toml")).arg("--target-dir").arg(absolute(&target));
    measure::run(&mut cargo, &work.join("released.log"))?;
    Ok(target.join("release").join(format!("xtask{}", env::consts::EXE_SUFFIX)))
}

/// The whole process, from the document on disk to the crate on disk.
fn generation(all: &[Subject], document: &Path, own: &Own, runs: usize, missing: &mut Vec<String>) -> String {
    let mut costs: Vec<Vec<Cost>> = vec![Vec::new(); all.len()];
    let mut given_up = vec![false; all.len()];
    for run in 0..runs {
        for ((subject, costs), given_up) in all.iter().zip(&mut costs).zip(&mut given_up) {
            if *given_up {
                continue;
            }
            progress(&format!("{}: generates, run {} of {runs}", subject.name, run + 1));
            match subject.generate(document, own) {
                Ok(cost) => costs.push(cost),
                Err(message) => {
                    *given_up = true;
                    missing.push(message);
                }
            }
        }
    }
    let size = std::fs::metadata(document).map_or(0.0, |m| m.len() as f64 / 1e6);
    let name = document.file_name().unwrap_or_default().to_string_lossy();
    let mut out = format!(
        "\n## Generation: `{name}`, {size:.1} MB, whole process\n\n| | CPU | wall | peak | lines |\n|---|---|---|---|---|\n"
    );
    for (subject, costs) in all.iter().zip(&costs).filter(|(_, costs)| !costs.is_empty()) {
        let Cost { cpu, wall, peak } = middle(costs);
        let lines = subject.lines();
        out.push_str(&format!("| {} | {cpu:.2} s | {wall:.2} s | {peak:.0} MB | {lines} |\n", subject.name));
    }
    out
}

fn compiling(
    ours: &Subject,
    rivals: &[Subject],
    spec: &Path,
    own: &Own,
    args: &Bench,
    runs: usize,
    missing: &mut Vec<String>,
) -> String {
    let mut ready = Vec::new();
    for subject in std::iter::once(ours).chain(rivals) {
        match subject.generate(spec, own) {
            Ok(_) => ready.push(subject.clone()),
            Err(message) => missing.push(message),
        }
    }
    let modes: Vec<Mode> = if args.mode.is_empty() { Mode::ALL.to_vec() } else { args.mode.clone() };
    let compiled = compile::measure(&ready, &modes, runs, &mut |line| {
        if line.contains("left out") || line.contains("failed") {
            missing.push(line);
        } else {
            progress(&line);
        }
    });
    let mut out = "\n## Compiling the crate alone, what it depends on built before\n\n\
        | | CPU | wall | peak | of the better rival's CPU | wall | peak |\n|---|---|---|---|---|---|---|\n"
        .to_owned();
    let mine = |c: &Compiled| c.subject == ours.name;
    let better = |mode: Mode, figure: &dyn Fn(&Compiled) -> Option<f64>| {
        compiled.iter().filter(|c| c.mode == mode && !mine(c)).filter_map(figure).reduce(f64::min)
    };
    for c in &compiled {
        let Cost { cpu, wall, peak } = c.krate;
        let figures: [Figure<'_>; 3] = [&|c| Some(c.krate.cpu), &|c| Some(c.krate.wall), &|c| Some(c.krate.peak)];
        let ratios = figures.map(|figure| ratio(mine(c), figure(c), better(c.mode, figure)));
        out.push_str(&format!(
            "| {}, {} | {cpu:.2} s | {wall:.2} s | {peak:.0} MB | {} |\n",
            c.mode.word(),
            c.subject,
            ratios.join(" | ")
        ));
    }
    out.push_str(
        "\n## A service that calls three operations\n\nCold: the crate and the service. After an edit: the service alone, one line changed.\n\n\
         | | cold, CPU | cold, wall | edit, CPU | edit, wall | of the better rival's cold CPU | wall | edit CPU | wall |\n\
         |---|---|---|---|---|---|---|---|---|\n",
    );
    for c in compiled.iter().filter(|c| c.consumer.is_some()) {
        let figures: [Figure<'_>; 4] = [
            &|c| c.consumer.map(|s| c.krate.cpu + s.cpu),
            &|c| c.consumer.map(|s| c.krate.wall + s.wall),
            &|c| c.consumer.map(|s| s.cpu),
            &|c| c.consumer.map(|s| s.wall),
        ];
        let cells = figures.map(|figure| format!("{:.2} s", figure(c).unwrap_or(f64::NAN)));
        let ratios = figures.map(|figure| ratio(mine(c), figure(c), better(c.mode, figure)));
        out.push_str(&format!(
            "| {}, {} | {} | {} |\n",
            c.mode.word(),
            c.subject,
            cells.join(" | "),
            ratios.join(" | ")
        ));
    }
    out
}

/// Ours as a share of the better rival's; nothing in the rivals' own rows.
fn ratio(mine: bool, figure: Option<f64>, better: Option<f64>) -> String {
    match (mine, figure, better) {
        (true, Some(figure), Some(better)) => format!("{:.2}", figure / better),
        _ => String::new(),
    }
}

fn reading_table(reading: &reading::Reading) -> String {
    let [all, ours, twin, both] = reading.bodies;
    let [our_peak, twin_peak, nothing] = reading.peaks;
    let row = |what: &str, speed: &reading::Speed| {
        format!("| {what} | {:.0} MB/s | {:.0} MB/s | {:.2} |\n", speed.ours, speed.twin, speed.ratio)
    };
    let mut out = format!(
        "\n## Reading, against a twin with serde's derives (`serde_json::from_slice`), release\n\n{all} bodies, of which this crate reads {ours}, \
         the twin {twin}; measured are the {both} that both read. MB are 10^6 bytes.\n\n| | this crate | twin | ratio |\n|---|---|---|---|\n"
    );
    out.push_str(&row("the bodies", &reading.all));
    out.push_str(&row(&format!("a page of {:.1} MB, {} records", reading.page, reading.records), &reading.paged));
    out.push_str(&format!(
        "| peak of a process that reads the page once ({nothing:.1} MB if it only holds it) | {our_peak:.1} MB | {twin_peak:.1} MB | {:.2} |\n",
        our_peak / twin_peak
    ));
    out
}

fn progress(line: &str) {
    print::line(line);
}
