//! `names`: which names the lock holds, and names that a person gives.

use crate::cli::{InputArgs, Names, NamesCommand};
use crate::inputs::{self, Resolved};
use crate::{Outcome, print};
use generator::base::Sources;
use generator::base::diagnostic::Diagnostics;
use generator::base::file;
use generator::base::visible::visible;
use generator::emit;
use generator::history::lock::Lock;
use generator::{Inputs, name, pipeline, settings};
use serde_json::{Value, json};
use std::path::Path;

pub(crate) fn run(args: &Names) -> Outcome {
    let out = args.inputs.out.clone().unwrap_or_default();
    let resolved = inputs::resolve(&InputArgs { out: Some(out), ..args.inputs.clone() });
    let done = resolved.and_then(|resolved| {
        let Some(lock) = lock(&resolved.inputs)? else { return Ok(Outcome::Refused) };
        match &args.command {
            None => list(&lock, "", false),
            Some(NamesCommand::List { text, json }) => list(&lock, text.as_deref().unwrap_or_default(), *json),
            Some(NamesCommand::Pin { pointer, name }) => pin(&resolved, &lock, pointer, name.as_deref()),
            Some(NamesCommand::Rename { old, new }) => rename(&resolved, &lock, old, new),
        }
    });
    done.unwrap_or_else(|message| {
        print::error(&message);
        Outcome::Refused
    })
}

/// The lock; `None` when it is broken, which has been told then.
fn lock(inputs: &Inputs) -> Result<Option<Lock>, String> {
    let path = inputs.lock.as_ref().ok_or("there is no lock: name it with `--lock FILE`")?;
    let text = file::read_text(path).map_err(|why| format!("cannot read `{}`: {why}", path.display()))?;
    let (mut sources, mut diagnostics) = (Sources::new(), Diagnostics::new());
    let file = sources.add(path.display().to_string(), text.as_str());
    let lock = Lock::parse(&text, file, &mut diagnostics);
    if diagnostics.has_errors() {
        print::all(&diagnostics, &sources);
        return Ok(None);
    }
    Ok(Some(lock))
}

/// A name as a person writes it: `models::Link`, `Links::list`.
fn shown(lock: &Lock, kind: &str, pointer: &str, name: &str) -> String {
    match kind {
        "type" => format!("models::{name}"),
        "builder" => format!("api::requests::{name}"),
        "method" => match name.rsplit_once('/') {
            // An earlier one: accessor, handle, method.
            Some((handle, method)) => format!("api::{}::{method}", handle.rsplit('/').next().unwrap_or_default()),
            None => {
                let handle = lock.at("handle", pointer).and_then(|entry| entry.name.rsplit('/').next());
                format!("api::{}::{name}", handle.unwrap_or_default())
            }
        },
        _ => name.to_owned(),
    }
}

fn list(lock: &Lock, text: &str, as_json: bool) -> Result<Outcome, String> {
    let mut lines = Vec::new();
    let mut objects: Vec<Value> = Vec::new();
    for (pointer, kind, entry) in lock.iter().filter(|(_, kind, _)| matches!(*kind, "type" | "method" | "builder")) {
        let name = shown(lock, kind, pointer, &entry.name);
        if !name.contains(text) && !pointer.contains(text) {
            continue;
        }
        let gone = if entry.gone { "  (gone: the name stays taken)" } else { "" };
        lines.push(format!("{name}  #{pointer}{gone}"));
        objects.push(json!({"name": name, "kind": kind, "pointer": format!("#{pointer}"), "gone": entry.gone}));
    }
    for line in lock.aliases() {
        let name = shown(lock, line.kind, line.pointer, line.name);
        if !name.contains(text) && !line.pointer.contains(text) {
            continue;
        }
        let now = lock.at(line.kind, line.pointer).map(|entry| shown(lock, line.kind, line.pointer, &entry.name));
        let now = now.unwrap_or_default();
        let since = line.alias.since.as_ref().map(|v| v.to_string());
        let life = match (&since, line.alias.gone) {
            (_, true) => "gone: the name stays taken".to_owned(),
            (Some(since), _) => format!("deprecated since {since}, goes with {}", line.alias.until),
            (None, _) => format!("deprecated with the next release, goes with {}", line.alias.until),
        };
        lines.push(format!("{name}  renamed to {now}  ({life})"));
        objects.push(json!({
            "name": name, "kind": line.kind, "pointer": format!("#{}", line.pointer), "renamed_to": now,
            "since": since, "until": line.alias.until.to_string(), "gone": line.alias.gone,
        }));
    }
    if as_json {
        print::out(&format!("{:#}\n", Value::Array(objects)));
    } else {
        let all: String = lines.iter().map(|line| format!("{}\n", visible(line))).collect();
        print::out(&all);
    }
    Ok(Outcome::Done)
}

