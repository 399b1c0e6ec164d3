//! `[required] may_be_null`: which required members of responses may be null although nothing declares it.

use std::collections::BTreeSet;

use crate::analyze;
use crate::base::diagnostic::{Diagnostic, Diagnostics};
use crate::ir::{Api, TypeId, TypeKind};
use crate::lower::NeverNull;
use crate::settings::Settings;

/// Lets every required member be null in the models that only responses use: but for those that never are, for the records of a
/// page, which is none without them, and for the id by which an accepted request is found again.
pub(super) fn loosen(api: &mut Api, settings: &Settings, diagnostics: &mut Diagnostics) {
    let never = NeverNull(settings.required.never_null.iter().map(|n| n.member.to_string()).collect());
    let facts = analyze::facts(api, settings);
    let mut accepted = BTreeSet::new();
    if let Some(mode) = &settings.asynchronous {
        let status = mode.status.to_string();
        let answers = api.operations.iter().flat_map(|o| &o.responses).filter(|r| r.status == status);
        accepted.extend(answers.filter_map(|r| r.content.as_ref()?.1.of()?.ty.named()));
    }
    let mut met = BTreeSet::new();
    for (index, def) in api.types.iter_mut().enumerate() {
        let id = TypeId::at(index);
        if !facts.in_responses.has(id) || facts.in_requests.has(id) {
            continue;
        }
        let TypeKind::Model(model) = &def.kind else { continue };
        let mut may_be_null = Vec::new();
        for field in &model.fields {
            if !field.required {
                may_be_null.push(false);
                continue;
            }
            let entries = never.entries(def, field);
            let records = facts.pages.contains_key(&id) && field.wire == *settings.pages.items;
            let receipt =
                accepted.contains(&id) && settings.asynchronous.iter().any(|mode| field.wire == *mode.request_id);
            may_be_null.push(!field.of.nullable && entries.is_empty() && !records && !receipt);
            met.extend(entries);
        }
        if let TypeKind::Model(model) = &mut def.kind {
            model.fields.iter_mut().zip(may_be_null).for_each(|(field, null)| field.may_be_null = null);
        }
    }
    for (_, entry) in settings.required.never_null.iter().enumerate().filter(|(index, _)| !met.contains(index)) {
        let message = format!("`never_null` names `{}`, which no response requires", entry.member.value);
        diagnostics.push(
            Diagnostic::warning("W0704", message)
                .at(entry.member.span)
                .help("name a required member of a response, as `member` or `Component.member`, or remove the entry"),
        );
    }
}
