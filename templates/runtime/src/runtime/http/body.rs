//! Request bodies while they are put together: JSON with members added one by one, forms, multipart, text, bytes.

use std::borrow::Cow;

use bytes::Bytes;
use http::HeaderMap;

use crate::runtime::encode::write_string;
use crate::runtime::http::multipart::Multipart;
use crate::runtime::http::response::set_header;
use crate::runtime::text::{append, concat, until};

/// Texts under names: of members, fields, parameters, headers. One type for all of them, since what is done with a list is compiled
/// for each type of list.
pub(crate) type Named = Vec<(Cow<'static, str>, String)>;

/// Takes all texts of a name off a list.
#[inline(never)]
pub(crate) fn remove_named(list: &mut Named, name: &str) {
    let mut at = 0;
    while let Some((known, _)) = list.get(at) {
        if known == name {
            list.remove(at);
        } else {
            at += 1;
        }
    }
}

/// Sets the text of a name, in place of the one it had.
#[inline(never)]
pub(crate) fn set_named(list: &mut Named, name: Cow<'static, str>, text: String) {
    for (known, place) in &mut *list {
        if *known == name {
            *place = text;
            return;
        }
    }
    list.push((name, text));
}

/// A body under construction.
#[derive(Clone, Default)]
pub(crate) enum Body {
    /// None so far.
    #[default]
    None,
    /// A JSON text and members to add to it or to replace in it.
    Json { base: Option<String>, members: Named },
    /// `application/x-www-form-urlencoded` fields, each already encoded.
    Form(Named),
    /// `multipart/form-data`.
    Multipart(Box<dyn Multipart>),
    /// Bytes of some content type.
    Bytes { content_type: Cow<'static, str>, bytes: Bytes },
}

impl Body {
    /// Sets or replaces a member of the JSON object.
    pub(crate) fn set_member(&mut self, name: Cow<'static, str>, json: String) -> Result<(), &'static str> {
        if matches!(self, Self::None) {
            *self = Self::Json { base: None, members: Vec::new() };
        }
        let Self::Json { members, .. } = self else {
            return Err("a member cannot be added to a body that is no json object");
        };
        set_named(members, name, json);
        Ok(())
    }

    /// The body with an id and a password in the members `keys`, but for those that somebody has set since the body was given.
    pub(crate) fn keyed(
        &self,
        keys: Option<(&'static str, &'static str)>,
        pair: Option<(&str, &str)>,
    ) -> Result<Cow<'_, Self>, &'static str> {
        let Some(keys) = keys else { return Ok(Cow::Borrowed(self)) };
        let Some(pair) = pair else {
            return Err("the body takes an id and a password, and the client has no basic credentials");
        };
        let mut body = self.clone();
        for (name, text) in [(keys.0, pair.0), (keys.1, pair.1)] {
            if !body.sets(name) {
                let mut json = String::new();
                write_string(&mut json, text);
                body.set_member(Cow::Borrowed(name), json)?;
            }
        }
        Ok(Cow::Owned(body))
    }

    /// Whether a member was set by itself.
    fn sets(&self, name: &str) -> bool {
        if let Self::Json { members, .. } = self {
            for (known, _) in members {
                if known == name {
                    return true;
                }
            }
        }
        false
    }

    /// Adds what the document does not know, whatever the body is: the text in a form, the JSON elsewhere.
    #[inline]
    pub(crate) fn set_extra(&mut self, name: String, text: &str, json: String) -> Result<(), &'static str> {
        match self {
            Self::Form(fields) => {
                let mut field = String::new();
                crate::runtime::http::query::encode(&mut field, &name);
                field.push('=');
                crate::runtime::http::query::encode(&mut field, text);
                fields.push((Cow::Owned(name), field));
                Ok(())
            }
            Self::Multipart(parts) => {
                parts.push_text(name, text.to_owned());
                Ok(())
            }
            _ => self.set_member(Cow::Owned(name), json),
        }
    }

    /// The bytes, and their content type among the headers: `given`, or the body's own; JSON goes as the type `json`.
    pub(crate) fn finish(
        &self,
        json: &str,
        given: Option<&str>,
        headers: &mut HeaderMap,
    ) -> Result<Bytes, &'static str> {
        let mut text = String::new();
        let own: String;
        let (kind, bytes): (&str, Bytes) = match self {
            Self::None => return Ok(Bytes::new()),
            Self::Json { base, members } => {
                match base {
                    Some(base) if members.is_empty() => text.push_str(base),
                    Some(base) => merge(&mut text, base, members)?,
                    None => merge(&mut text, "{}", members)?,
                }
                (json, text.into())
            }
            Self::Form(fields) => {
                for (_, field) in fields {
                    if !field.is_empty() {
                        let separator = if text.is_empty() { "" } else { "&" };
                        append(&mut text, &[separator, field]);
                    }
                }
                ("application/x-www-form-urlencoded", text.into())
            }
            Self::Multipart(parts) => {
                let (boundary, bytes) = parts.write();
                let media = until(given.unwrap_or("multipart/form-data"), ";").trim_ascii();
                own = concat(&[media, "; boundary=", &boundary]);
                set_header(headers, "content-type", &own, false);
                return Ok(bytes.into());
            }
            Self::Bytes { content_type, bytes } => (content_type, bytes.clone()),
        };
        set_header(headers, "content-type", given.unwrap_or(kind), false);
        Ok(bytes)
    }

    /// A size for `Debug`, which must show nothing else.
    #[inline]
    pub(crate) fn describe(&self) -> String {
        let kind = match self {
            Self::None => return "none".into(),
            Self::Json { .. } => "application/json",
            Self::Form(_) => "application/x-www-form-urlencoded",
            Self::Multipart(_) => "multipart/form-data",
            Self::Bytes { content_type, .. } => until(content_type, ";"),
        };
        match self.finish(kind, None, &mut HeaderMap::new()) {
            Ok(bytes) => format!("{kind}, {} bytes", bytes.len()),
            Err(_) => "unusable".into(),
        }
    }
}

/// Writes the members over those of a JSON object's text, in place where the object has them, else at its end.
fn merge(out: &mut String, base: &str, members: &Named) -> Result<(), &'static str> {
    const NO_OBJECT: &str = "a member cannot be added to a json body that is no object";
    let base = base.trim_ascii().strip_prefix("{").unwrap_or_default();
    let Some(inner) = base.strip_suffix("}") else { return Err(NO_OBJECT) };
    // The names as they stand in JSON, and those of them that are still to be written.
    let (mut names, mut left): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    for (name, _) in members {
        let mut quoted = String::new();
        write_string(&mut quoted, name);
        names.push(quoted.clone());
        left.push(quoted);
    }
    out.push('{');
    let mut rest = if inner.trim_ascii().is_empty() { None } else { Some(inner) };
    while let Some(text) = rest {
        let Some((name, mut value, after)) = first_member(text) else { return Err(NO_OBJECT) };
        for (at, known) in names.iter().enumerate() {
            if known == name
                && let (Some((_, set)), Some(left)) = (members.get(at), left.get_mut(at))
            {
                value = set;
                left.clear();
            }
        }
        push_member(out, name, value);
        rest = after;
    }
    for (at, name) in left.iter().enumerate() {
        if let Some((_, value)) = members.get(at)
            && !name.is_empty()
        {
            push_member(out, name, value);
        }
    }
    out.push('}');
    Ok(())
}

fn push_member(out: &mut String, name: &str, value: &str) {
    let comma = if out.len() > 1 { "," } else { "" };
    append(out, &[comma, name, ":", value]);
}

/// The first member of a JSON object as text, the name with its quotes, and what follows its comma. The text comes from our own
/// writer, so only the outermost structure has to be found; parsing it would change numbers and lose their form.
fn first_member(text: &str) -> Option<(&str, &str, Option<&str>)> {
    let (mut depth, mut in_text, mut escaped) = (0usize, false, false);
    let (mut colon, mut end) = (0, text.len());
    for (i, b) in text.bytes().enumerate() {
        match b {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            _ if in_text => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.checked_sub(1)?,
            b':' if depth == 0 && colon == 0 => colon = i,
            b',' if depth == 0 => {
                end = i;
                break;
            }
            _ => {}
        }
    }
    if colon == 0 {
        return None;
    }
    Some((text.get(..colon)?.trim_ascii(), text.get(colon + 1..end)?.trim_ascii(), text.get(end + 1..)))
}
