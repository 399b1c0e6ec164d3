//! Reads bodies with the crate and with its twin of serde's derives, in turn, and says how fast each was.
//!
//! `reading throughput FILE SECONDS`: the bodies of a file (JSON lines with `op`, `status` and `body`), read over and over; prints an
//! object. `reading page FILE ours|twin|none`: one body, once; what matters then is the peak of memory, which is seen from outside.

mod twin;

use std::time::{Duration, Instant};

struct Body {
    operation: String,
    status: String,
    bytes: Vec<u8>,
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let words: Vec<&str> = arguments.iter().skip(1).map(String::as_str).collect();
    match words[..] {
        ["throughput", file, seconds] => throughput(&bodies(file), seconds.parse().expect("seconds")),
        ["page", file, how] => page(&bodies(file), how),
        _ => panic!("reading throughput FILE SECONDS | reading page FILE ours|twin|none"),
    }
}

fn bodies(file: &str) -> Vec<Body> {
    let text = std::fs::read_to_string(file).expect("a file");
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let body = |line: &str| {
        // Not by way of a value: a page of 10 MB would leave its mark on the peak.
        let head: Head<'_> = serde_json::from_str(line).expect("an object with op, status and body");
        Body { operation: head.op, status: head.status, bytes: head.body.get().as_bytes().to_vec() }
    };
    lines.map(body).collect()
}

#[derive(serde::Deserialize)]
struct Head<'l> {
    op: String,
    status: String,
    #[serde(borrow)]
    body: &'l serde_json::value::RawValue,
}

/// Only bodies that both can read: a reader that gives up early would look fast.
fn throughput(all: &[Body], seconds: f64) {
    let reads = |ours: bool, body: &Body| twin::read(ours, &body.operation, &body.status, &body.bytes) == Some(true);
    let by_us = all.iter().filter(|body| reads(true, body)).count();
    let by_serde = all.iter().filter(|body| reads(false, body)).count();
    let both: Vec<&Body> = all.iter().filter(|body| reads(true, body) && reads(false, body)).collect();
    let bytes: usize = both.iter().map(|body| body.bytes.len()).sum();
    let pass = |ours: bool| {
        let start = Instant::now();
        for body in &both {
            std::hint::black_box(twin::read(ours, &body.operation, &body.status, &body.bytes));
        }
        start.elapsed().as_secs_f64()
    };
    // As many passes as make a round of some 20 ms, so that the clock's grain does not count.
    let once = pass(true).max(1e-6);
    let passes = ((0.02 / once) as usize).max(1);
    let round = |ours: bool| (0..passes).map(|_| pass(ours)).sum::<f64>();
    let (mut ours, mut twins, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    let until = Instant::now() + Duration::from_secs_f64(seconds);
    while Instant::now() < until || ours.len() < 3 {
        let (one, other) = (round(true), round(false));
        ours.push(one);
        twins.push(other);
        ratios.push(other / one);
    }
    let speed = |times: Vec<f64>| (bytes * passes) as f64 / median(times) / 1e6;
    println!(
        "{}",
        serde_json::json!({
            "bodies": all.len(), "by_us": by_us, "by_serde": by_serde, "both": both.len(), "bytes": bytes,
            "ours": speed(ours), "twin": speed(twins), "ratio": median(ratios),
        })
    );
}

fn page(all: &[Body], how: &str) {
    let body = all.first().expect("a body");
    if how != "none" {
        assert_eq!(twin::read(how == "ours", &body.operation, &body.status, &body.bytes), Some(true));
    }
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}
