//! Where what is new goes: components beside their use, paths beside the others of their tag, all else where its neighbours are.

use crate::base::Pointer;
use crate::base::pointer::{canonical, segments};
use crate::document::grammar::{METHODS, Place, Spot};
use crate::document::walk::{At, Visit, walk};
use crate::document::{Node, Object};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Who refers to a component of a document.
#[derive(Debug, Default)]
pub(super) struct Uses {
    /// By the component's pointer: the components that refer to it, and the tags of operations that do.
    components: HashMap<String, BTreeSet<String>>,
    tags: HashMap<String, BTreeSet<String>>,
    /// All tags that lead to a component, through others.
    all_tags: HashMap<String, BTreeSet<String>>,
}

impl Uses {
    pub(super) fn of(root: &Node) -> Self {
        let mut collect = Collect { root, uses: Self::default() };
        walk(root, Place::One(Spot::Document), &At::root(None), &mut collect);
        let mut uses = collect.uses;
        // From every use upwards, so that circles end.
        let direct: Vec<(String, BTreeSet<String>)> = uses.tags.clone().into_iter().collect();
        let mut below: HashMap<&String, Vec<&String>> = HashMap::new();
        for (component, users) in &uses.components {
            for user in users {
                below.entry(user).or_default().push(component);
            }
        }
        let mut all: HashMap<String, BTreeSet<String>> = HashMap::new();
        for (component, tags) in &direct {
            for tag in tags {
                let mut open = vec![component];
                while let Some(at) = open.pop() {
                    if all.entry(at.clone()).or_default().insert(tag.clone()) {
                        open.extend(below.get(at).into_iter().flatten());
                    }
                }
            }
        }
        uses.all_tags = all;
        uses
    }

    fn tags_of(&self, component: &str) -> Option<&BTreeSet<String>> {
        self.all_tags.get(component)
    }
}

struct Collect<'a> {
    root: &'a Node,
    uses: Uses,
}

impl Visit for Collect<'_> {
    fn enter(&mut self, _place: Place, node: &Node, at: &At<'_>) {
        let Some(target) = node.get("$ref").and_then(Node::as_str).and_then(canonical) else { return };
        let target = component(&target).to_owned();
        let pointer = at.pointer();
        let owner = component(pointer.as_str());
        let steps: Vec<String> = pointer.segments().take(3).collect();
        if steps.first().is_some_and(|s| s == "paths") {
            let operation = self.root.at(steps.iter().map(String::as_str));
            let tag = operation.and_then(first_tag);
            self.uses.tags.entry(target).or_default().insert(tag.unwrap_or_default().to_owned());
        } else if owner != target {
            self.uses.components.entry(target).or_default().insert(owner.to_owned());
        }
    }
}

/// The component that a place lies in, as a pointer.
fn component(pointer: &str) -> &str {
    let depth = if pointer.starts_with("/components/") { 4 } else { 3 };
    let end = pointer.match_indices('/').map(|(i, _)| i).nth(depth - 1);
    pointer.get(..end.unwrap_or(pointer.len())).unwrap_or(pointer)
}

fn first_tag(operation: &Node) -> Option<&str> {
    operation.get("tags")?.as_array()?.first()?.as_str()
}

/// The first tag of a path's operations.
pub(super) fn tag_of_path(path: &Node) -> Option<&str> {
    METHODS.iter().find_map(|method| first_tag(path.get(method)?))
}

/// Where among the members of a map the new member `key` goes. `ours` has the keys as the new document calls them.
pub(super) struct Positions<'a> {
    /// The members that are there, in our order, `None` for what goes.
    pub(super) ours: &'a [Option<&'a str>],
    pub(super) theirs: &'a Object,
    pub(super) pointer: &'a Pointer,
}

