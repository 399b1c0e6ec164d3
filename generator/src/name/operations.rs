//! Operations → method, builder and setter names, and the plan of what becomes an argument.

use std::cmp::Ordering;

use super::ident::{self, Kind};
use super::scope::{self, Scope};
use super::swaps::{self, Taken};
use super::{Decisions, Names, arguments, ranked_tags};
use crate::analyze::{Call, Case, Facts, Success};
use crate::base::diagnostic::{Diagnostic, Diagnostics};
use crate::base::{Ident, pointer, reserved};
use crate::document::grammar::METHODS;
use crate::ir::{Api, Content, Field, Model, Operation, Parameter, Type, TypeId, TypeKind, TypeMap};

/// The names of an operation.
#[derive(Debug, Clone)]
pub struct OperationNames {
    /// The handle's method: `list`.
    pub method: Ident,
    /// The builder's type: `ListTransactions`.
    pub builder: Ident,
    /// The struct with its arguments, where the function takes them by their names: `RetrieveTransactionsArgs`.
    pub args: Option<Ident>,
    /// What it gives by status, if that is of several types.
    pub answer: Option<AnswerNames>,
    /// What reads the headers of its responses, if they declare any.
    pub headers: Option<HeaderNames>,
    /// The static with its facts: `LIST_TRANSACTIONS`.
    pub constant: Ident,
    /// What its arguments and setters are.
    pub plan: Plan,
}

/// The names of what an operation gives by status.
#[derive(Debug, Clone)]
pub struct AnswerNames {
    /// The enum: `ListTransactionsAnswer`.
    pub ty: Ident,
    /// The function that reads it: `read_list_transactions`.
    pub read: Ident,
    /// Its variants, in the order of the cases: `Created`.
    pub variants: Vec<Ident>,
}

/// The names of what reads the headers of an operation's responses.
#[derive(Debug, Clone)]
pub struct HeaderNames {
    /// The type: `ListTransactionsHeaders`.
    pub ty: Ident,
    /// Its accessors, in the order of the call's headers: `x_rate_limit`.
    pub accessors: Vec<Ident>,
}

/// What becomes an argument of the endpoint function and what a setter of its builder.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// Arguments in order.
    pub arguments: Vec<Setter>,
    /// Setters in order.
    pub setters: Vec<Setter>,
    /// What is sent without being asked for, since it can have one value only.
    pub constants: Vec<SetterOf>,
    /// The body is made of its members (arguments and setters) instead of one value.
    pub flat: Option<TypeId>,
    /// Another body of the request is a value of that type all the same.
    pub whole: bool,
}

/// An argument or setter.
#[derive(Debug, Clone)]
pub struct Setter {
    /// The identifier.
    pub ident: Ident,
    /// What it sets.
    pub of: SetterOf,
}

/// What a [`Setter`] sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetterOf {
    /// The parameter with this index.
    Parameter(usize),
    /// The member of the flat body with this index.
    Member(usize),
    /// The body as a whole.
    Body,
    /// What may be sent in its place, by index.
    Other(usize),
    /// The content type of a body that is given as bytes or text.
    ContentType,
    /// The interrupted call that the operation resumes.
    Mfa,
    /// The second factor it is resumed with.
    Token,
}

