//! One place of the document, explained: what it says, what became of it, why, and what it is called in Rust.

use super::read::read;
use super::understand::through;
use super::{Inputs, Understood};
use crate::analyze::{Facts, Home};
use crate::base::Pointer;
use crate::base::visible::visible;
use crate::document::Node;
use crate::ir::{Api, Operation, Type, TypeDef, TypeId, TypeKind};
use crate::name::Names;

/// How many lines of the document are shown.
const SHOWN: usize = 24;

/// What is known about the place `pointer` of the document: schema, IR, strategy, Rust name and file.
///
/// # Errors
/// What is wrong with the inputs or the pointer, ready to be printed.
pub fn explain(inputs: &Inputs, pointer: &Pointer) -> Result<String, String> {
    let segments: Vec<String> = pointer.segments().collect();
    let read = read(inputs);
    // As it was written, not as it was understood.
    let found = read.document.as_ref().map(|root| root.at(segments.iter().map(String::as_str)).cloned());
    let run = through(inputs, read);
    let node = match found {
        Some(Some(node)) => node,
        Some(None) => return Err(visible(&format!("{pointer} is no place of {}", inputs.spec.display()))),
        None => return Err(problems(&run)),
    };
    if run.diagnostics.has_errors() {
        return Err(problems(&run));
    }
    let Understood { api, facts, names, .. } = &run;
    let mut out = String::new();
    place(&run, pointer, &node, &mut out);
    if let Some(i) = api.operations.iter().position(|o| o.origin.pointer == *pointer) {
        operation(api, names, i, &mut out);
    } else if let Some((id, _)) = api.defs().find(|(_, def)| def.origin.pointer == *pointer) {
        named(api, facts, names, id, &mut out);
    } else if !member(api, facts, names, pointer, &mut out) {
        let within = nearest(api, pointer);
        out.push_str("\nIt has no Rust item of its own: scalars, lists and references become the type of the places that use them.\n");
        if let Some((what, at)) = within {
            put(&mut out, &format!("It lies within {what} ({at})."));
        }
    }
    for d in
        run.diagnostics.iter().filter(|d| d.pointer.as_ref().is_some_and(|p| p.as_str().starts_with(pointer.as_str())))
    {
        out.push('\n');
        out.push_str(&crate::base::diagnostic::render(d, &run.sources, crate::base::diagnostic::Style::Plain));
    }
    Ok(out)
}

/// A line of the page: names and texts of the document stand in it.
fn put(out: &mut String, text: &str) {
    out.push_str(&visible(text));
    out.push('\n');
}

/// What is wrong with the inputs.
fn problems(run: &Understood) -> String {
    let lines: Vec<String> = run
        .diagnostics
        .iter()
        .map(|d| crate::base::diagnostic::render(d, &run.sources, crate::base::diagnostic::Style::Plain))
        .collect();
    lines.join("\n")
}

fn place(run: &Understood, pointer: &Pointer, node: &Node, out: &mut String) {
    let position = run.sources.position(node.span).map(|p| format!(":{}:{}", p.line, p.column)).unwrap_or_default();
    let file = run.sources.path(node.span.file).unwrap_or_default();
    put(out, &pointer.to_string());
    put(out, &format!("  --> {file}{position}"));
    out.push('\n');
    let text = run.sources.slice(node.span).unwrap_or_default();
    for line in text.lines().take(SHOWN) {
        put(out, &format!("  | {line}"));
    }
    let more = text.lines().count().saturating_sub(SHOWN);
    if more > 0 {
        put(out, &format!("  | ... {more} more lines"));
    }
}

fn operation(api: &Api, names: &Names, i: usize, out: &mut String) {
    let (Some(o), Some(n)) = (api.operations.get(i), names.operations.get(i)) else { return };
    let tag = names.tags.get(o.tag);
    let (handle, accessor, module) =
        tag.map(|t| (t.handle.as_str(), t.accessor.as_str(), t.module.as_str())).unwrap_or_default();
    out.push('\n');
    put(out, &format!("operation {} {} {}", o.id, o.method.to_uppercase(), o.path));
    put(
        out,
        &format!(
            "  Rust      client.{accessor}().{}(..) = api::{handle}::{} -> api::requests::{}",
            n.method, n.method, n.builder
        ),
    );
    put(out, &format!("  file      src/api/{module}.rs"));
    let list = |s: &[crate::name::Setter]| s.iter().map(|s| s.ident.as_str()).collect::<Vec<_>>().join(", ");
    let arguments = list(&n.plan.arguments);
    let arguments = n.args.as_ref().map_or(arguments.clone(), |args| format!("{args} {{ {arguments} }}"));
    put(out, &format!("  arguments {arguments}"));
    put(out, &format!("  setters   {}", list(&n.plan.setters)));
    for r in &o.responses {
        let ty =
            r.content.as_ref().and_then(|(_, c)| c.of()).map(|u| type_text(names, &u.ty)).unwrap_or_else(|| "-".into());
        let role = if Operation::is_success(&r.status) { "result" } else { "error" };
        put(out, &format!("  {} {role:<6} {ty}", r.status));
    }
}