impl Positions<'_> {
    fn index(&self, key: &str) -> Option<usize> {
        self.ours.iter().position(|there| *there == Some(key))
    }

    /// After the nearest member before it in the new document that we have, else before the nearest one after it.
    pub(super) fn by_neighbours(&self, key: &str) -> usize {
        let keys: Vec<&str> = self.theirs.iter().map(|e| e.key.as_str()).collect();
        let at = keys.iter().position(|k| *k == key).unwrap_or(keys.len());
        let (before, after) = keys.split_at(at);
        let before = before.iter().rev().find_map(|k| self.index(k)).map(|i| i + 1);
        before.or_else(|| after.iter().find_map(|k| self.index(k))).unwrap_or(self.ours.len())
    }

    /// Before the first component that uses it, else after those that the same tags lead to.
    pub(super) fn by_use(&self, key: &str, uses: &Uses) -> usize {
        self.before_user(key, uses, &mut BTreeSet::new())
            .or_else(|| self.after_companions(key, uses))
            .unwrap_or_else(|| self.by_neighbours(key))
    }

    fn before_user(&self, key: &str, uses: &Uses, seen: &mut BTreeSet<String>) -> Option<usize> {
        if !seen.insert(key.to_owned()) {
            return None;
        }
        let users = uses.components.get(self.pointer.join(key).as_str())?;
        let prefix = format!("{}/", self.pointer.as_str());
        let users: Vec<String> = users
            .iter()
            .filter_map(|user| user.strip_prefix(&prefix))
            .flat_map(|user| segments(&format!("/{user}")))
            .collect();
        // One that is new as well stands where its users are.
        let at = users.iter().filter_map(|user| self.index(user).or_else(|| self.before_user(user, uses, seen)));
        at.min()
    }

    fn after_companions(&self, key: &str, uses: &Uses) -> Option<usize> {
        let of = |key: &str| uses.tags_of(self.pointer.join(key).as_str());
        let tags = of(key)?;
        let same = |there: &Option<&str>| there.and_then(of) == Some(tags);
        self.ours.iter().rposition(same).map(|i| i + 1)
    }

    /// After the paths of the same tag: the nearest before it in the new document, else the last.
    pub(super) fn by_tag(&self, key: &str) -> usize {
        let tag = |key: &str| self.theirs.get(key).and_then(tag_of_path);
        let own = tag(key);
        let before: Vec<&str> = self.theirs.iter().map(|e| e.key.as_str()).take_while(|k| *k != key).collect();
        let near = before.iter().rev().filter(|k| tag(k) == own).find_map(|k| self.index(k));
        let last = || self.ours.iter().rposition(|there| there.is_some_and(|k| tag(k) == own));
        near.or_else(last).map_or_else(|| self.by_neighbours(key), |i| i + 1)
    }
}

/// The tags that operations name, those of webhooks and callbacks too, with the order in which they come.
pub(super) fn tags_in_use(root: &Node) -> BTreeMap<String, usize> {
    struct Tags(BTreeMap<String, usize>);
    impl Visit for Tags {
        fn enter(&mut self, place: Place, node: &Node, _: &At<'_>) {
            let tags = node.get("tags").and_then(Node::as_array).filter(|_| place == Place::One(Spot::Operation));
            for tag in tags.into_iter().flatten().filter_map(Node::as_str) {
                let next = self.0.len();
                self.0.entry(tag.to_owned()).or_insert(next);
            }
        }
    }
    let mut tags = Tags(BTreeMap::new());
    walk(root, Place::One(Spot::Document), &At::root(None), &mut tags);
    tags.0
}

/// For every target of a reference the first place in document order that refers to it.
pub(super) fn first_uses(root: &Node) -> HashMap<String, String> {
    struct First(HashMap<String, String>);
    impl Visit for First {
        fn enter(&mut self, _: Place, node: &Node, at: &At<'_>) {
            let target = node.get("$ref").and_then(Node::as_str).and_then(canonical);
            if let Some(target) = target.filter(|target| !self.0.contains_key(target)) {
                self.0.insert(target, at.pointer().as_str().to_owned());
            }
        }
    }
    let mut first = First(HashMap::new());
    walk(root, Place::One(Spot::Document), &At::root(None), &mut first);
    first.0
}
