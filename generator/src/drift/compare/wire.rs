//! What becomes of a released client when the API follows the new document: which values it still reads, which it still
//! may send. The rules are those of the runtime's decoder (`templates/runtime`): scalars of another kind are read where
//! their meaning is certain, one stands for many and many of one for one, enums are open, unions keep what fits nothing.

use super::pairing::Pairs;
use super::side::{Side, UNREAD};
use crate::drift::change::Survival;
use crate::ir::{Field, JsonKind, Scalar, Tuple, Type, TypeId, TypeKind, Use};

/// What a value that cannot be read costs.
const COSTS: &str = "a record with it is invalid, a response of one object an error";

/// How deep types are compared before they are taken for different.
const DEPTH: usize = 6;

/// Where an object is needed.
const NO_OBJECT: &str = "no object comes where one is declared";

/// What the old client makes of values of the new type; `None` when it reads them as before.
pub(super) fn reads(old: &Side<'_>, new: &Side<'_>, pairs: &Pairs, a: &Type, b: &Type) -> Option<Survival> {
    Reading { old, new, pairs }.reads(a, b, DEPTH)
}

/// What the old client makes of values of a type that is of another kind now.
pub(super) fn replaced(old: &Side<'_>, new: &Side<'_>, a: TypeId, b: TypeId) -> Option<Survival> {
    // The two are a pair, so that at their uses they count as the same: here they do not.
    let apart = Pairs::default();
    Reading { old, new, pairs: &apart }.reads(&Type::Named(a), &Type::Named(b), DEPTH)
}

/// What becomes of values of a type that is of another kind now, and that the old client still sends.
pub(super) fn sent_as(old: &Side<'_>, new: &Side<'_>, a: TypeId, b: TypeId) -> Option<Survival> {
    sends(old, new, &Pairs::default(), &Type::Named(a), &Type::Named(b), false)
}

struct Reading<'a> {
    old: &'a Side<'a>,
    new: &'a Side<'a>,
    pairs: &'a Pairs,
}

fn fails(text: &str) -> Option<Survival> {
    Some(Survival::Fails(format!("{text}: {COSTS}")))
}

fn depends(text: &str) -> Option<Survival> {
    Some(Survival::Depends(text.to_owned()))
}

fn survives(text: &str) -> Option<Survival> {
    Some(Survival::Survives(text.to_owned()))
}

