//! normalized document → [`Api`]: the only stage that imports `openapiv3`.
//!
//! It goes node by node and never reads the whole document at once, so one bad node costs that node:
//! what cannot be read becomes `Type::Any` or is left out, and a diagnostic says
//! where. Schemas are in `schema`, `allOf`/`oneOf`/`anyOf` in `compose`, several choices at
//! once in `several`, choices that offer themselves in `circles`, operations in `operation`, where they are in
//! `servers`, what they ask of the caller in `security`,
//! references in `resolve`, single keywords in `keywords`, what the document shows in `examples`,
//! types of one direction in `split`.

mod circles;
mod compose;
mod examples;
mod keywords;
mod operation;
mod prune;
mod resolve;
mod schema;
mod security;
mod servers;
mod several;
mod split;
mod unify;

use std::collections::HashMap;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::ir::{Api, Docs, Field, Label, Origin, Scalar, TypeDef, TypeId, Use};
use crate::load::Node;
use crate::pointer::Pointer;

/// Codes of this stage: code, title, explanation.
pub const CODES: &[(&str, &str, &str)] = &[
    (
        "W0301",
        "a reference leads nowhere",
        "The place that `$ref` names does not exist in the document, or lies in a file that was not read. The node becomes any JSON value.",
    ),
    (
        "W0302",
        "a reference leads back to itself",
        "Following the reference never reaches a schema (`A: {$ref: B}`, `B: {$ref: A}`). The node becomes any JSON value.",
    ),
    (
        "W0303",
        "a node is not what OpenAPI wants here",
        "The node has another JSON type than the specification allows at this place. It is left out, or becomes any JSON value.",
    ),
    (
        "W0304",
        "`required` names a member that is not declared",
        "The name stands in `required` but has no property, here or in the parts that `allOf` merges. No check is made for it.",
    ),
    (
        "W0305",
        "`allOf` members disagree",
        "Two parts of an `allOf` declare the same member with different types. The later declaration is used.",
    ),
    (
        "W0306",
        "a parameter cannot be used as declared",
        "A path parameter is missing from the template, or the template names one that is not declared, or a parameter has no name. The note says what was done.",
    ),
    (
        "W0307",
        "an operation cannot be used as declared",
        "The operation is not an object, or its id repeats another one's. The note says what was done.",
    ),
    (
        "N0308",
        "a schema says nothing about its type",
        "Neither a type nor a keyword that implies one: the value is any JSON.",
    ),
    (
        "N0309",
        "media types left out",
        "The body is declared in several media types; the generated function uses one of them.",
    ),
    ("N0310", "an operation has no `operationId`", "The name is made of the method and the path."),
    (
        "W0311",
        "enum values of several kinds",
        "The enum mixes kinds of values that no Rust enum can hold; the value is any JSON.",
    ),
    (
        "W0312",
        "a keyword has a value it cannot have",
        "The keyword's value has the wrong type or range; the keyword is ignored.",
    ),
    (
        "N0313",
        "branches of a choice tie",
        "Two branches of a `oneOf` or `anyOf` in a response have the same members of the same kinds, so nothing in a body tells them apart, and it is read as the earlier one. Give the schema a discriminator, or a member with one value of its own in each branch; an overlay can do it.",
    ),
    (
        "N0314",
        "an event stream is given as a whole",
        "The call ends when the server ends the stream, and then gives all its events. Where a stream never ends by itself, set a time limit, or send the request by a client of your own: `.raw()` and the parts of the request say how.",
    ),
    (
        "W0320",
        "a security scheme that cannot be met",
        "An operation asks for a scheme that the document does not declare, or for one that no credentials of the crate are made for: HTTP Basic, bearer tokens (OAuth 2 and OpenID Connect end in one) and keys in a header, the query or a cookie are. No credential goes along in its place, and the call fails when it is built unless another alternative of its `security` can be met. Where the proof is given in another way, by a certificate of the transport for instance, an overlay can take the scheme out of `security`.",
    ),
    (
        "W0321",
        "an operation has servers of its own",
        "Its path or the operation itself declares `servers` that are not the document's. The client's server does not have the operation, so no request and no credential goes there: the call fails when it is built. A client made for the operation's own server can call it. Where the document's server has it after all, an overlay can remove the `servers`.",
    ),
    (
        "N0322",
        "a server that is not offered by name",
        "`Environment` has the servers with a host and a value for every variable. Others are given by the caller as a whole, as text in place of an `Environment`.",
    ),
    (
        "W0323",
        "a choice offers itself",
        "A `oneOf` or `anyOf` is one of its own branches, by other choices (`A: oneOf [A, text]`) or by `allOf` (`A: oneOf [B]`, `B: allOf [A, ...]`). No value could be read to an end so. The branch is left out, and its own branches stand in its place; of an `allOf` the choice is left out, and what stands beside it in its schema stays.",
    ),
];

/// Which operations to take.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Tags or operation ids; empty means all.
    pub only: Vec<String>,
    /// Tags or operation ids to leave out.
    pub except: Vec<String>,
    /// Schemas that are seen as another type, by pointer.
    pub replace: std::collections::BTreeMap<String, crate::ir::Type>,
    /// Whether the examples are wanted too.
    pub examples: bool,
    /// Where a required member may be null in responses though not in requests, those that never are: types of both with others part.
    pub never_null: Option<NeverNull>,
    /// Whether numbers are read exactly, rather than as floats.
    pub exact_numbers: bool,
}

