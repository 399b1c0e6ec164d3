//! How alike two names are: what tells a rename or a corrected typo from one thing gone and another come.

use strsim::osa_distance;

/// Words without case and punctuation: `credit_limit`, `creditLimit` and `Credit-Limit` are one.
pub(super) fn folded(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether one name is the other with a slip corrected: only case and punctuation differ, or a letter or two.
pub(super) fn is_slip(a: &str, b: &str) -> bool {
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

/// How alike two names are, from 0 to 100.
pub(super) fn likeness(a: &str, b: &str) -> usize {
    let (a, b) = (folded(a), folded(b));
    let longer = a.chars().count().max(b.chars().count());
    if longer == 0 {
        return 0;
    }
    100 * longer.saturating_sub(osa_distance(&a, &b)) / longer
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn the_distance_counts_swaps_once() {
        for (a, b, n) in [("", "", 0), ("ab", "ba", 1), ("abc", "abc", 0), ("abc", "ac", 1), ("kitten", "sitting", 3)] {
            assert_eq!(osa_distance(a, b), n, "{a} {b}");
            assert_eq!(osa_distance(b, a), n, "{b} {a}");
        }
        assert_eq!(likeness("NotFoundError", "not_found_error"), 100);
        assert_eq!(likeness("abcd", "wxyz"), 0);
    }
}
