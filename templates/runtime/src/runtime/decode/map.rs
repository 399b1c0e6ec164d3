//! Objects whose member names are data: `Map`, in the order the members came.

use std::fmt;

use crate::runtime::decode::Decode;
use crate::runtime::decode::context::Context;
use crate::runtime::encode::order::{ascending, last_of_each};
use crate::runtime::encode::{Encode, Writer};
use crate::runtime::json::tape::{Kind, Node};

/// Values by name, in the order they were inserted. Two maps are equal whatever their order.
///
/// ```
/// use runtime::{Map, to_json};
///
/// let mut rates = Map::new();
/// rates.insert("EUR", 5.5);
/// assert_eq!(rates.get("EUR"), Some(&5.5));
/// assert_eq!(to_json(&rates), "{\"EUR\":5.5}");
/// ```
#[derive(Clone)]
pub struct Map<T> {
    entries: Vec<(String, T)>,
    /// The indices of the entries, by name.
    order: Vec<u32>,
}

impl<T> Map<T> {
    /// An empty map.
    #[must_use]
    pub const fn new() -> Self {
        Self { entries: Vec::new(), order: Vec::new() }
    }

    /// The value with this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&T> {
        let index = self.find(name).ok().and_then(|at| self.order.get(at))?;
        self.entries.get(*index as usize).map(|(_, value)| value)
    }

    /// The value with this name, to change it.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut T> {
        let index = self.find(name).ok().and_then(|at| self.order.get(at))?;
        self.entries.get_mut(*index as usize).map(|(_, value)| value)
    }

    /// Whether there is a value with this name.
    #[must_use]
    pub fn contains_key(&self, name: &str) -> bool {
        self.find(name).is_ok()
    }

    /// Sets the value with this name; the one it had. A name that was there keeps its place.
    pub fn insert(&mut self, name: impl Into<String>, value: T) -> Option<T> {
        let name = name.into();
        match self.find(&name) {
            Ok(_) => self.get_mut(&name).map(|old| std::mem::replace(old, value)),
            Err(at) => {
                self.order.insert(at, self.entries.len() as u32);
                self.entries.push((name, value));
                None
            }
        }
    }

    /// Removes the value with this name.
    pub fn remove(&mut self, name: &str) -> Option<T> {
        let at = self.find(name).ok()?;
        let index = self.order.remove(at);
        self.order.iter_mut().filter(|other| **other > index).for_each(|other| *other -= 1);
        Some(self.entries.remove(index as usize).1)
    }

    /// How many values there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Names and values, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&str, &T)> + ExactSizeIterator {
        self.entries.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Names and values, in order, the values to change.
    pub fn iter_mut(&mut self) -> impl DoubleEndedIterator<Item = (&str, &mut T)> + ExactSizeIterator {
        self.entries.iter_mut().map(|(name, value)| (name.as_str(), value))
    }

    /// The names, in order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &str> + ExactSizeIterator {
        self.entries.iter().map(|(name, _)| name.as_str())
    }

    /// The values, in order of their names' insertion.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &T> + ExactSizeIterator {
        self.entries.iter().map(|(_, value)| value)
    }

    fn find(&self, name: &str) -> Result<usize, usize> {
        self.order.binary_search_by(|index| self.name_at(*index).cmp(name))
    }

    fn name_at(&self, index: u32) -> &str {
        self.entries.get(index as usize).map_or("", |(name, _)| name)
    }

    /// Sorts all names at once, which thousands of inserts would not; of equal names the last stays.
    fn from_entries(mut entries: Vec<(String, T)>) -> Self {
        let mut order = order_of(&names_of(&entries));
        if order.len() < entries.len() {
            for (to, from) in ascending(&order).into_iter().enumerate() {
                entries.swap(to, from as usize);
            }
            entries.truncate(order.len());
            order = order_of(&names_of(&entries));
        }
        Self { entries, order }
    }
}

fn names_of<T>(entries: &[(String, T)]) -> Vec<&str> {
    entries.iter().map(|(name, _)| name.as_str()).collect()
}

fn order_of(names: &[&str]) -> Vec<u32> {
    let name = |at: u32| names.get(at as usize).copied().unwrap_or_default();
    last_of_each(names.len(), &|a, b| name(a).cmp(name(b)))
}

impl<T> Default for Map<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: fmt::Debug> fmt::Debug for Map<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl<T: PartialEq> PartialEq for Map<T> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().all(|(name, value)| other.get(name) == Some(value))
    }
}

impl<T, K: Into<String>> FromIterator<(K, T)> for Map<T> {
    fn from_iter<I: IntoIterator<Item = (K, T)>>(entries: I) -> Self {
        Self::from_entries(entries.into_iter().map(|(name, value)| (name.into(), value)).collect())
    }
}

impl<T, K: Into<String>> Extend<(K, T)> for Map<T> {
    fn extend<I: IntoIterator<Item = (K, T)>>(&mut self, entries: I) {
        for (name, value) in entries {
            self.insert(name, value);
        }
    }
}

impl<T> IntoIterator for Map<T> {
    type Item = (String, T);
    type IntoIter = std::vec::IntoIter<(String, T)>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

impl<T: Decode> Decode for Map<T> {
    fn decode(node: Node<'_>, cx: &mut Context) -> Option<Self> {
        if node.kind() != Kind::Object {
            return cx.refuse(node, "object");
        }
        let mut entries = Vec::new();
        for (name, member) in node.members() {
            let Some(value) = T::decode(member, cx) else {
                let stretch = (name.start, member.entry().end);
                if member.kind() == Kind::Null && cx.leave_null_out(node.tape.body, stretch, !entries.is_empty()) {
                    continue;
                }
                return None;
            };
            entries.push((node.tape.name(name).into_owned(), value));
        }
        Some(Self::from_entries(entries))
    }
}

impl<T: Encode> Encode for Map<T> {
    fn encode(&self, w: &mut Writer) {
        w.raw("{");
        for (name, value) in &self.entries {
            w.name(name);
            value.encode(w);
        }
        w.raw("}");
    }
}
