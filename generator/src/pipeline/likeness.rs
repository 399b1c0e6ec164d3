//! How like two names are: where several types of one structure went and came at once, the likest names belong together.

/// Between 0 (nothing in common) and 100 (the same but for case and punctuation): the share of pairs of letters that
/// both names have. Words may be put in front, behind or in another order at little cost.
pub(super) fn likeness(a: &str, b: &str) -> u32 {
    let (a, b) = (pairs(a), pairs(b));
    let all = a.len() + b.len();
    if all == 0 {
        return 0;
    }
    let mut left = b;
    let mut common = 0;
    for pair in a {
        if let Some(at) = left.iter().position(|other| *other == pair) {
            left.swap_remove(at);
            common += 1;
        }
    }
    u32::try_from(200 * common / all).unwrap_or(100)
}

/// Each two letters that stand beside each other.
fn pairs(name: &str) -> Vec<(char, char)> {
    let letters: Vec<char> = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    letters.iter().copied().zip(letters.iter().copied().skip(1)).collect()
}

#[cfg(test)]
mod tests {
    use super::likeness;

    #[test]
    fn likest_first() {
        assert_eq!(likeness("NotFound", "not_found"), 100);
        assert_eq!(likeness("", "x"), 0);
        assert!(likeness("ResourceNotFound", "NotFoundError") > likeness("ResourceNotFound", "Unauthorized"));
    }
}
