//! What the generated crates cost to compile: alone, and under a service that calls three operations.
//!
//! Everything they need is built before. Then each run makes the crate and the service anew, and the service once more after a
//! change of one line; the subjects take turns, so that a slow minute of the machine meets all of them. Counted is the `rustc` of the
//! one crate, not cargo around it.

use super::measure::{self, Cost, median, middle, shares};
use super::subject::{Subject, absolute, cargo, read, write};
use crate::cli::Mode;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

impl Mode {
    pub(crate) const ALL: [Self; 3] = [Self::Check, Self::Debug, Self::Release];

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Check => "`cargo check`",
            Self::Debug => "`cargo build`",
            Self::Release => "`cargo build --release`",
        }
    }

    fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Check => &["check"],
            Self::Debug => &["build"],
            Self::Release => &["build", "--release"],
        }
    }
}

/// What one subject cost, the middle of all runs.
#[derive(Debug, Clone)]
pub(crate) struct Compiled {
    name: String,
    /// Whether it is of this compiler.
    ours: bool,
    /// The crate.
    krate: Cost,
    /// The service, and the service again after a change of one line; where there is one.
    service: Option<[Cost; 2]>,
    runs: usize,
}

/// Measures all subjects in one mode. What cannot be measured is told, and the others are measured all the same.
pub(crate) fn measure(
    subjects: &[Subject],
    mode: Mode,
    runs: usize,
    target: &Path,
    tell: &dyn Fn(&str),
    missing: &mut Vec<String>,
) -> Vec<Compiled> {
    let mut ready: Vec<(Bench<'_>, Vec<Run>)> = Vec::new();
    for subject in subjects {
        tell(&format!("{}: {}, everything below", mode.word(), subject.name));
        match Bench::prepare(subject, mode, target) {
            Ok(bench) => ready.push((bench, Vec::new())),
            Err(message) => missing.push(format!("{} is left out of {}: {message}", subject.name, mode.word())),
        }
    }
    for run in 0..runs {
        for (bench, measured) in &mut ready {
            let figures = match bench.run(run) {
                // The names in the service are Belvo's. Another document's crate can be measured all the same.
                Err(message) if measured.is_empty() && bench.service.is_some() => {
                    missing.push(format!("{}: its service is left out: {message}", bench.subject.name));
                    bench.service = None;
                    bench.package = bench.subject.krate();
                    bench.run(run)
                }
                figures => figures,
            };
            match figures {
                Ok(figures) => {
                    let name = &bench.subject.name;
                    let (word, cpu, peak) = (mode.word(), figures.krate.cpu, figures.krate.peak);
                    tell(&format!("{word}: {name}, run {} of {runs}: {cpu:.2} s of CPU, {peak:.0} MB", run + 1));
                    measured.push(figures);
                }
                Err(message) => missing.push(message),
            }
        }
    }
    let measured = ready.into_iter().filter(|(_, runs)| !runs.is_empty());
    measured.map(|(bench, runs)| Compiled::of(bench.subject, &runs)).collect()
}

/// What one run took.
struct Run {
    krate: Cost,
    service: Option<[Cost; 2]>,
}

/// One subject in one mode, with everything below its crate built.
struct Bench<'s> {
    subject: &'s Subject,
    mode: Mode,
    target: &'s Path,
    /// The package that cargo is run in.
    package: PathBuf,
    /// The service's code, where the subject has one that fits its crate.
    service: Option<&'static str>,
}

impl<'s> Bench<'s> {
    /// Builds what the crate needs, with nothing in the crate itself.
    fn prepare(subject: &'s Subject, mode: Mode, target: &'s Path) -> Result<Self, String> {
        let package = subject.dir.join(format!("service{}", subject.features.len()));
        let bench = Self { subject, mode, target, package, service: subject.service() };
        write(&bench.package.join("Cargo.toml"), &subject.service_manifest())?;
        write(&bench.package.join("src/lib.rs"), "//! Nothing yet.\n")?;
        let file = subject.krate().join("src/lib.rs");
        let whole = read(&file)?;
        write(&file, "//! Nothing yet.\n")?;
        let built = bench.cargo("prepare");
        write(&file, &whole)?;
        built.map(|_| bench)
    }

    fn run(&self, run: usize) -> Result<Run, String> {
        touch(&self.subject.krate().join("src/lib.rs"))?;
        if self.service.is_some() {
            self.write_service(2 * run + 1)?;
        }
        let cold = self.cargo("cold")?;
        let krate = of("subject", &cold)?;
        if self.service.is_none() {
            return Ok(Run { krate, service: None });
        }
        self.write_service(2 * run + 2)?;
        let edited = self.cargo("edit")?;
        if edited.len() != 1 {
            return Err(format!("{}: more than the service was compiled after its change", self.subject.name));
        }
        Ok(Run { krate, service: Some([of("service", &cold)?, of("service", &edited)?]) })
    }

    fn write_service(&self, edit: usize) -> Result<(), String> {
        let file = self.package.join("src/lib.rs");
        let source = self.service.unwrap_or_default();
        write(&file, &format!("{source}\n/// One line more.\npub const EDIT: usize = {edit};\n"))?;
        touch(&file)
    }

    fn cargo(&self, what: &str) -> Result<Vec<(String, Cost)>, String> {
        measure::compilations(&mut self.command(), &self.log(what))
    }

    fn log(&self, what: &str) -> PathBuf {
        self.subject.dir.join(format!("{what}.log"))
    }

