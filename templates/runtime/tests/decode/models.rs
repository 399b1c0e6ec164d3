//! Models as the generator writes them, one for every rule of reading and writing.

// As in every SDK: `?` takes the compiler longer.
#![allow(clippy::question_mark)]

use crate::runtime;
use crate::runtime::__private::*;
use crate::runtime::*;

/// Writes what the generator writes for an object, from a list of `field: type = "wire name", flags`. A `@read` is before fields whose
/// types have no blank value.
macro_rules! model {
    ($name:ident { $($(@$read:tt)? $field:ident: $type:ty = $wire:expr, $flags:expr;)* }) => {
        #[non_exhaustive]
        pub(crate) struct $name {
            $(pub(crate) $field: $type,)*
            pub(crate) extra: Extra,
        }

        parted!($name, &[$($flags),*], { $($field = $wire),* }, [] [] $($($read)? $field $wire;)*);
    };
}

/// Parts the fields into those that are blank and those that are read first.
macro_rules! parted {
    ($name:ident, $flags:expr, $all:tt, [$($blank:ident)*] [$($first:ident = $index:expr;)*]) => {
        crate::runtime::model!($name, $flags, $all, blank { $($blank),* }, first { $($first = $index),* });
    };
    ($name:ident, $flags:expr, $all:tt, [$($blank:ident)*] [$($first:tt)*] read $field:ident $wire:expr; $($rest:tt)*) => {
        parted!($name, $flags, $all, [$($blank)*]
            [$($first)* $field = Self::SHAPE.members().position(|member| member.name() == $wire)?;] $($rest)*);
    };
    ($name:ident, $flags:expr, $all:tt, [$($blank:ident)*] [$($first:tt)*] $field:ident $wire:expr; $($rest:tt)*) => {
        parted!($name, $flags, $all, [$($blank)* $field] [$($first)*] $($rest)*);
    };
}

macro_rules! text_enum {
    ($name:ident, $sort:ident { $($index:literal => $variant:ident = $wire:literal),* }) => {
        #[non_exhaustive]
        pub(crate) enum $name { $($variant,)* Unrecognized(Box<str>) }

        open_enum!($name, $sort, { $($index => $variant = $wire),* });
    };
}

macro_rules! union_of {
    ($name:ident { $($index:literal => $variant:ident($type:ty) = $branch:expr),* $(,)? } $(, $discriminator:literal)?) => {
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub(crate) enum $name { $($variant($type),)* Raw(Raw) }

        union!($name, { $($index => $variant = $branch),* } $(, $discriminator)?);
    };
}

text_enum!(AccessMode, texts { 0 => Single = "single", 1 => Recurrent = "recurrent" });
text_enum!(EventType, numbers { 0 => One = "1", 1 => Two = "2", 2 => Half = "0.5" });

// The four cases of presence and null, and every scalar.
model!(Statement {
    @read id: String = "id", REQUIRED;
    link: Option<String> = "link", REQUIRED | NULLABLE;
    name: Option<String> = "name", 0;
    note: Patch<String> = "note", NULLABLE;
    comment: Option<String> = "comment", NULLABLE;
    year: Option<String> = "year", 0;
    paid: Option<bool> = "paid", 0;
    amount: Option<f64> = "amount", REQUIRED | NULLABLE;
    count: Option<i64> = "count", 0;
    small: Option<i32> = "small", 0;
    big: Option<u64> = "big", 0;
    day: Option<Date> = "day", 0;
    at: Option<DateTime> = "at", NULLABLE;
    secret: Option<Secret> = "secret", 0;
    mode: Option<AccessMode> = "mode", 0;
    event: Option<EventType> = "event", 0;
    any: Option<Value> = "any", 0;
    lines: Vec<Line> = "lines", REQUIRED;
});

// Exact numbers wherever numbers may stand.
model!(Ledger {
    amount: Number = "amount", REQUIRED;
    fee: Option<Number> = "fee", REQUIRED | NULLABLE;
    limit: Patch<Number> = "limit", NULLABLE;
    rates: Option<Vec<Option<Number>>> = "rates", 0;
    totals: Option<Map<Number>> = "totals", 0;
    rows: Option<Records<Number>> = "rows", 0;
});

