//! Rendered files → texts, on all processors: a part of a file is rendered, formatted and gone before the next.

use crate::emit::Formatted;
use crate::render::{Part, RustFile};
use std::collections::BTreeMap;
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// The items of every file as text, in the order of the files.
///
/// # Errors
/// When something cannot be formatted, which is a bug of `render`.
pub(super) fn print(files: &mut [RustFile<'_>]) -> Result<Vec<String>, String> {
    // Tokens cannot leave the thread that made them: parts can, the items at the beginning stay here.
    let mut texts = Vec::with_capacity(files.len());
    for file in files.iter_mut() {
        let mut text = Formatted::default();
        for item in std::mem::take(&mut file.items) {
            let shown = item.clone();
            text.push(item).map_err(|e| format!("{}: {e} in `{}`", file.path, beginning(&shown.to_string())))?;
        }
        texts.push(text);
    }
    let parts: Vec<(&str, &Part<'_>)> =
        files.iter().flat_map(|file| file.parts.iter().map(|part| (file.path.as_str(), part))).collect();
    let mut formatted = on_all_processors(&parts).into_values();
    for (file, text) in files.iter().zip(&mut texts) {
        for part in formatted.by_ref().take(file.parts.len()) {
            text.append(&part?);
        }
    }
    Ok(texts.into_iter().map(Formatted::into_text).collect())
}

/// What became of each part, by its place.
type Done = BTreeMap<usize, Result<Formatted, String>>;

/// Formats the parts. The last come first: those of tags are the largest, and the others fill the gaps between them.
fn on_all_processors(parts: &[(&str, &Part<'_>)]) -> Done {
    let taken = AtomicUsize::new(0);
    let work = || {
        let mut done = Done::new();
        while let Some(i) = parts.len().checked_sub(taken.fetch_add(1, Ordering::Relaxed) + 1) {
            let Some((path, part)) = parts.get(i) else { break };
            done.insert(i, format(part).map_err(|e| format!("{path}: {e}")));
        }
        done
    };
    let others = thread::available_parallelism().map_or(1, NonZero::get).min(parts.len()).saturating_sub(1);
    thread::scope(|scope| {
        // A thread that the system does not give is work for the others.
        let threads: Vec<_> =
            (0..others).filter_map(|_| thread::Builder::new().spawn_scoped(scope, work).ok()).collect();
        let mut done = work();
        for thread in threads {
            match thread.join() {
                Ok(theirs) => done.extend(theirs),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    })
}

fn format(part: &Part<'_>) -> Result<Formatted, String> {
    let mut out = Formatted::default();
    let (mut count, mut refused) = (0, None);
    part.render(&mut |item| {
        if refused.is_none() {
            refused = out.push(item).err().map(|e| (count, e));
            count += 1;
        }
    });
    let Some((which, why)) = refused else { return Ok(out) };
    // The tokens are gone: they are made again, to be shown.
    let (mut count, mut shown) = (0, String::new());
    part.render(&mut |item| {
        if count == which {
            shown = item.to_string();
        }
        count += 1;
    });
    Err(format!("{why} in `{}`", beginning(&shown)))
}

fn beginning(text: &str) -> String {
    text.chars().take(400).collect()
}
