//! Belvo's flows, which no document has: the second factor with its sessions, data that is retrieved now or later with a
//! notification, refreshing, idempotency keys, errors as arrays of items.
//!
//! Names of members and headers are those of Belvo's page, and not asked of the settings: a client whose settings have them wrong is
//! to be noticed here.

mod errors;
mod links;
mod payments;
mod records;

pub use errors::{error, error_of};

use super::check::Finding;
use super::document::Found;
use super::{Asked, Keys, Reply, World};
use serde_json::{Value, json};

/// The secret id the sandbox knows.
pub const ID: &str = "4f1d2c9a-secret-id";
/// The secret password that goes with it.
pub const PASSWORD: &str = "s3cret:with@signs";
/// The header these two make: base64 of `id:password`, made by another program.
pub const AUTHORIZATION: &str = "Basic NGYxZDJjOWEtc2VjcmV0LWlkOnMzY3JldDp3aXRoQHNpZ25z";
/// The link that is there from the beginning.
pub const LINK: &str = "3c91e5d7-4a08-4f6b-b2e9-d86f07c1a453";
/// The link that asks for a second factor, whatever is said of others.
pub const LINK_ASKING: &str = "9d27b4c1-6e53-4a90-8f1c-b05e3a7d4c26";
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
    collection: String,
    link: String,
    left: usize,
    token: Option<String>,
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
    asked: Vec<u8>,
    answer: Option<Reply>,
}

/// The credentials that the sandbox takes.
pub(super) fn keys() -> Keys {
    Keys { id: ID.to_owned(), password: PASSWORD.to_owned(), ..Keys::default() }
}

/// What is there without being retrieved.
pub(super) fn begin(world: &mut World) {
    let mut link = world.example("DetailLink", 200);
    link["id"] = json!(LINK);
    link["status"] = json!("valid");
    world.links.insert(LINK.to_owned(), link.clone());
    link["id"] = json!(LINK_ASKING);
    world.links.insert(LINK_ASKING.to_owned(), link);
    let institutions = world.example("ListInstitutions", 200)["results"].as_array().cloned().unwrap_or_default();
    world.records.insert("/api/institutions/".to_owned(), institutions);
}

/// What is no operation of the document: the check of credentials.
pub(super) fn outside(keys: &Keys, asked: &Asked) -> Option<Reply> {
    (asked.route() == "GET /api/").then(|| match asked.header("authorization") {
        Some(given) if given == keys.basic() => Reply::json(200, &json!({})),
        _ => error(401, "authentication_failed"),
    })
}

/// Operations whose bodies may be what the page has and the document lacks: tokens for the update mode and the portal.
const WIDER: &[&str] = &["GenerateWidgetAccessToken"];

/// Takes out what Belvo has nothing against.
pub(super) fn spare(found: &Found<'_>, findings: &mut Vec<Finding>) {
    if WIDER.contains(&found.operation().id.as_str()) {
        findings.retain(|finding| finding.place != "body" || finding.keyword == "syntax");
    }
}

/// The answer to a request that is not what the document says: an item for each thing that is wrong.
pub(super) fn refused(all: &[Finding]) -> Reply {
    let items = all.iter().map(|finding| {
        let code = match finding.keyword.as_str() {
            "required" => "required",
            _ if finding.pointer.eq_ignore_ascii_case(payments::KEY) => "idempotency_key_invalid",
            "enum" | "const" => "invalid_choice",
            _ => "invalid",
        };
        let field = finding.pointer.trim_start_matches('/').replace('/', ".");
        let field = if field.is_empty() { finding.place.clone() } else { field };
        (code, finding.message.clone(), field)
    });
    errors::items(400, items)
}

/// Whether a request is not to be waited for.
fn is_asynchronous(asked: &Asked) -> bool {
    asked.header("x-belvo-request-mode") == Some("async")
}

/// The answer to a request.
pub(super) fn answer(world: &mut World, found: &Found<'_>, asked: &Asked) -> Reply {
    let operation = found.operation();
    let id = found.values.last().map_or("", |(_, value)| value.as_str());
    if asked.path().starts_with("/payments/") {
        return payments::answer(world, operation, asked, id);
    }
    let tag = world.document.understood().api.tags.get(operation.tag).map(|tag| tag.wire.clone());
    if tag.as_deref() == Some("Links") {
        return links::answer(world, operation, asked, id);
    }
    records::answer(world, operation, asked, id)
}

impl World {
    /// Lets every paused request run out.
    pub fn expire_sessions(&mut self) {
        self.sessions.clear();
    }

    /// What happens on the first day of a month.
    pub fn wipe(&mut self) {
        self.records.retain(|collection, _| collection == "/api/institutions/");
        self.links.retain(|id, _| id == LINK || id == LINK_ASKING);
    }

    /// Says that the request with this idempotency key is still being worked on.
    pub fn keep_running(&mut self, key: &str, asked: &[u8]) {
        self.kept.insert(key.to_owned(), Kept { asked: asked.to_vec(), answer: None });
    }

    /// A 428 for a collection and a link.
    fn pause(&mut self, mfa: &Mfa, collection: &str, link: &str, left: usize) -> Reply {
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
    fn resume(&mut self, collection: &str, asked: &Asked) -> Result<String, Reply> {
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
