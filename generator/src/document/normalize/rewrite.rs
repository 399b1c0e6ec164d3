//! The one walk that brings every schema into shape, from the leaves up.
//!
//! What a keyword becomes stands in [`v30`](super::v30), [`v31`](super::v31), [`types`](super::types) and
//! [`unions`](super::unions). All of it applies to every version: many documents use keywords of a version
//! newer than their header, and only one thing can be meant by them.

use std::collections::HashSet;

use crate::base::Span;
use crate::base::diagnostic::Diagnostic;
use crate::document::{Entry, Kind, Node, Object};

use super::moves::Moves;
use super::tally::Tally;
use super::version::Version;
use super::{codes, keys, object, texts, types, unions, v30, v31};
use crate::base::pointer::escape;
use crate::document::grammar::{Place, Spot};
use crate::document::targets::Targets;
use crate::document::walk::{At, VisitMut, walk_mut};

/// Rewrites the whole document.
pub(super) fn rewrite(root: &mut Node, version: Version, targets: &Targets, tally: &mut Tally) {
    let mut pass = Rewrite { version, moves: Moves::default(), nulls: null_components(root), tally };
    let at = At::root(Some(&targets.trie));
    walk_mut(root, Place::One(Spot::Document), &at, &mut pass);
    let moves = pass.moves;
    moves.follow(root, &targets.trie);
}

/// Strips the reserved keys, for documents that are rebuilt before they are rewritten.
pub(super) fn strip_reserved(root: &mut Node, targets: &Targets, tally: &mut Tally) {
    walk_mut(root, Place::One(Spot::Document), &At::root(Some(&targets.trie)), &mut Strip(tally));
}

struct Strip<'t>(&'t mut Tally);

impl VisitMut for Strip<'_> {
    fn enter(&mut self, place: Place, node: &mut Node, at: &At<'_>) {
        if let (Place::One(_), Some(o)) = (place, node.as_object_mut()) {
            strip(o, at, self.0);
        }
    }
}

fn strip(object: &mut Object, at: &At<'_>, tally: &mut Tally) {
    if !object.iter().any(|e| e.key.starts_with(keys::PREFIX)) {
        return;
    }
    object.retain(|e| {
        let reserved = e.key.starts_with(keys::PREFIX);
        if reserved {
            let message = format!("`{}` is in the compiler's own namespace and ignored", e.key);
            tally.push(Diagnostic::note(codes::RESERVED, message), e.key_span, &at.key(&e.key));
        }
        !reserved
    });
}

/// What the rules work with.
pub(super) struct Rewrite<'t> {
    pub(super) version: Version,
    pub(super) tally: &'t mut Tally,
    pub(super) moves: Moves,
    /// References to components that admit nothing but null.
    pub(super) nulls: HashSet<String>,
}

impl VisitMut for Rewrite<'_> {
    fn enter(&mut self, place: Place, node: &mut Node, at: &At<'_>) {
        match place {
            Place::One(spot) => self.enter_one(spot, node, at),
            Place::Map(spot) | Place::Patterned(spot) | Place::List(spot) if !is_shaped(spot) => {}
            Place::Map(_) | Place::Patterned(_) => match node.kind {
                Kind::Object(_) => {}
                Kind::Null => self.make_empty(node, Kind::Object(Object::new()), at),
                _ => self.unexpected(node, "a mapping", at),
            },
            Place::List(_) => match node.kind {
                Kind::Array(_) => {}
                Kind::Null => self.make_empty(node, Kind::Array(Vec::new()), at),
                _ => self.unexpected(node, "a list", at),
            },
            Place::Data | Place::Extension | Place::Plain => {}
        }
    }

    fn leave(&mut self, spot: Spot, node: &mut Node, at: &At<'_>) {
        texts::gather(spot, node);
        if spot == Spot::MediaType && self.version == Version::V30 {
            v30::part_styles(self, node, at);
        }
        if spot == Spot::Schema {
            self.schema(node, at);
        }
    }
}

