//! Whether the report of a change tells the truth: the compiler judges what breaks compiling, the old crate itself what it
//! reads of the new document's bodies, the new document what it takes of the old crate's requests.

use generator::drift::{Class, Report, Survival, diff};
use generator::ir::{Api, Content, Location, Operation, Response, Style, Type, TypeKind};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use tests::answers::{answers, given, sent};
use tests::asking::{Answer, Asked, answer};
use tests::beside::Beside;
use tests::drift::{Library, Sides};
use tests::pairs::{self, Pair};
use tests::run::{deep, value};

/// A pair, what the report says of it, and what is to be compiled and read.
struct Case {
    pair: Pair,
    sides: Sides,
    report: Report,
    /// The old crate.
    old: String,
    /// The consumer of the old crate, compiled against the old one and against the new one.
    own: String,
    next: String,
}

fn cases(beside: &mut Beside) -> Vec<Case> {
    let (mut library, mut consumers) = (Library::default(), BTreeMap::new());
    let mut consume = |beside: &mut Beside, of: &str, sdk: &str, sides: &Sides| {
        let key = (of.to_owned(), sdk.to_owned());
        consumers.entry(key).or_insert_with(|| beside.consume(sdk, &sides.old.consumer())).clone()
    };
    let all = pairs::all().into_iter().map(|pair| {
        let sides = library.made(&pair);
        let (old, new) = (beside.add(sides.old.made()), beside.add(sides.new.made()));
        let own = consume(beside, &old, &old, &sides);
        let next = consume(beside, &old, &new, &sides);
        let report = diff(&sides.old.understood, &sides.new.understood);
        Case { pair, sides, report, old, own, next }
    });
    all.collect()
}

#[test]
fn the_report_tells_the_truth() {
    deep(|| {
        let mut beside = Beside::new(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("drift"));
        let cases = cases(&mut beside);
        let mut wrong = compiling(&cases, &mut beside);
        wrong.extend(reading(&cases, &mut beside));
        wrong.extend(sending(&cases, &mut beside));
        println!("{} pairs, {} disagreements", cases.len(), wrong.len());
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    });
}

/// The consumer derived from the old document fails against the new crate exactly when the report says that the change
/// breaks compiling; it meets something deprecated anew exactly when the report says that.
fn compiling(cases: &[Case], beside: &mut Beside) -> Vec<String> {
    let verdicts = beside.judge();
    let mut wrong = Vec::new();
    let mut breaking = 0;
    for Case { pair, report, own, next, .. } in cases {
        let (before, after) = (&verdicts[own], &verdicts[next]);
        assert!(before.errors.is_empty(), "{pair}: the consumer does not know its own crate: {:#?}", before.errors);
        let said = |class| report.changes.iter().any(|c| c.class == class);
        let breaks = said(Class::BreaksCompiling);
        breaking += usize::from(breaks);
        let mut breaking_codes = report.changes.iter().filter(|c| c.class == Class::BreaksCompiling).map(|c| c.code);
        if breaks && after.errors.is_empty() && breaking_codes.all(|code| UNCALLED.contains(&code)) {
            continue;
        }
        if breaks == after.errors.is_empty() {
            let compiler = after.errors.first().map_or("it compiles", String::as_str);
            wrong.push(format!("{pair}\n  compiler: {compiler}\n{}", told(report)));
        } else if !breaks && said(Class::Deprecating) != after.deprecated.iter().any(|d| !before.deprecated.contains(d))
        {
            wrong.push(format!("{pair}\n  compiler: deprecated {:?}\n{}", after.deprecated, told(report)));
        }
    }
    println!("{breaking} of {} pairs break compiling", cases.len());
    wrong
}

/// What breaks that consumers do not do: they call no accessors of response headers and of members beyond the declared ones, and take no
/// type for another that says the same.
const UNCALLED: &[&str] = &["D0409", "D0511", "D0515"];

/// The old crate reads bodies of the new document: none fails unless the report says so; some fail and some do not when
/// it says that it depends; the plain body of an operation fails when it says that reading fails; what is reported as a
/// deviation is one.
fn reading(cases: &[Case], beside: &mut Beside) -> Vec<String> {
    let mut list = Vec::new();
    let mut whose = Vec::new();
    let mut read: Vec<Vec<Outcome<'_>>> = cases.iter().map(|_| Vec::new()).collect();
    for (index, case) in cases.iter().enumerate() {
        let (old, new) = (&case.sides.old.understood.api, &case.sides.new.understood.api);
        let mut last = None;
        for body in answers(new, &fields(old)) {
            let now = &new.operations[body.operation];
            let plain = last.replace((body.operation, body.status)) != last;
            // The call that the old client makes: the same one, whatever its id is now.
            let Some(call) = old.operations.iter().find(|o| o.method == now.method && o.path == now.path) else {
                continue;
            };
            let success = (200..300).contains(&body.status);
            match read_as(call, body.status) {
                As::Json(status) => {
                    list.push((case.old.clone(), call.id.clone(), status, body.json));
                    whose.push((index, plain, success));
                }
                As::NoResult => read[index].push(Outcome {
                    of: "202".to_owned(),
                    outcome: serde_json::json!({ "error": "no result" }),
                    body: None,
                    plain,
                    success,
                }),
                As::Other => {}
            }
        }
    }
    let outcomes = beside.read(&list);
    for ((index, plain, success), (outcome, (_, operation, status, body))) in
        whose.into_iter().zip(outcomes.iter().zip(&list))
    {
        let text = body.as_ref().map_or("nothing".to_owned(), Value::to_string);
        let of = format!("{operation} {status} {text}");
        read[index].push(Outcome { of, outcome: outcome.clone(), body: body.as_ref(), plain, success });
    }
    println!("{} bodies read", list.len());
    let judged = cases.iter().zip(&read).filter_map(|(case, read)| {
        Some(format!("{}\n  {}\n{}", case.pair, judged(&case.report, read)?, told(&case.report)))
    });
    judged.collect()
}

