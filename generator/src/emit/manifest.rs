//! The manifest: which files of an output folder are the generator's, and what they were made from.
//!
//! It is part of the output and checked in with it. It names no path outside the folder and no time, so the same inputs
//! give the same bytes on every machine.

use super::{FileSet, is_plain};
use crate::base::hash::hash_bytes;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fmt;

/// The manifest's file name in the output folder.
pub const MANIFEST_NAME: &str = ".generated.json";

/// Which inputs an output was made from, each as a hash.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Provenance {
    /// The document's data, by [`hash_node`](crate::document::hash_node): the same for JSON and YAML.
    pub document: String,
    /// The settings file, and the files it names, by [`hash_text`](crate::base::hash::hash_text); `None` without one.
    pub settings: Option<String>,
    /// The overlays in the order of their application, by [`hash_text`](crate::base::hash::hash_text).
    pub overlays: Vec<String>,
    /// The names as they are after the run, by [`hash_text`](crate::base::hash::hash_text); `None` without a lock.
    pub lock: Option<String>,
    /// The lock as it was read, before the run; not recorded. What differs from the record is what someone else changed,
    /// not what this run is about to change.
    pub lock_read: Option<String>,
    /// What the command line chose (`--name`, `--only`), in one readable line; empty without such options.
    pub options: String,
    /// The generator's version and the hash of the texts it copies (runtime and templates).
    pub generator: String,
}

/// What changed the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// The OpenAPI document.
    Document,
    /// The settings file.
    Settings,
    /// An overlay.
    Overlay,
    /// The locked names.
    Lock,
    /// Options of the command line.
    Options,
    /// The generator or its templates.
    Generator,
    /// Someone edited, added or removed files of the output folder.
    Hand,
    /// An earlier run was stopped before it was done.
    Interrupted,
}

impl Cause {
    /// The word used in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::Settings => "settings",
            Self::Overlay => "overlay",
            Self::Lock => "lock",
            Self::Options => "options",
            Self::Generator => "generator",
            Self::Hand => "hand",
            Self::Interrupted => "interrupted",
        }
    }

    /// The cause as the subject and verb of a sentence.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Document => "the document changed",
            Self::Settings => "the settings, or a file they name, changed",
            Self::Overlay => "an overlay changed",
            Self::Lock => "the locked names changed",
            Self::Options => "the options of the command line changed",
            Self::Generator => "the generator changed",
            Self::Hand => "someone changed the output folder by hand",
            Self::Interrupted => "an earlier run was stopped before it was done",
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Provenance {
    /// The inputs that differ between `self` (as recorded) and `now`.
    pub fn changes(&self, now: &Self) -> Vec<Cause> {
        let mut out = Vec::new();
        let mut differ = |cause, differs: bool| {
            if differs {
                out.push(cause);
            }
        };
        differ(Cause::Document, self.document != now.document);
        differ(Cause::Settings, self.settings != now.settings);
        differ(Cause::Overlay, self.overlays != now.overlays);
        differ(Cause::Lock, self.lock != now.lock_read);
        differ(Cause::Options, self.options != now.options);
        differ(Cause::Generator, self.generator != now.generator);
        out
    }
}

/// Owned files with their hashes, and the inputs they were made from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Manifest {
    /// What the files were made from.
    pub provenance: Provenance,
    /// Relative path → SHA-256 of the content.
    pub files: BTreeMap<String, String>,
}

impl Manifest {
    /// The manifest of `files`, made from `provenance`.
    pub fn new(provenance: Provenance, files: &FileSet) -> Self {
        let files = files.iter().map(|(path, content)| (path.to_owned(), hash_bytes(content))).collect();
        Self { provenance, files }
    }

    /// The manifest as the text that lies in the output folder.
    pub fn print(&self) -> String {
        let p = &self.provenance;
        let mut inputs = Map::new();
        inputs.insert("document".into(), json!(p.document));
        inputs.insert("generator".into(), json!(p.generator));
        inputs.insert("lock".into(), json!(p.lock));
        inputs.insert("options".into(), json!(p.options));
        inputs.insert("overlays".into(), json!(p.overlays));
        inputs.insert("settings".into(), json!(p.settings));
        let mut top = Map::new();
        top.insert(
            "about".into(),
            json!("written by the generator: the files it owns here, and what they were made from"),
        );
        top.insert("files".into(), json!(self.files));
        top.insert("format".into(), json!(1));
        top.insert("inputs".into(), Value::Object(inputs));
        let mut text = serde_json::to_string_pretty(&Value::Object(top)).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Reads a manifest. One with merge-conflict markers gives all files that either side lists, and no inputs: the next
    /// run owns both sides' files and mends it.
    ///
    /// # Errors
    ///
    /// What is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.lines().any(|line| line.starts_with("<<<<<<< ")) {
            return Self::conflicted(text);
        }
        let value: Value = serde_json::from_str(text).map_err(|e| format!("not JSON: {e}"))?;
        if value.get("format").and_then(Value::as_u64) != Some(1) {
            return Err("not of a format this generator knows".to_owned());
        }
        let listed = value.get("files").and_then(Value::as_object).ok_or("no list of files")?;
        let mut files = BTreeMap::new();
        for (path, hash) in listed {
            let hash = hash.as_str().ok_or_else(|| format!("no hash for `{path}`"))?;
            if !is_plain(path) {
                return Err(format!("`{path}` is no path below the folder"));
            }
            files.insert(path.clone(), hash.to_owned());
        }
        let inputs = value.get("inputs").unwrap_or(&Value::Null);
        let text_of = |key: &str| inputs.get(key).and_then(Value::as_str).map(str::to_owned);
        let provenance = Provenance {
            document: text_of("document").unwrap_or_default(),
            settings: text_of("settings"),
            overlays: inputs
                .get("overlays")
                .and_then(Value::as_array)
                .map(|list| list.iter().filter_map(|v| v.as_str().map(str::to_owned)).collect())
                .unwrap_or_default(),
            lock: text_of("lock"),
            lock_read: None,
            options: text_of("options").unwrap_or_default(),
            generator: text_of("generator").unwrap_or_default(),
        };
        Ok(Self { provenance, files })
    }

    fn conflicted(text: &str) -> Result<Self, String> {
        let mut files = BTreeMap::new();
        for line in text.lines() {
            let line = line.trim().trim_end_matches(',');
            let Some((path, hash)) = line.split_once(": ") else { continue };
            let (Ok(path), Ok(hash)) = (serde_json::from_str::<String>(path), serde_json::from_str::<String>(hash))
            else {
                continue;
            };
            let is_input = matches!(path.as_str(), "document" | "lock" | "settings");
            if !is_input && is_plain(&path) && hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit()) {
                files.insert(path, hash);
            }
        }
        Ok(Self { provenance: Provenance::default(), files })
    }
}
