//! Settings: what is read, and what is said about what cannot be.

use generator::base::FileId;
use generator::base::diagnostic::Diagnostics;
use generator::settings::{self, ErrorClass, Facts, Jitter, NumberType, RetryClass, Runtime, Settings, StatusRange};
use std::collections::BTreeSet;

fn read(text: &str) -> (Settings, Vec<String>) {
    let mut out = Diagnostics::new();
    let settings = settings::read(text, FileId(0), &mut out);
    let told = told(text, &out);
    (settings, told)
}

fn told(text: &str, out: &Diagnostics) -> Vec<String> {
    out.iter()
        .map(|d| {
            let at = d.span.expect("a place").start as usize;
            let line = 1 + text[..at].matches('\n').count();
            let column = 1 + text[..at].rsplit('\n').next().expect("a line").chars().count();
            let help = d.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
            format!("{line}:{column} {} {}{help}", d.code, d.message)
        })
        .collect()
}

#[test]
fn no_settings_are_the_defaults() {
    let (settings, told) = read("");
    assert_eq!(told, Vec::<String>::new());
    assert_eq!(settings.retry.schedule, [1_000, 2_000, 4_000]);
    let covered = |status| settings.retry.statuses.iter().any(|range| range.value.contains(status));
    assert!(covered(429) && covered(503) && !covered(404));
    assert_eq!((settings.retry.refused_statuses(), settings.errors.max_items), (vec![429], 1_000));
    assert_eq!(settings.pages.items.value, "results");
    assert!(!settings.required.may_be_null);
    assert_eq!(settings.numbers.read, NumberType::Float);
    assert!(settings.asynchronous.is_none() && settings.default_environment().is_none());
}

