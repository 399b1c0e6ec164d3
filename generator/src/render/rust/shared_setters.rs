//! Setters that many operations have alike → one implementation for all of them, told apart by marker types.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::operation::{method_of, selects_by};
use super::operation_docs::common_errors;
use super::types::doc;
use crate::ir::Operation;
use crate::name::{Setter, SetterOf};
use crate::render::{Input, Op};

/// The names of setters that stand once, for all operations with a marker type, and not once an operation.
#[derive(Default)]
struct Common(Vec<crate::base::Ident>);

impl Common {
    /// Of those that `may`, the ones that every operation with the marker has, word for word: the names and the setters.
    fn of(
        input: Input<'_>,
        marked: impl Fn(Op<'_>) -> bool,
        may: impl Fn(Op<'_>, &Setter) -> bool,
    ) -> (Self, Vec<TokenStream>) {
        let mut common: Option<Vec<(crate::base::Ident, TokenStream)>> = None;
        let mut operations = 0;
        for op in input.operations().filter(|op| marked(*op)) {
            operations += 1;
            let own = op.names.plan.setters.iter().filter(|s| may(op, s) && names_no_type(op.declared, s));
            let own = own.filter_map(|s| Some((s.ident.clone(), method_of(input, op, s)?)));
            let own: Vec<(crate::base::Ident, TokenStream)> = own.collect();
            match &mut common {
                None => common = Some(own),
                Some(common) => common.retain(|(ident, method)| {
                    own.iter().any(|(other, own)| ident == other && method.to_string() == own.to_string())
                }),
            }
        }
        let (idents, methods) = common.filter(|_| operations > 1).unwrap_or_default().into_iter().unzip();
        (Self(idents), methods)
    }

    fn has(&self, s: &Setter) -> bool {
        self.0.contains(&s.ident)
    }
}

/// What operations have in common: setters and errors.
pub(super) struct Commons<'a> {
    /// Of those that answer with a page of a list.
    lists: Common,
    /// Of those that can leave members out.
    selects: Common,
    /// Errors that most of them declare.
    pub(super) errors: BTreeSet<(&'a str, String)>,
}

impl<'a> Commons<'a> {
    /// What they have in common, and the setters, for `src/api/mod.rs`.
    pub(super) fn of(input: Input<'a>) -> (Self, Option<TokenStream>) {
        let (selects, selecting) = Common::of(input, selects, selects_by);
        let (lists, listing) = Common::of(input, |op| op.call.page.is_some(), |_, s| !selects.has(s));
        (Self { lists, selects, errors: common_errors(input) }, items(listing, selecting))
    }

    /// Whether this setter is one of them.
    pub(super) fn has(&self, op: Op<'_>, s: &Setter) -> bool {
        if selects_by(op, s) { self.selects.has(s) } else { op.call.page.is_some() && self.lists.has(s) }
    }

    /// Whether there are such of operations that can leave members out, which then have the marker for it.
    pub(super) fn has_selection(&self) -> bool {
        !self.selects.0.is_empty()
    }
}

/// The setters of both kinds.
fn items(lists: Vec<TokenStream>, selects: Vec<TokenStream>) -> Option<TokenStream> {
    let block = |marker: TokenStream, about: &str, methods: Vec<TokenStream>| {
        let about = doc(&[about.to_owned()]);
        (!methods.is_empty()).then(|| {
            quote! {
                #about
                impl<T, Of: client::#marker> client::Builder<T, Of> { #(#methods)* }
            }
        })
    };
    let lists = block(quote! { PagedOperation }, "Paged operations.", lists);
    let selects = block(quote! { FieldSelection }, "Operations with field selection.", selects);
    if lists.is_none() && selects.is_none() {
        return None;
    }
    // A module of its own: a tag's module may be called `runtime` too.
    Some(quote! {
        mod common_ {
            use crate::client;
            use crate::runtime::{self, __private};
            #lists
            #selects
        }
    })
}

/// Whether the operation has setters that make required members absent on purpose.
pub(super) fn selects(op: Op<'_>) -> bool {
    op.names.plan.setters.iter().any(|s| selects_by(op, s))
}

/// Whether a setter's parameter is of no type of the document: such a type may be compiled with some tags only.
fn names_no_type(o: &Operation, s: &Setter) -> bool {
    let SetterOf::Parameter(i) = s.of else { return false };
    o.parameters.get(i).is_some_and(|p| {
        let mut named = false;
        p.of.ty.each_named(&mut |_| named = true);
        !named
    })
}
