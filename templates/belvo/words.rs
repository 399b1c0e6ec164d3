//! Open enums of what no document has, for the other hand-written modules.

/// Writes an open enum as the generator does.
#[allow(unused_macros)] // A crate may have none of these modules.
macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[$docs:meta])* $variant:ident = $wire:literal,)* }) => {
        $(#[$about])*
        #[non_exhaustive]
        pub enum $name {
            $(#[doc = concat!("`", $wire, "`")] $(#[$docs])* $variant,)*
            /// A value this module does not know, as it came.
            Unrecognized(Box<str>),
        }

        impl crate::runtime::Decode for $name {
            const VALUES: &'static crate::runtime::__private::Values = &crate::runtime::__private::Values::texts(&[$($wire),*]);

            #[inline]
            fn of(index: usize, text: Box<str>) -> Option<Self> {
                Some([$(Self::$variant),*].into_iter().nth(index).unwrap_or(Self::Unrecognized(text)))
            }
        }

        impl crate::runtime::Encode for $name {
            #[inline]
            fn visit<'a>(&'a self, v: &mut dyn crate::runtime::__private::Visit<'a>) {
                let values = <Self as crate::runtime::Decode>::VALUES;
                let text = match self {
                    $(Self::$variant => $wire,)*
                    Self::Unrecognized(text) => return v.variant(values, Err(text)),
                };
                v.variant(values, Ok(values.wire().iter().position(|wire| *wire == text).unwrap_or(usize::MAX)));
            }
        }

        crate::runtime::open_enum!($name);
    };
}
#[allow(unused_imports)]
pub(crate) use words;