fn pin(resolved: &Resolved, lock: &Lock, pointer: &str, name: Option<&str>) -> Result<Outcome, String> {
    let bare = pointer.strip_prefix('#').unwrap_or(pointer);
    for kind in ["type", "method"] {
        if let Some(entry) = lock.at(kind, bare).filter(|entry| !entry.gone) {
            let name = name.unwrap_or(&entry.name).to_owned();
            return give(resolved, kind, bare, &entry.fingerprint, &entry.name, &name);
        }
    }
    Err(format!("the lock has no name for `{pointer}`: `cargo xtask names list` shows what it has"))
}

fn rename(resolved: &Resolved, lock: &Lock, old: &str, new: &str) -> Result<Outcome, String> {
    let bare = |text: &str| text.trim_start_matches("models::").trim_start_matches("api::").replace("r#", "");
    let wanted = bare(old);
    let mut found = lock.iter().filter(|(pointer, kind, entry)| {
        !entry.gone && matches!(*kind, "type" | "method") && bare(&shown(lock, kind, pointer, &entry.name)) == wanted
    });
    let Some((pointer, kind, entry)) = found.next() else {
        return Err(format!("nothing is called `{old}`: types are `Link`, methods `Links::list`"));
    };
    // `Links::list` may become `Links::all`: the handle is the tag's and cannot be given here.
    let new = bare(new);
    let new = new.rsplit("::").next().unwrap_or(&new).to_owned();
    give(resolved, kind, pointer, &entry.fingerprint, &entry.name, &new)
}

/// Writes the name into the settings, once it is known that nothing is wrong with it.
fn give(resolved: &Resolved, kind: &str, pointer: &str, id: &str, old: &str, new: &str) -> Result<Outcome, String> {
    let path = resolved.inputs.config.as_ref().ok_or("there are no settings: name them with `--config FILE`")?;
    let text = file::read_text(path).map_err(|why| format!("cannot read `{}`: {why}", path.display()))?;
    let proper = if kind == "type" { name::component_name(new) } else { name::snake_ident(new) };
    if proper != new.trim_start_matches("r#") {
        return Err(format!("`{new}` is no name for a {kind}: Rust would call it `{proper}`"));
    }
    let edited = match kind {
        "type" => settings::edit::set_type_name(&text, &format!("#{pointer}"), new)?,
        _ => settings::edit::set_method_name(&text, id, new.trim_start_matches("r#"))?,
    };
    let staged = emit::stage_file(path, edited.as_bytes()).map_err(|diagnostic| diagnostic.message.clone())?;
    let inputs = Inputs { config: Some(staged.path().to_path_buf()), ..resolved.inputs.clone() };
    let run = pipeline::understand(&inputs);
    if run.diagnostics.has_errors() {
        print::all(&run.diagnostics, &run.sources);
        return Ok(Outcome::Refused);
    }
    let given = run.next_lock.at(kind, pointer).map(|entry| entry.name.clone()).unwrap_or_default();
    if given.trim_start_matches("r#") != new.trim_start_matches("r#") {
        return Err(format!("`{new}` is taken: it would become `{given}`; nothing was changed"));
    }
    let alias = run.next_lock.aliases_of(kind, pointer).find(|line| line.name.rsplit('/').next() == Some(old));
    let until = alias.map(|line| line.alias.until.to_string());
    staged.commit().map_err(|diagnostic| diagnostic.message.clone())?;
    print::out(&renamed(path, old, new, until.as_deref()));
    Ok(Outcome::Done)
}

fn renamed(path: &Path, old: &str, new: &str, until: Option<&str>) -> String {
    let path = path.display();
    match until {
        Some(until) if old != new => {
            format!(
                "`{old}` is `{new}` from the next `cargo xtask generate` on, by `{path}`; the old name stays as a deprecated alias and goes with version {until}\n"
            )
        }
        _ if old != new => format!("`{old}` is `{new}` from the next `cargo xtask generate` on, by `{path}`\n"),
        _ => format!("`{new}` stays `{new}` whatever the document calls it, by `{path}`\n"),
    }
}
