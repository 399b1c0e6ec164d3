//! Request bodies while they are put together: JSON with members added one by one, forms, multipart, text, bytes.

use std::borrow::Cow;

use bytes::Bytes;
use serde_json::Value;

use super::encode::write_string;
use super::multipart::{Part, write_multipart};
use super::text::{append, concat, until};

/// A body under construction.
#[derive(Clone, Default)]
pub(crate) enum Body {
    /// None so far.
    #[default]
    None,
    /// A JSON text and members to add to it or to replace in it.
    Json { base: Option<String>, members: Vec<(Cow<'static, str>, String)> },
    /// `application/x-www-form-urlencoded` fields, each already encoded.
    Form(Vec<(Cow<'static, str>, String)>),
    /// `multipart/form-data`.
    Multipart(Vec<Part>),
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
        match members.iter_mut().find(|(n, _)| *n == name) {
            Some(member) => member.1 = json,
            None => members.push((name, json)),
        }
        Ok(())
    }

    /// Adds what the document does not know, whatever the body is.
    pub(crate) fn set_extra(&mut self, name: String, value: &Value) -> Result<(), &'static str> {
        let text = || value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        match self {
            Self::Form(fields) => {
                let mut field = String::new();
                super::query::encode(&mut field, &name);
                field.push('=');
                super::query::encode(&mut field, &text());
                fields.push((Cow::Owned(name), field));
                Ok(())
            }
            Self::Multipart(parts) => {
                parts.push(Part::text(name, text()));
                Ok(())
            }
            _ => self.set_member(Cow::Owned(name), value.to_string()),
        }
    }

    /// The content type and the bytes; JSON goes as the type `json`.
    pub(crate) fn finish(&self, json: &'static str) -> Result<Option<(Cow<'static, str>, Bytes)>, &'static str> {
        let json = Cow::Borrowed(json);
        Ok(match self {
            Self::None => None,
            Self::Json { base: Some(base), members } if members.is_empty() => Some((json, base.clone().into())),
            Self::Json { base, members } => Some((json, merge(base.as_deref(), members)?.into())),
            Self::Form(fields) => {
                let mut text = String::new();
                for (_, field) in fields.iter().filter(|(_, field)| !field.is_empty()) {
                    if !text.is_empty() {
                        text.push('&');
                    }
                    text.push_str(field);
                }
                Some((Cow::Borrowed("application/x-www-form-urlencoded"), text.into()))
            }
            Self::Multipart(parts) => {
                let (boundary, bytes) = write_multipart(parts);
                Some((Cow::Owned(concat(&["multipart/form-data; boundary=", &boundary])), bytes.into()))
            }
            Self::Bytes { content_type, bytes } => Some((content_type.clone(), bytes.clone())),
        })
    }

    /// A size for `Debug`, which must show nothing else.
    pub(crate) fn describe(&self) -> String {
        match self.finish("application/json") {
            Ok(None) => "none".into(),
            Ok(Some((kind, bytes))) => {
                format!("{}, {} bytes", until(&kind, ';'), bytes.len())
            }
            Err(_) => "unusable".into(),
        }
    }
}

/// Writes the members over those of a JSON object's text, in place where the object has them, else at its end.
fn merge(base: Option<&str>, members: &[(Cow<'static, str>, String)]) -> Result<String, &'static str> {
    const NO_OBJECT: &str = "a member cannot be added to a json body that is no object";
    let own = split_object(base.unwrap_or("{}")).ok_or(NO_OBJECT)?;
    let mut named = Vec::new();
    for (name, value) in members {
        let mut quoted = String::new();
        write_string(&mut quoted, name);
        named.push((quoted, value.as_str()));
    }
    let mut out = String::from("{");
    for (name, value) in &own {
        let value = named.iter().find(|(n, _)| n == name).map_or(*value, |(_, v)| *v);
        push_member(&mut out, name, value);
    }
    for (name, value) in &named {
        if !own.iter().any(|(o, _)| o == name) {
            push_member(&mut out, name, value);
        }
    }
    out.push('}');
    Ok(out)
}

fn push_member(out: &mut String, name: &str, value: &str) {
    append(out, &[if out.len() > 1 { "," } else { "" }, name, ":", value]);
}

/// The members of a JSON object as text, names with their quotes. The text comes from our own writer, so only the outermost structure
/// has to be found; parsing it would change numbers and lose their form.
fn split_object(text: &str) -> Option<Vec<(&str, &str)>> {
    let inner = text.trim_ascii().strip_prefix('{')?.strip_suffix('}')?;
    let mut members = Vec::new();
    let (mut depth, mut in_text, mut escaped) = (0usize, false, false);
    let (mut start, mut colon) = (0usize, None);
    let mut close = |start: usize, colon: Option<usize>, end: usize| -> Option<()> {
        let colon = colon?;
        members.push((inner.get(start..colon)?.trim_ascii(), inner.get(colon + 1..end)?.trim_ascii()));
        Some(())
    };
    for (i, b) in inner.bytes().enumerate() {
        match b {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            _ if in_text => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.checked_sub(1)?,
            b':' if depth == 0 && colon.is_none() => colon = Some(i),
            b',' if depth == 0 => {
                close(start, colon.take(), i)?;
                start = i + 1;
            }
            _ => {}
        }
    }
    if !inner.trim_ascii().is_empty() {
        close(start, colon, inner.len())?;
    }
    Some(members)
}