/// The names of all members.
fn fields(api: &Api) -> BTreeSet<&str> {
    let models = api.types.iter().filter_map(|def| match &def.kind {
        TypeKind::Model(model) => Some(model.fields.iter().map(|f| f.wire.as_str())),
        _ => None,
    });
    models.flatten().collect()
}

/// A body and what came of it.
struct Outcome<'a> {
    of: String,
    outcome: Value,
    body: Option<&'a Value>,
    /// The first of its answer: nothing but examples.
    plain: bool,
    /// Whether it comes with a success.
    success: bool,
}

impl Outcome<'_> {
    fn has(&self, key: &str) -> bool {
        self.outcome[key].as_array().is_some_and(|list| !list.is_empty())
    }

    /// Whether something could not be read.
    fn fails(&self) -> bool {
        self.outcome.get("error").is_some() || self.has("odd")
    }
}

/// How the old client reads an answer.
enum As {
    /// As the JSON of this status.
    Json(u16),
    /// As no result: an error of its own.
    NoResult,
    /// Not as JSON: nothing can go wrong.
    Other,
}

/// A success that the old client does not know is no result, unless it knows none; nor is an acceptance that it does not know;
/// an error that it does not know has no type.
fn read_as(call: &Operation, status: u16) -> As {
    let code = |r: &&Response| r.status.parse::<u16>().ok();
    let is_json = |r: &&Response| matches!(r.content, Some((_, Content::Json(_))));
    let known = call.responses.iter().find(|r| code(r) == Some(status));
    if !(200..300).contains(&status) {
        return known.filter(is_json).map_or(As::Other, |_| As::Json(status));
    }
    let has_default = || call.responses.iter().any(|r| r.status == "default");
    let none_is_known = call.successes().next().is_none();
    if known.is_none() && !(none_is_known && (has_default() || status != 202)) {
        return As::NoResult;
    }
    known.filter(is_json).and_then(|r| code(&r)).map_or(As::Other, As::Json)
}

