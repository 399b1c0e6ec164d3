//! JSON Pointers (RFC 6901): how every stage names a place of the document.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;

/// A JSON Pointer in its escaped text form, without the `#`: `/components/schemas/Link/properties/id`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Pointer(String);

impl Pointer {
    /// The whole document.
    pub fn root() -> Self {
        Self::default()
    }

    /// From text: `#/a/b`, `/a/b` or the empty string.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix('#').unwrap_or(text);
        (text.is_empty() || text.starts_with('/')).then(|| Self(text.to_owned()))
    }

    /// This place's member or element `segment` (unescaped).
    pub fn join(&self, segment: impl fmt::Display) -> Self {
        let segment = segment.to_string();
        let mut out = String::with_capacity(self.0.len() + segment.len() + 1);
        out.push_str(&self.0);
        out.push('/');
        for c in segment.chars() {
            match c {
                '~' => out.push_str("~0"),
                '/' => out.push_str("~1"),
                c => out.push(c),
            }
        }
        Self(out)
    }

    /// The unescaped segments.
    pub fn segments(&self) -> impl Iterator<Item = String> + '_ {
        self.0.split('/').skip(1).map(|s| s.replace("~1", "/").replace("~0", "~"))
    }

    /// The last unescaped segment.
    pub fn last(&self) -> Option<String> {
        self.segments().last()
    }

    /// The place above.
    pub fn parent(&self) -> Option<Self> {
        let i = self.0.rfind('/')?;
        Some(Self(self.0.get(..i).unwrap_or_default().to_owned()))
    }

    /// The escaped text, without `#`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

impl fmt::Debug for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// A reference, or a part of one, without its percent escapes; as it is where they hide what is no UTF-8.
pub fn percent_decoded(text: &str) -> Cow<'_, str> {
    percent_encoding::percent_decode_str(text).decode_utf8().unwrap_or(Cow::Borrowed(text))
}

/// The pointer in a local reference, escaped as in RFC 6901 but not percent-encoded; `None` for a
/// reference to another file or to an anchor.
pub(crate) fn canonical(reference: &str) -> Option<String> {
    let fragment = reference.strip_prefix('#')?;
    if !fragment.is_empty() && !fragment.starts_with('/') {
        return None;
    }
    Some(percent_decoded(fragment).into_owned())
}

/// The unescaped segments of a pointer that [`canonical`] made.
pub(crate) fn segments(pointer: &str) -> Vec<String> {
    pointer
        .split('/')
        .skip(1)
        .map(|s| if s.contains('~') { s.replace("~1", "/").replace("~0", "~") } else { s.to_owned() })
        .collect()
}

/// One segment, escaped.
pub(crate) fn escape(segment: &str) -> String {
    if segment.contains(['~', '/']) { segment.replace('~', "~0").replace('/', "~1") } else { segment.to_owned() }
}

/// The order of two places, escaped: segment by segment by their text, elements of lists by their numbers. It is that of no file, so
/// that what is decided by it does not depend on the order of keys.
pub(crate) fn order(a: &str, b: &str) -> Ordering {
    let number = |s: &str| Some(s).filter(|s| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit())).map(str::len);
    let segment = |(a, b): (&str, &str)| match (number(a), number(b)) {
        (Some(x), Some(y)) => x.cmp(&y).then_with(|| a.cmp(b)),
        // Numbers come before words, or the order would have circles: `2`, `10`, `1a`.
        (x, y) => y.is_some().cmp(&x.is_some()).then_with(|| a.cmp(b)),
    };
    let differ = a.split('/').zip(b.split('/')).filter(|(a, b)| a != b).map(segment).find(|order| order.is_ne());
    differ.unwrap_or_else(|| a.split('/').count().cmp(&b.split('/').count()))
}

/// A pointer without the names of a path's parameters: they are nobody's business but the document's.
pub(crate) fn unnamed(pointer: &str) -> String {
    let mut out = String::with_capacity(pointer.len());
    let mut inside = false;
    for c in pointer.chars() {
        match c {
            '{' => inside = true,
            '}' => inside = false,
            _ if inside => continue,
            _ => {}
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{order, percent_decoded};

    #[test]
    fn places_have_an_order_of_their_own() {
        let mut places = [
            "/b/oneOf/1a",
            "/b/oneOf/10",
            "/a~1b/get",
            "/b/oneOf/2",
            "/a",
            "/b/oneOf/2/x",
            "/b/oneOf/x",
            "/a/get",
            "/b/oneOf/02",
        ];
        places.sort_by(|a, b| order(a, b));
        let sorted = [
            "/a",
            "/a/get",
            "/a~1b/get",
            "/b/oneOf/2",
            "/b/oneOf/2/x",
            "/b/oneOf/02",
            "/b/oneOf/10",
            "/b/oneOf/1a",
            "/b/oneOf/x",
        ];
        assert_eq!(places, sorted);
    }

    #[test]
    fn only_whole_escapes_of_utf8_are_decoded() {
        for (text, decoded) in [
            ("#/a%20b%2fc", "#/a b/c"),
            ("%C3%A9", "\u{e9}"),
            ("100%", "100%"),
            ("%4", "%4"),
            ("%%41%zz", "%A%zz"),
            ("a+b", "a+b"),
            ("%20%ff", "%20%ff"),
        ] {
            assert_eq!(percent_decoded(text), decoded, "{text}");
        }
    }
}