impl Reading<'_> {
    fn reads(&self, a: &Type, b: &Type, depth: usize) -> Option<Survival> {
        if self.pairs.same(a, b) || *a == Type::Any {
            return None;
        }
        let Some(depth) = depth.checked_sub(1) else { return depends("it depends on what comes") };
        let kind = |side: &Side<'_>, id: TypeId| side.def(id).map(|d| d.kind.clone());
        // A union reads what one of its choices reads and keeps the rest.
        if let Type::Named(id) = a
            && let Some(TypeKind::Union(u)) = kind(self.old, *id)
        {
            return match u.branches.iter().any(|branch| self.reads(&branch.ty, b, depth).is_none()) {
                true => None,
                false => survives("what no choice explains is kept raw"),
            };
        }
        if let Type::Named(id) = b
            && let Some(TypeKind::Union(u)) = kind(self.new, *id)
        {
            return self.each(u.branches.iter().map(|branch| self.reads(a, &branch.ty, depth)).collect());
        }
        match (a, b) {
            (_, Type::Any) => depends("any JSON may come: what is of another kind than before cannot be read"),
            (Type::Scalar(s), _) => self.scalar(*s, b),
            (Type::List(x), Type::List(y)) | (Type::Map(x), Type::Map(y)) => self.element(x, y, depth),
            (Type::Tuple(x), Type::Tuple(y)) => {
                let both = (0..=x.places.len().max(y.places.len())).filter_map(|i| Some((i, x.at(i)?, y.at(i)?)));
                let each = both.map(|(i, x_at, y_at)| match i < x.least {
                    true => self.element(x_at, y_at, depth),
                    // One that need not be there may be null, too.
                    false => self.reads(&x_at.ty, &y_at.ty, depth),
                });
                Survival::worst(
                    each.fold(None, Survival::worst),
                    shorter(x, y.least, y.rest.is_none().then_some(y.places.len())),
                )
            }
            (Type::Tuple(x), Type::List(y)) => {
                let each = x.uses().map(|x| self.element(x, y, depth));
                Survival::worst(each.fold(None, Survival::worst), shorter(x, 0, None))
            }
            (Type::List(x), Type::Tuple(y)) => y.uses().map(|y| self.element(x, y, depth)).fold(None, Survival::worst),
            (Type::Tuple(_), _) => fails("something else comes where a list is declared"),
            (Type::List(x), _) => match self.reads(&x.ty, b, depth) {
                None | Some(Survival::Survives(_)) => survives("a lone value is read as a list of one, and reported"),
                _ => fails("a lone value of another kind comes where a list is declared"),
            },
            (Type::Named(id), _) => match kind(self.old, *id) {
                Some(TypeKind::Enum(e)) => self.enumeration(e.numeric, b),
                Some(TypeKind::Model(_)) => self.model(*id, b, depth),
                Some(TypeKind::Union(_)) | None => depends("it depends on what comes"),
            },
            (Type::Map(x), _) => match b {
                Type::Named(id) => match kind(self.new, *id) {
                    Some(TypeKind::Model(n)) => {
                        let each = n.fields.iter().map(|g| self.reads(&x.ty, &g.of.ty, depth));
                        match each.fold(None, Survival::worst) {
                            Some(Survival::Fails(_) | Survival::Depends(_)) => {
                                depends("members of another type than the map's cannot be read")
                            }
                            other => other,
                        }
                    }
                    Some(TypeKind::Enum(_) | TypeKind::Union(_)) | None => fails(NO_OBJECT),
                },
                Type::Scalar(_) | Type::List(_) | Type::Tuple(_) | Type::Map(_) | Type::Any => fails(NO_OBJECT),
            },
            (Type::Any, _) => None,
        }
    }

    /// An element where one of another type was.
    fn element(&self, x: &Use, y: &Use, depth: usize) -> Option<Survival> {
        let null = y.nullable && !x.nullable && x.ty != Type::Any;
        let inner = self.reads(&x.ty, &y.ty, depth);
        Survival::worst(inner, null.then(|| depends("null among the elements cannot be read")).flatten())
    }

    /// The worst of several that may come.
    fn each(&self, all: Vec<Option<Survival>>) -> Option<Survival> {
        let failing = all.iter().filter(|s| matches!(s, Some(Survival::Fails(_)))).count();
        if failing > 0 && failing < all.len() {
            return depends("only some of the choices can be read");
        }
        all.into_iter().fold(None, Survival::worst)
    }

    fn scalar(&self, s: Scalar, b: &Type) -> Option<Survival> {
        let kind = kind_of(self.new, b);
        match (group(s), kind) {
            (Group::Text, Kind::Text) if has_form(s) && *b != Type::Scalar(s) => {
                survives("the text is kept as it comes; one of another form is reported")
            }
            (Group::Text, Kind::Text) => survives("the text is kept as it comes"),
            (Group::Text, Kind::Number | Kind::Whole | Kind::Truth) => survives("it is read as text, and reported"),
            (Group::Number, Kind::Number | Kind::Whole) => survives("numbers are read as before"),
            (Group::Whole, Kind::Whole) if holds(s, b) => survives("numbers are read as before"),
            (Group::Whole, Kind::Whole) => depends("numbers beyond the type's range cannot be read"),
            (Group::Whole, Kind::Number) => depends("fractions cannot be read, whole numbers can"),
            (Group::Number | Group::Whole, Kind::Text) => {
                depends("numeric text is read, and reported; other text cannot be")
            }
            (Group::Truth, Kind::Truth) => None,
            (Group::Truth, Kind::Number | Kind::Whole) => {
                depends("0 and 1 are read, and reported; other numbers cannot be")
            }
            (Group::Truth, Kind::Text) => {
                depends("\"true\" and \"false\" are read, and reported; other text cannot be")
            }
            (_, Kind::Object) => fails("an object comes where a plain value is declared"),
            (_, Kind::List) => fails("a list comes where a plain value is declared"),
            (_, Kind::Unknown) => depends("it depends on what comes"),
            (Group::Number | Group::Whole, Kind::Truth) => fails("true and false are no numbers"),
        }
    }

    fn enumeration(&self, numeric: bool, b: &Type) -> Option<Survival> {
        match kind_of(self.new, b) {
            Kind::Text => survives("values that are not listed are kept as `Unrecognized`"),
            Kind::Number | Kind::Whole if numeric => survives("values that are not listed are kept as `Unrecognized`"),
            Kind::Number | Kind::Whole | Kind::Truth if !numeric => {
                survives("it is read as text, and reported, and kept as `Unrecognized`")
            }
            Kind::Object => fails("an object comes where a plain value is declared"),
            Kind::List => fails("a list comes where a plain value is declared"),
            _ => depends("it depends on what comes"),
        }
    }

    fn model(&self, id: TypeId, b: &Type, depth: usize) -> Option<Survival> {
        match b {
            Type::Named(other) => match self.new.def(*other).map(|d| &d.kind) {
                Some(TypeKind::Model(n)) => {
                    let Some(TypeKind::Model(m)) = self.old.def(id).map(|d| &d.kind) else { return None };
                    let mut worst = None;
                    for (i, f) in m.fields.iter().enumerate().filter(|(_, f)| f.must_have_value()) {
                        worst = Survival::worst(
                            worst,
                            match n.fields.iter().find(|g| g.wire == f.wire) {
                                Some(g) => self.reads(&f.of.ty, &g.of.ty, depth),
                                None if !self.old.misses(id, i) => {
                                    survives("a page without its records has none, which is reported")
                                }
                                None => Some(Survival::Fails(format!(
                                    "`{}` is required and does not come: a record without it is invalid, a response of one object an error",
                                    f.wire
                                ))),
                            },
                        );
                        if matches!(worst, Some(Survival::Fails(_))) {
                            return worst;
                        }
                    }
                    Survival::worst(worst, survives("what the old type does not know is kept in `extra`"))
                }
                Some(TypeKind::Enum(_) | TypeKind::Union(_)) | None => fails(NO_OBJECT),
            },
            Type::List(of) => match self.reads(&Type::Named(id), &of.ty, depth) {
                Some(Survival::Fails(text)) => Some(Survival::Fails(text)),
                _ => depends("a list of one is read as its element; longer and empty ones cannot be"),
            },
            Type::Map(of) => {
                let Some(TypeKind::Model(m)) = self.old.def(id).map(|d| &d.kind) else { return None };
                if m.fields.iter().any(Field::must_have_value) {
                    return depends("it is read when the required members are there");
                }
                let worst = m.fields.iter().map(|f| self.reads(&f.of.ty, &of.ty, depth)).fold(None, Survival::worst);
                match worst {
                    Some(Survival::Fails(_) | Survival::Depends(_)) => survives(UNREAD),
                    _ => survives("what the old type does not know is kept in `extra`"),
                }
            }
            Type::Scalar(_) | Type::Tuple(_) | Type::Any => fails(NO_OBJECT),
        }
    }
}

