//! Arrays: the walk over their elements, which scans what the first scan left for later or only checked, and `Vec`.

use crate::runtime::decode::Decode;
use crate::runtime::decode::context::Context;
use crate::runtime::encode::{Encode, Writer};
use crate::runtime::json::tape::{Kind, Node, Tape};
use crate::runtime::text::append_index;

/// How much memory a list may ask for in advance: so much for each byte of its array's text ...
const ROOM_PER_BYTE: usize = 8;
/// ... and so much in any case, because records whose optional members did not come are much larger than their text.
const ROOM: usize = 1 << 20;

/// The elements of an array, one at a time.
pub(crate) struct Elements<'t> {
    array: Node<'t>,
    at: u32,
    end: u32,
    current: u32,
    /// How many were handed out.
    count: u32,
    /// Where the next element begins in the body, of those that the scan has left for later; 0 before the first of them.
    later: usize,
    /// The element at hand, if the array's tape had no entries for it.
    element: Option<Tape<'t>>,
    spare: Option<Tape<'t>>,
    /// The path of the array, once it was asked for; no path is empty.
    path: String,
    /// What was found from here on belongs to the element at hand.
    from: usize,
}

impl<'t> Elements<'t> {
    pub(crate) fn new(array: Node<'t>, cx: &Context) -> Self {
        Self {
            array,
            at: array.at + 1,
            end: array.entry().next,
            current: array.at,
            count: 0,
            later: 0,
            element: None,
            spare: None,
            path: String::new(),
            from: cx.pending.len(),
        }
    }

    /// Those that the scan has left for later, of the array that they are in.
    pub(super) fn rest_of(tape: &'t Tape<'t>, cx: &Context) -> Self {
        // That array is the root, or else a member of it; its last element is the one that stands for the rest.
        let mut array = tape.root();
        for (_, member) in array.members() {
            array = member;
        }
        Self { at: tape.rest, ..Self::new(array, cx) }
    }

    /// The elements of an array; of anything else but `null`, itself, as of an array of one.
    pub(crate) fn one_or_many(node: Node<'t>, cx: &mut Context) -> Option<Self> {
        match node.kind() {
            Kind::Array => Some(Self::new(node, cx)),
            Kind::Null | Kind::Absent => cx.refuse(node, "array"),
            _ => {
                cx.wrap(node)?;
                let mut elements = Self::new(node, cx);
                elements.at = node.at;
                Some(elements)
            }
        }
    }

    /// Whether what is walked over is not an array.
    pub(crate) fn is_lone(&self) -> bool {
        self.array.kind() != Kind::Array
    }

