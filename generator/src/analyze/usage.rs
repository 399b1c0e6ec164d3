//! Who uses a type: requests, responses, the operations of which tags, and where its documentation says so.

use super::Facts;
use crate::ir::{Api, Type, TypeId, TypeKind, TypeMap, Webhook};

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
    // By which operation a type was reached last.
    let mut last = TypeMap::filled(api.types.len(), None);
    for (i, o) in api.operations.iter().enumerate() {
        api.descend(o, |id| {
            let (Some(last), Some(home)) = (last.of_mut(id), facts.home.of_mut(id)) else { return false };
            if last.replace(i) == Some(i) {
                return false;
            }
            *home = match *home {
                Home::Nowhere => Home::Tag(o.tag),
                Home::Tag(t) if t == o.tag => Home::Tag(t),
                _ => Home::Shared,
            };
            true
        });
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
