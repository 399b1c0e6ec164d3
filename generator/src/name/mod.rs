//! [`Api`] → [`Names`]: two passes, collect every request, then assign, then freeze.
//!
//! Names come from the document's own words and the path to a place, never from a counter. Where two places
//! want one name, the one spelled exactly so keeps it, then the earlier one; the other is qualified. A number
//! is the last resort and always a diagnostic. The lock (see [`crate::history::lock`]) holds what was given before.

mod decisions;
mod environments;
mod ident;
mod operations;
mod places;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::base::hash::fnv;

pub use decisions::name;
pub use environments::{Environment, environments};
pub use operations::{OperationNames, Plan, Setter, SetterOf};
pub use places::Places;

use self::ident::Kind;
use crate::analyze::Facts;
use crate::base::Ident;
use crate::base::diagnostic::{Diagnostic, Diagnostics};
use crate::ir::{Api, Label, Origin, Scalar, Tag, Type, TypeDef, TypeId, TypeKind, TypeMap};

/// The variant of every enum that keeps a value the document does not list.
pub const UNRECOGNIZED: &str = "Unrecognized";
/// The variant of every union that keeps what no branch explains.
pub const RAW: &str = "Raw";

/// What a person decided about names: the settings, and the lock.
#[derive(Debug, Clone, Default)]
pub struct Decisions {
    /// Type names by pointer (`/components/schemas/x`).
    pub types: BTreeMap<String, String>,
    /// Method names by operation id.
    pub methods: BTreeMap<String, String>,
    /// Words of operation ids that become other verbs (`detail` → `get`).
    pub verbs: BTreeMap<String, String>,
    /// Names given before, by (kind, pointer).
    pub locked: BTreeMap<(&'static str, String), String>,
    /// Type names that nothing may get: what had them is gone, or answers to them as an alias.
    pub reserved: BTreeSet<String>,
    /// As `reserved`, for what stands beside the builders.
    pub reserved_api: BTreeSet<String>,
    /// Methods that nothing may get, by the handle's accessor.
    pub reserved_methods: BTreeSet<(String, String)>,
    /// Member names of a flattened body with at most so many required members become arguments.
    pub max_arguments: usize,
    /// Operations that resume an interrupted call.
    pub resume: Option<Resume>,
}

/// Operations that resume a call which the API interrupted for a second factor.
#[derive(Debug, Clone, Default)]
pub struct Resume {
    /// Their ids.
    pub operations: BTreeSet<String>,
    /// The member of the body with the session.
    pub session: String,
    /// The member with what the session belongs to.
    pub link: String,
    /// The member with the second factor.
    pub token: String,
}

/// Every identifier of the generated crate.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// Per type.
    pub types: TypeMap<Ident>,
    /// Per type: the fields of a model, the variants of an enum or union.
    pub members: TypeMap<Vec<Ident>>,
    /// Per generic page.
    pub pages: Vec<Ident>,
    /// Per tag.
    pub tags: Vec<TagNames>,
    /// Per operation.
    pub operations: Vec<OperationNames>,
    /// Earlier names that are still understood.
    pub aliases: Vec<Alias>,
}

/// An earlier name of something.
#[derive(Debug, Clone)]
pub struct Alias {
    /// What had the name.
    pub of: AliasOf,
    /// The name it had.
    pub name: Ident,
    /// What the compiler says to who uses it: the new name, and when the old one goes.
    pub note: String,
}

/// What had a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AliasOf {
    /// A type.
    Type(TypeId),
    /// The builder of the operation with this index.
    Builder(usize),
    /// The method of the operation with this index.
    Method {
        /// The operation.
        operation: usize,
        /// The accessor of the handle it hung on.
        accessor: Ident,
        /// That handle's type.
        handle: Ident,
    },
}

/// The names of a tag.
#[derive(Debug, Clone)]
pub struct TagNames {
    /// The client's method: `financial_statements`.
    pub accessor: Ident,
    /// The handle's type: `FinancialStatements`.
    pub handle: Ident,
    /// The module without raw prefix, also the file's name: in ASCII, which is all that Rust looks for in files.
    pub module: String,
    /// The Cargo feature, in the document's own script.
    pub feature: String,
}