/// What is wrong with what a report says of reading, given what came of the bodies.
fn judged(report: &Report, bodies: &[Outcome<'_>]) -> Option<String> {
    for Outcome { of, outcome, body, .. } in bodies.iter().filter(|o| !o.fails()) {
        if Some(&outcome["json"]) != *body {
            return Some(format!("what was read is not written back: {of} is {}", outcome["json"]));
        }
    }
    let said = report.changes.iter().filter_map(|c| c.survives.reads.as_ref());
    // Which media type comes is the API's to choose: here it is always the one that is read.
    let said: Vec<&Survival> = said.filter(|s| !s.text().contains("media type is asked for")).collect();
    let fails = said.iter().any(|s| matches!(s, Survival::Fails(_)));
    let depends = said.iter().any(|s| matches!(s, Survival::Depends(_)));
    let reported = said.iter().any(|s| s.text().contains("reported"));
    let failed = bodies.iter().find(|o| o.fails());
    let deviates = bodies.iter().find(|o| o.has("deviations"));
    let is_lost = |o: &&Outcome<'_>| o.success && o.plain && o.fails();
    match (fails, depends) {
        _ if bodies.is_empty() && !said.is_empty() => Some("nothing comes that could be read".to_owned()),
        (true, _) if !bodies.iter().any(|o| is_lost(&o)) => Some("no plain body fails".to_owned()),
        (true, _) => None,
        (false, true) if failed.is_none() => Some("it depends on nothing: all bodies are read".to_owned()),
        (false, true) if bodies.iter().all(Outcome::fails) => Some("it depends on nothing: no body is read".to_owned()),
        (false, true) => None,
        (false, false) => match (failed, deviates) {
            (Some(one), _) => Some(format!("reading fails: {}: {}", one.of, one.outcome)),
            (None, None) if reported => Some("nothing deviates".to_owned()),
            (None, Some(one)) if !reported => Some(format!("{} deviates: {}", one.of, one.outcome)),
            _ => None,
        },
    }
}

/// What of a request that nobody can judge from the document decides whether the API takes it.
const UNSEEN: &[&str] = &[
    // Who is calling; where the servers are.
    "D0113", "D0115", "D0905",
    "D0903", // Limits; what a part is, and which other media types there are: one is sent.
    "D0218", "D0309", "D0311", "D0312", // Lists of texts: a list that is spelled as one text is a text.
    "D0209",
];

/// The requests that the old crate makes, and others that its types allow, before an API of the new document: all are
/// taken unless the report says otherwise; some are refused, or hold what is unknown there, when it says that it depends,
/// and not all are; an ordinary one is refused when it says that sending fails.
fn sending(cases: &[Case], beside: &mut Beside) -> Vec<String> {
    let made = beside.requests();
    let mut wrong = Vec::new();
    let mut count = 0;
    for case in cases {
        let (old, new) = (&case.sides.old.understood, &case.sides.new.understood);
        let (before, after) = (value(&old.document), value(&new.document));
        let mut all: Vec<(bool, Asked)> = Vec::new();
        for (i, own) in made[&case.old].iter().enumerate() {
            // What is required only, then everything: two of each operation.
            all.push((true, own.clone()));
            if i % 2 == 1 {
                let operation = old.api.operations.iter().find(|o| o.id == own.operation).expect("its operation");
                all.extend(varied(&old.api, operation, own).into_iter().map(|asked| (false, asked)));
            }
        }
        for (_, asked) in &all {
            let answer = answer(&before, asked);
            assert_eq!(answer, Answer::Taken, "{}: the old API takes what was made for it: {asked:?}", case.pair);
        }
        count += all.len();
        let answers: Vec<(bool, &Asked, Answer)> =
            all.iter().map(|(own, asked)| (*own, asked, answer(&after, asked))).collect();
        if let Some(problem) = asked(&case.report, &answers) {
            wrong.push(format!("{}\n  {problem}\n{}", case.pair, told(&case.report)));
        }
    }
    println!("{count} requests sent");
    wrong
}

/// A request with one other thing in it: another body that the type allows, another value of a parameter.
fn varied(api: &Api, operation: &Operation, own: &Asked) -> Vec<Asked> {
    let mut out = Vec::new();
    for body in sent(api, operation) {
        out.push(Asked { body: body.to_string(), ..own.clone() });
    }
    for parameter in operation.parameters.iter().filter(|p| !matches!(p.of.ty, Type::Any)) {
        for values in given(api, parameter) {
            match parameter.location {
                Location::Header => {
                    let mut asked = own.clone();
                    asked.headers.insert(parameter.wire.to_lowercase(), values.join(","));
                    out.push(asked);
                }
                Location::Query => {
                    let by = match parameter.spelling.style {
                        Style::PipeDelimited => "|",
                        Style::SpaceDelimited => " ",
                        _ => ",",
                    };
                    let values = if parameter.spelling.explode { values } else { vec![values.join(by)] };
                    let (path, query) = own.target.split_once('?').unwrap_or((&own.target, ""));
                    let name = format!("{}=", parameter.wire);
                    let rest = query.split('&').filter(|pair| !pair.starts_with(&name) && !pair.is_empty());
                    let new = values.iter().map(|v| format!("{name}{}", v.replace('+', "%2B")));
                    let query: Vec<String> = rest.map(str::to_owned).chain(new).collect();
                    out.push(Asked { target: format!("{path}?{}", query.join("&")), ..own.clone() });
                }
                _ => {}
            }
        }
    }
    out
}

/// What is wrong with what a report says of sending, given what an API of the new document makes of the requests.
fn asked(report: &Report, answers: &[(bool, &Asked, Answer)]) -> Option<String> {
    let said: Vec<(&str, &Survival)> =
        report.changes.iter().filter_map(|c| Some((c.code, c.survives.sends.as_ref()?))).collect();
    let fails = said.iter().any(|(_, s)| matches!(s, Survival::Fails(_)));
    let depends = said.iter().any(|(_, s)| matches!(s, Survival::Depends(_)));
    let unseen = said.iter().any(|(code, _)| UNSEEN.contains(code));
    let refused = |(_, _, answer): &&(bool, &Asked, Answer)| matches!(answer, Answer::Refused(_));
    let other = answers.iter().find(|(_, _, answer)| *answer != Answer::Taken);
    let show = |(_, asked, answer): &(bool, &Asked, Answer)| {
        format!("{answer:?}: {} {} {}", asked.method, asked.target, asked.body)
    };
    match (fails, depends) {
        (true, _) if !answers.iter().any(|a| a.0 && refused(&a)) => Some("no plain request is refused".to_owned()),
        (true, _) => None,
        (false, true) if other.is_none() && !unseen => Some("it depends on nothing: all requests are taken".to_owned()),
        (false, true) if answers.iter().all(|a| refused(&a)) => {
            Some("it depends on nothing: all requests are refused".to_owned())
        }
        (false, true) => None,
        (false, false) => other.map(|one| format!("not all is taken: {}", show(one))),
    }
}

/// The report in short, for messages.
fn told(report: &Report) -> String {
    let line = |c: &generator::drift::Change| {
        format!("  report: {} {} {}; {}\n", c.class.word(), c.code, c.message, c.survives.text())
    };
    report.changes.iter().map(line).collect()
}
