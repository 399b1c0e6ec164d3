//! Who uses a type: requests, responses, the operations of which tags, and where its documentation says so.

use super::Facts;
use crate::ir::{Api, Operation, Type, TypeId, TypeKind, Webhook};

/// Where a type is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Home {
    /// By no operation.
    Nowhere,
    /// By operations of one tag, and by nothing that is always there.
    Tag(usize),
    /// By several tags, or by a type of no operation.
    Shared,
}

/// A place that uses a type, for its documentation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mention {
    /// The body of an operation's request.
    Request(usize),
    /// The body of an operation's success.
    Response(usize),
    /// A field of a model.
    Field(TypeId, usize),
    /// A branch of a union.
    Branch(TypeId),
}

pub(super) fn usage(api: &Api, facts: &mut Facts) {
    // Down from the operations, below each type only as often as its home changes, which is twice at most.
    let named = |o: &Operation| o.request_types().into_iter().chain(o.response_types());
    let mut todo: Vec<(TypeId, Home)> =
        api.operations.iter().flat_map(|o| named(o).map(|id| (id, Home::Tag(o.tag)))).collect();
    while let Some((id, used)) = todo.pop() {
        let Some(home) = facts.home.of_mut(id) else { continue };
        let both = match (*home, used) {
            (Home::Nowhere, other) | (other, Home::Nowhere) => other,
            (Home::Tag(one), Home::Tag(other)) if one == other => Home::Tag(one),
            _ => Home::Shared,
        };
        if std::mem::replace(home, both) != both
            && let Some(def) = api.get(id)
        {
            def.each_use(&mut |ty| ty.each_named(&mut |id| todo.push((id, both))));
        }
    }
    // What no operation reaches is always compiled, and with it whatever it is made of. So is what the API calls: whoever takes webhooks
    // need not be who sends requests.
    let nowhere = |(id, home): (TypeId, &Home)| (*home == Home::Nowhere).then_some(id);
    let called = api.webhooks.iter().flat_map(Webhook::types);
    let unused = api.reached(facts.home.pairs().filter_map(nowhere).chain(called));
    for (home, _) in facts.home.values_mut().zip(&unused).filter(|(home, unused)| **unused && **home != Home::Nowhere) {
        *home = Home::Shared;
    }
    facts.in_requests = api.reached(api.request_types());
    facts.in_responses = api.reached(api.response_types());
}

pub(super) fn mentions(api: &Api, facts: &mut Facts) {
    let mut add = |ty: &Type, mention: Mention| {
        ty.each_named(&mut |id| {
            if let Some(list) = facts.mentions.of_mut(id)
                && !list.contains(&mention)
                && list.len() < 64
            {
                list.push(mention.clone());
            }
        });
    };
    for (i, o) in api.operations.iter().enumerate() {
        if let Some(of) = o.body.as_ref().and_then(|b| b.content.of()) {
            add(&of.ty, Mention::Request(i));
        }
        for r in o.successes() {
            if let Some(of) = r.content.as_ref().and_then(|(_, c)| c.of()) {
                add(&of.ty, Mention::Response(i));
            }
        }
    }
    for (id, def) in api.defs() {
        match &def.kind {
            TypeKind::Model(m) => {
                for (k, f) in m.fields.iter().enumerate() {
                    add(&f.of.ty, Mention::Field(id, k));
                }
            }
            TypeKind::Union(u) => u.branches.iter().for_each(|b| add(&b.ty, Mention::Branch(id))),
            TypeKind::Enum(_) => {}
        }
    }
}
