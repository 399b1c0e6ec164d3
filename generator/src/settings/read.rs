//! TOML → [`Settings`], table by table, every error with its place.

use super::table::{Table, span};
use super::{
    Accepted, Asynchronous, Docs, Document, EXTRAS, Environment, ErrorAnswer, ErrorClass, ErrorCode, Errors, Jitter,
    Mfa, NeverNull, NumberType, Numbers, OperationOverride, Operations, Package, Pages, Partial, Placed, RepeatedTypes,
    Retry, RetryClass, Runtime, Secrets, Settings, StatusRange, Tests, TypeOverride, Words,
};
use crate::base::diagnostic::{Diagnostic, Diagnostics};
use crate::base::{FileId, Span, codes, is_token, nearest};
use crate::ir::{Scalar, Type};
use toml::de::DeTable;

const RETRY_CLASSES: &[(&str, RetryClass)] =
    &[("always", RetryClass::Always), ("keyed", RetryClass::Keyed), ("never", RetryClass::Never)];

const JITTERS: &[(&str, Jitter)] = &[("none", Jitter::None), ("full", Jitter::Full), ("equal", Jitter::Equal)];

const WORDS: &[(&str, Words)] = &[("ours", Words::Ours), ("theirs", Words::Theirs)];

const ERROR_CLASSES: &[(&str, ErrorClass)] = &[
    ("caller", ErrorClass::Caller),
    ("user", ErrorClass::User),
    ("wait", ErrorClass::Wait),
    ("service", ErrorClass::Service),
];

const NUMBER_TYPES: &[(&str, NumberType)] = &[("exact", NumberType::Exact), ("float", NumberType::Float)];

/// Reads the text of a settings file. What is wrong goes to `out` (`E0701` syntax, `E0702` unknown key, `E0703` wrong
/// type or value, `E0705` missing key); the rest is returned, so that one run shows all errors.
pub fn read(text: &str, file: FileId, out: &mut Diagnostics) -> Settings {
    let mut found = Diagnostics::new();
    let settings = read_tables(text, file, &mut found);
    // In the order of the file, not of the reading.
    let mut found: Vec<Diagnostic> = found.iter().cloned().collect();
    found.sort_by_key(|diagnostic| diagnostic.span.map(|span| span.start));
    for diagnostic in found {
        out.push(diagnostic);
    }
    settings
}

fn read_tables(text: &str, file: FileId, out: &mut Diagnostics) -> Settings {
    let (document, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let mut message = error.message().lines().next().unwrap_or_default().trim_end_matches('.').to_owned();
        if let Some(first) = message.get(..1).map(str::to_lowercase) {
            message.replace_range(..1, &first);
        }
        let mut diagnostic = Diagnostic::error("E0701", format!("the settings are no valid TOML: {message}"));
        if let Some(range) = error.span() {
            diagnostic = diagnostic.at(span(file, &range));
        }
        out.push(diagnostic);
    }
    let mut settings = Settings::default();
    if !errors.is_empty() {
        // Whatever recovery made of the rest would only add errors that are none.
        return settings;
    }
    let whole = span(file, &document.span());
    let mut top = Table::new(document.get_ref(), file, whole, "the settings", out);
    top.table("crate", |t| settings.package = package(t));
    top.table("document", |t| {
        settings.document = Document {
            source: url(t, "source"),
            provenance: t.string("provenance"),
            words: t.word("words", WORDS).map_or(Words::Theirs, |words| words.value),
            extensions: t.strings("extensions").unwrap_or_default(),
        };
    });
    top.table("environments", |t| settings.environments = environments(t));
    top.table("operations", |t| settings.operations = operations(t));
    top.table("credentials", |t| settings.credentials = t.pairs());
    top.table("verbs", |t| settings.verbs = t.pairs());
    top.table("retry", |t| settings.retry = retry(t));
    top.table("async", |t| settings.asynchronous = asynchronous(t));
    top.table("mfa", |t| settings.mfa = Some(mfa(t)));
    top.table("pages", |t| settings.pages = pages(t));
    top.table("partial", |t| {
        settings.partial = Partial { query: t.strings("query").unwrap_or_default(), include: t.string("include") };
    });
    top.table("types", |t| settings.types = types(t));
    top.table("errors", |t| settings.errors = errors_table(t));
    top.table("secrets", |t| {
        settings.secrets = Secrets {
            members: t.strings("members").unwrap_or_default(),
            public: t.strings("public").unwrap_or_default(),
        };
    });
    top.table("required", |t| {
        settings.required.may_be_null = t.boolean("may_be_null").is_some_and(|b| b.value);
        t.table("never_null", |t| {
            let entry = |(member, reason): (String, Placed<String>)| NeverNull {
                member: Placed { value: member, span: reason.span },
                reason: reason.value,
            };
            settings.required.never_null = t.pairs().into_iter().map(entry).collect();
        });
    });
    top.table("numbers", |t| {
        settings.numbers =
            Numbers { read: t.word("read", NUMBER_TYPES).map_or_else(NumberType::default, |read| read.value) };
    });
    top.table("docs", |t| settings.docs = Docs { link_base: url(t, "link_base") });
    top.table("tests", |t| {
        settings.tests = Tests {
            examples: t.boolean("examples").is_some_and(|b| b.value),
            contradictions: t.strings("contradictions").unwrap_or_default(),
        };
    });
    top.table("accept", |t| settings.accept = accept(t));
    top.finish();
    settings
}

