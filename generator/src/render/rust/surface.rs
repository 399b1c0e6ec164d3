//! What a consumer sees of every node, as text: types of members, arguments, results.
//!
//! The functions that make the items make this too, so a signature here is the signature in the crate. `drift` compares
//! two of these; nothing is formatted.

use super::choice::variants;
use super::headers::result as header_result;
use super::model::{Built, built, held};
use super::operation::{body_type, success};
use super::setter::setter;
use super::types::{How, ident_of};
use super::webhooks::payload;
use crate::analyze::{Case, Success};
use crate::ir::{Scalar, TypeDef, TypeId, TypeKind, TypeMap};
use crate::name::Setter;
use crate::render::{Input, Op};
use proc_macro2::TokenStream;
use quote::quote;

/// All of it; operations in their order.
#[derive(Debug, Clone, Default)]
pub struct Surface {
    /// Per type.
    pub types: TypeMap<TypeSurface>,
    /// Per operation.
    pub operations: Vec<OperationSurface>,
    /// Per webhook: what the function gives that reads it; empty where there is none.
    pub webhooks: Vec<String>,
}

/// How a type appears in the crate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shown {
    /// As an item of its own.
    #[default]
    Item,
    /// As the generic page.
    Page,
    /// As arguments and setters of the builder of this operation.
    Builder(usize),
}

/// What is seen of a type.
#[derive(Debug, Clone, Default)]
pub struct TypeSurface {
    /// How it appears.
    pub shown: Shown,
    /// Whether `new` and the setters are there: a request uses it.
    pub buildable: bool,
    /// Traits that the settings derive beside the usual ones.
    pub derives: Vec<String>,
    /// Per member.
    pub members: Vec<MemberSurface>,
}

/// What is seen of a field or variant.
#[derive(Debug, Clone, Default)]
pub struct MemberSurface {
    /// The field's type, or what a variant of a union holds; empty for values of an enum.
    pub ty: String,
    /// How it is given when a model is built.
    pub given: Given,
    /// Whether the union converts from what the variant holds.
    pub from: bool,
}

/// How a value is given.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Given {
    /// Not at all.
    #[default]
    No,
    /// As an argument of this type.
    Argument(String),
    /// As a field of this type in the struct with all arguments.
    Field(String),
    /// By a setter with an argument of this type.
    Setter(String),
    /// By such a setter, and there is one that sends null.
    Clearable(String),
    /// Not by the caller: it has one value.
    Constant,
}

impl Given {
    /// Whether nobody calls the function without it.
    pub fn is_asked_for(&self) -> bool {
        matches!(self, Self::Argument(_) | Self::Field(_))
    }

    /// The type that is given; empty where nothing is.
    pub fn ty(&self) -> &str {
        match self {
            Self::Argument(ty) | Self::Field(ty) | Self::Setter(ty) | Self::Clearable(ty) => ty,
            Self::No | Self::Constant => "",
        }
    }
}

/// What is seen of an operation.
#[derive(Debug, Clone, Default)]
pub struct OperationSurface {
    /// The types of the endpoint function's arguments, as in the plan; of the fields, where it takes them as a struct.
    pub arguments: Vec<String>,
    /// The types of the builder's setters, as in the plan.
    pub setters: Vec<String>,
    /// What it gives.
    pub result: String,
    /// The variants of the answer's enum; empty when there is one type.
    pub cases: Vec<(String, Option<String>)>,
    /// The page that `.pages()` and `.items()` go over.
    pub page: Option<String>,
    /// What the accessors of the response headers give, in the order of the call's headers.
    pub headers: Vec<String>,
}

/// Looks at everything.
pub fn surface(input: Input<'_>) -> Surface {
    let types = TypeMap::new(input.api, |id, def| of_type(input, id, def));
    let operations = input.operations().map(|op| of_operation(input, op)).collect();
    let webhooks =
        input.api.webhooks.iter().map(|hook| payload(input, hook).map_or_else(String::new, |(ty, _)| text(ty)));
    Surface { types, operations, webhooks: webhooks.collect() }
}

