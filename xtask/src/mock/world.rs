//! What the mock holds: the records that were created, and what Belvo's flows remember.

use super::belvo::{Kept, Mfa, Notification, Session};
use super::document::Found;
use super::{Dice, Document, belvo};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What the mock holds.
#[derive(Debug)]
pub struct World {
    /// The stored records, by collection: `/api/accounts/`.
    pub records: BTreeMap<String, Vec<Value>>,
    /// The records of a page where none is asked for.
    pub page_size: usize,
    /// Whether requests are held against the document.
    pub checks: bool,
    /// What was made, by operation: the number of effects, not of requests.
    pub made: BTreeMap<String, usize>,
    /// Belvo's links, by id.
    pub links: BTreeMap<String, Value>,
    /// The links that were refreshed a short time ago.
    pub refreshed: BTreeSet<String>,
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
    /// Whether pages hold their count.
    pub counts: bool,
    /// Whether payments are to be had; Belvo's sandbox has none.
    pub payments: bool,
    pub(super) kept: BTreeMap<String, Kept>,
    pub(super) document: Arc<Document>,
    /// Collections that have the document's own records already, and whether those are known by ids.
    pub(super) seeded: BTreeMap<String, bool>,
    seed: u64,
    ids: u64,
}

impl World {
    pub(super) fn new(document: &Arc<Document>, seed: u64) -> Self {
        let mut world = Self {
            records: BTreeMap::new(),
            page_size: 10,
            checks: true,
            made: BTreeMap::new(),
            links: BTreeMap::new(),
            refreshed: BTreeSet::new(),
            institution: BTreeMap::new(),
            mfa: None,
            sessions: BTreeMap::new(),
            notifications: Vec::new(),
            fails_later: None,
            counts: true,
            payments: true,
            kept: BTreeMap::new(),
            document: Arc::clone(document),
            seeded: BTreeMap::new(),
            seed,
            ids: 0,
        };
        if document.plays_belvo() {
            belvo::begin(&mut world);
        }
        world
    }

    /// What ids and made values follow from.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// What the answers of an operation are made by: they are the same each time.
    pub(super) fn dice_of(&self, found: &Found<'_>) -> Dice {
        let id = found.operation().id.bytes();
        Dice::new(id.fold(self.seed, |seed, byte| seed.wrapping_mul(31).wrapping_add(u64::from(byte))))
    }

    /// An id nobody has yet.
    pub(super) fn new_id(&mut self) -> String {
        self.ids += 1;
        format!("{:08x}-5a4d-4b0c-9e1f-{:012x}", self.ids.wrapping_add(self.seed << 16) & 0xffff_ffff, self.ids)
    }

    /// A number nobody has yet.
    pub(super) fn new_number(&mut self) -> u64 {
        self.ids += 1;
        1000 + self.ids
    }

    /// A request id or session nobody has yet: 32 hexadecimal digits.
    pub(super) fn new_hex(&mut self) -> String {
        self.new_id().replace('-', "")
    }

    /// The document's first example of a response; null where it has none.
    pub(super) fn example(&self, operation: &str, status: u16) -> Value {
        self.document.example(operation, status).unwrap_or_default()
    }

    /// Notes that an operation had its effect.
    pub(super) fn note(&mut self, operation: &str) {
        *self.made.entry(operation.to_owned()).or_default() += 1;
    }

    /// How often an operation had its effect.
    pub fn made(&self, operation: &str) -> usize {
        self.made.get(operation).copied().unwrap_or_default()
    }
}