fn accept(t: &mut Table<'_, '_>) -> Vec<Accepted> {
    let mut list = Vec::new();
    t.named(&[], |code, t| {
        let codes = || codes::all().map(|row| row.0).filter(|code| code.starts_with(['W', 'N']));
        if !codes().any(|known| *code == known) {
            let near = nearest(&code, &mut codes()).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            t.wrong_value(code.span, format!("`{}` is no code of a warning or a note{near}", code.value));
        }
        for (pointer, reason) in t.pairs() {
            if !pointer.starts_with("#/") && pointer != "#" {
                let message = format!("`{pointer}` is no pointer: write `#/paths/~1nests/get`, or `#` for everywhere");
                t.wrong_value(reason.span, message);
            }
            if reason.trim().is_empty() {
                t.wrong_value(reason.span, format!("`{pointer}` is accepted without saying why"));
            }
            let pointer = Placed { value: pointer, span: reason.span };
            list.push(Accepted { code: code.clone(), pointer, reason: reason.value });
        }
    });
    list
}

fn package(t: &mut Table<'_, '_>) -> Package {
    let name = t.string("name").filter(|name| {
        let unfit = crate::base::package::unfit_crate_name(name);
        if let Some(why) = unfit {
            t.wrong_value(name.span, format!("`{}` is no package name: {why}", name.value));
        }
        unfit.is_none()
    });
    let version = t.string("version").filter(|version| {
        let fits = crate::base::version::read(version).is_some();
        if !fits {
            t.wrong_value(version.span, format!("`{}` is no version of the form `1.2.3`", version.value));
        }
        fits
    });
    let keywords = t.strings("keywords").unwrap_or_default();
    if let Some(sixth) = keywords.get(5) {
        t.wrong_value(sixth.span, "a package has at most five keywords".to_owned());
    }
    let extras = t.strings("extras").unwrap_or_default();
    for extra in &extras {
        if !EXTRAS.contains(&extra.as_str()) {
            let message = format!("there are no extras `{}`; there are {}", extra.value, EXTRAS.join(", "));
            t.wrong_value(extra.span, message);
        }
    }
    Package {
        name,
        version,
        description: t.string("description"),
        keywords,
        categories: t.strings("categories").unwrap_or_default(),
        license: t.string("license"),
        repository: url(t, "repository"),
        homepage: url(t, "homepage"),
        changelog: t.string("changelog"),
        extras,
        runtime: runtime(t),
        repeated_types: t
            .word("repeated_types", &[("alias", RepeatedTypes::Alias), ("type", RepeatedTypes::Type)])
            .map_or(RepeatedTypes::Alias, |word| word.value),
    }
}

