//! The files of the resources: names that every disk takes, each once.

use crate::base::reserved::is_device;
use crate::name::Names;

/// As long as a name may be, in bytes: a language and an ending follow.
const LONGEST: usize = 100;

/// The name of each tag's file, and that of the errors. They do not depend on which tags are asked for.
pub(super) fn names(names: &Names) -> (Vec<String>, String) {
    let mut taken: Vec<String> = Vec::new();
    let mut take = |wanted: &str| {
        // Many disks do not distinguish small and capital letters.
        let is_free = |name: &String| !taken.contains(&name.to_lowercase()) && !is_device(name);
        let numbered = (2..).map(|n| format!("{wanted}-{n}"));
        let name = [wanted.to_owned()].into_iter().chain(numbered).find(is_free).unwrap_or_default();
        taken.push(name.to_lowercase());
        name
    };
    let tags = names.tags.iter().map(|tag| match tag.feature.as_str() {
        // The module is in ASCII and short.
        "" => take("tag"),
        long if long.len() > LONGEST => take(&tag.module.replace('_', "-")),
        feature => take(feature),
    });
    let tags = tags.collect();
    (tags, take("errors"))
}
