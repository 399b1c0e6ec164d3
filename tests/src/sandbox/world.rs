//! What the sandbox holds, and which operation a request is for.

use super::{Asked, Reply, error, links, payments, records};
use crate::examples::examples;
use belvo::testing::{OperationInfo, operations};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The secret id the sandbox knows.
pub const ID: &str = "4f1d2c9a-secret-id";
/// The secret password that goes with it.
pub const PASSWORD: &str = "s3cret:with@signs";
/// The header these two make: base64 of `id:password`, made by another program.
pub const AUTHORIZATION: &str = "Basic NGYxZDJjOWEtc2VjcmV0LWlkOnMzY3JldDp3aXRoQHNpZ25z";
/// The link that is there from the beginning.
pub const LINK: &str = "3c91e5d7-4a08-4f6b-b2e9-d86f07c1a453";
/// The version of the payments API that changes the shapes.
pub const V2: &str = "Payments-BR.V2";

/// How a link asks for a second factor.
#[derive(Debug, Clone)]
pub struct Mfa {
    /// How often it asks before it is satisfied.
    pub rounds: usize,
    /// The token it wants; `None` when the user confirms elsewhere.
    pub token: Option<String>,
    /// `expiry` as it is sent: a number, or a number as text.
    pub expiry: Value,
    /// Whether it says what is asked.
    pub says_what: bool,
    /// Whether the body is an object in place of an array.
    pub bare: bool,
}

impl Default for Mfa {
    fn default() -> Self {
        Self { rounds: 1, token: Some("724906".into()), expiry: json!(720), says_what: true, bare: false }
    }
}

/// A paused request.
#[derive(Debug, Clone)]
pub struct Session {
    pub(super) collection: String,
    pub(super) link: String,
    pub(super) left: usize,
    pub(super) token: Option<String>,
}

/// A notification that is due: what Belvo would post to the webhook.
#[derive(Debug, Clone, PartialEq)]
pub struct Notification {
    /// The body.
    pub body: Value,
}

/// An answer kept under an idempotency key.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub(super) asked: Vec<u8>,
    pub(super) answer: Option<Reply>,
}

/// What the sandbox holds.
#[derive(Debug)]
pub struct World {
    /// The links, by id.
    pub links: BTreeMap<String, Value>,
    /// The links that were refreshed a short time ago.
    pub refreshed: BTreeSet<String>,
    /// The stored records, by collection: `/api/accounts/`.
    pub records: BTreeMap<String, Vec<Value>>,
    /// What the institution has, by collection; the document's example where nothing is said.
    pub institution: BTreeMap<String, Vec<Value>>,
    /// Whether links ask for a second factor, and how.
    pub mfa: Option<Mfa>,
    /// Paused requests, by session.
    pub sessions: BTreeMap<String, Session>,
    /// Notifications that are due.
    pub notifications: Vec<Notification>,
    /// The code with which asynchronous requests fail.
    pub fails_later: Option<String>,
    /// The records of a page where none is asked for.
    pub page_size: usize,
    /// Whether pages hold their count.
    pub counts: bool,
    /// Whether payments are to be had; Belvo's sandbox has none.
    pub payments: bool,
    /// What was made, by operation: the number of effects, not of requests.
    pub made: BTreeMap<String, usize>,
    pub(super) kept: BTreeMap<String, Kept>,
    ids: u64,
}

impl Default for World {
    fn default() -> Self {
        let mut link = example("DetailLink", 200);
        link["id"] = json!(LINK);
        link["status"] = json!("valid");
        // What is there without being retrieved.
        let institutions = example("ListInstitutions", 200)["results"].as_array().cloned().unwrap_or_default();
        Self {
            links: BTreeMap::from([(LINK.to_owned(), link)]),
            refreshed: BTreeSet::new(),
            records: BTreeMap::from([("/api/institutions/".to_owned(), institutions)]),
            institution: BTreeMap::new(),
            mfa: None,
            sessions: BTreeMap::new(),
            notifications: Vec::new(),
            fails_later: None,
            page_size: 10,
            counts: true,
            payments: true,
            made: BTreeMap::new(),
            kept: BTreeMap::new(),
            ids: 0,
        }
    }
}

/// The document's first example of a response; null where it has none.
pub(super) fn example(operation: &str, status: u16) -> Value {
    let found = examples().iter().find(|(id, s, _)| id == operation && *s == status);
    found.map_or(Value::Null, |(.., body)| body.clone())
}

