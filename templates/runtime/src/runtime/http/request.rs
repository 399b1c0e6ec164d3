//! One call as a value: what the generated builders fill in, what a caller can add, and the exact request it becomes.
//! Everything but the decoding function is free of the result's type, so that it is compiled once.

use std::borrow::Cow;
use std::fmt;
use std::future::IntoFuture;
use std::time::Duration;

use bytes::Bytes;
use http::header::HeaderMap;

use crate::runtime::call::machine::{Call, Policy};
use crate::runtime::call::retry::RetryRules;
use crate::runtime::decode::{Decode, Mode};
use crate::runtime::encode::{Encode, JsonText, written};
use crate::runtime::error::Error;
use crate::runtime::http::auth::Credentials;
use crate::runtime::http::body::{Body, Named, remove_named, set_named};
use crate::runtime::http::client::HttpClient;
use crate::runtime::http::multipart::Part;
use crate::runtime::http::operation::{Auth, Operation, Retry};
use crate::runtime::http::parts::{Parts, fill_path, has_parameter, push_query};
use crate::runtime::http::query::{
    CookieStyle, NULL_IN_LIST, PathStyle, Style, plain, select, write_cookie, write_path, write_query, write_simple,
    write_whole,
};
use crate::runtime::http::response::{Read, Received, Sending, decode, header_named, is_header, set_header};
use crate::runtime::http::server::Server;
use crate::runtime::http::transport::{BoxFuture, Limits};
use crate::runtime::text::{append, lists, take, until};

/// A request of an operation whose result is `T`. It does nothing until it is sent or awaited. `Debug` shows names and sizes only.
#[must_use = "a request does nothing until it is sent or awaited"]
pub struct Request<T> {
    pub(crate) draft: Box<Draft>,
    read: Read<T>,
}

/// The part of a request that does not depend on the result's type.
#[derive(Clone)]
pub(crate) struct Draft {
    pub(crate) client: HttpClient,
    pub(crate) operation: &'static Operation,
    path: Named,
    query: Named,
    /// What may be headers, under their names in lower case.
    headers: Named,
    cookies: Named,
    body: Body,
    /// The content type of the body, where it is another than the body's own.
    content_type: Option<Cow<'static, str>>,
    /// The members of the body that hold the id and the password of the client's basic credentials.
    keys: Option<(&'static str, &'static str)>,
    timeout: Option<Duration>,
    deadline: Option<Duration>,
    class: Option<Retry>,
    rules: Option<RetryRules>,
    /// Whether an acceptance is the result: the caller asked for an asynchronous answer.
    asynchronous: bool,
    /// A continuation link of the API, already known to stay on the server's origin.
    url: Option<String>,
    /// The server of this call alone.
    pub(crate) server: Option<Server>,
    /// The client's credentials, with the tokens that sources gave for this call.
    pub(crate) tokens: Option<Credentials>,
    /// What the caller asked for that cannot be sent; the first such thing counts.
    fault: Option<&'static str>,
    /// The name of it.
    faulty: String,
}

impl<T> Request<T> {
    /// A request to be filled in by an operation's builder.
    pub fn new(client: &HttpClient, operation: &'static Operation, read: Read<T>) -> Self {
        Self { draft: Box::new(Draft::new(client.clone(), operation)), read }
    }

    pub(crate) fn into_draft(self) -> (Draft, Read<T>) {
        (*self.draft, self.read)
    }

    /// Fills in a path parameter, encoded as one segment.
    #[inline]
    pub fn path(&mut self, name: &'static str, value: &dyn Encode) {
        self.draft.path(name, value);
    }

    /// Fills in a path parameter of another style.
    #[inline]
    pub fn path_styled(&mut self, name: &'static str, value: &dyn Encode, style: PathStyle) {
        self.draft.path_styled(name, value, style, false);
    }

    /// The same with reserved characters as they are (`allowReserved`), but for those that end a segment.
    #[inline]
    pub fn path_reserved(&mut self, name: &'static str, value: &dyn Encode, style: PathStyle) {
        self.draft.path_styled(name, value, style, true);
    }

