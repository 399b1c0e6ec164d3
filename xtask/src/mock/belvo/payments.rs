//! Payments in Brazil: customers and bank accounts in the shapes of two versions, payment intents under idempotency keys,
//! their confirmation, charges and cancelling.

use super::{Kept, V2, error, records};
use crate::mock::{Asked, Reply, World};
use generator::ir::Operation;
use serde_json::{Value, json};

pub(super) const KEY: &str = "Belvo-Idempotency-Key";
const STATUS: &str = "Belvo-Idempotency-Status";
const INTENTS: &str = "/payments/br/payment-intents/";

pub(super) fn answer(world: &mut World, operation: &Operation, asked: &Asked, id: &str) -> Reply {
    if !world.payments {
        return error(403, "access_to_resource_denied");
    }
    match operation.id.as_str() {
        "CreateCustomerBrazil" => create(world, operation, asked, customer),
        "RegisterBankAccountBrazil" => create(world, operation, asked, bank_account),
        "CreatePaymentIntentBrazil" => keyed(world, operation, asked),
        "PatchPaymentIntentBrazil" => confirm(world, asked, id),
        "CancelPaymentIntentBrazil" => match intent(world, id) {
            Some(_) => {
                world.note(&operation.id);
                world.records.entry(INTENTS.into()).or_default().retain(|i| i["id"] != json!(id));
                Reply::empty(204)
            }
            None => error(404, "not_found"),
        },
        "ListChargesBrazil" => {
            let Some(intent) = intent(world, asked.path().split('/').nth(4).unwrap_or_default()) else {
                return error(404, "not_found");
            };
            let mut charge = world.example(&operation.id, 200)["results"][0].clone();
            charge["payment_intent"] = intent["id"].clone();
            charge["status"] = intent["status"].clone();
            records::list(world, asked, vec![charge])
        }
        _ => records::answer(world, operation, asked, id),
    }
}

fn create(world: &mut World, operation: &Operation, asked: &Asked, first: fn(&Value) -> Value) -> Reply {
    world.note(&operation.id);
    let sent = asked.json();
    let second = asked.header("x-belvo-api-resource-version") == Some(V2);
    let mut made = if second { world.example(&operation.id, 201) } else { first(&sent) };
    if second {
        for (name, value) in sent.as_object().into_iter().flatten() {
            made[name] = value.clone();
        }
    }
    made["id"] = json!(world.new_id());
    world.records.entry(operation.path.to_owned()).or_default().push(made.clone());
    Reply::json(201, &made)
}

/// A customer as the first version shows it.
fn customer(sent: &Value) -> Value {
    json!({
        "created_at": "2026-02-03T10:11:12.131415Z", "created_by": "c7409e2d-815f-4b63-a6d8-3e92f17b50c4",
        "customer_type": "INDIVIDUAL", "name": sent["name"], "external_id": sent["external_id"], "country": "BRA",
        "email": sent["email"], "identifier": sent["identifier"], "identifier_type": "CPF", "address": null,
        "phone": sent["phone"],
    })
}

/// A bank account as the first version shows it.
fn bank_account(sent: &Value) -> Value {
    json!({
        "created_at": "2026-02-03T10:11:12.131415Z", "created_by": "c7409e2d-815f-4b63-a6d8-3e92f17b50c4",
        "customer": sent["customer"], "external_id": null, "institution": sent["institution"], "details": sent["details"],
        "holder": {"type": "INDIVIDUAL", "information": {
            "first_name": "Lia", "last_name": "Prado", "identifier_type": "CPF", "identifier": "48392017564",
        }},
    })
}

/// A payment intent under an idempotency key: made once, replayed for the same body, refused for any other.
fn keyed(world: &mut World, operation: &Operation, asked: &Asked) -> Reply {
    let Some(key) = asked.header(&KEY.to_ascii_lowercase()).map(str::to_owned) else {
        return new_intent(world, operation, asked);
    };
    if key.len() != 36 {
        return error(400, "idempotency_key_invalid");
    }
    match world.kept.get(&key) {
        Some(kept) if kept.asked != asked.body => error(422, "idempotency_payload_mismatch"),
        Some(Kept { answer: None, .. }) => {
            error(409, "idempotency_key_conflict").header(KEY, &key).header(STATUS, "PROCESSING")
        }
        Some(Kept { answer: Some(reply), .. }) => reply.clone().header(KEY, &key).header(STATUS, "REPLAYED"),
        None => {
            let reply = new_intent(world, operation, asked);
            let kept = Kept { asked: asked.body.clone(), answer: Some(reply.clone()) };
            world.kept.insert(key.clone(), kept);
            reply.header(KEY, &key).header(STATUS, "AVAILABLE")
        }
    }
}

fn new_intent(world: &mut World, operation: &Operation, asked: &Asked) -> Reply {
    world.note(&operation.id);
    let sent = asked.json();
    let mut made = world.example(&operation.id, 201);
    made["id"] = json!(world.new_id());
    for name in ["amount", "description", "customer", "external_id"] {
        if let Some(value) = sent.get(name) {
            made[name] = value.clone();
        }
    }
    made["status"] = json!("REQUIRES_ACTION");
    // The document requires it and its own example has null.
    made["next_step"] = Value::Null;
    world.records.entry(INTENTS.to_owned()).or_default().push(made.clone());
    Reply::json(201, &made)
}

fn intent(world: &World, id: &str) -> Option<Value> {
    world.records.get(INTENTS)?.iter().find(|intent| intent["id"] == json!(id)).cloned()
}

fn confirm(world: &mut World, asked: &Asked, id: &str) -> Reply {
    if intent(world, id).is_none() {
        return error(404, "not_found");
    }
    world.note("PatchPaymentIntentBrazil");
    let mut shown = Value::Null;
    for intent in world.records.entry(INTENTS.to_owned()).or_default() {
        if intent["id"] == json!(id) {
            if asked.json()["confirm"] == json!(true) {
                intent["status"] = json!("SUCCEEDED");
            }
            shown = intent.clone();
        }
    }
    Reply::json(200, &shown)
}
