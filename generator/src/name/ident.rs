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
    if is_pascal(wire) {
        return wire.to_owned();
    }
    words(wire).to_pascal_case().chars().filter(|c| unicode_ident::is_xid_continue(*c)).collect()
}

/// A type's name: [`pascal`], away from what the generated code uses itself.
pub(super) fn type_name(kind: Kind, wire: &str) -> String {
    let name = pascal(kind, wire);
    if reserved::TYPES.contains(&name.as_str()) { format!("{name}Model") } else { name }
}

/// `snake_case`, for fields, methods, modules; without keyword treatment, so that parts can be joined.
pub(super) fn snake(wire: &str) -> String {
    if is_snake(wire) {
        return begun(wire.to_owned(), None);
    }
    begun(words(wire).to_snake_case().chars().filter(|c| unicode_ident::is_xid_continue(*c)).collect(), None)
}

/// Whether it is a name in `PascalCase` already. Most parts of names are, and to part and to join them takes long.
fn is_pascal(text: &str) -> bool {
    let text = text.as_bytes();
    text.first().is_some_and(u8::is_ascii_uppercase)
        && text.iter().all(u8::is_ascii_alphanumeric)
        && text.iter().zip(text.iter().skip(1)).all(|(a, b)| a.is_ascii_lowercase() || !b.is_ascii_uppercase())
}

/// Whether it is a name in `snake_case` already, as most members are.
fn is_snake(text: &str) -> bool {
    text.split('_').all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
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

#[cfg(test)]
mod tests {
    use super::{Kind, is_pascal, is_snake, pascal, piece, shouty, snake, type_name, words};
    use crate::base::Ident;
    use heck::{ToPascalCase, ToSnakeCase};

    #[test]
    fn what_is_a_name_already_would_have_come_out_the_same() {
        let mut texts = vec![String::new()];
        for _ in 0..6 {
            let longer = texts.iter().flat_map(|text| ["a", "b", "C", "D", "1", "_"].map(|c| format!("{text}{c}")));
            texts = longer.collect();
            for text in &texts {
                if is_pascal(text) {
                    assert_eq!(words(text).to_pascal_case(), *text);
                }
                if is_snake(text) {
                    assert_eq!(words(text).to_snake_case(), *text);
                }
            }
        }
    }

    /// What the document writes; the type and the value of an enum of that name; the field, parameter or method.
    #[rustfmt::skip]
    const TABLE: &[(&str, &str, &str, &str)] = &[
        // Words begin at a capital letter and behind whatever is no letter.
        ("account_id", "AccountId", "AccountId", "account_id"),
        ("accountId", "AccountId", "AccountId", "account_id"),
        ("AccountID", "AccountId", "AccountId", "account_id"),
        ("account-id", "AccountId", "AccountId", "account_id"),
        ("account.id", "AccountId", "AccountId", "account_id"),
        ("account id", "AccountId", "AccountId", "account_id"),
        ("ACCOUNT_ID", "AccountId", "AccountId", "account_id"),
        ("HTTPServer", "HttpServer", "HttpServer", "http_server"),
        ("CPF/CNPJ", "CpfCnpj", "CpfCnpj", "cpf_cnpj"),
        ("filter[a]", "FilterA", "FilterA", "filter_a"),
        ("$top", "Top", "Top", "top"),
        ("don't", "Dont", "Dont", "dont"),
        // Digits keep their place; what cannot begin a name gets something in front.
        ("r2d2", "R2d2", "R2d2", "r2d2"),
        ("v2_1", "V21", "V21", "v2_1"),
        ("2fa", "Type2fa", "Value2fa", "_2fa"),
        ("30d_active", "Type30dActive", "Value30dActive", "_30d_active"),
        ("0", "Type0", "Value0", "_0"),
        // Signs that are all there is, or that lead a number, are words.
        ("1.5", "Type1Point5", "Value1Point5", "_1_point_5"),
        ("15", "Type15", "Value15", "_15"),
        ("-1", "Minus1", "Minus1", "minus_1"),
        ("+1", "Plus1", "Plus1", "plus_1"),
        ("a-1", "A1", "A1", "a_1"),
        ("<10", "Less10", "Less10", "less_10"),
        (">=5", "Greater5", "Greater5", "greater_5"),
        ("*", "Star", "Star", "star"),
        ("__", "UnderscoreUnderscore", "UnderscoreUnderscore", "underscore_underscore"),
        ("🦀", "U1f980", "U1f980", "u1f980"),
        ("a🦀b", "AB", "AB", "a_b"),
        ("½", "Ubd", "Ubd", "ubd"),
        ("x²", "XUb2", "XUb2", "x_ub2"),
        ("", "Empty", "Empty", "empty"),
        (" ", "Empty", "Empty", "empty"),
        // Latin letters lose their accents, other scripts stay.
        ("Número de cédula", "NumeroDeCedula", "NumeroDeCedula", "numero_de_cedula"),
        ("größe", "Grosse", "Grosse", "grosse"),
        ("ŁÓDŹ", "Lodz", "Lodz", "lodz"),
        ("1º", "Type1o", "Value1o", "_1o"),
        ("Заказы", "Заказы", "Заказы", "заказы"),
        ("用户管理", "用户管理", "用户管理", "用户管理"),
        ("日本 語", "日本語", "日本語", "日本_語"),
        ("שלום", "שלום", "שלום", "שלום"),
        ("𝑎bc", "Type𝑎bc", "Value𝑎bc", "𝑎bc"),
        // Keywords are raw, those that cannot be are longer; a type is called nothing that generated code uses.
        ("type", "Type", "Type", "r#type"),
        ("@type", "Type", "Type", "r#type"),
        ("gen", "Gen", "Gen", "r#gen"),
        ("self", "SelfValue", "SelfValue", "self_"),
        ("Option", "OptionModel", "Option", "option"),
    ];

    #[test]
    fn names_of_wire_names() {
        for (wire, ty, value, field) in TABLE {
            let names = (type_name(Kind::Type, wire), pascal(Kind::Value, wire), Ident::of(snake(wire)));
            assert_eq!((names.0.as_str(), names.1.as_str(), names.2.as_str()), (*ty, *value, *field), "{wire}");
        }
    }

    #[test]
    fn names_of_what_begins_with_a_digit_say_what_they_are_of() {
        let kinds = [Kind::Type, Kind::Tag, Kind::Operation, Kind::Value, Kind::Variant, Kind::Code, Kind::Server];
        let names = kinds.map(|kind| pascal(kind, "2fa"));
        assert_eq!(names, ["Type2fa", "Tag2fa", "Operation2fa", "Value2fa", "Variant2fa", "Code2fa", "Server2fa"]);
        // Within a longer name there is nothing to put in front.
        assert_eq!(piece("2fa"), "2fa");
    }

    #[test]
    fn names_of_statics_are_no_names_of_arguments() {
        assert_eq!(["list_piers", "用户"].map(shouty), ["LIST_PIERS", "用户_OPERATION"]);
    }
}
