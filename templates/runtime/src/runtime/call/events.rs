//! Server-sent events (`text/event-stream`): the body of a response, kept as it came and read event by event.
//!
//! The call ends when the stream does, since a transport gives whole responses: this is for streams that end by themselves.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use crate::runtime::decode::{Decode, Findings, Mode, from_json};
use crate::runtime::error::{Error, ErrorKind};
use crate::runtime::http::response::{Received, decode_text};

/// The events of a response; each one's data is JSON of type `T` as the document has it. `Debug` shows the size only.
///
/// ```text
/// let chunks: Result<Vec<_>, _> = events.iter().take_while(|e| e.data() != "[DONE]").map(|e| e.read()).collect();
/// ```
pub struct Events<T> {
    text: String,
    of: PhantomData<fn() -> T>,
}

impl<T> Events<T> {
    /// The events in a text: for a body that was asked for by other means, such as `raw()`.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), of: PhantomData }
    }

    /// The body as it came, comments included.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The events in their order. One that the stream broke off counts too, as far as it came.
    pub fn iter(&self) -> EventIter<'_, T> {
        let text = self.text.strip_prefix('\u{feff}').unwrap_or(&self.text);
        EventIter { rest: text, id: None, of: PhantomData }
    }
}

impl<T> Clone for Events<T> {
    fn clone(&self) -> Self {
        Self::new(self.text.as_str())
    }
}

impl<T> PartialEq for Events<T> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl<T> fmt::Debug for Events<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Events").field("bytes", &self.text.len()).finish_non_exhaustive()
    }
}

impl<'e, T> IntoIterator for &'e Events<T> {
    type Item = Event<'e, T>;
    type IntoIter = EventIter<'e, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// One event. `Debug` shows its name and the size of its data.
pub struct Event<'e, T> {
    name: &'e str,
    id: Option<&'e str>,
    retry: Option<Duration>,
    data: Cow<'e, str>,
    of: PhantomData<fn() -> T>,
}

impl<'e, T> Event<'e, T> {
    /// Its name; `message` when the stream gives none.
    pub fn name(&self) -> &'e str {
        self.name
    }

    /// The id it has, or that the last one before it had.
    pub fn id(&self) -> Option<&'e str> {
        self.id
    }

    /// How long the server wants a client to wait before it connects again.
    pub fn retry(&self) -> Option<Duration> {
        self.retry
    }

    /// Its data as text; several lines of it are one text with line ends.
    pub fn data(&self) -> &str {
        &self.data
    }
}

impl<T: Decode> Event<'_, T> {
    /// Its data, read.
    ///
    /// # Errors
    /// When the data is no such JSON; [`data`](Self::data) still has it.
    pub fn read(&self) -> Result<T, Error> {
        match from_json::<T>(self.data.as_bytes(), Mode::default()) {
            Ok((value, _)) => Ok(value),
            Err(e) => Err(Error::new(ErrorKind::Decode).with_fault(e.into())),
        }
    }
}

impl<T> fmt::Debug for Event<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event").field("name", &self.name).field("bytes", &self.data.len()).finish_non_exhaustive()
    }
}

/// Iterates over the events of a body.
pub struct EventIter<'e, T> {
    rest: &'e str,
    id: Option<&'e str>,
    of: PhantomData<fn() -> T>,
}

impl<T> fmt::Debug for EventIter<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventIter").field("bytes", &self.rest.len()).finish_non_exhaustive()
    }
}

impl<'e, T> Iterator for EventIter<'e, T> {
    type Item = Event<'e, T>;

    fn next(&mut self) -> Option<Event<'e, T>> {
        let (mut name, mut retry, mut data): (_, _, Option<Cow<'e, str>>) = ("message", None, None);
        while !self.rest.is_empty() {
            let (line, rest) = line(self.rest);
            self.rest = rest;
            if line.is_empty() {
                // Without data it is no event.
                if data.is_some() {
                    break;
                }
                (name, retry) = ("message", None);
                continue;
            }
            let (field, value) = line.split_once(':').unwrap_or((line, ""));
            let value = value.strip_prefix(' ').unwrap_or(value);
            match field {
                "event" if !value.is_empty() => name = value,
                "data" => {
                    data = Some(match data {
                        None => Cow::Borrowed(value),
                        Some(before) => Cow::Owned(format!("{before}\n{value}")),
                    });
                }
                "id" if !value.contains('\0') => self.id = Some(value),
                "retry" if value.bytes().all(|b| b.is_ascii_digit()) => {
                    retry = value.parse().ok().map(Duration::from_millis);
                }
                // Comments (an empty field), and what nobody knows.
                _ => {}
            }
        }
        Some(Event { name, id: self.id.filter(|id| !id.is_empty()), retry, data: data?, of: PhantomData })
    }
}

/// The first line, without its end, and what follows it.
#[inline]
fn line(text: &str) -> (&str, &str) {
    let Some((line, rest)) = text.split_once(['\n', '\r']) else { return (text, "") };
    let carriage = text.as_bytes().get(line.len()) == Some(&b'\r');
    (line, if carriage { rest.strip_prefix('\n').unwrap_or(rest) } else { rest })
}

/// Takes the body as events.
///
/// # Errors
/// When it is not UTF-8.
pub fn decode_events<T>(received: &Received) -> Result<(Events<T>, Findings), Error> {
    let (text, findings) = decode_text(received)?;
    Ok((Events::new(text), findings))
}
