//! IR + settings → IR: which members and parameters hold secrets, so that `Debug` does not print them.
//!
//! Few documents say `format: password` where they should, so that names speak for themselves, in every document; settings add
//! names of an API's own, and take back what is no secret there.

use std::collections::BTreeSet;

use heck::ToSnakeCase;

use crate::base::diagnostic::{Diagnostic, Diagnostics};
use crate::ir::{Api, Origin, Scalar, Type, TypeDef, TypeId, TypeKind, Use};
use crate::settings::Settings;

/// What the last word of a secret's name is.
const LAST: &[&str] = &[
    "accesstoken",
    "apikey",
    "apitoken",
    "authorization",
    "authtoken",
    "clientsecret",
    "cookie",
    "credential",
    "credentials",
    "cvc",
    "cvv",
    "otp",
    "passcode",
    "passphrase",
    "passwd",
    "password",
    "passwords",
    "pin",
    "privatekey",
    "pwd",
    "refreshtoken",
    "secret",
    "secretkey",
    "secrets",
    "token",
];

/// What makes a secret of a `key`, or of a `code`, right before it.
const KEYS: &[&str] = &["access", "api", "auth", "encryption", "master", "private", "secret", "shared", "signing"];
const CODES: &[&str] = &["pin", "security"];

/// Words of tokens that say where a list goes on, and of those that anybody may see.
const OPEN: &[&str] = &[
    "change",
    "continuation",
    "cursor",
    "idempotency",
    "max",
    "next",
    "page",
    "pagination",
    "paging",
    "prev",
    "previous",
    "public",
    "start",
    "sync",
    "watch",
];

/// Whether a name says that its value must not be in a log.
pub fn speaks_of_a_secret(wire: &str) -> bool {
    let name = wire.to_snake_case();
    // `password2` repeats the first.
    let mut words = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_').rsplit('_');
    let last = words.next().unwrap_or_default();
    let before = words.next().unwrap_or_default();
    match last {
        "token" => !name.split('_').any(|word| OPEN.contains(&word)),
        "key" => KEYS.contains(&before),
        "code" => CODES.contains(&before),
        _ => LAST.contains(&last),
    }
}

/// What becomes of a place whose value is a secret.
#[derive(PartialEq)]
enum Hidden {
    /// It has the type of secrets.
    ByType,
    /// The model it is a member of does not print it: only text has a type of its own.
    ByModel,
    /// It is no single value, or tells nothing.
    No,
}

/// Makes secrets of what is one by its name, or by the settings.
pub(super) fn conceal(api: &mut Api, settings: &Settings, diagnostics: &mut Diagnostics) {
    let lower = |names: &[crate::settings::Placed<String>]| -> BTreeSet<String> {
        names.iter().map(|name| name.to_lowercase()).collect()
    };
    let (secret, public) = (lower(&settings.secrets.members), lower(&settings.secrets.public));
    let is_union = |(_, def): &(TypeId, &TypeDef)| matches!(def.kind, TypeKind::Union(_));
    let unions: BTreeSet<TypeId> = api.defs().filter(is_union).map(|(id, _)| id).collect();
    let mut noted = BTreeSet::new();
    let mut hidden = |wire: &str, of: &mut Use, origin: &Origin| {
        let name = wire.to_lowercase();
        let named = secret.contains(&name);
        if public.contains(&name) || !(named || speaks_of_a_secret(wire)) {
            return Hidden::No;
        }
        let was = of.clone();
        let hidden = hide(of, &unions);
        if hidden != Hidden::No && !named && (hidden == Hidden::ByModel || was != *of) && noted.insert(name) {
            let message = format!("`{wire}` is taken for a secret by its name");
            let help = format!("where it is none, the settings say so: [secrets] public = [{wire:?}]");
            diagnostics.push(Diagnostic::note("N0909", message).at(origin.span).pointer(&origin.pointer).help(help));
        }
        hidden
    };
    for def in &mut api.types {
        if let TypeKind::Model(model) = &mut def.kind {
            for field in &mut model.fields {
                field.secret = hidden(&field.wire, &mut field.of, &field.origin) == Hidden::ByModel;
            }
        }
    }
    for operation in &mut api.operations {
        for parameter in &mut operation.parameters {
            parameter.secret = hidden(&parameter.wire, &mut parameter.of, &parameter.origin) == Hidden::ByModel;
        }
    }
}

fn hide(of: &mut Use, unions: &BTreeSet<TypeId>) -> Hidden {
    match &mut of.ty {
        Type::Scalar(scalar) => match scalar {
            Scalar::String | Scalar::Uuid | Scalar::Base64 | Scalar::Secret => {
                *scalar = Scalar::Secret;
                Hidden::ByType
            }
            Scalar::Bool | Scalar::Date | Scalar::DateTime => Hidden::No,
            Scalar::Binary | Scalar::I32 | Scalar::I64 | Scalar::U32 | Scalar::U64 | Scalar::F64 | Scalar::Number => {
                Hidden::ByModel
            }
        },
        Type::List(of) | Type::Map(of) => hide(of, unions),
        Type::Any | Type::Tuple(_) => Hidden::ByModel,
        Type::Named(id) if unions.contains(id) => Hidden::ByModel,
        Type::Named(_) => Hidden::No,
    }
}

#[cfg(test)]
mod tests {
    use super::speaks_of_a_secret;

    #[test]
    fn names_that_speak_of_secrets() {
        let secret = [
            "secret",
            "password",
            "new_password",
            "password2",
            "accessToken",
            "access_token",
            "refreshToken",
            "client_secret",
            "clientSecret",
            "API_KEY",
            "apiKey",
            "x-api-key",
            "X-Auth-Token",
            "Authorization",
            "pin",
            "card_pin",
            "cvv",
            "cvv2",
            "CVC",
            "otp",
            "private_key",
            "Secret-Access-Key",
            "securityCode",
            "webhook[secret]",
            "token",
            "bot.token",
            "Set-Cookie",
            "credentials",
            "pwd",
        ];
        let public = [
            "page_token",
            "nextPageToken",
            "continuation-token",
            "sync_token",
            "max_token",
            "tokens",
            "total_tokens",
            "token_type",
            "public_token",
            "key",
            "public_key",
            "idempotency_key",
            "sort_key",
            "secret_name",
            "pinned",
            "spin",
            "author",
            "code",
            "status_code",
            "postal_code",
            "authorization_url",
            "password_changed_at",
            "",
            "用户",
        ];
        for name in secret {
            assert!(speaks_of_a_secret(name), "{name}");
        }
        for name in public {
            assert!(!speaks_of_a_secret(name), "{name}");
        }
    }
}
