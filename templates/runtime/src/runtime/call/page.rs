//! Pages and the records on them. A walk follows `next` only on the server's own origin, stops at a link it has followed before, and
//! retries within itself, since every page is a call of its own.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use crate::runtime::decode::records::Records;
use crate::runtime::error::{Error, ErrorKind, Fault};
use crate::runtime::http::operation::Operation;
use crate::runtime::http::request::{Draft, Request};
use crate::runtime::http::response::{Read, Received, Response};
use crate::runtime::http::server::{LinkFault, resolve_own};
use crate::runtime::http::transport::BoxFuture;
use crate::runtime::text::{append, has, print_size, split, take};

/// A page of a list; the generator implements it for the page models of the document.
pub trait Paged {
    /// A record of the list.
    type Item;

    /// The link to the next page.
    fn next_url(&self) -> Option<&str>;

    /// The records, in their order; one that cannot be read is an `InvalidItem` in its place.
    fn into_items(self) -> Vec<Result<Self::Item, InvalidItem>>;
}

/// A record of a page that cannot be read as the document describes it. `Debug` does not show what came.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidItem {
    /// The place in the page: `$.results[3].amount`.
    pub path: String,
    /// What was expected there and what kind of JSON came: `expected number, found object`.
    pub reason: String,
    /// The record as it came; an array of them where this is about several.
    pub json: String,
    /// How many records this is about: one, but for the last of a page with more invalid records than are kept one by one.
    pub records: usize,
}

impl InvalidItem {
    /// A record that cannot be read: where, why, and the record itself.
    pub fn new(path: impl Into<String>, reason: impl Into<String>, json: impl Into<String>) -> Self {
        Self { path: path.into(), reason: reason.into(), json: json.into(), records: 1 }
    }

    fn error(self, operation: &'static Operation) -> Error {
        let fault = Fault::of_record(self.path, &self.reason);
        Error::new(ErrorKind::InvalidRecord).with_fault(fault).with_body(self.json.into()).with_operation(operation)
    }
}

/// Puts valid and invalid records back into the order they came in; the invalid ones come with their index, in ascending order.
pub fn in_order<T>(
    good: impl IntoIterator<Item = T>,
    invalid: impl IntoIterator<Item = (usize, InvalidItem)>,
) -> Vec<Result<T, InvalidItem>> {
    let mut items = Vec::new();
    let mut good = good.into_iter();
    for (index, invalid) in invalid {
        let between = index.saturating_sub(items.len());
        items.extend(good.by_ref().take(between).map(Ok));
        items.push(Err(invalid));
    }
    items.extend(good.map(Ok));
    items
}

impl<T> Records<T> {
    /// All records in the order they came, the invalid ones in their places.
    pub fn into_results(self) -> Vec<Result<T, InvalidItem>> {
        let beyond = self.beyond().map(|(path, records, json)| {
            let reason = format!("{records} more records that could not be read");
            InvalidItem { path: path.to_owned(), reason, json, records }
        });
        let (good, invalid) = self.into_parts();
        let mut items =
            in_order(good, invalid.into_iter().map(|o| (o.index(), InvalidItem::new(o.path(), o.reason(), o.raw()))));
        items.extend(beyond.map(Err));
        items
    }
}

impl fmt::Debug for InvalidItem {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InvalidItem").field("path", &self.path).field("bytes", &self.json.len()).finish_non_exhaustive()
    }
}

/// The position of a walk: with it, another walk begins there, in another process if need be. It holds the link's path and query.
///
/// ```
/// use runtime::Continuation;
///
/// let saved = Continuation::from("/things/?page=2").as_str().to_owned();
/// assert_eq!(saved, "/things/?page=2");
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Continuation(String);

impl Continuation {
    /// As text, to be stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Continuation {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Continuation {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for Continuation {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Path and query hold what the caller asked for.
        print_size(f, "Continuation", self.0.len())
    }
}

/// The walk itself, free of the page's type.
struct Walk {
    draft: Draft,
    target: Target,
    /// The URLs asked for, sorted.
    seen: Vec<String>,
}

