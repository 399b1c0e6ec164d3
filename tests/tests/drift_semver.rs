//! Our semver step beside that of `cargo-semver-checks`, for every pair of `tests/drift`.
//!
//! The tool is no part of CI: where it is not on the PATH the test says so and passes. It never asks for more than the
//! report does. It asks for less where what is there has another type, which it does not look at and the compiler does, in
//! `drift_truth.rs`; where a method of one builder is gone that another has; and what is only added is no finding to it.

use generator::drift::{Class, Report, Step, diff};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use tests::drift::{Library, Sides};
use tests::pairs::{self, Pair};
use tests::run::deep;
use tests::semver::{Lints, lints, tool};
use tests::skips::skip;

/// What breaks compiling and is not looked at by the tool, by code.
const UNSEEN: &[(&str, &[&str])] = &[
    ("the type of an argument or a setter", &["D0206", "D0306"]),
    ("the type of a result", &["D0401", "D0407", "D0408"]),
    ("the type of a field", &["D0504", "D0605", "D0606", "D0607", "D0608", "D0609", "D0610", "D0614"]),
    // All builders are one generic type, here those of all pairs: a method of that name on another hides that it is gone.
    ("a method of one builder", &["D0117", "D0201", "D0601"]),
];

#[test]
fn the_step_is_that_of_cargo_semver_checks_or_more() {
    let Some(tool) = tool() else {
        return skip("`cargo-semver-checks` is not on the PATH");
    };
    deep(move || {
        let mut library = Library::default();
        let all: Vec<(Pair, Sides)> =
            pairs::all().into_iter().map(|pair| (pair.clone(), library.made(&pair))).collect();
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("semver");
        let mut wrong = Vec::new();
        let mut table: BTreeMap<(Step, Step), usize> = BTreeMap::new();
        let mut quiet: BTreeMap<BTreeSet<&str>, usize> = BTreeMap::new();
        // Each edit is followed by the edit taken back.
        let edits: Vec<_> = all.chunks(2).map(|both| (both[0].1.old.made(), both[0].1.new.made())).collect();
        let found = lints(&tool, &dir, &edits);
        for ((pair, sides), found) in all.iter().zip(found.iter().flatten()) {
            let report = diff(&sides.old.understood, &sides.new.understood);
            let theirs = step(found);
            *table.entry((report.semver.step, theirs)).or_default() += 1;
            if theirs > report.semver.step {
                wrong.push(format!("{pair}: {} and not {}: {found:?}", report.semver.step.word(), theirs.word()));
            } else if report.semver.step == Step::Major && theirs != Step::Major {
                *quiet.entry(breaking(&report)).or_default() += 1;
            }
        }
        println!("ours, theirs: pairs");
        for ((ours, theirs), count) in &table {
            println!("{}, {}: {count}", ours.word(), theirs.word());
        }
        println!("major to us alone, by what breaks:");
        for (codes, count) in &quiet {
            println!("{codes:?}: {count}");
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        let explained = |code: &&str| UNSEEN.iter().any(|(_, codes)| codes.contains(code));
        let dark: Vec<_> = quiet.keys().filter(|codes| !codes.iter().any(explained)).collect();
        assert!(dark.is_empty(), "major to us alone, and not for a type: {dark:?}");
    });
}

/// The step that lints ask for.
fn step(found: &Lints) -> Step {
    match (found.major.is_empty(), found.minor.is_empty()) {
        (false, _) => Step::Major,
        (true, false) => Step::Minor,
        (true, true) => Step::None,
    }
}

/// The codes of what breaks compiling.
fn breaking(report: &Report) -> BTreeSet<&'static str> {
    report.of(Class::BreaksCompiling).map(|c| c.code).collect()
}
