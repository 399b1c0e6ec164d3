//! Our mock and Prism judge the same requests: of every operation the sample with everything set, and ten changes of it. Where the
//! two disagree there is a reason, which stands here.

use super::mutate::{Mutation, mutations};
use super::{Running, told};
use belvo::testing::requests;
use std::collections::{BTreeMap, BTreeSet};
use std::thread;
use tests::raw::exchange;
use tests::sandbox::{AUTHORIZATION, Asked, Dice, Outcome, Sandbox};
use tests::skips::is_deep;
use xtask::mock::Finding;

/// What became of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Judged {
    refused: bool,
    /// What there is against it.
    against: Vec<String>,
}

/// What both say of one.
struct Case {
    operation: String,
    mutation: Mutation,
    prism: Judged,
    mock: Judged,
    findings: Vec<Finding>,
}

impl Case {
    fn line(&self) -> String {
        let body: String =
            self.mutation.asked.text().chars().take(if self.prism.refused { 300 } else { 600 }).collect();
        let Mutation { class, place, asked, .. } = &self.mutation;
        let word =
            |judged: &Judged| format!("{} {:?}", if judged.refused { "refuses" } else { "takes" }, judged.against);
        format!(
            "{}: {class} `{place}`: {} {} {body}\n    Prism {}\n    the mock {}",
            self.operation,
            asked.method,
            asked.target,
            word(&self.prism),
            word(&self.mock)
        )
    }
}

/// Why the two may disagree.
struct Reason {
    why: &'static str,
    explains: fn(&Case) -> bool,
}

/// Every reason explains a difference; one that explains none is taken out.
const REASONS: &[Reason] = &[
    Reason {
        why: "Prism takes a query parameter without a text for one that is not there; its schema refuses the empty text",
        explains: |case| case.mutation.class == "empty query parameter" && case.mock.refused,
    },
    Reason {
        why: "pairs of one name that each hold a list are read as one list, of which Prism counts no elements",
        explains: |case| {
            let keywords: Vec<&str> = case.findings.iter().map(|finding| finding.keyword.as_str()).collect();
            case.mutation.class == "query parameter twice" && case.mock.refused && keywords == ["maxItems"]
        },
    },
    Reason {
        why: "Belvo's page knows bodies for tokens that the document lacks (`WIDER`)",
        explains: |case| {
            let body = !case.prism.against.iter().any(|told| told.starts_with("401"));
            case.operation == "GenerateWidgetAccessToken" && case.prism.refused && body
        },
    },
    Reason {
        why: "an enum that is nullable and has null becomes one with null twice in Prism, which no validator compiles: Prism looks at \
              nothing in these bodies",
        explains: |case| {
            let of_body = case.findings.iter().all(|finding| finding.place == "body");
            let these = ["RetrieveInvoices", "RetrieveInvoicesChile"].contains(&case.operation.as_str());
            case.mock.refused && !case.findings.is_empty() && of_body && these
        },
    },
];

/// HTTP Basic with `id` and `password`.
const PLAIN: &str = "Basic aWQ6cGFzc3dvcmQ=";

fn prism(port: u16, asked: &Asked) -> Judged {
    // Prism takes any credentials, but for a password with a colon in it.
    let plain = |held: &String| if held == AUTHORIZATION { PLAIN.to_owned() } else { held.clone() };
    let headers: Vec<(&str, String)> = asked.headers.iter().map(|(name, held)| (name.as_str(), plain(held))).collect();
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let host = format!("127.0.0.1:{port}");
    let answer = exchange(&host, &asked.method, &asked.target, &headers, &asked.body);
    let answer = answer.unwrap_or_else(|e| panic!("{} {}: {e}", asked.method, asked.target));
    let mut against = told(answer.header("sl-violations").unwrap_or_default(), "request");
    let problem = answer.header("content-type").is_some_and(|kind| kind.starts_with("application/problem+json"));
    if problem && answer.status >= 400 {
        against.push(format!("{}: {}", answer.status, String::from_utf8_lossy(&answer.body)));
    }
    // The answers of a request that it takes are successes.
    if against.is_empty() && answer.status >= 400 {
        against.push(format!("{}", answer.status));
    }
    Judged { refused: !against.is_empty(), against }
}

fn mock(sandbox: &Sandbox, asked: &Asked) -> (Judged, Vec<Finding>) {
    let (refused, against, findings) = match sandbox.findings(asked) {
        Err(missing) => (true, vec![format!("{missing:?}")], Vec::new()),
        Ok(findings) => {
            let told = findings.iter().map(|f| format!("{} `{}` {}: {}", f.place, f.pointer, f.keyword, f.message));
            (!findings.is_empty(), told.collect(), findings)
        }
    };
    // What is found is what is answered.
    if refused {
        let Outcome::Reply(reply) = sandbox.outcome(asked) else { panic!("nothing is planned") };
        assert!((400..500).contains(&reply.status), "{} {}: {}", asked.method, asked.target, reply.status);
    }
    (Judged { refused, against }, findings)
}

