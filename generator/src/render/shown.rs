//! `--tests`: every example of the document as a table of text, and the test that reads each as the type of its place
//! and writes it back.
//!
//! The table also has what the document shows only in pieces: the body of every response and request composed of its
//! members' examples, once with every member and once with as few as may be, and every branch of every union. One line
//! an example and one function for all of them, so that the test compiles as fast as it can.

use std::collections::{BTreeMap, HashSet};

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::{Map, Value, json};

use super::operation::{body_type, json_type};
use super::samples::scalar;
use super::text::CrateInfo;
use super::types::ident_of;
use super::{Input, RustFile};
use crate::base::Pointer;
use crate::ir::{Content, Docs, Field, Type, TypeId, TypeKind, Use};

/// A body larger than this many values is composed no further than it must be.
const LARGEST: usize = 4000;

/// One larger than this is not composed: types that demand each other many times at many levels have bodies without end.
const TOO_LARGE: usize = 8 * LARGEST;

/// `tests/examples.rs` and the table it reads.
pub(crate) fn examples(input: Input<'_>, info: &CrateInfo) -> (RustFile, String) {
    let mut table = Table { input, seen: HashSet::new(), readers: BTreeMap::new(), out: String::new() };
    shown(&mut table);
    bodies(&mut table);
    branches(&mut table);
    let krate = ident_of(&info.library());
    let known = input.settings.tests.contradictions.iter().map(|c| pointer_text(c));
    let readers = table.readers.iter().map(|(name, ty)| quote! { #name => __private::shown::<#ty> });
    let items = vec![
        quote! {
            use #krate::{__private, __private as runtime, models};
        },
        quote! {
            /// One example a line: its type, its place in the document, its JSON.
            const EXAMPLES: &str = include_str!("examples.tsv");
        },
        quote! {
            /// Examples that contradict their own schema, as the settings say.
            const CONTRADICTIONS: &[&str] = &[#(#known),*];
        },
        quote! {
            #[test]
            fn every_example_is_read_and_written_back() {
                let report = __private::examples(EXAMPLES, CONTRADICTIONS, reader);
                println!("{report:#}");
                assert!(report.failures.is_empty(), "{} failures", report.failures.len());
            }
        },
        quote! {
            fn reader(ty: &str) -> Option<__private::Reader> {
                Some(match ty {
                    #(#readers,)*
                    _ => return None,
                })
            }
        },
    ];
    let head = vec!["Every example of the document, read as the type of its place and written back.".to_owned()];
    (RustFile { path: "tests/examples.rs".to_owned(), head, items }, table.out)
}

fn pointer_text(text: &str) -> String {
    format!("#{}", text.trim_start_matches('#'))
}

/// The table while it is written.
struct Table<'a> {
    input: Input<'a>,
    /// Lines without their places: the same value of the same type is worth one.
    seen: HashSet<String>,
    /// The types by their text.
    readers: BTreeMap<String, TokenStream>,
    out: String,
}

impl Table<'_> {
    fn add(&mut self, ty: TokenStream, at: &Pointer, note: &str, value: &Value) {
        let name = ty.to_string().replace(' ', "");
        let json = value.to_string();
        let line = format!("{name}\t{json}");
        if !self.seen.insert(line) {
            return;
        }
        // Tabs and line ends separate; JSON text has none of its own.
        let at = format!("#{}{note}", at.as_str()).replace(['\t', '\n', '\r'], " ");
        self.out.push_str(&format!("{name}\t{at}\t{json}\n"));
        self.readers.insert(name, ty);
    }

    fn is_flat(&self, ty: &Type) -> bool {
        ty.named().is_some_and(|id| self.input.is_flat(id))
    }
}

/// The values that stand in the document.
fn shown(table: &mut Table<'_>) {
    let input = table.input;
    for e in &input.api.examples {
        // The members of a flat body are setters: there is no type to read it as.
        if table.is_flat(&e.of.ty) {
            continue;
        }
        let ty = if e.body {
            json_type(input, &e.of)
        } else if e.value.is_null() && !e.of.nullable && e.of.ty != Type::Any {
            // What null means depends on the member, so it is asked of the bodies.
            continue;
        } else {
            input.use_of(&e.of, &quote! { models:: })
        };
        table.add(ty, &e.origin.pointer, "", &e.value);
    }
}

/// The bodies, composed.
fn bodies(table: &mut Table<'_>) {
    let input = table.input;
    for o in &input.api.operations {
        let responses = o.responses.iter().filter_map(|r| Some((&r.origin.pointer, &r.content.as_ref()?.1, true)));
        let request = o.body.iter().map(|b| (&b.origin.pointer, &b.content, false));
        for (at, content, response) in responses.chain(request) {
            let Content::Json(of) = content else { continue };
            if table.is_flat(&of.ty) {
                continue;
            }
            let ty = if response { body_type(input, content).0 } else { input.use_of(of, &quote! { models:: }) };
            for (least, note) in [(false, " composed"), (true, " composed of what is required")] {
                if let Some(value) = Composer::new(input, response, least).value(&of.ty, &Docs::default()) {
                    table.add(ty.clone(), at, note, &value);
                }
            }
        }
    }
}

/// Every branch of every union, read as the union.
fn branches(table: &mut Table<'_>) {
    let input = table.input;
    for (i, def) in input.api.types.iter().enumerate() {
        let TypeKind::Union(union) = &def.kind else { continue };
        let id = TypeId(i as u32);
        let response = input.facts.in_responses.get(i).copied().unwrap_or(false);
        for index in 0..union.branches.len() {
            let Some(branch) = union.branches.get(index) else { continue };
            let mut composer = Composer::new(input, response, false);
            composer.above.push(id);
            if let Some(value) = composer.branch(id, index) {
                table.add(
                    input.ty(&Type::Named(id), &quote! { models:: }),
                    &branch.origin.pointer,
                    " composed",
                    &value,
                );
            }
        }
    }
}

/// Composes a value of a type from the examples of its members.
struct Composer<'a> {
    input: Input<'a>,
    response: bool,
    /// Only what must be there, and null wherever it may be.
    least: bool,
    above: Vec<TypeId>,
    /// How many values there are already.
    count: usize,
}

