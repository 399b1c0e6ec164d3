//! What an API remembers, as far as its paths say it: below `/pets` lie the records `/pets/{id}`. What is posted to the one is
//! found in it, read, changed and deleted by the other; a list is given in pages and filtered by equality.

use super::act::Reply;
use super::check::{self, Checked};
use super::document::{Found, plain};
use super::identity::{alike, id_at, id_of, one_of, parameter_of, unwrapped, wrapped};
use super::pages::{Items, items, list};
use super::{Asked, World};
use generator::ir::{Content, Operation, Response, Type};
use serde_json::{Value, json};
use std::sync::Arc;

/// What an operation does to its collection.
enum Deed {
    List,
    Create,
    Read(String),
    Change(String),
    Delete(String),
    /// Nothing that is remembered.
    Other,
}

/// The answer to a request.
pub(super) fn answer(world: &mut World, found: &Found<'_>, asked: &Asked, checked: &Checked) -> Reply {
    let to = To::of(found);
    let (collection, deed) = deed(found);
    seed(world, found, &collection, &deed);
    let (id, is_delete) = match &deed {
        Deed::List => return list(world, &to, asked, checked, &collection),
        Deed::Create => return create(world, &to, checked, &collection),
        Deed::Other => return to.usual(world),
        Deed::Read(id) | Deed::Change(id) => (id, false),
        Deed::Delete(id) => (id, true),
    };
    let parameter = parameter_of(found.operation());
    let stored = world.records.entry(collection.clone()).or_default();
    let Some(at) = stored.iter().position(|record| id_of(record, &parameter).as_ref() == Some(id)) else {
        return absent(world, &to, &collection, id);
    };
    let mut record = match is_delete {
        true => stored.remove(at),
        false => stored.get(at).cloned().unwrap_or_default(),
    };
    if matches!(deed, Deed::Change(_)) {
        let old = record.clone();
        record = changed(found, record, &checked.body.clone().unwrap_or(Value::Null));
        // What it is found by stays, also where a body has another id or none.
        keep(&mut record, &old, &parameter);
        record = shape(world, found, &record, &old).unwrap_or(record);
        if let Some(place) = world.records.get_mut(&collection).and_then(|all| all.get_mut(at)) {
            *place = record.clone();
        }
    }
    if !matches!(deed, Deed::Read(_)) {
        world.note(&found.operation().id);
    }
    shown(world, &to, &record)
}

/// The answer that is being made.
pub(super) struct To<'f, 'd> {
    pub(super) found: &'f Found<'d>,
    /// As the document has it; `None` where it declares no success.
    pub(super) response: Option<&'d Response>,
    pub(super) status: u16,
}

impl<'f, 'd> To<'f, 'd> {
    fn of(found: &'f Found<'d>) -> Self {
        let response = found.usual();
        let nothing = if found.operation().method == "delete" { 204 } else { 200 };
        Self { found, response, status: response.map_or(nothing, |response| status(&response.status)) }
    }

    /// The document's own answer: the same each time.
    pub(super) fn usual(&self, world: &World) -> Reply {
        match self.response {
            Some(response) => self.found.reply(self.status, response, None, &mut world.dice_of(self.found)),
            None => Reply::empty(self.status),
        }
    }
}

fn status(declared: &str) -> u16 {
    let number = declared.replace(['X', 'x'], "0");
    number.parse().ok().filter(|status| (200..600).contains(status)).unwrap_or(200)
}

/// The collection of a request, by its path, and what is done to it.
fn deed(found: &Found<'_>) -> (String, Deed) {
    let operation = found.operation();
    let bare = operation.path.trim_end_matches('/');
    let last = bare.rsplit('/').next().unwrap_or_default();
    let path = concrete(found);
    let path = path.trim_end_matches('/');
    let of_one = last.starts_with('{') && last.ends_with('}') && last.matches('{').count() == 1;
    if of_one {
        let (above, _) = path.rsplit_once('/').unwrap_or((path, ""));
        let id = found.values.last().map(|(_, value)| value.clone()).unwrap_or_default();
        let id = percent_encoding::percent_decode_str(&id).decode_utf8_lossy().into_owned();
        let deed = match operation.method.as_str() {
            "get" | "head" => Deed::Read(id),
            "put" | "patch" | "post" => Deed::Change(id),
            "delete" => Deed::Delete(id),
            _ => Deed::Other,
        };
        return (above.to_owned(), deed);
    }
    let api = &found.document.understood().api;
    // `/pets` is a collection when somebody has `/pets/{id}`, or its answers are lists.
    let below = |other: &Operation| {
        let other = other.path.trim_end_matches('/');
        other
            .rsplit_once('/')
            .is_some_and(|(above, last)| above == bare && last.starts_with('{') && last.ends_with('}'))
    };
    let has_records = api.operations.iter().any(below);
    let lists = items(found).is_some();
    let deed = match operation.method.as_str() {
        "get" if lists => Deed::List,
        "post" if has_records => Deed::Create,
        _ => Deed::Other,
    };
    (path.to_owned(), deed)
}