/// Whether a list or a mapping of such objects has to be one.
fn is_shaped(spot: Spot) -> bool {
    spot.holds_schemas() || spot.is_referable()
}

impl Rewrite<'_> {
    fn enter_one(&mut self, spot: Spot, node: &mut Node, at: &At<'_>) {
        match &mut node.kind {
            Kind::Object(o) => {
                // a Swagger document was stripped before it was rebuilt, with keys of our own
                if self.version != Version::Swagger2 {
                    strip(o, at, self.tally);
                }
                if spot.is_referable() && spot != Spot::Schema {
                    self.bare_reference(o, at);
                }
            }
            Kind::Bool(_) if spot == Spot::Schema => {
                self.ahead("boolean schemas", node.span, at);
                v31::boolean(node);
            }
            Kind::Null if matches!(spot, Spot::Schema | Spot::Response | Spot::MediaType | Spot::PathItem) => {
                self.make_empty(node, Kind::Object(Object::new()), at);
            }
            _ if !spot.holds_schemas() => {}
            _ => {
                let expected = if spot == Spot::Schema { "a schema" } else { "an object" };
                self.unexpected(node, expected, at);
            }
        }
    }

    /// A reference that is not a schema's stands alone.
    fn bare_reference(&mut self, object: &mut Object, at: &At<'_>) {
        if object.len() < 2 || object.get("$ref").and_then(Node::as_str).is_none() {
            return;
        }
        let ignored =
            |e: &&Entry| !matches!(e.key.as_str(), "$ref" | "description" | "summary") && !e.key.starts_with("x-");
        if let Some(e) = object.iter().find(ignored) {
            self.tally.count("", codes::SIBLINGS, e.key_span, at, || {
                Diagnostic::note(codes::SIBLINGS, format!("`{}` next to a reference is ignored", e.key))
            });
        }
        object.retain(|e| e.key == "$ref");
    }

    fn make_empty(&mut self, node: &mut Node, kind: Kind, at: &At<'_>) {
        self.tally.count("", codes::EMPTY, node.span, at, || {
            Diagnostic::note(codes::EMPTY, "the member has no value; read as empty")
        });
        node.kind = kind;
    }

    /// Says that a node has the wrong shape; it stays as it is.
    pub(super) fn unexpected(&mut self, node: &Node, expected: &str, at: &At<'_>) {
        let message = format!("expected {expected}, found {}", node.type_name());
        self.tally.push(Diagnostic::warning(codes::SHAPE, message), node.span, at);
    }

    /// Notes that `what` is newer than the document's version.
    pub(super) fn ahead(&mut self, what: &str, span: Span, at: &At<'_>) {
        if self.version >= Version::V31 {
            return;
        }
        self.tally.count(what, codes::AHEAD, span, at, || {
            Diagnostic::note(codes::AHEAD, format!("{what} came with OpenAPI 3.1; read as meant there"))
        });
    }

    /// `old` stands at `new` from now on, both below this place; only where somebody refers to it.
    pub(super) fn moved(&mut self, at: &At<'_>, old: &[&str], new: &[&str]) {
        let mut trie = at.targets();
        for step in old {
            trie = trie.and_then(|t| t.child(step));
        }
        if trie.is_some() {
            let here = at.pointer();
            let place = |steps: &[&str]| steps.iter().fold(here.as_str().to_owned(), |p, s| p + "/" + &escape(s));
            self.moves.add(place(old), place(new));
        }
    }

    /// One schema, whose parts are in shape already.
    fn schema(&mut self, node: &mut Node, at: &At<'_>) {
        let Some(o) = node.as_object() else { return };
        // most schemas need nothing: one look at the keys says so
        let facets = o.iter().fold(0, |f, e| f | facet(e));
        if facets == 0 {
            return;
        }
        let has = |bit: u16| facets & bit != 0;
        if has(REQUIRED) {
            self.boolean_required(node, at);
        }
        if has(REF) {
            v30::reference(self, node, at);
        }
        if has(DROPPED) {
            v31::drop_keywords(node, at);
        }
        if has(NULLABLE) {
            v30::vendor_nullable(node);
        }
        if has(DISCRIMINATOR) {
            v30::discriminator(node);
        }
        if has(CONST) {
            v31::constant(self, node, at);
        }
        if has(ENUM) {
            v30::enum_null(node);
        }
        if has(EXCLUSIVE) {
            v31::exclusive(self, node, at);
        }
        if has(TUPLE) {
            v31::tuple(self, node, at);
        }
        if has(PATTERNS) {
            v31::patterns(self, node, at);
        }
        if has(EXAMPLES) {
            v31::examples(node);
        }
        if has(CONTENT) {
            v31::content(node);
        }
        if has(UNION) {
            unions::null_branches(self, node, at);
        }
        if has(TYPE) {
            types::types(self, node, at);
        }
        if has(KINDS) {
            types::of_values(self, node, at);
        }
    }

    /// `required: true` in a property is how older drafts wrote it; here it would name properties.
    fn boolean_required(&mut self, node: &mut Node, at: &At<'_>) {
        let Some(o) = node.as_object_mut() else { return };
        if let Some(e) = object::take_entry(o, "required") {
            self.tally.count("required", codes::SHAPE, e.value.span, at, || {
                let message = "`required` of a schema is a list of property names; a boolean is left out";
                Diagnostic::warning(codes::SHAPE, message)
                    .help("list the property in the `required` of the schema around it")
            });
        }
    }
}

