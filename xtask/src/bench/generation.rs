//! What generating takes, and how much it makes: the whole process, from the document on disk to the crate on disk.

use super::measure::{Cost, cell, middle, shares};
use super::progress;
use super::subject::{How, Own, Subject, on_path};
use std::fmt::Write as _;
use std::path::Path;

/// A row: what it is of, whether that is this compiler, its figures.
type Row = (String, bool, Vec<f64>);

/// Processor time, time on the clock and peak of each subject; of this compiler also with nothing changed.
pub(crate) fn whole_process(
    all: &[Subject],
    document: &Path,
    own: &Own,
    runs: usize,
    missing: &mut Vec<String>,
) -> String {
    let pins = on_path("taskset").is_some();
    if !pins {
        missing.push("generation on one core is left out: `taskset` is not on the path".to_owned());
    }
    // Of each subject: anew and again; of each of these on one core and on all.
    let mut costs: Vec<[[Vec<Cost>; 2]; 2]> = vec![Default::default(); all.len()];
    let mut given_up = vec![false; all.len()];
    for run in 0..runs {
        for ((subject, costs), given_up) in all.iter().zip(&mut costs).zip(&mut given_up) {
            for (place, one_core) in [(0, true), (1, false)].into_iter().filter(|(_, one_core)| pins || !one_core) {
                for (again, costs) in costs.iter_mut().enumerate().take(if subject.is_ours() { 2 } else { 1 }) {
                    if *given_up {
                        continue;
                    }
                    let cores = if one_core { "one core" } else { "all cores" };
                    progress(&format!("{}: generates on {cores}, run {} of {runs}", subject.name, run + 1));
                    let pinned: &[&str] = if one_core { &["taskset", "-c", "0"] } else { &[] };
                    let behind = pinned.iter().map(|&word| word.to_owned()).collect();
                    match subject.generate(document, own, &How { behind, again: again == 1 }) {
                        Ok(cost) => costs[place].push(cost),
                        Err(message) => {
                            *given_up = true;
                            missing.push(message);
                        }
                    }
                }
            }
        }
    }
    let mut rows = Vec::new();
    for (subject, costs) in all.iter().zip(&costs) {
        for (costs, what) in costs.iter().zip(["", ", again, nothing changed"]) {
            if !costs[1].is_empty() {
                let [one, every] = [0, 1].map(|place| middle(&costs[place]));
                let figures = vec![one.cpu, one.wall, every.cpu, every.wall, every.peak];
                rows.push((format!("{}{what}", subject.name), subject.is_ours(), figures));
            }
        }
    }
    let size = std::fs::metadata(document).map_or(0.0, |m| m.len() as f64 / 1e6);
    let name = document.file_name().unwrap_or_default().to_string_lossy();
    format!(
        "\n## Generation: `{name}`, {size:.1} MB, whole process\n\n\
         | | one core, CPU | wall | all cores, CPU | wall | peak |\n|---|---|---|---|---|---|\n{}",
        lines(&rows, &[(2, " s"), (2, " s"), (2, " s"), (2, " s"), (0, " MB")])
    )
}

/// How much Rust each subject makes of the document, below `src/` of its crate. Operations and types are counted by this compiler.
pub(crate) fn output(all: &[Subject], document: &Path, own: &Own, missing: &mut Vec<String>) -> String {
    let mut rows = Vec::new();
    let mut counted = None;
    for subject in all {
        progress(&format!("{}: generates", subject.name));
        if let Err(message) = subject.generate(document, own, &How::default()) {
            missing.push(message);
            continue;
        }
        counted = counted.or_else(|| subject.counted());
        let (operations, types) = counted.unwrap_or((f64::NAN, f64::NAN));
        let [files, text, bytes] = subject.size().map(|n| n as f64);
        let figures =
            vec![files, text, bytes / 1e3, text / operations, bytes / operations, text / types, bytes / types];
        rows.push((subject.name.clone(), subject.is_ours(), figures));
    }
    let name = document.file_name().unwrap_or_default().to_string_lossy();
    let (operations, types) = counted.unwrap_or_default();
    let columns = [(0, ""), (0, ""), (0, " kB"), (1, ""), (0, ""), (1, ""), (0, "")];
    format!(
        "\n## Output: `{name}`, {operations} operations, {types} types\n\nRust below `src/`; kB are 10^3 bytes.\n\n\
         | | files | lines | bytes | lines an operation | bytes | lines a type | bytes |\n|---|---|---|---|---|---|---|---|\n{}",
        lines(&rows, &columns)
    )
}

/// The rows, then what those of this compiler are of the best rival's. A column has its digits and its unit.
fn lines(rows: &[Row], columns: &[(usize, &str)]) -> String {
    let mut out = String::new();
    for (name, _, figures) in rows {
        let cells = figures.iter().zip(columns).map(|(figure, (digits, unit))| cell(*figure, *digits, unit));
        let _ = writeln!(out, "| {name} | {} |", cells.collect::<Vec<_>>().join(" | "));
    }
    let rivals: Vec<&[f64]> = rows.iter().filter(|(_, ours, _)| !ours).map(|(.., figures)| &figures[..]).collect();
    for (name, _, figures) in rows.iter().filter(|(_, ours, _)| *ours && !rivals.is_empty()) {
        let _ = writeln!(out, "| **{name}, of the best rival's** | {} |", shares(figures, &rivals).join(" | "));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_lose_are_printed_like_others() {
        let rows = [
            ("this compiler".to_owned(), true, vec![3.0, f64::NAN, 100.0]),
            ("one".to_owned(), false, vec![2.0, 1.0, 200.0]),
            ("other".to_owned(), false, vec![4.0, f64::NAN, 400.0]),
        ];
        let expected = "\
| this compiler | 3.0 s |  | 100 MB |
| one | 2.0 s | 1.0 s | 200 MB |
| other | 4.0 s |  | 400 MB |
| **this compiler, of the best rival's** | 1.50 |  | 0.50 |
";
        assert_eq!(lines(&rows, &[(1, " s"), (1, " s"), (0, " MB")]), expected);
        assert!(!lines(&rows[..1], &[(1, " s"), (1, " s"), (0, " MB")]).contains("rival"));
    }
}
