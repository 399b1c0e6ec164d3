//! normalized document → [`Api`]: the only stage that imports `openapiv3`.
//!
//! It goes node by node and never reads the whole document at once, so one bad node costs that node:
//! what cannot be read becomes `Type::Any` or is left out, and a diagnostic says
//! where. Schemas are in `schema`, `allOf`/`oneOf`/`anyOf` in `compose`, several choices at
//! once in `several`, bases by discriminator in `inherit`, choices that offer themselves in `circles`, operations in `operation`,
//! their parameters in `parameters`, their bodies in `bodies`, where they are in
//! `servers`, what they ask of the caller in `security`, what comes back in `responses`, what the API calls by itself in `webhooks`,
//! references in `resolve`, single keywords in `keywords`, what the document shows in `examples`,
//! types of one direction in `split`, the order of arguments in `rank`.

mod bodies;
mod circles;
mod compose;
mod constants;
mod examples;
mod inherit;
mod keywords;
mod operation;
mod parameters;
mod prune;
mod rank;
mod resolve;
mod responses;
mod schema;
mod security;
mod servers;
mod several;
mod split;
mod unify;
mod webhooks;

use std::collections::{HashMap, HashSet};

pub(crate) use self::keywords::integer;

use self::inherit::Families;
use crate::base::Pointer;
use crate::base::diagnostic::{Diagnostic, Diagnostics};
use crate::document::{Entry, Node, Object};
use crate::ir::{Api, Docs, Field, Label, Origin, Requirement, Scalar, TypeDef, TypeId, TypeMap, Use};

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
        types: TypeMap::default(),
        labels: TypeMap::default(),
        aliases: HashMap::new(),
        refs: HashMap::new(),
        inline: HashMap::new(),
        shared: resolve::shared(root),
        families: Families::of(root, diagnostics),
        bases: HashMap::new(),
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
    if selection.only.is_empty() {
        cx.webhooks();
    }
    cx.end_circles();
    let Lowering { types, labels, mut aliases, mut api, diagnostics, .. } = cx;
    let types = unify::unify(types, &labels, &mut aliases);
    prune::finish(&mut api, types, &labels, aliases, !selection.only.is_empty());
    let given = constants::declare(&mut api, root, diagnostics);
    split::split(&mut api, selection.never_null.as_ref());
    constants::settle(&mut api, &given);
    rank::rank(&mut api);
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
    types: TypeMap<Option<TypeDef>>,
    /// The label of each, kept also for those that vanish.
    labels: TypeMap<Label>,
    /// Types that turned out to be another type (a union of one branch, ...).
    aliases: HashMap<TypeId, Use>,
    /// Components by pointer.
    refs: HashMap<String, Progress>,
    /// Schemas written in place that were read already (an `allOf` reads a component's members again).
    inline: HashMap<String, Part>,
    /// Places of parts that references name: such a part is one type, whoever reads it first.
    shared: HashSet<String>,
    /// Schemas that others are composed of, by a discriminator.
    families: Families<'d>,
    /// Of each of those that is read or being read, the type of its own members.
    bases: HashMap<String, TypeId>,
    /// What the document asks of the caller of any operation that does not say so itself.
    security: Option<Vec<Vec<Requirement>>>,
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
        self.labels.push(label.clone());
        self.types.push(None)
    }

    fn fill(&mut self, id: TypeId, def: TypeDef) {
        if let Some(slot) = self.types.of_mut(id) {
            *slot = Some(def);
        }
    }

    fn def(&self, id: TypeId) -> Option<&TypeDef> {
        self.types.of(id).and_then(Option::as_ref)
    }

    fn label_of(&self, parent: TypeId, part: impl Into<String>) -> Label {
        Label::Part { parent, part: part.into() }
    }
}

/// The members of an object by their names, where the order of the document says nothing.
fn by_key(object: &Object) -> Vec<&Entry> {
    let mut all: Vec<&Entry> = object.iter().collect();
    all.sort_by(|a, b| a.key.cmp(&b.key));
    all
}