pub(super) fn name(api: &Api, facts: &Facts, decisions: &Decisions, names: &mut Names, diagnostics: &mut Diagnostics) {
    // Handles and builders live in one module.
    let mut types = Scope::new(&[]);
    let mut constants = Scope::new(&[]);
    let mut methods: Vec<Scope> = names
        .tags
        .iter()
        .map(|tag| {
            let taken = decisions.reserved_methods.iter().filter(|(accessor, _)| tag.accessor == *accessor);
            Scope::new(&taken.map(|(_, method)| method.as_str()).collect::<Vec<_>>())
        })
        .collect();
    // What was given before is not given to a newcomer.
    let locked = |kind: &'static str, o: &Operation| {
        decisions.locked.get(&(kind, o.origin.pointer.as_str().to_owned())).cloned()
    };
    let order = scope::ranked(&api.operations, |_| false, by_place);
    let mut builders: Vec<Option<String>> = vec![None; api.operations.len()];
    for (i, o) in order.iter().filter_map(|i| Some((*i, api.operations.get(*i)?))) {
        if let Some(slot) = builders.get_mut(i) {
            *slot = locked("builder", o).filter(|name| types.claim(name));
        }
    }
    let plan = |o: &Operation| plan(api, facts, o, (decisions, &names.arguments), diagnostics);
    let mut plans: Vec<Plan> = api.operations.iter().map(plan).collect();
    let by_name = |i: usize| {
        let parts = api.operations.get(i).zip(plans.get(i));
        parts.is_some_and(|(o, plan)| {
            let taken = plan.arguments.iter().map(|s| Taken::argument(api, o, plan.flat, s));
            swaps::need_names(&taken.collect::<Vec<_>>())
        })
    };
    let by_name: Vec<bool> = (0..plans.len()).map(by_name).collect();
    let by_name = |i: usize| by_name.get(i).copied().unwrap_or_default();
    // No newcomer takes what the answers and the arguments of those are called either.
    let mut answers: Vec<Option<String>> = vec![None; api.operations.len()];
    for i in &order {
        if let (Some(call), Some(Some(builder)), Some(slot)) =
            (facts.calls.get(*i), builders.get(*i), answers.get_mut(*i))
        {
            *slot = Some(answer_name(builder)).filter(|name| cases(call).is_some() && types.claim(name));
        }
    }
    let mut args: Vec<Option<String>> = vec![None; api.operations.len()];
    for ((i, builder), slot) in builders.iter().enumerate().zip(&mut args) {
        if let Some(builder) = builder.as_ref().filter(|_| by_name(i)) {
            *slot = Some(arguments::args_name(builder)).filter(|name| types.claim(name));
        }
    }
    for name in &decisions.reserved_api {
        types.claim(name);
    }
    for i in ranked_tags(&api.tags, |tag| ident::type_name(Kind::Tag, &tag.wire)) {
        let (Some(tag), Some(slot)) = (api.tags.get(i), names.tags.get_mut(i)) else { continue };
        let wanted = ident::type_name(Kind::Tag, &tag.wire);
        slot.handle = Ident::of(types.take(&[wanted.clone(), format!("{wanted}Api")], &tag.origin, diagnostics));
    }
    let mut named: Vec<Option<OperationNames>> = vec![None; api.operations.len()];
    for i in &order {
        let (Some(o), Some(given), Some(slot)) = (api.operations.get(*i), builders.get_mut(*i), named.get_mut(*i))
        else {
            continue;
        };
        let wanted = ident::type_name(Kind::Operation, &o.id);
        let by_path = ident::type_name(Kind::Operation, &format!("{} {}", o.method, o.path));
        let builder = given.take().unwrap_or_else(|| {
            types.take(&[wanted.clone(), format!("{wanted}Request"), by_path], &o.origin, diagnostics)
        });
        let constant = constants.take(&[ident::shouty(&ident::snake(&builder))], &o.origin, diagnostics);
        *slot = Some(OperationNames {
            // What it is called where its handle has nothing else of that name, which is seen below.
            method: Ident::of(ident::snake(&o.id)),
            builder: Ident::of(builder),
            args: None,
            answer: None,
            headers: None,
            constant: Ident::of(constant),
            plan: plans.get_mut(*i).map(std::mem::take).unwrap_or_default(),
        });
    }
    let mut out: Vec<OperationNames> = named.into_iter().flatten().collect();
    for i in &order {
        let (Some(o), Some(slot), Some(given)) = (api.operations.get(*i), out.get_mut(*i), answers.get_mut(*i)) else {
            continue;
        };
        let Some(cases) = facts.calls.get(*i).and_then(cases) else { continue };
        let wanted = answer_name(&slot.builder);
        let longer = format!("{wanted}Enum");
        let ty = given.take().unwrap_or_else(|| types.take(&[wanted, longer], &o.origin, diagnostics));
        slot.answer = Some(AnswerNames {
            ty: Ident::of(ty),
            read: Ident::of(format!("read_{}", slot.constant.to_lowercase())),
            variants: cases.iter().map(|case| Ident::of(status_name(&case.status))).collect(),
        });
    }
    for ((o, call), slot) in api.operations.iter().zip(&facts.calls).zip(&mut out) {
        if call.headers.is_empty() {
            continue;
        }
        let wanted = [format!("{}Headers", slot.builder), format!("{}ResponseHeaders", slot.builder)];
        let ty = Ident::of(types.take(&wanted, &o.origin, diagnostics));
        let mut scope = Scope::new(reserved::HEADERS);
        let accessors = call.headers.iter().map(|used| {
            let plain = ident::snake(&used.header.wire);
            let longer = format!("{plain}_header");
            Ident::of(scope.take(&[plain, longer], &used.header.origin, diagnostics))
        });
        slot.headers = Some(HeaderNames { ty, accessors: accessors.collect() });
    }
    for i in order.iter().filter(|i| by_name(**i)) {
        let (Some(o), Some(slot), Some(given)) = (api.operations.get(*i), out.get_mut(*i), args.get_mut(*i)) else {
            continue;
        };
        let mut take = || types.take(&arguments::candidates(&slot.builder), &o.origin, diagnostics);
        slot.args = Some(Ident::of(given.take().unwrap_or_else(&mut take)));
    }
    // What a person decided first.
    for decided in [true, false] {
        for i in &order {
            let (Some(o), Some(slot)) = (api.operations.get(*i), out.get_mut(*i)) else { continue };
            let Some(scope) = methods.get_mut(o.tag) else { continue };
            let locked = locked("method", o);
            let wish = decisions.methods.get(&o.id).or(locked.as_ref());
            if decided != wish.is_some() {
                continue;
            }
            let full = ident::snake(&o.id);
            let tag = api.tags.get(o.tag).map(|t| t.wire.as_str()).unwrap_or_default();
            let short = match wish {
                // A name of the lock is an identifier already, raw or not.
                Some(w) => ident::snake(w.strip_prefix("r#").unwrap_or(w)),
                None => short_method(&o.id, tag, decisions),
            };
            let by_path = ident::snake(&format!("{} {}", o.method, o.path));
            slot.method = Ident::of(scope.take(&[short, full, by_path], &o.origin, diagnostics));
        }
    }
    names.operations = out;
}