fn named(api: &Api, facts: &Facts, names: &Names, id: TypeId, out: &mut String) {
    let Some(def) = api.get(id) else { return };
    let rust = names.of_type(id);
    let module = match facts.home.of(id) {
        Some(Home::Tag(t)) => names.tags.get(*t).map_or("shared", |t| t.module.as_str()),
        _ => "shared",
    };
    let kind = match &def.kind {
        TypeKind::Model(_) => "model",
        TypeKind::Enum(_) => "open enum",
        TypeKind::Union(_) => "union",
    };
    out.push('\n');
    put(out, &format!("{kind} models::{rust}"));
    put(out, &format!("  file      src/models/{module}.rs"));
    if let Some(item) = names.repeated.get(&id) {
        put(
            out,
            &format!("  item      models::{}, which says the same: this is another name of it", names.of_type(*item)),
        );
    }
    put(
        out,
        &format!(
            "  used in   {}",
            match (facts.in_requests.has(id), facts.in_responses.has(id)) {
                (true, true) => "requests and responses",
                (true, false) => "requests",
                (false, true) => "responses",
                (false, false) => "no operation",
            }
        ),
    );
    if let Some(page) = facts.pages.get(&id) {
        put(
            out,
            &format!("  strategy  one page of {}: the generic page takes its place", type_text(names, &page.item)),
        );
    }
    members(facts, names, id, def, out);
}

fn members(facts: &Facts, names: &Names, id: TypeId, def: &TypeDef, out: &mut String) {
    let idents = names.members.list(id);
    match &def.kind {
        TypeKind::Model(m) => {
            for (i, (f, ident)) in m.fields.iter().zip(idents).enumerate() {
                let mut facts_of = vec![if f.required { "required" } else { "optional" }];
                if f.of.nullable {
                    facts_of.push("nullable");
                }
                if f.may_be_null {
                    facts_of.push("may be null all the same");
                }
                if f.docs.deprecated {
                    facts_of.push("deprecated");
                }
                if facts.boxed.contains(&(id, i)) {
                    facts_of.push("boxed: it leads back here");
                }
                if facts.records.contains(&(id, i)) {
                    facts_of.push("records: invalid ones are kept apart from the valid ones");
                }
                put(out, &format!("  {ident}: {} ({}), `{}`", type_text(names, &f.of.ty), facts_of.join(", "), f.wire));
            }
        }
        TypeKind::Enum(e) => {
            for (v, ident) in e.values.iter().zip(idents) {
                put(out, &format!("  {ident} = `{}`", v.wire));
            }
        }
        TypeKind::Union(u) => {
            let tags = facts.tags.get(&id);
            let strategy = match (&u.discriminator, tags) {
                (Some(d), _) => format!("by the discriminator `{d}`"),
                (None, Some(t)) => {
                    let property = t.iter().flatten().next().map(|(p, _)| p.as_str()).unwrap_or_default();
                    format!("by the constant property `{property}`")
                }
                (None, None) => "by JSON type, then by the branch that explains most members".to_owned(),
            };
            put(out, &format!("  strategy  distinguished {strategy}"));
            for (i, (b, ident)) in u.branches.iter().zip(idents).enumerate() {
                let tag = tags
                    .and_then(|t| t.get(i))
                    .and_then(Option::as_ref)
                    .map(|(p, v)| format!(" when {p} is {}", v.join(" or ")));
                put(out, &format!("  {ident}({}){}", type_text(names, &b.ty), tag.unwrap_or_default()));
            }
        }
    }
}

/// A property of a model.
fn member(api: &Api, facts: &Facts, names: &Names, pointer: &Pointer, out: &mut String) -> bool {
    for (id, def) in api.defs() {
        let TypeKind::Model(m) = &def.kind else { continue };
        if let Some(i) = m.fields.iter().position(|f| f.origin.pointer == *pointer) {
            let owner = names.of_type(id);
            let Some(ident) = names.members.of(id).and_then(|l| l.get(i)) else { return false };
            out.push('\n');
            put(out, &format!("field models::{owner}::{ident}"));
            if let Some(f) = m.fields.get(i) {
                let one = TypeDef {
                    kind: TypeKind::Model(crate::ir::Model { fields: vec![f.clone()], additional: None }),
                    ..def.clone()
                };
                let mut single = names.clone();
                if let Some(list) = single.members.of_mut(id) {
                    *list = vec![ident.clone()];
                }
                members(facts, &single, id, &one, out);
            }
            return true;
        }
    }
    false
}

/// The item around a place.
fn nearest(api: &Api, pointer: &Pointer) -> Option<(String, Pointer)> {
    let mut at = pointer.parent();
    while let Some(p) = at {
        if let Some(o) = api.operations.iter().find(|o| o.origin.pointer == p) {
            return Some((format!("operation {}", o.id), p));
        }
        if let Some(t) = api.types.iter().find(|t| t.origin.pointer == p) {
            return Some((format!("{:?}", t.label), p));
        }
        at = p.parent();
    }
    None
}

fn type_text(names: &Names, ty: &Type) -> String {
    match ty {
        Type::Named(id) => names.of_type(*id).to_string(),
        Type::List(of) => format!("[{}]", type_text(names, &of.ty)),
        Type::Tuple(of) => {
            let places: Vec<String> = of.places.iter().map(|of| type_text(names, &of.ty)).collect();
            let rest = of.rest.as_ref().map(|of| format!("; {} ...", type_text(names, &of.ty))).unwrap_or_default();
            format!("[{}{rest}]", places.join(", "))
        }
        Type::Map(of) => format!("map of {}", type_text(names, &of.ty)),
        Type::Scalar(s) => format!("{s:?}"),
        Type::Any => "any JSON".to_owned(),
    }
}
