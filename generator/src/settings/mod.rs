//! The settings: what no document can say about its API, and what its maintainer wants otherwise.
//!
//! `spec/belvo.toml` → [`Settings`]. Reading knows nothing of the document: every entry keeps its place, and
//! [`Settings::unused`] later names the entries that meet nothing in it. A document without settings gets
//! [`Settings::default`].

mod accept;
pub mod edit;
mod read;
mod table;
mod unused;

pub use read::read;
pub use unused::Facts;

use crate::base::Span;
use crate::document::keys;
use crate::ir::Type;
use std::ops::Deref;

/// The names that `[crate] extras` may hold: hand-written files that come with the crate.
pub const EXTRAS: &[&str] = &["belvo"];

/// A value with the place it was written at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Placed<T> {
    /// The value.
    pub value: T,
    /// Where it stands in the settings file.
    pub span: Span,
}

impl<T> Deref for Placed<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// All settings.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// `[crate]`
    pub package: Package,
    /// `[document]`
    pub document: Document,
    /// `[environments.<name>]`, in the order of the file.
    pub environments: Vec<Environment>,
    /// `[operations]` and `[operations."<id>"]`
    pub operations: Operations,
    /// `[credentials]`: a security scheme's name in the document → the function that makes credentials for it: `basicAuth = "basic"`.
    pub credentials: Vec<(String, Placed<String>)>,
    /// `[verbs]`: what is left of an operation id without its tag → the method's name: `detail = "get"`.
    pub verbs: Vec<(String, Placed<String>)>,
    /// `[retry]`
    pub retry: Retry,
    /// `[async]`; `None`: the API has no asynchronous mode.
    pub asynchronous: Option<Asynchronous>,
    /// `[mfa]`; `None`: the API never asks for a second factor.
    pub mfa: Option<Mfa>,
    /// `[pages]`
    pub pages: Pages,
    /// `[partial]`
    pub partial: Partial,
    /// `[types."<pointer>"]`, in the order of the file.
    pub types: Vec<TypeOverride>,
    /// `[errors]`
    pub errors: Errors,
    /// `[secrets]`
    pub secrets: Secrets,
    /// `[required]`
    pub required: Required,
    /// `[numbers]`
    pub numbers: Numbers,
    /// `[docs]`
    pub docs: Docs,
    /// `[tests]`
    pub tests: Tests,
    /// `[accept.<code>]`, in the order of the file.
    pub accept: Vec<Accepted>,
}

/// An entry of `[accept.<code>]`: a gap or a warning that is known and lived with. `"#/paths/~1a" = "why"` accepts what has the
/// code at this place and below it, `"#" = "why"` all of it; `--deny` lets it pass then.
#[derive(Debug, Clone)]
pub struct Accepted {
    /// The code.
    pub code: Placed<String>,
    /// The place.
    pub pointer: Placed<String>,
    /// Why it is accepted.
    pub reason: String,
}

/// `[crate]`: what stands in the generated `Cargo.toml`.
#[derive(Debug, Clone, Default)]
pub struct Package {
    /// `name`: the package's name; by default made from the document's title.
    pub name: Option<Placed<String>>,
    /// `version`: the package's version; by default `0.1.0`. The document's own version says nothing about a Rust API.
    pub version: Option<Placed<String>>,
    /// `description`: one sentence; by default made from the document's title.
    pub description: Option<Placed<String>>,
    /// `keywords`: at most five, as crates.io wants them.
    pub keywords: Vec<Placed<String>>,
    /// `categories`: slugs of crates.io.
    pub categories: Vec<Placed<String>>,
    /// `license`: an SPDX expression. None is claimed without it; the texts of `MIT` and `Apache-2.0` come along.
    pub license: Option<Placed<String>>,
    /// `repository`: where the source is.
    pub repository: Option<Placed<String>>,
    /// `homepage`: where the API presents itself.
    pub homepage: Option<Placed<String>>,
    /// `changelog`: a file that becomes the crate's `CHANGELOG.md`; relative to the settings.
    pub changelog: Option<Placed<String>>,
    /// `extras`: hand-written modules to copy in, for what the document cannot know, by the name of their folder below
    /// `templates/`: `belvo` (webhooks, login check, tokens of the widget; it needs `[errors.codes]`).
    pub extras: Vec<Placed<String>>,
    /// `runtime`: `"copy"` (the default) puts the runtime's source into the crate, `{ path = ".." }` and `{ git = "..", rev = ".." }`
    /// let it depend on the runtime's crate, which several SDKs then share. A
    /// path is cargo's: relative to the generated crate.
    pub runtime: Runtime,
    /// `repeated_types`: what becomes of a schema written in place that says the same as another one, down to the words at its members.
    /// `"alias"` (the default) makes one type of both, and gives it both names; `"type"` makes two.
    pub repeated_types: RepeatedTypes,
}

