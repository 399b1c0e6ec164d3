//! The feature `testing`: the exact request of every operation, with what is required only and with everything set.
//!
//! Values are the document's examples where it has some, so that a server that checks requests accepts them.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::{Map, Value, json};

use crate::ir::{Content, Docs, Operation, Scalar, Type, TypeId, TypeKind, Union, Use};
use crate::name::{OperationNames, SetterOf};
use crate::render::rust::types::ident_of;
use crate::render::{Input, RustFile};

/// `src/samples.rs`.
pub(in crate::render) fn file(input: Input<'_>) -> RustFile {
    let mut calls = Vec::new();
    for (o, names) in input.api.operations.iter().zip(&input.names.operations) {
        for full in [false, true] {
            let id = &o.id;
            let call = call(input, o, names, full);
            calls.push(quote! { out.push(SampleRequest::new(#id, #full, #call)); });
        }
    }
    // One function a few operations: a single one of hundreds of closures takes the compiler long.
    let mut chunks = Vec::new();
    let mut parts = Vec::new();
    for (i, chunk) in calls.chunks(16).enumerate() {
        let name = ident_of(&format!("part_{i}"));
        chunks.push(quote! { #name(client, &mut out); });
        parts.push(quote! {
            fn #name(client: &client::Client, out: &mut Vec<SampleRequest>) { #(#chunk)* }
        });
    }
    let mut items = vec![
        quote! {
            #[allow(unused_imports)]
            use crate::runtime::{self, __private}; use crate::{client, models};
            use crate::runtime::SampleRequest;
        },
        quote! {
            /// The request of every operation, twice: with what is required only, and with everything set.
            pub fn requests(client: &client::Client) -> Vec<SampleRequest> {
                let mut out = Vec::new();
                #(#chunks)*
                out
            }
        },
    ];
    items.extend(parts);
    RustFile {
        path: "src/samples.rs".to_owned(),
        head: vec!["For tests: one request of every operation and more.".to_owned()],
        items,
    }
}

fn call(input: Input<'_>, o: &Operation, names: &OperationNames, full: bool) -> TokenStream {
    let accessor = ident_of(input.names.tags.get(o.tag).map_or("tag", |t| t.accessor.as_str()));
    let method = ident_of(&names.method);
    let value = |of: SetterOf| -> Option<TokenStream> {
        match of {
            SetterOf::Parameter(i) => {
                let p = o.parameters.get(i)?;
                Some(argument(input, &p.of.ty, &p.docs, false, full))
            }
            SetterOf::Member(i) => {
                let model = names.plan.flat.and_then(|id| input.api.get(id))?;
                let TypeKind::Model(model) = &model.kind else { return None };
                let f = model.fields.get(i)?;
                let body = &o.body.as_ref()?.content;
                let multipart = matches!(body, Content::Multipart(_));
                let value = argument(input, &f.of.ty, &f.docs, multipart, full);
                let null = matches!(body, Content::Json(_)) && f.required && f.of.nullable && f.of.ty != Type::Any;
                Some(if null {
                    let plain = exact(input, &f.of.ty, &f.docs, full);
                    quote! { Some(#plain) }
                } else {
                    value
                })
            }
            SetterOf::Mfa => {
                let shown = |wire: &str| shown(input, o, names, wire);
                let mfa = input.settings.mfa.as_ref()?;
                let (session, link) = (shown(&mfa.session), shown(&mfa.link));
                Some(quote! { runtime::Mfa::new(#session, #link) })
            }
            SetterOf::Token if !full => Some(quote! { None }),
            SetterOf::Token => {
                let token = shown(input, o, names, &input.settings.mfa.as_ref()?.token);
                Some(quote! { #token })
            }
            SetterOf::Body => {
                let body = o.body.as_ref()?;
                Some(match &body.content {
                    Content::Json(of) => argument(input, &of.ty, &Docs::default(), false, full),
                    Content::Text => quote! { "text" },
                    _ => quote! { b"bytes".to_vec() },
                })
            }
        }
    };
    let arguments: Vec<TokenStream> = names.plan.arguments.iter().filter_map(|s| value(s.of)).collect();
    let setters: Vec<TokenStream> = names
        .plan
        .setters
        .iter()
        .filter(|_| full)
        .filter_map(|s| {
            let ident = ident_of(&s.ident);
            let value = value(s.of)?;
            Some(quote! { .#ident(#value) })
        })
        .collect();
    quote! { || Ok(client.#accessor().#method(#(#arguments),*) #(#setters)* .request()) }
}

/// The text a caller may write for a member of the flat body.
fn shown(input: Input<'_>, o: &Operation, names: &OperationNames, wire: &str) -> String {
    let model = names.plan.flat.and_then(|id| input.api.get(id));
    let field = match model.map(|d| &d.kind) {
        Some(TypeKind::Model(m)) => m.fields.iter().find(|f| f.wire == wire),
        _ => None,
    };
    let Some(f) = field.filter(|_| o.body.is_some()) else { return String::new() };
    let value = value(input, &f.of.ty, shown_in(&f.docs), true, &mut Above::new());
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// What the document shows, or the default if it shows nothing.
fn shown_in(docs: &Docs) -> Option<&Value> {
    docs.example.as_ref().or(docs.default.as_ref())
}

/// What a caller may write for a value of the type.
fn argument(input: Input<'_>, ty: &Type, docs: &Docs, multipart: bool, full: bool) -> TokenStream {
    match ty {
        Type::Scalar(Scalar::Binary) if multipart => quote! { b"bytes".to_vec() },
        Type::List(of) if multipart && of.ty == Type::Scalar(Scalar::Binary) => quote! { [b"bytes".to_vec()] },
        Type::List(of) if !of.nullable => {
            let shown = shown_in(docs).and_then(Value::as_array).filter(|a| !a.is_empty());
            let values: Vec<TokenStream> = match shown {
                Some(list) => list.iter().take(2).map(|v| literal(input, &of.ty, v, full)).collect(),
                None => {
                    let one = value(input, &of.ty, shown_in(docs), full, &mut Above::new());
                    vec![literal(input, &of.ty, &one, full)]
                }
            };
            quote! { [#(#values),*] }
        }
        _ => {
            let v = value(input, ty, shown_in(docs), full, &mut Above::new());
            literal(input, ty, &v, full)
        }
    }
}

/// A value of exactly the type.
fn exact(input: Input<'_>, ty: &Type, docs: &Docs, full: bool) -> TokenStream {
    let v = value(input, ty, shown_in(docs), full, &mut Above::new());
    sample(input, ty, &v)
}

fn sample(input: Input<'_>, ty: &Type, v: &Value) -> TokenStream {
    let full = input.ty(ty, &quote! { models:: });
    let text = v.to_string();
    quote! { runtime::sample::<#full>(#text)? }
}

fn literal(input: Input<'_>, ty: &Type, v: &Value, _full: bool) -> TokenStream {
    match (ty, v) {
        (Type::Scalar(Scalar::Bool), Value::Bool(b)) => quote! { #b },
        (Type::Scalar(Scalar::Number), v) => {
            let number = if v.is_number() { v.clone() } else { json!(1.5) };
            sample(input, ty, &number)
        }
        (Type::Scalar(Scalar::F64), v) => {
            let n = v.as_f64().unwrap_or(1.5);
            quote! { #n }
        }
        (Type::Scalar(Scalar::I32 | Scalar::I64), v) => {
            let n = proc_macro2::Literal::i64_unsuffixed(v.as_i64().unwrap_or(1));
            quote! { #n }
        }
        (Type::Scalar(Scalar::U32 | Scalar::U64), v) => {
            let n = proc_macro2::Literal::u64_unsuffixed(v.as_u64().unwrap_or(1));
            quote! { #n }
        }
        (Type::Scalar(Scalar::Bool), _) => quote! { true },
        (Type::Scalar(_), v) => {
            let text = v.as_str().map_or_else(|| v.to_string(), str::to_owned);
            quote! { #text }
        }
        (Type::Named(id), v) if matches!(input.api.get(*id).map(|d| &d.kind), Some(TypeKind::Enum(_))) => {
            let text = v.as_str().map_or_else(|| v.to_string(), str::to_owned);
            quote! { #text }
        }
        _ => sample(input, ty, v),
    }
}

/// Where a value is being made: the types around it, and how many more there may be in it. Types that mention each other many
/// times at many levels have values without end.
struct Above {
    types: Vec<TypeId>,
    left: usize,
}

impl Above {
    fn new() -> Self {
        Self { types: Vec::new(), left: 4096 }
    }
}

/// A JSON value of the type: the example where there is one that fits, else something made of the type.
fn value(input: Input<'_>, ty: &Type, example: Option<&Value>, full: bool, above: &mut Above) -> Value {
    if let Some(e) = example.filter(|e| fits(input, ty, e)) {
        return e.clone();
    }
    match ty {
        Type::Any => json!("any"),
        Type::List(of) => {
            let inner = example.and_then(Value::as_array).and_then(|a| a.first());
            Value::Array(vec![value(input, &of.ty, inner, full, above)])
        }
        Type::Map(of) => {
            let mut map = Map::new();
            if full {
                map.insert("key".to_owned(), value(input, &of.ty, None, full, above));
            }
            Value::Object(map)
        }
        Type::Scalar(s) => scalar(*s),
        Type::Named(id) => named(input, *id, full, above),
    }
}

fn named(input: Input<'_>, id: TypeId, full: bool, above: &mut Above) -> Value {
    let Some(def) = input.api.get(id) else { return Value::Null };
    if let Some(e) = shown_in(&def.docs).filter(|e| fits(input, &Type::Named(id), e)) {
        return e.clone();
    }
    if above.types.contains(&id) || above.types.len() > 12 || above.left == 0 {
        return Value::Object(Map::new());
    }
    above.types.push(id);
    above.left -= 1;
    let out = match &def.kind {
        TypeKind::Enum(e) => match e.values.first() {
            Some(v) if e.numeric => serde_json::from_str(&v.wire).unwrap_or(json!(1)),
            Some(v) => json!(v.wire),
            None => json!("text"),
        },
        TypeKind::Union(u) => union(input, u, full, above),
        TypeKind::Model(m) => {
            let mut map = Map::new();
            for f in m.fields.iter().filter(|f| f.required || full).filter(|f| !f.read_only) {
                let Use { ty, .. } = &f.of;
                // A cycle ends where it may: at a member that can be left out.
                if !f.required && ty.named().is_some_and(|t| above.types.contains(&t)) {
                    continue;
                }
                map.insert(f.wire.clone(), value(input, ty, shown_in(&f.docs), full, above));
            }
            Value::Object(map)
        }
    };
    above.types.pop();
    out
}

/// A value of the first branch that alone accepts it: a server that checks `oneOf` refuses what fits two. Where one branch
/// demands what another only allows, leaving that out tells them apart.
fn union(input: Input<'_>, u: &Union, full: bool, above: &mut Above) -> Value {
    let mut first = None;
    for (i, branch) in u.branches.iter().enumerate() {
        let mut v = value(input, &branch.ty, None, full, above);
        if let (Value::Object(map), Some((tag, values))) = (&mut v, &branch.tag)
            && let Some(tagged) = values.first()
        {
            map.insert(tag.clone(), json!(tagged));
        }
        first.get_or_insert_with(|| v.clone());
        let others = || u.branches.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, other)| &other.ty);
        for other in others() {
            if accepts(input, other, &v) {
                let demanded = demands(input, other);
                let spared = demands(input, &branch.ty);
                if let (Value::Object(map), Some(key)) = (&mut v, demanded.iter().find(|key| !spared.contains(key))) {
                    map.remove(*key);
                }
            }
        }
        if !others().any(|other| accepts(input, other, &v)) {
            return v;
        }
    }
    first.unwrap_or_default()
}

/// The members a model must have.
fn demands<'a>(input: Input<'a>, ty: &Type) -> Vec<&'a str> {
    match ty.named().and_then(|id| input.api.get(id)).map(|def| &def.kind) {
        Some(TypeKind::Model(m)) => m.fields.iter().filter(|f| f.required).map(|f| f.wire.as_str()).collect(),
        _ => Vec::new(),
    }
}

/// Whether a value is one of the type by its kinds, keys and enumerated values; members beyond the declared ones are no
/// matter, as in JSON Schema.
fn accepts(input: Input<'_>, ty: &Type, v: &Value) -> bool {
    match ty {
        Type::Any => true,
        Type::List(of) => v.as_array().is_some_and(|a| a.iter().all(|x| accepts_use(input, of, x))),
        Type::Map(of) => v.as_object().is_some_and(|o| o.values().all(|x| accepts_use(input, of, x))),
        Type::Scalar(_) => fits(input, ty, v),
        Type::Named(id) => match input.api.get(*id).map(|def| &def.kind) {
            Some(TypeKind::Enum(_)) => fits(input, ty, v),
            Some(TypeKind::Union(_)) => input.api.alternatives(ty).into_iter().any(|one| accepts(input, one, v)),
            Some(TypeKind::Model(m)) => v.as_object().is_some_and(|o| {
                m.fields.iter().all(|f| match o.get(&f.wire) {
                    Some(x) => accepts_use(input, &f.of, x),
                    None => !f.required,
                })
            }),
            None => true,
        },
    }
}

fn accepts_use(input: Input<'_>, of: &Use, v: &Value) -> bool {
    if v.is_null() { of.nullable || of.ty == Type::Any } else { accepts(input, &of.ty, v) }
}

/// Whether an example is of the type's own JSON kind; documents show numbers for texts and worse.
fn fits(input: Input<'_>, ty: &Type, e: &Value) -> bool {
    match ty {
        Type::Any => !e.is_null(),
        Type::List(of) => e.as_array().is_some_and(|a| !a.is_empty() && a.iter().all(|x| fits(input, &of.ty, x))),
        Type::Map(_) => e.is_object(),
        Type::Scalar(Scalar::Bool) => e.is_boolean(),
        Type::Scalar(Scalar::I32 | Scalar::I64) => e.is_i64(),
        Type::Scalar(Scalar::U32 | Scalar::U64) => e.is_u64(),
        Type::Scalar(Scalar::F64 | Scalar::Number) => e.is_number(),
        Type::Scalar(_) => e.is_string(),
        Type::Named(id) => match input.api.get(*id).map(|d| &d.kind) {
            Some(TypeKind::Enum(en)) => {
                let text = e.as_str().map_or_else(|| e.to_string(), str::to_owned);
                e.is_string() != en.numeric && en.values.iter().any(|v| v.wire == text)
            }
            // Objects are made member by member: examples of whole objects are often older than their schema.
            _ => false,
        },
    }
}

/// Some value of a scalar.
pub(super) fn scalar(s: Scalar) -> Value {
    match s {
        Scalar::String => json!("text"),
        Scalar::Secret => json!("secret"),
        Scalar::Uuid => json!("6f1a2b3c-4d5e-4f60-8a7b-9c0d1e2f3a4b"),
        Scalar::Date => json!("2026-01-31"),
        Scalar::DateTime => json!("2026-01-31T12:00:00Z"),
        Scalar::Base64 | Scalar::Binary => json!("Ynl0ZXM="),
        Scalar::Bool => json!(true),
        Scalar::I32 | Scalar::I64 | Scalar::U32 | Scalar::U64 => json!(1),
        Scalar::F64 | Scalar::Number => json!(1.5),
    }
}
