//! Many files → one tree: every reference into another file is followed here, so that no later stage knows of files.
//!
//! A reference where OpenAPI has reference objects becomes a local one: to the component that is nothing but a reference
//! to the same node, where there is one, else to a copy below the root's [`BUNDLED`]. A reference anywhere else (a path
//! item, an operation, a description) is replaced by what it means. What a node's own references are relative to is told
//! by the file its place lies in.

mod files;

use super::{Entry, Kind, MAX_DEPTH, Node, Object, Sources};
use crate::base::Pointer;
use crate::base::diagnostic::{Diagnostic, Diagnostics};
use crate::document::grammar::{Place, SECTIONS, Spot};
use crate::document::identity::Identities;
use files::{Files, Target, sole_reference};
use std::collections::{HashMap, HashSet, VecDeque};
use std::path::Path;

/// The root's member that holds what came from other files, by readable keys.
pub const BUNDLED: &str = "x-bundled";

/// How many nodes filling in may add: files that refer to files twice over multiply like aliases do.
const FILL_BUDGET: usize = 2_000_000;

/// Makes `root`, read from `path`, independent of other files.
pub(super) fn bundle(root: &mut Node, path: Option<&Path>, sources: &mut Sources, diagnostics: &mut Diagnostics) {
    let files = Files::new(path, root.span.file);
    let span = root.span;
    let mut found = Diagnostics::new();
    let mut bundler = Bundler {
        files,
        sources,
        diagnostics: &mut found,
        homes: HashMap::new(),
        queue: VecDeque::new(),
        keys: HashSet::new(),
        own: HashSet::new(),
        filling: Vec::new(),
        budget: FILL_BUDGET,
    };
    bundler.own = Identities::of(root, None).own(root);
    let Some(object) = root.as_object_mut() else { return };
    bundler.reserve(object);
    bundler.find_homes(object);
    bundler.entry_document(object);
    let bundled = bundler.drain();
    if !bundled.is_empty() {
        object.push(Entry {
            key: BUNDLED.to_owned(),
            key_span: super::Span { end: span.start, ..span },
            value: Node::new(super::Span { end: span.start, ..span }, Kind::Object(bundled)),
        });
    }
    let mut located = 0;
    for diagnostic in found.iter() {
        let mut diagnostic = diagnostic.clone();
        if let (None, Some(at)) = (&diagnostic.pointer, diagnostic.span)
            && at.file == span.file
            && located < 200
        {
            located += 1;
            diagnostic.pointer = Some(root.pointer_at(at));
        }
        diagnostics.push(diagnostic);
    }
}

struct Bundler<'a> {
    files: Files,
    sources: &'a mut Sources,
    diagnostics: &'a mut Diagnostics,
    /// Where an external node stands in the one tree.
    homes: HashMap<Target, Pointer>,
    /// Nodes that have a key below [`BUNDLED`] and are not there yet.
    queue: VecDeque<(String, Target, Place)>,
    keys: HashSet<String>,
    /// References that lead to schemas of the document by their addresses.
    own: HashSet<super::Span>,
    /// What is being filled in right now, outermost first.
    filling: Vec<Target>,
    budget: usize,
}

