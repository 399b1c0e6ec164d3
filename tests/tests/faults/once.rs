//! The promise about money: no operation that is held back is ever sent again once its bytes may have arrived, unless the API
//! said that it did nothing. Counted where requests arrive, over random sequences of everything that can go wrong.

use belvo::api::requests::{
    CancelChargeBrazilArgs, CancelPaymentAuthorizationChargeBrazilArgs, RetryPaymentAuthorizationChargeBrazilArgs,
};
use belvo::models::{
    CompleteEnrollmentRedirectionBrazilRequest, CreateCustomerOfpi, CreatePaymentAuthorizationBrazilRequest,
    LinksRequestFiscalMexico, LinksRequestFiscalMexicoArgs, PatchPaymentIntentPixKeys,
};
use belvo::retry::RetryRules;
use belvo::{Client, Value};
use serde_json::json;
use std::time::Duration;
use tests::place::{root, text};
use tests::sandbox::{Act, Breakage, Dice, Reply, Sandbox, error};

const ID: &str = "6d09b1f4-27ce-4a35-91d8-e4730c5ba826";

/// What a call gave, without what is in it.
type Sent = Result<u32, belvo::Error>;

/// A body out of JSON, where only the operation matters.
fn body<T: serde::de::DeserializeOwned>() -> T {
    serde_json::from_value(json!({"confirm": true, "payment_method": "x"})).expect("any object")
}

macro_rules! held_back {
    ($($id:literal: |$client:ident| $call:expr),* $(,)?) => {
        /// Every operation the settings hold back, and a call of it with these rules.
        const HELD_BACK: &[(&str, fn(&Client, RetryRules) -> Sent)] = &[$(
            ($id, |$client, rules| {
                let outcome = $call.request().retry_rules(rules).read_by(belvo::__private::decode_bytes).blocking();
                outcome.map(|response| response.attempts())
            })
        ),*];
    };
}

held_back! {
    "RegisterLink": |c| c.links().register(LinksRequestFiscalMexico::new(LinksRequestFiscalMexicoArgs {
        institution: "i".into(),
        username: "u".into(),
        password: "p".into(),
    })),
    "RegisterBankAccountBrazil": |c| c.bank_accounts_brazil().register(),
    "CreateCustomerBrazil": |c| c.customers_brazil().create().body(CreateCustomerOfpi::new("1")),
    "PatchPaymentIntentBrazil": |c| c.payment_intents_brazil().resume(ID, PatchPaymentIntentPixKeys::new(true)),
    "CancelPaymentIntentBrazil": |c| c.payment_intents_brazil().cancel(ID),
    "CancelChargeBrazil": |c| c.payment_intents_brazil().cancel_charge(CancelChargeBrazilArgs {
        payment_intent_id: ID.into(),
        charge_id: ID.into(),
    }),
    "CreateEnrollmentBrazil": |c| c.enrollments_brazil().create(),
    "CompleteEnrollmentRedirectionBrazil": |c| c.enrollments_brazil().complete_redirection(body::<CompleteEnrollmentRedirectionBrazilRequest>()),
    "CreatePaymentAuthorizationBrazil": |c| c.payment_authorizations_brazil().create(body::<CreatePaymentAuthorizationBrazilRequest>()),
    "CancelPaymentAuthorizationBrazil": |c| c.payment_authorizations_brazil().cancel(ID),
    "CancelPaymentAuthorizationChargeBrazil": |c| c.payment_authorizations_brazil().cancel_charge(CancelPaymentAuthorizationChargeBrazilArgs {
        payment_authorization_id: ID.into(),
        charge_id: ID.into(),
    }),
    "RetryPaymentAuthorizationChargeBrazil": |c| c.payment_authorizations_brazil().retry_charge(RetryPaymentAuthorizationChargeBrazilArgs {
        payment_authorization_id: ID.into(),
        charge_id: ID.into(),
    }),
}

#[test]
fn the_list_is_that_of_the_settings() {
    let settings = text(&root().join("spec/belvo.toml"));
    let mut wanted: Vec<&str> = settings
        .split("\n[operations.")
        .skip(1)
        .filter(|entry| entry.lines().any(|line| line.trim() == "retry = \"keyed\""))
        .filter_map(|entry| entry.split(']').next())
        .collect();
    let mut there: Vec<&str> = HELD_BACK.iter().map(|(id, _)| *id).collect();
    // The one that carries a key.
    there.push("CreatePaymentIntentBrazil");
    wanted.sort_unstable();
    there.sort_unstable();
    assert_eq!(there, wanted);
}