/// Names everything as `decisions` want it.
fn assign(api: &Api, facts: &Facts, decisions: &Decisions, diagnostics: &mut Diagnostics) -> Names {
    let mut names = Names::default();
    types(api, facts, decisions, &mut names, diagnostics);
    for (id, def) in api.defs() {
        names.members.push(members(def, id, api, &names, diagnostics));
    }
    names.tags = tags(api, diagnostics);
    operations::name(api, facts, decisions, &mut names, diagnostics);
    names
}

/// What no file of a tag may be called: beside it lie `mod.rs`, and `shared.rs` with the models that tags share, which imports
/// the runtime; the rest Rust keeps for itself.
const MODULES_TAKEN: &[&str] = &["mod", "self", "super", "crate", "shared", "runtime"];

/// Methods the client has by itself, or is to have.
const CLIENT_OWN: &[&str] = &[
    "new",
    "builder",
    "builder_from_env",
    "clone",
    "deref",
    "with_transport",
    "server",
    "credentials",
    "transport",
    "send",
    "request",
    "execute",
    "check_credentials",
    "from",
    "from_env",
    "from_variables",
    "named",
    "inner",
    "policy",
    "config",
];

/// The accessors and modules of the tags; their handles have the names they want, until they are named beside the builders.
pub fn tags(api: &Api, diagnostics: &mut Diagnostics) -> Vec<TagNames> {
    let mut accessors = Scope::new(CLIENT_OWN);
    let mut modules = Scope::new(MODULES_TAKEN);
    let mut take = |tag: &Tag| {
        let plain = ident::snake(&tag.wire);
        let accessor = accessors.take(&[plain.clone(), format!("{plain}_api")], &tag.origin, diagnostics);
        // Modules are private, so nobody hears of their names: they are those of files, which Rust wants in ASCII and disks short.
        let plain = accessor.is_ascii() && accessor.len() <= 100;
        let file = if plain { accessor.clone() } else { format!("tag_{:016x}", fnv(accessor.as_bytes())) };
        let longer = format!("{file}_api");
        // What Windows keeps for devices can be no file there.
        let file = if crate::base::file::is_device(&file) { longer.clone() } else { file };
        let module = modules.take(&[file, longer], &tag.origin, &mut Diagnostics::new());
        let feature = accessor.replace('_', "-").trim_matches('-').to_owned();
        TagNames {
            accessor: Ident::of(accessor),
            handle: Ident::of(ident::type_name(Kind::Tag, &tag.wire)),
            module,
            feature,
        }
    };
    api.tags.iter().map(&mut take).collect()
}

/// Variants for the codes of error items.
pub fn code_names(codes: &[&str]) -> Vec<String> {
    let mut scope = Scope::new(&[UNRECOGNIZED]);
    let mut unheard = Diagnostics::new();
    let name = |code: &&str| match code.chars().any(char::is_alphanumeric) {
        true => ident::pascal(Kind::Code, code),
        false => "Code".to_owned(),
    };
    codes.iter().map(|code| scope.take(&[name(code)], &Origin::default(), &mut unheard)).collect()
}

/// The trait that gives a type of the runtime methods, where a module makes it or where all of them are found.
pub fn extension(module: &str, ty: &str) -> String {
    ident::pascal(Kind::Type, &format!("{module} {ty} ext"))
}

/// What errors and their items can do by themselves: no member of an item has an accessor of such a name.
#[rustfmt::skip]
const ERROR_OWN: &[&str] = &[
    "advice", "attempts", "body", "build", "build_of", "class", "clone", "code",
    "earlier_attempt_may_have_acted", "ending", "error_code", "failure", "fault", "field", "fmt", "get",
    "has_code", "headers", "idempotency_key", "is_mfa_expired", "is_not_found", "is_retryable", "item_count",
    "items", "kind", "may_have_been_sent", "media_type", "members", "message", "mfa", "mfa_by", "new",
    "of_message", "operation", "read", "request_id", "response", "retry_after", "settings", "source", "status", "text",
    "with_body", "with_fault", "with_history", "with_note", "with_operation",
];

