//! `[operations."ID"] handle`: operations on the handles that the settings name.

use std::collections::BTreeSet;

use crate::ir::{Api, Tag};
use crate::settings::Settings;

/// Hangs operations on the handles that the settings name.
pub(super) fn rehang(api: &mut Api, settings: &Settings) {
    for entry in &settings.operations.each {
        let (Some(handle), Some(index)) = (&entry.handle, api.operations.iter().position(|o| o.id == *entry.id)) else {
            continue;
        };
        let tag = api.tags.iter().position(|t| t.wire == handle.value);
        let origin = api.operations.get(index).map(|o| o.origin.clone()).unwrap_or_default();
        let tag = tag.unwrap_or_else(|| {
            api.tags.push(Tag { wire: handle.value.clone(), description: String::new(), origin });
            api.tags.len() - 1
        });
        if let Some(operation) = api.operations.get_mut(index) {
            operation.tag = tag;
        }
    }
    // A tag that lost all its operations would be an empty handle.
    let used: BTreeSet<usize> = api.operations.iter().map(|o| o.tag).collect();
    let mut map = Vec::new();
    let mut kept = Vec::new();
    for (i, tag) in std::mem::take(&mut api.tags).into_iter().enumerate() {
        map.push(kept.len());
        if used.contains(&i) {
            kept.push(tag);
        }
    }
    api.tags = kept;
    for operation in &mut api.operations {
        operation.tag = map.get(operation.tag).copied().unwrap_or(0);
    }
}
