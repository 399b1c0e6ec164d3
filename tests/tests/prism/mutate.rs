//! Requests with one thing changed: what is required is gone, what is there is of another kind, what is said is nobody's word.
//! What can be changed comes from the document; which changes are made, from dice.

use generator::base::Pointer;
use generator::ir::{Location, Parameter};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tests::sandbox::{Asked, Dice};
use xtask::mock::Document;
use xtask::mock::document::{Found, Missing};
use xtask::mock::schemas::{Schemas, Side};

/// A changed request.
#[derive(Debug, Clone)]
pub(crate) struct Mutation {
    /// What was done: `member removed`.
    pub class: &'static str,
    /// The member or parameter it was done to; nothing where it is the request as a whole.
    pub named: Option<String>,
    /// Where exactly: a pointer into the body, or a name.
    pub place: String,
    /// The request.
    pub asked: Asked,
}

/// Classes that are about values; they come first.
const VALUES: &[&str] = &[
    "member removed",
    "null for a member",
    "another type for a member",
    "unknown value of an enum",
    "text that is none of its format",
    "deeper member removed",
    "null for a deeper member",
    "another type for a deeper member",
    "another type for a list's item",
    "query parameter removed",
    "query parameter of another type",
    "path parameter of another format",
    "header parameter removed",
    "header parameter of another format",
];

/// So many mutations of a request, as many classes as there are, the same ones every time.
pub(crate) fn mutations(document: &Document, valid: &Asked, count: usize, dice: &mut Dice) -> Vec<Mutation> {
    let mut by_class: BTreeMap<&'static str, Vec<Mutation>> = BTreeMap::new();
    for mutation in all(document, valid) {
        by_class.entry(mutation.class).or_default().push(mutation);
    }
    let mut classes: Vec<&'static str> = by_class.keys().copied().collect();
    shuffle(&mut classes, dice);
    by_class.values_mut().for_each(|some| shuffle(some, dice));
    // Six of values, then what is about the request as a whole, then the rest of both in turn.
    let (values, whole): (Vec<&str>, Vec<&str>) = classes.iter().partition(|class| VALUES.contains(class));
    let mut out: Vec<Mutation> = Vec::new();
    let mut take = |classes: &[&'static str], most: usize, out: &mut Vec<Mutation>| {
        let mut taken = 0;
        for class in classes {
            if taken == most || out.len() == count {
                break;
            }
            while let Some(mutation) = by_class.get_mut(class).and_then(Vec::pop) {
                if mutation.asked != *valid && !out.iter().any(|known| known.asked == mutation.asked) {
                    out.push(mutation);
                    taken += 1;
                    break;
                }
            }
        }
        taken
    };
    take(&values, 6, &mut out);
    take(&whole, 4, &mut out);
    while out.len() < count && take(&values, usize::MAX, &mut out) + take(&whole, usize::MAX, &mut out) > 0 {}
    out
}

fn shuffle<T>(list: &mut [T], dice: &mut Dice) {
    for i in (1..list.len()).rev() {
        list.swap(i, dice.below(i + 1));
    }
}

fn all(document: &Document, valid: &Asked) -> Vec<Mutation> {
    let found = document.find(valid).expect("an operation");
    let mut out = Vec::new();
    for parameter in &found.operation().parameters {
        of_parameter(&found, parameter, valid, &mut out);
    }
    if !valid.body.is_empty() {
        of_body(&found, valid, &mut out);
    }
    of_request(document, valid, &mut out);
    out
}

fn of_request(document: &Document, valid: &Asked, out: &mut Vec<Mutation>) {
    let mut add = |class, named: Option<&str>, asked: Asked| {
        out.push(Mutation { class, named: named.map(str::to_owned), place: String::new(), asked });
    };
    add("no credentials", Some("security"), with_header(valid, "authorization", None));
    add("another scheme", Some("security"), with_header(valid, "authorization", Some("Bearer abc")));
    add("a header more", None, with_header(valid, "x-unknown", Some("text")));
    add("a query parameter more", None, with_query(valid, |pairs| pairs.push("unknown=text".to_owned())));
    let (path, query) = valid.target.split_once('?').map_or((valid.target.as_str(), ""), |(path, query)| (path, query));
    let question = if query.is_empty() { "" } else { "?" };
    for path in [
        format!("{path}nowhere/"),
        format!("/nowhere{path}"),
        path.replacen("/api/", "/apis/", 1).replacen("/payments/", "/payment/", 1),
    ] {
        add("unknown path", None, Asked { target: format!("{path}{question}{query}"), ..valid.clone() });
    }
    for method in ["PUT", "DELETE", "PATCH", "POST", "GET"] {
        let asked = Asked { method: method.to_owned(), ..valid.clone() };
        if matches!(document.find(&asked), Err(Missing::Method(_))) {
            add("another method", None, asked);
        }
    }
    if !valid.body.is_empty() {
        add("no body", Some("body"), Asked { body: Vec::new(), ..valid.clone() });
        add("half a body", Some("body"), Asked { body: valid.body[..valid.body.len() / 2].to_vec(), ..valid.clone() });
        add("a body that is no JSON", Some("body"), Asked { body: b"no JSON".to_vec(), ..valid.clone() });
        add("another content type", Some("content-type"), with_header(valid, "content-type", Some("text/plain")));
        add("another content type", Some("content-type"), with_header(valid, "content-type", Some("application/xml")));
        add("no content type", Some("content-type"), with_header(valid, "content-type", None));
    }
}