    fn command(&self) -> Command {
        let mut command = Command::new(cargo());
        command.args(self.mode.arguments()).arg("--quiet");
        command.arg("--manifest-path").arg(absolute(&self.package).join("Cargo.toml"));
        command.arg("--target-dir").arg(absolute(self.target));
        // Incremental compiling hides what there is to do, and costs on the first day.
        command.env("CARGO_INCREMENTAL", "0").env_remove("CARGO_MANIFEST_DIR").env_remove("RUSTFLAGS");
        command
    }
}

/// How many instructions the `rustc` of the crate takes.
///
/// # Errors
///
/// When it cannot be compiled or counted.
pub(crate) fn instructions(subject: &Subject, mode: Mode, target: &Path) -> Result<u64, String> {
    let bench = Bench::prepare(subject, mode, target)?;
    touch(&subject.krate().join("src/lib.rs"))?;
    measure::instructions(&mut bench.command(), &bench.log("count"))
}

/// What the crate took.
fn of(name: &str, all: &[(String, Cost)]) -> Result<Cost, String> {
    let found = all.iter().find(|(of, _)| of == name).map(|(_, cost)| *cost);
    found.ok_or_else(|| format!("cargo did not compile `{name}`"))
}

impl Compiled {
    fn of(subject: &Subject, runs: &[Run]) -> Self {
        let all = |figure: fn(&Run) -> Option<Cost>| -> Option<Cost> {
            let costs: Vec<Cost> = runs.iter().filter_map(figure).collect();
            (!costs.is_empty()).then(|| middle(&costs))
        };
        let cold = all(|run| run.service.map(|[cold, _]| cold));
        let edit = all(|run| run.service.map(|[_, edit]| edit));
        Self {
            name: subject.name.clone(),
            ours: subject.is_ours(),
            krate: middle(&runs.iter().map(|run| run.krate).collect::<Vec<_>>()),
            service: cold.zip(edit).map(|(cold, edit)| [cold, edit]),
            runs: runs.len(),
        }
    }

    /// The figures of a row: of the crate, of crate and service together, of the service alone.
    fn figures(&self) -> [f64; 7] {
        let Cost { cpu, wall, peak } = self.krate;
        let [cold, edit] = self.service.unwrap_or([Cost { cpu: f64::NAN, wall: f64::NAN, peak: f64::NAN }; 2]);
        [cpu, wall, peak, cpu + cold.cpu, wall + cold.wall, edit.cpu, edit.wall]
    }
}

/// One mode, as it stands in BENCHMARKS.md.
pub(crate) fn table(mode: Mode, all: &[Compiled]) -> String {
    let runs = median(all.iter().map(|compiled| compiled.runs as f64));
    let mut out = format!(
        "\n## Compiling: {}\n\nMedians of {runs:.0}. Crate: its `rustc` alone. Cold: crate and service. Edit: the service after a change of one line.\n\n\
         | | crate, CPU | wall | peak | cold, CPU | wall | edit, CPU | wall |\n|---|---|---|---|---|---|---|---|\n",
        mode.word()
    );
    for compiled in all {
        let cells =
            compiled.figures().map(|figure| if figure.is_nan() { String::new() } else { format!("{figure:.2} s") });
        let [cpu, wall, _, cold_cpu, cold_wall, edit_cpu, edit_wall] = &cells;
        let (name, peak) = (&compiled.name, compiled.krate.peak);
        let _ = writeln!(
            out,
            "| {name} | {cpu} | {wall} | {peak:.0} MB | {cold_cpu} | {cold_wall} | {edit_cpu} | {edit_wall} |"
        );
    }
    let rivals: Vec<_> = all.iter().filter(|compiled| !compiled.ours).map(Compiled::figures).collect();
    for compiled in all.iter().filter(|compiled| compiled.ours && !rivals.is_empty()) {
        let cells = shares(&compiled.figures(), &rivals);
        let _ = writeln!(out, "| **{}, of the best rival's** | {} |", compiled.name, cells.join(" | "));
    }
    out
}

/// Makes cargo see the file as changed.
fn touch(path: &Path) -> Result<(), String> {
    let file = fs::OpenOptions::new().append(true).open(path);
    let touched = file.and_then(|file| file.set_modified(std::time::SystemTime::now()));
    touched.map_err(|e| format!("cannot touch `{}`: {e}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_has_shares_of_the_best_rival() {
        let cost = |cpu: f64| Cost { cpu, wall: cpu / 2.0, peak: cpu * 100.0 };
        let row = |name: &str, ours, cpu, service: Option<[f64; 2]>| Compiled {
            name: name.to_owned(),
            ours,
            krate: cost(cpu),
            service: service.map(|both| both.map(cost)),
            runs: 3,
        };
        let all = [
            row("this compiler", true, 2.0, Some([1.0, 0.5])),
            row("one", false, 10.0, Some([2.0, 1.0])),
            row("other", false, 8.0, None),
        ];
        let expected = "
## Compiling: `cargo build`

Medians of 3. Crate: its `rustc` alone. Cold: crate and service. Edit: the service after a change of one line.

| | crate, CPU | wall | peak | cold, CPU | wall | edit, CPU | wall |
|---|---|---|---|---|---|---|---|
| this compiler | 2.00 s | 1.00 s | 200 MB | 3.00 s | 1.50 s | 0.50 s | 0.25 s |
| one | 10.00 s | 5.00 s | 1000 MB | 12.00 s | 6.00 s | 1.00 s | 0.50 s |
| other | 8.00 s | 4.00 s | 800 MB |  |  |  |  |
| **this compiler, of the best rival's** | 0.25 | 0.25 | 0.25 | 0.25 | 0.25 | 0.50 | 0.50 |
";
        assert_eq!(table(Mode::Debug, &all), expected);
        let alone = table(Mode::Check, &all[..1]);
        assert!(!alone.contains("of the best"), "{alone}");
    }
}
