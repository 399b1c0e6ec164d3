//! How values become a body: the trait of everything that can be written, and the writer, which is a string.

pub(crate) mod base64;
pub(crate) mod equal;
pub(crate) mod order;
pub(crate) mod visit;

use std::fmt;

use crate::runtime::encode::visit::Visit;
use crate::runtime::json::number::write_f64;
use crate::runtime::json::scan::plain_run;
use crate::runtime::text::{concat, print_size, until};

/// A type that can be written as JSON.
///
/// A model shows its fields, an enum which of its values it is; everything else writes the value by itself.
pub trait Encode {
    /// Writes the value.
    #[inline]
    fn encode(&self, w: &mut Writer) {
        self.visit(w);
    }

    /// Shows the fields of a model or the value of an enum: to be written, printed, compared. What is neither shows nothing.
    #[inline]
    fn visit<'a>(&'a self, _: &mut dyn Visit<'a>) {}

    /// Whether an optional member with this value is left out.
    #[inline]
    fn is_absent(&self) -> bool {
        false
    }
}

/// Writes a value as JSON text, without needless white space.
///
/// ```
/// use runtime::to_json;
///
/// assert_eq!(to_json(&vec![Some(1), None]), "[1,null]");
/// ```
pub fn to_json<T: Encode + ?Sized>(value: &T) -> String {
    let mut w = Writer::default();
    value.encode(&mut w);
    w.out
}

/// Writes what the typed fields of a value hold, and nothing else of it.
#[cfg(feature = "testing")]
pub(crate) fn typed_json<T: Encode + ?Sized>(value: &T) -> String {
    let mut w = Writer { typed: true, ..Writer::default() };
    value.encode(&mut w);
    w.out
}

/// The same as its writer, which knows what in it cannot be sent.
pub(crate) fn written(value: &dyn Encode) -> Writer {
    let mut w = Writer::default();
    value.encode(&mut w);
    w
}

/// A value as a text that holds its JSON (`content: application/json` of a parameter).
pub struct JsonText<'a>(pub &'a dyn Encode);

impl fmt::Debug for JsonText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JsonText(..)")
    }
}

impl Encode for JsonText<'_> {
    fn encode(&self, w: &mut Writer) {
        let inner = written(self.0);
        w.take_faults(&inner);
        w.string(&inner.out);
    }
}

/// JSON text being written. `Debug` prints its size only.
#[derive(Default)]
pub struct Writer {
    pub(crate) out: String,
    /// Where in `out` the name of the last member begins; 0 before the first.
    last: usize,
    /// Why no request is made of this, which is what the first such value is.
    pub(crate) fault: Option<&'static str>,
    /// The member that holds that value, where one does.
    pub(crate) member: String,
    /// Whether a text was written that is no UUID though its type is that of UUIDs.
    pub(crate) no_uuid: bool,
    /// Whether only what typed fields hold is written: no unknown members, nothing raw.
    #[cfg(feature = "testing")]
    pub(crate) typed: bool,
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print_size(f, "Writer", self.out.len())
    }
}

impl Writer {
    /// Whether only what typed fields hold is written.
    pub(crate) fn is_typed_only(&self) -> bool {
        #[cfg(feature = "testing")]
        return self.typed;
        #[cfg(not(feature = "testing"))]
        false
    }

    /// Appends JSON text as it is.
    pub fn raw(&mut self, json: &str) {
        self.out.push_str(json);
    }

    /// Appends a string, escaping what must be.
    pub fn string(&mut self, text: &str) {
        write_string(&mut self.out, text);
    }

    /// Appends a number; one that is not finite as `null`, since JSON has no word for it, and no request is made of it.
    pub fn number(&mut self, value: f64) {
        if !value.is_finite() {
            self.fail("a number is not finite:");
        }
        write_f64(&mut self.out, value);
    }

    /// Says of the value that comes next why no request is made of it.
    #[cold]
    pub(crate) fn fail(&mut self, note: &'static str) {
        if self.fault.is_none() {
            self.fault = Some(note);
            if let (1.., Some(name)) = (self.last, self.out.get(self.last..)) {
                self.member.push_str(until(name, "\""));
            }
        }
    }

    /// What is under `name`, or the member of it, that is not sent.
    pub(crate) fn place(&self, name: &str) -> String {
        let dot = if self.member.is_empty() { "" } else { "." };
        concat(&[name, dot, &self.member])
    }

    /// Takes over what another writer says of its values.
    pub(crate) fn take_faults(&mut self, inner: &Self) {
        self.no_uuid |= inner.no_uuid;
        if self.fault.is_none() {
            self.fault = inner.fault;
            self.member.push_str(&inner.member);
        }
    }

    /// Appends a comma unless this is the first element of the array.
    pub(crate) fn separate(&mut self) {
        if !self.out.ends_with('[') {
            self.out.push(',');
        }
    }

    /// Appends an element of an array.
    #[inline(never)]
    pub(crate) fn element(&mut self, value: &dyn Encode) {
        self.separate();
        value.encode(self);
    }

    /// Appends a member name and its colon, after a comma unless it is the first of the object.
    pub(crate) fn name(&mut self, name: &str) {
        if !self.out.ends_with('{') {
            self.out.push(',');
        }
        self.last = self.out.len() + 1;
        self.string(name);
        self.out.push(':');
    }
}

pub(crate) fn write_string(out: &mut String, text: &str) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    out.push('"');
    let mut rest = text;
    loop {
        let run = plain_run(rest.as_bytes(), 0);
        let Some((plain, after)) = rest.split_at_checked(run) else { break };
        out.push_str(plain);
        let Some(special) = after.bytes().next() else { break };
        match special {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            control => {
                out.push_str("\\u00");
                for digit in [control >> 4, control & 15] {
                    out.push(char::from(HEX.get(usize::from(digit)).copied().unwrap_or(b'0')));
                }
            }
        }
        rest = after.get(1..).unwrap_or_default();
    }
    out.push('"');
}

impl<T: Encode + ?Sized> Encode for &T {
    #[inline]
    fn encode(&self, w: &mut Writer) {
        (**self).encode(w);
    }

    #[inline]
    fn is_absent(&self) -> bool {
        (**self).is_absent()
    }
}

impl<T: Encode + ?Sized> Encode for Box<T> {
    #[inline]
    fn encode(&self, w: &mut Writer) {
        (**self).encode(w);
    }

    #[inline]
    fn is_absent(&self) -> bool {
        (**self).is_absent()
    }
}

impl<T: Encode> Encode for Option<T> {
    #[inline]
    fn encode(&self, w: &mut Writer) {
        match self {
            Some(value) => value.encode(w),
            None => w.raw("null"),
        }
    }

    #[inline]
    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl Encode for () {
    #[inline]
    fn encode(&self, w: &mut Writer) {
        w.raw("null");
    }
}