/// What a tuple makes of lists that have `least` elements at least, and never more than `most`.
fn shorter(of: &Tuple, least: usize, most: Option<usize>) -> Option<Survival> {
    let wanted = of.places.get(least..of.least).filter(|wanted| !wanted.is_empty())?;
    // Null is what is not there.
    if wanted.iter().all(|of| of.nullable || of.ty == Type::Any) {
        return survives("an element that does not come is read as null, and reported");
    }
    match most.is_some_and(|most| most < of.least) {
        true => fails("it has fewer elements than are read"),
        false => depends("a list that is too short cannot be read"),
    }
}

/// Whether every number of the new type is one of the old type.
fn holds(old: Scalar, new: &Type) -> bool {
    matches!(new, Type::Scalar(new) if old.includes(*new))
}

/// What becomes of values of the old type that a released client still sends, as JSON or, `spelled`, as text of a query,
/// path or header.
pub(super) fn sends(
    old: &Side<'_>,
    new: &Side<'_>,
    pairs: &Pairs,
    a: &Type,
    b: &Type,
    spelled: bool,
) -> Option<Survival> {
    if pairs.same(a, b) || *b == Type::Any {
        return None;
    }
    let refused = |text: &str| Some(Survival::Fails(format!("{text}: the API refuses it")));
    match (a, b) {
        (Type::List(x), Type::List(y)) | (Type::Map(x), Type::Map(y)) => {
            return sends(old, new, pairs, &x.ty, &y.ty, spelled);
        }
        (Type::List(_) | Type::Tuple(_), Type::List(_) | Type::Tuple(_)) => {
            let (x, y) = (elements(a), elements(b));
            let each = (0..=x.places.len().max(y.places.len())).filter_map(|i| Some((x.at(i)?, y.at(i)?)));
            let each = each.map(|(x, y)| sends(old, new, pairs, &x.ty, &y.ty, spelled));
            let short = (x.least < y.least).then(|| depends("the API refuses a list that is too short")).flatten();
            return Survival::worst(each.fold(None, Survival::worst), short);
        }
        (Type::List(x), _) if spelled => {
            return match sends(old, new, pairs, &x.ty, b, spelled) {
                Some(Survival::Fails(text)) => Some(Survival::Fails(text)),
                _ => depends("a list of one is one value, a longer one is refused"),
            };
        }
        (_, Type::List(y)) if spelled && sends(old, new, pairs, a, &y.ty, spelled).is_none() => {
            return survives("one value is a list of one");
        }
        _ => {}
    }
    match (kind_of(old, a), kind_of(new, b)) {
        (Kind::Text, Kind::Text) => match (a, b) {
            (_, Type::Scalar(s)) if s.is_plain_text() => survives("any text is taken"),
            _ => depends("the API takes fewer texts than before"),
        },
        (Kind::Whole, Kind::Number) => survives("whole numbers are numbers"),
        (Kind::Whole, Kind::Whole) => match b {
            Type::Scalar(s) if holds(*s, a) => survives("the numbers of the old type are among those of the new one"),
            _ => depends("numbers beyond the new type's range are refused"),
        },
        (Kind::Truth, Kind::Truth) => None,
        (Kind::Number, Kind::Whole) => depends("fractions are refused"),
        (Kind::Number, Kind::Number) => None,
        (_, Kind::Text) if spelled => survives("it is text on the wire either way"),
        (Kind::Text, Kind::Number | Kind::Whole | Kind::Truth) if spelled => {
            depends("the text must be one of the new type")
        }
        (Kind::Object, Kind::Object) => depends("it depends on which members the API now wants"),
        (Kind::Unknown, _) | (_, Kind::Unknown) => depends("it depends on what is sent"),
        _ => refused("a value of the old type is sent"),
    }
}