const REF: u16 = 1;
const TYPE: u16 = 1 << 1;
const CONST: u16 = 1 << 2;
const ENUM: u16 = 1 << 3;
const NULLABLE: u16 = 1 << 4;
const EXCLUSIVE: u16 = 1 << 5;
const TUPLE: u16 = 1 << 6;
const PATTERNS: u16 = 1 << 7;
const EXAMPLES: u16 = 1 << 8;
const CONTENT: u16 = 1 << 9;
const UNION: u16 = 1 << 10;
const DROPPED: u16 = 1 << 11;
const DISCRIMINATOR: u16 = 1 << 12;
const REQUIRED: u16 = 1 << 13;
const KINDS: u16 = 1 << 14;

/// Which rule a member calls for.
fn facet(e: &Entry) -> u16 {
    match (e.key.as_str(), &e.value.kind) {
        ("$ref", _) => REF,
        ("type", Kind::String(t)) => u16::from(t == "null") * TYPE,
        ("type", _) => TYPE,
        ("const", _) => CONST,
        ("enum", Kind::Array(a)) => {
            let of_one_kind = a.windows(2).all(|two| matches!(two, [x, y] if x.type_name() == y.type_name()));
            (u16::from(a.iter().any(Node::is_null)) * ENUM) | (u16::from(!of_one_kind) * KINDS)
        }
        ("x-nullable", Kind::Bool(true)) => NULLABLE,
        ("exclusiveMinimum" | "exclusiveMaximum", Kind::Number(_)) => EXCLUSIVE,
        ("prefixItems", _) | ("items", Kind::Array(_)) => TUPLE,
        ("patternProperties", Kind::Object(_)) => PATTERNS,
        ("examples", Kind::Array(_)) => EXAMPLES,
        ("contentEncoding" | "contentMediaType", Kind::String(_)) => CONTENT,
        ("oneOf" | "anyOf", Kind::Array(_)) => UNION,
        ("discriminator", Kind::String(_)) => DISCRIMINATOR,
        ("required", Kind::Bool(_)) => REQUIRED,
        (key, _) if v31::is_dropped(key) => DROPPED,
        _ => 0,
    }
}

/// References to the components that admit nothing but null, as frameworks write them for the null
/// branch of a union.
fn null_components(root: &Node) -> HashSet<String> {
    let schemas = root.get("components").and_then(|c| c.get("schemas")).and_then(Node::as_object);
    let names =
        schemas.into_iter().flat_map(Object::iter).filter(|e| unions::says_null(&e.value)).map(|e| escape(&e.key));
    names.map(|name| format!("#/components/schemas/{name}")).collect()
}
