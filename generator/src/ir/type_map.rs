//! Something known of every type of an API, by its id: what would otherwise be vectors side by side, searched by number.

use super::{Api, TypeDef, TypeId};

/// A value for every type of an API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeMap<T>(Vec<T>);

impl<T> TypeMap<T> {
    /// What `make` gives for each type, in their order.
    pub fn new(api: &Api, mut make: impl FnMut(TypeId, &TypeDef) -> T) -> Self {
        Self(api.defs().map(|(id, def)| make(id, def)).collect())
    }

    /// The same value for all of so many types.
    pub fn filled(types: usize, value: T) -> Self
    where
        T: Clone,
    {
        Self(vec![value; types])
    }

    /// What is known of a type; `None` only for one of another API.
    pub fn of(&self, id: TypeId) -> Option<&T> {
        self.0.get(id.index())
    }

    /// As [`of`](Self::of), to be changed.
    pub fn of_mut(&mut self, id: TypeId) -> Option<&mut T> {
        self.0.get_mut(id.index())
    }

    /// Every type with what is known of it.
    pub fn pairs(&self) -> impl Iterator<Item = (TypeId, &T)> {
        self.0.iter().enumerate().map(|(index, value)| (TypeId::at(index), value))
    }

    /// The values, in the order of the types.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.0.iter()
    }

    /// How many types it knows of.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it knows of none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds what is known of the next type, and says which that is.
    pub fn push(&mut self, value: T) -> TypeId {
        self.0.push(value);
        TypeId::at(self.0.len() - 1)
    }

    /// The values, to be changed.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.0.iter_mut()
    }
}

impl TypeMap<bool> {
    /// Whether it holds of a type.
    pub fn has(&self, id: TypeId) -> bool {
        self.of(id).copied().unwrap_or(false)
    }

    /// The types of which it holds.
    pub fn ids(&self) -> impl Iterator<Item = TypeId> {
        self.pairs().filter(|(_, holds)| **holds).map(|(id, _)| id)
    }
}

impl<T> TypeMap<Vec<T>> {
    /// What is listed of a type.
    pub fn list(&self, id: TypeId) -> &[T] {
        self.of(id).map(Vec::as_slice).unwrap_or_default()
    }
}

impl<T> Default for TypeMap<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> FromIterator<T> for TypeMap<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        Self(values.into_iter().collect())
    }
}

impl<'a, T> IntoIterator for &'a TypeMap<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}
