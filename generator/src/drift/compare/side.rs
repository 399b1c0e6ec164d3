//! One of the two documents, with what the comparison asks of it: Rust paths, declarations, places, reach.

use crate::base::{Ident, Pointer};
use crate::document::{Kind, Node};
use crate::drift::change::{Place, Survival};
use crate::ir::{Api, Enum, Field, Origin, Parameter, TypeDef, TypeId, TypeKind, TypeMap};
use crate::name::{AliasOf, SetterOf, TagNames};
use crate::pipeline::Understood;
use crate::render::surface::{Given, Shown, Surface, TypeSurface};
use std::collections::BTreeSet;

/// One document.
#[derive(Debug)]
pub(super) struct Side<'a> {
    pub(super) u: &'a Understood,
    pub(super) surface: &'a Surface,
    /// Per type: the operations that reach it.
    reach: TypeMap<BTreeSet<usize>>,
    /// Per type: where its values stand in answers.
    uses: TypeMap<Uses>,
    /// The places of all types.
    declared: BTreeSet<Pointer>,
}

/// Where values of a type stand in answers, which decides what one costs that cannot be read.
#[derive(Debug, Clone, Copy, Default)]
struct Uses {
    /// In a success, with no union above them: a record or the whole answer is lost.
    openly: bool,
    /// In a success, below a member that can do without a value.
    in_member: bool,
    /// In a success, below a union, which keeps them raw.
    in_union: bool,
}

/// What becomes of a value that cannot be read in a member that can do without one.
pub(super) const UNREAD: &str = "where it cannot be read its member is `None`, which is reported; what came is kept";

/// What is nearest above a value that cannot be read, and so bears it.
#[derive(Debug, Clone, Copy)]
enum Above {
    Answer,
    Member,
    Union,
}

impl<'a> Side<'a> {
    pub(super) fn new(u: &'a Understood, surface: &'a Surface) -> Self {
        let declared = u.api.types.iter().map(|def| def.origin.pointer.clone()).collect();
        Self { u, surface, reach: reach(&u.api), uses: uses(&u.api), declared }
    }