fn with_header(asked: &Asked, name: &str, value: Option<&str>) -> Asked {
    let mut asked = asked.clone();
    asked.headers.retain(|(held, _)| held != name);
    asked.headers.extend(value.map(|value| (name.to_owned(), value.to_owned())));
    asked
}

fn with_query(asked: &Asked, change: impl FnOnce(&mut Vec<String>)) -> Asked {
    let (path, query) = asked.target.split_once('?').unwrap_or((&asked.target, ""));
    let mut pairs: Vec<String> = query.split('&').filter(|pair| !pair.is_empty()).map(str::to_owned).collect();
    change(&mut pairs);
    let question = if pairs.is_empty() { "" } else { "?" };
    Asked { target: format!("{path}{question}{}", pairs.join("&")), ..asked.clone() }
}

/// A text that the schema does not take, where there is one.
fn unfit(schemas: &Schemas, at: &str) -> Option<&'static str> {
    ["no-such-value", "!"].into_iter().find(|text| !schemas.fits(Side::Request, at, &json!(text)))
}

fn of_parameter(found: &Found<'_>, parameter: &Parameter, valid: &Asked, out: &mut Vec<Mutation>) {
    let (name, schemas) = (parameter.wire.as_str(), found.document.schemas());
    let mut add = |class, asked: Asked| {
        out.push(Mutation { class, named: Some(name.to_owned()), place: name.to_owned(), asked });
    };
    let place = match parameter.location {
        Location::Path => "path",
        Location::Query => "query",
        Location::Header => "header",
        Location::Cookie => "cookie",
    };
    let Some((_, at)) = found.parameter(name, place) else { return };
    let schema = format!("{at}/schema");
    // A list is spelled as its items.
    let of_items = flat(schemas, &schema, &json!(["no-such-value"])).into_iter().find_map(|at| {
        schemas.get(Side::Request, &at)?.get("items")?;
        unfit(schemas, &format!("{at}/items"))
    });
    let kind =
        |at: &String| schemas.get(Side::Request, at).and_then(|schema| schema.get("type")) == Some(&json!("array"));
    let list = flat(schemas, &schema, &json!([])).iter().any(kind);
    let unfit = if list { of_items } else { unfit(schemas, &schema) };
    match parameter.location {
        Location::Path => {
            let value = found.values.iter().find(|(held, _)| held == name).map(|(_, value)| value.as_str());
            if let (Some(value), Some(unfit)) = (value, unfit) {
                for unfit in
                    [unfit, "12", "3c91e5d7-4a08-4f6b-b2e9-d86f07c1a45", "3c91e5d7-4a08-4f6b-b2e9-d86f07c1a45g"]
                {
                    let target = valid.target.replacen(&format!("/{value}"), &format!("/{unfit}"), 1);
                    add("path parameter of another format", Asked { target, ..valid.clone() });
                }
            }
        }
        Location::Query => {
            let own = |pair: &str| pair.split('=').next() == Some(name);
            if parameter.required {
                add("query parameter removed", with_query(valid, |pairs| pairs.retain(|pair| !own(pair))));
            }
            let set = |value: &str| {
                with_query(valid, |pairs| {
                    pairs.retain(|pair| !own(pair));
                    pairs.push(format!("{name}={value}"));
                })
            };
            if let Some(unfit) = unfit {
                add("query parameter of another type", set(unfit));
            }
            add("empty query parameter", set(""));
            add(
                "query parameter twice",
                with_query(valid, |pairs| pairs.extend(pairs.iter().find(|pair| own(pair)).cloned())),
            );
        }
        Location::Header => {
            let held = name.to_ascii_lowercase();
            if parameter.required {
                add("header parameter removed", with_header(valid, &held, None));
            }
            if let Some(unfit) = unfit {
                add("header parameter of another format", with_header(valid, &held, Some(unfit)));
            }
        }
        Location::Cookie => {}
    }
}

/// The schemas that have a say about a value: the one at a place, what it refers to, all parts, the branches that fit.
fn flat(schemas: &Schemas, at: &str, value: &Value) -> Vec<String> {
    let (mut out, mut todo) = (Vec::new(), vec![at.to_owned()]);
    while let Some(at) = todo.pop() {
        let Some(schema) = schemas.get(Side::Request, &at).filter(|_| !out.contains(&at)) else { continue };
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str).and_then(|r| r.strip_prefix('#')) {
            todo.push(reference.to_owned());
        }
        for (key, must) in [("allOf", false), ("anyOf", true)] {
            let count = schema.get(key).and_then(Value::as_array).map_or(0, Vec::len);
            let parts = (0..count).map(|i| format!("{at}/{key}/{i}"));
            todo.extend(parts.filter(|part| !must || schemas.fits(Side::Request, part, value)));
        }
        out.push(at);
    }
    out
}

