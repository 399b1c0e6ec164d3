//! The examples in the runtime's documentation, for users of an SDK that has a copy of it: there each name is in the SDK's own place.

use super::public;
use crate::render::Input;

/// How a line of an example brings in names. It is on one line, and the only place where an example says `runtime`.
const USE: &str = "use runtime::";

/// The source with every example saying where names are in the crate `lib`. An example of what the crate does not export is left out.
pub(super) fn placed(source: &str, input: Input<'_>, lib: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut lines = source.lines();
    while let Some(line) = lines.next() {
        let example = line.trim_start().strip_prefix("/// ```").is_some_and(str::is_empty);
        if !example {
            out.push_str(line);
            out.push('\n');
            continue;
        }
        let mut block = vec![line.to_owned()];
        let mut whole = true;
        for line in lines.by_ref() {
            match line.split_once(USE) {
                Some((before, names)) => match uses(names, input, lib) {
                    Some(uses) => block.extend(uses.iter().map(|path| format!("{before}use {path};"))),
                    None => whole = false,
                },
                None => block.push(line.to_owned()),
            }
            if line.trim_start() == "/// ```" {
                break;
            }
        }
        if whole {
            out.extend(block.iter().flat_map(|line| [line.as_str(), "\n"]));
        } else if let Some(shorter) = out.strip_suffix("///\n") {
            // The blank line in front of it goes too.
            out.truncate(shorter.trim_end_matches(' ').len());
        }
    }
    out
}

/// `{Mode, Number};` → what to write after `use`, a path a place; `None` where one of the names has no place in this crate.
fn uses(names: &str, input: Input<'_>, lib: &str) -> Option<Vec<String>> {
    let names = names.trim_end_matches(';').trim_matches(['{', '}']);
    let mut places: Vec<(Option<&str>, Vec<&str>)> = Vec::new();
    for name in names.split(", ") {
        let place = public::place(name, input)?;
        match places.iter_mut().find(|(other, _)| *other == place) {
            Some((_, names)) => names.push(name),
            None => places.push((place, vec![name])),
        }
    }
    let path = |(place, names): &(Option<&str>, Vec<&str>)| {
        let module = place.map(|module| format!("{module}::")).unwrap_or_default();
        match names.as_slice() {
            [one] => format!("{lib}::{module}{one}"),
            several => format!("{lib}::{module}{{{}}}", several.join(", ")),
        }
    };
    Some(places.iter().map(path).collect())
}

#[cfg(test)]
mod tests {
    use super::USE;
    use crate::render::package::public;
    use crate::render::package::runtime_files::RUNTIME;

    #[test]
    fn examples_say_names_that_have_a_place_and_no_other_paths_of_the_runtime() {
        let mut names = 0;
        for (file, text) in RUNTIME {
            let docs = text.lines().filter_map(|line| line.trim_start().strip_prefix("/// "));
            for line in docs.filter(|line| line.contains("runtime::") && !line.contains("crate::runtime::")) {
                let used = line.strip_prefix(USE).and_then(|rest| rest.strip_suffix(';'));
                let used = used.unwrap_or_else(|| panic!("{file}: {line}")).trim_matches(['{', '}']);
                for name in used.split(", ") {
                    assert!(public::known(name), "{file}: {line}");
                    names += 1;
                }
            }
        }
        assert!(names > 40, "{names}");
    }
}