/// What the walk does next.
enum Target {
    /// The request as the caller made it.
    First,
    /// A link, not yet checked against the server.
    From(String),
    /// A link on the server's own origin.
    Next(String),
    /// A link that cannot be followed; said once, after the records of its page.
    Fault(&'static str),
    End,
}

impl Walk {
    /// The request for the next page, or none at the end.
    fn draft(&mut self) -> Result<Option<Draft>, Error> {
        let fault = match &self.target {
            Target::End => return Ok(None),
            Target::First => return Ok(Some(self.draft.clone())),
            Target::Next(url) => return Ok(Some(self.draft.at(url.clone()))),
            Target::From(link) => match resolve_own(&self.draft.address()?, link) {
                Ok(url) => return Ok(Some(self.draft.at(url))),
                Err(fault) => note(fault),
            },
            Target::Fault(note) => note,
        };
        self.target = Target::End;
        Err(self.fault(fault))
    }

    fn fault(&self, note: &'static str) -> Error {
        Error::new(ErrorKind::Page).with_note(Some(note)).with_operation(self.draft.operation)
    }

    /// Takes note of the link a page gave.
    fn follow(&mut self, asked: &str, next: Option<&str>) {
        if let Err(at) = self.seen(asked) {
            self.seen.insert(at, asked.to_owned());
        }
        // An empty link means the end, as a missing one does.
        let link = next.unwrap_or_default();
        self.target = if link.trim_ascii().is_empty() {
            Target::End
        } else {
            match resolve_own(asked, link) {
                Err(fault) => Target::Fault(note(fault)),
                Ok(url) => {
                    let url = unglued(asked, &url);
                    if self.seen(&url).is_ok() {
                        Target::Fault("its link has been followed before")
                    } else {
                        Target::Next(url)
                    }
                }
            }
        };
    }

    /// Where a URL is among those asked for, or would be.
    fn seen(&self, url: &str) -> Result<usize, usize> {
        let (mut from, mut to) = (0, self.seen.len());
        while from < to {
            let middle = from + (to - from) / 2;
            match self.seen.get(middle) {
                Some(known) if known == url => return Ok(middle),
                Some(known) if known.as_str() < url => from = middle + 1,
                _ => to = middle,
            }
        }
        Err(from)
    }

    #[inline]
    fn continuation(&self) -> Option<Continuation> {
        let url = match &self.target {
            Target::First | Target::End | Target::Fault(_) => return None,
            Target::From(url) | Target::Next(url) => url,
        };
        // A walk that has not begun stands at what it was given.
        let Some((_, rest)) = split(url, "://") else { return Some(Continuation(url.clone())) };
        let mut path = String::from("/");
        if let Some((_, rest)) = split(rest, "/") {
            path.push_str(rest);
        }
        Some(Continuation(path))
    }
}

/// A link in which two parameters of the query have grown together (`?link=abcpage=2`): taken apart where the first is one that was
/// asked with, with its value word for word. Otherwise a server would take the whole for one strange value, and answer an empty list.
fn unglued(asked: &str, url: &str) -> String {
    let Some((path, mut given)) = split(url, "?") else { return url.to_owned() };
    let before = match split(asked, "?") {
        Some((_, query)) => query,
        None => "",
    };
    let mut out = path.to_owned();
    let mut separator = "?";
    loop {
        let more = has(given, b'&');
        let pair = take(&mut given, "&");
        match glued(pair, before) {
            Some((known, rest)) => append(&mut out, &[separator, known, "&", rest]),
            None => append(&mut out, &[separator, pair]),
        }
        if !more {
            return out;
        }
        separator = "&";
    }
}

/// The parameter that was asked with, and the one that has grown onto it.
fn glued<'p>(pair: &'p str, before: &'p str) -> Option<(&'p str, &'p str)> {
    let mut before = before;
    while !before.is_empty() {
        let known = take(&mut before, "&");
        // What follows must be a parameter of its own: a name, and a value.
        if let Some(rest) = pair.strip_prefix(known)
            && has(known, b'=')
            && !known.ends_with("=")
            && let Some((name, value)) = split(rest, "=")
            && is_name(name)
            && !has(value, b'=')
        {
            return Some((known, rest));
        }
    }
    None
}

