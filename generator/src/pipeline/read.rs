//! Every input, read before the first stage: [`Inputs`] → [`Read`]. The places of the document count from the first file, so that it
//! is read first; settings name further files.

use super::{History, Inputs};
use crate::base::diagnostic::{Diagnostic, Diagnostics};
use crate::base::hash::hash_text;
use crate::base::package::unfit_crate_name;
use crate::base::{FileId, Sources, both, file};
use crate::document::normalize::Overlay;
use crate::document::{Node, hash_content, hash_node, load};
use crate::emit::Provenance;
use crate::history::lock::Lock;
use crate::history::provenance::Source;
use crate::settings::{self, Settings};
use std::path::{Path, PathBuf};

/// What stands in the inputs.
#[derive(Default)]
pub(super) struct Read {
    /// The document as it was written; `None` when there is none to go on with.
    pub(super) document: Option<Node>,
    pub(super) overlays: Vec<Overlay>,
    pub(super) settings: Settings,
    pub(super) lock: Lock,
    pub(super) history: History,
    /// The hashes of all of it.
    pub(super) provenance: Provenance,
    pub(super) sources: Sources,
    pub(super) diagnostics: Diagnostics,
}

/// Reads all inputs. What is wrong with one does not keep the others from being read.
pub(super) fn read(inputs: &Inputs) -> Read {
    read_with(inputs, None)
}

/// As [`read`], with this text as the overlay at a path, whatever is there.
pub(super) fn read_with(inputs: &Inputs, overlay: Option<(&Path, &str)>) -> Read {
    let mut run = Read::default();
    match load::load(&inputs.spec, &mut run.diagnostics) {
        Ok(document) => {
            run.sources = document.sources;
            run.document = Some(document.root);
        }
        Err(sources) => run.sources = sources,
    }
    if let Some((name, why)) = inputs.name.as_ref().and_then(|name| Some((name, unfit_crate_name(name)?))) {
        let message = format!("`{}` is no package name: {why}", name.escape_debug());
        run.diagnostics.push(Diagnostic::error("E0909", message).help("choose another name with `--name`"));
    }
    run.settings = read_settings(inputs, &mut run);
    run.history = read_history(inputs, &mut run);
    run.overlays = read_overlays(inputs, overlay, &mut run);
    run.lock = read_lock(inputs, &mut run);
    run.provenance.options = options(inputs);
    if let Some(root) = &run.document {
        (run.provenance.document, run.history.content) = both(|| hash_node(root), || hash_content(root));
    }
    run
}

fn read_settings(inputs: &Inputs, run: &mut Read) -> Settings {
    let Some((file, text)) = inputs.config.as_ref().and_then(|path| read_text(path, "settings", run)) else {
        return Settings::default();
    };
    run.provenance.settings = Some(hash_text(text.as_bytes()));
    settings::read(&text, file, &mut run.diagnostics)
}

/// Reads what the settings name; paths are relative to their folder.
fn read_history(inputs: &Inputs, run: &mut Read) -> History {
    let folder = inputs.config.as_deref().and_then(Path::parent).unwrap_or(Path::new(""));
    let mut history = History::default();
    let mut hashes = run.provenance.settings.clone().unwrap_or_default();
    if let Some(path) = run.settings.document.provenance.clone()
        && let Some((file, text)) = read_text(&folder.join(&path.value), "provenance", run)
    {
        hashes.push_str(&hash_text(text.as_bytes()));
        history.source = Some(Source::parse(&text, file, &mut run.diagnostics));
    }
    if let Some(path) = run.settings.package.changelog.clone()
        && let Some((_, text)) = read_text(&folder.join(&path.value), "changelog", run)
    {
        hashes.push_str(&hash_text(text.as_bytes()));
        history.changelog = Some(text.replace("\r\n", "\n"));
    }
    if history.source.is_some() || history.changelog.is_some() {
        run.provenance.settings = Some(hash_text(hashes.as_bytes()));
    }
    history
}

fn read_overlays(inputs: &Inputs, given: Option<(&Path, &str)>, run: &mut Read) -> Vec<Overlay> {
    let mut overlays = Vec::new();
    let new = given.map(|(path, _)| path).filter(|path| !inputs.overlays.iter().any(|known| known == path));
    for path in inputs.overlays.iter().map(PathBuf::as_path).chain(new) {
        let label = path.display().to_string();
        let root = match given.filter(|(of, _)| *of == path) {
            Some((_, text)) => load::read_str(&label, text, &mut run.sources, &mut run.diagnostics),
            None => load::read(path, &mut run.sources, &mut run.diagnostics),
        };
        if let Some(root) = root {
            run.provenance.overlays.push(hash_node(&root));
            overlays.push(Overlay { label, root });
        }
    }
    overlays
}

fn read_lock(inputs: &Inputs, run: &mut Read) -> Lock {
    let Some(path) = inputs.lock.as_ref().filter(|path| path.exists()) else { return Lock::new() };
    let Some((file, text)) = read_text(path, "lock", run) else { return Lock::new() };
    run.provenance.lock_read = Some(hash_text(text.as_bytes()));
    Lock::parse(&text, file, &mut run.diagnostics)
}

fn options(inputs: &Inputs) -> String {
    let mut parts: Vec<String> = inputs.name.iter().map(|name| format!("--name {name}")).collect();
    parts.extend(inputs.only.iter().map(|only| format!("--only {only:?}")));
    parts.join(" ")
}

/// Reads a text input into the sources; says what is wrong otherwise (`E0901`).
fn read_text(path: &Path, what: &str, run: &mut Read) -> Option<(FileId, String)> {
    let shown = path.display().to_string().replace('\\', "/");
    let error = match file::read_text(path) {
        Ok(text) => {
            let file = run.sources.add(shown, text.as_str());
            return Some((file, text));
        }
        Err(why) => why,
    };
    run.diagnostics.push(Diagnostic::error("E0901", format!("cannot read the {what} `{shown}`: {error}")));
    None
}