#[test]
fn everything_is_read() {
    let text = r##"
[crate]
name = "shop"
version = "1.2.3-rc.1"
description = "A shop"
keywords = ["shop"]
extras = ["belvo"]
[environments.zebra]
url = "https://z.example/prefix"
credentials = false
[environments.alpha]
url = "http://a.example"
default = true
about = "The real one"
exclusive = ["Orders"]
[operations]
only = ["Orders", "PayOrder"]
[operations.PayOrder]
method = "pay"
handle = "Orders"
retry = "keyed"
reason = "moves money"
[operations."odd id/é"]
retry = "never"
reason = "sends a letter"
[retry]
default = "always"
schedule = [0.5, 3, 1_0]
jitter = "equal"
statuses = [503, "4XX"]
codes = ["busy"]
refused = [429, 423]
idempotency_header = "Idempotency-Key"
[async]
header = "X-Mode"
value = "async"
[mfa]
status = 401
session = "ticket"
input = ["asks", "wants"]
resume = ["PayOrder"]
[secrets]
members = ["pin"]
[pages]
items = "data"
[partial]
query = ["fields"]
[types."#/components/schemas/Order"]
rename = "PurchaseOrder"
derive = ["Hash"]
[types."/components/schemas/Id"]
replace = "uuid"
[errors]
code = "code"
max_items = 2_5
not_found = ["gone", "no such"]
[errors.members]
owner = "Who has it."
"the rest" = "More."
[errors.codes."too busy"]
status = [400, 409]
class = "wait"
advice = "wait"
[errors.answers.gate]
status = [403]
media = "text/html"
class = "wait"
advice = "slow down"
[errors.answers."odd one"]
says = "come back"
advice = "ask"
[required]
may_be_null = true
[numbers]
read = "exact"
[docs]
link_base = "https://docs.example/"
"##;
    let (settings, told) = read(text);
    assert_eq!(told, Vec::<String>::new());
    let names: Vec<_> = settings.environments.iter().map(|e| (e.name.as_str(), e.credentials, e.default)).collect();
    assert_eq!(names, [("zebra", false, false), ("alpha", true, true)], "in the order of the file");
    assert_eq!(settings.default_environment().map(|e| e.name.as_str()), Some("alpha"));
    assert_eq!(settings.environments[1].exclusive.iter().map(|tag| tag.as_str()).collect::<Vec<_>>(), ["Orders"]);
    let pay = settings.operations.get("PayOrder").expect("an entry");
    assert_eq!(pay.retry.as_ref().map(|r| r.value), Some(RetryClass::Keyed));
    assert_eq!(pay.method.as_ref().map(|m| m.as_str()), Some("pay"));
    assert_eq!(&text[pay.id.span.start as usize..pay.id.span.end as usize], "PayOrder");
    assert!(settings.operations.get("odd id/é").is_some());
    assert_eq!((&settings.retry.schedule[..], settings.retry.jitter), (&[500, 3_000, 10_000][..], Jitter::Equal));
    let statuses: Vec<_> = settings.retry.statuses.iter().map(|s| s.value).collect();
    assert_eq!(statuses, [StatusRange::One(503), StatusRange::Class(4)]);
    assert!(settings.retry.except.is_empty(), "the default exceptions belong to the default statuses");
    let mode = settings.asynchronous.as_ref().expect("a mode");
    assert_eq!((mode.status, mode.request_id.as_str()), (202, "request_id"));
    assert_eq!((settings.pages.items.as_str(), settings.pages.next.as_str()), ("data", "next"));
    let order = settings.type_override("/components/schemas/Order").expect("an override");
    assert_eq!(order.rename.as_ref().map(|r| r.as_str()), Some("PurchaseOrder"));
    assert!(settings.type_override("#/components/schemas/Id").is_some());
    let code = &settings.errors.codes[0];
    assert_eq!(
        (code.code.as_str(), code.status.as_slice(), code.class),
        ("too busy", [400, 409].as_slice(), ErrorClass::Wait)
    );
    assert_eq!((settings.retry.refused_statuses(), settings.errors.max_items), (vec![423, 429], 25));
    assert_eq!(settings.errors.not_found.iter().map(|code| code.as_str()).collect::<Vec<_>>(), ["gone", "no such"]);
    let members: Vec<_> = settings.errors.members.iter().map(|(name, about)| (name.as_str(), about.as_str())).collect();
    assert_eq!(members, [("owner", "Who has it."), ("the rest", "More.")]);
    let answers: Vec<_> =
        settings.errors.answers.iter().map(|a| (a.name.as_str(), a.status.as_slice(), a.class)).collect();
    assert_eq!(answers, [("gate", [403].as_slice(), ErrorClass::Wait), ("odd one", [].as_slice(), ErrorClass::Caller)]);
    assert!(settings.required.may_be_null);
    assert_eq!(settings.numbers.read, NumberType::Exact);
    let mfa = settings.mfa.as_ref().expect("a second factor");
    assert_eq!((mfa.status, mfa.session.as_str(), mfa.token.as_str()), (401, "ticket", "token"));
    assert_eq!(mfa.input.iter().map(|name| name.as_str()).collect::<Vec<_>>(), ["asks", "wants"]);
    assert_eq!(mfa.resume[0].as_str(), "PayOrder");
    assert_eq!(settings.secrets.members[0].as_str(), "pin");
    assert_eq!(settings.package.extras[0].as_str(), "belvo");
}

#[test]
fn an_answer_without_a_code_must_be_told_from_others_and_needs_codes() {
    let codes = "[errors.codes.busy]\nadvice = \"wait\"\n";
    for (text, expected) in [
        (
            "[errors.answers.a]\nadvice = \"x\"",
            vec!["3:17 E0703 `[errors.answers.a]` needs `status`, `media` or `says`, or it fits every answer"],
        ),
        ("[errors.answers.a]\nstatus = [403]", vec!["3:17 E0705 `[errors.answers.a]` needs `advice`"]),
        ("[errors.answers.a]\nsays = \"x\"\nadvice = \"x\"", vec![]),
        ("[errors.answers.a]\nmedia = \"text/html\"\nadvice = \"x\"", vec![]),
    ] {
        assert_eq!(read(&format!("{codes}{text}")).1, expected, "{text}");
    }
    let told = read("[errors.answers.a]\nstatus = [403]\nadvice = \"x\"").1;
    assert_eq!(
        told,
        ["1:17 E0703 answers without a code have a class only where `[errors.codes]` says what codes mean"]
    );
}