fn is_name(text: &str) -> bool {
    for b in text.bytes() {
        if !b.is_ascii_alphanumeric() && b != b'_' {
            return false;
        }
    }
    matches!(text.as_bytes(), [first, ..] if first.is_ascii_alphabetic())
}

const fn note(fault: LinkFault) -> &'static str {
    match fault {
        LinkFault::Malformed => "its link is malformed",
        LinkFault::Foreign => "its link leads to another server",
    }
}

/// A walk over the pages of a list. Use `try_next`, or the `Stream` it is; with the feature `blocking` also the iterator `blocking` gives.
#[must_use = "a walk does nothing until a page is asked for"]
pub struct Pages<P> {
    walk: Walk,
    read: Read<P>,
    /// The call under way and the URL it asks.
    flight: Option<(BoxFuture<'static, Result<Received, Error>>, String)>,
}

impl<P: Paged> Pages<P> {
    /// A walk that begins with this request.
    pub fn new(request: Request<P>) -> Self {
        let (draft, read) = request.into_draft();
        Self { walk: Walk { draft, target: Target::First, seen: Vec::new() }, read, flight: None }
    }

    /// Begins at the position of another walk.
    pub fn starting_at(mut self, continuation: &Continuation) -> Self {
        self.walk.target = Target::From(continuation.0.clone());
        self
    }

    /// The position of the walk: the page the next call asks for. None before the first page and at the end.
    pub fn continuation(&self) -> Option<Continuation> {
        self.walk.continuation()
    }

    /// The next page, or none after the last. After an error the same page can be asked for again.
    ///
    /// # Errors
    /// When the page cannot be fetched or read, or its link leads astray.
    pub async fn try_next(&mut self) -> Result<Option<Response<P>>, Error> {
        poll_fn(|cx| self.poll_page(cx)).await
    }

    fn poll_page(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Response<P>>, Error>> {
        if self.flight.is_none() {
            let Some(draft) = self.walk.draft()? else { return Poll::Ready(Ok(None)) };
            let url = draft.address()?;
            self.flight = Some((draft.run(), url));
        }
        let Some((flight, url)) = &mut self.flight else { return Poll::Ready(Ok(None)) };
        let received = ready!(flight.as_mut().poll(cx));
        let url = std::mem::take(url);
        self.flight = None;
        Poll::Ready(received.and_then(|received| self.accept(&url, received)).map(Some))
    }

    fn accept(&mut self, url: &str, received: Received) -> Result<Response<P>, Error> {
        let page = Response::read(received, self.read)?;
        self.walk.follow(url, page.next_url());
        Ok(page)
    }

    /// The next page, without an async runtime.
    #[cfg(feature = "blocking")]
    fn next_blocking(&mut self) -> Result<Option<Response<P>>, Error> {
        let Some(draft) = self.walk.draft()? else { return Ok(None) };
        let url = draft.address()?;
        let received = crate::runtime::http::transport::blocking::run(draft)?;
        self.accept(&url, received).map(Some)
    }

    /// The same walk as an iterator that holds the thread.
    #[cfg(feature = "blocking")]
    pub fn blocking(self) -> BlockingPages<P> {
        BlockingPages { pages: self, over: false }
    }
}

/// A stream ends with its first error; `try_next` can be called again instead.
impl<P: Paged> Stream for Pages<P> {
    type Item = Result<Response<P>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let page = ready!(self.poll_page(cx));
        if page.is_err() {
            self.walk.target = Target::End;
        }
        Poll::Ready(page.transpose())
    }
}

impl<P> fmt::Debug for Pages<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("operation", &self.walk.draft.operation.id)
            .field("pages", &self.walk.seen.len())
            .finish_non_exhaustive()
    }
}

/// A walk over the records of all pages. A record that cannot be read comes as an error of kind `Record`, which can be skipped: the walk
/// goes on behind it.
#[must_use = "a walk does nothing until a record is asked for"]
pub struct Items<P: Paged> {
    pages: Pages<P>,
    items: VecDeque<Result<P::Item, InvalidItem>>,
    /// What was passed over, in a walk over the valid records.
    skipped: Option<Skipped>,
}

