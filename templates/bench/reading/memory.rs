//! How much memory reading one body takes, with the crate or with its baseline; a process for each, so that nothing is left of the other.
//!
//! `memory OPERATION STATUS FILE ours|baseline|none` reads the file, which is the body, once as that operation's success; prints an object, in
//! bytes: `body`, `peak` (the most that was allocated at one time while reading, the body included), `held` (what the value and the body
//! take together afterwards) and `resident` (the process's peak as the system counts it; `null` where it does not say).

use reading::Reader;
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// Counts what is allocated right now, and the most there was.
struct Counting;

static NOW: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

fn more(bytes: usize) {
    PEAK.fetch_max(NOW.fetch_add(bytes, Relaxed) + bytes, Relaxed);
}

fn less(bytes: usize) {
    NOW.fetch_sub(bytes, Relaxed);
}

// SAFETY: all is done by the system's allocator; what is counted beside it touches no memory of the caller.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        more(layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        less(layout.size());
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // A block that grows in place, which large ones do, is never there twice.
        less(layout.size());
        more(size);
        unsafe { System.realloc(at, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [operation, status, file, how] = &arguments[..] else { panic!("memory OPERATION STATUS FILE ours|baseline|none") };
    let body = std::fs::read(file).expect("a file");
    PEAK.store(NOW.load(Relaxed), Relaxed);
    let reader = match how.as_str() {
        "ours" => Some(Reader::Ours),
        "baseline" => Some(Reader::Baseline),
        _ => None,
    };
    let value = reader.map(|reader| reader.read(operation, status, &body).flatten().expect("the body can be read"));
    let (peak, held) = (PEAK.load(Relaxed), NOW.load(Relaxed));
    drop(value);
    println!("{}", serde_json::json!({ "body": body.len(), "peak": peak, "held": held, "resident": resident() }));
}

/// The system's count for this process, on Linux.
fn resident() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<usize>().ok().map(|kilobytes| kilobytes * 1024)
}