#[test]
fn an_exception_is_no_refusal() {
    for (text, expected) in [
        ("except = [429]", vec![]),
        ("refused = [429, 423]\nexcept = [429]", vec![423]),
        ("refused = []", vec![]),
        ("refused = [\"4xx\"]\nexcept = [\"4xx\"]", vec![]),
        ("statuses = [503]", vec![429]),
    ] {
        let (settings, told) = read(&format!("[retry]\n{text}"));
        assert_eq!((settings.retry.refused_statuses(), told), (expected, Vec::<String>::new()), "{text}");
    }
}

#[test]
fn a_pattern_is_a_rule_for_several_operations_and_an_entry_of_ones_own_goes_first() {
    let rule = |name: &str, class: &str| format!("\"{name}\" = {{ retry = \"{class}\", reason = \"r\" }}\n");
    let text = ["[operations]\n".to_owned(), rule("get*", "always"), rule("get*All", "keyed"), rule("getTwo", "never")]
        .concat();
    let (settings, told) = read(&text);
    assert_eq!(told, Vec::<String>::new());
    let class =
        |id: &str| settings.operations.retry(id).and_then(|entry| entry.retry.as_ref()).map(|class| class.value);
    let expected = [
        ("getOne", Some(RetryClass::Always)),
        ("get", Some(RetryClass::Always)),
        ("getThemAll", Some(RetryClass::Keyed)),
        ("getTwo", Some(RetryClass::Never)),
        ("forget", None),
        ("GetOne", None),
    ];
    for (id, expected) in expected {
        assert_eq!(class(id), expected, "{id}");
    }
    // What `*` stands for may be nothing, but no letter of the pattern counts twice.
    for (pattern, id, meets) in [
        ("a*a", "aa", true),
        ("a*a", "a", false),
        ("*b*", "abc", true),
        ("a*b*c", "axxbyyc", true),
        ("a*b*c", "acb", false),
    ] {
        let (settings, _) = read(&format!("[operations]\n{}", rule(pattern, "always")));
        assert_eq!(settings.operations.retry(id).is_some(), meets, "{pattern} {id}");
    }
    let (_, told) = read("[operations.\"get*\"]\nmethod = \"fetch\"\n");
    assert_eq!(told, ["2:10 E0703 `[operations.\"get*\"]` is for several operations, which have no name in common"]);
}

#[test]
fn the_runtime_is_a_copy_or_a_dependency_with_one_place() {
    let runtime = |value: &str| {
        let (settings, told) = read(&format!("[crate]\nruntime = {value}\n"));
        (settings.package.runtime, told)
    };
    assert_eq!(runtime("\"copy\""), (Runtime::Copy, Vec::new()));
    let path = Runtime::Dependency(vec![("path", "../runtime".to_owned())]);
    assert_eq!(runtime("{ path = \"../runtime\" }"), (path, Vec::new()));
    let git = [("git", "https://h/r"), ("rev", "1a")].map(|(key, value)| (key, value.to_owned()));
    assert_eq!(runtime("{ git = \"https://h/r\", rev = \"1a\" }"), (Runtime::Dependency(git.to_vec()), Vec::new()));
    let nowhere = "2:11 E0703 `[crate.runtime]` needs either `path` or `git`";
    assert_eq!(runtime("{ rev = \"1a\" }").1, [nowhere]);
    assert_eq!(runtime("{ path = \"a\", git = \"b\" }").1, [nowhere]);
    assert_eq!(runtime("\"move\"").1, ["2:11 E0703 `runtime` in `[crate]` must be one of `copy`, not `move`"]);
}

