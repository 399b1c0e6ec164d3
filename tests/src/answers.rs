//! Bodies that a document allows: for every JSON answer one of the document's examples, and from it all that differ in
//! one thing: a member left out, a null where it may be, another value of an enum, another branch, a longer or an empty list,
//! another value of a scalar's kind. The same for what a client sends.

use generator::ir::{Api, Content, Docs, Operation, Parameter, Scalar, Type, TypeId, TypeKind, Use};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// A body of an answer.
#[derive(Debug, Clone)]
pub struct Body {
    /// The operation, by its index.
    pub operation: usize,
    /// The status it comes with.
    pub status: u16,
    /// The JSON; `None` where the answer has no body, or one of another kind.
    pub json: Option<Value>,
}

/// The bodies of all answers, errors included; of each answer first the one that is nothing but examples.
///
/// `known`: names of members that may be known to who reads, by which maps are keyed too.
pub fn answers(api: &Api, known: &BTreeSet<&str>) -> Vec<Body> {
    let mut out = Vec::new();
    for (index, operation) in api.operations.iter().enumerate() {
        for response in &operation.responses {
            let status = response.status.replace("XX", "00").parse().unwrap_or(500);
            let all = match &response.content {
                Some((_, Content::Json(of))) => {
                    Made { api, sent: false, known }.uses(of, None, &mut Vec::new()).into_iter().map(Some).collect()
                }
                _ => vec![None],
            };
            out.extend(all.into_iter().map(|json| Body { operation: index, status, json }));
        }
    }
    out
}

/// JSON bodies that a client may send with an operation, the plainest first.
pub fn sent(api: &Api, operation: &Operation) -> Vec<Value> {
    match operation.body.as_ref().map(|b| &b.content) {
        Some(Content::Json(of)) => Made { api, sent: true, known: &BTreeSet::new() }.uses(of, None, &mut Vec::new()),
        _ => Vec::new(),
    }
}

/// Values that a client may give for a parameter, each as the texts of one or more items; of lists, lists of two.
pub fn given(api: &Api, parameter: &Parameter) -> Vec<Vec<String>> {
    let text = |v: &Value| v.as_str().map_or_else(|| v.to_string(), str::to_owned);
    let known = BTreeSet::new();
    let values = |ty: &Type| Made { api, sent: true, known: &known }.values(ty, None, &mut Vec::new());
    match &parameter.of.ty {
        Type::List(of) => values(&of.ty).iter().map(|v| vec![text(v), text(v)]).collect(),
        ty => values(ty).iter().filter(|v| !v.is_object() && !v.is_array()).map(|v| vec![text(v)]).collect(),
    }
}

struct Made<'a> {
    api: &'a Api,
    /// Whether a client sends them, rather than a server.
    sent: bool,
    known: &'a BTreeSet<&'a str>,
}

