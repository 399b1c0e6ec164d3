//! The whole way in one call: the inputs named on a command line (or by a build script) → [`Generated`].
//!
//! Reading the inputs beside the document happens here; what the stages do with them is in `compile`. Nothing is
//! written: that is the caller's decision, see [`emit`](crate::emit).

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::emit::{FileSet, Provenance, hash_node, hash_text};
use crate::load::{self, Document, FileId, Sources};
use crate::lock::Lock;
use crate::pointer::Pointer;
use crate::settings::{self, Settings};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What to generate from.
#[derive(Debug, Clone, Default)]
pub struct Inputs {
    /// The OpenAPI document.
    pub spec: PathBuf,
    /// The settings; `None`: sensible defaults.
    pub config: Option<PathBuf>,
    /// Overlays, in the order of their application.
    pub overlays: Vec<PathBuf>,
    /// The locked names; `None`: names follow from the document alone. A file that is not there yet locks nothing.
    pub lock: Option<PathBuf>,
    /// The crate's name, before the settings and the document's title.
    pub name: Option<String>,
    /// Tags and operation ids; everything else is left out. Empty: what the settings say.
    pub only: Vec<String>,
}

/// How much there is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Operations in the output.
    pub operations: usize,
    /// Operations that could not be expressed.
    pub skipped_operations: usize,
    /// Schemas that became types.
    pub schemas: usize,
    /// Lines of the output.
    pub lines: usize,
}

/// The outcome of a run.
#[derive(Debug, Default)]
pub struct Generated {
    /// The output; empty when `diagnostics` holds an error.
    pub files: FileSet,
    /// The names as they are now.
    pub lock: Lock,
    /// What the output was made from, for the manifest.
    pub provenance: Provenance,
    /// How much there is.
    pub report: Report,
    /// What there is to say about the inputs.
    pub diagnostics: Diagnostics,
    /// All files read, for the places in `diagnostics`.
    pub sources: Sources,
}

/// Generates a crate from `inputs`. Never fails as such: errors are in the diagnostics of the outcome.
pub fn generate(inputs: &Inputs) -> Generated {
    let mut run = Generated::default();
    // First, since its places count from the first file.
    let document = match load::load(&inputs.spec, &mut run.diagnostics) {
        Ok(document) => {
            run.sources = document.sources.clone();
            Some(document)
        }
        Err(sources) => {
            run.sources = sources;
            None
        }
    };
    let settings = read_settings(inputs, &mut run);
    for path in &inputs.overlays {
        if let Some((_, text)) = read(path, "overlay", &mut run) {
            run.provenance.overlays.push(hash_text(text.as_bytes()));
        }
    }
    let lock = read_lock(inputs, &mut run);
    run.provenance.generator = env!("CARGO_PKG_VERSION").to_owned();
    run.provenance.options = options(inputs);
    if let Some(document) = &document {
        run.provenance.document = hash_node(&document.root);
        compile(document, inputs, &settings, &lock, &mut run);
    }
    if run.diagnostics.has_errors() {
        run.files = FileSet::new();
        return run;
    }
    run.report.lines = run.files.lines();
    if inputs.lock.is_some() {
        run.provenance.lock = Some(hash_text(run.lock.print().as_bytes()));
    }
    run
}

/// What is known about the place `pointer` of the document: schema, IR, strategy, Rust name and file. `None` as long as
/// the stages cannot be asked.
pub fn explain(_inputs: &Inputs, _pointer: &Pointer) -> Option<String> {
    None
}

/// Document, settings and names → files and names. A stub: it makes a crate without operations.
fn compile(_document: &Document, inputs: &Inputs, settings: &Settings, lock: &Lock, run: &mut Generated) {
    let name = inputs.name.as_deref().or(settings.package.name.as_ref().map(|name| name.as_str())).unwrap_or("api");
    let version = settings.package.version.as_ref().map_or("0.1.0", |version| version.as_str());
    run.files.insert(
        "Cargo.toml",
        format!("[package]\nname = {name:?}\nversion = {version:?}\nedition = \"2024\"\n\n[features]\ntesting = []\n"),
    );
    run.files.insert("src/lib.rs", format!("//! The crate `{name}`.\n"));
    run.lock = lock.succeeded_by(Lock::new());
}

fn read_settings(inputs: &Inputs, run: &mut Generated) -> Settings {
    let Some((file, text)) = inputs.config.as_ref().and_then(|path| read(path, "settings", run)) else {
        return Settings::default();
    };
    run.provenance.settings = Some(hash_text(text.as_bytes()));
    settings::read(&text, file, &mut run.diagnostics)
}

fn read_lock(inputs: &Inputs, run: &mut Generated) -> Lock {
    let Some(path) = inputs.lock.as_ref().filter(|path| path.exists()) else { return Lock::new() };
    let Some((file, text)) = read(path, "lock", run) else { return Lock::new() };
    run.provenance.lock_read = Some(hash_text(text.as_bytes()));
    Lock::parse(&text, file, &mut run.diagnostics)
}

fn options(inputs: &Inputs) -> String {
    let mut parts: Vec<String> = inputs.name.iter().map(|name| format!("--name {name}")).collect();
    parts.extend(inputs.only.iter().map(|only| format!("--only {only:?}")));
    parts.join(" ")
}

/// Reads a text input into the sources; says what is wrong otherwise (`E0901`).
fn read(path: &Path, what: &str, run: &mut Generated) -> Option<(FileId, String)> {
    let shown = path.display().to_string().replace('\\', "/");
    let error = match fs::read(path) {
        Ok(bytes) => match String::from_utf8(bytes) {
            Ok(text) => {
                let file = run.sources.add(shown, text.as_str());
                return Some((file, text));
            }
            Err(_) => "it is no UTF-8 text".to_owned(),
        },
        Err(e) if e.kind() == io::ErrorKind::NotFound => "there is no such file".to_owned(),
        Err(e) => e.to_string().split(" (os error").next().unwrap_or_default().to_lowercase(),
    };
    run.diagnostics.push(Diagnostic::error("E0901", format!("cannot read the {what} `{shown}`: {error}")));
    None
}
