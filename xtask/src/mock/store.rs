//! What an API remembers, as far as its paths say it: below `/pets` lie the records `/pets/{id}`. What is posted to the one is
//! found in it, read, changed and deleted by the other; a list is given in pages and filtered by equality.

use super::act::Reply;
use super::check::{self, Checked};
use super::document::{Found, plain};
use super::{Asked, World};
use generator::ir::{Api, Content, Operation, Response, Type, TypeKind};
use serde_json::{Value, json};

/// Names under which lists have their records.
const ITEMS: &[&str] = &["results", "data", "items", "records", "values", "content", "entries"];
/// Names under which lists have the number of all records.
const TOTALS: &[&str] =
    &["count", "total", "total_count", "totalcount", "total_items", "totalitems", "totalelements", "total_results"];
/// Parameters that say how many records a page has.
const SIZES: &[&str] = &[
    "page_size",
    "pagesize",
    "per_page",
    "perpage",
    "limit",
    "size",
    "page[size]",
    "$top",
    "top",
    "max_results",
    "maxresults",
    "count",
];
/// Parameters that say which page it is, from one.
const PAGES: &[&str] = &["page", "page_number", "pagenumber", "page[number]"];
/// Parameters that say how many records are left out in front.
const OFFSETS: &[&str] = &["offset", "skip", "start", "$skip", "page[offset]", "startindex", "start_index"];

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
    let Some(response) = found.usual() else { return Reply::empty(200) };
    let status = status(&response.status);
    let (collection, deed) = deed(found);
    seed(world, found, &collection, &deed);
    match deed {
        Deed::List => list(world, found, asked, checked, response, status, &collection),
        Deed::Create => create(world, found, checked, response, status, &collection),
        Deed::Read(id) => match position(world, found, &collection, &id) {
            Some(at) => shown(world, found, response, status, record(world, &collection, at)),
            None => missing(world, found, &id),
        },
        Deed::Change(id) => match position(world, found, &collection, &id) {
            Some(at) => {
                let old = record(world, &collection, at);
                let body = checked.body.clone().unwrap_or(Value::Null);
                let new = changed(found, old, &body);
                if let Some(place) = world.records.get_mut(&collection).and_then(|all| all.get_mut(at)) {
                    *place = new.clone();
                }
                world.note(&found.operation().id);
                shown(world, found, response, status, new)
            }
            None => missing(world, found, &id),
        },
        Deed::Delete(id) => match position(world, found, &collection, &id) {
            Some(at) => {
                let old = record(world, &collection, at);
                if let Some(all) = world.records.get_mut(&collection) {
                    all.remove(at);
                }
                world.note(&found.operation().id);
                shown(world, found, response, status, old)
            }
            None => missing(world, found, &id),
        },
        Deed::Other => found.reply(status, response, None, &mut world.dice),
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

/// Where the records of a list are: the body itself, or one of its members.
enum Items {
    Body,
    Member(String),
}

fn items(api: &Api, response: &Response) -> Option<Items> {
    let Some((_, Content::Json(of))) = &response.content else { return None };
    for ty in api.alternatives(&of.ty) {
        match ty {
            Type::List(_) => return Some(Items::Body),
            Type::Named(id) => {
                let Some(model) = api.model(*id) else { continue };
                let lists: Vec<&str> = model
                    .fields
                    .iter()
                    .filter(|field| matches!(&field.of.ty, Type::List(of) if is_record(api, &of.ty)))
                    .map(|field| field.wire.as_str())
                    .collect();
                let known = ITEMS.iter().find(|name| lists.iter().any(|list| list.eq_ignore_ascii_case(name)));
                let chosen = match (known, lists.as_slice()) {
                    (Some(known), _) => lists.iter().find(|list| list.eq_ignore_ascii_case(known)).copied(),
                    (None, [only]) => Some(*only),
                    (None, _) => None,
                };
                if let Some(name) = chosen {
                    return Some(Items::Member(name.to_owned()));
                }
            }
            _ => {}
        }
    }
    None
}

fn is_record(api: &Api, ty: &Type) -> bool {
    api.alternatives(ty).iter().any(|one| match one {
        Type::Any | Type::Map(_) => true,
        Type::Named(id) => matches!(api.get(*id).map(|def| &def.kind), Some(TypeKind::Model(_))),
        _ => false,
    })
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
    let mut records = Vec::new();
    for (i, operation) in document.understood().api.operations.iter().enumerate() {
        let at = path(operation);
        let of_one =
            at.rsplit_once('/').is_some_and(|(a, last)| a == above && last.starts_with('{') && last.ends_with('}'));
        if operation.method != "get" || (at != above && !of_one) {
            continue;
        }
        let one = document.at(i);
        let Some(response) = one.usual() else { continue };
        let Some(body) = one.body(response, None, &mut world.dice) else { continue };
        if of_one {
            if body.is_object() && !records.iter().any(|record: &Value| same_id(&one, record, &body)) {
                records.push(body);
            }
            continue;
        }
        match items(&document.understood().api, response) {
            Some(Items::Body) => records.extend(body.as_array().into_iter().flatten().cloned()),
            Some(Items::Member(name)) => records.extend(body[&name].as_array().into_iter().flatten().cloned()),
            None => {}
        }
    }
    world.records.entry(collection.to_owned()).or_default().extend(records);
}

fn same_id(found: &Found<'_>, a: &Value, b: &Value) -> bool {
    let parameter = found
        .operation()
        .path
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or_default()
        .trim_matches(['{', '}'])
        .to_owned();
    let id = |record: &Value| id_member(record, &parameter).and_then(|name| record.get(&name).cloned());
    id(a).is_some_and(|a| Some(a) == id(b))
}

/// The member by which a record is found: the parameter's own name, what is left of it without the resource, or `id`.
fn id_member(record: &Value, parameter: &str) -> Option<String> {
    let members = record.as_object()?;
    let flat = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let wanted = flat(parameter);
    let scalar = |name: &&String| members.get(*name).is_some_and(|value| value.is_string() || value.is_number());
    let names = || members.keys().filter(scalar);
    let exact = names().find(|name| flat(name) == wanted);
    let rest = || names().filter(|name| wanted.ends_with(&flat(name))).max_by_key(|name| name.len());
    exact.or_else(|| names().find(|name| flat(name) == "id")).or_else(rest).cloned()
}

fn position(world: &World, found: &Found<'_>, collection: &str, id: &str) -> Option<usize> {
    let parameter = found.values.last().map(|(name, _)| name.clone()).unwrap_or_default();
    world.records.get(collection)?.iter().position(|record| {
        id_member(record, &parameter).is_some_and(|name| record.get(&name).is_some_and(|value| plain(value) == id))
    })
}

fn record(world: &World, collection: &str, at: usize) -> Value {
    world.records.get(collection).and_then(|all| all.get(at)).cloned().unwrap_or_default()
}

/// An answer with a record where the answer is one.
fn shown(world: &mut World, found: &Found<'_>, response: &Response, status: u16, record: Value) -> Reply {
    match &response.content {
        Some((media, Content::Json(of))) => {
            let list =
                found.document.understood().api.alternatives(&of.ty).iter().all(|ty| matches!(ty, Type::List(_)));
            let envelope = found.body(response, None, &mut world.dice).unwrap_or(Value::Null);
            let body = if list { json!([record]) } else { wrapped(envelope, record) };
            let reply = Reply::text(status, media, &body.to_string());
            found.with_headers(reply, response, &mut world.dice)
        }
        _ => found.reply(status, response, None, &mut world.dice),
    }
}

/// A record in what the document wraps around one: `{"data": {...}}`.
fn wrapped(mut envelope: Value, record: Value) -> Value {
    let inner: Vec<String> = match &envelope {
        Value::Object(map) => {
            let alike = |value: &Value| {
                let (Some(a), Some(b)) = (value.as_object(), record.as_object()) else { return false };
                !a.is_empty() && a.keys().filter(|key| b.contains_key(*key)).count() * 2 > a.len()
            };
            map.iter().filter(|(_, value)| alike(value)).map(|(key, _)| key.clone()).collect()
        }
        _ => Vec::new(),
    };
    match inner.as_slice() {
        [only] => {
            envelope[only] = record;
            envelope
        }
        _ => record,
    }
}

/// The answer where there is no such record.
fn missing(world: &mut World, found: &Found<'_>, id: &str) -> Reply {
    match found.operation().responses.iter().find(|response| response.status == "404") {
        Some(response) => found.reply(404, response, None, &mut world.dice),
        None => check::problem(404, &format!("there is no record `{}`", id.escape_debug()), &[]),
    }
}

fn create(
    world: &mut World,
    found: &Found<'_>,
    checked: &Checked,
    response: &Response,
    status: u16,
    collection: &str,
) -> Reply {
    let api = &found.document.understood().api;
    let sent = checked.body.clone().unwrap_or(Value::Null);
    let made = found.body(response, None, &mut world.dice);
    let base = match made {
        Some(Value::Array(list)) => list.into_iter().next().unwrap_or_else(|| json!({})),
        Some(Value::Object(map)) => Value::Object(map),
        // An answer without a body: what is sent is what is stored.
        _ => sent.clone(),
    };
    let mut record = changed(found, base, &sent);
    if let Some(name) = record_id(found, &record, api)
        && let Some(map) = record.as_object_mut()
    {
        let number = map.get(&name).is_some_and(Value::is_number);
        // Who sends an id of their own means it.
        if sent.get(&name).is_none() || read_only(found).contains(&name.as_str()) {
            map.insert(name, if number { json!(world.new_number()) } else { json!(world.new_id()) });
        }
    }
    world.records.entry(collection.to_owned()).or_default().push(record.clone());
    world.note(&found.operation().id);
    shown(world, found, response, status, record)
}

/// The member by which a record of a collection is found.
fn record_id(found: &Found<'_>, record: &Value, api: &Api) -> Option<String> {
    let own = found.operation().path.trim_end_matches('/');
    let parameter = api.operations.iter().find_map(|operation| {
        let (above, last) = operation.path.trim_end_matches('/').rsplit_once('/')?;
        (above == own && last.starts_with('{')).then(|| last.trim_matches(['{', '}']).to_owned())
    });
    id_member(record, parameter.as_deref().unwrap_or("id"))
}

/// A record with what was sent: members that the client may only read stay as they are.
fn changed(found: &Found<'_>, mut old: Value, sent: &Value) -> Value {
    let kept = read_only(found);
    match (&mut old, sent) {
        (Value::Object(map), Value::Object(sent)) => {
            for (name, value) in sent.iter().filter(|(name, _)| !kept.contains(&name.as_str())) {
                map.insert(name.clone(), value.clone());
            }
        }
        (old, sent) if !sent.is_null() => *old = sent.clone(),
        _ => {}
    }
    old
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

fn list(
    world: &mut World,
    found: &Found<'_>,
    asked: &Asked,
    checked: &Checked,
    response: &Response,
    status: u16,
    collection: &str,
) -> Reply {
    let document = std::sync::Arc::clone(&world.document);
    let Some(items) = items(&document.understood().api, response) else {
        return found.reply(status, response, None, &mut world.dice);
    };
    let number = |names: &[&str]| {
        checked
            .query
            .iter()
            .find(|(name, _)| names.contains(&name.to_ascii_lowercase().as_str()))
            .and_then(|(name, value)| Some((name.clone(), usize::try_from(value.as_u64()?).ok()?)))
    };
    let (size, page, offset) = (number(SIZES), number(PAGES), number(OFFSETS));
    let filters: Vec<&(String, Value)> = checked
        .query
        .iter()
        .filter(|(name, _)| {
            ![SIZES, PAGES, OFFSETS].iter().any(|names| names.contains(&name.to_ascii_lowercase().as_str()))
        })
        .collect();
    let all: Vec<Value> = world
        .records
        .get(collection)
        .into_iter()
        .flatten()
        .filter(|record| passes(record, &filters))
        .cloned()
        .collect();
    let length = size.as_ref().map_or(world.page_size, |(_, size)| *size).clamp(1, 10_000);
    let start = match (&page, &offset) {
        (Some((_, page)), _) => page.saturating_sub(1) * length,
        (None, Some((_, offset))) => *offset,
        (None, None) => 0,
    };
    // A list that nobody can ask for in parts comes whole.
    let declared = |names: &[&str]| {
        found.operation().parameters.iter().any(|p| names.contains(&p.wire.to_ascii_lowercase().as_str()))
    };
    let paged = declared(SIZES) || declared(PAGES) || declared(OFFSETS);
    let shown: Vec<Value> = if paged { all.iter().skip(start).take(length).cloned().collect() } else { all.clone() };
    let more = paged && start + length < all.len();
    let body = match items {
        Items::Body => Value::Array(shown),
        Items::Member(member) => {
            let mut body = found.body(response, None, &mut world.dice).unwrap_or_else(|| json!({}));
            if let Some(map) = body.as_object_mut() {
                map.insert(member, Value::Array(shown));
                for (name, value) in map.iter_mut() {
                    let lower = name.to_ascii_lowercase();
                    if value.is_number() && TOTALS.contains(&lower.as_str()) {
                        *value = json!(all.len());
                    }
                    let link = |page: usize| {
                        let name = page_name(found);
                        json!(with_query(asked, &name.0, if name.1 { page } else { (page - 1) * length }))
                    };
                    match lower.as_str() {
                        "next" => *value = if more { link(start / length + 2) } else { Value::Null },
                        "previous" | "prev" => {
                            *value = if start > 0 { link((start / length).max(1)) } else { Value::Null }
                        }
                        "has_more" | "hasmore" | "has_next" => *value = json!(more),
                        _ => {}
                    }
                }
            }
            body
        }
    };
    let media = response.content.as_ref().map_or("application/json", |(media, _)| media.as_str());
    let reply = Reply::text(status, media, &body.to_string());
    found.with_headers(reply, response, &mut world.dice)
}

/// The parameter that asks for another page, and whether it counts pages.
fn page_name(found: &Found<'_>) -> (String, bool) {
    let of = |names: &[&str]| {
        found
            .operation()
            .parameters
            .iter()
            .find(|p| names.contains(&p.wire.to_ascii_lowercase().as_str()))
            .map(|p| p.wire.clone())
    };
    of(PAGES)
        .map(|name| (name, true))
        .or_else(|| of(OFFSETS).map(|name| (name, false)))
        .unwrap_or_else(|| ("page".to_owned(), true))
}

/// The address of a request with one parameter set otherwise.
pub(super) fn with_query(asked: &Asked, name: &str, value: usize) -> String {
    let mut query: Vec<&str> = asked.target.split_once('?').map_or(Vec::new(), |(_, query)| query.split('&').collect());
    query.retain(|pair| pair.split('=').next() != Some(name) && !pair.is_empty());
    let pair = format!("{name}={value}");
    query.push(&pair);
    format!("{}{}?{}", asked.origin, asked.path(), query.join("&"))
}

/// Whether a record passes the filters that speak of one of its scalars, by equality or by a list of values.
fn passes(record: &Value, filters: &[&(String, Value)]) -> bool {
    filters.iter().all(|(name, wanted)| {
        let held = &record[name.as_str()];
        let equal =
            |wanted: &Value| held.is_null() || held.is_object() || held.is_array() || plain(held) == plain(wanted);
        match wanted {
            Value::Array(list) => list.is_empty() || list.iter().any(equal),
            wanted => equal(wanted),
        }
    })
}
