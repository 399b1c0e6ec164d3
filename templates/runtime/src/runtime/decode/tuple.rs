//! Arrays whose elements have types by their places: Rust's tuples, and [`Tuple`], which has the elements after those too.

use crate::runtime::decode::context::Context;
use crate::runtime::decode::list::Elements;
use crate::runtime::decode::{Decode, DeviationKind, Empty};
use crate::runtime::encode::{Encode, Writer};
use crate::runtime::json::tape::{Kind, Node};

/// An array of which the document says what the first elements are, and what all after them are.
///
/// ```
/// use runtime::{DecodeError, Mode, Tuple, from_json, to_json};
///
/// let (row, _) = from_json::<Tuple<(String, bool), i64>>(b"[\"a\", true, 1, 2]", Mode::default())?;
/// assert_eq!((row.places.0.as_str(), row.rest.as_slice()), ("a", &[1, 2][..]));
/// assert_eq!(to_json(&row), "[\"a\",true,1,2]");
/// # Ok::<(), DecodeError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tuple<P, R> {
    /// The first elements, a tuple.
    pub places: P,
    /// The elements after those.
    pub rest: Vec<R>,
}

/// Tuples of what can be read and written. A place that need not be there is a [`Patch`](crate::runtime::Patch); all others are always
/// written, as `null` if need be.
pub trait Places: Sized {
    /// Reads the first elements.
    fn read_places(places: &mut PlaceReader<'_, '_>) -> Option<Self>;

    /// Calls `f` with each place, and whether it is left out where nothing follows.
    fn each<'a>(&'a self, f: &mut dyn FnMut(&'a dyn Encode, bool));
}

/// An array while its first elements are read.
#[allow(missing_debug_implementations)] // Nobody gets one in hand.
pub struct PlaceReader<'c, 't> {
    cx: &'c mut Context,
    array: Node<'t>,
    elements: Elements<'t>,
    /// Where the last element ends that was read.
    end: u32,
    /// What is written for places that should be there and are not.
    missing: String,
}

impl<'c, 't> PlaceReader<'c, 't> {
    fn open(array: Node<'t>, cx: &'c mut Context) -> Option<Self> {
        if array.kind() != Kind::Array {
            return cx.refuse(array, "array");
        }
        let elements = Elements::new(array, cx);
        Some(Self { cx, array, elements, end: array.entry().start + 1, missing: String::new() })
    }

    /// Reads the next element; one that is not there as nothing.
    fn place<T: Decode>(&mut self) -> Option<T> {
        match self.elements.next(self.cx) {
            None => {
                if T::EMPTY == Empty::Same {
                    self.cx.deviate(self.array, DeviationKind::Missing, "a value or null")?;
                    let is_first = self.missing.is_empty() && self.end == self.array.entry().start + 1;
                    self.missing.push_str(if is_first { "null" } else { ",null" });
                }
                T::decode(self.array.nothing(), self.cx)
            }
            Some(node) => {
                self.end = node.entry().end;
                match T::decode(node, self.cx) {
                    None => self.elements.fail(self.cx),
                    value => value,
                }
            }
        }
    }

    /// Keeps the form in which the array came, where it is written with other places than it has.
    fn close(mut self) {
        let mut differs = !self.missing.is_empty();
        while self.elements.next(self.cx).is_some() {
            differs = true;
        }
        if differs {
            self.cx.splice_at(self.end, self.array.entry().end - 1, &self.missing);
        }
    }
}

/// Calls what it is given with each place of a tuple.
type EachPlace<'p> = dyn Fn(&mut dyn FnMut(&dyn Encode, bool)) + 'p;

fn write(w: &mut Writer, places: &EachPlace<'_>, rest: &[&dyn Encode]) {
    // Those that are absent are not there, unless something follows them.
    let (mut count, mut kept) = (0, 0);
    places(&mut |_, absent| {
        count += 1;
        if !absent || !rest.is_empty() {
            kept = count;
        }
    });
    w.raw("[");
    let mut at = 0;
    places(&mut |value, _| {
        at += 1;
        if at <= kept {
            w.element(value);
        }
    });
    for value in rest {
        w.element(*value);
    }
    w.raw("]");
}

impl<P: Places, R: Decode> Decode for Tuple<P, R> {
    fn decode(node: Node<'_>, cx: &mut Context) -> Option<Self> {
        let mut reader = PlaceReader::open(node, cx)?;
        let places = P::read_places(&mut reader)?;
        let mut rest = Vec::new();
        while let Some(element) = reader.elements.next(reader.cx) {
            match R::decode(element, reader.cx) {
                Some(value) => rest.push(value),
                None => return reader.elements.fail(reader.cx),
            }
        }
        if rest.is_empty() {
            reader.close();
        }
        Some(Self { places, rest })
    }
}

impl<P: Places, R: Encode> Encode for Tuple<P, R> {
    fn encode(&self, w: &mut Writer) {
        let rest: Vec<&dyn Encode> = self.rest.iter().map(|value| -> &dyn Encode { value }).collect();
        write(w, &|f| self.places.each(&mut |value, absent| f(value, absent)), &rest);
    }
}

macro_rules! tuples {
    ($($($name:ident $index:tt),+;)*) => { $(
        impl<$($name: Decode + Encode),+> Places for ($($name,)+) {
            fn read_places(places: &mut PlaceReader<'_, '_>) -> Option<Self> {
                Some(($(places.place::<$name>()?,)+))
            }

            fn each<'a>(&'a self, f: &mut dyn FnMut(&'a dyn Encode, bool)) {
                $(f(&self.$index, $name::EMPTY == Empty::Apart && self.$index.is_absent());)+
            }
        }

        impl<$($name: Decode + Encode),+> Decode for ($($name,)+) {
            fn decode(node: Node<'_>, cx: &mut Context) -> Option<Self> {
                let mut reader = PlaceReader::open(node, cx)?;
                let places = Self::read_places(&mut reader)?;
                reader.close();
                Some(places)
            }
        }

        impl<$($name: Decode + Encode),+> Encode for ($($name,)+) {
            fn encode(&self, w: &mut Writer) {
                write(w, &|f| self.each(&mut |value, absent| f(value, absent)), &[]);
            }
        }
    )* };
}
tuples! {
    A 0;
    A 0, B 1;
    A 0, B 1, C 2;
    A 0, B 1, C 2, D 3;
    A 0, B 1, C 2, D 3, E 4;
    A 0, B 1, C 2, D 3, E 4, F 5;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7;
}