/// What becomes of schemas written in place that say the same.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum RepeatedTypes {
    /// One type with the names of all of them: tools write a schema out at each of its uses, and each type costs time to compile. If
    /// one of them changes it becomes a type of its own, which code notices that took one for the other.
    #[default]
    Alias,
    /// A type for each, whatever the others are.
    Type,
}

/// Where a generated crate has its runtime from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Runtime {
    /// Its source stands in the crate.
    #[default]
    Copy,
    /// It is a dependency: the keys of cargo's table, in the order of the file.
    Dependency(Vec<(&'static str, String)>),
}

/// `[document]`: where the document comes from.
#[derive(Debug, Clone, Default)]
pub struct Document {
    /// `source`: the https address that `cargo xtask fetch` takes when none is named.
    pub source: Option<Placed<String>>,
    /// `provenance`: the file that records what was brought in and when, see [`crate::history::provenance`]; relative to the settings.
    pub provenance: Option<Placed<String>>,
    /// `words`: whose descriptions and examples the document has. With `"theirs"` (the default) `cargo xtask fetch` keeps the
    /// published file byte for byte; with `"ours"` it brings the facts into ours, and `check` warns of places without a description.
    pub words: Words,
    /// `extensions`: with words of ours, the extensions whose values are facts and are brought in too, by name. `"x-badges.name"`: of
    /// the objects in it, the member `name` alone.
    pub extensions: Vec<Placed<String>>,
}

/// Whose words a document has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Words {
    /// The publisher's.
    #[default]
    Theirs,
    /// Those of whoever keeps the document here.
    Ours,
}

/// `[environments.<name>]`: one base URL by name. Servers of the document that are not named here keep names of their own.
#[derive(Debug, Clone)]
pub struct Environment {
    /// The name, which becomes a variant: `sandbox` → `Environment::Sandbox`.
    pub name: Placed<String>,
    /// `url`: the base URL; a path prefix in it is kept.
    pub url: Placed<String>,
    /// `credentials`: whether credentials may go there; `true` by default, `false` for mocks.
    pub credentials: bool,
    /// `default`: whether a client goes there that names no environment; at most one.
    pub default: bool,
    /// `about`: a sentence for the documentation of the variant.
    pub about: Option<Placed<String>>,
    /// `exclusive`: tags whose operations work in this environment only; the documentation says so.
    pub exclusive: Vec<Placed<String>>,
}

/// `[operations]`: which operations there are, and what is special about some.
#[derive(Debug, Clone, Default)]
pub struct Operations {
    /// `only`: tags or operation ids; everything else is left out. Empty: all operations.
    pub only: Vec<Placed<String>>,
    /// `except`: tags or operation ids to leave out.
    pub except: Vec<Placed<String>>,
    /// `[operations."<id>"]`, in the order of the file.
    pub each: Vec<OperationOverride>,
}

impl Operations {
    /// The entry of the operation `id` alone.
    pub fn get(&self, id: &str) -> Option<&OperationOverride> {
        self.each.iter().find(|entry| *entry.id == id)
    }

    /// The members of the pages that the operation `id` answers with, `items` and `next`: its own entry, else the longest pattern that it
    /// meets, else `pages`.
    pub fn page<'s>(&'s self, id: &str, pages: &'s Pages) -> (&'s str, &'s str) {
        let patterns = self.each.iter().filter(|entry| entry.is_pattern() && entry.meets(id));
        let mut entries: Vec<&OperationOverride> = patterns.collect();
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.id.len()));
        let all = || self.get(id).into_iter().chain(entries.iter().copied());
        let items = all().find_map(|entry| entry.items.as_ref()).unwrap_or(&pages.items);
        let next = all().find_map(|entry| entry.next.as_ref()).unwrap_or(&pages.next);
        (items, next)
    }

    /// What the settings say of retrying the operation `id`: its own entry, else the longest pattern that it meets.
    pub fn retry(&self, id: &str) -> Option<&OperationOverride> {
        let says = |entry: &&OperationOverride| entry.retry.is_some();
        let patterns = self.each.iter().filter(says).filter(|entry| entry.is_pattern() && entry.meets(id));
        self.get(id).filter(says).or_else(|| patterns.max_by_key(|entry| entry.id.len()))
    }
}