/// `"copy"`, or the table of a dependency with a path or a repository in it.
fn runtime(t: &mut Table<'_, '_>) -> Runtime {
    if t.has_text("runtime") {
        t.word("runtime", &[("copy", ())]);
        return Runtime::Copy;
    }
    let mut keys = Vec::new();
    t.table("runtime", |t| {
        let all = ["path", "git", "branch", "tag", "rev"].map(|key| (key, t.string(key)));
        let places: Vec<&Placed<String>> = all.iter().take(2).filter_map(|(_, value)| value.as_ref()).collect();
        if places.len() != 1 {
            let message = format!("{} needs either `path` or `git`", t.name());
            t.wrong_value(t.span(), message);
        }
        keys.extend(all.into_iter().filter_map(|(key, value)| Some((key, value?.value))));
    });
    if keys.is_empty() { Runtime::Copy } else { Runtime::Dependency(keys) }
}

fn environments(t: &mut Table<'_, '_>) -> Vec<Environment> {
    let mut list: Vec<Environment> = Vec::new();
    let mut twice = Vec::new();
    t.named(&[], |name, t| {
        let Some(url) = required_url(t, "url") else {
            t.boolean("credentials");
            t.boolean("default");
            t.string("about");
            t.strings("exclusive");
            return;
        };
        let default = t.boolean("default");
        if let Some(default) = &default
            && default.value
            && list.iter().any(|other| other.default)
        {
            twice.push(default.span);
        }
        list.push(Environment {
            name,
            url,
            credentials: t.boolean("credentials").is_none_or(|credentials| credentials.value),
            default: default.is_some_and(|default| default.value),
            about: t.string("about"),
            exclusive: t.strings("exclusive").unwrap_or_default(),
        });
    });
    for at in twice {
        t.wrong_value(at, "only one environment can be the default".to_owned());
    }
    list
}

fn operations(t: &mut Table<'_, '_>) -> Operations {
    let mut each = Vec::new();
    t.named(&[], |id, t| {
        let retry = t.word("retry", RETRY_CLASSES);
        let reason = t.string("reason");
        if let Some(retry) = &retry
            && reason.as_ref().is_none_or(|reason| reason.trim().is_empty())
        {
            let message = format!("{} sets `retry` without saying why", t.name());
            t.missing_reason(retry.span, message);
        }
        let (method, handle) = (t.string("method"), t.string("handle"));
        let (items, next) = (t.string("items"), t.string("next"));
        let entry = OperationOverride { id, method, handle, retry, reason, items, next };
        if let Some(name) = entry.method.as_ref().or(entry.handle.as_ref()).filter(|_| entry.is_pattern()) {
            t.wrong_value(name.span, format!("{} is for several operations, which have no name in common", t.name()));
        }
        each.push(entry);
    });
    Operations { only: t.strings("only").unwrap_or_default(), except: t.strings("except").unwrap_or_default(), each }
}

fn retry(t: &mut Table<'_, '_>) -> Retry {
    let mut retry = Retry { default: t.word("default", RETRY_CLASSES), ..Retry::default() };
    if let Some(schedule) = t.numbers("schedule") {
        retry.schedule = schedule
            .iter()
            .filter_map(|seconds| {
                if (0.0..=86_400.0).contains(&seconds.value) {
                    // In range, so the cast keeps the value.
                    return Some((seconds.value * 1_000.0).round() as u64);
                }
                t.wrong_value(seconds.span, "a wait lies between 0 and 86400 seconds".to_owned());
                None
            })
            .collect();
    }
    retry.jitter = t.word("jitter", JITTERS).map_or(Jitter::None, |jitter| jitter.value);
    if let Some(statuses) = status_ranges(t, "statuses") {
        retry.statuses = statuses;
        retry.except = Vec::new();
    }
    if let Some(except) = status_ranges(t, "except") {
        retry.except = except;
    }
    retry.codes = t.strings("codes").unwrap_or_default();
    if let Some(refused) = status_ranges(t, "refused") {
        retry.refused = refused;
    }
    retry.idempotency_header = header(t, "idempotency_header");
    retry
}

