//! Instructions, which waver far less than seconds do: of the stages of a generation, and of the `rustc` of what it makes.
//!
//! `xtask/budget.tsv` has what they may be. Where they are more than [`PERCENT`] from it, above or below, `bench --guard` fails.

use super::measure::summary;
use super::progress;
use super::subject::{How, Own, Subject, read};
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

/// What a figure may be away from its budget.
const PERCENT: u64 = 3;

/// What is less than this is never too much: hash tables are seeded anew in each process, and a small stage feels that.
const NOISE: u64 = 1_000_000;

/// The stages, each with the functions that are it. None of them calls one of the others.
const STAGES: [(&str, &[&str]); 7] = [
    ("reading", &["generator::pipeline::read::read_with"]),
    ("normalizing", &["generator::document::normalize::normalize"]),
    ("lowering", &["generator::lower::lower"]),
    ("analyzing", &["generator::analyze::analyze"]),
    ("naming", &["generator::name::decisions::name"]),
    ("rendering, formatting", &["generator::pipeline::render_understood"]),
    // The manifest hashes all files.
    ("writing", &["generator::emit::write::write", "generator::emit::manifest::Manifest::new"]),
];

/// What no generator of Rust by these crates goes below, whatever else it does: part of the stages, mostly of rendering and formatting.
const FLOOR: (&str, &[&str]) =
    ("of it syn and prettyplease", &["<F as syn::parse::Parser>::parse2", "prettyplease::unparse"]);

/// All instructions of a process, and what is left of them without the stages.
const TOTAL: &str = "total";
const REST: &str = "the rest";

/// One figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Figure {
    /// The document.
    pub(crate) of: String,
    /// A stage, or who compiles.
    pub(crate) what: String,
    pub(crate) instructions: u64,
}

/// Counts the stages of generating from one document.
///
/// # Errors
///
/// When it cannot be generated or counted; when a stage is not found.
pub(crate) fn stages(subject: &Subject, document: &Path, own: &Own, work: &Path) -> Result<Vec<Figure>, String> {
    let of = document.file_name().unwrap_or_default().to_string_lossy().into_owned();
    progress(&format!("{of}: counts the instructions of each stage"));
    let profile = work.join("callgrind.out");
    // On one processor: which thread takes which part is chance, and only one of them is in a stage.
    let out = format!("--callgrind-out-file={}", profile.display());
    let behind = ["taskset", "-c", "0", "valgrind", "--tool=callgrind", &out];
    let behind = behind.map(str::to_owned).to_vec();
    subject.generate(document, own, &How { behind, ..How::default() })?;
    let mut command = Command::new("callgrind_annotate");
    let output = command.args(["--inclusive=yes", "--threshold=100", "--auto=no"]).arg(&profile).output();
    let output = output.map_err(|e| format!("cannot run `callgrind_annotate`: {e}"))?;
    let total = summary(&read(&profile)?).ok_or("callgrind counted nothing")?;
    let counted = staged(&String::from_utf8_lossy(&output.stdout), total)?;
    Ok(counted.into_iter().map(|(what, instructions)| Figure { of: of.clone(), what, instructions }).collect())
}

/// Finds the stages in what `callgrind_annotate --inclusive=yes` printed.
fn staged(text: &str, total: u64) -> Result<Vec<(String, u64)>, String> {
    let lines: Vec<(u64, &str)> = text.lines().filter_map(line).collect();
    let figure = |(stage, functions): (&str, &[&str])| {
        let mut sum = 0;
        for wanted in functions {
            let found = lines.iter().find(|(_, name)| name == wanted);
            let (count, _) = found.ok_or_else(|| {
                format!(
                    "{stage}: `{wanted}` is not in the profile; it was renamed, or compiled into its caller (`STAGES`)"
                )
            })?;
            sum += count;
        }
        Ok::<_, String>((stage.to_owned(), sum))
    };
    let mut figures = STAGES.into_iter().map(figure).collect::<Result<Vec<_>, _>>()?;
    let all: u64 = figures.iter().map(|(_, count)| count).sum();
    figures.push(figure(FLOOR)?);
    figures.push((REST.to_owned(), total.saturating_sub(all)));
    figures.push((TOTAL.to_owned(), total));
    Ok(figures)
}