/// `[operations."<id>"]`: what is special about one operation.
#[derive(Debug, Clone)]
pub struct OperationOverride {
    /// The operation's id in the document, or a pattern for several: `Retrieve*`, without `method` and `handle`.
    pub id: Placed<String>,
    /// `method`: the name of its Rust method.
    pub method: Option<Placed<String>>,
    /// `handle`: the tag whose handle it hangs on; by default its first tag.
    pub handle: Option<Placed<String>>,
    /// `retry`: its retry class; needs a `reason`.
    pub retry: Option<Placed<RetryClass>>,
    /// `reason`: why `retry` is what it is; it is printed in the method's documentation.
    pub reason: Option<Placed<String>>,
    /// `items`: the member of its page with the records, where that is not `[pages] items`.
    pub items: Option<Placed<String>>,
    /// `next`: the member of its page with the next page's URL, where that is not `[pages] next`.
    pub next: Option<Placed<String>>,
}

impl OperationOverride {
    /// Whether it is a rule for several operations.
    pub fn is_pattern(&self) -> bool {
        self.id.contains('*')
    }

    /// Whether it concerns the operation `id`.
    pub fn meets(&self, id: &str) -> bool {
        let mut parts = self.id.split('*');
        let Some(mut rest) = parts.next().and_then(|start| id.strip_prefix(start)) else { return false };
        let Some(end) = parts.next_back() else { return rest.is_empty() };
        for part in parts {
            let Some((_, after)) = rest.split_once(part) else { return false };
            rest = after;
        }
        rest.ends_with(end)
    }
}

/// When a failed call may be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RetryClass {
    /// `always`: whenever the schedule, the statuses or the error codes say so.
    Always,
    /// `keyed`: like `always` when an idempotency key goes with the request; without one, only when the first attempt
    /// certainly did nothing (it was never sent, or the answer has a status of `[retry] refused` or one of `[retry] codes`).
    Keyed,
    /// `never`: one attempt.
    Never,
}

impl RetryClass {
    /// The word in the settings.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::Keyed => "keyed",
            Self::Never => "never",
        }
    }
}

/// `[retry]`: how failed calls are repeated.
#[derive(Debug, Clone)]
pub struct Retry {
    /// `default`: the class of every operation without one of its own; by default by method: `keyed` for POST and PATCH,
    /// `always` for the others.
    pub default: Option<Placed<RetryClass>>,
    /// `schedule`: the waits before the second, third ... attempt, in milliseconds (in the file: seconds). Its length is
    /// the number of retries.
    pub schedule: Vec<u64>,
    /// `jitter`: how the waits of many clients are spread: `none` (by default: they are as `schedule` says), `full` (anything up to the
    /// whole wait) or `equal` (half of it, and anything up to the other half).
    pub jitter: Jitter,
    /// `statuses`: which statuses are worth another attempt, `503` or `5xx`.
    pub statuses: Vec<Placed<StatusRange>>,
    /// `except`: statuses that are not, although `statuses` covers them.
    pub except: Vec<Placed<StatusRange>>,
    /// `codes`: codes of error items that are worth another attempt whatever the status is: with them the API says that it did
    /// nothing.
    pub codes: Vec<Placed<String>>,
    /// `refused`: statuses by which the API says that it did nothing and that the same request may be sent later; `[429]` by
    /// default. Such an answer is worth another attempt whatever the method and the class (but `never`), after the wait that
    /// its `Retry-After` asks for, else by the schedule. `except` goes before it.
    pub refused: Vec<Placed<StatusRange>>,
    /// `idempotency_header`: the header that carries an idempotency key, for the class `keyed`.
    pub idempotency_header: Option<Placed<String>>,
}