fn asynchronous(t: &mut Table<'_, '_>) -> Option<Asynchronous> {
    let (header, value) = (required_header(t, "header"), t.required("value"));
    let status = t.integer("status").and_then(|text| status(t, &text)).unwrap_or(202);
    let request_id = string_or(t, "request_id", "request_id");
    let operations = t.strings("operations").unwrap_or_default();
    Some(Asynchronous { header: header?, value: value?, status, request_id, operations })
}

fn mfa(t: &mut Table<'_, '_>) -> Mfa {
    let input = t
        .strings("input")
        .unwrap_or_else(|| vec![Placed { value: "expects_user_input".to_owned(), span: Span::default() }]);
    Mfa {
        status: t.integer("status").and_then(|text| status(t, &text)).unwrap_or(428),
        code: string_or(t, "code", "token_required"),
        expired: string_or(t, "expired", "session_expired"),
        session: string_or(t, "session", "session"),
        link: string_or(t, "link", "link"),
        expiry: string_or(t, "expiry", "expiry"),
        challenge: string_or(t, "challenge", "challenge"),
        kind: string_or(t, "kind", "type"),
        value: string_or(t, "value", "value"),
        instructions: string_or(t, "instructions", "instructions"),
        input,
        token: string_or(t, "token", "token"),
        resume: t.strings("resume").unwrap_or_default(),
    }
}

fn pages(t: &mut Table<'_, '_>) -> Pages {
    Pages {
        items: string_or(t, "items", "results"),
        next: string_or(t, "next", "next"),
        page: string_or(t, "page", "page"),
        page_size: string_or(t, "page_size", "page_size"),
    }
}

fn types(t: &mut Table<'_, '_>) -> Vec<TypeOverride> {
    let mut list = Vec::new();
    let scalars = Scalar::ALL.iter().filter_map(|s| Some((s.word()?, Type::Scalar(*s))));
    let replacements: Vec<(&str, Type)> = scalars.chain([("any", Type::Any)]).collect();
    t.named(&[], |pointer, t| {
        if !pointer.trim_start_matches('#').starts_with('/') {
            let message = format!("`{}` is no pointer: write `#/components/schemas/Name`", pointer.value);
            t.wrong_value(pointer.span, message);
        }
        let replace = t.word("replace", &replacements).map(|ty| ty.value);
        let rename = t.string("rename");
        let order = t.strings("order").unwrap_or_default();
        let derive = t.strings("derive").unwrap_or_default();
        list.push(TypeOverride { pointer, rename, replace, order, derive });
    });
    list
}

