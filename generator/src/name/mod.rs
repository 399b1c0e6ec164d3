//! [`Api`] → [`Names`]: two passes, collect every request, then assign, then freeze.
//!
//! Names come from the document's own words and the path to a place, never from a counter, and never from the order of
//! keys. Where two places want one name, the one spelled exactly so keeps it, then the first by its text; the other is qualified. A number
//! is the last resort and always a diagnostic. The lock (see [`crate::history::lock`]) holds what was given before.

mod arguments;
mod credentials;
mod decisions;
mod environments;
mod ident;
mod operations;
mod places;
mod repeated;
mod scope;
mod swaps;
mod types;
mod webhooks;

use std::collections::{BTreeMap, BTreeSet};

use crate::base::hash::fnv;

pub use credentials::{CredentialName, credentials};
pub use decisions::name;
pub use environments::{
    Choice, Environment, OpenPiece, OpenServer, OpenVariable, Variables, environments, open_servers, variables,
};
pub use operations::{AnswerNames, HeaderNames, OperationNames, Plan, Setter, SetterOf};
pub use places::Places;
pub use webhooks::webhooks_module;

use self::ident::Kind;
use self::scope::Scope;
use crate::analyze::{Facts, Mention};
use crate::base::Ident;
use crate::base::diagnostic::Diagnostics;
use crate::base::reserved;
use crate::ir::{Api, Label, Origin, Tag, TypeDef, TypeId, TypeMap};

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
    /// Orders of arguments that a person gives, by pointer, as names of members.
    pub orders: BTreeMap<String, Vec<String>>,
    /// Those that were before, by pointer.
    pub kept_orders: BTreeMap<String, Vec<String>>,
    /// Member names of a flattened body with at most so many required members become arguments.
    pub max_arguments: usize,
    /// Operations that resume an interrupted call.
    pub resume: Option<Resume>,
    /// Whether each type has an item of its own, those too that say what another one says.
    pub repeat: bool,
    /// Types that have one in any case, by pointer.
    pub own_items: BTreeSet<String>,
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
    /// Per type: the members that are given when a model is built, by their indices, in the order of the arguments.
    pub arguments: TypeMap<Vec<usize>>,
    /// Per type: the struct with those members, where `new` takes them by their names: `LinkArgs`.
    pub args: TypeMap<Option<Ident>>,
    /// Types that are other names of the item of another type, which says the same.
    pub repeated: BTreeMap<TypeId, TypeId>,
    /// Per generic page.
    pub pages: Vec<Ident>,
    /// Per tag.
    pub tags: Vec<TagNames>,
    /// Per operation.
    pub operations: Vec<OperationNames>,
    /// Per webhook: the function that reads it.
    pub webhooks: Vec<Ident>,
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
    /// What the operation with this index gives by status.
    Answer(usize),
    /// What `new` of a type takes.
    TypeArgs(TypeId),
    /// What the function of the operation with this index takes.
    BuilderArgs(usize),
    /// The method of the operation with this index.
    Method {
        /// The operation.
        operation: usize,
        /// The accessor of the handle it hung on.
        accessor: Ident,
        /// That handle's type, where no tag has the handle any more and the name means nothing else by now.
        handle: Option<Ident>,
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

impl Names {
    /// The name of a type. One of another API has none, which is `__`.
    pub fn of_type(&self, id: TypeId) -> Ident {
        self.types.of(id).cloned().unwrap_or_else(|| Ident::of(String::new()))
    }

    /// The name of a generic page, by its index.
    pub fn of_page(&self, page: usize) -> Ident {
        self.pages.get(page).cloned().unwrap_or_else(|| Ident::of(String::new()))
    }

    /// The type whose item it has: itself, or the one that it repeats.
    pub fn item_of(&self, id: TypeId) -> TypeId {
        self.repeated.get(&id).copied().unwrap_or(id)
    }

    /// All types that have this item: the one whose item it is, then those that repeat it.
    pub fn names_of_item(&self, item: TypeId) -> impl Iterator<Item = TypeId> {
        let others = self.repeated.iter().filter(move |(_, of)| **of == item).map(|(id, _)| *id);
        std::iter::once(item).chain(others)
    }

    /// The struct that `new` of a type takes, where it takes one.
    pub fn args_of(&self, id: TypeId) -> Option<&Ident> {
        self.args.of(id)?.as_ref()
    }

    /// The operation whose builder has the members of this type as setters, where nothing else has the type: it is not rendered then.
    pub fn flat_in(&self, facts: &Facts, id: TypeId) -> Option<usize> {
        match facts.mentions.list(id) {
            [Mention::Request(i)] if self.operations.get(*i).is_some_and(|o| o.plan.replaces(id)) => Some(*i),
            _ => None,
        }
    }

    /// Whether something of `src/models` has this name.
    fn has_in_models(&self, name: &str) -> bool {
        self.types.iter().chain(&self.pages).chain(self.args.iter().flatten()).any(|taken| *taken == name)
    }

    /// Whether something of `src/api` has this name: a handle, a builder, its arguments, an enum of answers, or what reads headers.
    fn has_in_api(&self, name: &str) -> bool {
        let is_of = |o: &OperationNames| {
            o.builder == name
                || o.args.as_ref().is_some_and(|args| *args == name)
                || o.answer.as_ref().is_some_and(|answer| answer.ty == name)
                || o.headers.as_ref().is_some_and(|headers| headers.ty == name)
        };
        self.tags.iter().any(|tag| tag.handle == name) || self.operations.iter().any(is_of)
    }
}

/// Names everything as `decisions` want it.
fn assign(api: &Api, facts: &Facts, decisions: &Decisions, diagnostics: &mut Diagnostics) -> Names {
    let mut names = Names { arguments: arguments::arguments(api, facts, decisions), ..Names::default() };
    types::types(api, facts, decisions, &mut names, diagnostics);
    for (id, def) in api.defs() {
        names.members.push(types::members(def, id, api, &names, diagnostics));
    }
    if !decisions.repeat {
        names.repeated = repeated::repeated(api, facts, decisions, &names);
    }
    names.tags = tags(api, diagnostics);
    operations::name(api, facts, decisions, &mut names, diagnostics);
    arguments::name(api, facts, decisions, &mut names, diagnostics);
    names.webhooks = webhooks::name(api, diagnostics);
    names
}

/// The accessors and modules of the tags; their handles have the names they want, until they are named beside the builders.
pub fn tags(api: &Api, diagnostics: &mut Diagnostics) -> Vec<TagNames> {
    let mut accessors = Scope::new(reserved::CLIENT);
    let mut modules = Scope::new(&[reserved::MODULES, reserved::PATHS].concat());
    let mut take = |tag: &Tag| {
        let plain = ident::snake(&tag.wire);
        let accessor = accessors.take(&[plain.clone(), format!("{plain}_api")], &tag.origin, diagnostics);
        // Modules are private, so nobody hears of their names: they are those of files, which Rust wants in ASCII and disks short.
        let plain = accessor.is_ascii() && accessor.len() <= 100;
        let file = if plain { accessor.clone() } else { format!("tag_{:016x}", fnv(accessor.as_bytes())) };
        let longer = format!("{file}_api");
        // What Windows keeps for devices can be no file there.
        let file = if reserved::is_device(&file) { longer.clone() } else { file };
        let module = modules.take(&[file, longer], &tag.origin, &mut Diagnostics::new());
        let feature = accessor.replace('_', "-").trim_matches('-').to_owned();
        TagNames {
            accessor: Ident::of(accessor),
            handle: Ident::of(ident::type_name(Kind::Tag, &tag.wire)),
            module,
            feature,
        }
    };
    let mut out: Vec<Option<TagNames>> = vec![None; api.tags.len()];
    for i in ranked_tags(&api.tags, |tag| ident::snake(&tag.wire)) {
        if let (Some(tag), Some(slot)) = (api.tags.get(i), out.get_mut(i)) {
            *slot = Some(take(tag));
        }
    }
    out.into_iter().flatten().collect()
}

/// The order in which tags get what they want.
fn ranked_tags(tags: &[Tag], wanted: impl Fn(&Tag) -> String) -> Vec<usize> {
    scope::ranked(tags, |tag| wanted(tag) == tag.wire, |a, b| a.wire.cmp(&b.wire))
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

/// Accessors for members of error items.
pub fn error_member_names(members: &[&str]) -> Vec<Ident> {
    let mut scope = Scope::new(reserved::ERROR);
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

/// The setter of a model's field: `with_amount`.
pub fn setter_of(field: &str) -> Ident {
    Ident::of(format!("with_{}", field.trim_start_matches("r#").trim_start_matches('_')))
}

/// What makes a model send a field as `null`: `clear_amount`.
pub fn clearer_of(field: &str) -> Ident {
    Ident::of(format!("clear_{}", field.trim_start_matches("r#").trim_start_matches('_')))
}

/// What sets a member of a model with these fields that the document does not declare: `with_additional`, unless a field has that setter.
pub fn additional_setter(fields: &[Ident]) -> Ident {
    let mut member = "additional".to_owned();
    while fields.iter().any(|field| setter_of(field) == setter_of(&member)) {
        member.push_str("_member");
    }
    setter_of(&member)
}

/// A Rust type's name as a snake-case piece of another name.
pub fn snake_ident(name: &str) -> String {
    ident::snake(name)
}
