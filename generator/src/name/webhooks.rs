//! Webhooks and callbacks → the functions that read them.

use super::{Scope, ident};
use crate::base::Ident;
use crate::base::diagnostic::Diagnostics;
use crate::base::pointer::order;
use crate::ir::{Api, Webhook};

/// The module with those functions, where a hand-written one may have the plain name.
pub fn webhooks_module(is_taken: bool) -> &'static str {
    if is_taken { "document_webhooks" } else { "webhooks" }
}

/// `paid` → `parse_paid`; what several want a webhook of the document has, and callbacks are called after the operation that asks for
/// them too, and after their method where they still are alike. So no name depends on which comes first.
pub(super) fn name(api: &Api, diagnostics: &mut Diagnostics) -> Vec<Ident> {
    let function = |words: &[&str]| ident::snake(&format!("parse {}", words.join(" ")));
    let wanted: Vec<[String; 3]> = api
        .webhooks
        .iter()
        .map(|hook| {
            let operation = hook.callback.as_ref().and_then(|(operation, _)| api.operations.get(*operation));
            let id = operation.map_or("", |o| o.id.as_str());
            let (wire, method) = (hook.wire.as_str(), hook.method.as_str());
            [function(&[wire]), function(&[id, wire]), function(&[id, wire, method])]
        })
        .collect();
    // Those of the document have but two names.
    let level = |hook: &Webhook, own: &[String; 3]| {
        let alike = |level: usize| wanted.iter().filter(|other| other.get(level) == own.get(level)).count();
        let of_document =
            api.webhooks.iter().zip(&wanted).filter(|(h, w)| h.callback.is_none() && w.first() == own.first()).count();
        match hook.callback.is_some() {
            false if of_document == 1 => 0,
            false => 2,
            true if alike(0) == 1 => 0,
            true if alike(1) == 1 => 1,
            true => 2,
        }
    };
    let mut scope = Scope::new(&[]);
    let mut by_place: Vec<(usize, (&Webhook, &[String; 3]))> = api.webhooks.iter().zip(&wanted).enumerate().collect();
    by_place.sort_by(|(_, (a, x)), (_, (b, y))| {
        order(a.origin.pointer.as_str(), b.origin.pointer.as_str()).then_with(|| x.cmp(y))
    });
    let mut out: Vec<(usize, Ident)> = Vec::new();
    for (i, (hook, own)) in by_place {
        let candidates = own.get(level(hook, own)..).unwrap_or_default();
        out.push((i, Ident::of(scope.take(candidates, &hook.origin, diagnostics))));
    }
    out.sort_by_key(|(i, _)| *i);
    out.into_iter().map(|(_, name)| name).collect()
}