model!(Line {
    amount: f64 = "amount", REQUIRED;
    tags: Option<Vec<String>> = "tags", 0;
    rates: Option<Vec<Option<f64>>> = "rates", 0;
    limits: Option<Map<f64>> = "limits", 0;
    grid: Option<Vec<Vec<i64>>> = "grid", 0;
    inner: Option<Box<Line>> = "inner", 0;
    parts: Option<Vec<Line>> = "parts", NULLABLE;
    named: Option<Map<Line>> = "named", 0;
    flags: Option<Map<Vec<bool>>> = "flags", 0;
    modes: Option<Vec<AccessMode>> = "modes", 0;
    owner: Option<Owner> = "owner", 0;
    scalar: Option<Scalar> = "scalar", 0;
    rest: Option<Records<Line>> = "rest", 0;
    marks: Option<Records<String>> = "marks", 0;
});

model!(Page {
    count: Option<i64> = "count", 0;
    next: Option<String> = "next", NULLABLE;
    results: Records<Statement> = "results", REQUIRED;
});

/// What the generator writes for the shape of a page.
pub(crate) struct Listed(pub(crate) Records<Line>, Option<String>, Extra);

impl Decode for Listed {
    const SHAPE: &'static Shape = &Shape::new("Listed", &["next", "results"], &[0, 0]).page(1);

    fn read(o: &mut ObjectReader<'_, '_>) -> Option<Self> {
        let mut m = Self(Blank::BLANK, Blank::BLANK, Extra::NONE);
        o.fill(&mut m.2, &mut [&mut m.1, &mut m.0]);
        Some(m)
    }
}

impl Encode for Listed {
    fn visit<'a>(&'a self, v: &mut dyn Visit<'a>) {
        v.model(Self::SHAPE, &self.2, &[&self.1, &self.0]);
    }
}

// The same objects, once as declared, and once as they are where required members may be null.
model!(Cat { claws: f64 = "claws", REQUIRED; name: String = "name", REQUIRED; tail: Option<f64> = "tail", 0; });
model!(Dog { bark: f64 = "bark", REQUIRED; name: String = "name", REQUIRED; nose: Option<String> = "nose", REQUIRED | NULLABLE; });
union_of!(Pet {
    0 => Cat(Box<Cat>) = Branch::object(<Cat as Decode>::SHAPE),
    1 => Dog(Box<Dog>) = Branch::object(<Dog as Decode>::SHAPE),
});
model!(LooseCat {
    claws: Option<f64> = "claws", REQUIRED | MAY_BE_NULL;
    name: Option<String> = "name", REQUIRED | MAY_BE_NULL;
    tail: Option<f64> = "tail", 0;
});
model!(LooseDog {
    bark: Option<f64> = "bark", REQUIRED | MAY_BE_NULL;
    name: Option<String> = "name", REQUIRED | MAY_BE_NULL;
    nose: Option<String> = "nose", REQUIRED | NULLABLE;
});
union_of!(LoosePet {
    0 => Cat(Box<LooseCat>) = Branch::object(<LooseCat as Decode>::SHAPE),
    1 => Dog(Box<LooseDog>) = Branch::object(<LooseDog as Decode>::SHAPE),
});

model!(Person {
    kind: String = "type", REQUIRED;
    first_name: Option<String> = "first_name", REQUIRED | NULLABLE;
    last_name: Option<String> = "last_name", REQUIRED | NULLABLE;
    email: Option<String> = "email", 0;
});
model!(Company {
    kind: String = "type", REQUIRED;
    company_name: Option<String> = "company_name", REQUIRED | NULLABLE;
    email: Option<String> = "email", 0;
});
union_of!(Owner {
    0 => Person(Box<Person>) = Branch::object(<Person as Decode>::SHAPE),
    1 => Company(Box<Company>) = Branch::object(<Company as Decode>::SHAPE).tag("type", &["BUSINESS"]),
});
union_of!(Tagged {
    0 => Person(Box<Person>) = Branch::object(<Person as Decode>::SHAPE).tag("type", &["person", "human"]),
    1 => Company(Box<Company>) = Branch::object(<Company as Decode>::SHAPE).tag("type", &["company"]),
}, "type");
union_of!(Scalar {
    0 => Whole(i64) = Branch::kinds(INTEGER),
    1 => Number(f64) = Branch::kinds(NUMBER),
    2 => Text(String) = Branch::kinds(STRING),
    3 => Flags(Flags) = Branch::kinds(ARRAY | BOOL),
});
union_of!(Moment {
    0 => Day(Date) = Branch::kinds(STRING),
    1 => At(DateTime) = Branch::kinds(STRING),
    2 => Mode(AccessMode) = Branch::kinds(STRING),
});
union_of!(CustomerOrId {
    0 => Person(Box<Person>) = Branch::object(<Person as Decode>::SHAPE),
    1 => Id(Uuid) = Branch::kinds(STRING),
});
union_of!(Flags {
    0 => Many(Vec<bool>) = Branch::kinds(ARRAY),
    1 => One(bool) = Branch::kinds(BOOL),
});