    /// Sets a query parameter, in place of the one set before.
    #[inline]
    pub fn query(&mut self, name: &'static str, value: &dyn Encode, style: Style) {
        self.draft.set_query(name, value, style, false);
    }

    /// Sets a query parameter that may hold reserved characters as they are (`allowReserved`).
    #[inline]
    pub fn query_reserved(&mut self, name: &'static str, value: &dyn Encode, style: Style) {
        self.draft.set_query(name, value, style, true);
    }

    /// Sets a query parameter that is a JSON text (`content: application/json`).
    #[inline]
    pub fn query_json(&mut self, name: &'static str, value: &dyn Encode) {
        self.draft.set_query(name, &JsonText(value), Style::Form, false);
    }

    /// Makes a value the whole query (`in: querystring`): its JSON, or the text itself.
    #[inline]
    pub fn query_whole(&mut self, name: &'static str, value: &dyn Encode) {
        self.draft.set_whole_query(name, value);
    }

    /// Sets a header parameter.
    #[inline]
    pub fn header_param(&mut self, name: &'static str, value: &dyn Encode) {
        self.draft.header_param(name, value, false);
    }

    /// Sets a header parameter whose members, where it is an object, are pairs: `x=1,y=2`.
    #[inline]
    pub fn header_exploded(&mut self, name: &'static str, value: &dyn Encode) {
        self.draft.header_param(name, value, true);
    }

    /// Sets a header parameter that is a JSON text (`content: application/json`).
    #[inline]
    pub fn header_json(&mut self, name: &'static str, value: &dyn Encode) {
        self.draft.header_json(name, value);
    }

    /// Sets a cookie parameter.
    #[inline]
    pub fn cookie(&mut self, name: &'static str, value: &dyn Encode) {
        self.draft.cookie(name, value, CookieStyle::Form);
    }

    /// Sets a cookie parameter of another style.
    #[inline]
    pub fn cookie_styled(&mut self, name: &'static str, value: &dyn Encode, style: CookieStyle) {
        self.draft.cookie(name, value, style);
    }

    /// Sets the JSON body.
    #[inline]
    pub fn body(&mut self, value: &dyn Encode) {
        self.draft.set_body(value);
    }

    /// Begins a JSON object that is sent even when no member gets set.
    pub fn object(&mut self) {
        if matches!(self.draft.body, Body::None) {
            self.draft.body = Body::Json { base: None, members: Vec::new() };
        }
    }

    /// Sets a member of the JSON body; an absent value leaves it out.
    #[inline]
    pub fn member(&mut self, name: &'static str, value: &dyn Encode) {
        self.draft.member(name, value);
    }

    /// Puts the id and the password of the client's basic credentials into these members of the JSON body once the request is built,
    /// where [`with_extra`](Self::with_extra) sets no other value. It cannot be built for a client without basic credentials.
    #[inline]
    pub fn keys(&mut self, id: &'static str, password: &'static str) {
        self.draft.keys = Some((id, password));
    }

    /// Sets a field of a form body (`application/x-www-form-urlencoded`).
    #[inline]
    pub fn form(&mut self, name: &'static str, value: &dyn Encode, style: Style) {
        self.draft.form(name, value, style, false);
    }

    /// The same with reserved characters as they are (`allowReserved`).
    #[inline]
    pub fn form_reserved(&mut self, name: &'static str, value: &dyn Encode, style: Style) {
        self.draft.form(name, value, style, true);
    }

    /// Sets a form body that is one object: a field for each of its members.
    #[inline]
    pub fn form_body(&mut self, value: &dyn Encode) {
        self.draft.form_body(value);
    }

    /// Adds a part to a multipart body.
    pub fn part(&mut self, part: Part) {
        self.draft.part(part);
    }

    /// Sets a multipart body of these parts, in place of one set before.
    #[inline]
    pub fn multipart(&mut self, parts: impl IntoIterator<Item = Part>) {
        self.draft.body = Body::Multipart(Box::new(Vec::<Part>::new()));
        for part in parts {
            self.draft.part(part);
        }
    }

