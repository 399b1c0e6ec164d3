//! Overlays: both effects, their order and places, stale actions, and files that are none.

use generator::base::FileId;
use generator::base::diagnostic::Diagnostics;
use generator::document::Node;
use generator::document::normalize::{ActionKind, ActionReport, apply_overlays, normalize};
use serde_json::{Value, json};

use super::read::{overlay, said, value};

fn apply(document: &Value, actions: Value) -> (Node, Vec<ActionReport>, Vec<String>) {
    let file = json!({"overlay": "1.0.0", "info": {"title": "t", "version": "1"}, "actions": actions});
    let mut root = value(document);
    let mut diagnostics = Diagnostics::new();
    let reports = apply_overlays(&mut root, &[overlay(&file)], &mut diagnostics);
    (root, reports, said(&diagnostics))
}

/// The document after the actions, which are all in order.
fn applied(document: &Value, actions: Value) -> Value {
    let (root, _, said) = apply(document, actions);
    assert_eq!(said, [""; 0]);
    root.to_json()
}

/// (selected, changed) of every action.
fn effects(document: &Value, actions: Value) -> Vec<(usize, usize)> {
    apply(document, actions).1.iter().map(|r| (r.selected, r.changed)).collect()
}

#[test]
fn updates_merge_recursively() {
    let document = json!({"a": {"b": {"c": 1, "d": [1]}, "e": "text"}});
    assert_eq!(
        applied(&document, json!([{"target": "$.a", "update": {"b": {"c": 2, "d": [2], "n": {}}, "x": true}}])),
        json!({"a": {"b": {"c": 2, "d": [1, 2], "n": {}}, "e": "text", "x": true}})
    );
    assert_eq!(applied(&document, json!([{"target": "$.a.e", "update": "new"}]))["a"]["e"], "new");
    assert_eq!(applied(&document, json!([{"target": "$", "update": {"z": 1}}]))["z"], 1);
    // a list takes an entry, or the entries of a list
    assert_eq!(applied(&document, json!([{"target": "$.a.b.d", "update": 7}]))["a"]["b"]["d"], json!([1, 7]));
    assert_eq!(applied(&document, json!([{"target": "$.a.b.d", "update": [7, 8]}]))["a"]["b"]["d"], json!([1, 7, 8]));
    // kinds change in a merge, not at the target itself
    assert_eq!(applied(&document, json!([{"target": "$.a", "update": {"e": {"f": 1}}}]))["a"]["e"], json!({"f": 1}));
}

#[test]
fn removals_do_not_shift_each_other() {
    let document =
        json!({"x": {"required": ["a", "typo", "b", "c", "typo"]}, "l": [{"k": 1, "in": {"k": 2}}, {"k": 3}]});
    assert_eq!(
        applied(&document, json!([{"target": "$.x.required[?@ == 'typo' || @ == 'a']", "remove": true}]))["x"]["required"],
        json!(["b", "c"])
    );
    assert_eq!(applied(&document, json!([{"target": "$.l[0, 1]", "remove": true}]))["l"], json!([]));
    // a node and one inside of it
    assert_eq!(applied(&document, json!([{"target": "$.l..*", "remove": true}]))["l"], json!([]));
    assert_eq!(applied(&document, json!([{"target": "$..k", "remove": true}]))["l"], json!([{"in": {}}, {}]));
    assert_eq!(
        applied(&document, json!([{"target": "$.l[-1]", "remove": true}]))["l"],
        json!([{"k": 1, "in": {"k": 2}}])
    );
    assert_eq!(
        applied(&document, json!([{"target": "$.x.required[0,0,1]", "remove": true}]))["x"]["required"],
        json!(["b", "c", "typo"])
    );
}