impl Default for Retry {
    fn default() -> Self {
        let placed = |value| Placed { value, span: Span::default() };
        Self {
            default: None,
            schedule: vec![1_000, 2_000, 4_000],
            jitter: Jitter::None,
            statuses: vec![placed(StatusRange::One(429)), placed(StatusRange::Class(5))],
            except: vec![placed(StatusRange::One(501)), placed(StatusRange::One(505))],
            codes: Vec::new(),
            refused: vec![placed(StatusRange::One(429))],
            idempotency_header: None,
        }
    }
}

impl Retry {
    /// The statuses of `refused`, without those of `except`, in ascending order.
    pub fn refused_statuses(&self) -> Vec<u16> {
        let listed = |list: &[Placed<StatusRange>], status| list.iter().any(|range| range.contains(status));
        (100..=599).filter(|status| listed(&self.refused, *status) && !listed(&self.except, *status)).collect()
    }
}

/// How waits are spread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Jitter {
    /// Not at all.
    None,
    /// Anything up to the whole wait.
    Full,
    /// Half of it, and anything up to the other half.
    Equal,
}

/// One status, or all of a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum StatusRange {
    /// `503`
    One(u16),
    /// `5xx`
    Class(u8),
}

impl StatusRange {
    /// Whether `status` lies in it.
    pub fn contains(self, status: u16) -> bool {
        match self {
            Self::One(one) => one == status,
            Self::Class(class) => status / 100 == u16::from(class),
        }
    }
}

/// `[async]`: a mode in which the API accepts a request and answers it later.
#[derive(Debug, Clone)]
pub struct Asynchronous {
    /// `header`: the request header that switches it on.
    pub header: Placed<String>,
    /// `value`: the header's value.
    pub value: Placed<String>,
    /// `status`: the status of an accepted request; `202` by default.
    pub status: u16,
    /// `request_id`: the member of the accepted body that identifies the request.
    pub request_id: Placed<String>,
    /// `operations`: ids of operations that have the mode although the document does not declare the header.
    pub operations: Vec<Placed<String>>,
}

/// `[mfa]`: how the API interrupts a call for a second factor of the end user, and how the call is resumed.
#[derive(Debug, Clone)]
pub struct Mfa {
    /// `status`: the status of an interrupted call; `428` by default.
    pub status: u16,
    /// `code`: the code of the error item that says the same; `token_required` by default.
    pub code: Placed<String>,
    /// `expired`: the code of the error item that says that the session is over; `session_expired` by default.
    pub expired: Placed<String>,
    /// `session`: the member with the session, in the error item and in the body that resumes; `session` by default.
    pub session: Placed<String>,
    /// `link`: the member with what the session belongs to, in both; `link` by default.
    pub link: Placed<String>,
    /// `expiry`: the member with the seconds the session lives; `expiry` by default.
    pub expiry: Placed<String>,
    /// `challenge`: the member with the object that says what is asked; `challenge` by default.
    pub challenge: Placed<String>,
    /// `kind`: in it, the kind of challenge; `type` by default.
    pub kind: Placed<String>,
    /// `value`: in it, the challenge; `value` by default.
    pub value: Placed<String>,
    /// `instructions`: in it, what to tell the end user; `instructions` by default.
    pub instructions: Placed<String>,
    /// `input`: in it, whether input is expected, under any of these names; `expects_user_input` by default.
    pub input: Vec<Placed<String>>,
    /// `token`: the member of the resuming body that carries the token; `token` by default.
    pub token: Placed<String>,
    /// `resume`: ids of the operations that resume an interrupted call. Their functions take what the error holds and the
    /// token in place of these members.
    pub resume: Vec<Placed<String>>,
}

/// `[pages]`: how lists are cut into pages. A response with the members `items` and `next` is a page.
#[derive(Debug, Clone)]
pub struct Pages {
    /// `items`: the member with the records; `results` by default.
    pub items: Placed<String>,
    /// `next`: the member with the next page's URL; `next` by default.
    pub next: Placed<String>,
    /// `page`: the query parameter with the page's number; `page` by default.
    pub page: Placed<String>,
    /// `page_size`: the query parameter with the number of records a page; `page_size` by default.
    pub page_size: Placed<String>,
}

