//! Lists: where an answer has its records, which of them are asked for, and what says how to go on.

use super::act::Reply;
use super::check::Checked;
use super::document::{Found, plain};
use super::identity::{id_of, one_of, parameter_of};
use super::spelled::decoded;
use super::store::To;
use super::{Asked, Dice, World};
use generator::Understood;
use generator::ir::{Api, Content, Location, Response, Scalar, Type, TypeKind};
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

/// Where an operation's answer has its records: as the settings say (`[pages]`), else in a list of records.
pub(super) fn items(found: &Found<'_>) -> Option<Items> {
    let Understood { api, settings, .. } = found.document.understood();
    let Some((_, Content::Json(of))) = &found.usual()?.content else { return None };
    let (set, _) = settings.operations.page(&found.operation().id, &settings.pages);
    api.alternatives(&of.ty).into_iter().find_map(|ty| match ty {
        Type::List(_) => Some(Items::Body),
        Type::Named(id) => {
            let fields = &api.model(*id)?.fields;
            let is_list = |ty: &Type| matches!(ty, Type::List(of) if is_record(api, &of.ty));
            let lists: Vec<&str> = fields.iter().filter(|f| is_list(&f.of.ty)).map(|f| f.wire.as_str()).collect();
            let known = [set].into_iter().chain(ITEMS.iter().copied());
            let known = known.filter_map(|name| lists.iter().find(|list| list.eq_ignore_ascii_case(name))).next();
            let only = || lists.first().filter(|_| lists.len() == 1);
            known.or_else(only).map(|name| Items::Member((*name).to_owned()))
        }
        _ => None,
    })
}

fn is_record(api: &Api, ty: &Type) -> bool {
    api.alternatives(ty).iter().any(|one| match one {
        Type::Any | Type::Map(_) => true,
        Type::Named(id) => matches!(api.get(*id).map(|def| &def.kind), Some(TypeKind::Model(_))),
        _ => false,
    })
}

/// In which ways a list can be asked for in parts: the parameters of its operation that say so.
struct Ways<'d> {
    size: Option<&'d str>,
    page: Option<&'d str>,
    offset: Option<&'d str>,
    cursor: Option<&'d str>,
}

impl<'d> Ways<'d> {
    fn of(found: &Found<'d>) -> Self {
        let Understood { api, settings, .. } = found.document.understood();
        let find = |set: &str, names: &[&str], is_one: fn(&Api, &Type) -> bool| {
            let all = found.operation().parameters.iter().filter(|p| p.location == Location::Query);
            let mut all = all.filter(|p| (p.wire == set || has(names, &p.wire)) && is_one(api, &p.of.ty));
            all.next().map(|p| p.wire.as_str())
        };
        // A time after which something happened is a filter.
        let is_cursor: fn(&Api, &Type) -> bool = |api, ty| {
            !api.alternatives(ty).iter().any(|ty| matches!(ty, Type::Scalar(Scalar::Date | Scalar::DateTime)))
        };
        Self {
            size: find(&settings.pages.page_size, SIZES, |_, _| true),
            page: find(&settings.pages.page, PAGES, |_, _| true),
            offset: find("", OFFSETS, |_, _| true),
            cursor: find("", CURSORS, is_cursor),
        }
    }

    fn all(&self) -> impl Iterator<Item = &'d str> {
        [self.size, self.page, self.offset, self.cursor].into_iter().flatten()
    }

    /// Whether who has one part can ask for the next.
    fn go_on(&self) -> bool {
        self.page.is_some() || self.offset.is_some() || self.cursor.is_some()
    }
}

fn has(names: &[&str], name: &str) -> bool {
    names.contains(&name.to_ascii_lowercase().as_str())
}

/// The answer to who asks for a list.
pub(super) fn list(world: &World, to: &To<'_, '_>, asked: &Asked, checked: &Checked, collection: &str) -> Reply {
    let found = to.found;
    let (Some(items), Some(response)) = (items(found), to.response) else { return to.usual(world) };
    let ways = Ways::of(found);
    let filters: Vec<&(String, Value)> =
        checked.query.iter().filter(|(name, _)| !ways.all().any(|way| way == name)).collect();
    let stored = world.records.get(collection).into_iter().flatten();
    let all: Vec<&Value> =
        stored.filter(|record| passes(record, filters.iter().map(|(n, v)| (n.as_str(), v)))).collect();
    let one = one_of(found.document, found.operation());
    let parameter = one.map_or_else(|| "id".to_owned(), |one| parameter_of(one.operation()));
    let given = |way: Option<&str>| checked.query.iter().find(|(name, _)| Some(name.as_str()) == way).map(|(_, v)| v);
    // JSON:API: `page[number]=2&page[size]=10`.
    let inner = |name: &str| given(ways.page).and_then(|page| page.get(name)).and_then(number);
    let length = given(ways.size).and_then(number).or_else(|| inner("size"));
    let length = length.unwrap_or(world.page_size).clamp(1, 10_000);
    let page = given(ways.page).and_then(number).or_else(|| inner("number"));
    let cursor = given(ways.cursor).map(plain).filter(|text| !text.is_empty());
    let start = match (page, given(ways.offset).and_then(number).or_else(|| inner("offset")), cursor) {
        (Some(page), ..) => page.saturating_sub(1).saturating_mul(length),
        (None, Some(offset), _) => offset,
        (None, None, Some(cursor)) => {
            let at = all.iter().position(|record| id_of(record, &parameter).as_ref() == Some(&cursor));
            at.map_or(all.len(), |at| at + 1)
        }
        (None, None, None) => 0,
    };
    // A list whose rest nobody could ask for comes whole.
    let (start, end) = match ways.go_on() {
        true => (start.min(all.len()), start.saturating_add(length).min(all.len())),
        false => (0, all.len()),
    };
    let shown: Vec<Value> = all.get(start..end).unwrap_or_default().iter().map(|record| (*record).clone()).collect();
    let last = shown.last().and_then(|record| id_of(record, &parameter)).unwrap_or_default();
    let link = |start: usize, id: &str| match (ways.page, ways.offset, ways.cursor) {
        (Some(page), ..) => page_link(asked, page, &(start / length + 1).to_string()),
        (None, Some(offset), _) => page_link(asked, offset, &start.to_string()),
        (None, None, cursor) => page_link(asked, cursor.unwrap_or_default(), id),
    };
    let part = Part {
        next: (end < all.len()).then(|| link(end, &last)),
        // Backwards by cursors is nobody's way here.
        previous: (start > 0 && (ways.page.or(ways.offset)).is_some()).then(|| link(start.saturating_sub(length), "")),
        cursor: (end < all.len()).then_some(last),
        page: (end < all.len()).then_some(end / length + 1),
        total: all.len(),
    };
    let mut dice = world.dice_of(found);
    let body = match items {
        Items::Body => Value::Array(shown),
        Items::Member(member) => part.said(found, response, &member, shown, &mut dice),
    };
    let media = response.content.as_ref().map_or("application/json", |(media, _)| media.as_str());
    found.with_headers(Reply::text(to.status, media, &body.to_string()), response, &mut dice)
}