    pub(super) fn api(&self) -> &'a Api {
        &self.u.api
    }

    pub(super) fn def(&self, id: TypeId) -> Option<&'a TypeDef> {
        self.u.api.get(id)
    }

    /// What the document has at a place.
    pub(super) fn node(&self, at: &Pointer) -> Option<&'a Node> {
        let segments: Vec<String> = at.segments().collect();
        self.u.document.at(segments.iter().map(String::as_str))
    }

    /// Whether the schema at a place is a type of its own.
    pub(super) fn declares(&self, at: &Pointer) -> bool {
        self.declared.contains(at)
    }

    /// The schema of a parameter.
    pub(super) fn schema_of(&self, parameter: &Parameter) -> Pointer {
        let at = &parameter.origin.pointer;
        let content = self.node(at).and_then(|n| n.get("content")).and_then(Node::as_object);
        match content.and_then(|content| content.iter().next()) {
            Some(media) => at.join("content").join(&media.key).join("schema"),
            None => at.join("schema"),
        }
    }

    /// Where the value of an enum stands: the IR keeps the enum's place only.
    pub(super) fn value_origin(&self, def: &TypeDef, e: &Enum, index: usize) -> Origin {
        let node = self.node(&def.origin.pointer);
        let list = node.and_then(|n| n.get("enum")).and_then(Node::as_array).unwrap_or_default();
        let wire = e.values.get(index).map(|v| v.wire.as_str()).unwrap_or_default();
        let says = |n: &Node| match &n.kind {
            Kind::String(text) | Kind::Number(text) => text == wire,
            Kind::Bool(b) => b.to_string() == wire,
            _ => false,
        };
        match list.iter().enumerate().find(|(_, n)| says(n)) {
            Some((i, n)) => Origin { pointer: def.origin.pointer.join("enum").join(i), span: n.span },
            None => def.origin.clone(),
        }
    }

    /// What is seen of a type.
    pub(super) fn seen(&self, id: TypeId) -> Option<&'a TypeSurface> {
        self.surface.types.of(id)
    }

    pub(super) fn place(&self, origin: &Origin) -> Place {
        Place::of(&self.u.sources, origin.span, &origin.pointer)
    }

    pub(super) fn in_requests(&self, id: TypeId) -> bool {
        self.u.facts.in_requests.has(id)
    }

    pub(super) fn in_responses(&self, id: TypeId) -> bool {
        self.u.facts.in_responses.has(id)
    }

    /// Whether a type still answers to `name`, as a deprecated alias.
    pub(super) fn answers_to(&self, id: TypeId, name: &str) -> bool {
        self.u.names.aliases.iter().any(|a| a.of == AliasOf::Type(id) && a.name == name)
    }

    /// Whether `client.accessor().method(..)` still calls an operation and gives what `builder` names.
    pub(super) fn is_called_by(&self, operation: usize, accessor: &str, method: &str, builder: &str) -> bool {
        let aliases = &self.u.names.aliases;
        let here = self.u.names.operations.get(operation).zip(self.api().operations.get(operation));
        let Some((names, o)) = here else { return false };
        let living = self.tag(o.tag).is_some_and(|tag| tag.accessor == accessor) && names.method == method;
        let called = living
            || aliases.iter().any(|a| {
                let of = matches!(&a.of, AliasOf::Method { operation: of, accessor: at, .. } if *of == operation && at == accessor);
                of && a.name == method
            });
        let named = names.builder == builder
            || aliases.iter().any(|a| a.of == AliasOf::Builder(operation) && a.name == builder);
        called && named
    }

    /// Whether the client still has a handle, as a deprecated one.
    pub(super) fn has_earlier_handle(&self, accessor: &str) -> bool {
        self.u.names.aliases.iter().any(|a| matches!(&a.of, AliasOf::Method { accessor: at, .. } if at == accessor))
    }

    /// What becomes of an answer with a value of the type that cannot be read: a member that can do without one is `None`, a union
    /// keeps it raw, and an error is one whatever its body is.
    pub(super) fn endured(&self, id: TypeId, read: Option<Survival>) -> Option<Survival> {
        let uses = self.uses.of(id).copied().unwrap_or_default();
        match read {
            Some(Survival::Fails(_) | Survival::Depends(_)) if !uses.openly => {
                Some(match (uses.in_member, uses.in_union) {
                    (true, _) => Survival::Survives(UNREAD.to_owned()),
                    (false, true) => Survival::Survives(
                        "where it cannot be read as this choice, its union reads it as another or keeps it raw"
                            .to_owned(),
                    ),
                    (false, false) => Survival::Depends(
                        "the error is one as before; reading its body as this type (`Error::read`) may fail".to_owned(),
                    ),
                })
            }
            read => read,
        }
    }

    /// Whether a body without this member cannot be read. A page without its records has none.
    pub(super) fn misses(&self, id: TypeId, index: usize) -> bool {
        self.must_have_value(id, index) && !self.is_records(id, index)
    }

    /// What a member reads as that does not come, or comes as null, and is not missed.
    pub(super) fn reads_as(&self, id: TypeId, index: usize) -> &'static str {
        if self.is_records(id, index) { "reads as an empty list" } else { "reads as `None`" }
    }

    fn must_have_value(&self, id: TypeId, index: usize) -> bool {
        self.def(id).and_then(|def| def.model()?.fields.get(index)).is_some_and(Field::must_have_value)
    }

    /// Whether a member is the records of a page.
    fn is_records(&self, id: TypeId, index: usize) -> bool {
        self.u.facts.pages.get(&id).is_some_and(|page| page.items == index)
    }

    /// The name of a type, without its module.
    pub(super) fn name(&self, id: TypeId) -> String {
        match (self.seen(id).map(|s| s.shown), self.u.facts.pages.get(&id)) {
            (Some(Shown::Builder(o)), _) => {
                self.u.names.operations.get(o).map(|n| n.builder.to_string()).unwrap_or_default()
            }
            (_, Some(page)) => self.u.names.pages.get(page.page).map(Ident::to_string).unwrap_or_default(),
            _ => self.u.names.of_type(id).to_string(),
        }
    }

    /// The path of a type: `models::Link`, or `api::requests::CreateLink` when its members are setters there.
    pub(super) fn path(&self, id: TypeId) -> String {
        let is_request = matches!(self.seen(id).map(|s| s.shown), Some(Shown::Builder(_)));
        let module = if is_request { "api::requests" } else { "models" };
        format!("{module}::{}", self.name(id))
    }

    /// The identifier of a member.
    pub(super) fn member(&self, id: TypeId, index: usize) -> String {
        self.u.names.members.of(id).and_then(|l| l.get(index)).map(Ident::to_string).unwrap_or_default()
    }

    /// The path of a member: `models::Link::status`, `api::requests::CreateLink::status`, `api::Links::create(status)`.
    pub(super) fn member_path(&self, id: TypeId, index: usize) -> String {
        if let Some(Shown::Builder(o)) = self.seen(id).map(|s| s.shown)
            && let Some(path) = self.given_path(o, SetterOf::Member(index))
        {
            return path;
        }
        format!("{}::{}", self.path(id), self.member(id, index))
    }

    /// How a member is declared: `pub status: Option<String>`, `Active`, `Text(String)`, `fn status(self, value: ..)`.
    pub(super) fn member_rust(&self, id: TypeId, index: usize) -> Option<String> {
        let (def, seen) = (self.def(id)?, self.seen(id)?);
        if let Shown::Builder(o) = seen.shown {
            return self.given_rust(o, SetterOf::Member(index));
        }
        let ident = self.member(id, index);
        let member = seen.members.get(index)?;
        Some(match &def.kind {
            TypeKind::Model(_) => format!("pub {ident}: {}", member.ty),
            TypeKind::Enum(_) => ident,
            TypeKind::Union(_) => format!("{ident}({})", member.ty),
        })
    }

    /// How the member of a model is given to whoever builds it, in a builder or by `new` and setters.
    pub(super) fn member_given(&self, id: TypeId, index: usize) -> Given {
        let Some(seen) = self.seen(id) else { return Given::No };
        match seen.shown {
            Shown::Builder(o) => self.given(o, SetterOf::Member(index)).map(|(given, _)| given).unwrap_or_default(),
            _ => seen.members.get(index).map(|m| m.given.clone()).unwrap_or_default(),
        }
    }

    /// How a type is declared.
    pub(super) fn type_rust(&self, id: TypeId) -> Option<String> {
        let word = match &self.def(id)?.kind {
            TypeKind::Model(_) => "struct",
            TypeKind::Enum(_) | TypeKind::Union(_) => "enum",
        };
        Some(match self.seen(id)?.shown {
            Shown::Item => format!("pub {word} {}", self.name(id)),
            Shown::Page => format!("pub struct {}<T>", self.name(id)),
            Shown::Builder(_) => format!("pub struct {}", self.name(id)),
        })
    }

    pub(super) fn tag(&self, tag: usize) -> Option<&'a TagNames> {
        self.u.names.tags.get(tag)
    }

    /// Where a tag stands: declared, or named by the first operation under it.
    pub(super) fn tag_place(&self, tag: usize) -> Option<Place> {
        let origin = &self.u.api.tags.get(tag)?.origin;
        let mut place = self.place(origin);
        if !place.pointer.as_str().starts_with("/tags/") {
            place.pointer = place.pointer.join("tags").join(0);
        }
        Some(place)
    }

    fn handle(&self, operation: usize) -> &'a str {
        let tag = self.u.api.operations.get(operation).and_then(|o| self.tag(o.tag));
        tag.map_or("", |t| t.handle.as_str())
    }

    /// The path of an endpoint function: `api::Links::list`.
    pub(super) fn operation_path(&self, operation: usize) -> String {
        let method = self.u.names.operations.get(operation).map_or("", |n| n.method.as_str());
        format!("api::{}::{method}", self.handle(operation))
    }

    /// How an endpoint function is declared, and called: `client.links().list(link: impl Into<Uuid>) -> Request<..>`.
    pub(super) fn operation_rust(&self, operation: usize) -> Option<String> {
        let names = self.u.names.operations.get(operation)?;
        let seen = self.surface.operations.get(operation)?;
        let arguments = names.plan.arguments.iter().zip(&seen.arguments);
        let list: Vec<String> = match &names.args {
            Some(args) => vec![format!("args: {args}")],
            None => arguments.map(|(s, ty)| format!("{}: {ty}", s.ident)).collect(),
        };
        let list = if list.is_empty() { String::new() } else { format!(", {}", list.join(", ")) };
        Some(format!("pub fn {}(&self{list}) -> {} // gives {}", names.method, names.builder, seen.result))
    }

    /// How a parameter, a member of the body or the whole body is given: whether as an argument, and its identifier.
    pub(super) fn given(&self, operation: usize, of: SetterOf) -> Option<(Given, String)> {
        let names = self.u.names.operations.get(operation)?;
        let seen = self.surface.operations.get(operation)?;
        let mut arguments = names.plan.arguments.iter().zip(&seen.arguments);
        if let Some((s, ty)) = arguments.find(|(s, _)| s.of == of) {
            let given = if names.args.is_some() { Given::Field } else { Given::Argument };
            return Some((given(ty.clone()), s.ident.to_string()));
        }
        let mut setters = names.plan.setters.iter().zip(&seen.setters);
        setters.find(|(s, _)| s.of == of).map(|(s, ty)| (Given::Setter(ty.clone()), s.ident.to_string()))
    }

    /// The path of what is given: `api::requests::ListLinks::page`, `api::requests::MoveLinkArgs::to`, `api::Links::get(id)`.
    pub(super) fn given_path(&self, operation: usize, of: SetterOf) -> Option<String> {
        let names = self.u.names.operations.get(operation)?;
        let (given, ident) = self.given(operation, of)?;
        let owner = names.args.as_ref().filter(|_| matches!(given, Given::Field(_))).unwrap_or(&names.builder);
        Some(match given {
            Given::Argument(_) => format!("{}({ident})", self.operation_path(operation)),
            _ => format!("api::requests::{owner}::{ident}"),
        })
    }

    /// What is given of an operation, or of a model, when it takes its arguments one by one: `(link, from)`; or as a struct: `MoveLinkArgs
    /// { link, from, to }`.
    pub(super) fn arguments_of(&self, operation: usize) -> String {
        let Some(names) = self.u.names.operations.get(operation) else { return String::new() };
        arguments(names.args.as_ref(), names.plan.arguments.iter().map(|s| s.ident.as_str()))
    }

    /// The same of `new` of a model.
    pub(super) fn arguments_of_new(&self, id: TypeId) -> String {
        let members = self.u.names.members.list(id);
        let given = self.u.names.arguments.list(id).iter().filter_map(|i| members.get(*i));
        arguments(self.u.names.args_of(id), given.map(Ident::as_str))
    }

    /// How what is given is declared.
    pub(super) fn given_rust(&self, operation: usize, of: SetterOf) -> Option<String> {
        let (given, ident) = self.given(operation, of)?;
        Some(match given {
            Given::Argument(ty) => format!("{ident}: {ty}"),
            Given::Field(ty) => format!("pub {ident}: {ty}"),
            Given::Setter(ty) | Given::Clearable(ty) => format!("pub fn {ident}(self, value: {ty}) -> Self"),
            Given::No | Given::Constant => return None,
        })
    }

    /// The operations that reach a type.
    pub(super) fn reaching(&self, id: TypeId) -> BTreeSet<usize> {
        self.reach.of(id).cloned().unwrap_or_default()
    }

    /// The tags of some operations, as the document names them, sorted.
    pub(super) fn tags_of(&self, operations: &BTreeSet<usize>) -> Vec<String> {
        let tag = |o: &usize| self.u.api.operations.get(*o).and_then(|o| self.u.api.tags.get(o.tag));
        let all: BTreeSet<String> = operations.iter().filter_map(tag).map(|t| t.wire.clone()).collect();
        all.into_iter().collect()
    }
}