#[test]
fn unknown_keys_are_errors_with_a_suggestion() {
    let text = "[crate]\nversoin = \"1.0.0\"\n[retry]\nfrobnicate = 1\n[enviroments.x]\nurl = \"https://x\"\n\
                [operations.A]\nRetry = \"never\"\n[operations]\nonyl = []\n";
    assert_eq!(
        read(text).1,
        [
            "2:1 E0702 there is no key `versoin` in `[crate]` (did you mean `version`?)",
            "4:1 E0702 there is no key `frobnicate` in `[retry]` (its keys are codes, default, except, idempotency_header, jitter, refused, schedule, statuses)",
            "5:2 E0702 there is no key `enviroments` in the settings (did you mean `environments`?)",
            "8:1 E0702 there is no key `Retry` in `[operations.A]` (did you mean `retry`?)",
            "10:1 E0702 there is no key `onyl` in `[operations]` (did you mean `only`?)",
        ]
    );
}

#[test]
fn wrong_types_and_values_are_errors_at_the_value() {
    let cases: &[(&str, &str)] = &[
        ("crate = 1", "1:9 E0703 `crate` in the settings must be a table, not an integer"),
        ("[crate]\nname = 1", "2:8 E0703 `name` in `[crate]` must be a string, not an integer"),
        ("[crate]\nname = \"1x\"", "2:8 E0703 `1x` is no package name: letters, digits, `-` and `_`, a letter first"),
        ("[crate]\nversion = \"1.2\"", "2:11 E0703 `1.2` is no version of the form `1.2.3`"),
        (
            "[crate]\nkeywords = [\"a\", 2]",
            "2:18 E0703 `keywords` in `[crate]` must be an array of strings, not an integer",
        ),
        ("[operations]\nonly = \"A\"", "2:8 E0703 `only` in `[operations]` must be an array of strings, not a string"),
        ("[environments.x]", "1:15 E0705 `[environments.x]` needs `url`"),
        (
            "[environments.\"x y\"]\nurl = \"/x\"",
            "2:7 E0703 `url` must be an absolute http or https URL without a query, not `/x`",
        ),
        (
            "[operations.A]\nretry = \"often\"\nreason = \"x\"",
            "2:9 E0703 `retry` in `[operations.A]` must be one of `always`, `keyed`, `never`, not `often`",
        ),
        (
            "[operations.A]\nretry = \"never\"",
            "2:9 E0705 `[operations.A]` sets `retry` without saying why (add `reason = \"...\"`: it is printed in the documentation of the method)",
        ),
        ("[crate]\nextras = [\"blevo\"]", "2:11 E0703 there are no extras `blevo`; there are belvo"),
        ("[mfa]\nstatus = 99", "2:10 E0703 `99` is no HTTP status"),
        ("[mfa]\nresume = \"x\"", "2:10 E0703 `resume` in `[mfa]` must be an array of strings, not a string"),
        ("[secrets]\nmembers = [1]", "2:12 E0703 `members` in `[secrets]` must be an array of strings, not an integer"),
        ("[retry]\nrefused = [42]", "2:12 E0703 `42` is no HTTP status"),
        ("[errors]\nmax_items = 0", "2:13 E0703 `max_items` lies between 1 and 1000000, `0` does not"),
        ("[errors]\nmax_items = 1000001", "2:13 E0703 `max_items` lies between 1 and 1000000, `1000001` does not"),
        ("[errors]\nnot_found = 1", "2:13 E0703 `not_found` in `[errors]` must be an array of strings, not an integer"),
        (
            "[errors.members]\nowner = \"Who.\"",
            "2:9 E0703 members of error items have accessors only where `[errors.codes]` says what codes mean",
        ),
        ("[retry]\nschedule = [-1]", "2:13 E0703 a wait lies between 0 and 86400 seconds"),
        ("[retry]\nstatuses = [700]", "2:13 E0703 `700` is no HTTP status"),
        ("[retry]\nstatuses = [\"9xx\"]", "2:13 E0703 `9xx` is no HTTP status"),
        ("[retry]\nidempotency_header = \"a b\"", "2:22 E0703 `a b` is no header name"),
        ("[async]\nheader = \"x\"", "1:1 E0705 `[async]` needs `value`"),
        ("[types.Order]", "1:8 E0703 `Order` is no pointer: write `#/components/schemas/Name`"),
        (
            "[required]\nmay_be_null = \"no\"",
            "2:15 E0703 `may_be_null` in `[required]` must be a boolean, not a string",
        ),
        (
            "[numbers]\nread = \"double\"",
            "2:8 E0703 `read` in `[numbers]` must be one of `exact`, `float`, not `double`",
        ),
        ("[numbers]\nread = true", "2:8 E0703 `read` in `[numbers]` must be a string, not a boolean"),
        ("[numbers]\nraed = \"exact\"", "2:1 E0702 there is no key `raed` in `[numbers]` (did you mean `read`?)"),
        (
            "[environments]\na.url = \"https://a\"\na.default = true\nb.url = \"https://b\"\nb.default = true",
            "5:13 E0703 only one environment can be the default",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(read(text).1, [*expected], "{text}");
    }
}

#[test]
fn broken_toml_is_told_with_its_place() {
    let (_, told) = read("[crate]\nname = \"x\nversion = 1\n");
    assert!(told[0].starts_with("2:") && told[0].contains(" E0701 the settings are no valid TOML: "), "{told:?}");
    let (_, told) = read("[crate]\nname = \"x\"\nname = \"y\"\n");
    assert_eq!(told.len(), 1);
    assert!(told[0].starts_with("3:1 E0701 the settings are no valid TOML: duplicate key"), "{told:?}");
}

#[test]
fn entries_that_meet_nothing_are_warned_of() {
    let text = "[operations]\nonly = [\"Orders\", \"Oders\"]\n[operations.PayOrdr]\nmethod = \"pay\"\n\
                [operations.PayOrder]\nmethod = \"pay\"\n[types.\"#/components/schemas/Gone\"]\nrename = \"X\"\n\
                [environments.shop]\nurl = \"https://shop.example\"\nexclusive = [\"Orders\", \"Order\"]\n\
                [credentials]\nkey = \"login\"\nkeys = \"logins\"\n";
    let (settings, errors) = read(text);
    assert_eq!(errors, Vec::<String>::new());
    let operations = BTreeSet::from(["PayOrder".to_owned()]);
    let tags = BTreeSet::from(["Orders".to_owned()]);
    let schemes = BTreeSet::from(["key".to_owned()]);
    let out = settings.unused(&Facts { operations: &operations, tags: &tags, schemes: &schemes, exists: &|_| false });
    assert_eq!(
        told(text, &out),
        [
            "2:19 W0704 the document has no tag or operation `Oders` (did you mean `Orders`?)",
            "3:13 W0704 the document has no operation `PayOrdr` (did you mean `PayOrder`?)",
            "11:24 W0704 the document has no tag `Order` (did you mean `Orders`?)",
            "14:8 W0704 the document has no security scheme `keys` (did you mean `key`?)",
            "7:8 W0704 the document has no schema at `#/components/schemas/Gone` (remove the entry, or correct its name)",
        ]
    );
}

#[test]
fn the_repositorys_own_settings_are_right() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec/belvo.toml");
    let text = std::fs::read_to_string(path).expect("the settings are there");
    let (settings, told) = read(&text);
    assert_eq!(told, Vec::<String>::new());
    assert_eq!(settings.retry.schedule, [3_000, 6_000, 12_000, 24_000, 48_000]);
    let portal = settings.environments.iter().find(|e| e.name.as_str() == "portal").expect("the portal");
    assert!(!portal.credentials);
    assert!(settings.operations.each.iter().all(|entry| entry.retry.is_none() || entry.reason.is_some()));
}