/// Members that are never null although what is required may be: by `member` or by `Component.member`.
#[derive(Debug, Clone, Default)]
pub struct NeverNull(pub Vec<String>);

impl NeverNull {
    /// The entries that name a member of a type.
    pub fn entries(&self, def: &TypeDef, field: &Field) -> Vec<usize> {
        let component = match &def.label {
            Label::Component(name) => Some(format!("{name}.{}", field.wire)),
            _ => None,
        };
        let names = |entry: &String| *entry == field.wire || Some(entry) == component.as_ref();
        self.0.iter().enumerate().filter(|(_, entry)| names(entry)).map(|(index, _)| index).collect()
    }
}

/// What `lower` made of a document.
#[derive(Debug, Clone)]
pub struct Lowered {
    /// The API.
    pub api: Api,
    /// Operations of the document that were selected but could not be used.
    pub skipped_operations: usize,
    /// Entries of the selection that selected nothing.
    pub unused_selection: Vec<String>,
}

/// Reads a normalized document.
///
/// Without a selection every component becomes part of the API; with one, only what the selected
/// operations reach.
pub fn lower<'d>(root: &'d Node, selection: &'d Selection, diagnostics: &mut Diagnostics) -> Lowered {
    let mut cx = Lowering {
        root,
        replace: &selection.replace,
        examples: selection.examples,
        number: if selection.exact_numbers { Scalar::Number } else { Scalar::F64 },
        types: Vec::new(),
        labels: Vec::new(),
        aliases: HashMap::new(),
        refs: HashMap::new(),
        inline: HashMap::new(),
        security: None,
        asked: Vec::new(),
        api: Api::default(),
        diagnostics,
        depth: 0,
    };
    cx.head();
    if selection.only.is_empty() {
        cx.components();
    }
    let (skipped_operations, unused_selection) = cx.operations(selection);
    cx.end_circles();
    let Lowering { types, labels, mut aliases, mut api, .. } = cx;
    let types = unify::unify(types, &mut aliases);
    prune::finish(&mut api, types, &labels, aliases, !selection.only.is_empty());
    split::split(&mut api, selection.never_null.as_ref());
    Lowered { api, skipped_operations, unused_selection }
}

/// The state of one run.
struct Lowering<'d> {
    root: &'d Node,
    replace: &'d std::collections::BTreeMap<String, crate::ir::Type>,
    /// Whether examples are gathered.
    examples: bool,
    /// What `type: number` is.
    number: Scalar,
    /// `None` while a type is being built.
    types: Vec<Option<TypeDef>>,
    /// The label of each, kept also for those that vanish.
    labels: Vec<Label>,
    /// Types that turned out to be another type (a union of one branch, ...).
    aliases: HashMap<TypeId, Use>,
    /// Components by pointer.
    refs: HashMap<String, Progress>,
    /// Schemas written in place that were read already (an `allOf` reads a component's members again).
    inline: HashMap<String, Part>,
    /// What the document asks of the caller of any operation that does not say so itself.
    security: Option<Vec<Vec<String>>>,
    /// The security schemes that are asked for, each with the first place that does.
    asked: Vec<(String, Origin)>,
    api: Api,
    diagnostics: &'d mut Diagnostics,
    depth: usize,
}

/// How far a referenced schema is.
#[derive(Debug, Clone)]
enum Progress {
    /// Being read; named types are known by id already.
    Open(Option<TypeId>),
    /// Read.
    Done(Part),
}

/// A schema, read: its type at this place and what the document says of it.
#[derive(Debug, Clone)]
struct Part {
    of: Use,
    docs: Docs,
    read_only: bool,
    write_only: bool,
}

impl<'d> Lowering<'d> {
    fn head(&mut self) {
        let text = |node: Option<&Node>| node.and_then(Node::as_str).unwrap_or_default().to_owned();
        let info = self.root.get("info");
        self.api.title = text(info.and_then(|i| i.get("title")));
        self.api.version = info
            .and_then(|i| i.get("version"))
            .map(|v| match v.to_json() {
                serde_json::Value::String(s) => s,
                other => other.to_string(),
            })
            .unwrap_or_default();
        self.api.description = text(info.and_then(|i| i.get("description")));
        self.document_servers();
        self.security_schemes();
    }

    fn components(&mut self) {
        let schemas = self.root.at(["components", "schemas"]).and_then(Node::as_object);
        let base = Pointer::root().join("components").join("schemas");
        for e in schemas.into_iter().flat_map(|o| o.iter()) {
            self.component(&base.join(&e.key), &e.value);
        }
    }

    fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// A new type, not built yet.
    fn reserve(&mut self, label: &Label) -> TypeId {
        let id = TypeId(self.types.len() as u32);
        self.types.push(None);
        self.labels.push(label.clone());
        id
    }

    fn fill(&mut self, id: TypeId, def: TypeDef) {
        if let Some(slot) = self.types.get_mut(id.0 as usize) {
            *slot = Some(def);
        }
    }

    fn def(&self, id: TypeId) -> Option<&TypeDef> {
        self.types.get(id.0 as usize).and_then(Option::as_ref)
    }

    fn label_of(&self, parent: TypeId, part: impl Into<String>) -> Label {
        Label::Part { parent, part: part.into() }
    }
}
