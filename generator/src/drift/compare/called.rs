//! Headers of responses, and what the API calls at the consumer: webhooks and callbacks.

use super::Diff;
use super::draft::{Draft, from_to};
use crate::analyze::HeaderUse;
use crate::base::Ident;
use crate::drift::change::{Class, Survival};
use crate::ir::Webhook;

/// A header of an operation: what is declared, its accessor, what that gives.
type Seen<'a> = (&'a HeaderUse, &'a Ident, &'a String);

/// Whether two belong together.
type Rule<'r> = &'r dyn Fn(&Webhook, &Webhook) -> bool;

impl Diff<'_> {
    /// The headers that the responses of a pair of operations declare.
    pub(super) fn headers(&self, draft: &mut Draft, i: usize, j: usize) {
        let (before, after) = (headers(&self.old, i), headers(&self.new, j));
        let of =
            |list: &[Seen<'_>], wire: &str| list.iter().position(|(h, ..)| h.header.wire.eq_ignore_ascii_case(wire));
        for (used, accessor, ty) in &before {
            let Some((now, accessor_now, ty_now)) = of(&after, &used.header.wire).and_then(|at| after.get(at)) else {
                draft.reads(Some(Survival::Survives("the header is read as `None`".to_owned())));
                draft.add(Class::BreaksCompiling, "D0409", format!("`{accessor}` of `{}`", used.header.wire));
                continue;
            };
            if accessor != accessor_now || !self.same_signature(ty, ty_now) {
                let text = "the header is read as the old type: where it is none, its accessor gives an error";
                draft.reads(Some(Survival::Depends(text.to_owned())));
                let detail = from_to(&format!("{accessor}: {ty}"), &format!("{accessor_now}: {ty_now}"));
                draft.add(Class::BreaksCompiling, "D0411", detail);
            } else if used.header.form != now.header.form {
                draft.reads(Some(Survival::Depends("its value is spelled in another way".to_owned())));
                draft.add(Class::BreaksAtRunTime, "D0411", format!("`{accessor}` is spelled in another way"));
            }
            match (used.header.docs.deprecated, now.header.docs.deprecated) {
                (false, true) => draft.add(Class::Deprecating, "D0412", format!("`{accessor}` is deprecated")),
                (true, false) => {
                    draft.add(Class::DocumentationOnly, "D0412", format!("`{accessor}` no longer deprecated"))
                }
                _ => {}
            }
            let words = |h: &HeaderUse| (h.header.docs.text.clone(), h.header.required, h.statuses.clone());
            if words(used) != words(now) {
                draft.add(Class::DocumentationOnly, "D0412", format!("`{accessor}`"));
            }
        }
        for (used, accessor, _) in after.iter().filter(|(h, ..)| of(&before, &h.header.wire).is_none()) {
            draft.add(Class::Additive, "D0410", format!("`{accessor}` of `{}`", used.header.wire));
        }
    }

    /// Webhooks and callbacks: gone, come, other payloads, other answers.
    pub(super) fn webhooks(&mut self) {
        let (old, new) = (&self.old.api().webhooks, &self.new.api().webhooks);
        // An address that has changed does not part a callback from itself, if no other has its name.
        let rules: [Rule<'_>; 2] =
            [&|a, b| a.method == b.method && self.callback_pair(a, b, true), &|a, b| self.callback_pair(a, b, false)];
        let mut to: Vec<Option<usize>> = vec![None; old.len()];
        for rule in rules {
            for (i, a) in old.iter().enumerate().filter(|(_, a)| !a.wire.is_empty()) {
                if to.get(i).is_some_and(Option::is_some) {
                    continue;
                }
                let found = new.iter().enumerate().find(|(j, b)| !to.contains(&Some(*j)) && rule(a, b)).map(|(j, _)| j);
                if let Some(slot) = to.get_mut(i) {
                    *slot = found;
                }
            }
        }
        let mut drafts = Vec::new();
        for (i, a) in old.iter().enumerate() {
            let mut draft = Draft::default();
            let j = to.get(i).copied().flatten();
            self.about_webhook(&mut draft, Some(i), j);
            match j.and_then(|j| Some((j, new.get(j)?))) {
                None => {
                    draft.reads(Some(Survival::Survives("the API does not call it any more".to_owned())));
                    draft.add(Class::BreaksCompiling, "D0420", name(a));
                }
                Some((j, b)) => self.webhook_pair(&mut draft, (i, a), (j, b)),
            }
            drafts.push(draft);
        }
        for (j, b) in new.iter().enumerate().filter(|(j, _)| !to.contains(&Some(*j))) {
            let mut draft = Draft::default();
            self.about_webhook(&mut draft, None, Some(j));
            draft.add(Class::Additive, "D0421", name(b));
            drafts.push(draft);
        }
        drafts.into_iter().filter(|draft| !draft.is_empty()).for_each(|draft| self.push(draft));
    }

    /// Whether two are of one name, and callbacks of one operation, for one address if that counts.
    fn callback_pair(&self, a: &Webhook, b: &Webhook, by_address: bool) -> bool {
        a.wire == b.wire
            && match (&a.callback, &b.callback) {
                (None, None) => true,
                (Some((i, from)), Some((j, to))) => {
                    self.pairs.operations.get(*i).copied().flatten() == Some(*j) && (!by_address || from == to)
                }
                _ => false,
            }
    }

    fn about_webhook(&self, draft: &mut Draft, old: Option<usize>, new: Option<usize>) {
        let about = |side: &super::Side<'_>, index: Option<usize>| {
            let index = index?;
            let hook = side.api().webhooks.get(index)?;
            let (function, ty) = (side.u.names.webhooks.get(index)?, side.surface.webhooks.get(index)?);
            let rust = (!ty.is_empty()).then(|| format!("pub fn {function}(body: &[u8]) -> Result<{ty}, DecodeError>"));
            Some((side.place(&hook.origin), format!("webhooks::{function}"), rust))
        };
        if let Some((place, path, rust)) = about(&self.old, old) {
            (draft.old, draft.path_old, draft.rust_old) = (Some(place), Some(path), rust);
        }
        if let Some((place, path, rust)) = about(&self.new, new) {
            (draft.new, draft.path_new, draft.rust_new) = (Some(place), Some(path), rust);
        }
    }

    fn webhook_pair(&self, draft: &mut Draft, (i, a): (usize, &Webhook), (j, b): (usize, &Webhook)) {
        let function = |side: &super::Side<'_>, at: usize| side.u.names.webhooks.get(at).map(ToString::to_string);
        let ty = |side: &super::Side<'_>, at: usize| side.surface.webhooks.get(at).cloned().unwrap_or_default();
        let (before, after) = (ty(&self.old, i), ty(&self.new, j));
        if !self.same_signature(&before, &after) {
            let (read, sent) =
                (a.payload.as_ref().and_then(|(_, c)| c.of()), b.payload.as_ref().and_then(|(_, c)| c.of()));
            let survival = match (read, sent) {
                (Some(old), Some(new)) => super::wire::reads(&self.old, &self.new, &self.pairs, &old.ty, &new.ty),
                _ => None,
            };
            let text = "the body is read as the old type, and may be none";
            draft.reads(survival.or_else(|| Some(Survival::Depends(text.to_owned()))));
            draft.add(Class::BreaksCompiling, "D0422", from_to(&before, &after));
        }
        let media = |hook: &Webhook| hook.payload.as_ref().map(|(media, _)| media.clone()).unwrap_or_default();
        if media(a) != media(b) && self.same_signature(&before, &after) {
            draft.reads(Some(Survival::Depends("the body comes in another format".to_owned())));
            draft.add(Class::BreaksAtRunTime, "D0422", from_to(&media(a), &media(b)));
        }
        if let (Some(old), Some(new)) = (function(&self.old, i), function(&self.new, j))
            && old != new
            && !before.is_empty()
        {
            draft.add(Class::BreaksCompiling, "D0425", from_to(&old, &new));
        }
        let call = |hook: &Webhook| {
            let address = hook.callback.as_ref().map(|(_, address)| format!(" {address}")).unwrap_or_default();
            format!("{}{address}", hook.method.to_uppercase())
        };
        let answers = |hook: &Webhook| {
            let one = |r: &crate::ir::Response| (r.status.clone(), r.content.as_ref().map(|(media, _)| media.clone()));
            hook.answers.iter().map(one).collect::<Vec<_>>()
        };
        let list = |hook: &Webhook| hook.answers.iter().map(|r| r.status.as_str()).collect::<Vec<_>>().join(", ");
        let place = |hook: &Webhook| {
            hook.parameters.iter().map(|p| (p.location.key(&p.wire), p.location, p.required)).collect::<Vec<_>>()
        };
        if call(a) != call(b) || answers(a) != answers(b) || place(a) != place(b) {
            let detail = match (call(a) != call(b), answers(a) != answers(b)) {
                (true, _) => from_to(&call(a), &call(b)),
                (false, true) => format!("answers: {} → {}", list(a), list(b)),
                (false, false) => "its parameters".to_owned(),
            };
            let text = "the service of the consumer is called, or answers, in the old way";
            draft.sends(Some(Survival::Depends(text.to_owned())));
            draft.add(Class::BreaksAtRunTime, "D0423", detail);
        }
        let words = |hook: &Webhook| {
            let of = |text: &String| text.trim().to_owned();
            let answers: Vec<String> = hook.answers.iter().map(|r| of(&r.docs.text)).collect();
            let parameters: Vec<String> = hook.parameters.iter().map(|p| of(&p.text)).collect();
            (of(&hook.docs.title), of(&hook.docs.text), hook.docs.deprecated, answers, parameters)
        };
        if draft.is_empty() && words(a) != words(b) {
            let class =
                if b.docs.deprecated && !a.docs.deprecated { Class::Deprecating } else { Class::DocumentationOnly };
            draft.add(class, "D0424", "");
        }
    }
}

fn name(hook: &Webhook) -> String {
    let address = hook.callback.as_ref().map(|(_, address)| format!(" {address}")).unwrap_or_default();
    format!("`{}`: `{}{address}`", hook.wire, hook.method.to_uppercase())
}

fn headers<'a>(side: &super::Side<'a>, operation: usize) -> Vec<Seen<'a>> {
    let u = side.u;
    let parts =
        (u.facts.calls.get(operation), u.names.operations.get(operation), side.surface.operations.get(operation));
    let (Some(call), Some(names), Some(seen)) = parts else { return Vec::new() };
    let accessors = names.headers.iter().flat_map(|headers| &headers.accessors);
    call.headers.iter().zip(accessors).zip(&seen.headers).map(|((h, a), ty)| (h, a, ty)).collect()
}
