//! The order of the members that a model requires: that of `required`, a list. What several parts require, or a choice, may have no
//! place of its own there; then its name decides, and never the order of keys.

use crate::ir::{Api, Field, TypeKind};

/// Gives the members that each model requires the ranks 0, 1, 2 ...
pub(super) fn rank(api: &mut Api) {
    for def in &mut api.types {
        let TypeKind::Model(model) = &mut def.kind else { continue };
        let mut required: Vec<&mut Field> = model.fields.iter_mut().filter(|f| f.required).collect();
        required.sort_by(|a, b| a.rank.cmp(&b.rank).then_with(|| a.wire.cmp(&b.wire)));
        required.into_iter().enumerate().for_each(|(rank, field)| field.rank = rank);
    }
}