/// What is in a list, as a tuple that has no places.
fn elements(ty: &Type) -> Tuple {
    match ty {
        Type::Tuple(of) => (**of).clone(),
        Type::List(of) => Tuple { places: Vec::new(), least: 0, rest: Some((**of).clone()) },
        Type::Named(_) | Type::Map(_) | Type::Scalar(_) | Type::Any => {
            Tuple { places: Vec::new(), least: 0, rest: None }
        }
    }
}

/// What stands on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    Whole,
    Truth,
    Object,
    List,
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Group {
    Text,
    Number,
    Whole,
    Truth,
}

fn group(s: Scalar) -> Group {
    match s.json_kind() {
        JsonKind::Bool => Group::Truth,
        JsonKind::Number if s.is_integer() => Group::Whole,
        JsonKind::Number => Group::Number,
        JsonKind::String => Group::Text,
    }
}

fn kind_of(side: &Side<'_>, ty: &Type) -> Kind {
    match ty {
        Type::Scalar(s) => match group(*s) {
            Group::Text => Kind::Text,
            Group::Number => Kind::Number,
            Group::Whole => Kind::Whole,
            Group::Truth => Kind::Truth,
        },
        Type::List(_) | Type::Tuple(_) => Kind::List,
        Type::Map(_) => Kind::Object,
        Type::Any => Kind::Unknown,
        Type::Named(id) => match side.def(*id).map(|d| &d.kind) {
            Some(TypeKind::Model(_)) => Kind::Object,
            Some(TypeKind::Enum(e)) if e.numeric => Kind::Number,
            Some(TypeKind::Enum(_)) => Kind::Text,
            Some(TypeKind::Union(_)) | None => Kind::Unknown,
        },
    }
}

/// Whether texts of the type are looked at when they are read.
fn has_form(s: Scalar) -> bool {
    matches!(s, Scalar::Date | Scalar::DateTime | Scalar::Uuid)
}