/// A value in a body.
struct Place {
    pointer: Pointer,
    value: Value,
    schemas: Vec<String>,
    required: bool,
    item: bool,
}

fn places(schemas: &Schemas, at: Vec<String>, value: &Value, pointer: &Pointer, out: &mut Vec<Place>) {
    let keyed = |at: &String, key: &str| schemas.get(Side::Request, at).and_then(|schema| schema.get(key)).cloned();
    let mut add = |below: Vec<String>, value: &Value, pointer: Pointer, required: bool, item: bool| {
        let flat: Vec<String> = below.iter().flat_map(|at| flat(schemas, at, value)).collect();
        out.push(Place { pointer: pointer.clone(), value: value.clone(), schemas: flat.clone(), required, item });
        places(schemas, flat, value, &pointer, out);
    };
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let below = at.iter().filter(|at| keyed(at, "properties").is_some_and(|all| all.get(name).is_some()));
                let below = below
                    .map(|at| Pointer::parse(at).expect("a pointer").join("properties").join(name).as_str().to_owned());
                let required = at.iter().any(|at| {
                    keyed(at, "required")
                        .is_some_and(|all| all.as_array().is_some_and(|all| all.contains(&json!(name))))
                });
                add(below.collect(), value, pointer.join(name), required, false);
            }
        }
        Value::Array(items) => {
            let below: Vec<String> =
                at.iter().filter(|at| keyed(at, "items").is_some()).map(|at| format!("{at}/items")).collect();
            for (i, value) in items.iter().enumerate() {
                add(below.clone(), value, pointer.join(i), false, true);
            }
        }
        _ => {}
    }
}

fn of_body(found: &Found<'_>, valid: &Asked, out: &mut Vec<Mutation>) {
    let schemas = found.document.schemas();
    let Some((.., at)) = found.request_media().into_iter().find(|(media, ..)| media.ends_with("json")) else { return };
    let body = valid.json();
    let mut all = Vec::new();
    places(schemas, flat(schemas, &format!("{at}/schema"), &body), &body, &Pointer::root(), &mut all);
    let mut add = |class, pointer: &str, body: Value| {
        let named =
            Pointer::parse(pointer).and_then(|p| p.segments().filter(|one| one.parse::<usize>().is_err()).last());
        let asked = Asked { body: body.to_string().into_bytes(), ..valid.clone() };
        out.push(Mutation { class, named: named.or(Some("body".to_owned())), place: pointer.to_owned(), asked });
    };
    add("another type for a member", "", if body.is_array() { json!({}) } else { json!([]) });
    if let Value::Object(members) = &body {
        let mut more = members.clone();
        more.insert("unknown_member".to_owned(), json!(1));
        add("a member more", "/unknown_member", Value::Object(more));
    }
    for place in &all {
        let pointer = place.pointer.as_str();
        let deep = place.pointer.segments().count() > 1;
        let class = |plain, deeper| if deep { deeper } else { plain };
        let set = |value: Value| {
            let mut body = body.clone();
            *body.pointer_mut(pointer).expect("it is there") = value;
            body
        };
        if place.required {
            let (mut less, name) = (body.clone(), place.pointer.last().expect("a name"));
            let above = place.pointer.parent().expect("a place above");
            let holder = less.pointer_mut(above.as_str()).and_then(Value::as_object_mut);
            holder.expect("an object").remove(&name);
            add(class("member removed", "deeper member removed"), pointer, less);
        }
        if !place.value.is_null() {
            add(class("null for a member", "null for a deeper member"), pointer, set(Value::Null));
        }
        let other = match &place.value {
            Value::String(_) => json!(7),
            Value::Array(_) => json!({}),
            _ => json!("text"),
        };
        let plain = class("another type for a member", "another type for a deeper member");
        add(if place.item { "another type for a list's item" } else { plain }, pointer, set(other));
        let says = |key: &str| {
            place.schemas.iter().any(|at| schemas.get(Side::Request, at).is_some_and(|s| s.get(key).is_some()))
        };
        if says("enum") {
            add("unknown value of an enum", pointer, set(json!("no-such-value")));
        } else if place.value.is_string() && (says("format") || says("pattern")) {
            add("text that is none of its format", pointer, set(json!("no-such-value")));
        }
        if place.value.is_string() && says("minLength") {
            add("text that is none of its format", pointer, set(json!("")));
        }
        if place.value.is_string() && says("maxLength") {
            add("text that is none of its format", pointer, set(json!("x".repeat(5000))));
        }
    }
}