/// The records a walk has passed over.
struct Skipped {
    /// How many are kept.
    limit: usize,
    kept: Vec<InvalidItem>,
    /// How many there were.
    count: usize,
}

impl Skipped {
    fn note(&mut self, invalid: InvalidItem) {
        self.count = self.count.saturating_add(invalid.records);
        if self.kept.len() < self.limit {
            self.kept.push(invalid);
        }
    }
}

impl<P: Paged> Items<P> {
    /// A walk that begins with this request.
    pub fn new(request: Request<P>) -> Self {
        Self { pages: Pages::new(request), items: VecDeque::new(), skipped: None }
    }

    /// Begins at the position of another walk.
    pub fn starting_at(mut self, continuation: &Continuation) -> Self {
        self.pages = self.pages.starting_at(continuation);
        self
    }

    /// The page after the records at hand; see `Pages::continuation`.
    pub fn continuation(&self) -> Option<Continuation> {
        self.pages.continuation()
    }

    /// Skips records that cannot be read, and says afterwards which they were.
    pub fn skip_invalid(mut self) -> ValidItems<P> {
        let limit = self.pages.walk.draft.mode().limit;
        self.skipped = Some(Skipped { limit, kept: Vec::new(), count: 0 });
        ValidItems { items: self }
    }

    fn invalid(&self) -> &[InvalidItem] {
        self.skipped.as_ref().map_or(&[], |skipped| &skipped.kept)
    }

    fn invalid_count(&self) -> usize {
        self.skipped.as_ref().map_or(0, |skipped| skipped.count)
    }

    /// The next record, or none after the last.
    ///
    /// # Errors
    /// When a page cannot be fetched or read, its link leads astray, or the record is invalid.
    pub async fn try_next(&mut self) -> Result<Option<P::Item>, Error> {
        poll_fn(|cx| self.poll_item(cx)).await
    }

    fn poll_item(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<P::Item>, Error>> {
        // An empty page is not the end: only a missing link is.
        loop {
            if let Some(item) = self.pop() {
                return Poll::Ready(item.map(Some));
            }
            match ready!(self.pages.poll_page(cx))? {
                Some(page) => self.take_in(page),
                None => return Poll::Ready(Ok(None)),
            }
        }
    }

    fn take_in(&mut self, page: Response<P>) {
        self.items = page.into_inner().into_items().into();
    }

    /// The next record at hand; in a walk over the valid ones, takes note of the invalid ones before it.
    fn pop(&mut self) -> Option<Result<P::Item, Error>> {
        loop {
            match (self.items.pop_front()?, &mut self.skipped) {
                (Ok(item), _) => return Some(Ok(item)),
                (Err(invalid), Some(skipped)) => skipped.note(invalid),
                (Err(invalid), None) => return Some(Err(invalid.error(self.pages.walk.draft.operation))),
            }
        }
    }

    /// The same walk as an iterator that holds the thread.
    #[cfg(feature = "blocking")]
    pub fn blocking(self) -> BlockingItems<P> {
        BlockingItems { items: self, over: false }
    }
}

// Nothing in it is pinned: a record is handed out by value.
impl<P: Paged> Unpin for Items<P> {}

/// A walk over the valid records of all pages. Those that cannot be read do not end it: they are counted, and the first ones kept (1,000,
/// or what [`ClientBuilder::max_findings`](crate::runtime::ClientBuilder::max_findings) says), to be looked at afterwards.
///
/// ```text
/// let mut transactions = client.transactions().list(link).items().skip_invalid();
/// while let Some(transaction) = transactions.try_next().await? { /* ... */ }
/// if transactions.invalid_count() > 0 {
///     eprintln!("{} records could not be read: {:?}", transactions.invalid_count(), transactions.invalid());
/// }
/// ```
#[must_use = "a walk does nothing until a record is asked for"]
pub struct ValidItems<P: Paged> {
    items: Items<P>,
}

impl<P: Paged> ValidItems<P> {
    /// The next valid record, or none after the last.
    ///
    /// # Errors
    /// When a page cannot be fetched or read, or its link leads astray.
    pub async fn try_next(&mut self) -> Result<Option<P::Item>, Error> {
        self.items.try_next().await
    }

