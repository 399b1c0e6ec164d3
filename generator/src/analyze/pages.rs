//! Records of a response, and models that are one page of them.

use std::collections::BTreeSet;

use super::Facts;
use crate::ir::{Api, Content, Type, TypeId, TypeKind, Use};
use crate::settings::Settings;

/// A model that is one page.
#[derive(Debug, Clone)]
pub struct PageUse {
    /// Index in [`Facts::page_models`].
    pub page: usize,
    /// Index of the field with the records.
    pub items: usize,
    /// Index of the field with the next page's address.
    pub next: usize,
    /// What a record is.
    pub item: Type,
}

/// Models that are the body of a success: their lists of models are records, and some are pages.
pub(super) fn roots(api: &Api, settings: &Settings, facts: &mut Facts) {
    let mut roots: BTreeSet<TypeId> = BTreeSet::new();
    for o in &api.operations {
        for r in o.successes() {
            if let Some((_, Content::Json(Use { ty: Type::Named(id), .. }))) = &r.content {
                roots.insert(*id);
            }
        }
    }
    for &id in &roots {
        let Some(TypeKind::Model(model)) = api.get(id).map(|d| &d.kind) else { continue };
        for (i, f) in model.fields.iter().enumerate() {
            if let Type::List(of) = &f.of.ty
                && let Type::Named(item) = of.ty
                && !matches!(api.get(item).map(|d| &d.kind), Some(TypeKind::Enum(_)) | None)
            {
                facts.records.insert((id, i));
            }
        }
        // A request model must stay what its caller builds: plain lists.
        if facts.in_requests.has(id) {
            facts.records.retain(|(t, _)| *t != id);
        }
    }
    let shape = &settings.pages;
    for &id in &roots {
        let Some(TypeKind::Model(model)) = api.get(id).map(|d| &d.kind) else { continue };
        let Some(items) = model.fields.iter().position(|f| f.wire == *shape.items) else { continue };
        let Some(Type::List(of)) = model.fields.get(items).map(|f| f.of.ty.clone()) else { continue };
        let Some(next) = model.fields.iter().position(|f| f.wire == *shape.next) else { continue };
        if model.additional.is_some() || !facts.records.contains(&(id, items)) {
            continue;
        }
        let alike = |other: TypeId| -> bool {
            let Some(TypeKind::Model(first)) = api.get(other).map(|d| &d.kind) else { return false };
            first.fields.len() == model.fields.len()
                && first.fields.iter().zip(&model.fields).all(|(a, b)| {
                    a.wire == b.wire
                        && a.required == b.required
                        && a.of.nullable == b.of.nullable
                        && (a.wire == *shape.items || a.of.ty == b.of.ty)
                })
        };
        let page = match facts.page_models.iter().position(|m| alike(*m)) {
            Some(i) => i,
            None => {
                facts.page_models.push(id);
                facts.page_models.len() - 1
            }
        };
        facts.pages.insert(id, PageUse { page, items, next, item: of.ty });
    }
}
