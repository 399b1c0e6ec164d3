//! What an API remembers, as far as its paths say it: below `/pets` lie the records `/pets/{id}`. What is posted to the one is
//! found in it, read, changed and deleted by the other; a list is given in pages and filtered by equality.

use super::act::Reply;
use super::check::{self, Checked};
use super::document::{Document, Found, join, plain};
use super::pages::{Items, items, list};
use super::{Asked, Dice, World};
use generator::ir::{Content, Operation, Response, Type};
use serde_json::{Value, json};

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
    let Some(response) = found.usual() else {
        return Reply::empty(if found.operation().method == "delete" { 204 } else { 200 });
    };
    let to = To { found, response, status: status(&response.status) };
    let (collection, deed) = deed(found);
    seed(world, found, &collection, &deed);
    let at = |world: &World, id: &str| position(world, found, &collection, id);
    match deed {
        Deed::List => list(world, &to, asked, checked, &collection),
        Deed::Create => create(world, &to, checked, &collection),
        Deed::Read(id) => match at(world, &id) {
            Some(at) => shown(world, &to, record(world, &collection, at)),
            None => absent(world, &to, &collection, &id),
        },
        Deed::Change(id) => match at(world, &id) {
            Some(at) => {
                let body = checked.body.clone().unwrap_or(Value::Null);
                let old = record(world, &collection, at);
                let new = changed(found, old.clone(), &body);
                let new = settled(&to, &mut world.dice_of(found), &old, new);
                if let Some(place) = world.records.get_mut(&collection).and_then(|all| all.get_mut(at)) {
                    *place = new.clone();
                }
                world.note(&found.operation().id);
                shown(world, &to, new)
            }
            None => absent(world, &to, &collection, &id),
        },
        Deed::Delete(id) => match at(world, &id) {
            Some(at) => {
                let old = record(world, &collection, at);
                if let Some(all) = world.records.get_mut(&collection) {
                    all.remove(at);
                }
                world.note(&found.operation().id);
                shown(world, &to, old)
            }
            None => absent(world, &to, &collection, &id),
        },
        Deed::Other => to.usual(world),
    }
}

/// The answer that is being made.
pub(super) struct To<'f, 'd> {
    pub(super) found: &'f Found<'d>,
    pub(super) response: &'d Response,
    pub(super) status: u16,
}