#[test]
fn later_actions_see_what_earlier_ones_did() {
    let document = json!({"a": {}, "paths": {"/pets/{id}": {"get": {}}}});
    assert_eq!(
        applied(
            &document,
            json!([
                {"target": "$.a", "update": {"list": [{"n": 1}, {"n": 2}]}},
                {"target": "$.a.list[?@.n == 1]", "remove": true},
                {"target": "$.a.list[*]", "update": {"seen": true}},
                {"target": "$.paths['/pets/{id}'].get", "update": {"deprecated": true}},
                {"target": "$.paths[*][?@.deprecated == true]", "update": {"summary": "old"}}
            ])
        ),
        json!({"a": {"list": [{"n": 2, "seen": true}]}, "paths": {"/pets/{id}": {"get": {"deprecated": true, "summary": "old"}}}})
    );
}

#[test]
fn actions_say_what_they_did() {
    let document = json!({"x": {"required": ["a"], "enum": ["p"], "t": "v", "examples": [1]}});
    let rows = [
        (json!({"target": "$.x.required", "update": "b"}), (1, 1)),
        (json!({"target": "$.x.required", "update": "a"}), (1, 0)),
        (json!({"target": "$.x", "update": {"required": ["a"], "enum": ["p"]}}), (1, 0)),
        (json!({"target": "$.x", "update": {"enum": ["p", "q"]}}), (1, 1)),
        (json!({"target": "$.x.examples", "update": 1}), (1, 1)),
        (json!({"target": "$.x", "update": {"t": "v"}}), (1, 0)),
        (json!({"target": "$.x.required[?@ == 'gone']", "remove": true}), (0, 0)),
        (json!({"target": "$.nowhere", "update": {"a": 1}}), (0, 0)),
        (json!({"target": "$.x.*", "remove": true}), (4, 4)),
    ];
    for (action, expected) in rows {
        assert_eq!(effects(&document, json!([action])), [expected], "{action}");
    }
}

#[test]
fn a_report_has_reason_and_place() {
    let (_, reports, _) =
        apply(&json!({"a": 1}), json!([{"target": "$.a", "description": "it is wrong", "remove": true}]));
    let [report] = reports.as_slice() else { panic!("{reports:?}") };
    assert_eq!((report.overlay, report.action, report.kind), (0, 0, ActionKind::Remove));
    assert_eq!((report.target.as_str(), report.reason.as_deref()), ("$.a", Some("it is wrong")));
    assert_eq!(report.span.file, FileId(7));
    assert!(!report.is_stale());
}

#[test]
fn what_is_inserted_has_the_place_of_the_overlay() {
    let (root, _, _) =
        apply(&json!({"a": {"l": [1], "s": "t"}}), json!([{"target": "$.a", "update": {"l": [2], "s": "u", "n": {}}}]));
    let a = root.get("a").unwrap().as_object().unwrap();
    assert_eq!(root.span.file, FileId(0));
    assert_eq!(a.get("l").unwrap().span.file, FileId(0));
    assert_eq!(a.get("l").unwrap().as_array().unwrap()[1].span.file, FileId(7));
    assert_eq!(a.get("s").unwrap().span.file, FileId(7));
    assert_eq!(a.entry("n").unwrap().key_span.file, FileId(7));
}

#[test]
fn overlays_come_before_everything_else() {
    let document = json!({"swagger": "2.0", "definitions": {"X": {"type": "string"}}});
    let file = json!({"overlay": "1.0.0", "actions": [{"target": "$.definitions.X", "update": {"x-nullable": true}}]});
    let mut diagnostics = Diagnostics::new();
    let out = normalize(value(&document), &[overlay(&file)], None, &mut diagnostics);
    assert_eq!(out.overlays.len(), 1);
    assert!(diagnostics.is_empty());
    assert!(out.root.at(["components", "schemas", "X"]).unwrap().flag("nullable"));
}

