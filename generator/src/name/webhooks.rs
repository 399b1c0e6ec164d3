//! Webhooks and callbacks → the functions that read them.

use super::{Scope, ident};
use crate::base::Ident;
use crate::base::diagnostic::Diagnostics;
use crate::ir::Api;

/// The module with those functions, where a hand-written one may have the plain name.
pub fn webhooks_module(is_taken: bool) -> &'static str {
    if is_taken { "document_webhooks" } else { "webhooks" }
}

/// `paid` → `parse_paid`; where others have the name, with the operation that asks for it, and with its method.
pub(super) fn name(api: &Api, diagnostics: &mut Diagnostics) -> Vec<Ident> {
    let mut scope = Scope::new(&[]);
    let names = api.webhooks.iter().map(|hook| {
        let id =
            hook.callback.as_ref().and_then(|(operation, _)| api.operations.get(*operation)).map(|o| o.id.as_str());
        let function = |words: &[&str]| ident::snake(&format!("parse {}", words.join(" ")));
        let longer = [id.unwrap_or_default(), &hook.wire];
        let wanted =
            [function(&[&hook.wire]), function(&longer), function(&[&longer[..], &[hook.method.as_str()]].concat())];
        Ident::of(scope.take(&wanted, &hook.origin, diagnostics))
    });
    names.collect()
}
