//! Pages and the records on them. A walk follows `next` only on the server's own origin, stops at a link it has followed before, and
//! retries within itself, since every page is a call of its own.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::error::{Error, ErrorKind, Fault};
use super::records::Records;
use super::request::{Draft, Request};
use super::response::{Read, Received, Response};
use super::server::{LinkFault, resolve_own};
use super::text::{print_size, split};
use super::transport::BoxFuture;

/// A page of a list; the generator implements it for the page models of the document.
pub trait Paged {
    /// A record of the list.
    type Item;

    /// The link to the next page.
    fn next_url(&self) -> Option<&str>;

    /// The records, in their order; one that cannot be read stands as an `OddItem` in its place.
    fn into_items(self) -> Vec<Result<Self::Item, OddItem>>;
}

/// A record of a page that cannot be read as the document describes it. `Debug` does not show what came.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OddItem {
    /// The place in the page: `$.results[3].amount`.
    pub path: String,
    /// What was expected there and what kind of JSON came: `expected number, found object`.
    pub reason: String,
    /// The record as it came.
    pub json: String,
}

impl OddItem {
    /// A record that cannot be read: where, why, and the record itself.
    pub fn new(path: impl Into<String>, reason: impl Into<String>, json: impl Into<String>) -> Self {
        Self { path: path.into(), reason: reason.into(), json: json.into() }
    }
}

/// Puts good and odd records back into the order they came in; the odd ones come with their index, in rising order.
pub fn in_order<T>(
    good: impl IntoIterator<Item = T>,
    odd: impl IntoIterator<Item = (usize, OddItem)>,
) -> Vec<Result<T, OddItem>> {
    let mut items = Vec::new();
    let mut good = good.into_iter();
    for (index, odd) in odd {
        let between = index.saturating_sub(items.len());
        items.extend(good.by_ref().take(between).map(Ok));
        items.push(Err(odd));
    }
    items.extend(good.map(Ok));
    items
}

impl<T> Records<T> {
    /// All records in the order they came, the odd ones in their places.
    pub fn into_results(self) -> Vec<Result<T, OddItem>> {
        let (good, odd) = self.into_parts();
        in_order(good, odd.into_iter().map(|o| (o.index(), OddItem::new(o.path(), o.reason(), o.raw()))))
    }
}

impl fmt::Debug for OddItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OddItem").field("path", &self.path).field("bytes", &self.json.len()).finish_non_exhaustive()
    }
}

/// Where a walk stands: with it, another walk begins there, in another process if need be. It holds the link's path and query.
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
        let draft = match &self.target {
            Target::End => return Ok(None),
            Target::First => self.draft.clone(),
            Target::Next(url) => self.draft.at(url.clone()),
            Target::From(link) => match resolve_own(&self.draft.parts()?.url, link) {
                Ok(url) => self.draft.at(url),
                Err(fault) => {
                    self.target = Target::End;
                    return Err(self.fault(note(fault)));
                }
            },
            Target::Fault(note) => {
                let note = *note;
                self.target = Target::End;
                return Err(self.fault(note));
            }
        };
        Ok(Some(draft))
    }

    fn fault(&self, note: &'static str) -> Error {
        Error::new(ErrorKind::Page).with_note(note).with_operation(self.draft.operation)
    }

    /// Takes note of the link a page gave.
    fn follow(&mut self, asked: &str, next: Option<&str>) {
        if let Err(at) = self.seen(asked) {
            self.seen.insert(at, asked.to_owned());
        }
        // An empty link means the end, as a missing one does.
        self.target = match next.filter(|link| !link.trim_ascii().is_empty()) {
            None => Target::End,
            Some(link) => match resolve_own(asked, link).map(|url| unglued(asked, url)) {
                Err(fault) => Target::Fault(note(fault)),
                Ok(url) if self.seen(&url).is_ok() => Target::Fault("its link has been followed before"),
                Ok(url) => Target::Next(url),
            },
        };
    }

    /// Where a URL stands among those asked for, or would.
    fn seen(&self, url: &str) -> Result<usize, usize> {
        self.seen.binary_search_by(|known| known.as_str().cmp(url))
    }

    fn continuation(&self) -> Option<Continuation> {
        let url = match &self.target {
            Target::First | Target::End | Target::Fault(_) => return None,
            Target::From(url) | Target::Next(url) => url,
        };
        let rest =
            split(url, "://").map_or(url.as_str(), |(_, rest)| rest.find('/').map_or("/", |i| rest.split_at(i).1));
        Some(Continuation(rest.to_owned()))
    }
}