impl Default for Pages {
    fn default() -> Self {
        let placed = |text: &str| Placed { value: text.to_owned(), span: Span::default() };
        Self { items: placed("results"), next: placed("next"), page: placed("page"), page_size: placed("page_size") }
    }
}

/// `[partial]`: requests for a part of the members.
#[derive(Debug, Clone, Default)]
pub struct Partial {
    /// `query`: query parameters that make required members absent on purpose. Those that the document declares as text are given as
    /// lists of names, separated by commas.
    pub query: Vec<Placed<String>>,
    /// `include`: the one of them that lists the members to keep; the others list those to leave out. Members that the response's
    /// model cannot do without are added to it, and refused in the others.
    pub include: Option<Placed<String>>,
}

/// `[types."<pointer>"]`: how one schema is seen. Where requests take another type of it than responses have (`readOnly`,
/// `writeOnly`), both are meant, and `<pointer>/x-ir-request` is that of the requests alone.
#[derive(Debug, Clone)]
pub struct TypeOverride {
    /// The schema's place in the document, `#/components/schemas/Link`.
    pub pointer: Placed<String>,
    /// `rename`: its Rust name.
    pub rename: Option<Placed<String>>,
    /// `replace`: a scalar or any type to use in its place: `string`, `i64`, `f64`, `number` (an exact one), `bool`, `uuid`, `date`,
    /// `date-time`, `secret`, `any`.
    pub replace: Option<Type>,
    /// `order`: the order in which its required members become arguments, or fields of the struct with all of them, by their names on
    /// the wire; by default the one that the lock has, then that of `required`.
    pub order: Vec<Placed<String>>,
    /// `derive`: more traits to derive, as paths.
    pub derive: Vec<Placed<String>>,
}

/// `[errors]`: what the API's error items look like and what their codes mean.
#[derive(Debug, Clone)]
pub struct Errors {
    /// `code`: the member with the code.
    pub code: Option<Placed<String>>,
    /// `message`: the member with the text for people.
    pub message: Option<Placed<String>>,
    /// `field`: the member that names the request's member at fault.
    pub field: Option<Placed<String>>,
    /// `request_id`: the member with the request's id.
    pub request_id: Option<Placed<String>>,
    /// `support`: who wants the request's id when something failed; `support` by default.
    pub support: Option<Placed<String>>,
    /// `max_items`: how many items of one answer an error keeps, 1 to 1,000,000; all are counted. 1,000 by default.
    pub max_items: u32,
    /// `not_found`: the codes by which a 404 or 410 says that what was asked for does not exist, for `Error::is_not_found`; empty:
    /// it says so whatever its code is.
    pub not_found: Vec<Placed<String>>,
    /// `[errors.members]`: a member that some error items have → a sentence for the documentation. It becomes an accessor of its name on
    /// items and errors, of texts: `owner = "Who has it already, with the code taken"`. They need `[errors.codes]`.
    pub members: Vec<(String, Placed<String>)>,
    /// `[errors.codes.<code>]`, in the order of the file.
    pub codes: Vec<ErrorCode>,
    /// `[errors.answers.<name>]`, in the order of the file; they need `[errors.codes]`.
    pub answers: Vec<ErrorAnswer>,
}

impl Default for Errors {
    fn default() -> Self {
        Self {
            code: None,
            message: None,
            field: None,
            request_id: None,
            support: None,
            max_items: 1_000,
            not_found: Vec::new(),
            members: Vec::new(),
            codes: Vec::new(),
            answers: Vec::new(),
        }
    }
}

/// `[errors.codes.<code>]`: one code.
#[derive(Debug, Clone)]
pub struct ErrorCode {
    /// The code as it is sent.
    pub code: Placed<String>,
    /// `status`: the statuses it comes with; empty: unknown.
    pub status: Vec<u16>,
    /// `class`: whose turn it is.
    pub class: ErrorClass,
    /// `advice`: what to do, one sentence.
    pub advice: Placed<String>,
}

