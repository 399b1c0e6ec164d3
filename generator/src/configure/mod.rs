//! IR + settings → IR: what a maintainer wants of the API, applied to it, so that no later stage asks the settings about it.
//!
//! Handles and their order, the order of arguments, secrets, field selection, nullability. What concerns the reading of the
//! document itself (selection, replaced types, exact numbers) goes to `lower` before.

mod handles;
mod null;
mod secrets;

pub use secrets::speaks_of_a_secret;

use crate::base::diagnostic::Diagnostics;
use crate::document::keys;
use crate::ir::{Api, Location, Parameter, Scalar, Style, Type, TypeKind, Use};
use crate::settings::Settings;

/// Applies the settings to `api`.
pub fn configure(api: &mut Api, settings: &Settings, diagnostics: &mut Diagnostics) {
    handles::rehang(api, settings);
    reorder(api, settings);
    secrets::conceal(api, settings, diagnostics);
    list_members(api, settings);
    if settings.required.may_be_null {
        null::loosen(api, settings, diagnostics);
    }
}

/// Puts required members into the order that the settings give for their arguments; those not named follow.
fn reorder(api: &mut Api, settings: &Settings) {
    for entry in settings.types.iter().filter(|t| !t.order.is_empty()) {
        let pointer = entry.pointer.trim_start_matches('#');
        for def in api.types.iter_mut().filter(|d| keys::place(d.origin.pointer.as_str()) == pointer) {
            let TypeKind::Model(model) = &mut def.kind else { continue };
            for field in model.fields.iter_mut().filter(|f| f.required) {
                let place = entry.order.iter().position(|name| **name == field.wire);
                field.rank = place.unwrap_or(field.rank.saturating_add(entry.order.len()));
            }
        }
    }
}

/// Takes texts that choose members of the response for what they are: lists of names.
fn list_members(api: &mut Api, settings: &Settings) {
    let chooses = |p: &Parameter| p.location == Location::Query && settings.partial.query.iter().any(|q| **q == p.wire);
    for p in api.operations.iter_mut().flat_map(|o| &mut o.parameters).filter(|p| chooses(p)) {
        if p.of.ty != Type::Scalar(Scalar::String) || p.spelling.style != Style::Form {
            continue;
        }
        p.of.ty = Type::List(Box::new(Use { ty: Type::Scalar(Scalar::String), nullable: false }));
        p.spelling.explode = false;
        for shown in [&mut p.docs.example, &mut p.docs.default].into_iter().flatten() {
            if let serde_json::Value::String(text) = shown {
                let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
                *shown = names.map(serde_json::Value::from).collect();
            }
        }
    }
}