impl Bundler<'_> {
    /// The key is ours: a document's own member of that name would be mistaken for what `bundle` put there.
    fn reserve(&mut self, root: &mut Object) {
        let Some(span) = root.entry(BUNDLED).map(|e| e.key_span) else { return };
        root.remove(BUNDLED);
        self.diagnostics.push(
            Diagnostic::warning("W0112", format!("`{BUNDLED}` is a reserved key: the document's own is left out"))
                .at(span),
        );
    }

    /// Fills in sections that are references as a whole, and notes which component is nothing but a reference.
    fn find_homes(&mut self, root: &mut Object) {
        let top = Pointer::root();
        if let Some(components) = root.get_mut("components") {
            let at = top.join("components");
            let origin = self.fill_section(components);
            if let Kind::Object(sections) = &mut components.kind {
                for section in sections.iter_mut().filter(|s| !s.key.starts_with("x-")) {
                    let inherited = origin.as_ref().map(|t| t.join(&section.key));
                    let origin = self.fill_section(&mut section.value).or(inherited);
                    self.homes_of(&section.value, &at.join(&section.key), origin);
                }
            }
        }
        for key in SECTIONS {
            if let Some(section) = root.get_mut(key) {
                let origin = self.fill_section(section);
                self.homes_of(section, &top.join(key), origin);
            }
        }
    }

    fn fill_section(&mut self, node: &mut Node) -> Option<Target> {
        let (text, base) = self.reference_of(node)?;
        if base == 0 && text.starts_with('#') {
            return None;
        }
        // What cannot be found is reported by the walk that comes after.
        let target = self.files.find(base, &text, self.sources, self.diagnostics).ok()?;
        self.files.node(&target)?.as_object()?;
        self.fill(node, &target);
        Some(target)
    }

    /// `origin`: where the section as a whole came from.
    fn homes_of(&mut self, section: &Node, at: &Pointer, origin: Option<Target>) {
        let Kind::Object(entries) = &section.kind else { return };
        for entry in entries {
            let home = at.join(&entry.key);
            if let Some(text) = sole_reference(&entry.value) {
                let Some((_, base)) = self.reference_of(&entry.value) else { continue };
                if base == 0 && text.starts_with('#') {
                    continue;
                }
                let Ok(target) = self.files.find(base, text, self.sources, self.diagnostics) else { continue };
                if target.file != 0 && self.files.node(&target).is_some_and(|n| n.as_object().is_some()) {
                    self.homes.entry(target).or_insert(home);
                }
            } else if let Some(origin) = &origin
                && entry.value.as_object().is_some()
            {
                self.homes.entry(origin.join(&entry.key)).or_insert(home);
            }
        }
    }

    fn entry_document(&mut self, root: &mut Object) {
        let top = Pointer::root();
        for entry in root.iter_mut() {
            let place = Place::One(Spot::Document).child(&entry.key, &entry.value);
            let at = top.join(&entry.key);
            match &mut entry.value.kind {
                Kind::Object(sections) if place == Place::One(Spot::Components) && !sections.contains("$ref") => {
                    for section in sections.iter_mut() {
                        let place = place.child(&section.key, &section.value);
                        self.section(&mut section.value, place, &at.join(&section.key), 3);
                    }
                }
                _ if SECTIONS.contains(&entry.key.as_str()) => self.section(&mut entry.value, place, &at, 2),
                _ => self.walk(&mut entry.value, place, 2),
            }
        }
    }

    fn section(&mut self, node: &mut Node, place: Place, at: &Pointer, depth: usize) {
        let Kind::Object(entries) = &mut node.kind else { return self.walk(node, place, depth) };
        if entries.contains("$ref") || place == Place::Extension {
            return self.walk(node, place, depth);
        }
        for entry in entries.iter_mut() {
            let place = place.child(&entry.key, &entry.value);
            let home = sole_reference(&entry.value).is_some().then(|| at.join(&entry.key));
            if let Some(home) = home
                && let Some((text, base)) = self.reference_of(&entry.value)
                && !(base == 0 && text.starts_with('#'))
                && let Ok(target) = self.files.find(base, &text, self.sources, self.diagnostics)
                && self.homes.get(&target) == Some(&home)
                && self.fill(&mut entry.value, &target)
            {
                self.filled(&mut entry.value, target, place, depth + 1);
                continue;
            }
            self.walk(&mut entry.value, place, depth + 1);
        }
    }

    /// What is left to be put below [`BUNDLED`]; grows while it is walked.
    fn drain(&mut self) -> Object {
        let mut out = Object::new();
        while let Some((key, target, place)) = self.queue.pop_front() {
            let Some(mut node) = self.files.node(&target).cloned() else { continue };
            self.walk(&mut node, place, 3);
            out.push(Entry { key, key_span: super::Span { end: node.span.start, ..node.span }, value: node });
        }
        out
    }

    fn walk(&mut self, node: &mut Node, place: Place, depth: usize) {
        match &mut node.kind {
            _ if place == Place::Extension => {}
            Kind::Array(items) => {
                let place = place.element();
                for item in items.iter_mut() {
                    self.walk(item, place, depth + 1);
                }
            }
            Kind::Object(object) => {
                if object.get("$ref").is_some_and(|r| r.as_str().is_some()) && self.reference(node, place, depth) {
                    return;
                }
                let Kind::Object(object) = &mut node.kind else { return };
                if place == Place::One(Spot::Discriminator) {
                    self.mapping(object);
                }
                for entry in object.iter_mut() {
                    // A walk into a scalar is a call for nothing, and most members are scalars.
                    if matches!(entry.value.kind, Kind::Object(_) | Kind::Array(_)) {
                        let place = place.child(&entry.key, &entry.value);
                        self.walk(&mut entry.value, place, depth + 1);
                    }
                }
            }
            _ => {}
        }
    }

    /// The text of a node's reference and the index of the file it is relative to.
    fn reference_of(&self, node: &Node) -> Option<(String, usize)> {
        let reference = node.get("$ref")?;
        Some((reference.as_str()?.to_owned(), self.files.index(reference.span.file)?))
    }

    /// Deals with the `$ref` of `node`; true when the node was replaced, and walked, as a whole.
    fn reference(&mut self, node: &mut Node, place: Place, depth: usize) -> bool {
        let Some(span) = node.get("$ref").map(|r| r.span) else { return false };
        if self.own.contains(&span) {
            return false;
        }
        let is_local = span.file.0 == 0 && node.get("$ref").and_then(Node::as_str).is_some_and(|t| t.starts_with('#'));
        if is_local {
            return false;
        }
        let Some((text, base)) = self.reference_of(node) else { return false };
        let target = match self.files.find(base, &text, self.sources, self.diagnostics) {
            Ok(target) => target,
            // In an example a `$ref` may be just a member of that name.
            Err(_) if place == Place::Data => return false,
            Err(why) => {
                self.diagnostics.push(why.at(span));
                if text.starts_with('#') {
                    // It meant its own file; in the one tree it would mean the entry document and might find something.
                    let full = format!("{}{text}", super::text::slashed(self.files.path(base)));
                    point(node, full);
                }
                return false;
            }
        };
        let is_object = self.files.node(&target).is_some_and(|n| n.as_object().is_some());
        if target.file == 0 || matches!(place, Place::One(spot) if spot.is_referable()) && is_object {
            let pointer = self.home(&target, place);
            point(node, pointer.to_string());
            return false;
        }
        let nested = self.filling.contains(&target);
        let (nodes, levels) = self.files.node(&target).map_or((0, 0), Node::measure);
        if nested || depth + levels > MAX_DEPTH || nodes > self.budget {
            if place == Place::Data {
                return false;
            }
            let why = if nested { "contains itself" } else { "grows beyond bounds" };
            self.diagnostics
                .push(Diagnostic::warning("W0110", format!("`{text}` is left out: what it refers to {why}")).at(span));
            return false;
        }
        if !self.fill(node, &target) {
            return false;
        }
        self.filled(node, target, place, depth);
        true
    }

    /// The pointer of an external node in the one tree.
    fn home(&mut self, target: &Target, place: Place) -> Pointer {
        if target.file == 0 {
            return target.pointer.clone();
        }
        if let Some(home) = self.homes.get(target) {
            return home.clone();
        }
        let stem = self.key_of(target);
        let mut key = stem.clone();
        let mut n = 2;
        while !self.keys.insert(key.clone()) {
            key = format!("{stem}_{n}");
            n += 1;
        }
        let home = Pointer::root().join(BUNDLED).join(&key);
        self.homes.insert(target.clone(), home.clone());
        self.queue.push_back((key, target.clone(), place));
        home
    }

    /// `schemas/pet.yaml#/Pet` → `schemas_pet__Pet`; the words every pointer to a component starts with say nothing.
    fn key_of(&self, target: &Target) -> String {
        let path = self.files.path(target.file).with_extension("");
        let mut key = words(path.components().map(|c| c.as_os_str().to_string_lossy().into_owned()));
        let segments: Vec<String> = target.pointer.segments().collect();
        let named = match segments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["components", _, _, ..] => segments.get(2..),
            ["definitions", _, ..] => segments.get(1..),
            _ => Some(segments.as_slice()),
        };
        let name = words(named.unwrap_or_default().iter().cloned());
        if !name.is_empty() {
            key.push_str("__");
            key.push_str(&name);
        }
        key
    }

    /// Replaces a node by what it refers to; members beside `$ref` stay and win.
    fn fill(&mut self, node: &mut Node, target: &Target) -> bool {
        let Some(mut content) = self.files.node(target).cloned() else { return false };
        self.budget = self.budget.saturating_sub(content.measure().0);
        if let (Kind::Object(members), Kind::Object(own)) =
            (&mut content.kind, std::mem::replace(&mut node.kind, Kind::Null))
        {
            for entry in own.into_iter().filter(|e| e.key != "$ref") {
                members.replace(entry);
            }
        }
        *node = content;
        true
    }

    fn filled(&mut self, node: &mut Node, target: Target, place: Place, depth: usize) {
        self.filling.push(target);
        self.walk(node, place, depth);
        self.filling.pop();
    }

    /// A discriminator's mapping names schemas by name or by reference.
    fn mapping(&mut self, discriminator: &mut Object) {
        let Some(Kind::Object(mapping)) = discriminator.get_mut("mapping").map(|m| &mut m.kind) else { return };
        for entry in mapping.iter_mut() {
            let span = entry.value.span;
            let Some(text) = entry.value.as_str() else { continue };
            let Some(base) = self.files.index(span.file) else { continue };
            let is_file = [".yaml", ".yml", ".json"].iter().any(|end| text.ends_with(end));
            let is_reference = text.contains('#') || text.starts_with("./") || text.starts_with("../") || is_file;
            if !is_reference || base == 0 && text.starts_with('#') {
                continue;
            }
            match self.files.find(base, text, self.sources, self.diagnostics) {
                Ok(target) => {
                    let pointer = self.home(&target, Place::One(Spot::Schema));
                    entry.value = Node::string(span, pointer.to_string());
                }
                Err(why) => self.diagnostics.push(why.at(span)),
            }
        }
    }
}

impl Target {
    fn join(&self, segment: &str) -> Target {
        Target { file: self.file, pointer: self.pointer.join(segment) }
    }
}

fn point(node: &mut Node, to: String) {
    if let Some(reference) = node.as_object_mut().and_then(|o| o.get_mut("$ref")) {
        reference.kind = Kind::String(to);
    }
}

/// Joined by `_`, with nothing in it that a pointer or a URL would have to escape.
fn words(parts: impl Iterator<Item = String>) -> String {
    let mut out = String::new();
    for part in parts {
        if !out.is_empty() {
            out.push('_');
        }
        out.extend(part.chars().map(|c| if c.is_alphanumeric() || matches!(c, '-' | '.') { c } else { '_' }));
    }
    out
}
