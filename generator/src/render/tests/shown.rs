//! `--tests`: every example of the document as a table of text, and the test that reads each as the type of its place
//! and writes it back.
//!
//! The table also has what the document shows only in pieces: the body of every response and request composed of its
//! members' examples, once with every member and once with as few as may be, and every branch of every union. One line
//! an example and one function for all of them, so that the test compiles as fast as it can.

use std::collections::{BTreeMap, HashSet};

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

use super::values::{Composer, Examples, Extent};
use crate::base::Pointer;
use crate::ir::{Content, Docs, Type, TypeKind};
use crate::render::package::manifest::CrateInfo;
use crate::render::rust::operation::{body_type, json_type};
use crate::render::rust::types::ident_of;
use crate::render::{Input, RustFile};

/// `tests/examples.rs` and the table it reads.
pub(crate) fn examples(input: Input<'_>, info: &CrateInfo) -> (RustFile<'static>, String) {
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
    (RustFile::new("tests/examples.rs", head, items), table.out)
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
            for (extent, note) in [(Extent::Full, " composed"), (Extent::Least, " composed of what is required")] {
                let mut composer = Composer::new(input, Examples::All, extent, response);
                if let Some(value) = composer.value(&of.ty, &Docs::default()) {
                    table.add(ty.clone(), at, note, &value);
                }
            }
        }
    }
}

/// Every branch of every union, read as the union.
fn branches(table: &mut Table<'_>) {
    let input = table.input;
    for (id, def) in input.api.defs() {
        let TypeKind::Union(union) = &def.kind else { continue };
        let response = input.facts.in_responses.has(id);
        for index in 0..union.branches.len() {
            let Some(branch) = union.branches.get(index) else { continue };
            let mut composer = Composer::new(input, Examples::All, Extent::Full, response);
            if let Some(value) = composer.branch_of(id, index) {
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