impl Made<'_> {
    /// Values that may stand at a place, the plainest first.
    fn uses(&self, of: &Use, docs: Option<&Docs>, above: &mut Vec<TypeId>) -> Vec<Value> {
        let mut out = self.values(&of.ty, docs, above);
        if of.nullable {
            out.push(Value::Null);
        }
        out
    }

    fn values(&self, ty: &Type, docs: Option<&Docs>, above: &mut Vec<TypeId>) -> Vec<Value> {
        let shown = docs.and_then(|d| d.example.clone());
        match ty {
            Type::Any => shown.into_iter().chain([json!({ "any": ["thing"] }), json!("text"), json!(2.5)]).collect(),
            Type::Scalar(scalar) => {
                // Any text may be sent; some of it is what a stricter API wants.
                let strict = [Scalar::Date, Scalar::DateTime, Scalar::Uuid].into_iter().flat_map(scalars);
                let strict = strict.filter(|_| self.sent && *scalar == Scalar::String);
                shown.into_iter().chain(scalars(*scalar)).chain(strict).collect()
            }
            Type::List(of) => {
                let items = self.uses(of, None, above);
                let first = items.first().cloned().unwrap_or(Value::Null);
                let shown = shown.unwrap_or_else(|| json!([first.clone()]));
                let mut out = vec![shown, json!([]), json!([first.clone(), first])];
                out.extend(items.into_iter().skip(1).map(|item| json!([item])));
                out
            }
            Type::Tuple(of) => {
                let one = |of: &Use, above: &mut Vec<TypeId>| self.uses(of, None, above).into_iter().next();
                let places: Option<Vec<Value>> = of.places.iter().map(|of| one(of, above)).collect();
                shown.into_iter().chain(places.map(Value::Array)).collect()
            }
            Type::Map(of) => {
                let values = self.uses(of, None, above);
                let names: Vec<&str> = ["some"].into_iter().chain(self.known.iter().copied()).collect();
                let one = |v: &Value| names.iter().map(|name| json!({ *name: v })).collect::<Vec<_>>();
                values.iter().flat_map(one).chain([json!({})]).collect()
            }
            Type::Named(id) => {
                if above.contains(id) {
                    return Vec::new();
                }
                above.push(*id);
                let out = self.named(*id, docs, above);
                above.pop();
                out
            }
        }
    }

    fn named(&self, id: TypeId, docs: Option<&Docs>, above: &mut Vec<TypeId>) -> Vec<Value> {
        let def = self.api.get(id).expect("a type of the API");
        match &def.kind {
            TypeKind::Enum(e) => {
                let value = |text: &str| match e.numeric {
                    true => serde_json::from_str(text).expect("a number"),
                    false => json!(text),
                };
                let shown = docs.into_iter().chain([&def.docs]).find_map(|d| d.example.clone());
                shown.into_iter().chain(e.values.iter().map(|v| value(&v.wire))).collect()
            }
            TypeKind::Union(u) => {
                let mut out = Vec::new();
                for branch in &u.branches {
                    let mut values = self.values(&branch.ty, None, above);
                    if let Some((property, tags)) = &branch.tag {
                        for map in values.iter_mut().filter_map(Value::as_object_mut) {
                            map.insert(property.clone(), json!(tags.first()));
                        }
                    }
                    out.append(&mut values);
                }
                out
            }
            TypeKind::Model(model) => {
                let mut plain = Map::new();
                let mut others = Vec::new();
                for field in model.fields.iter().filter(|f| !(if self.sent { f.read_only } else { f.write_only })) {
                    let mut values = self.uses(&field.of, Some(&field.docs), above).into_iter();
                    // What leads back to itself can only be left out, or be an empty list.
                    if let Some(first) = values.next() {
                        plain.insert(field.wire.clone(), first);
                    }
                    others.extend(values.map(|v| (field.wire.clone(), Some(v))));
                    if field.may_be_null && !self.sent && !field.of.nullable {
                        others.push((field.wire.clone(), Some(Value::Null)));
                    }
                    if !field.required {
                        others.push((field.wire.clone(), None));
                    }
                }
                let mut out = vec![Value::Object(plain.clone())];
                if let Some(of) = &model.additional {
                    others.extend(self.uses(of, None, above).into_iter().map(|v| ("beyond".to_owned(), Some(v))));
                }
                for (wire, value) in others {
                    let mut map = plain.clone();
                    match value {
                        Some(value) => map.insert(wire, value),
                        None => map.remove(&wire),
                    };
                    out.push(Value::Object(map));
                }
                out
            }
        }
    }
}

/// Values of a scalar, such that those of another kind cannot be mistaken for it.
fn scalars(of: Scalar) -> Vec<Value> {
    match of {
        Scalar::String | Scalar::Secret | Scalar::Binary => vec![json!("text"), json!("12")],
        Scalar::Base64 => vec![json!("Ynl0ZXM=")],
        Scalar::Uuid => vec![json!("6f1a2b3c-4d5e-4f60-8a7b-9c0d1e2f3a4b")],
        Scalar::Date => vec![json!("2026-01-31")],
        Scalar::DateTime => vec![json!("2026-01-31T12:00:00Z")],
        Scalar::Bool => vec![json!(true), json!(false)],
        Scalar::I32 | Scalar::U32 => vec![json!(1), json!(2)],
        Scalar::I64 | Scalar::U64 => vec![json!(1), json!(3_000_000_000_i64)],
        Scalar::F64 | Scalar::Number => vec![json!(1.5), json!(2)],
    }
}
