//! The feature `testing`: every operation as data, and reading a body as an operation declares it.

use std::collections::BTreeMap;

use quote::quote;

use crate::ir::Content;
use crate::render::rust::operation::body_type;
use crate::render::{Input, RustFile};

/// `src/testing.rs`.
pub(in crate::render) fn file(input: Input<'_>, lib: &str) -> RustFile<'static> {
    let infos = input.api.operations.iter().map(|o| {
        let (id, method, path) = (&o.id, o.method.to_uppercase(), &o.path);
        let tag = input.api.tags.get(o.tag).map(|t| t.wire.as_str()).unwrap_or_default();
        let statuses: Vec<&str> = o.responses.iter().map(|r| r.status.as_str()).collect();
        quote! {
            OperationInfo { id: #id, method: #method, path: #path, tag: #tag, statuses: &[#(#statuses),*] }
        }
    });
    // One arm per type, not per operation: the machine code is made once.
    let mut arms: BTreeMap<String, (proc_macro2::TokenStream, Vec<(String, String)>)> = BTreeMap::new();
    for o in &input.api.operations {
        for r in &o.responses {
            let ty = match &r.content {
                Some((_, c @ Content::Json(_))) => body_type(input, c).0,
                None => quote! { () },
                // Not JSON: there is nothing to read back.
                Some(_) => continue,
            };
            arms.entry(ty.to_string()).or_insert_with(|| (ty, Vec::new())).1.push((o.id.clone(), r.status.clone()));
        }
    }
    // Without a body in JSON there is nothing to read in any mode.
    let idle = arms.is_empty().then(|| quote! { #[allow(unused_variables)] });
    let readers = arms.values().map(|(ty, cases)| {
        let patterns = cases.iter().map(|(id, status)| quote! { (#id, #status) });
        quote! { #(#patterns)|* => __private::read_back_in::<#ty>(body, mode) }
    });
    let items = vec![
        quote! {
            #[allow(unused_imports)]
            use crate::runtime::{self, __private}; use crate::{client, models};
        },
        crate::render::package::public::TESTING.uses(input),
        quote! { pub use crate::samples::requests; },
        quote! {
            /// An operation of the document.
            #[derive(Debug, Clone, Copy, PartialEq, Eq)]
            #[non_exhaustive]
            pub struct OperationInfo {
                /// Its `operationId`.
                pub id: &'static str,
                /// Its method, in upper case.
                pub method: &'static str,
                /// Its path template.
                pub path: &'static str,
                /// Its tag.
                pub tag: &'static str,
                /// The statuses it declares: `200`, `4XX`, `default`.
                pub statuses: &'static [&'static str],
            }
        },
        quote! {
            /// Every operation, in document order.
            pub fn operations() -> &'static [OperationInfo] {
                static ALL: &[OperationInfo] = &[#(#infos),*];
                ALL
            }
        },
        quote! {
            /// Reads `body` as the operation's declared type for `status` and writes it back.
            ///
            /// A status that is not declared is looked for as its class (`4XX`), then as `default`.
            ///
            /// # Errors
            /// When the operation, the status or the content type is not declared as JSON, or the body cannot be read.
            pub fn read_back(
                operation_id: &str,
                status: u16,
                content_type: &str,
                body: &[u8],
            ) -> Result<ReadBack, runtime::Error> {
                let mode = runtime::Mode { trace: true, ..runtime::Mode::default() };
                read_back_in(operation_id, status, content_type, body, mode)
            }
        },
        quote! {
            /// Reads `body` as [`read_back`] does, in a mode: strict, or as the answer to a call with field selection.
            ///
            /// # Errors
            /// Like [`read_back`], and in strict mode when anything in the body is not what the document says.
            #idle
            pub fn read_back_in(
                operation_id: &str,
                status: u16,
                content_type: &str,
                body: &[u8],
                mode: runtime::Mode,
            ) -> Result<ReadBack, runtime::Error> {
                let declared = operations()
                    .iter()
                    .find(|o| o.id == operation_id)
                    .and_then(|o| __private::declared_status(o.statuses, status));
                let Some(declared) = declared else {
                    return Err(__private::undeclared(operation_id, status));
                };
                if !body.is_empty() && !__private::is_json(content_type) {
                    return Err(__private::undeclared(operation_id, status));
                }
                match (operation_id, declared) {
                    #(#readers,)*
                    _ => Err(__private::undeclared(operation_id, status)),
                }
            }
        },
    ];
    RustFile::new("src/testing.rs", crate::render::package::public::TESTING.head(lib), items)
}