/// The path of a request behind whichever server's path it came.
fn concrete(found: &Found<'_>) -> String {
    let (mut out, mut rest, mut values) = (String::new(), found.operation().path.as_str(), found.values.iter());
    while let Some((before, behind)) = rest.split_once('{') {
        let Some((_, after)) = behind.split_once('}') else { break };
        out.push_str(before);
        out.push_str(values.next().map_or("", |(_, value)| value));
        rest = after;
    }
    out + rest
}

/// Puts the document's own records into a collection that is looked at for the first time.
fn seed(world: &mut World, found: &Found<'_>, collection: &str, deed: &Deed) {
    if matches!(deed, Deed::Other) || world.seeded.contains_key(collection) {
        return;
    }
    let document = Arc::clone(&world.document);
    let path = |operation: &Operation| operation.path.trim_end_matches('/').to_owned();
    let own = path(found.operation());
    let above = own
        .rsplit_once('/')
        .filter(|(_, last)| last.starts_with('{'))
        .map_or(own.clone(), |(above, _)| above.to_owned());
    let above = if matches!(deed, Deed::List | Deed::Create) { own } else { above };
    let (mut records, mut ones, mut known): (Vec<Value>, Vec<(String, Value)>, bool) = (Vec::new(), Vec::new(), false);
    for (i, operation) in document.understood().api.operations.iter().enumerate() {
        let at = path(operation);
        let of_one =
            at.rsplit_once('/').is_some_and(|(a, last)| a == above && last.starts_with('{') && last.ends_with('}'));
        // What is posted there, or listed, is found by its id.
        known |= at == above && matches!(operation.method.as_str(), "get" | "post");
        if operation.method != "get" || (at != above && !of_one) {
            continue;
        }
        let one = document.at(i);
        let Some(response) = one.usual() else { continue };
        let Some(body) = one.body(response, None, &mut world.dice_of(&one)) else { continue };
        if of_one {
            let parameter = parameter_of(operation);
            let one = unwrapped(body, &parameter);
            ones.push((parameter, one));
            continue;
        }
        match items(&one) {
            Some(Items::Body) => records.extend(body.as_array().into_iter().flatten().cloned()),
            Some(Items::Member(name)) => records.extend(body[&name].as_array().into_iter().flatten().cloned()),
            None => {}
        }
    }
    for (parameter, one) in ones {
        let id = id_of(&one, &parameter);
        if one.is_object() && (id.is_none() || !records.iter().any(|record| id_of(record, &parameter) == id)) {
            known = id.is_some() || known && records.iter().all(|record| id_of(record, &parameter).is_some());
            records.push(one);
        }
    }
    world.seeded.insert(collection.to_owned(), known);
    world.records.entry(collection.to_owned()).or_default().extend(records);
}

/// Has a record keep the id of another.
fn keep(record: &mut Value, old: &Value, parameter: &str) {
    let Some(at) = id_at(old, parameter) else { return };
    let Some(id) = old.pointer(&at) else { return };
    if let Some(place) = record.pointer_mut(&at) {
        *place = id.clone();
    } else if let Some(map) = record.as_object_mut() {
        let first = at.trim_start_matches('/').split('/').next().unwrap_or_default().to_owned();
        let part = old.pointer(&format!("/{first}")).cloned().unwrap_or_default();
        map.insert(first.replace("~1", "/").replace("~0", "~"), part);
    }
}