    /// Gives the body another content type than its own. Only the type counts of that of a multipart body: the boundary is added.
    pub fn content_type(&mut self, content_type: impl Into<Cow<'static, str>>) {
        self.draft.content_type(content_type.into());
    }

    /// Sets a body of any content type.
    pub fn bytes(&mut self, content_type: impl Into<Cow<'static, str>>, bytes: impl Into<Bytes>) {
        self.draft.body = Body::Bytes { content_type: content_type.into(), bytes: bytes.into() };
    }

    /// Adds a header, in place of what the client or the document would send under this name.
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.draft.header(name, value);
        self
    }

    /// Adds a query parameter the document does not know.
    pub fn with_query(mut self, name: &str, value: impl Encode) -> Self {
        self.draft.add_query(Cow::Owned(name.to_owned()), &value, Style::Form, false);
        self
    }

    /// Adds a member to the JSON body (a field to a form) that the document does not know, or replaces one it does.
    pub fn with_extra(mut self, name: &str, value: impl Encode) -> Self {
        self.draft.extra(name, &value);
        self
    }

    /// How long one attempt may take.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.draft.timeout = Some(timeout);
        self
    }

    /// How long the whole call may take, retries and pauses included.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.draft.deadline = Some(deadline);
        self
    }

    /// Another retry class for this call, for a caller who knows more than the document.
    pub fn retry(mut self, class: Retry) -> Self {
        self.draft.class = Some(class);
        self
    }

    /// Other retry rules for this call.
    pub fn retry_rules(mut self, rules: RetryRules) -> Self {
        self.draft.rules = Some(rules);
        self
    }

    /// The server of this call, whatever the client's is and the document says. What a client of this server would send goes there,
    /// the credentials included.
    pub fn server(mut self, server: impl Into<Server>) -> Self {
        self.draft.server = Some(server.into());
        self
    }

    /// The idempotency key of this call: repeating it with the same key, even from another process, does nothing twice.
    pub fn idempotency_key(self, key: &str) -> Self {
        let name = self.draft.operation.idempotency_header.unwrap_or("idempotency-key");
        self.with_header(name, key)
    }

    /// The same request with its result read in another way.
    pub fn read_by<U>(self, read: Read<U>) -> Request<U> {
        Request { draft: self.draft, read }
    }

    /// The same request in the API's asynchronous mode, which this header switches on: the result is what a 202 holds.
    pub fn asynchronous<U>(mut self, header: &'static str, value: &'static str, read: Read<U>) -> Request<U> {
        self.draft.header(header, value);
        self.draft.asynchronous = true;
        self.read_by(read)
    }

    /// The exact request, without sending it.
    ///
    /// # Errors
    /// When it cannot be built.
    pub fn parts(&self) -> Result<Parts, Error> {
        self.draft.parts()
    }

    /// Sends it.
    pub fn send(self) -> Sending<T> {
        Sending::new(self.draft.run(), self.read)
    }

    /// Sends it and reads the result as another type: a model, [`Value`](serde_json::Value), or by serde a type of your own in
    /// [`Json`](crate::runtime::Json).
    pub fn send_as<U: Decode>(self) -> Sending<U> {
        Sending::new(self.draft.run(), decode::<U>)
    }

    /// Sends it and gives the response as it came.
    pub fn raw(self) -> BoxFuture<'static, Result<Received, Error>> {
        self.draft.run()
    }

    /// Sends it and waits, without an async runtime.
    ///
    /// # Errors
    /// As the call itself.
    #[cfg(feature = "blocking")]
    pub fn blocking(self) -> Result<crate::runtime::http::response::Response<T>, Error> {
        crate::runtime::http::response::Response::read(
            crate::runtime::http::transport::blocking::run(*self.draft)?,
            self.read,
        )
    }
}

impl<T> IntoFuture for Request<T> {
    type Output = <Sending<T> as Future>::Output;
    type IntoFuture = Sending<T>;

    fn into_future(self) -> Sending<T> {
        self.send()
    }
}

impl<T> Clone for Request<T> {
    fn clone(&self) -> Self {
        Self { draft: self.draft.clone(), read: self.read }
    }
}

