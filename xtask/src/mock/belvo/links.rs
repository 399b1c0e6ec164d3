//! Links: registering (with a second factor where one is wanted), resuming, changing, refreshing, deleting.

use super::{error, error_of, is_asynchronous, records};
use crate::mock::{Asked, Reply, World};
use generator::ir::Operation;
use serde_json::{Value, json};

pub(super) fn answer(world: &mut World, operation: &Operation, asked: &Asked, id: &str) -> Reply {
    match operation.id.as_str() {
        "ListLinks" => records::list(world, asked, world.links.values().cloned().collect()),
        "RegisterLink" => register(world, asked),
        "PatchLinks" => match world.resume("/api/links/", asked) {
            Ok(link) => {
                world.note("RegisterLink");
                let mut body = world.links.get(&link).cloned().unwrap_or_default();
                body["status"] = json!("valid");
                world.links.insert(link, body.clone());
                Reply::json(200, &body)
            }
            Err(reply) => reply,
        },
        _ => match world.links.get(id).cloned() {
            Some(link) => one(world, operation, asked, id, link),
            None => error(404, "not_found"),
        },
    }
}

/// What is done with one link.
fn one(world: &mut World, operation: &Operation, asked: &Asked, id: &str, mut link: Value) -> Reply {
    match operation.id.as_str() {
        "UpdateLink" => {
            world.note("UpdateLink");
            Reply::json(200, &link)
        }
        "ModifyLinkDataRetrieval" => {
            world.note("ModifyLinkDataRetrieval");
            for (name, value) in asked.json().as_object().into_iter().flatten() {
                link[name] = value.clone();
            }
            world.links.insert(id.to_owned(), link.clone());
            Reply::json(200, &link)
        }
        "DestroyLink" => {
            world.note("DestroyLink");
            world.links.remove(id);
            if is_asynchronous(asked) {
                Reply::json(202, &json!({"request_id": world.new_id()}))
            } else {
                Reply::empty(204)
            }
        }
        "RefreshHistoricalDataForLink" if !world.refreshed.insert(id.to_owned()) => error(409, "link_refreshed"),
        "RefreshHistoricalDataForLink" => {
            world.note("RefreshHistoricalDataForLink");
            let request_id = world.new_hex();
            let resources = asked.json()["fetch_resources"].as_array().map_or(1, Vec::len);
            records::notify(world, "TRANSACTIONS", &request_id, id, resources);
            Reply::json(202, &json!({"request_id": request_id}))
        }
        _ => Reply::json(200, &link),
    }
}

fn register(world: &mut World, asked: &Asked) -> Reply {
    let body = asked.json();
    // Mexico's social security knows people by their CURP alone.
    let wants_password = !body["institution"].as_str().is_some_and(|name| name.ends_with("_mx_employment"));
    let password = wants_password.then_some("password");
    for member in ["institution", "username"].into_iter().chain(password) {
        if !body[member].is_string() {
            return error_of(400, "required", &[("field", json!(member))]);
        }
    }
    let id = world.new_id();
    let mut link = world.example("RegisterLink", 201);
    link["id"] = json!(id);
    link["institution"] = body["institution"].clone();
    link["external_id"] = body.get("external_id").cloned().unwrap_or(Value::Null);
    // What the document does not know: a status of next year and a member of next month.
    link["status"] = json!("sleeping");
    link["brand_new"] = json!({"since": "2027"});
    world.links.insert(id.clone(), link.clone());
    if let Some(mfa) = world.mfa.clone() {
        return world.pause(&mfa, "/api/links/", &id, mfa.rounds - 1);
    }
    world.note("RegisterLink");
    Reply::json(201, &link)
}