    pub(crate) fn next(&mut self, cx: &mut Context) -> Option<Node<'_>> {
        self.leave(cx);
        if self.at >= self.end {
            if let Some(tape) = self.spare.take() {
                cx.recycle(tape);
            }
            return None;
        }
        let node = Node { tape: self.array.tape, at: self.at };
        let entry = node.entry();
        let later = self.is_at_rest();
        self.current = self.at;
        self.count += 1;
        if !later {
            self.at = entry.next;
        }
        let only_checked = entry.flag && matches!(entry.kind, Kind::Array | Kind::Object);
        if !only_checked {
            return Some(node);
        }
        let mut tape = match self.spare.take() {
            Some(tape) => tape,
            None => cx.element_tape(self.array),
        };
        tape.origin = Some((self.array, self.count - 1));
        if later {
            if self.later == 0 {
                self.later = entry.start as usize;
            }
            let Some((next, is_last)) = tape.fill_later(self.array, self.later) else {
                self.at = self.end;
                return None;
            };
            self.later = next;
            if is_last {
                self.at = self.end;
                cx.rest_is_json |= next == self.array.entry().end as usize;
            }
        } else {
            tape.fill(entry);
        }
        cx.refuel(&tape);
        self.from = cx.pending.len();
        Some(self.element.insert(tape).root())
    }

    /// Whether the next element is of those that the scan has left for later.
    fn is_at_rest(&self) -> bool {
        let rest = self.array.tape.rest;
        rest > 0 && self.at == rest
    }

    /// How many elements of `size` bytes to make room for: all that are left, so that a list neither grows step by step nor ends up
    /// with room to spare. But never much more than the array's text suggests: one that holds anything else than what is wanted, a
    /// megabyte of zeros say, must not be able to ask for gigabytes.
    pub(crate) fn room(&self, size: usize) -> usize {
        let array = self.array.entry();
        let text = array.end.saturating_sub(array.start) as usize;
        let most = text.saturating_mul(ROOM_PER_BYTE).max(ROOM) / size.max(1);
        let tape = self.array.tape;
        let (mut at, mut count) = (self.at, 0);
        while at < self.end && count < most {
            if at == tape.rest && at > 0 {
                // As many to a byte as there were so far. A list that grows all the same does so by an eighth.
                let known = self.count as usize + count;
                let from = self.later.max(tape.entry(at).start as usize);
                let (seen, left) = (from - array.start as usize, (array.end as usize).saturating_sub(from));
                return (count + known.saturating_mul(left).div_ceil(seen.max(1))).min(most).max(known / 8);
            }
            at = tape.entry(at).next.max(at + 1);
            count += 1;
        }
        count
    }

    /// The same for a list that has no room for the element at hand, which a guess of how many come later can be too small for.
    pub(super) fn more_room(&self, size: usize) -> usize {
        if self.has_guessed() { self.room(size) + 1 } else { 0 }
    }

    /// Whether room was made by a guess.
    pub(super) fn has_guessed(&self) -> bool {
        self.later > 0
    }

    /// The number of the element handed out last.
    pub(crate) fn index(&self) -> usize {
        self.count.saturating_sub(1) as usize
    }

    /// The element handed out last, as its array's tape knows it.
    pub(crate) fn current(&self) -> Node<'t> {
        Node { tape: self.array.tape, at: self.current }
    }

    /// The text of the element that was left last.
    pub(super) fn raw(&self) -> &'t str {
        match &self.spare {
            Some(tape) if self.later > 0 => tape.raw(tape.entry(0)),
            _ => self.current().raw(),
        }
    }

    /// The path of the element handed out last.
    pub(crate) fn path(&mut self) -> String {
        let (lone, index, array) = (self.is_lone(), self.index(), self.array);
        if self.path.is_empty() {
            self.path = array.path();
        }
        let mut path = self.path.clone();
        if !lone {
            append_index(&mut path, index as u64);
        }
        path
    }

    /// Leaves the element at hand out if it is a `null` that could not be read; see [`Context::leave_null_out`].
    #[cold]
    #[inline(never)]
    pub(crate) fn skip_null(&mut self, has_kept: bool, cx: &mut Context) -> bool {
        let (tape, entry) = match &self.element {
            Some(tape) => (tape, tape.entry(0)),
            None => (self.array.tape, self.current().entry()),
        };
        entry.kind == Kind::Null && cx.leave_null_out(tape.body, (entry.start, entry.end), has_kept)
    }

    /// Ends the walk because the element at hand could not be read.
    #[cold]
    pub(crate) fn fail<T>(&mut self, cx: &mut Context) -> Option<T> {
        self.leave(cx);
        None
    }

    /// Turns what was found in the element at hand into paths.
    #[inline]
    pub(crate) fn leave(&mut self, cx: &mut Context) {
        if let Some(tape) = self.element.take() {
            cx.settle(&tape, self.from);
            self.spare = Some(tape);
        }
    }
}

impl<T: Decode> Decode for Vec<T> {
    fn decode(node: Node<'_>, cx: &mut Context) -> Option<Self> {
        let mut elements = Elements::one_or_many(node, cx)?;
        let mut list = Self::with_capacity(elements.room(size_of::<T>()));
        while let Some(element) = elements.next(cx) {
            match T::decode(element, cx) {
                Some(value) => {
                    if list.len() == list.capacity() {
                        list.reserve_exact(elements.more_room(size_of::<T>()));
                    }
                    list.push(value);
                }
                None if elements.skip_null(!list.is_empty(), cx) => {}
                None => return elements.fail(cx),
            }
        }
        if elements.has_guessed() {
            list.shrink_to_fit();
        }
        Some(list)
    }
}

impl<T: Encode> Encode for Vec<T> {
    #[inline]
    fn encode(&self, w: &mut Writer) {
        self.as_slice().encode(w);
    }
}

impl<T: Encode, const N: usize> Encode for [T; N] {
    #[inline]
    fn encode(&self, w: &mut Writer) {
        self.as_slice().encode(w);
    }
}

impl<T: Encode> Encode for [T] {
    fn encode(&self, w: &mut Writer) {
        w.raw("[");
        for value in self {
            w.element(value);
        }
        w.raw("]");
    }
}

/// The elements of a list argument; what generated setters call, so that each of them is one line.
#[inline]
pub fn list<T>(elements: impl IntoIterator<Item = impl Into<T>>) -> Vec<T> {
    elements.into_iter().map(Into::into).collect()
}
