//! How time and memory grow with the document: a synthetic one, half to eight times as large as GitHub's, as a table and as a plot.

use super::measure::{Cost, cell, middle};
use super::subject::{How, Own, Subject, make_dir};
use super::{progress, synthetic};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

/// How many times GitHub's size; what the others are compared with is 1.
const FACTORS: [f64; 5] = [0.5, 1.0, 2.0, 4.0, 8.0];
/// As long as it is the same, two runs measure the same documents.
pub(crate) const SEED: u64 = 1;
/// What still counts as linear.
const LINEAR: f64 = 0.1;

/// One size of the document, and what generating from it took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Point {
    factor: f64,
    /// MB of text, operations, types.
    size: [f64; 3],
    cost: Cost,
}

/// Measures all sizes, the small ones first.
pub(crate) fn measure(subject: &Subject, work: &Path, runs: usize, missing: &mut Vec<String>) -> Vec<Point> {
    let mut points = Vec::new();
    for factor in FACTORS {
        let measured = document(work, factor).and_then(|spec| {
            let mut costs = Vec::new();
            for run in 0..runs {
                progress(&format!(
                    "{}: generates at {factor} times GitHub's size, run {} of {runs}",
                    subject.name,
                    run + 1
                ));
                costs.push(subject.generate(&spec, &Own::default(), &How::default())?);
            }
            let bytes = fs::metadata(&spec).map_or(0.0, |m| m.len() as f64 / 1e6);
            let (operations, types) = subject.counted().unwrap_or((f64::NAN, f64::NAN));
            // The largest is a hundred megabytes; the next run writes it again.
            let _ = fs::remove_file(&spec);
            Ok(Point { factor, size: [bytes, operations, types], cost: middle(&costs) })
        });
        match measured {
            Ok(point) => points.push(point),
            Err(message) => missing.push(format!("growth at {factor} times is left out: {message}")),
        }
    }
    points
}

/// Writes the synthetic document of this factor.
///
/// # Errors
///
/// When it cannot be written.
pub(crate) fn document(work: &Path, factor: f64) -> Result<PathBuf, String> {
    make_dir(work)?;
    let path = work.join(format!("synthetic-{factor}.json"));
    let write = || {
        let mut file = BufWriter::new(File::create(&path)?);
        synthetic::write(&mut file, factor, SEED)?;
        file.flush()
    };
    write().map_err(|e| format!("cannot write `{}`: {e}", path.display()))?;
    Ok(path)
}

/// What the point is of the point at factor 1, each per factor: 1 where growth is linear. Time, then peak.
fn linear(point: &Point, points: &[Point]) -> [f64; 2] {
    let one = points.iter().find(|point| point.factor == 1.0).map(|point| point.cost);
    let share = |of: fn(&Cost) -> f64| one.map_or(f64::NAN, |one| of(&point.cost) / point.factor / of(&one));
    [share(|cost| cost.cpu), share(|cost| cost.peak)]
}

pub(crate) fn table(points: &[Point], runs: usize) -> String {
    let mut out = format!(
        "\n## Growth: synthetic documents (seed {SEED}), whole process, release\n\nMedians of {runs}. Per factor: what it takes divided by \
         the factor, in shares of that at factor 1; linear is 1, and at most {:.0} % away from it passes.\n\n\
         | factor | document | operations | types | CPU | wall | peak | CPU per factor | peak per factor | linear |\n\
         |---|---|---|---|---|---|---|---|---|---|\n",
        LINEAR * 100.0
    );
    for point in points {
        let ([bytes, operations, types], Cost { cpu, wall, peak }) = (point.size, point.cost);
        let [time, memory] = linear(point, points);
        let verdict = match [time, memory].map(|share| (share - 1.0).abs() > LINEAR) {
            _ if time.is_nan() => "",
            [false, false] => "yes",
            [true, false] => "no: time",
            [false, true] => "no: peak",
            [true, true] => "no: time and peak",
        };
        let _ = writeln!(
            out,
            "| {} | {bytes:.1} MB | {} | {} | {cpu:.2} s | {wall:.2} s | {peak:.0} MB | {} | {} | {verdict} |",
            point.factor,
            cell(operations, 0, ""),
            cell(types, 0, ""),
            cell(time, 2, ""),
            cell(memory, 2, ""),
        );
    }
    out
}

/// The two curves, each with the line it would be if it were linear from factor 1 on.
pub(crate) fn plot(points: &[Point]) -> String {
    let mut out = String::from(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 860 380\" font-family=\"sans-serif\" font-size=\"13\" role=\"img\">\n\
         <title>Time and peak memory of generating, by the size of the document</title>\n<style>\n\
         text { fill: #1f2328 } .axis { stroke: #59636e; fill: none } .grid { stroke: #59636e; stroke-opacity: 0.25 }\n\
         .curve { stroke: #0969da; fill: none; stroke-width: 2 } .dot { fill: #0969da }\n\
         .linear { stroke: #bc4c00; stroke-dasharray: 5 4; fill: none; stroke-width: 1.5 }\n\
         @media (prefers-color-scheme: dark) { text { fill: #f0f6fc } .axis, .grid { stroke: #9198a1 } .curve { stroke: #58a6ff } \
         .dot { fill: #58a6ff } .linear { stroke: #f0883e } }\n</style>\n",
    );
    panel(&mut out, 0.0, "processor time, seconds", points, |cost| cost.cpu);
    panel(&mut out, 430.0, "peak memory, MB", points, |cost| cost.peak);
    out.push_str("</svg>\n");
    out
}