impl<T> fmt::Debug for Request<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let draft = &*self.draft;
        f.debug_struct("Request")
            .field("operation", &draft.operation.id)
            .field("method", &draft.operation.method.as_str())
            .field("path", &draft.operation.path)
            .field("query", &names(&draft.query))
            .field("headers", &names(&draft.headers))
            .field("body", &draft.body.describe())
            .finish_non_exhaustive()
    }
}

impl Draft {
    fn new(client: HttpClient, operation: &'static Operation) -> Self {
        Self {
            client,
            operation,
            path: Vec::new(),
            query: Vec::new(),
            headers: Vec::new(),
            cookies: Vec::new(),
            body: Body::None,
            content_type: None,
            keys: None,
            timeout: None,
            deadline: None,
            class: None,
            rules: None,
            asynchronous: false,
            url: None,
            server: None,
            tokens: None,
            fault: None,
            faulty: String::new(),
        }
    }

    pub(crate) fn fail(&mut self, note: &'static str, name: &str) {
        if self.fault.is_none() {
            self.fault = Some(note);
            self.faulty.push_str(name);
        }
    }

    /// A value as JSON, for what is sent under a name.
    fn given(&mut self, name: &str, value: &dyn Encode) -> String {
        let written = written(value);
        if let Some(note) = written.fault {
            self.fail(note, &written.place(name));
        }
        written.out
    }

    /// The same for a path, where a text that is no UUID finds nothing.
    fn given_in_path(&mut self, name: &str, value: &dyn Encode) -> String {
        if written(value).no_uuid {
            self.fail("a path parameter is no uuid:", name);
        }
        self.given(name, value)
    }

    fn path(&mut self, name: &'static str, value: &dyn Encode) {
        let mut text = String::new();
        write_simple(&mut text, &self.given_in_path(name, value));
        self.set_path(name, text);
    }

    // Other styles are rare; only who uses one has them compiled.
    #[inline]
    fn path_styled(&mut self, name: &'static str, value: &dyn Encode, style: PathStyle, reserved: bool) {
        let mut text = String::new();
        if !write_path(&mut text, name, &self.given_in_path(name, value), style, reserved) {
            self.fail(NULL_IN_LIST, name);
        }
        self.set_path(name, text);
    }

    fn set_path(&mut self, name: &'static str, text: String) {
        if text.is_empty() {
            self.fail("a path parameter is empty:", name);
        }
        set_named(&mut self.path, Cow::Borrowed(name), text);
    }

    fn set_query(&mut self, name: &'static str, value: &dyn Encode, style: Style, reserved: bool) {
        remove_named(&mut self.query, name);
        self.add_query(Cow::Borrowed(name), value, style, reserved);
    }

    fn add_query(&mut self, name: Cow<'static, str>, value: &dyn Encode, style: Style, reserved: bool) {
        let mut text = String::new();
        if !write_query(&mut text, &name, &self.given(&name, value), style, reserved) {
            self.fail(NULL_IN_LIST, &name);
        }
        if !text.is_empty() {
            self.query.push((name, text));
        }
    }

    #[inline]
    fn set_whole_query(&mut self, name: &'static str, value: &dyn Encode) {
        if value.is_absent() {
            return;
        }
        let mut text = String::new();
        write_whole(&mut text, &self.given(name, value));
        set_named(&mut self.query, Cow::Borrowed(name), text);
    }

    fn header(&mut self, name: &str, value: &str) {
        if is_header(name, value) {
            set_named(&mut self.headers, Cow::Owned(name.to_ascii_lowercase()), value.to_owned());
        } else {
            self.fail("a header has a character no header may have:", name);
        }
    }

    #[inline]
    fn header_param(&mut self, name: &'static str, value: &dyn Encode, explode: bool) {
        if let Some(text) = plain(&self.given(name, value), explode) {
            self.header(name, &text);
        }
    }

