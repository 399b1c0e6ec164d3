//! Rendered files → texts, on all processors: a part of a file is rendered, formatted and gone before the next.

use crate::emit::Formatted;
use crate::render::{Part, RustFile};
use std::collections::BTreeMap;
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// The items of every file as text, in the order of the files. `more` makes further files, which go behind the others: their items and
/// those at the beginning of a file stay on this thread, as tokens do, while the others take the parts.
///
/// # Errors
/// When something cannot be formatted, which is a bug of `render`.
pub(super) fn print<'a>(
    files: &mut Vec<RustFile<'a>>,
    more: impl FnOnce() -> Vec<RustFile<'a>>,
) -> Result<Vec<String>, String> {
    let items: Vec<_> = files.iter_mut().map(|file| std::mem::take(&mut file.items)).collect();
    let parts: Vec<(&str, &Part<'_>)> =
        files.iter().flat_map(|file| file.parts.iter().map(|part| (file.path.as_str(), part))).collect();
    let ((further, mut texts), done) = on_all_processors(&parts, || {
        let mut further = more();
        let begun = files.iter().zip(items).map(|(file, items)| (&file.path, items));
        let more = further.iter_mut().map(|file| (&file.path, std::mem::take(&mut file.items)));
        let begin = |(path, items)| Formatted::of(items).map_err(|e| format!("{path}: {e}"));
        let texts = begun.chain(more).map(begin).collect::<Result<Vec<_>, _>>();
        (further, texts)
    });
    let mut formatted = done.into_values();
    let texts = texts.as_mut().map_err(std::mem::take)?;
    let (first, second) = texts.split_at_mut(files.len());
    for (file, text) in files.iter().zip(first) {
        for part in formatted.by_ref().take(file.parts.len()) {
            text.append(&part?);
        }
    }
    for (file, text) in further.iter().zip(second) {
        for part in &file.parts {
            text.append(&format(part).map_err(|e| format!("{}: {e}", file.path))?);
        }
    }
    files.extend(further);
    Ok(texts.drain(..).map(Formatted::into_text).collect())
}

/// What became of each part, by its place.
type Done = BTreeMap<usize, Result<Formatted, String>>;

/// Formats the parts, and does something else on this thread before it joins in. The last come first: those of tags are the largest, and
/// the others fill the gaps between them.
fn on_all_processors<T>(parts: &[(&str, &Part<'_>)], before: impl FnOnce() -> T) -> (T, Done) {
    let taken = AtomicUsize::new(0);
    let work = || {
        let mut done = Done::new();
        while let Some(i) = parts.len().checked_sub(taken.fetch_add(1, Ordering::Relaxed) + 1) {
            let Some((path, part)) = parts.get(i) else { break };
            done.insert(i, format(part).map_err(|e| format!("{path}: {e}")));
        }
        done
    };
    let others = thread::available_parallelism().map_or(1, NonZero::get).min(parts.len() + 1).saturating_sub(1);
    thread::scope(|scope| {
        // A thread that the system does not give is work for the others.
        let threads: Vec<_> =
            (0..others).filter_map(|_| thread::Builder::new().spawn_scoped(scope, work).ok()).collect();
        let before = before();
        let mut done = work();
        for thread in threads {
            match thread.join() {
                Ok(theirs) => done.extend(theirs),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        (before, done)
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
