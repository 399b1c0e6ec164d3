//! Generated line → place of the document: so that a finding of `check` stands where its cause does.

use std::collections::BTreeMap;

use super::{Names, SetterOf};
use crate::base::Span;
use crate::ir::{Api, TypeId, TypeKind};

/// Where the items of the output come from: `Link`, `Link::status`, `Links::list`, `ListLinks::page_size`.
#[derive(Debug, Clone, Default)]
pub struct Places {
    items: BTreeMap<String, Span>,
}

impl Places {
    /// Collects the places of every item.
    pub fn of(api: &Api, names: &Names) -> Self {
        let mut items = BTreeMap::new();
        for ((id, def), (name, members)) in api.defs().zip(names.types.iter().zip(&names.members)) {
            items.insert(name.to_string(), def.origin.span);
            let args = names.args_of(id);
            items.extend(args.map(|args| (args.to_string(), def.origin.span)));
            match &def.kind {
                TypeKind::Model(m) => {
                    for (f, ident) in m.fields.iter().zip(members) {
                        items.insert(format!("{name}::{ident}"), f.origin.span);
                        let bare = ident.trim_start_matches("r#");
                        items.insert(format!("{name}::with_{bare}"), f.origin.span);
                        items.extend(args.map(|args| (format!("{args}::{ident}"), f.origin.span)));
                    }
                }
                TypeKind::Union(u) => {
                    for (b, ident) in u.branches.iter().zip(members) {
                        items.insert(format!("{name}::{ident}"), b.origin.span);
                    }
                }
                TypeKind::Enum(_) => {}
            }
        }
        for (o, n) in api.operations.iter().zip(&names.operations) {
            let handle = names.tags.get(o.tag).map(|t| t.handle.as_str()).unwrap_or_default();
            items.insert(format!("{handle}::{}", n.method), o.origin.span);
            items.insert(n.builder.to_string(), o.origin.span);
            items.insert(n.constant.to_string(), o.origin.span);
            items.extend(n.args.as_ref().map(|args| (args.to_string(), o.origin.span)));
            let flat = n.plan.flat.and_then(|id: TypeId| api.get(id)).map(|d| &d.kind);
            let fields = n.args.iter().flat_map(|args| n.plan.arguments.iter().map(move |s| (s, args)));
            for (s, owner) in fields.chain(n.plan.setters.iter().map(|s| (s, &n.builder))) {
                let span = match (s.of, flat) {
                    (SetterOf::Parameter(i), _) => o.parameters.get(i).map(|p| p.origin.span),
                    (SetterOf::Member(i), Some(TypeKind::Model(m))) => m.fields.get(i).map(|f| f.origin.span),
                    _ => None,
                };
                items.insert(format!("{owner}::{}", s.ident), span.unwrap_or(o.origin.span));
            }
        }
        Self { items }
    }

    /// The place of the document that line `line` (from 1) of a generated file comes from.
    pub fn find(&self, content: &str, line: usize) -> Option<Span> {
        let lines: Vec<&str> = content.lines().collect();
        let mut at = line.saturating_sub(1).min(lines.len().saturating_sub(1));
        // Documentation and attributes belong to what follows them.
        while lines.get(at).is_some_and(|l| l.trim_start().starts_with(['#', '/']) || l.trim().is_empty()) {
            at += 1;
        }
        let here = lines.get(at).copied().unwrap_or_default();
        let owner = if here.starts_with(' ') {
            lines.get(..at)?.iter().rev().find(|l| !l.starts_with([' ', '}', '/', '#', ')']) && !l.is_empty()).copied()
        } else {
            Some(here)
        };
        let owner = owner.and_then(owner_of)?;
        let member = member_of(here.trim_start());
        member.and_then(|m| self.items.get(&format!("{owner}::{m}"))).or_else(|| self.items.get(owner)).copied()
    }
}

/// The type that an item's first line declares or implements.
fn owner_of(line: &str) -> Option<&str> {
    let line = line.trim_start_matches("pub ");
    let word = |s: &str| -> usize { s.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(s.len()) };
    for start in ["struct ", "enum ", "static "] {
        if let Some(rest) = line.strip_prefix(start) {
            return rest.get(..word(rest));
        }
    }
    let rest = line.strip_prefix("impl")?;
    let rest = match rest.split_once(" for ") {
        Some((_, after)) => after,
        None => rest.trim_start_matches(|c| c != ' ').trim_start(),
    };
    rest.get(..word(rest))
}

/// The field, variant or function that a line declares.
fn member_of(line: &str) -> Option<&str> {
    let line = line.strip_prefix("pub ").unwrap_or(line);
    let line = line.strip_prefix("fn ").unwrap_or(line);
    let end = line.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '#').unwrap_or(line.len());
    line.get(..end).filter(|m| !m.is_empty())
}
