//! Wire names → Rust identifiers: words, case, keywords, digits. The one place that makes identifiers.

use heck::{ToPascalCase, ToShoutySnakeCase, ToSnakeCase};

/// Names that a type of the generated crate cannot have: generated code uses them unqualified.
const TYPE_RESERVED: &[&str] = &[
    "Option",
    "Vec",
    "String",
    "Box",
    "Some",
    "None",
    "Ok",
    "Err",
    "Result",
    "Self",
    "Default",
    "Clone",
    "Debug",
    "PartialEq",
    "Into",
    "From",
    "IntoIterator",
];

/// Keywords of every edition, strict and reserved.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
    "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move",
    "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// `PascalCase`, for types and variants.
pub(super) fn pascal(wire: &str) -> String {
    let text = words(wire);
    let name: String = text.to_pascal_case().chars().filter(|c| unicode_ident::is_xid_continue(*c)).collect();
    let name = digits_last(&name, "");
    let name = match name.chars().next() {
        None => "Empty".to_owned(),
        Some(c) if c.is_ascii_digit() => format!("N{name}"),
        Some(c) if !unicode_ident::is_xid_start(c) => format!("X{name}"),
        // A script without case: fine as it is.
        Some(_) => name,
    };
    if name == "Self" { "SelfValue".to_owned() } else { name }
}

/// A type's name: [`pascal`], away from what the generated code uses itself.
pub(super) fn type_name(wire: &str) -> String {
    let name = pascal(wire);
    if TYPE_RESERVED.contains(&name.as_str()) { format!("{name}Model") } else { name }
}

/// `snake_case`, for fields, methods, modules; without keyword treatment, so that parts can be joined.
pub(super) fn snake(wire: &str) -> String {
    let text = words(wire);
    let name: String = text.to_snake_case().chars().filter(|c| unicode_ident::is_xid_continue(*c)).collect();
    let name = digits_last(&name, "_");
    match name.chars().next() {
        None => "empty".to_owned(),
        Some(c) if c.is_ascii_digit() => format!("n{name}"),
        Some(c) if c != '_' && !unicode_ident::is_xid_start(c) => format!("x{name}"),
        Some(_) => name,
    }
}

/// A snake-case name in ASCII, for files: other letters by their numbers, as many as tell it apart.
pub(super) fn ascii(snake: &str) -> String {
    if snake.is_ascii() {
        return snake.to_owned();
    }
    let mut left = 8;
    let mut out = String::new();
    for c in snake.chars() {
        if c.is_ascii() {
            out.push(c);
        } else if left > 0 {
            left -= 1;
            let between = if out.is_empty() || out.ends_with('_') { "" } else { "_" };
            out.push_str(&format!("{between}u{:x}", u32::from(c)));
        }
    }
    out
}

/// `SHOUTY_SNAKE_CASE`, for statics.
pub(super) fn shouty(snake: &str) -> String {
    snake.to_shouty_snake_case()
}

/// A snake-case name as an identifier: keywords become raw, those that cannot get an underscore.
pub(super) fn escape(snake: String) -> String {
    if matches!(snake.as_str(), "self" | "super" | "crate" | "_") {
        format!("{snake}_")
    } else if KEYWORDS.contains(&snake.as_str()) {
        format!("r#{snake}")
    } else {
        snake
    }
}

/// Leading digits go to the end: `400_validation_error` → `validation_error_400`, `6h` → `h6`.
fn digits_last(name: &str, joint: &str) -> String {
    let rest = name.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = name.get(..name.len() - rest.len()).unwrap_or_default();
    let rest = rest.trim_start_matches('_');
    if digits.is_empty() || rest.is_empty() {
        return name.to_owned();
    }
    // `1h` → `h1`, but `error_400`: joined only where there are words.
    let joint = if rest.len() > 2 { joint } else { "" };
    format!("{rest}{joint}{digits}")
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