/// The order in which operations get their names: by path, then as methods are listed everywhere.
fn by_place(a: &Operation, b: &Operation) -> Ordering {
    let method = |o: &Operation| METHODS.iter().position(|method| *method == o.method);
    a.path.cmp(&b.path).then_with(|| method(a).cmp(&method(b))).then_with(|| {
        // The same path with another query in it.
        pointer::order(a.origin.pointer.as_str(), b.origin.pointer.as_str())
    })
}

/// What the enum of an operation's answers is called when nothing is in the way.
pub(super) fn answer_name(builder: &str) -> String {
    format!("{builder}Answer")
}

/// What an operation gives by status, if that is of several types.
fn cases(call: &Call) -> Option<&[Case]> {
    match &call.success {
        Success::Several(cases) => Some(cases),
        Success::Nothing | Success::Outcome | Success::One(_) => None,
    }
}

/// The variant for a status: the reason phrase of HTTP where it has one.
fn status_name(status: &str) -> String {
    match status {
        "200" => "Ok".to_owned(),
        "201" => "Created".to_owned(),
        "202" => "Accepted".to_owned(),
        "203" => "NonAuthoritative".to_owned(),
        "204" => "NoContent".to_owned(),
        "205" => "ResetContent".to_owned(),
        "206" => "PartialContent".to_owned(),
        "207" => "MultiStatus".to_owned(),
        other => format!("Status{other}"),
    }
}