/// Accessors for members of error items.
pub fn error_member_names(members: &[&str]) -> Vec<Ident> {
    let mut scope = Scope::new(ERROR_OWN);
    let mut unheard = Diagnostics::new();
    let name = |member: &&str| match member.chars().any(char::is_alphanumeric) {
        true => ident::snake(member),
        false => "member".to_owned(),
    };
    let names = members.iter().map(name).map(|name| [name.clone(), format!("{name}_member")]);
    names.map(|wanted| Ident::of(scope.take(&wanted, &Origin::default(), &mut unheard))).collect()
}

/// Variants for servers: a name from the settings, or what the document says of the server, or its host.
pub fn environment_names(wanted: &[Vec<String>]) -> Vec<String> {
    let mut scope = Scope::new(&[]);
    let mut unheard = Diagnostics::new();
    wanted
        .iter()
        .map(|candidates| {
            let names = candidates.iter().filter(|c| c.chars().any(char::is_alphanumeric));
            let names: Vec<String> = names.map(|c| ident::pascal(Kind::Server, c)).collect();
            let names = if names.is_empty() { vec!["Server".to_owned()] } else { names };
            scope.take(&names, &Origin::default(), &mut unheard)
        })
        .collect()
}

/// A crate name made of any text.
pub fn crate_name(text: &str) -> String {
    let name = ident::snake(text).replace('_', "-");
    let name: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    let name = name.trim_matches('-').chars().take(60).collect::<String>();
    let keyword = Ident::is_word(&name) || crate::base::package::unfit_crate_name(&name).is_some();
    match name.chars().next() {
        None => "api".to_owned(),
        Some(c) if c.is_ascii_digit() => format!("api-{name}"),
        Some(_) if keyword => format!("{name}-api"),
        Some(_) => name,
    }
}

/// A file of the generated crate as a module: `type.rs` is `mod r#type`.
pub fn module_ident(file: &str) -> Ident {
    Ident::of(file.to_owned())
}

/// What a component is called when nothing is in the way.
pub fn component_name(wire: &str) -> String {
    ident::type_name(Kind::Type, wire)
}

/// What a component would like to be called; `None` for what is written in place.
pub(crate) fn wanted(def: &TypeDef) -> Option<String> {
    match &def.label {
        Label::Component(wire) => Some(component_name(wire)),
        _ => None,
    }
}

/// A Rust type's name as a snake-case piece of another name.
pub fn snake_ident(name: &str) -> String {
    ident::snake(name)
}

/// One set of names that must differ, and those already taken.
struct Scope {
    taken: BTreeSet<String>,
}

impl Scope {
    fn new(reserved: &[&str]) -> Self {
        Self { taken: reserved.iter().map(|s| (*s).to_owned()).collect() }
    }

    fn claim(&mut self, name: &str) -> bool {
        self.taken.insert(name.to_owned())
    }

    /// The first candidate that is free, else the last with a number.
    fn take(&mut self, candidates: &[String], origin: &Origin, diagnostics: &mut Diagnostics) -> String {
        for (i, c) in candidates.iter().enumerate() {
            if self.claim(c) {
                if i > 0 {
                    let wanted = candidates.first().cloned().unwrap_or_default();
                    let message = format!("`{wanted}` is taken; this one is called `{c}`");
                    diagnostics.push(Diagnostic::note("N0502", message).at(origin.span).pointer(&origin.pointer));
                }
                return c.clone();
            }
        }
        let base = candidates.last().cloned().unwrap_or_else(|| "x".to_owned());
        let mut n = 2;
        loop {
            let name = format!("{base}{n}");
            if self.claim(&name) {
                let message =
                    format!("`{base}` is taken and nothing else tells the two apart; this one is called `{name}`");
                diagnostics.push(
                    Diagnostic::warning("W0501", message)
                        .at(origin.span)
                        .pointer(&origin.pointer)
                        .help("give it a name in the settings: [types.\"POINTER\"] rename = \"...\""),
                );
                return name;
            }
            n += 1;
        }
    }
}