/// `1,234 (5.67%)  file:name [object]`
fn line(text: &str) -> Option<(u64, &str)> {
    let (count, rest) = text.trim_start().split_once(' ')?;
    let (_, name) = rest.split_once(")  ")?;
    let name = name.split_once(" [").map_or(name, |(name, _)| name);
    Some((count.replace(',', "").parse().ok()?, name.split_once(':')?.1))
}

/// The stages of each document, side by side.
pub(crate) fn table(figures: &[Figure]) -> String {
    let mut documents: Vec<&str> = figures.iter().map(|figure| &*figure.of).collect();
    documents.dedup();
    let mut out =
        String::from("\n## Generation, in instructions\n\nOf the release build, by callgrind; M are 10^6.\n\n|");
    documents.iter().for_each(|of| out.push_str(&format!(" | `{of}`")));
    out.push_str(&format!(" |\n|---|{}\n", "---|".repeat(documents.len())));
    for what in STAGES.iter().map(|(stage, _)| *stage).chain([FLOOR.0, REST, TOTAL]) {
        let _ = write!(out, "| {what}");
        for of in &documents {
            let found = figures.iter().find(|figure| figure.of == *of && figure.what == what);
            let cell = found.map(|figure| format!("{:.1} M", figure.instructions as f64 / 1e6));
            let _ = write!(out, " | {}", cell.unwrap_or_default());
        }
        out.push_str(" |\n");
    }
    out
}

/// The `rustc` of each crate: who made it, whether that is this compiler, how many instructions.
pub(crate) fn compiling_table(mode: &str, rows: &[(String, bool, u64)]) -> String {
    let mut out = format!(
        "\n## Compiling, in instructions: {mode}\n\nOf the `rustc` of the crate alone, by cachegrind; G are 10^9.\n\n\
         | | instructions | of the best rival's |\n|---|---|---|\n"
    );
    let best = rows.iter().filter(|(_, ours, _)| !ours).map(|(.., count)| *count).min();
    for (name, ours, count) in rows {
        let share = best.filter(|_| *ours).map(|best| format!("{:.2}", *count as f64 / best as f64));
        let _ = writeln!(out, "| {name} | {:.2} G | {} |", *count as f64 / 1e9, share.unwrap_or_default());
    }
    out
}

const HEAD: &str = "# Instructions that a generation and the `rustc` of its crate may take, within 3 % and a million: document, stage, instructions.\n\
# `cargo xtask bench --guard` compares, `cargo xtask bench --guard --accept` writes this file. Counted by valgrind, with the toolchain of\n\
# `rust-toolchain.toml`; another processor may take other instructions for the same.\n";

/// The budget as a file.
pub(crate) fn written(figures: &[Figure]) -> String {
    let line = |Figure { of, what, instructions }: &Figure| format!("{of}\t{what}\t{instructions}\n");
    HEAD.to_owned() + &figures.iter().map(line).collect::<String>()
}

/// The budget from its file.
///
/// # Errors
///
/// When a line is not what [`written`] writes.
pub(crate) fn budget(text: &str) -> Result<Vec<Figure>, String> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.starts_with('#') && !line.trim().is_empty());
    let figure = |(at, line): (usize, &str)| {
        let figure = match line.split('\t').collect::<Vec<_>>()[..] {
            [of, what, count] => {
                count.parse().ok().map(|n| Figure { of: of.into(), what: what.into(), instructions: n })
            }
            _ => None,
        };
        figure.ok_or_else(|| format!("line {} of the budget is not a document, a stage and a number", at + 1))
    };
    lines.map(figure).collect()
}