/// A link in which two parameters of the query have grown together (`?link=abcpage=2`): taken apart where the first is one that was
/// asked with, with its value word for word. A server would take the whole for one odd value otherwise, and answer an empty list.
fn unglued(asked: &str, url: String) -> String {
    let Some((path, given)) = url.split_once('?') else { return url };
    let before = asked.split_once('?').map_or("", |(_, query)| query);
    let mut out = path.to_owned();
    let mut separator = '?';
    for pair in given.split('&') {
        out.push(separator);
        match glued(pair, before) {
            Some((known, rest)) => {
                out.push_str(known);
                out.push('&');
                out.push_str(rest);
            }
            None => out.push_str(pair),
        }
        separator = '&';
    }
    out
}

/// The parameter that was asked with, and the one that has grown onto it.
fn glued<'p>(pair: &'p str, before: &'p str) -> Option<(&'p str, &'p str)> {
    for known in before.split('&') {
        // What follows must be a parameter of its own: a name, and a value.
        if let Some(rest) = pair.strip_prefix(known)
            && known.as_bytes().contains(&b'=')
            && !known.ends_with('=')
            && let Some((name, value)) = rest.split_once('=')
            && name.as_bytes().first().is_some_and(u8::is_ascii_alphabetic)
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
            && !value.as_bytes().contains(&b'=')
        {
            return Some((known, rest));
        }
    }
    None
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

    /// Begins where another walk stood.
    pub fn starting_at(mut self, continuation: &Continuation) -> Self {
        self.walk.target = Target::From(continuation.0.clone());
        self
    }

    /// Where the walk stands: the page the next call asks for. None before the first page and at the end.
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
            let url = draft.parts()?.url;
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
        let url = draft.parts()?.url;
        let received = super::blocking::run(&draft)?;
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
    items: VecDeque<Result<P::Item, OddItem>>,
}

impl<P: Paged> Items<P> {
    /// A walk that begins with this request.
    pub fn new(request: Request<P>) -> Self {
        Self { pages: Pages::new(request), items: VecDeque::new() }
    }

    /// Begins where another walk stood.
    pub fn starting_at(mut self, continuation: &Continuation) -> Self {
        self.pages = self.pages.starting_at(continuation);
        self
    }

    /// The page after the records at hand; see `Pages::continuation`.
    pub fn continuation(&self) -> Option<Continuation> {
        self.pages.continuation()
    }

    /// The next record, or none after the last.
    ///
    /// # Errors
    /// When a page cannot be fetched or read, its link leads astray, or the record is odd.
    pub async fn try_next(&mut self) -> Result<Option<P::Item>, Error> {
        poll_fn(|cx| self.poll_item(cx)).await
    }

    fn poll_item(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<P::Item>, Error>> {
        // An empty page is not the end: only a missing link is.
        loop {
            if let Some(item) = self.pop() {
                return Poll::Ready(item.map(Some));
            }
            let Some(page) = ready!(self.pages.poll_page(cx))? else { return Poll::Ready(Ok(None)) };
            self.items = page.into_inner().into_items().into();
        }
    }

    fn pop(&mut self) -> Option<Result<P::Item, Error>> {
        let operation = self.pages.walk.draft.operation;
        let odd = |odd: OddItem| {
            let fault = Fault::of_record(odd.path, &odd.reason);
            Error::new(ErrorKind::Record).with_fault(fault).with_body(odd.json.into()).with_operation(operation)
        };
        self.items.pop_front().map(|item| item.map_err(odd))
    }

    /// The same walk as an iterator that holds the thread.
    #[cfg(feature = "blocking")]
    pub fn blocking(self) -> BlockingItems<P> {
        BlockingItems { items: self, over: false }
    }
}

// Nothing in it is pinned: a record is handed out by value.
impl<P: Paged> Unpin for Items<P> {}

/// A stream goes on behind an odd record and ends with any other error.
impl<P: Paged> Stream for Items<P> {
    type Item = Result<P::Item, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let item = ready!(self.poll_item(cx));
        if item.as_ref().is_err_and(|e| e.kind() != ErrorKind::Record) {
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

/// An iterator over records; it goes on behind an odd one and ends with any other error.
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
                Ok(Some(page)) => self.items.items = page.into_inner().into_items().into(),
                Ok(None) => self.over = true,
                Err(error) => {
                    self.over = true;
                    return Some(Err(error));
                }
            }
        }
    }
}