/// The operation of a request and the values of its path parameters.
fn operation(method: &str, path: &str) -> Option<(&'static OperationInfo, Vec<String>)> {
    let fits = |operation: &&'static OperationInfo| {
        let (template, here) = (operation.path.split('/'), path.split('/'));
        operation.method == method
            && operation.path.matches('/').count() == path.matches('/').count()
            && template.zip(here).all(|(t, h)| t == h || (t.starts_with('{') && !h.is_empty()))
    };
    // A literal segment beats a parameter: `/enrollments/complete-redirection/`.
    let found = operations().iter().filter(fits).min_by_key(|operation| operation.path.matches('{').count())?;
    let values = found.path.split('/').zip(path.split('/')).filter(|(t, _)| t.starts_with('{'));
    Some((found, values.map(|(_, value)| value.to_owned()).collect()))
}

impl World {
    /// The answer to a request.
    pub(super) fn answer(&mut self, asked: &Asked) -> Reply {
        if asked.header("authorization") != Some(AUTHORIZATION) {
            return error(401, "authentication_failed");
        }
        if asked.route() == "GET /api/" {
            return Reply::json(200, &json!({}));
        }
        // Django sends a path without its slash elsewhere, and a POST would lose its body there.
        let Some((operation, params)) = operation(&asked.method, asked.path()) else { return Reply::html(404) };
        let id = params.last().map_or("", String::as_str);
        if asked.path().starts_with("/payments/") {
            return payments::answer(self, operation, asked, id);
        }
        if operation.tag == "Links" {
            return links::answer(self, operation, asked, id);
        }
        records::answer(self, operation, asked, id)
    }

    /// An id nobody has yet.
    pub(super) fn new_id(&mut self) -> String {
        self.ids += 1;
        format!("{:08x}-5a4d-4b0c-9e1f-{:012x}", self.ids, self.ids)
    }

    /// A request id or session nobody has yet: 32 hexadecimal digits.
    pub(super) fn new_hex(&mut self) -> String {
        self.new_id().replace('-', "")
    }

    /// Notes that an operation had its effect.
    pub(super) fn note(&mut self, operation: &str) {
        *self.made.entry(operation.to_owned()).or_default() += 1;
    }

    /// How often an operation had its effect.
    pub fn made(&self, operation: &str) -> usize {
        self.made.get(operation).copied().unwrap_or_default()
    }

    /// Lets every paused request run out.
    pub fn expire_sessions(&mut self) {
        self.sessions.clear();
    }

    /// What happens on the first day of a month.
    pub fn wipe(&mut self) {
        self.records.retain(|collection, _| collection == "/api/institutions/");
        self.links.retain(|id, _| id == LINK);
    }

    /// Says that the request with this idempotency key is still being worked on.
    pub fn keep_running(&mut self, key: &str, asked: &[u8]) {
        self.kept.insert(key.to_owned(), Kept { asked: asked.to_vec(), answer: None });
    }

    /// A 428 for a collection and a link.
    pub(super) fn pause(&mut self, mfa: &Mfa, collection: &str, link: &str, left: usize) -> Reply {
        let session = self.new_hex();
        let kept = Session { collection: collection.into(), link: link.into(), left, token: mfa.token.clone() };
        self.sessions.insert(session.clone(), kept);
        let mut item = json!({
            "code": "token_required", "message": "A token is needed.", "request_id": self.new_hex(),
            "session": session, "expiry": mfa.expiry, "link": link,
        });
        if mfa.says_what {
            item["token_generation_data"] = json!({
                "instructions": "Type the number into the device.", "type": "numeric", "value": "12345",
                "expects_user_input": mfa.token.is_some(),
            });
        }
        Reply::json(428, &if mfa.bare { item } else { json!([item]) })
    }

    /// What comes of a PATCH that resumes: the next 428, a refusal, or nothing when the request may go on for a link.
    pub(super) fn resume(&mut self, collection: &str, asked: &Asked) -> Result<String, Reply> {
        let body = asked.json();
        let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        let Some(session) = self.sessions.remove(&text("session")) else { return Err(error(400, "session_expired")) };
        if session.collection != collection || session.link != text("link") {
            return Err(error(400, "invalid"));
        }
        if session.token.as_ref().is_some_and(|token| *token != text("token")) {
            return Err(error(400, "invalid_token"));
        }
        if session.left > 0 {
            let mfa = self.mfa.clone().unwrap_or_default();
            return Err(self.pause(&mfa, collection, &session.link, session.left - 1));
        }
        Ok(session.link)
    }
}
