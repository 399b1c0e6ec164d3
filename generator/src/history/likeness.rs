//! How like two names are: where several types of one structure went and came at once, the likest names belong together.

/// Between 0 (nothing in common) and 1 (the same but for case and punctuation): the share of pairs of letters that
/// both names have. Words may be put in front, behind or in another order at little cost.
pub fn likeness(a: &str, b: &str) -> f64 {
    let folded =
        |name: &str| -> String { name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect() };
    strsim::sorensen_dice(&folded(a), &folded(b))
}

#[cfg(test)]
mod tests {
    use super::likeness;

    #[test]
    fn likest_first() {
        assert_eq!(likeness("NotFound", "not_found"), 1.0);
        assert_eq!(likeness("", "x"), 0.0);
        assert!(likeness("ResourceNotFound", "NotFoundError") > likeness("ResourceNotFound", "Unauthorized"));
    }
}