impl To<'_, '_> {
    /// The document's own answer: the same each time.
    pub(super) fn usual(&self, world: &World) -> Reply {
        self.found.reply(self.status, self.response, None, &mut world.dice_of(self.found))
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
    let lists = found.usual().and_then(|response| items(api, response)).is_some();
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
    if matches!(deed, Deed::Other) || !world.seeded.insert(collection.to_owned()) {
        return;
    }
    let document = std::sync::Arc::clone(&world.document);
    let path = |operation: &Operation| operation.path.trim_end_matches('/').to_owned();
    let own = path(found.operation());
    let above = own
        .rsplit_once('/')
        .filter(|(_, last)| last.starts_with('{'))
        .map_or(own.clone(), |(above, _)| above.to_owned());
    let above = if matches!(deed, Deed::List | Deed::Create) { own } else { above };
    let (mut records, mut ones) = (Vec::new(), Vec::new());
    for (i, operation) in document.understood().api.operations.iter().enumerate() {
        let at = path(operation);
        let of_one =
            at.rsplit_once('/').is_some_and(|(a, last)| a == above && last.starts_with('{') && last.ends_with('}'));
        if operation.method != "get" || (at != above && !of_one) {
            continue;
        }
        let one = document.at(i);
        let Some(response) = one.usual() else { continue };
        let Some(body) = one.body(response, None, &mut world.dice_of(&one)) else { continue };
        if of_one {
            ones.push((i, unwrapped(body, &parameter_of(operation))));
            continue;
        }
        match items(&document.understood().api, response) {
            Some(Items::Body) => records.extend(body.as_array().into_iter().flatten().cloned()),
            Some(Items::Member(name)) => records.extend(body[&name].as_array().into_iter().flatten().cloned()),
            None => {}
        }
    }
    for (i, one) in ones {
        if one.is_object() && !records.iter().any(|record| same_id(&document.at(i), record, &one)) {
            records.push(one);
        }
    }
    world.records.entry(collection.to_owned()).or_default().extend(records);
}

/// The parameter by which one record of a collection is found.
pub(super) fn parameter_of(operation: &Operation) -> String {
    let last = operation.path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    last.trim_matches(['{', '}']).to_owned()
}

/// Names under which answers with more than that have their record.
const WRAPPERS: &[&str] = &["data", "result", "item", "record", "object", "payload"];

/// A record without what the document wraps around one.
fn unwrapped(body: Value, parameter: &str) -> Value {
    if id_at(&body, parameter).is_some_and(|at| at.matches('/').count() == 1) {
        return body;
    }
    let Some(map) = body.as_object() else { return body };
    let wraps = |name: &str| map.len() <= 2 || WRAPPERS.contains(&name.to_ascii_lowercase().as_str());
    let inner = map.iter().filter(|(name, value)| wraps(name) && id_at(value, parameter).is_some());
    match inner.map(|(_, value)| value).collect::<Vec<_>>().as_slice() {
        // What a Kubernetes object calls `metadata` is a part of it and wraps nothing.
        [only] if map.get("metadata") != Some(only) => (*only).clone(),
        _ => body,
    }
}

fn same_id(found: &Found<'_>, a: &Value, b: &Value) -> bool {
    let parameter = parameter_of(found.operation());
    let id = |record: &Value| id_at(record, &parameter).and_then(|at| record.pointer(&at).map(plain));
    id(a).is_some_and(|a| Some(a) == id(b))
}

/// Parts of a record that may hold its id.
const PARTS: &[&str] = &["metadata", "attributes", "data"];

/// Where the id of a record is: in the member called as the parameter, or as what is left of that without the resource
/// (`issue_number`: `number`), or in `id`.
pub(super) fn id_at(record: &Value, parameter: &str) -> Option<String> {
    let flat = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let wanted = flat(parameter);
    let names = |part: &Value| -> Vec<String> {
        let scalar = |value: &Value| value.is_string() || value.is_number();
        let all = part.as_object().into_iter().flatten();
        all.filter(|(_, value)| scalar(value)).map(|(name, _)| name.clone()).collect()
    };
    let own = names(record);
    let exact = |names: &[String]| names.iter().find(|name| flat(name) == wanted).cloned();
    let at = |name: String| join("", &name);
    if let Some(name) = exact(&own) {
        return Some(at(name));
    }
    for part in PARTS {
        if let Some(name) = record.get(part).and_then(|inner| exact(&names(inner))) {
            return Some(join(&at((*part).to_owned()), &name));
        }
    }
    let rest = own.iter().filter(|name| !flat(name).is_empty() && wanted.ends_with(&flat(name)));
    let rest = rest.max_by_key(|name| name.len()).cloned();
    rest.or_else(|| own.iter().find(|name| flat(name) == "id").cloned()).map(at)
}

fn position(world: &World, found: &Found<'_>, collection: &str, id: &str) -> Option<usize> {
    let parameter = parameter_of(found.operation());
    world.records.get(collection)?.iter().position(|record| {
        id_at(record, &parameter).is_some_and(|at| record.pointer(&at).is_some_and(|value| plain(value) == id))
    })
}

fn record(world: &World, collection: &str, at: usize) -> Value {
    world.records.get(collection).and_then(|all| all.get(at)).cloned().unwrap_or_default()
}

/// An answer with a record where the answer is one; else the document's own, which may say that it is gone.
fn shown(world: &mut World, to: &To<'_, '_>, record: Value) -> Reply {
    let Some((media, Content::Json(of))) = &to.response.content else { return to.usual(world) };
    let api = &to.found.document.understood().api;
    let list = api.alternatives(&of.ty).iter().all(|ty| matches!(ty, Type::List(_)));
    let mut dice = world.dice_of(to.found);
    let envelope = to.found.body(to.response, None, &mut dice).unwrap_or(Value::Null);
    let record = if list { record } else { settled(to, &mut dice, &unwrapped(envelope.clone(), "id"), record) };
    let mut body = if list { json!([record]) } else { wrapped(envelope.clone(), record.clone()) };
    let unfit = |body: &Value| to.found.misfits(to.response, body);
    if unfit(&body) > 0 && unfit(&envelope) == 0 && !alike(&envelope, &record) {
        body = envelope;
        // As far as it names what it is about, it is this record.
        for name in ["id", "name"] {
            if let (Some(place), Some(own)) = (body.get_mut(name), record.get(name)) {
                *place = own.clone();
            }
        }
    }
    to.found.with_headers(Reply::text(to.status, media, &body.to_string()), to.response, &mut dice)
}

/// Whether two objects have most of their members in common.
fn alike(a: &Value, b: &Value) -> bool {
    let (Some(a), Some(b)) = (a.as_object(), b.as_object()) else { return false };
    !a.is_empty() && a.keys().filter(|key| b.contains_key(*key)).count() * 2 > a.len()
}

/// A record in what the document wraps around one: `{"data": {...}}`.
fn wrapped(mut envelope: Value, record: Value) -> Value {
    let parts = envelope.as_object().into_iter().flatten();
    let inner: Vec<String> = parts.filter(|(_, part)| alike(part, &record)).map(|(key, _)| key.clone()).collect();
    match inner.as_slice() {
        [only] => {
            envelope[only] = record;
            envelope
        }
        _ => record,
    }
}

/// The answer where there is no such record. Where none can be known by an id, the document's own.
fn absent(world: &mut World, to: &To<'_, '_>, collection: &str, id: &str) -> Reply {
    let parameter = parameter_of(to.found.operation());
    let all = world.records.get(collection).map(Vec::as_slice).unwrap_or_default();
    let known = all.iter().any(|record| id_at(record, &parameter).is_some());
    let above = to.found.operation().path.trim_end_matches('/').rsplit_once('/').map_or("", |(above, _)| above);
    let mut others = to.found.document.understood().api.operations.iter();
    let kept = others
        .any(|other| matches!(other.method.as_str(), "post" | "get") && other.path.trim_end_matches('/') == above);
    if !known && (!kept || !all.is_empty()) {
        return to.usual(world);
    }
    match to.found.operation().responses.iter().find(|response| response.status == "404") {
        Some(response) => to.found.reply(404, response, None, &mut world.dice_of(to.found)),
        None => check::problem(404, &format!("there is no record `{}`", id.escape_debug()), &[]),
    }
}

fn create(world: &mut World, to: &To<'_, '_>, checked: &Checked, collection: &str) -> Reply {
    let found = to.found;
    let document = std::sync::Arc::clone(&world.document);
    let sent = checked.body.clone().unwrap_or(Value::Null);
    let one = one_of(&document, found.operation());
    let parameter = one.as_ref().map_or_else(|| "id".to_owned(), |one| parameter_of(one.operation()));
    let mut dice = world.dice_of(found);
    let answer = match found.body(to.response, None, &mut dice) {
        Some(Value::Array(list)) => list.into_iter().next(),
        Some(body @ Value::Object(_)) => Some(unwrapped(body, &parameter)),
        _ => None,
    };
    // What answers may be no record, or one in another shape: what is read later says what one is.
    let reading = one.as_ref().and_then(|found| Some(To { found, response: found.usual()?, status: to.status }));
    let read =
        reading.as_ref().and_then(|to| Some(unwrapped(to.found.body(to.response, None, &mut dice)?, &parameter)));
    let known = |record: &Value| id_at(record, &parameter).is_some();
    let base = read.filter(known).or(answer).unwrap_or_else(|| json!({}));
    let new = changed(found, base.clone(), &sent);
    let mut record = settled(reading.as_ref().unwrap_or(to), &mut dice, &base, new);
    if let Some(at) = id_at(&record, &parameter) {
        // Who sends an id of their own means it.
        let own = sent.pointer(&at).is_some() && !read_only(found).contains(&at.trim_start_matches('/'));
        let number = record.pointer(&at).is_some_and(Value::is_number);
        let taken = |world: &World, id: &Value| {
            world.records.get(collection).into_iter().flatten().any(|other| other.pointer(&at) == Some(id))
        };
        if !own {
            let id = loop {
                let id = if number { json!(world.new_number()) } else { json!(world.new_id()) };
                if !taken(world, &id) {
                    break id;
                }
            };
            record.pointer_mut(&at).into_iter().for_each(|place| *place = id.clone());
        }
    }
    world.records.entry(collection.to_owned()).or_default().push(record.clone());
    world.note(&found.operation().id);
    shown(world, to, record)
}

/// A record without what was sent and is no such thing in an answer: an id where that has the whole object.
fn settled(to: &To<'_, '_>, dice: &mut Dice, old: &Value, mut new: Value) -> Value {
    let envelope = to.found.body(to.response, None, dice).unwrap_or(Value::Null);
    let unfit = |record: &Value| to.found.misfits(to.response, &wrapped(envelope.clone(), record.clone()));
    let mut least = unfit(&new);
    for (name, value) in old.as_object().into_iter().flatten() {
        if least == 0 {
            break;
        }
        if new.get(name).is_some_and(|new| new != value) {
            let mut tried = new.clone();
            tried[name] = value.clone();
            let count = unfit(&tried);
            if count < least {
                (least, new) = (count, tried);
            }
        }
    }
    new
}

/// The operation that reads one record of the collection of another.
pub(super) fn one_of<'d>(document: &'d Document, collection: &Operation) -> Option<Found<'d>> {
    let above = collection.path.trim_end_matches('/');
    let reads = |operation: &Operation| {
        let split = operation.path.trim_end_matches('/').rsplit_once('/');
        operation.method == "get" && split.is_some_and(|(a, last)| a == above && last.starts_with('{'))
    };
    document.understood().api.operations.iter().position(reads).map(|index| document.at(index))
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
