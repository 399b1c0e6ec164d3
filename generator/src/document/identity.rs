//! Names that schemas give themselves: `$id`, `$anchor` and `$dynamicAnchor`, and what references to them mean. `load` asks which
//! references need no file; `normalize` makes places of them all.

use std::collections::{HashMap, HashSet};

use super::Node;
use super::grammar::{Place, Spot};
use super::targets::Trie;
use super::walk::{At, Visit, walk};
use crate::base::pointer::{escape, order, segments};
use crate::base::{Pointer, Span, percent_decoded};

/// What the schemas of a document call themselves.
#[derive(Debug, Default)]
pub struct Identities {
    /// Schemas with an `$id`, each with its address.
    resources: HashMap<Pointer, String>,
    /// The same the other way round.
    by_address: HashMap<String, Pointer>,
    /// Per schema with an `$id`, and for the document itself, the anchors in it.
    anchors: HashMap<(Pointer, String), Pointer>,
    /// The same per component.
    near: HashMap<(Pointer, String), Pointer>,
    /// Schemas with a `$dynamicAnchor`, in the order of the document.
    dynamic: Vec<(Pointer, String)>,
    /// The `$ref`s of schemas.
    references: Vec<Reference>,
    /// The `$dynamicRef`s and `$recursiveRef`s.
    dynamic_references: Vec<Reference>,
}

/// A reference of a schema.
#[derive(Debug, Clone)]
pub struct Reference {
    /// The schema that has it.
    pub at: Pointer,
    /// Its text.
    pub text: String,
    /// The place of the text.
    pub span: Span,
}

impl Identities {
    /// Collects them all. `targets` says what stands where the grammar knows nothing.
    pub fn of(root: &Node, targets: Option<&Trie>) -> Self {
        let mut found = Self::default();
        walk(root, Place::One(Spot::Document), &At::root(targets), &mut found);
        let plain = std::mem::take(&mut found.anchors);
        // An anchor belongs to the schema with an address around it, which is known only now.
        let mut plain: Vec<_> = plain.into_iter().collect();
        // Of several of one name in one resource the first by its place counts, in every run.
        plain.sort_by(|((a, _), _), ((b, _), _)| order(a.as_str(), b.as_str()));
        for ((at, name), to) in plain {
            found.near.entry((found.unit(&at), name.clone())).or_insert_with(|| to.clone());
            found.anchors.entry((found.resource(&at), name)).or_insert(to);
        }
        found
    }

    /// Whether no reference needs to be looked at.
    pub fn is_empty(&self) -> bool {
        self.references.is_empty() && self.dynamic_references.is_empty()
    }

    /// The `$ref`s of schemas.
    pub fn references(&self) -> &[Reference] {
        &self.references
    }

    /// The `$dynamicRef`s of schemas.
    pub fn dynamic_references(&self) -> &[Reference] {
        &self.dynamic_references
    }

    /// Schemas with a `$dynamicAnchor`.
    pub fn dynamic(&self) -> &[(Pointer, String)] {
        &self.dynamic
    }

    /// The places of references that lead to another schema by its address, and need no file.
    pub fn own(&self, root: &Node) -> HashSet<Span> {
        let own = |r: &&Reference| !r.text.starts_with('#') && self.place(root, r).is_some();
        self.references.iter().filter(own).map(|r| r.span).collect()
    }

    /// The schema with an address that is nearest around a place; the document, where none is.
    fn resource(&self, at: &Pointer) -> Pointer {
        around(at).find(|of| self.resources.contains_key(of)).unwrap_or_default()
    }

    /// What anchors and references without an address are looked for in first: the nearest schema with an address, or the component.
    pub fn unit(&self, at: &Pointer) -> Pointer {
        around(at).find(|of| self.resources.contains_key(of) || is_component(of)).unwrap_or_default()
    }

    fn address(&self, resource: &Pointer) -> &str {
        self.resources.get(resource).map_or("", String::as_str)
    }

    /// The place that a reference means, if schemas' own names say so: by the nearest address first, else as one of the document.
    pub fn place(&self, root: &Node, reference: &Reference) -> Option<Pointer> {
        let (address, fragment) = reference.text.split_once('#').unwrap_or((&reference.text, ""));
        let fragment = percent_decoded(fragment);
        let here = self.resource(&reference.at);
        let resource = if address.is_empty() {
            here
        } else {
            let whole = resolved(self.address(&here), address);
            self.by_address.get(&whole)?.clone()
        };
        if fragment.is_empty() {
            // `#` in a document of many schemas can only mean the one that it is in.
            let whole = if resource == Pointer::root() { self.unit(&reference.at) } else { resource };
            return Some(whole).filter(|whole| !reference.text.is_empty() && *whole != Pointer::root());
        }
        if !fragment.starts_with('/') {
            // Tools that know no resources give each component anchors of its own.
            let near = || self.near.get(&(self.unit(&reference.at), fragment.to_string()));
            let anchor = Some(()).filter(|()| address.is_empty()).and_then(|()| near());
            let anchor = anchor.or_else(|| self.anchors.get(&(resource, fragment.to_string())));
            // Where addresses are not used, one name in the whole document is as good.
            return anchor.or_else(|| self.only(&fragment)).cloned();
        }
        let below = |of: &Pointer| Pointer::parse(&format!("#{}{fragment}", of.as_str()));
        let found = |of: &Pointer| below(of).filter(|place| at(root, place).is_some());
        found(&resource).or_else(|| {
            // `#/$defs/x` without an `$id` means those of the schema around it, as most tools read it.
            let local = address.is_empty() && found(&Pointer::root()).is_none();
            around(&reference.at).take_while(|_| local).find_map(|of| found(&of))
        })
    }