#[test]
fn updates_that_do_not_fit() {
    let document = json!({"a": {}, "l": [], "s": "t"});
    for (action, message) in [
        (json!({"target": "$.a", "update": [1]}), "E0207: cannot merge an array into an object, selected by `$.a`"),
        (json!({"target": "$.a", "update": "x"}), "E0207: cannot merge a string into an object, selected by `$.a`"),
        (
            json!({"target": "$.s", "update": {"x": 1}}),
            "E0207: cannot merge an object into a string, selected by `$.s`",
        ),
    ] {
        let (root, reports, said) = apply(&document, json!([action]));
        assert_eq!(said, [message]);
        assert_eq!(root.to_json(), document);
        assert!(reports[0].is_stale());
    }
}

#[test]
fn files_that_are_no_overlays() {
    let ok = json!([{"target": "$.a", "remove": true}]);
    for (file, expected) in [
        (json!([]), vec!["E0202: overlay overlay.yaml is an array, not an object"]),
        (json!({"overlay": "1.0.0"}), vec!["E0203: overlay overlay.yaml has no actions"]),
        (json!({"overlay": "1.0.0", "actions": null}), vec!["E0203: overlay overlay.yaml has no actions"]),
        (json!({"overlay": "1.0.0", "actions": []}), vec!["E0203: overlay overlay.yaml has no actions"]),
        (json!({"overlay": "1.0.0", "actions": {}}), vec!["E0202: `actions` is an object, not a list"]),
        (
            json!({"overlay": "2.0", "actions": ok}),
            vec!["E0202: `overlay` is not a version of the Overlay format that begins with `1.`"],
        ),
        (json!({"actions": ok}), vec!["E0202: overlay overlay.yaml does not say its version"]),
        (
            json!({"overlay": "1.0.0", "action": 1, "x-a": 1, "actions": ok}),
            vec!["E0204: an overlay has no member `action`"],
        ),
        (json!({"overlay": "1.0.0", "actions": ["a"]}), vec!["E0202: an action is an object, not a string"]),
        (json!({"overlay": "1.0.0", "actions": [{"remove": true}]}), vec!["E0202: an action has no `target`"]),
        (
            json!({"overlay": "1.0.0", "actions": [{"target": 1, "remove": true}]}),
            vec!["E0205: `target` is a number, not a JSONPath"],
        ),
        (
            json!({"overlay": "1.0.0", "actions": [{"target": "$.a"}]}),
            vec!["E0206: the action has neither `update` nor `remove: true`"],
        ),
        (
            json!({"overlay": "1.0.0", "actions": [{"target": "$.a", "remove": false}]}),
            vec!["E0206: the action has neither `update` nor `remove: true`"],
        ),
        (
            json!({"overlay": "1.0.0", "actions": [{"target": "$.a", "remove": "yes"}]}),
            vec!["E0206: `remove` is a string, not a boolean"],
        ),
        (
            json!({"overlay": "1.0.0", "actions": [{"target": "$.a", "remove": true, "reason": "x"}]}),
            vec!["E0204: an action has no member `reason`"],
        ),
    ] {
        let mut root = value(&json!({"a": 1}));
        let mut diagnostics = Diagnostics::new();
        let reports = apply_overlays(&mut root, &[overlay(&file)], &mut diagnostics);
        assert_eq!(said(&diagnostics), expected, "{file}");
        assert!(reports.is_empty() && root.get("a").is_some(), "{file}: nothing of it is applied");
    }
}

#[test]
fn targets_that_are_no_jsonpath() {
    for target in ["components.schemas", "$.paths./pets", "$[", "$.a[?@ = 1]", ""] {
        let (_, _, said) = apply(&json!({}), json!([{"target": target, "remove": true}]));
        assert_eq!(said.len(), 1, "{target}");
        assert!(said[0].starts_with(&format!("E0205: `{target}` is not a JSONPath: ")), "{said:?}");
    }
}

#[test]
fn remove_wins_over_update() {
    let (root, _, said) = apply(&json!({"a": 1, "b": 2}), json!([{"target": "$.a", "update": 2, "remove": true}]));
    assert_eq!(root.to_json(), json!({"b": 2}));
    assert_eq!(said, ["W0208: the action removes what it selects; its `update` has no effect"]);
}
