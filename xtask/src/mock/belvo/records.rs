//! The data behind a link: retrieved from the institution (stored, or only returned; at once, or with a notification later),
//! listed in pages, read one by one, deleted.

use super::{LINK_ASKING, Mfa, Notification, error, error_of, is_asynchronous};
use crate::mock::pages::{page_link, passes};
use crate::mock::{Asked, Reply, World};
use generator::ir::Operation;
use serde_json::{Map, Value, json};

pub(super) fn answer(world: &mut World, operation: &Operation, asked: &Asked, id: &str) -> Reply {
    let collection = operation.path.split('{').next().unwrap_or_default();
    let single = operation.path.ends_with("{id}/");
    match operation.method.as_str() {
        "get" if single => match stored(world, collection, id) {
            Some(record) => Reply::json(200, &chosen(asked, record)),
            None => error(404, "not_found"),
        },
        "get" if operation.path == collection => {
            let all = world.records.get(collection).cloned().unwrap_or_default();
            list(world, asked, all)
        }
        "delete" if single => {
            if stored(world, collection, id).is_none() {
                return error(404, "not_found");
            }
            world.note(&operation.id);
            world.records.entry(collection.into()).or_default().retain(|record| record["id"] != json!(id));
            Reply::empty(204)
        }
        "post" if operation.path == collection && operation.responses.iter().any(|r| r.status == "201") => {
            retrieve(world, operation, collection, asked)
        }
        "patch" if operation.path == collection => match world.resume(collection, asked) {
            Ok(link) => {
                let kept = asked.json()["save_data"] != json!(false);
                let records = gathered(world, operation, collection, &link);
                deliver(world, operation, collection, records, kept)
            }
            Err(reply) => reply,
        },
        // What has no state here: the document's own example.
        _ => {
            let status = operation.successes().find_map(|r| r.status.parse().ok()).unwrap_or(200);
            Reply::json(status, &world.example(&operation.id, status))
        }
    }
}

fn stored(world: &World, collection: &str, id: &str) -> Option<Value> {
    world.records.get(collection)?.iter().find(|record| record["id"] == json!(id)).cloned()
}

fn retrieve(world: &mut World, operation: &Operation, collection: &str, asked: &Asked) -> Reply {
    let body = asked.json();
    let Some(link) = body["link"].as_str().map(str::to_owned) else {
        return error_of(400, "required", &[("field", json!("link"))]);
    };
    if !world.links.contains_key(&link) {
        return error_of(400, "does_not_exist", &[("field", json!("link"))]);
    }
    if let Some(mfa) = world.mfa.clone().or_else(|| (link == LINK_ASKING).then(Mfa::default)) {
        return world.pause(&mfa, collection, &link, mfa.rounds - 1);
    }
    let records = gathered(world, operation, collection, &link);
    if is_asynchronous(asked) {
        let request_id = world.new_hex();
        let resource = collection.trim_matches('/').rsplit('/').next().unwrap_or_default().to_uppercase();
        notify(world, &resource.replace('-', "_"), &request_id, &link, records.len());
        if world.fails_later.is_none() {
            deliver(world, operation, collection, records, true);
        }
        return Reply::json(202, &json!({"request_id": request_id}));
    }
    deliver(world, operation, collection, records, body["save_data"] != json!(false))
}

/// What the institution has for a link.
fn gathered(world: &mut World, operation: &Operation, collection: &str, link: &str) -> Vec<Value> {
    let records = world.institution.get(collection).cloned();
    let mut records = records.unwrap_or_else(|| match world.example(&operation.id, 200) {
        Value::Array(records) => records,
        one => vec![one],
    });
    for record in &mut records {
        record["id"] = json!(world.new_id());
        if record.get("link").is_some() {
            record["link"] = json!(link);
        }
    }
    records
}

/// 201 and stored, or 200 and only returned.
fn deliver(world: &mut World, operation: &Operation, collection: &str, records: Vec<Value>, kept: bool) -> Reply {
    if kept {
        world.note(&operation.id);
        world.records.entry(collection.to_owned()).or_default().extend(records.clone());
    }
    // Some retrievals answer with one object where others have an array.
    let one = !world.example(&operation.id, 200).is_array();
    let body = if one { records.into_iter().next().unwrap_or_default() } else { Value::Array(records) };
    Reply::json(if kept { 201 } else { 200 }, &body)
}

/// Puts a notification on its way: that the data is there, or that it will not come.
pub(super) fn notify(world: &mut World, kind: &str, request_id: &str, link: &str, total: usize) {
    let (code, data) = match &world.fails_later {
        None => ("historical_update", json!({"total_records": total})),
        Some(code) => (
            code.as_str(),
            json!({"error_code": code, "error_message": "The institution refused the credentials.", "status": 400}),
        ),
    };
    let body = json!({
        "webhook_type": kind, "process_type": "historical_update", "webhook_code": code, "link_id": link,
        "request_id": request_id, "external_id": null, "data": data, "webhook_id": format!("{request_id:.31}f"),
    });
    world.notifications.push(Notification { body });
}

/// A page of these records, as the query asks for it.
pub(super) fn list(world: &World, asked: &Asked, records: Vec<Value>) -> Reply {
    let filters: Vec<(String, Value)> =
        asked.query().into_iter().map(|(name, wanted)| filter(&name, &wanted)).collect();
    let fits = |record: &Value| passes(record, filters.iter().map(|(name, wanted)| (name.as_str(), wanted)));
    let records: Vec<Value> = records.into_iter().filter(fits).collect();
    let pages = &world.document.understood().settings.pages;
    let number = |name: &str| asked.param(name).and_then(|text| text.parse::<usize>().ok());
    let size = number(&pages.page_size).unwrap_or(world.page_size).clamp(1, 1000);
    let (page, last) = (number(&pages.page).unwrap_or(1), records.len().div_ceil(size).max(1));
    if page == 0 || page > last {
        return error(404, "not_found");
    }
    let link = |there: bool, page: usize| match there {
        true => json!(page_link(asked, &pages.page, &page.to_string())),
        false => Value::Null,
    };
    let shown = records.iter().skip((page - 1) * size).take(size).map(|record| chosen(asked, record.clone()));
    let mut body = json!({
        pages.next.as_str(): link(page < last, page + 1),
        "previous": link(page > 1, page.saturating_sub(1)),
        pages.items.as_str(): shown.collect::<Vec<_>>(),
    });
    if world.counts {
        body["count"] = json!(records.len());
    }
    Reply::json(200, &body)
}

/// A pair of a query as a filter: `type__in=A,B` is one of several values.
fn filter(name: &str, wanted: &str) -> (String, Value) {
    match name.strip_suffix("__in") {
        Some(name) => (name.to_owned(), wanted.split(',').collect()),
        None => (name.to_owned(), json!(wanted)),
    }
}

/// A record with the members that `fields` and `omit` leave of it.
fn chosen(asked: &Asked, record: Value) -> Value {
    let names = |name: &str| -> Option<Vec<String>> {
        asked.param(name).map(|list| list.split(',').map(|n| n.trim().to_owned()).collect())
    };
    let (fields, omit) = (names("fields"), names("omit"));
    let Value::Object(members) = record else { return record };
    let shown = |name: &String| {
        fields.as_ref().is_none_or(|list| list.contains(name)) && !omit.as_ref().is_some_and(|list| list.contains(name))
    };
    Value::Object(members.into_iter().filter(|(name, _)| shown(name)).collect::<Map<_, _>>())
}