/// One curve from `left` on, 430 wide.
fn panel(out: &mut String, left: f64, title: &str, points: &[Point], of: fn(&Cost) -> f64) {
    let (x0, y0, width, height) = (left + 60.0, 320.0, 340.0, 260.0);
    let most = |figures: &mut dyn Iterator<Item = f64>| figures.fold(0.0, f64::max).max(f64::MIN_POSITIVE);
    let one = points.iter().find(|point| point.factor == 1.0).map(|point| of(&point.cost));
    let last = most(&mut points.iter().map(|point| point.factor));
    let straight = one.map_or(0.0, |one| one * last);
    let step = step(most(&mut points.iter().map(|point| of(&point.cost)).chain([straight])));
    let steps = (most(&mut points.iter().map(|point| of(&point.cost)).chain([straight])) / step).ceil().max(1.0);
    let x = |factor: f64| x0 + factor / last * width;
    let y = |figure: f64| y0 - figure / (step * steps) * height;

    let _ = writeln!(out, "<text x=\"{x0}\" y=\"24\" font-weight=\"bold\">{title}</text>");
    let _ = writeln!(out, "<path class=\"axis\" d=\"M{x0} {} V{y0} H{}\"/>", y0 - height, x0 + width);
    for i in 0..=steps as usize {
        let figure = step * i as f64;
        let digits = if step < 1.0 { 1 } else { 0 };
        let at = y(figure);
        let _ = writeln!(out, "<path class=\"grid\" d=\"M{x0} {at:.1} H{}\"/>", x0 + width);
        let _ = writeln!(
            out,
            "<text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{figure:.digits$}</text>",
            x0 - 8.0,
            at + 4.0
        );
    }
    let mut curve = String::new();
    for point in points {
        let (at, up) = (x(point.factor), y(of(&point.cost)));
        let _ = write!(curve, "{at:.1},{up:.1} ");
        let _ = writeln!(out, "<circle class=\"dot\" cx=\"{at:.1}\" cy=\"{up:.1}\" r=\"4\"/>");
        let below = y0 + 18.0;
        let _ = writeln!(out, "<text x=\"{at:.1}\" y=\"{below}\" text-anchor=\"middle\">{}</text>", point.factor);
    }
    let _ = writeln!(out, "<polyline class=\"curve\" points=\"{}\"/>", curve.trim_end());
    let _ = writeln!(out, "<path class=\"linear\" d=\"M{x0} {y0} L{:.1} {:.1}\"/>", x(last), y(straight));
    let _ = writeln!(
        out,
        "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">size of the document, times GitHub's</text>",
        x0 + width / 2.0,
        y0 + 42.0
    );
    for (from, class, text) in [(0.0, "curve", "measured"), (130.0, "linear", "linear from 1 on")] {
        let _ = writeln!(out, "<path class=\"{class}\" d=\"M{} 44 h26\"/>", x0 + from);
        let _ = writeln!(out, "<text x=\"{}\" y=\"48\">{text}</text>", x0 + from + 34.0);
    }
}

/// A round step for some five lines up to here.
fn step(most: f64) -> f64 {
    let rough = most / 5.0;
    let ten = 10f64.powf(rough.log10().floor());
    [1.0, 2.0, 5.0].into_iter().map(|n| n * ten).find(|step| *step >= rough).unwrap_or(10.0 * ten)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(factor: f64, cpu: f64, peak: f64) -> Point {
        Point { factor, size: [13.0 * factor, 1120.0 * factor, f64::NAN], cost: Cost { cpu, wall: cpu, peak } }
    }

    #[test]
    fn what_is_more_than_a_tenth_from_linear_is_said_to_be() {
        let points = [point(0.5, 2.1, 52.0), point(1.0, 4.0, 100.0), point(2.0, 8.7, 225.0), point(8.0, 40.0, 1000.0)];
        let text = table(&points, 3);
        let verdicts: Vec<&str> = text.lines().skip(7).filter_map(|line| line.rsplit(" | ").next()).collect();
        assert_eq!(verdicts, ["yes |", "yes |", "no: peak |", "no: time and peak |"], "{text}");
        assert!(text.contains("| 2 | 26.0 MB | 2240 |  | 8.70 s | 8.70 s | 225 MB | 1.09 | 1.12 |"), "{text}");
        // Without factor 1 nothing can be compared.
        assert!(table(&points[2..], 3).ends_with(" |  |  |  |\n"));
    }

    #[test]
    fn the_plot_has_both_curves_and_their_axes() {
        let text = plot(&[point(0.5, 2.0, 52.0), point(1.0, 4.0, 100.0), point(8.0, 40.0, 1000.0)]);
        assert_eq!(text.matches("<polyline").count(), 2);
        // The slower end is the highest mark of each: five of 10 s, or of 200 MB.
        assert!(text.contains("<polyline class=\"curve\" points=\"81.2,307.0 102.5,294.0 400.0,60.0\"/>"), "{text}");
        assert!(text.contains(">1000</text>") && text.contains(">40</text>"), "{text}");
    }

    #[test]
    fn steps_are_round() {
        assert_eq!([0.9, 4.0, 38.0, 1000.0].map(step), [0.2, 1.0, 10.0, 200.0]);
    }
}