/// `RetrieveFinancialStatements` under the tag `Financial Statements` → `retrieve`.
fn short_method(id: &str, tag: &str, decisions: &Decisions) -> String {
    let full = ident::snake(id);
    let words: Vec<&str> = full.split('_').filter(|w| !w.is_empty()).collect();
    let folded_tag = ident::snake(tag);
    let tag_words: Vec<String> = folded_tag.split('_').map(singular).collect();
    let Some((first, rest)) = words.split_first() else { return full };
    // `transactions/list`: the tag leads and the verb ends it.
    let leads = !rest.is_empty() && tag_words.contains(&singular(first));
    let mut left: Vec<&str> = if leads { Vec::new() } else { vec![first] };
    left.extend(rest.iter().filter(|w| !tag_words.contains(&singular(w))));
    while left.len() > 1
        && left
            .last()
            .is_some_and(|w| matches!(*w, "for" | "of" | "in" | "to" | "a" | "an" | "the" | "from" | "on" | "with"))
    {
        left.pop();
    }
    if left.is_empty() {
        return full;
    }
    let joined = left.join("_");
    // What is left may begin with a digit.
    ident::snake(decisions.verbs.get(&joined).unwrap_or(&joined))
}

fn singular(word: &str) -> String {
    let w = word;
    // `statuses` is of `status`, but `causes`, `houses` and `uses` are of words in `e`.
    let in_us = |s: &str| s.len() > 4 && s.ends_with("us") && !s.ends_with("aus") && !s.ends_with("ous");
    let takes_es = |s: &&str| ["ss", "x", "ch", "sh", "ias"].iter().any(|end| s.ends_with(end)) || in_us(s);
    if let Some(stem) = w.strip_suffix("ies").filter(|s| s.len() > 1) {
        format!("{stem}y")
    } else if let Some(stem) = w.strip_suffix("yses") {
        format!("{stem}ysis")
    } else if let Some(stem) = w.strip_suffix("es").filter(takes_es) {
        stem.to_owned()
    } else if ["ss", "us", "is", "ias"].iter().any(|end| w.ends_with(end)) {
        w.to_owned()
    } else {
        w.strip_suffix('s').filter(|s| s.len() > 1).unwrap_or(w).to_owned()
    }
}

