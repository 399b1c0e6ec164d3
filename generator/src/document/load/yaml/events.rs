//! libyaml's event stream as Rust values: the one place of the compiler with `unsafe` in it.
//!
//! serde_yaml stands on the same parser but keeps its events, and with them every place, to itself. Nothing is
//! interpreted here; [`super`] builds the tree.
#![allow(unsafe_code)]

use std::ffi::CStr;
use std::marker::PhantomData;
use std::mem::MaybeUninit;
use unsafe_libyaml as unsafe_yaml;

/// One event with the byte offsets of its text.
#[derive(Debug)]
pub(super) struct Event {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) what: What,
}

/// What an event says.
#[derive(Debug)]
pub(super) enum What {
    StreamStart,
    StreamEnd,
    DocumentStart,
    DocumentEnd,
    Alias(String),
    Scalar { anchor: Option<String>, tag: Option<String>, value: String, plain: bool },
    SequenceStart { anchor: Option<String> },
    SequenceEnd,
    MappingStart { anchor: Option<String> },
    MappingEnd,
}

/// What libyaml found wrong: byte offsets and its own words.
#[derive(Debug)]
pub(super) struct Problem {
    pub(super) offset: usize,
    pub(super) message: String,
    pub(super) context: Option<(usize, String)>,
}

/// A parser over borrowed text.
pub(super) struct Events<'a> {
    // Boxed, because libyaml keeps pointers into its own state between calls: it must not move.
    parser: Box<MaybeUninit<unsafe_yaml::yaml_parser_t>>,
    text: PhantomData<&'a str>,
}

impl<'a> Events<'a> {
    /// Starts on `text`; `None` when there is no memory.
    pub(super) fn new(text: &'a str) -> Option<Self> {
        let mut parser = Box::new(MaybeUninit::<unsafe_yaml::yaml_parser_t>::uninit());
        let raw = parser.as_mut_ptr();
        // SAFETY: `raw` points to memory of the right size and alignment; `yaml_parser_initialize` zeroes it before
        // use, and on failure frees what it took. The input outlives the parser by `'a`, and libyaml only reads it.
        unsafe {
            if unsafe_yaml::yaml_parser_initialize(raw).fail {
                return None;
            }
            unsafe_yaml::yaml_parser_set_encoding(raw, unsafe_yaml::YAML_UTF8_ENCODING);
            unsafe_yaml::yaml_parser_set_input_string(raw, text.as_ptr(), text.len() as u64);
        }
        Some(Self { parser, text: PhantomData })
    }

    /// The next event.
    ///
    /// # Errors
    /// What libyaml found wrong. It is not to be asked again afterwards (it would say the same).
    pub(super) fn next(&mut self) -> Result<Event, Problem> {
        let raw = self.parser.as_mut_ptr();
        let mut event = MaybeUninit::<unsafe_yaml::yaml_event_t>::uninit();
        // SAFETY: `new` initialized the parser and it has not moved since (it is boxed and never handed out).
        // `yaml_parser_parse` zeroes the event before use; only after success is it read, through the union field
        // its type names, and then deleted exactly once. Everything kept is copied out before that.
        unsafe {
            if (&*raw).error != unsafe_yaml::YAML_NO_ERROR
                || unsafe_yaml::yaml_parser_parse(raw, event.as_mut_ptr()).fail
            {
                return Err(problem(&*raw));
            }
            let event = event.as_mut_ptr();
            let (start, end) = ((*event).start_mark.index as usize, (*event).end_mark.index as usize);
            let what = translate(&*event);
            unsafe_yaml::yaml_event_delete(event);
            Ok(Event { start, end, what })
        }
    }
}

impl Drop for Events<'_> {
    fn drop(&mut self) {
        // SAFETY: initialized in `new`, deleted once, here.
        unsafe { unsafe_yaml::yaml_parser_delete(self.parser.as_mut_ptr()) }
    }
}

/// # Safety
/// `event` must be one that `yaml_parser_parse` has filled in.
unsafe fn translate(event: &unsafe_yaml::yaml_event_t) -> What {
    // SAFETY: each union field is read only under the type it belongs to; anchors and tags are null or
    // NUL-terminated; a scalar's `value` points to `length` bytes.
    unsafe {
        match event.type_ {
            unsafe_yaml::YAML_STREAM_START_EVENT => What::StreamStart,
            unsafe_yaml::YAML_DOCUMENT_START_EVENT => What::DocumentStart,
            unsafe_yaml::YAML_DOCUMENT_END_EVENT => What::DocumentEnd,
            unsafe_yaml::YAML_ALIAS_EVENT => What::Alias(text(event.data.alias.anchor).unwrap_or_default()),
            unsafe_yaml::YAML_SCALAR_EVENT => {
                let scalar = &event.data.scalar;
                let bytes = std::slice::from_raw_parts(scalar.value, scalar.length as usize);
                What::Scalar {
                    anchor: text(scalar.anchor),
                    tag: text(scalar.tag),
                    value: match std::str::from_utf8(bytes) {
                        Ok(value) => value.to_owned(),
                        Err(_) => String::from_utf8_lossy(bytes).into_owned(),
                    },
                    plain: scalar.style == unsafe_yaml::YAML_PLAIN_SCALAR_STYLE,
                }
            }
            unsafe_yaml::YAML_SEQUENCE_START_EVENT => {
                What::SequenceStart { anchor: text(event.data.sequence_start.anchor) }
            }
            unsafe_yaml::YAML_SEQUENCE_END_EVENT => What::SequenceEnd,
            unsafe_yaml::YAML_MAPPING_START_EVENT => {
                What::MappingStart { anchor: text(event.data.mapping_start.anchor) }
            }
            unsafe_yaml::YAML_MAPPING_END_EVENT => What::MappingEnd,
            // The end of the stream, and `YAML_NO_EVENT`, which libyaml gives after it.
            _ => What::StreamEnd,
        }
    }
}

fn problem(parser: &unsafe_yaml::yaml_parser_t) -> Problem {
    // SAFETY: libyaml's messages are null or static NUL-terminated strings.
    let (message, context) = unsafe { (text(parser.problem.cast()), text(parser.context.cast())) };
    // The reader, which checks characters, gives an offset; the scanner and the parser give marks.
    let offset = if parser.error == unsafe_yaml::YAML_READER_ERROR {
        parser.problem_offset as usize
    } else {
        parser.problem_mark.index as usize
    };
    Problem {
        offset,
        message: message.unwrap_or_else(|| "this is not YAML".to_owned()),
        context: context.map(|c| (parser.context_mark.index as usize, c)),
    }
}

/// # Safety
/// `pointer` must be null or NUL-terminated.
unsafe fn text(pointer: *const u8) -> Option<String> {
    if pointer.is_null() {
        return None;
    }
    // SAFETY: not null, and NUL-terminated by the caller's word.
    let bytes = unsafe { CStr::from_ptr(pointer.cast()) };
    Some(bytes.to_string_lossy().into_owned())
}