    /// The records passed over so far: where, why, and their JSON. The first ones, see [`invalid_count`](Self::invalid_count).
    pub fn invalid(&self) -> &[InvalidItem] {
        self.items.invalid()
    }

    /// How many records were passed over so far.
    pub fn invalid_count(&self) -> usize {
        self.items.invalid_count()
    }

    /// The page after the records at hand; see `Pages::continuation`.
    pub fn continuation(&self) -> Option<Continuation> {
        self.items.continuation()
    }

    /// The same walk as an iterator that holds the thread.
    #[cfg(feature = "blocking")]
    pub fn blocking(self) -> BlockingValidItems<P> {
        BlockingValidItems { items: self.items.blocking() }
    }
}

impl<P: Paged> Unpin for ValidItems<P> {}

/// A stream ends with its first error.
impl<P: Paged> Stream for ValidItems<P> {
    type Item = Result<P::Item, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Pin::new(&mut self.items).poll_next(cx)
    }
}

impl<P: Paged> fmt::Debug for ValidItems<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ValidItems").field("items", &self.items).field("invalid", &self.invalid_count()).finish()
    }
}

/// A stream goes on after an invalid record and ends with any other error.
impl<P: Paged> Stream for Items<P> {
    type Item = Result<P::Item, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let item = ready!(self.poll_item(cx));
        if item.as_ref().is_err_and(|e| e.kind() != ErrorKind::InvalidRecord) {
            self.pages.walk.target = Target::End;
        }
        Poll::Ready(item.transpose())
    }
}

impl<P: Paged> fmt::Debug for Items<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("pages", &self.pages).field("at_hand", &self.items.len()).finish()
    }
}

/// An iterator over pages; it ends with its first error.
#[cfg(feature = "blocking")]
#[derive(Debug)]
pub struct BlockingPages<P> {
    pages: Pages<P>,
    over: bool,
}

#[cfg(feature = "blocking")]
impl<P: Paged> Iterator for BlockingPages<P> {
    type Item = Result<Response<P>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            return None;
        }
        let page = self.pages.next_blocking();
        self.over = !matches!(page, Ok(Some(_)));
        page.transpose()
    }
}

/// An iterator over records; it goes on after an invalid one and ends with any other error.
#[cfg(feature = "blocking")]
#[derive(Debug)]
pub struct BlockingItems<P: Paged> {
    items: Items<P>,
    over: bool,
}

#[cfg(feature = "blocking")]
impl<P: Paged> Iterator for BlockingItems<P> {
    type Item = Result<P::Item, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(item) = self.items.pop() {
                return Some(item);
            }
            if self.over {
                return None;
            }
            match self.items.pages.next_blocking() {
                Ok(Some(page)) => self.items.take_in(page),
                Ok(None) => self.over = true,
                Err(error) => {
                    self.over = true;
                    return Some(Err(error));
                }
            }
        }
    }
}

/// An iterator over the valid records; it ends with its first error. Iterate over `&mut` of it, or `by_ref`, to ask afterwards what was
/// passed over.
#[cfg(feature = "blocking")]
pub struct BlockingValidItems<P: Paged> {
    items: BlockingItems<P>,
}

#[cfg(feature = "blocking")]
impl<P: Paged> BlockingValidItems<P> {
    /// As of [`ValidItems::invalid`].
    pub fn invalid(&self) -> &[InvalidItem] {
        self.items.items.invalid()
    }

    /// As of [`ValidItems::invalid_count`].
    pub fn invalid_count(&self) -> usize {
        self.items.items.invalid_count()
    }
}

#[cfg(feature = "blocking")]
impl<P: Paged> Iterator for BlockingValidItems<P> {
    type Item = Result<P::Item, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.items.next()
    }
}

#[cfg(feature = "blocking")]
impl<P: Paged> fmt::Debug for BlockingValidItems<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BlockingValidItems")
            .field("items", &self.items.items)
            .field("invalid", &self.invalid_count())
            .finish()
    }
}
