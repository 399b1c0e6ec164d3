//! How like two names are: what tells a rename or a corrected typo from one thing gone and another come.

use strsim::{osa_distance, sorensen_dice};

/// Between 0 (nothing in common) and 1 (the same but for case and punctuation): the share of pairs of letters that
/// both names have. Words may be put in front, behind or in another order at little cost.
pub fn likeness(a: &str, b: &str) -> f64 {
    sorensen_dice(&folded(a), &folded(b))
}

/// Whether one name is the other with a slip corrected: only case and punctuation differ, or a letter or two.
pub fn is_slip(a: &str, b: &str) -> bool {
    let (a, b) = (folded(a), folded(b));
    if a == b {
        return !a.is_empty();
    }
    let shorter = a.chars().count().min(b.chars().count());
    // Numbers count things: `line_1` and `line_2` are two members, never a slip.
    let digits = |s: &str| s.chars().filter(char::is_ascii_digit).collect::<String>();
    if digits(&a) != digits(&b) {
        return false;
    }
    let allowed = match shorter {
        0..=4 => 0,
        5..=9 => 1,
        _ => 2,
    };
    osa_distance(&a, &b) <= allowed
}

/// Words without case and punctuation: `credit_limit`, `creditLimit` and `Credit-Limit` are one.
fn folded(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::{is_slip, likeness};

    #[test]
    fn likest_first() {
        assert_eq!(likeness("NotFound", "not_found"), 1.0);
        assert_eq!(likeness("", "x"), 0.0);
        assert!(likeness("ResourceNotFound", "NotFoundError") > likeness("ResourceNotFound", "Unauthorized"));
    }

    #[test]
    fn slips_are_distinguished_from_other_names() {
        for (a, b, slip) in [
            ("occuptation_code", "occupation_code", true),
            ("creditLimit", "credit_limit", true),
            ("recieved_at", "received_at", true),
            ("status", "state", false),
            ("line_1", "line_2", false),
            ("account_id", "amount_id", false),
            ("net_income", "netIncome", true),
            ("name", "nome", false),
            ("value_date", "valid_date", false),
            ("", "", false),
        ] {
            assert_eq!(is_slip(a, b), slip, "{a} {b}");
        }
    }
}