fn kind_word(def: &TypeDef) -> &'static str {
    match def.kind {
        TypeKind::Model(_) => "Model",
        TypeKind::Enum(_) => "Enum",
        TypeKind::Union(_) => "Union",
    }
}

fn types(api: &Api, facts: &Facts, decisions: &Decisions, names: &mut Names, diagnostics: &mut Diagnostics) {
    let mut scope = Scope::new(&[]);
    let mut given: Vec<Option<String>> = vec![None; api.types.len()];
    // First what a person decided: settings, then the lock.
    for (i, def) in api.types.iter().enumerate() {
        let pointer = def.origin.pointer.as_str().to_owned();
        let wish = decisions
            .types
            .get(&pointer)
            .map(|w| ident::type_name(Kind::Type, w))
            .or_else(|| decisions.locked.get(&("type", pointer)).cloned());
        if let Some(name) = wish
            && scope.claim(&name)
            && let Some(slot) = given.get_mut(i)
        {
            *slot = Some(name);
        }
    }
    for name in &decisions.reserved {
        scope.claim(name);
    }
    if !facts.page_models.is_empty() {
        for (i, _) in facts.page_models.iter().enumerate() {
            let wanted = if i == 0 { "Page".to_owned() } else { format!("Page{}", i + 1) };
            let origin = Origin::default();
            names.pages.push(Ident::of(scope.take(&[wanted, "RecordPage".to_owned()], &origin, diagnostics)));
        }
    }
    // Components spelled exactly like their Rust name, then the other components in document order.
    for exact in [true, false] {
        for (i, def) in api.types.iter().enumerate() {
            let (Label::Component(wire), Some(slot)) = (&def.label, given.get_mut(i)) else { continue };
            let wanted = component_name(wire);
            if slot.is_some() || (exact && wanted != *wire) {
                continue;
            }
            let candidates = [wanted.clone(), format!("{wanted}{}", kind_word(def))];
            *slot = Some(scope.take(&candidates, &def.origin, diagnostics));
        }
    }
    // Bodies of operations, then parts, each after what it is a part of.
    for (i, def) in api.types.iter().enumerate() {
        let (Label::Operation { operation, part }, Some(slot)) = (&def.label, given.get_mut(i)) else { continue };
        if slot.is_some() {
            continue;
        }
        let id = api.operations.get(*operation).map(|o| o.id.as_str()).unwrap_or_default();
        let wanted = component_name(&format!("{id} {part}"));
        let candidates = [wanted.clone(), format!("{wanted}{}", kind_word(def))];
        *slot = Some(scope.take(&candidates, &def.origin, diagnostics));
    }
    for i in 0..api.types.len() {
        part_name(i, api, &mut given, &mut scope, diagnostics, 0);
    }
    let names_of = given.into_iter().zip(&api.types).map(|(name, def)| {
        // Parts of parts without end have no other name.
        name.unwrap_or_else(|| scope.take(&[kind_word(def).to_owned()], &def.origin, diagnostics))
    });
    names.types = names_of.map(Ident::of).collect();
}

fn part_name(
    i: usize,
    api: &Api,
    given: &mut Vec<Option<String>>,
    scope: &mut Scope,
    diagnostics: &mut Diagnostics,
    depth: usize,
) {
    if given.get(i).is_none_or(Option::is_some) || depth > 256 {
        return;
    }
    let Some(def) = api.types.get(i) else { return };
    let Label::Part { parent, part } = &def.label else { return };
    let above = parent.index();
    part_name(above, api, given, scope, diagnostics, depth + 1);
    let parent_name = given.get(above).cloned().flatten().unwrap_or_default();
    let piece = if part.trim().is_empty() { kind_word(def).to_owned() } else { ident::piece(part) };
    let wanted = component_name(&format!("{parent_name}{piece}"));
    // A branch whose title repeats the union's name needs it only once.
    let short = piece.starts_with(&parent_name).then(|| component_name(&piece));
    let mut candidates: Vec<String> = short.into_iter().collect();
    candidates.push(wanted.clone());
    candidates.push(format!("{wanted}{}", kind_word(def)));
    let name = scope.take(&candidates, &def.origin, diagnostics);
    if let Some(slot) = given.get_mut(i) {
        *slot = Some(name);
    }
}