/// Something that can happen to a request, and whether it leaves open that the API did what was asked.
fn chance(dice: &mut Dice) -> (Act, bool) {
    let status = |code: u16| Act::Answer(error(code, "unexpected_error"));
    let (act, open) = match dice.below(15) {
        0..=2 => (Act::Break(Breakage::Refused), false),
        3 | 4 => (Act::Answer(error(400, "too_many_sessions")), false),
        5 => (Act::json(503, &json!([{"code": "blank"}, {"code": "too_many_sessions"}])), false),
        6 => (status(*dice.pick(&[500, 502, 503, 504])), true),
        7 => (Act::Answer(Reply::html(502).header("retry-after", "1")), true),
        8 => (Act::Break(Breakage::Reset), true),
        9 => (Act::Break(*dice.pick(&[Breakage::CutOff, Breakage::ResetMidBody])), true),
        10 => (Act::Break(*dice.pick(&[Breakage::Silence, Breakage::Trickle])), true),
        11 => (Act::Break(Breakage::Flood(1)), true),
        12 => (status(*dice.pick(&[400, 401, 404, 408, 409, 422, 428, 501])), true),
        13 => (status(429), false),
        _ => (Act::json(*dice.pick(&[200, 201, 202, 204]), &Value::Null), true),
    };
    (act, open)
}

#[test]
fn nothing_that_may_have_arrived_is_sent_again() {
    let (mut calls, mut requests, mut longest, mut refused) = (0, 0, 0, 0);
    for seed in 0..200 {
        for (at, (id, call)) in HELD_BACK.iter().enumerate() {
            let mut dice = Dice::new(seed * 1_000 + at as u64);
            let script: Vec<(Act, bool)> = (0..9).map(|_| chance(&mut dice)).collect();
            let rules = RetryRules::DEFAULT
                .refusals(&["too_many_sessions"])
                .retries(dice.below(9) as u32)
                .pauses(Duration::from_secs(dice.below(5) as u64), 2);
            let sandbox = Sandbox::new();
            // By number: a refused connection does not arrive, so the plan cannot count arrivals.
            let acts = std::sync::Mutex::new(script.iter().map(|(act, _)| act.clone()).collect::<Vec<_>>().into_iter());
            sandbox.decide(move |_| acts.lock().expect("a lock").next().unwrap_or_else(|| Act::status(500)));
            let (client, clock) = sandbox.client();
            let outcome = call(&client, rules);
            // How many attempts there were, and how many of them arrived.
            let attempts = outcome.as_ref().map_or_else(belvo::Error::attempts, |attempts| *attempts) as usize;
            let played = &script[..attempts];
            let arrived = played.iter().filter(|(act, _)| !matches!(act, Act::Break(Breakage::Refused))).count();
            assert_eq!(sandbox.count(), arrived, "{id}, seed {seed}: {played:?}");
            // Only the last attempt may leave anything open.
            let open = played.iter().rposition(|(_, open)| *open).map_or(attempts, |at| at + 1);
            assert_eq!(open, attempts, "{id}, seed {seed}: sent again after {:?}", played[open - 1]);
            assert!(played.iter().filter(|(_, open)| *open).count() <= 1, "{id}, seed {seed}: {played:?}");
            assert_eq!(clock.pauses().len() + 1, attempts);
            // And the error says whether anything may have happened.
            if let Err(error) = &outcome {
                let maybe = played.last().is_some_and(|(_, open)| *open);
                assert_eq!(error.may_have_been_sent(), maybe, "{id}, seed {seed}: {played:?}");
            }
            calls += 1;
            requests += arrived;
            longest = longest.max(attempts);
            refused += attempts - arrived;
        }
    }
    println!("{calls} calls, {requests} requests arrived, {refused} refused, at most {longest} attempts");
    // The sequences are such that the rule is put to the test.
    assert!(longest >= 6 && refused > calls / 4 && requests > calls / 2);
}

#[test]
fn a_payment_is_sent_again_with_its_key_and_has_one_effect() {
    let mut requests = 0;
    for seed in 0..1_000 {
        let mut dice = Dice::new(seed);
        let sandbox = Sandbox::new();
        let script: Vec<Act> = (0..9)
            .map(|_| match chance(&mut dice) {
                // Half of what is lost was done.
                (act, true) if dice.below(2) == 0 && !matches!(act, Act::Answer(_)) => act.after_it_was_done(),
                (act, _) => act,
            })
            .collect();
        let acts = std::sync::Mutex::new(script.into_iter());
        sandbox.decide(move |_| acts.lock().expect("a lock").next().unwrap_or(Act::Usual));
        let (client, _) = sandbox.client();
        let call = client.payment_intents_brazil().create().request().read_by(belvo::__private::decode_bytes);
        let _ = call.blocking();
        let seen = sandbox.seen();
        let keys: Vec<_> = seen.iter().map(|asked| asked.header("belvo-idempotency-key")).collect();
        assert!(keys.windows(2).all(|two| two[0] == two[1]) && keys.iter().all(Option::is_some), "seed {seed}");
        assert!(sandbox.world(|w| w.made("CreatePaymentIntentBrazil")) <= 1, "seed {seed}");
        requests += seen.len();
    }
    println!("1000 payments, {requests} requests");
    assert!(requests > 1_500, "repeating was put to the test");
}
