//! Whether `generate` has anything to do: what its last run read is what is there now, and so is what it wrote. Then the run costs
//! reading it and comparing, and says what it said before.
//!
//! The record lies in the output's `target/`, which belongs to no one's sources: where it is gone, everything is done again. `check`
//! never looks at it.

use crate::print;
use generator::base::file;
use generator::base::hash::hash_bytes;
use generator::{Inputs, emit};
use serde_json::{Value, json};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

/// What a run said.
pub(crate) struct Said {
    /// The contract's object, with the diagnostics.
    pub(crate) object: Value,
    /// The diagnostics for people.
    pub(crate) text: String,
}

/// What a run would be made from, as far as it is known before anything is read.
pub(crate) struct Ask<'a> {
    inputs: &'a Inputs,
    out: &'a Path,
    key: String,
}

impl<'a> Ask<'a> {
    /// `None` where the system does not say what program this is.
    pub(crate) fn new(inputs: &'a Inputs, out: &'a Path) -> Option<Self> {
        let program = env::current_exe().ok()?;
        let about = fs::metadata(&program).ok()?;
        let built = about.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        let here = env::current_dir().ok()?;
        let style = print::colours_errors();
        let all = format!("{program:?} {} {built:?} {here:?} {out:?} {style} {inputs:?}", about.len());
        Some(Self { inputs, out, key: hash_bytes(all.as_bytes()) })
    }

    fn record(&self) -> PathBuf {
        self.out.join("target/generated-from.json")
    }

    /// What the last run said, where nothing has changed since.
    pub(crate) fn last(&self) -> Option<Said> {
        let text = fs::read(self.record()).ok()?;
        let mut record: Value = serde_json::from_slice(&text).ok()?;
        let read = record.get("read")?.as_object()?;
        let same = |(path, hash): (&String, &Value)| hash_of(Path::new(path)).is_some_and(|now| *hash == now);
        // What was not there is not among what was read.
        let known = |path: &PathBuf| !path.exists() || read.contains_key(&shown(path));
        let Inputs { spec, config, overlays, lock, .. } = self.inputs;
        let named = std::iter::once(spec).chain(config).chain(overlays).chain(lock);
        let unchanged = record.get("key")? == &self.key
            && named.into_iter().all(known)
            && read.iter().all(same)
            && emit::is_whole(self.out);
        let said = unchanged.then(|| record.get_mut("object").map(Value::take)).flatten()?;
        Some(Said { object: said, text: record.get("text")?.as_str()?.to_owned() })
    }

    /// Notes what a run read and said. Where that cannot be written, the next one does everything again.
    pub(crate) fn note<'s>(&self, read: impl Iterator<Item = (&'s str, &'s str)>, said: &Said) {
        let read: serde_json::Map<String, Value> =
            read.map(|(path, text)| (path.to_owned(), hash_bytes(text.as_bytes()).into())).collect();
        let record = json!({"key": self.key, "read": read, "object": said.object, "text": said.text});
        let path = self.record();
        let folder = path.parent().is_some_and(|folder| folder.is_dir() || fs::create_dir(folder).is_ok());
        if folder {
            let _ = fs::write(path, record.to_string());
        }
    }
}

fn shown(path: &Path) -> String {
    path.display().to_string().replace('\\', "/")
}

fn hash_of(path: &Path) -> Option<String> {
    Some(hash_bytes(file::read_text(path).ok()?.as_bytes()))
}