/// `[errors.answers.<name>]`: what an error answer means that has no code at all, such as a proxy's page. The first one that fits
/// counts. Without one, 408 and 429 are of class `wait`, 5xx of class `service`, and all other statuses of class `caller`.
#[derive(Debug, Clone)]
pub struct ErrorAnswer {
    /// A name for it, which only the settings use.
    pub name: Placed<String>,
    /// `status`: the statuses it comes with; empty: any.
    pub status: Vec<u16>,
    /// `media`: the media type of the answer; by default any.
    pub media: Option<Placed<String>>,
    /// `says`: what stands in its message, in any case; by default anything, also no message.
    pub says: Option<Placed<String>>,
    /// `class`: whose turn it is.
    pub class: ErrorClass,
    /// `advice`: what to do, one sentence.
    pub advice: Placed<String>,
}

/// Whose turn it is after an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ErrorClass {
    /// `caller`: the request is wrong; sending it again does not help.
    Caller,
    /// `user`: the end user must do something.
    User,
    /// `wait`: the same request can succeed later.
    Wait,
    /// `service`: the API or something behind it failed.
    Service,
}

impl ErrorClass {
    /// The word in the settings.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Caller => "caller",
            Self::User => "user",
            Self::Wait => "wait",
            Self::Service => "service",
        }
    }
}

/// `[secrets]`: what must not be printed.
#[derive(Debug, Clone, Default)]
pub struct Secrets {
    /// `members`: names of members and parameters, in any case, that never show in `Debug`, as with `format: password`: beside
    /// those whose names speak for themselves in every document, such as `password`, `access_token`, `X-Api-Key`. A name that the
    /// document does not have is no mistake.
    pub members: Vec<Placed<String>>,
    /// `public`: names that are no secrets here, whatever they sound like.
    pub public: Vec<Placed<String>>,
}

/// `[required]`: what `required` means to this API.
#[derive(Debug, Clone, Default)]
pub struct Required {
    /// `may_be_null`: whether a required member of a response may be null although the document does not call it
    /// nullable; `false` by default, as OpenAPI says. `true` makes all of them `Option` fields. The records of a page
    /// (`[pages] items`), the id of an accepted request (`[async] request_id`) and what requests send stay as they are.
    pub may_be_null: bool,
    /// `[required.never_null]`: members that are never null all the same, each with the reason: `id = "..."` of every schema,
    /// `"Link.id" = "..."` of one component.
    pub never_null: Vec<NeverNull>,
}

/// An entry of `[required.never_null]`.
#[derive(Debug, Clone)]
pub struct NeverNull {
    /// `member` or `Component.member`.
    pub member: Placed<String>,
    /// Why it is never null.
    pub reason: String,
}

/// `[numbers]`: what `type: number` becomes. Whole numbers (`type: integer`) are integers of their width in any case.
#[derive(Debug, Clone, Default)]
pub struct Numbers {
    /// `read`: `float` by default. One schema can be seen otherwise by `[types] replace`.
    pub read: NumberType,
}

/// What a number is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum NumberType {
    /// `float`: an `f64`, the nearest there is.
    #[default]
    Float,
    /// `exact`: the runtime's `Number`, with the digits that were written. For money: its `format` never tells it.
    Exact,
}

/// `[docs]`: the generated documentation.
#[derive(Debug, Clone, Default)]
pub struct Docs {
    /// `link_base`: the URL that relative links in descriptions are relative to; without it they become plain text.
    pub link_base: Option<Placed<String>>,
}

/// `[tests]`: tests that the generated crate carries.
#[derive(Debug, Clone, Default)]
pub struct Tests {
    /// `examples`: whether it carries a test that reads every example of the document and writes it back; `false` by
    /// default. The flag `--tests` does the same.
    pub examples: bool,
    /// `contradictions`: pointers of examples that are no value of their own schema, as the test prints them. Each must
    /// be unreadable: one that can be read again fails the test like one that cannot and is not listed.
    pub contradictions: Vec<Placed<String>>,
}

impl Settings {
    /// The environment a client uses that names none: the one marked `default`, or the first.
    pub fn default_environment(&self) -> Option<&Environment> {
        self.environments.iter().find(|e| e.default).or_else(|| self.environments.first())
    }

    /// The entry for the schema at `pointer`, in its text form with or without `#`.
    pub fn type_override(&self, pointer: &str) -> Option<&TypeOverride> {
        let find = |wanted: &str| self.types.iter().find(|entry| entry.pointer.trim_start_matches('#') == wanted);
        let wanted = pointer.trim_start_matches('#');
        find(wanted).or_else(|| find(keys::place(wanted)))
    }
}