    #[inline]
    fn header_json(&mut self, name: &'static str, value: &dyn Encode) {
        if value.is_absent() {
            return;
        }
        let json = self.given(name, value);
        // A header has ASCII only, and JSON can say the rest in it.
        let mut text = String::new();
        for unit in json.encode_utf16() {
            match u8::try_from(unit) {
                Ok(byte) if byte.is_ascii() => text.push(char::from(byte)),
                _ => text.push_str(&format!("\\u{unit:04x}")),
            }
        }
        self.header(name, &text);
    }

    #[inline]
    fn cookie(&mut self, name: &'static str, value: &dyn Encode, style: CookieStyle) {
        let mut text = String::new();
        if let Err(note) = write_cookie(&mut text, name, &self.given(name, value), style) {
            self.fail(note, name);
        }
        remove_named(&mut self.cookies, name);
        if !text.is_empty() {
            self.cookies.push((Cow::Borrowed(name), text));
        }
    }

    fn content_type(&mut self, content_type: Cow<'static, str>) {
        if content_type.is_empty() || !is_header("content-type", &content_type) {
            self.fail("this cannot be a content type:", &content_type);
        }
        self.content_type = Some(content_type);
    }

    fn set_body(&mut self, value: &dyn Encode) {
        if value.is_absent() {
            return;
        }
        let base = Some(self.given("body", value));
        match &mut self.body {
            Body::Json { base: place, .. } => *place = base,
            body => *body = Body::Json { base, members: Vec::new() },
        }
    }

    pub(crate) fn member(&mut self, name: &'static str, value: &dyn Encode) {
        if value.is_absent() {
            return;
        }
        let json = self.given(name, value);
        if let Err(note) = self.body.set_member(Cow::Borrowed(name), json) {
            self.fail(note, name);
        }
    }

    #[inline]
    fn form(&mut self, name: &'static str, value: &dyn Encode, style: Style, reserved: bool) {
        if !matches!(self.body, Body::Form(_)) {
            self.body = Body::Form(Vec::new());
        }
        let mut text = String::new();
        if !write_query(&mut text, name, &self.given(name, value), style, reserved) {
            self.fail(NULL_IN_LIST, name);
        }
        if let Body::Form(fields) = &mut self.body {
            remove_named(fields, name);
            fields.push((Cow::Borrowed(name), text));
        }
    }

    #[inline]
    fn form_body(&mut self, value: &dyn Encode) {
        self.body = Body::None;
        if !self.given("body", value).starts_with('{') {
            self.fail("a form is an object, and this is none:", "body");
        }
        self.form("", value, Style::FormExplode, false);
    }

    #[inline]
    fn part(&mut self, part: Part) {
        if let Some(note) = part.fault() {
            self.fail(note, part.name());
        }
        match &mut self.body {
            Body::Multipart(parts) => parts.push(part),
            body => *body = Body::Multipart(Box::new(vec![part])),
        }
    }

    #[inline]
    fn extra(&mut self, name: &str, value: &dyn Encode) {
        let json = self.given(name, value);
        // In a form a text stands without its quotes.
        let text: Option<String> = serde_json::from_str(&json).ok();
        let text = text.unwrap_or_else(|| json.clone());
        if let Err(note) = self.body.set_extra(name.to_owned(), &text, json) {
            self.fail(note, name);
        }
    }

    /// The same call for a continuation link, which holds all of path and query.
    pub(crate) fn at(&self, url: String) -> Self {
        let mut draft = self.clone();
        draft.url = Some(url);
        draft
    }

    /// The exact request.
    pub(crate) fn parts(&self) -> Result<Parts, Error> {
        match self.try_parts() {
            Ok(parts) => Ok(parts),
            Err((note, name)) => Err(Error::build_of(note, name).with_operation(self.operation)),
        }
    }