// Branches of one optional property each: really tagged by key.
model!(Single { single: Option<Line> = "single", 0; });
model!(Daily { daily: Option<Line> = "daily", 0; });
model!(Weekly { weekly: Option<Line> = "weekly", 0; });
union_of!(Schedule {
    0 => Single(Box<Single>) = Branch::object(<Single as Decode>::SHAPE),
    1 => Daily(Box<Daily>) = Branch::object(<Daily as Decode>::SHAPE),
    2 => Weekly(Box<Weekly>) = Branch::object(<Weekly as Decode>::SHAPE),
});

// Equal names everywhere; only the types below tell them apart.
model!(CardPayment { id: String = "id", REQUIRED; @read method: CardMethod = "method", REQUIRED; });
model!(CardMethod { number: String = "number", REQUIRED; holder: Option<String> = "holder", 0; });
model!(PixPayment { id: String = "id", REQUIRED; @read method: PixMethod = "method", REQUIRED; });
model!(PixMethod { key: String = "key", REQUIRED; holder: Option<String> = "holder", 0; });
union_of!(Payment {
    0 => Card(Box<CardPayment>) = Branch::object(<CardPayment as Decode>::SHAPE),
    1 => Pix(Box<PixPayment>) = Branch::object(<PixPayment as Decode>::SHAPE),
});

union_of!(PaymentsOrFlags {
    0 => Payments(Vec<Payment>) = Branch::kinds(ARRAY),
    1 => Flags(Vec<bool>) = Branch::kinds(ARRAY),
});

// Recursive: every level can be either, and only the innermost says which.
model!(Left { child: Option<Tree> = "child", 0; leaf: Option<f64> = "leaf", 0; only_left: Option<String> = "only_left", 0; });
model!(Right { child: Option<Tree> = "child", 0; leaf: Option<f64> = "leaf", 0; only_right: Option<String> = "only_right", 0; });
union_of!(Tree {
    0 => Left(Box<Left>) = Branch::object(<Left as Decode>::SHAPE),
    1 => Right(Box<Right>) = Branch::object(<Right as Decode>::SHAPE),
});

// Everything the generator could put into one model, for the generator of bodies.
model!(Everything {
    statement: Option<Statement> = "statement", NULLABLE;
    owner: Option<Owner> = "owner", 0;
    tagged: Option<Tagged> = "tagged", 0;
    scalar: Option<Scalar> = "scalar", 0;
    moment: Option<Moment> = "moment", NULLABLE;
    customer: Option<CustomerOrId> = "customer", 0;
    schedule: Option<Schedule> = "schedule", 0;
    payment: Option<Payment> = "payment", 0;
    tree: Option<Tree> = "tree", 0;
    payments: Option<Vec<Payment>> = "payments", 0;
    records: Option<Records<Everything>> = "records", 0;
    maps: Option<Map<Map<Vec<String>>>> = "maps", 0;
    anything: Option<Vec<Value>> = "anything", 0;
});

// More members than the bits of the inline set.
macro_rules! wide {
    ($($field:ident)*) => {
        #[non_exhaustive]
        pub(crate) struct Wide {
            $(pub(crate) $field: Option<String>,)*
            pub(crate) extra: Extra,
        }

        crate::runtime::model!(Wide, &[NULLABLE; [$(stringify!($field)),*].len()], { $($field = stringify!($field)),* });
    };
}
wide!(
    a0 a1 a2 a3 a4 a5 a6 a7 a8 a9 b0 b1 b2 b3 b4 b5 b6 b7 b8 b9 c0 c1 c2 c3 c4 c5 c6 c7 c8 c9
    d0 d1 d2 d3 d4 d5 d6 d7 d8 d9 e0 e1 e2 e3 e4 e5 e6 e7 e8 e9 f0 f1 f2 f3 f4 f5 f6 f7 f8 f9
    g0 g1 g2 g3 g4 g5 g6 g7 g8 g9 h0 h1 h2 h3 h4 h5 h6 h7 h8 h9 i0 i1 i2 i3 i4 i5 i6 i7 i8 i9
    j0 j1 j2 j3 j4 j5 j6 j7 j8 j9 k0 k1 k2 k3 k4 k5 k6 k7 k8 k9 l0 l1 l2 l3 l4 l5 l6 l7 l8 l9
    m0 m1 m2 m3 m4 m5 m6 m7 m8 m9
);