fn of_type(input: Input<'_>, id: TypeId, def: &TypeDef) -> TypeSurface {
    let buildable = input.facts.in_requests.has(id);
    let shown = match input.flat_in(id) {
        _ if input.facts.pages.contains_key(&id) => Shown::Page,
        Some(operation) => Shown::Builder(operation),
        None => Shown::Item,
    };
    let members = match &def.kind {
        TypeKind::Model(m) => m
            .fields
            .iter()
            .enumerate()
            .map(|(i, f)| {
                let held = held(input, id, i, f);
                let given = match shown {
                    Shown::Item if buildable => match built(input, (id, i), f, &held) {
                        Built::Argument(ty) if input.names.args_of(id).is_some() => Given::Field(text(ty)),
                        Built::Argument(ty) => Given::Argument(text(ty)),
                        Built::Setter(ty) => Given::Setter(text(ty)),
                        Built::Clearable(ty) => Given::Clearable(text(ty)),
                        Built::Constant(_) => Given::Constant,
                    },
                    _ => Given::No,
                };
                MemberSurface { ty: text(held.ty), given, from: false }
            })
            .collect(),
        TypeKind::Enum(e) => e.values.iter().map(|_| MemberSurface::default()).collect(),
        TypeKind::Union(u) => variants(input, id, u)
            .into_iter()
            .map(|v| MemberSurface { ty: text(v.ty), given: Given::No, from: v.from })
            .collect(),
    };
    let derives = input.settings.type_override(def.origin.pointer.as_str()).map(|t| t.derive.as_slice());
    let derives = derives.unwrap_or_default().iter().map(|d| d.to_string()).collect();
    TypeSurface { shown, buildable, derives, members }
}

fn of_operation(input: Input<'_>, op: Op<'_>) -> OperationSurface {
    let (names, call) = (op.names, op.call);
    let value = ident_of("value");
    let of = |s: &Setter, how: How| {
        let made = setter(input, op, s, (&value, how), &TokenStream::new());
        made.map(|(argument, _)| text(argument)).unwrap_or_default()
    };
    let how = if names.args.is_some() { How::Field } else { How::Argument };
    let cases = match (&call.success, &names.answer) {
        (Success::Several(cases), Some(answer)) => {
            let ty = |case: &Case| case.content.as_ref().map(|content| text(body_type(input, content).0));
            cases.iter().zip(&answer.variants).map(|(case, variant)| (variant.to_string(), ty(case))).collect()
        }
        _ => Vec::new(),
    };
    OperationSurface {
        arguments: names.plan.arguments.iter().map(|s| of(s, how)).collect(),
        setters: names.plan.setters.iter().map(|s| of(s, How::Argument)).collect(),
        result: text(success(input, op).0),
        cases,
        headers: call.headers.iter().map(|used| text(header_result(input, used))).collect(),
        page: call.page.map(|id| text(input.named(id, &quote! { models:: }))),
    }
}

/// The type of a scalar.
pub fn scalar(s: Scalar) -> String {
    text(super::types::scalar(s))
}

/// Tokens as people write them: no spaces but between words and after commas. What is of the runtime has no path there: generated code
/// alone says `runtime::`.
fn text(tokens: TokenStream) -> String {
    let spaced = tokens.to_string();
    let mut out = String::with_capacity(spaced.len());
    let mut chars = spaced.chars().peekable();
    let word = |c: char| c.is_alphanumeric() || c == '_' || c == '#';
    while let Some(c) = chars.next() {
        if !c.is_whitespace() {
            out.push(c);
            continue;
        }
        let last = out.chars().next_back().unwrap_or(' ');
        let next = chars.peek().copied().unwrap_or(' ');
        // `Item = T` is the one sign that people put spaces around.
        let keep = (word(last) && word(next)) || matches!(last, ',' | '=') || next == '=';
        if keep && !next.is_whitespace() {
            out.push(' ');
        }
    }
    out.replace("runtime::", "")
}