fn members(def: &TypeDef, id: TypeId, api: &Api, names: &Names, diagnostics: &mut Diagnostics) -> Vec<Ident> {
    match &def.kind {
        TypeKind::Model(m) => {
            let wires: Vec<(&str, &Origin)> = m.fields.iter().map(|f| (f.wire.as_str(), &f.origin)).collect();
            unique(
                &wires,
                |w| vec![ident::snake(w), format!("{}_member", ident::snake(w))],
                &["extra", "new"],
                diagnostics,
            )
        }
        TypeKind::Enum(e) => {
            let labels: HashMap<&str, &str> =
                e.values.iter().filter_map(|v| Some((v.wire.as_str(), v.label.as_deref()?))).collect();
            let wires: Vec<(&str, &Origin)> = e.values.iter().map(|v| (v.wire.as_str(), &def.origin)).collect();
            let candidates = |w: &str| {
                let plain = if w.is_empty() { "Empty".to_owned() } else { ident::pascal(Kind::Value, w) };
                let case = if w.chars().any(char::is_lowercase) { "Lower" } else { "Upper" };
                let mut all: Vec<String> = labels.get(w).map(|l| ident::pascal(Kind::Value, l)).into_iter().collect();
                all.extend([plain.clone(), format!("{plain}{case}"), format!("{plain}Value")]);
                all
            };
            unique(&wires, candidates, &[UNRECOGNIZED], diagnostics)
        }
        TypeKind::Union(u) => {
            let mut scope = Scope::new(&[RAW]);
            u.branches
                .iter()
                .map(|b| {
                    let wanted = variant_of(&b.ty, b.label.as_deref(), id, api, names);
                    let candidates = [wanted.clone(), format!("{wanted}Value")];
                    Ident::of(scope.take(&candidates, &b.origin, diagnostics))
                })
                .collect()
        }
    }
}

/// Names in one scope: those spelled exactly like their ident first.
fn unique(
    wires: &[(&str, &Origin)],
    candidates: impl Fn(&str) -> Vec<String>,
    reserved: &[&str],
    diagnostics: &mut Diagnostics,
) -> Vec<Ident> {
    let mut scope = Scope::new(reserved);
    let mut out: Vec<Option<String>> = vec![None; wires.len()];
    for exact in [true, false] {
        for ((wire, origin), slot) in wires.iter().zip(&mut out) {
            let options = candidates(wire);
            if slot.is_some() || (exact && options.first().is_none_or(|f| f != wire)) {
                continue;
            }
            *slot = Some(scope.take(&options, origin, diagnostics));
        }
    }
    out.into_iter().flatten().map(Ident::of).collect()
}

/// What a union's variant is called: after its type, whatever its siblings are.
fn variant_of(ty: &Type, label: Option<&str>, union: TypeId, api: &Api, names: &Names) -> String {
    match ty {
        Type::Named(id) => {
            let def = api.get(*id);
            match (def.map(|d| &d.label), label) {
                (Some(Label::Part { parent, .. }), Some(label)) if *parent == union => {
                    ident::pascal(Kind::Variant, label)
                }
                _ => names.types.of(*id).map(Ident::to_string).unwrap_or_default(),
            }
        }
        Type::List(of) => format!("{}List", variant_of(&of.ty, None, union, api, names)),
        Type::Map(of) => format!("{}Map", variant_of(&of.ty, None, union, api, names)),
        Type::Any => "Any".to_owned(),
        Type::Scalar(s) => match s {
            Scalar::String | Scalar::Secret | Scalar::Binary => "Text",
            Scalar::Uuid => "Uuid",
            Scalar::Date => "Date",
            Scalar::DateTime => "DateTime",
            Scalar::Bool => "Bool",
            Scalar::I32 | Scalar::I64 | Scalar::U32 | Scalar::U64 => "Integer",
            Scalar::F64 | Scalar::Number => "Number",
        }
        .to_owned(),
    }
}