/// Whether one of the findings says what was changed.
fn is_named(mutation: &Mutation, findings: &[Finding]) -> bool {
    let Some(name) = &mutation.named else { return false };
    let same = |one: &str| one.eq_ignore_ascii_case(name);
    findings.iter().any(|finding| same(&finding.place) || finding.pointer.split('/').any(same))
}

fn valid(sandbox: &Sandbox) -> Vec<(String, Asked)> {
    let (client, _) = sandbox.client();
    let mut out = Vec::new();
    for sample in requests(&client).into_iter().filter(|sample| sample.full) {
        let parts = sample.parts.unwrap_or_else(|e| panic!("{}: {e}", sample.operation));
        let at = parts.url.find("://").and_then(|at| Some(at + 3 + parts.url[at + 3..].find('/')?)).expect("a path");
        let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let asked = Asked {
            method: parts.method.to_string(),
            origin: parts.url[..at].to_owned(),
            target: parts.url[at..].to_owned(),
            headers: parts.headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect(),
            body: parts.body.to_vec(),
        };
        out.push((sample.operation.to_owned(), asked));
    }
    out
}

#[test]
fn the_mock_and_prism_take_and_refuse_the_same_requests() {
    let Some(running) = Running::ours() else { return };
    let sandbox = Sandbox::new();
    let count = if is_deep("every change of every sample in place of ten") { usize::MAX } else { 10 };
    let (mut dice, mut all) = (Dice::new(148), Vec::new());
    let started = std::time::Instant::now();
    for (operation, valid) in valid(&sandbox) {
        let changed = mutations(sandbox.document(), &valid, count, &mut dice);
        assert!(changed.len() >= 10, "{operation}: {} changes", changed.len());
        let unchanged = Mutation { class: "nothing", named: None, place: String::new(), asked: valid };
        all.extend([unchanged].into_iter().chain(changed).map(|mutation| (operation.clone(), mutation)));
    }
    println!("made in {:?}", started.elapsed());
    let operations: BTreeSet<&String> = all.iter().map(|(operation, _)| operation).collect();
    assert_eq!(operations.len(), belvo::testing::operations().len());
    let port = running.prism.port;
    let judge = |(operation, mutation): &(String, Mutation)| {
        let (judged, findings) = mock(&sandbox, &mutation.asked);
        Case {
            operation: operation.clone(),
            prism: prism(port, &mutation.asked),
            mock: judged,
            findings,
            mutation: mutation.clone(),
        }
    };
    // Prism waits for sockets now and then: a few at a time.
    let cases: Vec<Case> = thread::scope(|scope| {
        let parts: Vec<_> = all
            .chunks(all.len().div_ceil(4))
            .map(|part| scope.spawn(move || part.iter().map(judge).collect::<Vec<_>>()))
            .collect();
        parts.into_iter().flat_map(|part| part.join().expect("a part")).collect()
    });
    println!("judged in {:?}", started.elapsed());
    end(&cases);
}

/// Prints what came of it, and holds it to what is promised.
fn end(cases: &[Case]) {
    let (mut table, mut used, mut unexplained) =
        (BTreeMap::<&str, [usize; 4]>::new(), vec![0; REASONS.len()], Vec::new());
    let (mut refused, mut named, mut nameless) = (0, 0, Vec::new());
    for case in cases {
        let row = table.entry(case.mutation.class).or_default();
        row[0] += 1;
        row[1] += usize::from(case.prism.refused);
        row[2] += usize::from(case.mock.refused);
        if case.mutation.named.is_some() && case.mock.refused {
            refused += 1;
            let is_named = is_named(&case.mutation, &case.findings);
            named += usize::from(is_named);
            nameless.extend((!is_named).then(|| case.line()));
        }
        if case.mutation.class == "nothing" {
            let refused = case.prism.refused || case.mock.refused;
            assert!(!refused, "a valid request is refused: {}", case.line());
        }
        if case.prism.refused == case.mock.refused {
            continue;
        }
        row[3] += 1;
        match REASONS.iter().position(|reason| (reason.explains)(case)) {
            Some(at) => used[at] += 1,
            None => unexplained.push(case.line()),
        }
    }
    println!("{:<45} {:>6} {:>8} {:>8} {:>8}", "change", "sent", "Prism", "mock", "unlike");
    for (class, [sent, prism, mock, unlike]) in &table {
        println!("{class:<45} {sent:>6} {prism:>8} {mock:>8} {unlike:>8}");
    }
    let unlike: usize = table.values().map(|row| row[3]).sum();
    println!(
        "{} requests, {} alike, {unlike} unlike; {named} of {refused} refusals name what was changed",
        cases.len(),
        cases.len() - unlike
    );
    for (reason, count) in REASONS.iter().zip(&used) {
        println!("{count:>6} {}", reason.why);
    }
    assert!(unexplained.is_empty(), "{} differences without a reason:\n{}", unexplained.len(), unexplained.join("\n"));
    let stale: Vec<&str> =
        REASONS.iter().zip(&used).filter(|(_, count)| **count == 0).map(|(reason, _)| reason.why).collect();
    assert!(stale.is_empty(), "these explain nothing any more: {stale:#?}");
    assert!(named * 10 >= refused * 9, "{named} of {refused}:\n{}", nameless.join("\n"));
}