/// Parameters in the path first, then what else is required, then the body; the rest becomes setters.
fn plan(
    api: &Api,
    facts: &Facts,
    o: &Operation,
    (decisions, orders): (&Decisions, &TypeMap<Vec<usize>>),
    diagnostics: &mut Diagnostics,
) -> Plan {
    let resume = decisions.resume.as_ref().filter(|resume| resume.operations.contains(&o.id));
    let resuming = resume.and_then(|resume| Some((resume, resumed(api, o, resume)?)));
    if let (Some(resume), None) = (resume, &resuming) {
        let message = format!("`{}` cannot resume a call: its body has no member `{}`", o.id, resume.session);
        let help = "correct `[mfa] session`, or take the operation out of `[mfa] resume`";
        let diagnostic = Diagnostic::warning("W0503", message).at(o.origin.span).pointer(&o.origin.pointer);
        diagnostics.push(diagnostic.help(help));
    }
    let mut scope = Scope::new(reserved::BUILDER);
    let mut plan = Plan::default();
    let mut place = |plan: &mut Plan, wire: &str, qualifier: &str, required: bool, of: SetterOf, origin| {
        let plain = ident::snake(wire);
        let taken = scope.take(&[plain.clone(), format!("{plain}_{qualifier}")], origin, diagnostics);
        let setter = Setter { ident: Ident::of(taken), of };
        if required { plan.arguments.push(setter) } else { plan.setters.push(setter) }
    };
    let order = template_order(&o.path);
    let mut by_path: Vec<usize> = (0..o.parameters.len()).collect();
    by_path.sort_by_key(|i| {
        let wire = o.parameters.get(*i).map(|p| p.wire.as_str()).unwrap_or_default();
        let path = o.parameters.get(*i).is_some_and(|p| p.location == crate::ir::Location::Path);
        if path { order.iter().position(|n| *n == wire).unwrap_or(0) } else { usize::MAX }
    });
    for i in by_path {
        let Some(p) = o.parameters.get(i) else { continue };
        if p.constant.is_some() {
            plan.constants.push(SetterOf::Parameter(i));
            continue;
        }
        place(&mut plan, &p.wire, location_word(p), p.required, SetterOf::Parameter(i), &p.origin);
    }
    if let Some((resume, (id, model, required))) = resuming {
        plan.flat = Some(id);
        place(&mut plan, "mfa", "session", true, SetterOf::Mfa, &o.origin);
        place(&mut plan, &resume.token, "token", true, SetterOf::Token, &o.origin);
        let own = [&resume.session, &resume.link, &resume.token];
        for (i, f) in in_order(model, orders.list(id)).into_iter().filter(|(_, f)| !own.contains(&&f.wire)) {
            place(&mut plan, &f.wire, "member", f.required && required, SetterOf::Member(i), &f.origin);
        }
        plan.settle(model);
        return plan;
    }
    let Some(body) = &o.body else { return plan };
    if body.has_choice() {
        let required = body.required && body.is_range();
        place(&mut plan, "content_type", "of_body", required, SetterOf::ContentType, &body.origin);
    }
    for (i, other) in body.others.iter().enumerate() {
        let name = format!("body_as_{}", media_word(&other.media_type));
        place(&mut plan, &name, "type", false, SetterOf::Other(i), &body.origin);
    }
    // Forms have no other shape than their members; a JSON body keeps its own type unless it was written in place.
    let form = match body.content {
        Content::Form(_) | Content::Multipart(_) => true,
        Content::Json(_) | Content::Text | Content::Bytes | Content::Events(_) => false,
    };
    if let (Some(of), true) = (body.content.of(), form || body.inline)
        && let Type::Named(id) = of.ty
        && let Some(TypeKind::Model(model)) = api.get(id).map(|d| &d.kind)
        && (form
            || (model.additional.is_none()
                && model.fields.iter().filter(|f| f.required).count() <= decisions.max_arguments.max(1)
                && !facts.in_responses.has(id)))
    {
        plan.flat = Some(id);
        plan.whole = body.others.iter().any(|other| other.content.of().is_some_and(|of| of.ty == Type::Named(id)));
        for (i, f) in in_order(model, orders.list(id)) {
            if f.constant.is_some() && body.required {
                plan.constants.push(SetterOf::Member(i));
                continue;
            }
            // An optional body is there as soon as one member is.
            place(&mut plan, &f.wire, "member", f.required && body.required, SetterOf::Member(i), &f.origin);
        }
        plan.settle(model);
        return plan;
    }
    // `body` is a word of our own here: no parameter can be called so (see `reserved::BUILDER`).
    let setter = Setter { ident: Ident::of("body".to_owned()), of: SetterOf::Body };
    if body.required {
        plan.arguments.push(setter)
    } else {
        plan.setters.push(setter)
    }
    plan
}

/// The members of a model as they are named: arguments in their order, the others by their text, which no order of keys changes.
fn in_order<'m>(model: &'m Model, arguments: &[usize]) -> Vec<(usize, &'m Field)> {
    let mut fields: Vec<(usize, &Field)> = model.fields.iter().enumerate().collect();
    let place = |i: usize| arguments.iter().position(|a| *a == i).unwrap_or(usize::MAX);
    fields.sort_by(|(i, a), (j, b)| place(*i).cmp(&place(*j)).then_with(|| a.wire.cmp(&b.wire)));
    fields
}

impl Plan {
    /// Whether the request has the members of this type, and nothing of the type itself.
    pub fn replaces(&self, id: TypeId) -> bool {
        self.flat == Some(id) && !self.whole
    }

    /// Once all have their names, setters of members come as the document has them.
    fn settle(&mut self, model: &Model) {
        self.setters.sort_by_key(|setter| match setter.of {
            SetterOf::Member(i) => Some((model.fields.get(i).map(|f| f.rank), i)),
            SetterOf::Parameter(_)
            | SetterOf::Body
            | SetterOf::Mfa
            | SetterOf::Token
            | SetterOf::Other(_)
            | SetterOf::ContentType => None,
        });
    }
}