    /// The one schema that has an anchor, if it is one.
    fn only(&self, name: &str) -> Option<&Pointer> {
        let mut all = self.anchors.iter().filter(|((_, anchor), _)| anchor == name).map(|(_, to)| to);
        all.next().filter(|_| all.next().is_none())
    }
}

impl Visit for Identities {
    fn enter(&mut self, place: Place, node: &Node, at: &At<'_>) {
        if place != Place::One(Spot::Schema) {
            return;
        }
        let Some(members) = node.as_object() else { return };
        if let Some(text) = members.get("$id").and_then(Node::as_str) {
            let pointer = at.pointer();
            let address = resolved(self.address(&self.resource(&pointer)), text.split('#').next().unwrap_or_default());
            self.by_address.entry(address.clone()).or_insert_with(|| pointer.clone());
            self.resources.insert(pointer, address);
        }
        for e in members.iter().filter(|e| e.key.starts_with('$')) {
            let Some(text) = e.value.as_str() else { continue };
            let reference = || Reference { at: at.pointer(), text: text.to_owned(), span: e.value.span };
            match e.key.as_str() {
                // Others mean the place they name, whoever has a name.
                "$ref" if !self.resources.is_empty() || !text.starts_with("#/") || text.starts_with("#/$defs/") => {
                    self.references.push(reference());
                }
                "$dynamicRef" | "$recursiveRef" => self.dynamic_references.push(reference()),
                "$anchor" => {
                    self.anchors.entry((at.pointer(), text.to_owned())).or_insert_with(|| at.pointer());
                }
                "$dynamicAnchor" => {
                    let pointer = at.pointer();
                    self.dynamic.push((pointer.clone(), text.to_owned()));
                    self.anchors.entry((pointer.clone(), text.to_owned())).or_insert(pointer);
                }
                _ => {}
            }
        }
    }
}

/// A place and those around it, from the inside out.
fn around(at: &Pointer) -> impl Iterator<Item = Pointer> {
    std::iter::successors(Some(at.clone()), Pointer::parent)
}

fn is_component(at: &Pointer) -> bool {
    let path: Vec<String> = at.segments().collect();
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    matches!(path.as_slice(), ["components", "schemas", _] | ["x-bundled" | "definitions", _])
}

/// The node at a pointer.
pub fn at<'n>(root: &'n Node, pointer: &Pointer) -> Option<&'n Node> {
    let path = segments(pointer.as_str());
    root.at(path.iter().map(String::as_str))
}

/// The text of a reference to a place.
pub fn text_of(pointer: &Pointer) -> String {
    let path: String = pointer.segments().map(|segment| format!("/{}", escape(&segment))).collect();
    format!("#{}", path.replace('%', "%25"))
}

/// An address relative to another one (RFC 3986, without the letter case and the empty segments that nobody writes).
fn resolved(base: &str, address: &str) -> String {
    let has_scheme = |text: &str| {
        let scheme = text.split([':', '/', '?', '#']).next().unwrap_or_default();
        !scheme.is_empty() && text.get(scheme.len()..).is_some_and(|rest| rest.starts_with(':'))
    };
    if has_scheme(address) || base.is_empty() {
        return address.to_owned();
    }
    if address.is_empty() {
        return base.to_owned();
    }
    let after_scheme = base.find("://").map_or(0, |at| at + 3);
    if let Some(rest) = address.strip_prefix("//") {
        return format!("{}{rest}", base.get(..after_scheme).unwrap_or_default());
    }
    // Without a scheme it is a path as a whole.
    let path = match base.contains("://") {
        true => base.get(after_scheme..).and_then(|rest| rest.find('/')).map_or(base.len(), |at| after_scheme + at),
        false => 0,
    };
    let (origin, folder) = base.split_at_checked(path).unwrap_or((base, ""));
    let joined = if address.starts_with('/') {
        address.to_owned()
    } else {
        match folder.rfind('/').and_then(|at| folder.get(..at)) {
            Some(folder) => format!("{folder}/{address}"),
            None if origin.is_empty() => address.to_owned(),
            None => format!("/{address}"),
        }
    };
    let lead = if joined.starts_with('/') { "/" } else { "" };
    let mut out: Vec<&str> = Vec::new();
    for segment in joined.strip_prefix('/').unwrap_or(&joined).split('/') {
        match segment {
            "." => {}
            ".." => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    format!("{origin}{lead}{}", out.join("/"))
}

#[cfg(test)]
mod tests {
    use super::resolved;

    #[test]
    fn addresses_relative_to_others() {
        for (base, address, whole) in [
            ("", "https://a.test/x", "https://a.test/x"),
            ("https://a.test/x", "y", "https://a.test/y"),
            ("https://a.test/x/z", "y", "https://a.test/x/y"),
            ("https://a.test/x/z", "../y", "https://a.test/y"),
            ("https://a.test/x/z", "./y", "https://a.test/x/y"),
            ("https://a.test/x/z", "/y", "https://a.test/y"),
            ("https://a.test", "y", "https://a.test/y"),
            ("x", "y", "y"),
            ("a/x", "y", "a/y"),
            ("a/x", "../y", "y"),
            ("/a/x", "y", "/a/y"),
            ("https://a.test/x", "//b.test/y", "https://b.test/y"),
            ("https://a.test/x", "urn:y:z", "urn:y:z"),
            ("https://a.test/x", "", "https://a.test/x"),
        ] {
            assert_eq!(resolved(base, address), whole, "{base} {address}");
        }
    }
}