/// A record as the operation that reads one has it, or as this one answers: what was sent and is no such thing is not kept (an id where
/// an answer has the whole object). `None` where no answer is like it.
fn shape(world: &World, found: &Found<'_>, record: &Value, old: &Value) -> Option<Value> {
    let document = Arc::clone(&world.document);
    let reading = one_of(&document, found.operation());
    let found = reading.as_ref().unwrap_or(found);
    let response = found.usual()?;
    let envelope = found.body(response, None, &mut world.dice_of(found))?;
    let (body, at) = match wrapped(&envelope, record) {
        Some(wrapped) => wrapped,
        None if alike(&envelope, record) || alike(record, &envelope) => (record.clone(), String::new()),
        None => return None,
    };
    let mut other = envelope;
    *other.pointer_mut(&at)? = old.clone();
    let parameter = parameter_of(found.operation());
    let spared = id_at(record, &parameter).map(|id| format!("{at}{id}"));
    found.fitted(response, body, &other, spared.as_deref()).pointer(&at).cloned()
}

/// An answer with a record where the answer is one; else the document's own, which may say that it is gone.
fn shown(world: &World, to: &To<'_, '_>, record: &Value) -> Reply {
    let Some(response) = to.response else { return to.usual(world) };
    let Some((media, Content::Json(of))) = &response.content else { return to.usual(world) };
    let api = &to.found.document.understood().api;
    let list = api.alternatives(&of.ty).iter().all(|ty| matches!(ty, Type::List(_)));
    let mut dice = world.dice_of(to.found);
    let envelope = to.found.body(response, None, &mut dice).unwrap_or(Value::Null);
    let (own, unfit) = (record.clone(), |body: &Value| to.found.misfits(response, body));
    let (body, at) = match wrapped(&envelope, record) {
        _ if list => (json!([own]), "/0".to_owned()),
        Some(wrapped) => wrapped,
        None if !envelope.is_object() || alike(&envelope, record) || unfit(record) == 0 => (own, String::new()),
        None => {
            // As far as it names what it is about, it is this record.
            let mut named = envelope.clone();
            for name in ["id", "name"] {
                if let (Some(place), Some(own)) = (named.get_mut(name), record.get(name)) {
                    *place = own.clone();
                }
            }
            (if unfit(&named) <= unfit(&envelope) { named } else { envelope.clone() }, String::new())
        }
    };
    let parameter = one_of(to.found.document, to.found.operation());
    let parameter = parameter.map_or_else(|| parameter_of(to.found.operation()), |one| parameter_of(one.operation()));
    let spared = id_at(record, &parameter).map(|id| format!("{at}{id}"));
    let body = to.found.fitted(response, body, &envelope, spared.as_deref());
    to.found.with_headers(Reply::text(to.status, media, &body.to_string()), response, &mut dice)
}

/// The answer where there is no such record. Where none is known by an id, the document's own.
fn absent(world: &World, to: &To<'_, '_>, collection: &str, id: &str) -> Reply {
    if world.seeded.get(collection) == Some(&false) {
        return to.usual(world);
    }
    match to.found.operation().responses.iter().find(|response| response.status == "404") {
        Some(response) => to.found.reply(404, response, None, &mut world.dice_of(to.found)),
        None => check::problem(404, &format!("there is no record `{}`", id.escape_debug()), &[]),
    }
}

fn create(world: &mut World, to: &To<'_, '_>, checked: &Checked, collection: &str) -> Reply {
    let found = to.found;
    let document = Arc::clone(&world.document);
    let sent = checked.body.clone().unwrap_or(Value::Null);
    let one = one_of(&document, found.operation());
    let parameter = one.as_ref().map_or_else(|| "id".to_owned(), |one| parameter_of(one.operation()));
    // What answers may be no record, or one in another shape: what is read later says what one is.
    let shows = |found: &Found<'_>| {
        let body = found.body(found.usual()?, None, &mut world.dice_of(found))?;
        let one = match body {
            Value::Array(list) => list.into_iter().next()?,
            body => unwrapped(body, &parameter),
        };
        id_at(&one, &parameter).is_some().then_some(one)
    };
    let base = one.as_ref().and_then(shows).or_else(|| shows(found)).unwrap_or_else(|| json!({}));
    let record = changed(found, base.clone(), &sent);
    let mut record = shape(world, found, &record, &base).unwrap_or(record);
    if let Some(at) = id_at(&record, &parameter) {
        let taken = |world: &World, id: &Value| {
            world.records.get(collection).into_iter().flatten().any(|other| other.pointer(&at) == Some(id))
        };
        // Who sends an id of their own means it: also in the place of a record that has it.
        let own = sent.pointer(&at).filter(|_| !read_only(found).contains(&at.trim_start_matches('/')));
        match own {
            Some(id) => {
                let all = world.records.entry(collection.to_owned()).or_default();
                all.retain(|other| other.pointer(&at) != Some(id));
            }
            None => {
                let example = record.pointer(&at).cloned().unwrap_or_default();
                let fits = |id: &Value| one.as_ref().is_none_or(|one| can_be_asked_for(one, &record, &at, id));
                let id = new_id(world, &example, |world, id| !taken(world, id), fits);
                record.pointer_mut(&at).into_iter().for_each(|place| *place = id.clone());
            }
        }
        world.seeded.insert(collection.to_owned(), true);
    }
    world.records.entry(collection.to_owned()).or_default().push(record.clone());
    world.note(&found.operation().id);
    shown(world, to, &record)
}

