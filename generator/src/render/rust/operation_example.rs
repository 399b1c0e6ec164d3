//! A call of each operation for its documentation, which rustdoc compiles: texts, flags and whole numbers as they are written, anything
//! else as what the caller has already.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

use super::types::How;
use crate::ir::{Content, Scalar, Type, TypeKind, Written};
use crate::name::{Setter, SetterOf};
use crate::render::package::public;
use crate::render::{Input, Op};

/// An argument in an example.
enum Shown {
    /// As it is written there.
    Literal(String),
    /// A text of some type, which converts into it.
    Text(String),
    /// What has this type.
    Held(String),
}

/// The lines of the example; `None` where a type in it has no place that a caller can name.
pub(super) fn example(input: Input<'_>, op: Op<'_>, lib: &str) -> Option<Vec<String>> {
    let (o, names) = (op.declared, op.names);
    let accessor = &input.names.tags.get(o.tag)?.accessor;
    let mut held = Vec::new();
    let mut given = Vec::new();
    for s in &names.plan.arguments {
        let name = s.ident.to_string();
        let value = match shown(input, op, s, lib)? {
            Shown::Literal(value) => value,
            Shown::Text(text) if names.args.is_some() => format!("{text:?}.into()"),
            Shown::Text(text) => format!("{text:?}"),
            Shown::Held(ty) => {
                held.push(format!(", {name}: {ty}"));
                name.clone()
            }
        };
        given.push(match &names.args {
            Some(_) if value == name => name,
            Some(_) => format!("{name}: {value}"),
            None => value,
        });
    }
    let mut lines = ["", "# Example", "", "```no_run"].map(str::to_owned).to_vec();
    if let Some(args) = &names.args {
        lines.extend([format!("use {lib}::api::requests::{args};"), String::new()]);
    }
    lines.push(format!("# async fn call(client: &{lib}::Client{}) -> Result<(), {lib}::Error> {{", held.concat()));
    let call = format!("let response = client.{accessor}().{}(", names.method);
    match &names.args {
        Some(args) => {
            lines.push(format!("let args = {args} {{"));
            lines.extend(given.iter().map(|field| format!("    {field},")));
            lines.push("};".to_owned());
            lines.push(format!("{call}args).await?;"));
        }
        None => lines.push(format!("{call}{}).await?;", given.join(", "))),
    }
    lines.extend(["# Ok(())", "# }", "```"].map(str::to_owned));
    Some(lines)
}

fn shown(input: Input<'_>, op: Op<'_>, s: &Setter, lib: &str) -> Option<Shown> {
    let runtime = |name: &str| Some(Shown::Held(placed(name, input, lib)?));
    let plain = |ty: &Type, example: Option<&Value>| match simple(input, ty, example) {
        Some(shown) => Some(shown),
        None => Some(Shown::Held(named(input, ty, lib)?)),
    };
    match s.of {
        SetterOf::Parameter(i) => {
            let p = op.declared.parameters.get(i)?;
            plain(&p.of.ty, p.docs.example.as_ref())
        }
        SetterOf::Member(i) => {
            let f = op.member(i)?;
            let body = op.declared.body.as_ref()?;
            if body.member(&f.wire).is_some_and(|member| member.written == Written::Upload) {
                let upload = placed("Upload", input, lib)?;
                return Some(Shown::Held(match &f.of.ty {
                    Type::List(_) => format!("Vec<{upload}>"),
                    _ => upload,
                }));
            }
            match body.content {
                Content::Json(_) if f.of.nullable && f.of.ty != Type::Any => Some(Shown::Literal("None".to_owned())),
                _ => plain(&f.of.ty, f.docs.example.as_ref()),
            }
        }
        SetterOf::Mfa => runtime("Mfa"),
        SetterOf::Token => Some(Shown::Literal("\"1234\"".to_owned())),
        SetterOf::Body => match &op.declared.body.as_ref()?.content {
            Content::Json(of) | Content::Form(of) => plain(&of.ty, None),
            Content::Multipart(_) => Some(Shown::Held(format!("Vec<{}>", placed("Part", input, lib)?))),
            Content::Text => Some(Shown::Text("text".to_owned())),
            Content::Bytes | Content::Events(_) => runtime("Bytes"),
        },
        SetterOf::ContentType => Some(Shown::Text(op.declared.body.as_ref()?.media_type.replace('*', "plain"))),
        SetterOf::Other(_) => None,
    }
}

/// A value that is written as it is: the document's example, or one of its kind.
fn simple(input: Input<'_>, ty: &Type, example: Option<&Value>) -> Option<Shown> {
    let text = |shown: Option<&str>| {
        let text = shown.filter(|text| text.len() <= 60 && !text.contains('`'));
        Some(Shown::Text(text.unwrap_or("text").to_owned()))
    };
    match ty {
        Type::Scalar(Scalar::String) => text(example.and_then(Value::as_str)),
        Type::Scalar(Scalar::Secret) => Some(Shown::Text("secret".to_owned())),
        Type::Scalar(Scalar::Uuid) => Some(Shown::Text("d4617561-1c01-4b2f-83b6-a594f7b3bc57".to_owned())),
        Type::Scalar(Scalar::Date) => Some(Shown::Text("2026-01-31".to_owned())),
        Type::Scalar(Scalar::DateTime) => Some(Shown::Text("2026-01-31T10:00:00Z".to_owned())),
        Type::Scalar(Scalar::Bool) => Some(Shown::Literal("true".to_owned())),
        Type::Scalar(Scalar::F64) => Some(Shown::Literal("1.5".to_owned())),
        Type::Scalar(scalar) if scalar.is_integer() => Some(Shown::Literal("1".to_owned())),
        Type::Named(id) => match input.api.get(*id).map(|def| &def.kind) {
            Some(TypeKind::Enum(of)) if !of.numeric => text(of.values.first().map(|value| value.wire.as_str())),
            _ => None,
        },
        Type::Scalar(_) | Type::List(_) | Type::Tuple(_) | Type::Map(_) | Type::Any => None,
    }
}

/// A type as a caller names it.
fn named(input: Input<'_>, ty: &Type, lib: &str) -> Option<String> {
    let models: TokenStream = quote! { models:: };
    let text = input.taken(ty, &models, How::Field).0.to_string().replace(' ', "");
    let mut out = String::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once("runtime::") {
        let end = after.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(after.len());
        let (name, after) = after.split_at_checked(end)?;
        out.push_str(&before.replace("models::", &format!("{lib}::models::")));
        out.push_str(&placed(name, input, lib)?);
        rest = after;
    }
    out.push_str(&rest.replace("models::", &format!("{lib}::models::")));
    Some(out)
}

/// A name of the runtime where the crate has it.
fn placed(name: &str, input: Input<'_>, lib: &str) -> Option<String> {
    let module = public::place(name, input)?.map(|module| format!("{module}::")).unwrap_or_default();
    Some(format!("{lib}::{module}{name}"))
}