impl<'a> Composer<'a> {
    fn new(input: Input<'a>, response: bool, least: bool) -> Self {
        Self { input, response, least, above: Vec::new(), count: 0 }
    }

    /// `None` when the type contains itself without a way out, or far too much.
    fn value(&mut self, ty: &Type, docs: &Docs) -> Option<Value> {
        self.count += 1;
        let shown = docs.example.as_ref();
        Some(match ty {
            Type::Any => shown.cloned().unwrap_or_else(|| json!("any")),
            Type::Scalar(s) => shown.cloned().unwrap_or_else(|| scalar(*s)),
            Type::List(of) => {
                let list = shown.and_then(Value::as_array);
                let inner = Docs { example: list.and_then(|l| l.first()).cloned(), ..Docs::default() };
                match (list, &of.ty) {
                    (Some(list), Type::Scalar(_) | Type::Any) => Value::Array(list.clone()),
                    _ if self.least => json!([]),
                    // A list may be empty, so a cycle ends here.
                    _ => Value::Array(self.value(&of.ty, &inner).into_iter().collect()),
                }
            }
            Type::Map(of) => match shown.filter(|s| s.is_object()) {
                Some(shown) => shown.clone(),
                None if self.least => json!({}),
                None => {
                    let inner = self.value(&of.ty, &Docs::default());
                    Value::Object(inner.map(|v| ("key".to_owned(), v)).into_iter().collect())
                }
            },
            Type::Named(id) => {
                if self.above.contains(id) || self.above.len() > 24 || self.count > TOO_LARGE {
                    return None;
                }
                self.above.push(*id);
                let value = self.named(*id, shown);
                self.above.pop();
                value?
            }
        })
    }

    fn named(&mut self, id: TypeId, shown: Option<&Value>) -> Option<Value> {
        let def = self.input.api.get(id)?;
        match &def.kind {
            TypeKind::Enum(e) => Some(match (shown.or(def.docs.example.as_ref()), e.values.first()) {
                (Some(shown), _) => shown.clone(),
                (None, Some(v)) if e.numeric => serde_json::from_str(&v.wire).unwrap_or_else(|_| json!(v.wire)),
                (None, Some(v)) => json!(v.wire),
                (None, None) => json!("text"),
            }),
            TypeKind::Union(u) => (0..u.branches.len()).find_map(|index| self.branch(id, index)),
            TypeKind::Model(m) => {
                let mut map = Map::new();
                for f in &m.fields {
                    if let Some(value) = self.member(f)? {
                        map.insert(f.wire.clone(), value);
                    }
                }
                Some(Value::Object(map))
            }
        }
    }

    /// A member's value, if it is to be there; `None` when it must be and cannot.
    fn member(&mut self, f: &Field) -> Option<Option<Value>> {
        if if self.response { f.write_only } else { f.read_only } {
            return Some(None);
        }
        let wanted = f.required || !self.least && self.count < LARGEST;
        if !wanted {
            return Some(None);
        }
        if self.least && f.of.nullable {
            return Some(Some(Value::Null));
        }
        let Use { ty, nullable } = &f.of;
        match self.value(ty, &f.docs) {
            Some(value) => Some(Some(value)),
            None if !f.required => Some(None),
            None if *nullable => Some(Some(Value::Null)),
            None => None,
        }
    }

    /// A value of one branch of a union, marked as such where there is a mark.
    fn branch(&mut self, id: TypeId, index: usize) -> Option<Value> {
        let TypeKind::Union(union) = &self.input.api.get(id)?.kind else { return None };
        let branch = union.branches.get(index)?;
        let found = self.input.facts.tags.get(&id).and_then(|tags| tags.get(index)).and_then(Option::as_ref);
        let mut value = self.value(&branch.ty, &branch.docs)?;
        if let (Value::Object(map), Some((property, values))) = (&mut value, found.or(branch.tag.as_ref())) {
            let valid = map.get(property).and_then(Value::as_str).is_some_and(|v| values.iter().any(|w| w == v));
            if let (false, Some(first)) = (valid, values.first()) {
                map.insert(property.clone(), json!(first));
            }
        }
        Some(value)
    }
}
