//! A text that a regular expression matches, for values that are made: the shortest, and of every class its plainest character.

use regex_syntax::hir::{Class, Hir, HirKind};

/// A text that the expression matches, if it can be read and has one of a sensible length.
pub(super) fn text(pattern: &str) -> Option<String> {
    let hir = regex_syntax::Parser::new().parse(pattern).ok()?;
    let mut out = String::new();
    write(&hir, &mut out)?;
    let matches = regex::Regex::new(pattern).ok()?.is_match(&out);
    matches.then_some(out)
}

fn write(hir: &Hir, out: &mut String) -> Option<()> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => out.push_str(std::str::from_utf8(&literal.0).ok()?),
        HirKind::Class(Class::Unicode(class)) => {
            let has = |c: char| class.iter().any(|range| range.start() <= c && c <= range.end());
            let plain = ['a', '1', 'A'].into_iter().find(|c| has(*c));
            out.push(plain.or_else(|| class.iter().next().map(|range| range.start()))?);
        }
        HirKind::Class(Class::Bytes(_)) => return None,
        HirKind::Repetition(repetition) => {
            let times = repetition.min.max(u32::from(repetition.max != Some(0)));
            if times > 4096 {
                return None;
            }
            for _ in 0..times {
                write(&repetition.sub, out)?;
            }
        }
        HirKind::Capture(capture) => write(&capture.sub, out)?,
        HirKind::Concat(all) => all.iter().try_for_each(|one| write(one, out))?,
        HirKind::Alternation(all) => write(all.first()?, out)?,
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn texts_of_patterns() {
        for (pattern, made) in [
            ("^[0-9]{4}-[0-9]{2}$", Some("1111-11")),
            ("^(abc|d)+$", Some("abc")),
            (r"^\d{3}x?$", Some("111x")),
            ("^[^a1A]$", Some("\u{0}")),
            ("(?=a)b", None),
            ("a{5000}", None),
        ] {
            assert_eq!(text(pattern).as_deref(), made, "{pattern}");
        }
    }
}