fn number(value: &Value) -> Option<usize> {
    value.as_u64().and_then(|n| usize::try_from(n).ok())
}

/// Objects of an answer that say which part of a list it has.
const PARTS: &[&str] =
    &["meta", "metadata", "paging", "pagination", "links", "_links", "page", "pageinfo", "page_info", "cursors"];

/// Which part of a list an answer has.
struct Part {
    next: Option<String>,
    previous: Option<String>,
    cursor: Option<String>,
    page: Option<usize>,
    total: usize,
}

impl Part {
    /// The answer of the document with these records, and saying which part they are.
    fn said(&self, found: &Found<'_>, response: &Response, member: &str, shown: Vec<Value>, dice: &mut Dice) -> Value {
        let example = found.body(response, None, dice).unwrap_or_else(|| json!({}));
        let settings = &found.document.understood().settings;
        let (_, next) = settings.operations.page(&found.operation().id, &settings.pages);
        let with = |nothing: &Value| {
            let mut body = example.clone();
            if let Some(map) = body.as_object_mut() {
                map.insert(member.to_owned(), json!([]));
                self.say(map, next, nothing);
            }
            body
        };
        // That nothing follows is said by null or, where that may not be, by nothing in a text.
        let (null, empty) = (with(&Value::Null), with(&json!("")));
        let unfit = |body: &Value| found.misfits(response, body);
        let mut body = if unfit(&empty) < unfit(&null) { empty } else { null };
        if let Some(place) = body.get_mut(member) {
            *place = Value::Array(shown);
        }
        body
    }

    fn say(&self, map: &mut Map<String, Value>, next: &str, nothing: &Value) {
        let text = |text: &Option<String>| text.as_ref().map_or_else(|| nothing.clone(), |text| json!(text));
        for (name, value) in map.iter_mut() {
            let lower = name.to_ascii_lowercase();
            match value {
                Value::Object(inner) if PARTS.contains(&lower.as_str()) => self.say(inner, next, nothing),
                Value::Number(_) if TOTALS.contains(&lower.as_str()) => *value = json!(self.total),
                Value::Number(_) if ["next_page", "nextpage"].contains(&lower.as_str()) => *value = json!(self.page),
                Value::Bool(_) if ["has_more", "hasmore", "has_next", "hasnext"].contains(&lower.as_str()) => {
                    *value = json!(self.next.is_some());
                }
                Value::String(_) | Value::Null => match lower.as_str() {
                    _ if name == next => *value = text(&self.next),
                    "next" => *value = text(&self.next),
                    "previous" | "prev" => *value = text(&self.previous),
                    name if NEXT_CURSORS.contains(&name) => *value = text(&self.cursor),
                    _ => {}
                },
                _ => {}
            }
        }
    }
}

/// The address of a request with one parameter set otherwise.
pub(super) fn page_link(asked: &Asked, name: &str, value: &str) -> String {
    let query = asked.target.split_once('?').map_or("", |(_, query)| query);
    let mut pairs: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty()).collect();
    pairs.retain(|pair| decoded(pair.split('=').next().unwrap_or_default()) != name);
    let pair = form_urlencoded::Serializer::new(String::new()).append_pair(name, value).finish();
    pairs.push(&pair);
    format!("{}{}?{}", asked.origin, asked.path(), pairs.join("&"))
}

/// Whether a record passes the filters that speak of one of its scalars, by equality or by a list of values.
pub(super) fn passes<'f>(record: &Value, filters: impl Iterator<Item = (&'f str, &'f Value)>) -> bool {
    filters.into_iter().all(|(name, wanted)| {
        let held = &record[name];
        let equal =
            |wanted: &Value| held.is_null() || held.is_object() || held.is_array() || plain(held) == plain(wanted);
        match wanted {
            Value::Array(list) => list.is_empty() || list.iter().any(equal),
            wanted => equal(wanted),
        }
    })
}