/// A line for each figure that is out of its budget, that has none, or that was not counted.
pub(crate) fn out_of(budget: &[Figure], counted: &[Figure]) -> Vec<String> {
    let same = |a: &Figure, b: &Figure| (&a.of, &a.what) == (&b.of, &b.what);
    let mut out = Vec::new();
    for figure in counted {
        let Figure { of, what, instructions } = figure;
        match budget.iter().find(|known| same(known, figure)) {
            Some(known) => {
                let allowed = known.instructions;
                let away = instructions.abs_diff(allowed);
                if away > NOISE && away.saturating_mul(100) > allowed.saturating_mul(PERCENT) {
                    let percent = (*instructions as f64 / allowed as f64 - 1.0) * 100.0;
                    out.push(format!(
                        "{of}, {what}: {instructions} instructions, {percent:+.1} % from the {allowed} in the budget"
                    ));
                }
            }
            None => out.push(format!("{of}, {what}: {instructions} instructions, which is not in the budget")),
        }
    }
    let gone = budget.iter().filter(|known| !counted.iter().any(|figure| same(known, figure)));
    out.extend(gone.map(|known| format!("{}, {}: in the budget, but not counted", known.of, known.what)));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(what: &str, instructions: u64) -> Figure {
        Figure { of: "a.yaml".to_owned(), what: what.to_owned(), instructions }
    }

    #[test]
    fn three_percent_pass_and_what_is_further_away_or_missing_does_not() {
        let of = |what: &str, millions: u64| figure(what, millions * 1_000_000);
        let budget = [of("reading", 100), of("naming", 100), of("lowering", 100)];
        let counted = [of("reading", 102), of("naming", 97), of("lowering", 103)];
        assert_eq!(out_of(&budget, &counted), Vec::<String>::new());
        let counted = [of("reading", 104), of("naming", 96), of("writing", 5)];
        let expected = [
            "a.yaml, reading: 104000000 instructions, +4.0 % from the 100000000 in the budget",
            "a.yaml, naming: 96000000 instructions, -4.0 % from the 100000000 in the budget",
            "a.yaml, writing: 5000000 instructions, which is not in the budget",
            "a.yaml, lowering: in the budget, but not counted",
        ];
        assert_eq!(out_of(&budget, &counted), expected);
        // What the seed of a hash table makes of a small stage.
        assert!(out_of(&[of("analyzing", 2)], &[of("analyzing", 3)]).is_empty());
    }

    #[test]
    fn a_budget_is_read_as_it_was_written() {
        let figures = [figure("reading", 1), figure("rendering, formatting", 2)];
        assert_eq!(budget(&written(&figures)).expect("a budget"), figures);
        let error = budget("# of\na.yaml\treading\tmany\n").expect_err("no number");
        assert!(error.starts_with("line 2 of the budget"), "{error}");
    }

    #[test]
    fn stages_are_found_among_what_callgrind_prints() {
        let mut text = "9,000 (100.0%)  PROGRAM TOTALS\n".to_owned();
        for (place, function) in STAGES.iter().chain([&FLOOR]).flat_map(|(_, functions)| *functions).enumerate() {
            let _ = writeln!(text, "  1,00{place} ( 1.00%)  ???:{function} [/a folder/xtask]");
        }
        let figures = staged(&text, 9_000).expect("all are there");
        assert_eq!(figures[0], ("reading".to_owned(), 1_000));
        let last = [("writing", 2_013), (FLOOR.0, 2_017), (REST, 972), (TOTAL, 9_000)];
        assert_eq!(figures[6..], last.map(|(what, count)| (what.to_owned(), count)));
        let error = staged(&text.replace("lower::lower", "lower::lowered"), 9_000).expect_err("one is missing");
        assert!(error.starts_with("lowering: `generator::lower::lower` is not in the profile"), "{error}");
    }
}
