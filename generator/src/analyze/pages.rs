//! Records of a response, and models that are one page of them.

use std::collections::BTreeMap;

use super::Facts;
use crate::base::pointer::order;
use crate::ir::{Api, Content, Sameness, Type, TypeDef, TypeId, TypeKind, Use, same};
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
    // What two operations answer with is one page, by the settings of the first.
    let mut roots: BTreeMap<TypeId, (&str, &str)> = BTreeMap::new();
    for o in &api.operations {
        for r in o.successes() {
            if let Some((_, Content::Json(Use { ty: Type::Named(id), .. }))) = &r.content {
                let plain = (settings.pages.items.as_str(), settings.pages.next.as_str());
                let shape = settings.operations.page(&o.id, &settings.pages);
                let known = roots.entry(*id).or_insert(shape);
                if *known == plain {
                    *known = shape;
                }
            }
        }
    }
    // A request model must stay what its caller builds: plain lists.
    for &id in roots.keys().filter(|id| !facts.in_requests.has(**id)) {
        let Some(model) = api.model(id) else { continue };
        for (i, f) in model.fields.iter().enumerate() {
            if let Type::List(of) = &f.of.ty
                && let Type::Named(item) = of.ty
                && matches!(api.get(item).map(|d| &d.kind), Some(TypeKind::Model(_) | TypeKind::Union(_)))
            {
                facts.records.insert((id, i));
            }
        }
    }
    let mut hollows: BTreeMap<TypeId, TypeDef> = BTreeMap::new();
    // Pages have numbers for names, which are not to depend on the order of keys.
    let mut places: Vec<_> =
        roots.iter().filter_map(|(id, shape)| Some((api.get(*id)?.origin.pointer.as_str(), *id, *shape))).collect();
    places.sort_by(|a, b| order(a.0, b.0));
    for (_, id, (items, next)) in places {
        let Some(def @ TypeDef { kind: TypeKind::Model(model), .. }) = api.get(id) else { continue };
        let Some(items) = model.fields.iter().position(|f| f.wire == items) else { continue };
        let Some(Type::List(of)) = model.fields.get(items).map(|f| f.of.ty.clone()) else { continue };
        let Some(next) = model.fields.iter().position(|f| f.wire == next) else { continue };
        if model.additional.is_some() || !facts.records.contains(&(id, items)) {
            continue;
        }
        // The records aside, the members are the very same.
        let mut hollow = def.clone();
        if let TypeKind::Model(model) = &mut hollow.kind
            && let Some(Type::List(of)) = model.fields.get_mut(items).map(|f| &mut f.of.ty)
        {
            of.ty = Type::Any;
        }
        hollows.insert(id, hollow);
        let def = |id: TypeId| hollows.get(&id);
        let alike = |other: TypeId| same(&def, &Type::Named(other), &Type::Named(id), 1, Sameness::Written);
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