    fn try_parts(&self) -> Result<Parts, (&'static str, &str)> {
        let inner = self.client.inner();
        if let Some(note) = self.fault {
            return Err((note, &self.faulty));
        }
        let (base, auth, elsewhere) = self.target()?;
        let mut headers = HeaderMap::new();
        if !self.operation.accept.is_empty() {
            set_header(&mut headers, "accept", self.operation.accept, false);
        }
        let (identified, credentials) = (self.at_server().send_credentials, self.credentials());
        let pair = if identified { credentials.pair() } else { Some(("", "")) };
        let body = self.body.keyed(self.keys, pair);
        let body =
            match body.and_then(|body| body.finish(self.operation.json, self.content_type.as_deref(), &mut headers)) {
                Ok(body) => body,
                Err(note) => return Err((note, "")),
            };
        set_header(&mut headers, "user-agent", &inner.user_agent, false);
        let mut cookies = String::new();
        for (_, text) in &self.cookies {
            let separator = if cookies.is_empty() { "" } else { "; " };
            append(&mut cookies, &[separator, text]);
        }
        if !cookies.is_empty() {
            set_header(&mut headers, "cookie", &cookies, false);
        }
        // Keys that stand in the query, apart from the call's own parameters.
        let mut keys = String::new();
        if identified {
            credentials.apply(auth, &mut headers, &mut keys)?;
        }
        // What a client has in its headers to prove who it is goes to another host only where the operation asks for a proof.
        let withheld = elsewhere && auth == Auth::None;
        for (name, value) in &inner.headers {
            let proof = name == "authorization";
            if !(proof && !identified || withheld && (proof || name == "cookie")) {
                // Nobody knows what a caller puts here.
                set_header(&mut headers, name, value, true);
            }
        }
        for (name, value) in &self.headers {
            if identified || name != "authorization" {
                set_header(&mut headers, name, value, true);
            }
        }
        let mut url = match &self.url {
            Some(url) => url.clone(),
            None => {
                let mut path = fill_path(self.operation.path, &self.path)?;
                for (name, text) in &self.query {
                    push_query(&mut path, text);
                    if lists(self.operation.partial, name) {
                        select(self.operation, name, text, &mut path)?;
                    }
                }
                base.join(&path)
            }
        };
        let mut keys = &*keys;
        while !keys.is_empty() {
            let key = take(&mut keys, "&");
            // A link of the API repeats the query of the call, and perhaps the key in it.
            if self.url.is_none() || !has_parameter(&url, until(key, "=")) {
                push_query(&mut url, key);
            }
        }
        Ok(Parts { method: self.operation.method.into(), url, headers, body })
    }

    /// How the response is to be read.
    pub(crate) fn mode(&self) -> Mode {
        let inner = self.client.inner();
        let mut mode = Mode { strict: inner.strict, limit: inner.max_findings, ..Mode::of(inner.settings) };
        for (name, _) in &self.query {
            mode.partial |= lists(self.operation.partial, name);
        }
        mode
    }

    /// The call machine for this request.
    pub(crate) fn call(&self) -> Result<Call, Error> {
        let inner = self.client.inner();
        let mut parts = self.parts()?;
        let class = self.class.unwrap_or(self.operation.retry);
        if class == Retry::WithKey
            && let Some(name) = self.operation.idempotency_header
            && header_named(&parts.headers, name).is_none()
            && let Some(key) = crate::runtime::http::key::generate()
        {
            set_header(&mut parts.headers, name, &key, false);
        }
        let rules = self.rules.unwrap_or(inner.rules);
        let timeout = self.timeout.unwrap_or(inner.timeout);
        // By default there is room for every attempt and every pause, the longest that `Retry-After` can ask for included.
        let (longest, pauses) = (rules.cap.saturating_mul(rules.retries), rules.total());
        let pauses = if longest > pauses { longest } else { pauses };
        let all = timeout.saturating_mul(rules.retries.saturating_add(1)).saturating_add(pauses);
        let deadline = Some(self.deadline.or(inner.deadline).unwrap_or(all));
        let limits = Limits::new(timeout, inner.max_body);
        let policy = Policy { class, rules, limits, deadline, accepted: self.asynchronous };
        Ok(Call::new(self.operation, parts, policy, self.mode()))
    }

    /// Carries the call out.
    pub(crate) fn run(self) -> BoxFuture<'static, Result<Received, Error>> {
        Box::pin(crate::runtime::http::client::drive(self))
    }
}

#[inline]
fn names(list: &Named) -> Vec<&str> {
    list.iter().map(|(name, _)| &**name).collect()
}
