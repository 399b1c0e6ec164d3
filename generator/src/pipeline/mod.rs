//! The whole way in one call: the inputs named on a command line (or by a build script) → [`Generated`].
//!
//! `understand` goes from the inputs to the names; rendering what came out happens here. Nothing is written: that is the
//! caller's decision, see [`emit`].

mod explain;
mod keywords;
mod print;
mod read;
mod understand;

pub use explain::explain;
pub use keywords::keywords;
pub use understand::{History, Understood, corrected, understand, understand_with};

use crate::base::Sources;
use crate::base::diagnostic::{Diagnostic, Diagnostics};
use crate::base::hash::hash_text;
use crate::emit::{self, FileSet, Provenance};
use crate::history::lock::Lock;
use crate::ir::Api;
use crate::name::{self, Environment, Places, environments};
use crate::render;
use crate::render::CrateInfo;
use crate::settings::{Runtime, Settings};
use std::path::PathBuf;

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
    /// Whether the crate carries a test of all examples, whatever the settings say.
    pub tests: bool,
    /// Whether overlays and settings were written for this very document: entries that meet nothing are errors then.
    pub own: bool,
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
    /// Where the items of the output come from.
    pub places: Places,
    /// What there is to say about the inputs.
    pub diagnostics: Diagnostics,
    /// All files read, for the places in `diagnostics`.
    pub sources: Sources,
}

/// Generates a crate from `inputs`. Never fails as such: errors are in the diagnostics of the outcome.
pub fn generate(inputs: &Inputs) -> Generated {
    render_understood(inputs, understand(inputs))
}

/// Generates a crate from what was understood of `inputs`: what was understood → files.
pub fn render_understood(inputs: &Inputs, understood: Understood) -> Generated {
    let Understood {
        api,
        facts,
        names,
        settings,
        next_lock,
        history,
        provenance,
        report,
        sources,
        diagnostics,
        document,
        ..
    } = understood;
    // Everything is in `api`, and the room is wanted for the output.
    drop(document);
    let mut run = Generated { provenance, report, diagnostics, sources, ..Generated::default() };
    if run.diagnostics.has_errors() {
        return run;
    }
    run.lock = next_lock;
    run.places = Places::of(&api, &names);
    let info = CrateInfo {
        name: crate_name(inputs, &settings, &api),
        version: settings.package.version.as_ref().map_or("0.1.0", |v| v.as_str()).to_owned(),
        document_hash: history.content,
        tests: inputs.tests || settings.tests.examples,
        document_date: history.source.map(|source| source.date).filter(|date| !date.is_empty()),
    };
    let environments = environments(&settings, &api);
    let input = render::Input { api: &api, facts: &facts, names: &names, settings: &settings };
    if let Err(message) = files(input, &info, &environments, &mut run) {
        let diagnostic = Diagnostic::error("E0904", format!("the output cannot be formatted: {message}"));
        run.diagnostics.push(diagnostic.help("this is a bug of the generator: please report it with the document"));
        run.files = FileSet::new();
        return run;
    }
    if let Some(changelog) = history.changelog {
        run.files.insert("CHANGELOG.md", changelog);
    }
    run.report.lines = run.files.lines();
    if inputs.lock.is_some() {
        run.provenance.lock = Some(hash_text(run.lock.print().as_bytes()));
    }
    run
}

impl Understood {
    /// The name of the crate that comes of it.
    pub fn crate_name(&self, inputs: &Inputs) -> String {
        crate_name(inputs, &self.settings, &self.api)
    }
}

/// The crate's name: the command line's, the settings', or one made of the document's title.
fn crate_name(inputs: &Inputs, settings: &Settings, api: &Api) -> String {
    let chosen = inputs.name.clone().or_else(|| settings.package.name.as_ref().map(|n| n.to_string()));
    chosen.unwrap_or_else(|| name::crate_name(&api.title))
}

/// Renders and formats everything into the file set.
fn files(
    input: render::Input<'_>,
    info: &CrateInfo,
    environments: &[Environment],
    run: &mut Generated,
) -> Result<(), String> {
    let head = "// Generated by `cargo xtask generate`. Do not edit: it is rewritten as a whole.\n";
    let copied = input.settings.package.runtime == Runtime::Copy;
    let lib = info.library();
    let mut all = render::render(input, &lib);
    let mut examples = None;
    let root = || {
        let mut root = render::root(input, info, environments);
        examples = info.tests.then(|| render::shown_examples(input, info)).map(|(file, table)| {
            root.push(file);
            table
        });
        if !copied {
            for file in &mut root {
                file.items = vec![render::traits(file.items.drain(..).collect())];
            }
        }
        root
    };
    let texts = print::print(&mut all, root)?;
    for (file, text) in all.into_iter().zip(texts) {
        let mut out = String::from(head);
        for line in &file.head {
            let line = if line.is_empty() { "//!\n".to_owned() } else { format!("//! {line}\n") };
            out.push_str(&line);
        }
        if file.path == "src/lib.rs" {
            out.push_str(ROOT_LINTS);
        } else if file.path.starts_with("tests/") {
            out.push_str("#![allow(deprecated, unused_imports)]\n");
        }
        out.push('\n');
        out.push_str(&text);
        run.files.insert(file.path, out);
    }
    let runtime = if copied { render::runtime_files(input, &info.library()) } else { Vec::new() };
    let hand_written = runtime.into_iter().chain(render::client_files());
    for (path, mut content) in hand_written.chain(render::extra_files(input)).chain(render::example_files(input)) {
        if !copied {
            content = render::rewritten(&content, emit::format)?;
        }
        run.files.insert(path, format!("{head}{content}"));
    }
    for (path, content) in render::texts(input, info, environments)? {
        run.files.insert(path, content);
    }
    if let Some(table) = examples {
        run.files.insert("tests/examples.tsv".to_owned(), table);
    }
    Ok(())
}

/// What generated code may do that hand-written code may not: hold and read deprecated members, and look as the
/// document wants it.
const ROOT_LINTS: &str = "#![allow(deprecated, unused_imports, mixed_script_confusables, confusable_idents, uncommon_codepoints)]
#![allow(non_snake_case)]
#![allow(clippy::too_many_arguments, clippy::large_enum_variant, clippy::enum_variant_names, clippy::wrong_self_convention)]
#![allow(clippy::doc_lazy_continuation, clippy::doc_overindented_list_items, clippy::should_implement_trait)]
#![allow(clippy::question_mark)]
";