/// Arguments in words.
fn arguments<'n>(args: Option<&Ident>, names: impl Iterator<Item = &'n str>) -> String {
    let list = names.collect::<Vec<_>>().join(", ");
    match args {
        Some(args) => format!("{args} {{ {list} }}"),
        None => format!("({list})"),
    }
}

/// Per type: where its values stand in successes.
fn uses(api: &Api) -> TypeMap<Uses> {
    let mut out = TypeMap::filled(api.types.len(), Uses::default());
    let mut todo: Vec<(TypeId, Above)> = Vec::new();
    for o in &api.operations {
        for response in o.successes() {
            if let Some(of) = response.content.as_ref().and_then(|(_, c)| c.of()) {
                of.ty.each_named(&mut |id| todo.push((id, Above::Answer)));
            }
        }
    }
    while let Some((id, above)) = todo.pop() {
        let Some(uses) = out.of_mut(id) else { continue };
        let flag = match above {
            Above::Answer => &mut uses.openly,
            Above::Member => &mut uses.in_member,
            Above::Union => &mut uses.in_union,
        };
        if std::mem::replace(flag, true) {
            continue;
        }
        match api.get(id).map(|def| &def.kind) {
            Some(TypeKind::Model(m)) => {
                for f in &m.fields {
                    let above = if f.must_have_value() { above } else { Above::Member };
                    f.of.ty.each_named(&mut |id| todo.push((id, above)));
                }
                if let Some(of) = &m.additional {
                    of.ty.each_named(&mut |id| todo.push((id, above)));
                }
            }
            Some(TypeKind::Union(u)) => {
                u.branches.iter().for_each(|b| b.ty.each_named(&mut |id| todo.push((id, Above::Union))));
            }
            Some(TypeKind::Enum(_)) | None => {}
        }
    }
    out
}

/// Per type: the operations from which one comes to it.
fn reach(api: &Api) -> TypeMap<BTreeSet<usize>> {
    let mut out: TypeMap<BTreeSet<usize>> = TypeMap::filled(api.types.len(), BTreeSet::new());
    for (i, o) in api.operations.iter().enumerate() {
        api.descend(o, |id| out.of_mut(id).is_some_and(|set| set.insert(i)));
    }
    out
}