fn errors_table(t: &mut Table<'_, '_>) -> Errors {
    let mut errors = Errors::default();
    let statuses = |t: &mut Table<'_, '_>| -> Vec<u16> {
        let words = t.words("status").unwrap_or_default();
        words.iter().filter_map(|text| status(t, text)).collect()
    };
    let class = |t: &mut Table<'_, '_>| t.word("class", ERROR_CLASSES).map_or(ErrorClass::Caller, |class| class.value);
    t.table("codes", |t| {
        t.named(&[], |code, t| {
            let (status, class) = (statuses(t), class(t));
            if let Some(advice) = t.required("advice") {
                errors.codes.push(ErrorCode { code, status, class, advice });
            }
        });
    });
    t.table("answers", |t| {
        t.named(&[], |name, t| {
            let (status, class) = (statuses(t), class(t));
            let (media, says) = (t.string("media"), t.string("says"));
            if status.is_empty() && media.is_none() && says.is_none() {
                t.wrong_value(
                    name.span,
                    format!("{} needs `status`, `media` or `says`, or it fits every answer", t.name()),
                );
            }
            if let Some(advice) = t.required("advice") {
                errors.answers.push(ErrorAnswer { name, status, media, says, class, advice });
            }
        });
    });
    if let (Some(first), true) = (errors.answers.first(), errors.codes.is_empty()) {
        let message = "answers without a code have a class only where `[errors.codes]` says what codes mean";
        t.wrong_value(first.name.span, message.to_owned());
    }
    t.table("members", |t| errors.members = t.pairs());
    if let (Some((_, first)), true) = (errors.members.first(), errors.codes.is_empty()) {
        let message = "members of error items have accessors only where `[errors.codes]` says what codes mean";
        t.wrong_value(first.span, message.to_owned());
    }
    errors.not_found = t.strings("not_found").unwrap_or_default();
    errors.code = t.string("code");
    errors.message = t.string("message");
    errors.field = t.string("field");
    errors.request_id = t.string("request_id");
    errors.support = t.string("support");
    if let Some(most) = t.integer("max_items") {
        match most.replace('_', "").parse() {
            Ok(number) if (1..=1_000_000).contains(&number) => errors.max_items = number,
            _ => t.wrong_value(most.span, format!("`max_items` lies between 1 and 1000000, `{}` does not", most.value)),
        }
    }
    errors
}

fn string_or(t: &mut Table<'_, '_>, key: &'static str, default: &str) -> Placed<String> {
    t.string(key).unwrap_or_else(|| Placed { value: default.to_owned(), span: Span::default() })
}

fn is_url(t: &mut Table<'_, '_>, key: &str, url: &Placed<String>) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let fits = rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
        && !url.contains(char::is_whitespace)
        && !url.contains(['?', '#']);
    if !fits {
        t.wrong_value(
            url.span,
            format!("`{key}` must be an absolute http or https URL without a query, not `{}`", url.value),
        );
    }
    fits
}

fn url(t: &mut Table<'_, '_>, key: &'static str) -> Option<Placed<String>> {
    let url = t.string(key)?;
    is_url(t, key, &url).then_some(url)
}

fn required_url(t: &mut Table<'_, '_>, key: &'static str) -> Option<Placed<String>> {
    let url = t.required(key)?;
    is_url(t, key, &url).then_some(url)
}

fn is_header(t: &mut Table<'_, '_>, name: &Placed<String>) -> bool {
    let fits = is_token(name);
    if !fits {
        t.wrong_value(name.span, format!("`{}` is no header name", name.value));
    }
    fits
}

fn header(t: &mut Table<'_, '_>, key: &'static str) -> Option<Placed<String>> {
    let name = t.string(key)?;
    is_header(t, &name).then_some(name)
}

fn required_header(t: &mut Table<'_, '_>, key: &'static str) -> Option<Placed<String>> {
    let name = t.required(key)?;
    is_header(t, &name).then_some(name)
}

fn status(t: &mut Table<'_, '_>, text: &Placed<String>) -> Option<u16> {
    let status = text.parse().ok().filter(|status| (100..=599).contains(status));
    if status.is_none() {
        t.wrong_value(text.span, format!("`{}` is no HTTP status", text.value));
    }
    status
}

fn status_ranges(t: &mut Table<'_, '_>, key: &'static str) -> Option<Vec<Placed<StatusRange>>> {
    let words = t.words(key)?;
    let mut list = Vec::with_capacity(words.len());
    for word in words {
        let class =
            word.to_lowercase().strip_suffix("xx").and_then(|class| class.parse().ok()).filter(|n| (1..=5).contains(n));
        let range = match class {
            Some(class) => Some(StatusRange::Class(class)),
            None => status(t, &word).map(StatusRange::One),
        };
        if let Some(value) = range {
            list.push(Placed { value, span: word.span });
        }
    }
    Some(list)
}
