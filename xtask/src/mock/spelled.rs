//! Values as they are spelled in a path, a query, a header or a cookie, read back: the style table of the specification from its
//! other side.

use super::schemas::{Schemas, Side};
use generator::ir::{Api, Scalar, Spelling, Style, Type, TypeKind};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

/// What reads a value: the API's types and the schema of the place.
pub(super) struct Reader<'a> {
    pub(super) api: &'a Api,
    pub(super) schemas: &'a Schemas,
    /// Where the schema is.
    pub(super) pointer: &'a str,
}

/// Brackets deeper than so many are nobody's.
const DEEPEST: usize = 32;

/// The pairs of a query or a form, still encoded.
pub(super) type Pairs<'q> = Vec<(&'q str, &'q str)>;

/// Splits a query or a form.
pub(super) fn pairs(text: &str) -> Pairs<'_> {
    text.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, ""))).collect()
}

/// A text of a query or a form, decoded.
pub(super) fn decoded(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

impl Reader<'_> {
    /// A parameter of a query or a cookie, or a member of a form, of its pairs; `None` when none of them is its own.
    pub(super) fn of_pairs(&self, name: &str, spelling: &Spelling, ty: &Type, pairs: &Pairs<'_>) -> Option<Value> {
        let own: Vec<&str> = pairs.iter().filter(|(key, _)| decoded(key) == name).map(|(_, value)| *value).collect();
        let first = own.first().copied();
        match spelling.style {
            Style::Whole => {
                let whole: Vec<String> = pairs
                    .iter()
                    .map(|(k, v)| if v.is_empty() { (*k).to_owned() } else { format!("{k}={v}") })
                    .collect();
                let whole = decoded(&whole.join("&"));
                (!whole.is_empty()).then(|| serde_json::from_str(&whole).unwrap_or(Value::String(whole)))
            }
            Style::Json => first.map(|text| json_or_text(&decoded(text))),
            Style::Text => first.map(|text| Value::String(decoded(text))),
            Style::DeepObject => self.deep(name, ty, pairs),
            _ if self.is_object(ty) && spelling.explode => self.members(ty, pairs),
            _ if self.is_object(ty) => first.map(|text| self.object(ty, text.split(',').map(decoded).collect())),
            _ if self.is_list(ty) && spelling.explode && spelling.delimiters.iter().all(String::is_empty) => {
                (!own.is_empty()).then(|| self.list(ty, own.iter().map(|text| decoded(text)).collect()))
            }
            style if self.is_list(ty) => first.map(|_| {
                // Pairs of one name are several lists of the one.
                let parts = own.iter().flat_map(|text| split(text, style, &spelling.delimiters));
                self.list(ty, parts.collect())
            }),
            _ if own.len() > 1 => Some(Value::Array(own.iter().map(|text| Value::String(decoded(text))).collect())),
            _ => first.map(|text| self.scalar(ty, &decoded(text))),
        }
    }

    /// A parameter of a path or a header.
    pub(super) fn of_text(&self, name: &str, spelling: &Spelling, ty: &Type, text: &str, encoded: bool) -> Value {
        let plain = |text: &str| {
            if encoded { percent_decode_str(text).decode_utf8_lossy().into_owned() } else { text.trim().to_owned() }
        };
        let by = |separator: char, text: &str| text.split(separator).map(plain).collect::<Vec<_>>();
        match spelling.style {
            Style::Json => return json_or_text(&plain(text)),
            Style::Text => return Value::String(plain(text)),
            _ => {}
        }
        let (text, separator) = match spelling.style {
            Style::Label => (text.strip_prefix('.').unwrap_or(text), if spelling.explode { '.' } else { ',' }),
            Style::Matrix => (text.strip_prefix(';').unwrap_or(text), if spelling.explode { ';' } else { ',' }),
            _ => (text, ','),
        };
        let separator = spelling.delimiters.first().and_then(|d| d.chars().next()).unwrap_or(separator);
        let bare =
            |part: &str| part.strip_prefix(name).and_then(|rest| rest.strip_prefix('=')).unwrap_or(part).to_owned();
        if self.is_object(ty) {
            if spelling.explode {
                let parts = by(separator, text);
                let parts = parts.iter().flat_map(|part| {
                    let (key, value) = part.split_once('=').unwrap_or((part, ""));
                    [key.to_owned(), value.to_owned()]
                });
                return self.object(ty, parts.collect());
            }
            let text = if spelling.style == Style::Matrix { bare(text) } else { text.to_owned() };
            return self.object(ty, by(separator, &text));
        }
        if self.is_list(ty) {
            let parts: Vec<String> = match (spelling.style, spelling.explode) {
                (Style::Matrix, true) => text.split(separator).map(|part| plain(&bare(part))).collect(),
                (Style::Matrix, false) => by(separator, &bare(text)),
                _ => by(separator, text),
            };
            return self.list(ty, parts);
        }
        let text = if spelling.style == Style::Matrix { bare(text) } else { text.to_owned() };
        self.scalar(ty, &plain(&text))
    }

    fn is_list(&self, ty: &Type) -> bool {
        self.api.alternatives(ty).iter().any(|one| matches!(one, Type::List(_) | Type::Tuple(_)))
    }

    fn is_object(&self, ty: &Type) -> bool {
        let object = |one: &&Type| match one {
            Type::Map(_) => true,
            Type::Named(id) => self.api.model(*id).is_some(),
            _ => false,
        };
        self.api.alternatives(ty).iter().any(object)
    }

    /// `name[key]=value`, at any sensible depth; of lists `name[]=value`, `name[0]=value` or `name=value` again and again.
    fn deep(&self, name: &str, ty: &Type, pairs: &Pairs<'_>) -> Option<Value> {
        let mut out = Value::Null;
        for (key, value) in pairs {
            let key = decoded(key);
            let Some(rest) = key.strip_prefix(name).filter(|rest| rest.is_empty() || rest.starts_with('[')) else {
                continue;
            };
            let steps: Vec<&str> = rest.split('[').skip(1).map(|step| step.trim_end_matches(']')).collect();
            if steps.len() > DEEPEST {
                continue;
            }
            let mut place = &mut out;
            for step in steps.iter().filter(|step| !step.is_empty()) {
                if !place.is_object() {
                    *place = Value::Object(Map::new());
                }
                place = place.as_object_mut()?.entry(*step).or_insert(Value::Null);
            }
            let value = Value::String(decoded(value));
            match place {
                Value::Null => *place = value,
                Value::Array(list) => list.push(value),
                first => *first = json!([first.take(), value]),
            }
        }
        (!out.is_null()).then(|| self.typed(ty, out))
    }

    /// A tree of texts as values of a type: what has numbers for keys, or is one text, may be a list.
    fn typed(&self, ty: &Type, tree: Value) -> Value {
        let list = self.is_list(ty);
        match tree {
            Value::String(text) if list => json!([self.item(ty, &text)]),
            Value::String(text) => self.scalar(ty, &text),
            Value::Array(all) => {
                let of = |i| self.element(ty, i).unwrap_or(Type::Any);
                all.into_iter().enumerate().map(|(i, one)| self.typed(&of(i), one)).collect()
            }
            Value::Object(map) if list && map.keys().all(|key| key.parse::<usize>().is_ok()) => {
                let mut all: Vec<(usize, Value)> =
                    map.into_iter().filter_map(|(key, value)| Some((key.parse().ok()?, value))).collect();
                all.sort_by_key(|(at, _)| *at);
                let of = |i| self.element(ty, i).unwrap_or(Type::Any);
                all.into_iter().enumerate().map(|(i, (_, one))| self.typed(&of(i), one)).collect()
            }
            Value::Object(map) => {
                let of = |key: &str| self.member(ty, key).unwrap_or(Type::Any);
                Value::Object(map.into_iter().map(|(key, one)| (key.clone(), self.typed(&of(&key), one))).collect())
            }
            other => other,
        }
    }

    /// The members of an object, each a pair of its own.
    fn members(&self, ty: &Type, pairs: &Pairs<'_>) -> Option<Value> {
        let mut out = Map::new();
        for (key, value) in pairs {
            let key = decoded(key);
            let Some(of) = self.member(ty, &key) else { continue };
            match out.get_mut(&key) {
                Some(Value::Array(list)) => list.push(self.item(&of, &decoded(value))),
                _ if self.is_list(&of) => {
                    out.insert(key, json!([self.item(&of, &decoded(value))]));
                }
                _ => {
                    out.insert(key, self.scalar(&of, &decoded(value)));
                }
            }
        }
        (!out.is_empty()).then_some(Value::Object(out))
    }

    /// What a member of an object is.
    fn member(&self, ty: &Type, key: &str) -> Option<Type> {
        self.api.alternatives(ty).into_iter().find_map(|one| match one {
            Type::Map(of) => Some(of.ty.clone()),
            Type::Named(id) => {
                let model = self.api.model(*id)?;
                let field = model.fields.iter().find(|field| field.wire == key);
                field.map(|field| field.of.ty.clone()).or_else(|| model.additional.as_ref().map(|of| of.ty.clone()))
            }
            _ => None,
        })
    }

    fn object(&self, ty: &Type, parts: Vec<String>) -> Value {
        let mut out = Map::new();
        for pair in parts.chunks(2) {
            if let [key, value] = pair {
                let of = self.member(ty, key).unwrap_or(Type::Any);
                out.insert(key.clone(), self.scalar(&of, value));
            }
        }
        Value::Object(out)
    }

    fn list(&self, ty: &Type, parts: Vec<String>) -> Value {
        Value::Array(
            parts
                .iter()
                .enumerate()
                .map(|(i, part)| match self.element(ty, i) {
                    Some(of) => self.scalar(&of, part),
                    None => Value::String(part.clone()),
                })
                .collect(),
        )
    }

    fn item(&self, ty: &Type, text: &str) -> Value {
        self.element(ty, 0).map_or_else(|| Value::String(text.to_owned()), |of| self.scalar(&of, text))
    }

    /// What an element of a list is.
    fn element(&self, ty: &Type, at: usize) -> Option<Type> {
        self.api.alternatives(ty).into_iter().find_map(|one| match one {
            Type::List(of) => Some(of.ty.clone()),
            Type::Tuple(of) => of.places.get(at).or(of.rest.as_ref()).map(|of| of.ty.clone()),
            _ => None,
        })
    }

    /// A text as the value that it spells: what is no number stays a text, so that the schema refuses it.
    pub(super) fn scalar(&self, ty: &Type, text: &str) -> Value {
        let number = || serde_json::from_str::<Value>(text).ok().filter(Value::is_number);
        let object = || serde_json::from_str::<Value>(text).ok().filter(Value::is_object);
        let truth = || text.parse::<bool>().ok().map(Value::Bool);
        let all = self.api.alternatives(ty);
        let mut kinds = all.iter().map(|one| match one {
            Type::Scalar(Scalar::Bool) => truth(),
            Type::Scalar(s) if s.is_number() => number(),
            Type::Named(id) => match self.api.get(*id).map(|def| &def.kind) {
                Some(TypeKind::Enum(e)) if e.numeric => number(),
                Some(TypeKind::Model(_)) => object(),
                _ => None,
            },
            Type::Map(_) => object(),
            Type::Any => [truth(), number()]
                .into_iter()
                .flatten()
                .find(|value| self.schemas.fits(Side::Request, self.pointer, value)),
            _ => None,
        });
        kinds.find_map(|kind| kind).unwrap_or_else(|| Value::String(text.to_owned()))
    }
}

fn json_or_text(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()))
}

/// The elements of a list in one text: split first, then decoded, so that an encoded separator is none.
fn split(text: &str, style: Style, delimiters: &[String]) -> Vec<String> {
    let own = delimiters.first().map(String::as_str).filter(|own| !own.is_empty());
    let separators: Vec<&str> = match (own, style) {
        (Some("\t"), _) => vec!["%09", "\t"],
        (Some(" "), _) | (None, Style::SpaceDelimited) => vec!["%20", "+", " "],
        (Some("|"), _) | (None, Style::PipeDelimited) => vec!["%7C", "%7c", "|"],
        (Some(own), _) => vec![own],
        (None, _) => vec![","],
    };
    let mut parts = vec![text];
    for separator in separators {
        parts = parts.into_iter().flat_map(|part| part.split(separator)).collect();
    }
    parts.into_iter().map(decoded).collect()
}