/// The model of a JSON body that has a member for the session, and whether the body must be sent.
fn resumed<'a>(api: &'a Api, o: &Operation, resume: &super::Resume) -> Option<(TypeId, &'a Model, bool)> {
    let body = o.body.as_ref()?;
    let Content::Json(of) = &body.content else { return None };
    let id = of.ty.named()?;
    let model = api.model(id)?;
    model.fields.iter().any(|f| f.wire == resume.session).then_some((id, model, body.required))
}

/// What a body of a media type is called: `application/vnd.acme+json` → `vnd_acme_json`.
fn media_word(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match essence.as_str() {
        "application/x-www-form-urlencoded" => "form".to_owned(),
        "multipart/form-data" => "multipart".to_owned(),
        "text/plain" => "text".to_owned(),
        "application/octet-stream" => "bytes".to_owned(),
        essence => {
            let (kind, subtype) = essence.split_once('/').unwrap_or(("", essence));
            let word = subtype.strip_prefix("x-").unwrap_or(subtype);
            // A range has no subtype.
            let word = if word.chars().any(char::is_alphanumeric) { word } else { kind };
            word.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
        }
    }
}

fn location_word(p: &Parameter) -> &'static str {
    match p.location {
        crate::ir::Location::Path => "path",
        crate::ir::Location::Query => "query",
        crate::ir::Location::Header => "header",
        crate::ir::Location::Cookie => "cookie",
    }
}

fn template_order(path: &str) -> Vec<&str> {
    path.split('{').skip(1).filter_map(|p| p.split_once('}').map(|(n, _)| n)).collect()
}

#[cfg(test)]
mod tests {
    use super::{Decisions, short_method, singular};

    /// The id, the tag, the method.
    #[rustfmt::skip]
    const TABLE: &[(&str, &str, &str)] = &[
        // The words of the tag go, in the singular or the plural.
        ("ListAccounts", "Accounts", "list"),
        ("RetrieveFinancialStatements", "Financial Statements", "retrieve"),
        ("CreatePaymentIntent", "Payment Intents (Brazil)", "create"),
        ("listCompaniesByCity", "Companies", "list_by_city"),
        ("GetAddresses", "Address", "get"),
        ("FindBranch", "Branches", "find"),
        ("GetStatus", "Statuses", "get"),
        // So do small words that are left at the end.
        ("DeleteItemsFromCart", "Cart", "delete_items"),
        ("GetStatusOfTaxReturn", "Tax Returns", "get_status"),
        // The tag may lead; where nothing is left of the id it stays.
        ("transactions/list", "Transactions", "list"),
        ("accounts", "Accounts", "accounts"),
        ("Search", "Piers", "search"),
        // Verbs that the settings translate.
        ("DetailAccount", "Accounts", "get"),
        // What is left may begin with a digit.
        ("areas-0-get", "Area", "_0_get"),
        ("areas/3d/area", "Area", "_3d"),
        ("4areas", "Area", "_4areas"),
    ];

    #[test]
    fn names_of_methods() {
        let mut decisions = Decisions::default();
        decisions.verbs.insert("detail".to_owned(), "get".to_owned());
        for (id, tag, method) in TABLE {
            assert_eq!(short_method(id, tag, &decisions), *method, "{id} of {tag}");
        }
    }

    #[test]
    fn words_in_the_singular() {
        for (word, one) in [
            ("piers", "pier"),
            ("companies", "company"),
            ("pies", "pie"),
            ("boxes", "box"),
            ("addresses", "address"),
            ("branches", "branch"),
            ("dishes", "dish"),
            ("houses", "house"),
            ("address", "address"),
            ("status", "status"),
            ("statuses", "status"),
            ("causes", "cause"),
            ("uses", "use"),
            ("aliases", "alias"),
            ("alias", "alias"),
            ("analyses", "analysis"),
            ("analysis", "analysis"),
            ("s", "s"),
            ("", ""),
        ] {
            assert_eq!(singular(word), one, "{word}");
        }
    }
}
