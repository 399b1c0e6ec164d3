//! Lists: where an answer has its records, which of them are asked for, and what says how to go on.

use super::act::Reply;
use super::check::Checked;
use super::document::{Found, plain};
use super::store::{To, id_at, one_of, parameter_of};
use super::{Asked, World};
use generator::ir::{Api, Content, Response, Type, TypeKind};
use serde_json::{Map, Value, json};

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
    "maxkeys",
];
/// Parameters that say which page it is, from one.
const PAGES: &[&str] = &["page", "page_number", "pagenumber", "page[number]"];
/// Parameters that say how many records are left out in front.
const OFFSETS: &[&str] = &["offset", "skip", "start", "$skip", "page[offset]", "startindex", "start_index"];

/// Parameters that name the record after which the next page begins.
const CURSORS: &[&str] = &[
    "starting_after",
    "after",
    "cursor",
    "page_token",
    "pagetoken",
    "next_token",
    "nexttoken",
    "continue",
    "page[after]",
];
/// Members that hold such a cursor.
const NEXT_CURSORS: &[&str] =
    &["next_cursor", "nextcursor", "next_page_token", "nextpagetoken", "next_token", "nexttoken", "continue", "after"];

/// Where the records of a list are: the body itself, or one of its members.
pub(super) enum Items {
    Body,
    Member(String),
}

pub(super) fn items(api: &Api, response: &Response) -> Option<Items> {
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

/// A query as it asks for a part of a list.
struct Asking {
    size: Option<usize>,
    page: Option<usize>,
    offset: Option<usize>,
    cursor: Option<String>,
}

impl Asking {
    fn of(query: &[(String, Value)]) -> Self {
        let find = |names: &[&str]| query.iter().find(|(name, _)| has(names, name)).map(|(_, value)| value);
        let number = |value: &Value| value.as_u64().and_then(|n| usize::try_from(n).ok());
        // JSON:API: `page[number]=2&page[size]=10`.
        let inner = |name: &str| find(&["page"]).and_then(|page| page.get(name)).and_then(number);
        Self {
            size: find(SIZES).and_then(number).or_else(|| inner("size")),
            page: find(PAGES).and_then(number).or_else(|| inner("number")),
            offset: find(OFFSETS).and_then(number).or_else(|| inner("offset")),
            cursor: find(CURSORS).filter(|value| !value.is_null()).map(plain).filter(|text| !text.is_empty()),
        }
    }
}

fn has(names: &[&str], name: &str) -> bool {
    names.contains(&name.to_ascii_lowercase().as_str())
}

/// The answer to who asks for a list.
pub(super) fn list(world: &World, to: &To<'_, '_>, asked: &Asked, checked: &Checked, collection: &str) -> Reply {
    let (found, response) = (to.found, to.response);
    let Some(items) = items(&found.document.understood().api, response) else { return to.usual(world) };
    let ways = [SIZES, PAGES, OFFSETS, CURSORS];
    let filters: Vec<&(String, Value)> =
        checked.query.iter().filter(|(name, _)| !ways.iter().any(|names| has(names, name))).collect();
    let stored = world.records.get(collection).into_iter().flatten();
    let all: Vec<&Value> = stored.filter(|record| passes(record, &filters)).collect();
    let parameter = one_of(found.document, found.operation());
    let parameter = parameter.map_or_else(|| "id".to_owned(), |one| parameter_of(one.operation()));
    let id = |record: &Value| id_at(record, &parameter).and_then(|at| record.pointer(&at).map(plain));
    let asking = Asking::of(&checked.query);
    let length = asking.size.unwrap_or(world.page_size).clamp(1, 10_000);
    let start = match (&asking.cursor, asking.page, asking.offset) {
        (Some(cursor), ..) => all.iter().position(|r| id(r).as_ref() == Some(cursor)).map_or(all.len(), |at| at + 1),
        (None, Some(page), _) => page.saturating_sub(1).saturating_mul(length),
        (None, None, Some(offset)) => offset,
        (None, None, None) => 0,
    };
    // A list that nobody can ask for in parts comes whole.
    let paged = ways.iter().any(|names| found.operation().parameters.iter().any(|p| has(names, &p.wire)));
    let end = if paged { start.saturating_add(length).min(all.len()) } else { all.len() };
    let shown: Vec<Value> =
        all.get(if paged { start } else { 0 }..end).unwrap_or_default().iter().map(|r| (*r).clone()).collect();
    let part = Part {
        next: (end < all.len()).then(|| link(found, asked, end, length)),
        previous: (paged && start > 0).then(|| link(found, asked, start.saturating_sub(length), length)),
        cursor: shown.last().filter(|_| end < all.len()).and_then(id),
        total: all.len(),
    };
    let mut dice = world.dice_of(found);
    let body = match items {
        Items::Body => Value::Array(shown),
        Items::Member(member) => {
            let mut body = found.body(response, None, &mut dice).unwrap_or_else(|| json!({}));
            if let Some(map) = body.as_object_mut() {
                map.remove(&member);
                part.say(map, 2);
                map.insert(member, Value::Array(shown));
            }
            body
        }
    };
    let media = response.content.as_ref().map_or("application/json", |(media, _)| media.as_str());
    found.with_headers(Reply::text(to.status, media, &body.to_string()), response, &mut dice)
}

/// Which part of a list an answer has.
struct Part {
    next: Option<String>,
    previous: Option<String>,
    cursor: Option<String>,
    total: usize,
}

impl Part {
    /// Has the members of an answer say which part it is, those in objects of it too.
    fn say(&self, map: &mut Map<String, Value>, depth: usize) {
        // A text that may not be null says that nothing follows by being empty.
        let text = |value: &Value, text: &Option<String>| match text {
            Some(text) => json!(text),
            None if value.is_string() => json!(""),
            None => Value::Null,
        };
        for (name, value) in map.iter_mut() {
            let lower = name.to_ascii_lowercase();
            match value {
                Value::Object(inner) if depth > 0 => self.say(inner, depth - 1),
                Value::Number(_) if TOTALS.contains(&lower.as_str()) => *value = json!(self.total),
                Value::Bool(_) if ["has_more", "hasmore", "has_next", "hasnext"].contains(&lower.as_str()) => {
                    *value = json!(self.next.is_some());
                }
                Value::String(_) | Value::Null => match lower.as_str() {
                    // An address that does not follow is none, whatever the example has.
                    "next" => *value = self.next.as_ref().map_or(Value::Null, |next| json!(next)),
                    "previous" | "prev" => *value = self.previous.as_ref().map_or(Value::Null, |link| json!(link)),
                    name if NEXT_CURSORS.contains(&name) => *value = text(value, &self.cursor),
                    _ => {}
                },
                _ => {}
            }
        }
    }
}

/// The address of the page that begins with a record.
fn link(found: &Found<'_>, asked: &Asked, start: usize, length: usize) -> String {
    let of = |names: &[&str]| found.operation().parameters.iter().find(|p| has(names, &p.wire)).map(|p| p.wire.clone());
    let (name, value) = match (of(PAGES), of(OFFSETS)) {
        (Some(page), _) => (page, start / length + 1),
        (None, Some(offset)) => (offset, start),
        (None, None) => ("page".to_owned(), start / length + 1),
    };
    let mut query: Vec<&str> = asked.target.split_once('?').map_or(Vec::new(), |(_, query)| query.split('&').collect());
    query.retain(|pair| pair.split('=').next() != Some(&name) && !pair.is_empty());
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