/// An id that is free and, where one can be found, what the document wants of ids: a number, a UUID, else one made of the example's.
fn new_id(
    world: &mut World,
    example: &Value,
    free: impl Fn(&World, &Value) -> bool,
    fits: impl Fn(&Value) -> bool,
) -> Value {
    const TRIES: usize = 1000;
    let usual = |world: &mut World| match example.is_number() {
        true => json!(world.new_number()),
        false => json!(world.new_id()),
    };
    let first = loop {
        let id = usual(world);
        if free(world, &id) {
            break id;
        }
    };
    if fits(&first) {
        return first;
    }
    let text = plain(example);
    let stem = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let others = (1..TRIES).map(|n| if example.is_number() { json!(n) } else { json!(format!("{stem}{n}")) });
    others.into_iter().find(|id| free(world, id) && fits(id)).unwrap_or(first)
}

/// Whether a record can have this id, and be asked for by it.
fn can_be_asked_for(reading: &Found<'_>, record: &Value, at: &str, id: &Value) -> bool {
    let asked = reading.takes(&parameter_of(reading.operation()), id);
    let (Some(response), mut other) = (reading.usual(), record.clone()) else { return asked };
    other.pointer_mut(at).into_iter().for_each(|place| *place = id.clone());
    asked && reading.misfits(response, &other) <= reading.misfits(response, record)
}

/// A record with what was sent: members that the client may only read stay as they are, those that it only sends are not kept. `PUT`
/// takes out what could have been sent and was not.
fn changed(found: &Found<'_>, mut old: Value, sent: &Value) -> Value {
    let (kept, declared) = (read_only(found), members(found));
    let Value::Object(sent) = sent else { return old };
    let Value::Object(map) = &mut old else { return Value::Object(sent.clone()) };
    let is_kept = |name: &String| kept.contains(&name.as_str());
    if found.operation().method == "put" {
        map.retain(|name, _| is_kept(name) || sent.contains_key(name) || !declared.iter().any(|(one, _)| one == name));
    }
    for (name, value) in sent.iter().filter(|(name, _)| !is_kept(name)) {
        let only_sent = declared.iter().any(|(one, only_sent)| one == name && *only_sent);
        match (map.get_mut(name), value) {
            _ if only_sent => {}
            (Some(Value::Object(old)), Value::Object(new)) if found.operation().method == "patch" => {
                old.extend(new.clone())
            }
            _ => drop(map.insert(name.clone(), value.clone())),
        }
    }
    old
}

/// The members that a body may have, each with whether it is only sent.
fn members<'d>(found: &Found<'d>) -> Vec<(&'d str, bool)> {
    let api = &found.document.understood().api;
    let of = found.operation().body.iter().flat_map(|body| body.contents()).filter_map(|content| content.of());
    let models = of.flat_map(|of| api.alternatives(&of.ty)).filter_map(|ty| api.model(ty.named()?));
    models.flat_map(|model| &model.fields).map(|field| (field.wire.as_str(), field.write_only)).collect()
}

/// The members of a body that the client may only read.
fn read_only<'d>(found: &Found<'d>) -> Vec<&'d str> {
    let api = &found.document.understood().api;
    // The answer's model has them; what is only read is not in a request's.
    let answer = found.usual().and_then(|response| response.content.as_ref()).map(|(_, content)| content);
    let bodies = found.operation().body.iter().flat_map(|body| body.contents());
    let of = bodies.chain(answer).filter_map(|content| content.of());
    let models = of.flat_map(|of| api.alternatives(&of.ty)).filter_map(|ty| api.model(ty.named()?));
    models.flat_map(|model| &model.fields).filter(|field| field.read_only).map(|field| field.wire.as_str()).collect()
}
