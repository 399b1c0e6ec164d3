//! Wire names → Rust identifiers: words, case, keywords, digits. The one place that makes identifiers.

use heck::{ToPascalCase, ToShoutySnakeCase, ToSnakeCase};

use crate::base::reserved;

/// What a name in `PascalCase` is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A type, by a component's name or the place of a schema.
    Type,
    /// The handle of a tag.
    Tag,
    /// The request of an operation.
    Operation,
    /// A value of an enum.
    Value,
    /// A branch of a union.
    Variant,
    /// A code of an error item.
    Code,
    /// A server of the document.
    Server,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Type => "Type",
            Self::Tag => "Tag",
            Self::Operation => "Operation",
            Self::Value => "Value",
            Self::Variant => "Variant",
            Self::Code => "Code",
            Self::Server => "Server",
        }
    }
}

/// `PascalCase`, for types and variants.
pub(super) fn pascal(kind: Kind, wire: &str) -> String {
    let name = piece(wire);
    if name == "Self" { "SelfValue".to_owned() } else { begun(name, Some(kind)) }
}

/// `PascalCase` for what stands behind something else in a name: digits may lead it.
pub(super) fn piece(wire: &str) -> String {
    words(wire).to_pascal_case().chars().filter(|c| unicode_ident::is_xid_continue(*c)).collect()
}

/// A type's name: [`pascal`], away from what the generated code uses itself.
pub(super) fn type_name(kind: Kind, wire: &str) -> String {
    let name = pascal(kind, wire);
    if reserved::TYPES.contains(&name.as_str()) { format!("{name}Model") } else { name }
}

/// `snake_case`, for fields, methods, modules; without keyword treatment, so that parts can be joined.
pub(super) fn snake(wire: &str) -> String {
    begun(words(wire).to_snake_case().chars().filter(|c| unicode_ident::is_xid_continue(*c)).collect(), None)
}

/// Where every name gets its beginning. What cannot begin one (a digit, and for a type a letter that has no upper case) stays
/// where it is and gets something in front: the kind in `PascalCase`, else an underscore.
fn begun(name: String, kind: Option<Kind>) -> String {
    let fits = |c: char| unicode_ident::is_xid_start(c) && (kind.is_none() || !c.is_lowercase());
    match name.chars().next() {
        None => if kind.is_some() { "Empty" } else { "empty" }.to_owned(),
        // A script without case: fine as it is.
        Some(c) if fits(c) => name,
        Some(_) => format!("{}{name}", kind.map_or("_", Kind::word)),
    }
}

/// `SHOUTY_SNAKE_CASE`, for statics.
pub(super) fn shouty(snake: &str) -> String {
    let name = snake.to_shouty_snake_case();
    // No argument may be called like a static, and many scripts have no case to tell the two apart.
    if name.contains(char::is_uppercase) { name } else { format!("{name}_OPERATION") }
}

/// The words of a wire name, accents folded; symbols are spelled where nothing else is left or where they lead.
fn words(wire: &str) -> String {
    let mut out = String::with_capacity(wire.len());
    let alphanumeric = wire.chars().any(char::is_alphanumeric);
    let mut chars = wire.trim().chars().peekable();
    let mut first = true;
    while let Some(c) = chars.next() {
        let next_is_word = chars.peek().is_some_and(|n| n.is_alphanumeric());
        match c {
            '-' if first && next_is_word => out.push_str("minus "),
            '+' if first && next_is_word => out.push_str("plus "),
            '<' | '>' | '=' | '!' | '~' if alphanumeric && first => {
                out.push_str(symbol(c).unwrap_or_default());
                out.push(' ');
            }
            '\'' | '’' | '`' => {}
            c if c.is_alphanumeric() => fold(c, &mut out),
            c if !alphanumeric => {
                out.push(' ');
                match symbol(c) {
                    Some(s) => out.push_str(s),
                    None => {
                        out.push('u');
                        out.push_str(&format!("{:x}", c as u32));
                    }
                }
            }
            // A point between digits is part of a number: `1.5` and `15` must not meet.
            '.' if out.ends_with(|c: char| c.is_ascii_digit()) && chars.peek().is_some_and(char::is_ascii_digit) => {
                out.push_str(" point ")
            }
            _ => out.push(' '),
        }
        first = false;
    }
    out
}

fn symbol(c: char) -> Option<&'static str> {
    Some(match c {
        '+' => "plus",
        '-' => "minus",
        '*' => "star",
        '/' => "slash",
        '\\' => "backslash",
        '=' => "equal",
        '<' => "less",
        '>' => "greater",
        '!' => "not",
        '~' => "tilde",
        '%' => "percent",
        '&' => "and",
        '|' => "or",
        '^' => "caret",
        '$' => "dollar",
        '#' => "hash",
        '@' => "at",
        '?' => "question",
        '.' => "dot",
        ',' => "comma",
        ':' => "colon",
        ';' => "semicolon",
        '_' => "underscore",
        '"' => "quote",
        '(' | ')' => "paren",
        '[' | ']' => "bracket",
        '{' | '}' => "brace",
        ' ' => "space",
        _ => return None,
    })
}

/// Latin letters lose their accents; other scripts stay.
fn fold(c: char, out: &mut String) {
    let plain = match c {
        'À'..='Å' | 'Ā' | 'Ă' | 'Ą' => "A",
        'à'..='å' | 'ā' | 'ă' | 'ą' => "a",
        'Ç' | 'Ć' | 'Č' => "C",
        'ç' | 'ć' | 'č' => "c",
        'È'..='Ë' | 'Ē' | 'Ę' | 'Ě' => "E",
        'è'..='ë' | 'ē' | 'ę' | 'ě' => "e",
        'Ì'..='Ï' | 'Ī' | 'İ' => "I",
        'ì'..='ï' | 'ī' | 'ı' => "i",
        'Ñ' | 'Ń' | 'Ň' => "N",
        'ñ' | 'ń' | 'ň' => "n",
        'Ò'..='Ö' | 'Ø' | 'Ō' | 'Ő' => "O",
        'ò'..='ö' | 'ø' | 'ō' | 'ő' => "o",
        'Ù'..='Ü' | 'Ū' | 'Ů' | 'Ű' => "U",
        'ù'..='ü' | 'ū' | 'ů' | 'ű' => "u",
        'Ý' | 'Ÿ' => "Y",
        'ý' | 'ÿ' => "y",
        'Š' | 'Ś' | 'Ş' => "S",
        'š' | 'ś' | 'ş' => "s",
        'Ž' | 'Ź' | 'Ż' => "Z",
        'ž' | 'ź' | 'ż' => "z",
        'Ł' => "L",
        'ł' => "l",
        'Ğ' => "G",
        'ğ' => "g",
        'ß' => "ss",
        'Æ' => "AE",
        'æ' => "ae",
        'Œ' => "OE",
        'œ' => "oe",
        'ª' => "a",
        'º' => "o",
        // Superscripts and fractions are numeric but no identifier characters.
        c if !unicode_ident::is_xid_continue(c) => {
            out.push_str(&format!(" u{:x} ", c as u32));
            return;
        }
        c => {
            out.push(c);
            return;
        }
    };
    out.push_str(plain);
}
