//! How fast bodies are read, with the crate and with its baseline in turn.
//!
//! `speed FILE SECONDS`: the file has JSON lines with `op`, `status` and `body`. They are read over and over, in rounds of some 20 ms;
//! prints an object. The clock is the processor's, which other programs do not slow as much.

use reading::{Reader, median};
use serde_json::value::RawValue;
use std::hint::black_box;
use std::time::{Duration, Instant};

struct Body {
    operation: String,
    status: String,
    bytes: Vec<u8>,
    /// Whether the baseline can read it as its type.
    typed: bool,
}

#[derive(serde::Deserialize)]
struct Line<'l> {
    op: String,
    status: String,
    #[serde(borrow)]
    body: &'l RawValue,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, seconds] = &arguments[..] else { panic!("speed FILE SECONDS") };
    let text = std::fs::read_to_string(file).expect("a file");
    let mut all: Vec<Body> = text.lines().filter(|line| !line.trim().is_empty()).map(body).collect();
    drop(text);
    let count = all.len();
    all.retain(|body| can(Reader::Ours, body));
    let typed = all.iter().filter(|body| body.typed).count();
    let seconds: f64 = seconds.parse().expect("seconds");
    let both = compare(&all.iter().filter(|body| body.typed).collect::<Vec<_>>(), seconds);
    // Of those that it cannot read as its type the baseline makes a value, and is not charged for having tried.
    let every = if typed == all.len() { both.clone() } else { compare(&all.iter().collect::<Vec<_>>(), seconds) };
    println!(
        "{}",
        serde_json::json!({ "bodies": count, "ours": all.len(), "baseline": typed, "both": both, "every": every })
    );
}

fn body(line: &str) -> Body {
    let line: Line<'_> = serde_json::from_str(line).expect("an object with op, status and body");
    let bytes = line.body.get().as_bytes().to_vec();
    let mut body = Body { operation: line.op, status: line.status, bytes, typed: true };
    body.typed = can(Reader::Baseline, &body);
    body
}

fn can(reader: Reader, body: &Body) -> bool {
    matches!(reader.read(&body.operation, &body.status, &body.bytes), Some(Some(_)))
}

fn read(reader: Reader, body: &Body) {
    if reader == Reader::Baseline && !body.typed {
        black_box(serde_json::from_slice::<serde_json::Value>(&body.bytes).expect("JSON"));
    } else {
        black_box(reader.read(&body.operation, &body.status, &body.bytes));
    }
}

/// MB (10^6 bytes) a second of both, and the middle of the ratios round by round.
fn compare(bodies: &[&Body], seconds: f64) -> serde_json::Value {
    let bytes: usize = bodies.iter().map(|body| body.bytes.len()).sum();
    let passes = |reader: Reader, passes: usize| {
        let start = processor();
        for _ in 0..passes {
            bodies.iter().for_each(|body| read(reader, body));
        }
        (processor() - start).max(1e-9)
    };
    // As many as make a round of some 20 ms, so that the clock's grain does not count. The first pass is slow.
    passes(Reader::Ours, 1);
    passes(Reader::Baseline, 1);
    let many = ((0.02 / passes(Reader::Ours, 1)) as usize).max(1);
    let (mut ours, mut baselines, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    let until = Instant::now() + Duration::from_secs_f64(seconds);
    while Instant::now() < until || ours.len() < 9 {
        // Neither is always the first.
        let first_ours = ours.len() % 2 == 0;
        let (one, other) = if first_ours {
            let one = passes(Reader::Ours, many);
            (one, passes(Reader::Baseline, many))
        } else {
            let other = passes(Reader::Baseline, many);
            (passes(Reader::Ours, many), other)
        };
        ours.push(one);
        baselines.push(other);
        ratios.push(other / one);
    }
    let rounds = ours.len();
    let speed = |times: Vec<f64>| (bytes * many) as f64 / median(times) / 1e6;
    serde_json::json!({
        "bytes": bytes, "rounds": rounds, "ours": speed(ours), "baseline": speed(baselines), "ratio": median(ratios),
    })
}

/// Seconds of processor time of this thread.
#[cfg(unix)]
fn processor() -> f64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the pointer is to a value of the right type that lives as long as the call.
    let done = unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) };
    assert_eq!(done, 0, "no clock of the thread's processor time");
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// Seconds since the first call: the best there is here.
#[cfg(not(unix))]
fn processor() -> f64 {
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_secs_f64()
}
