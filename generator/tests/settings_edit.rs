//! Single values of a settings file are changed; every comment and blank line stays.

use generator::settings::edit::{set_method_name, set_type_name, set_version};

const TEXT: &str = "\
# ours
[crate]
name = \"shop\" # not the shop's
version = '1.2.3' # moved by release

[types.\"#/components/schemas/Order\"] # what a shop lives on
derive = [\"Eq\"]

[operations.ListOrders]
method = \"all\"
";

#[test]
fn the_version() {
    assert_eq!(set_version(TEXT, "1.3.0").expect("edited"), TEXT.replace("'1.2.3'", "\"1.3.0\""));
    assert!(set_version("[crate]\nname = \"x\"\n", "1.0.0").expect_err("none").contains("no `version`"));
    assert!(set_version("[crate\n", "1.0.0").expect_err("broken").contains("wrong already"));
}

#[test]
fn names_of_types() {
    // The table is there.
    let edited = set_type_name(TEXT, "#/components/schemas/Order", "Purchase").expect("edited");
    assert_eq!(edited, TEXT.replace("lives on\n", "lives on\nrename = \"Purchase\"\n"));
    // The key is there.
    let again = set_type_name(&edited, "#/components/schemas/Order", "Buy").expect("edited");
    assert_eq!(again, edited.replace("\"Purchase\"", "\"Buy\""));
    // Neither is; the pointer needs its quotes.
    let odd = "#/paths/~1a~1/get/\"x\\y";
    let edited = set_type_name(TEXT, odd, "Odd").expect("edited");
    assert_eq!(edited, format!("{TEXT}\n[types.\"#/paths/~1a~1/get/\\\"x\\\\y\"]\nrename = \"Odd\"\n"));
}

#[test]
fn names_of_methods() {
    let edited = set_method_name(TEXT, "ListOrders", "list").expect("edited");
    assert_eq!(edited, TEXT.replace("\"all\"", "\"list\""));
    let edited = set_method_name(TEXT, "GetOrder", "get").expect("edited");
    assert_eq!(edited, format!("{TEXT}\n[operations.\"GetOrder\"]\nmethod = \"get\"\n"));
}

#[test]
fn what_is_written_otherwise_is_left_to_a_person() {
    let inline = "[operations]\nListOrders = { handle = \"Orders\" }\n";
    let refused = set_method_name(inline, "ListOrders", "list").expect_err("inline");
    assert!(refused.contains("by hand"), "{refused}");
}
