//! A document of any size that looks like an API of today: what the growth of time and memory is measured on, when no real document
//! is large enough.
//!
//! It is made of resources. Each has four operations and seven components, refers to its neighbours, and to any resource before it.
//! At factor 1 there are as many operations as GitHub's API has, and as much text. A part is written as soon as it is made: this program
//! must stay small, because the system counts the memory of what it starts from there.

use serde_json::{Map, Value, json};
use std::io::{self, Write};
use xtask::dice::Dice;

/// Resources at factor 1, four operations each.
const RESOURCES: f64 = 280.0;

const WORDS: [&str; 40] = [
    "account", "address", "alert", "batch", "branch", "budget", "carrier", "channel", "charge", "claim", "contact",
    "contract", "country", "coupon", "customer", "deposit", "device", "dispute", "event", "export", "filter", "folder",
    "grant", "history", "invoice", "journal", "label", "ledger", "market", "member", "mandate", "order", "package",
    "payment", "policy", "project", "quote", "region", "report", "session",
];

fn word(dice: &mut Dice) -> &'static str {
    WORDS[dice.below(WORDS.len())]
}

fn sentence(dice: &mut Dice, words: usize) -> String {
    let words: Vec<&str> = (0..words).map(|_| word(dice)).collect();
    format!("The {}.", words.join(" of the "))
}

/// How many resources a document of this factor has.
fn resources(factor: f64) -> usize {
    ((RESOURCES * factor).round() as usize).max(1)
}

/// Writes the document: the same bytes for the same factor and seed.
///
/// # Errors
///
/// When it cannot be written.
pub(crate) fn write(out: &mut dyn Write, factor: f64, seed: u64) -> io::Result<()> {
    let count = resources(factor);
    // A resource is made twice, for its paths and for its components: each time from the same number.
    let of = |index: usize| Resource {
        index,
        name: pascal(index),
        dice: Dice::new(seed.wrapping_add(index as u64).wrapping_mul(0x2545_f491_4f6c_dd1d)),
    };
    out.write_all(b"{\n  \"openapi\": \"3.0.3\",\n  \"info\": {\"title\": \"Synthetic\", \"version\": \"1.0.0\"},\n")?;
    out.write_all(b"  \"servers\": [{\"url\": \"https://api.example.com\"}],\n  \"paths\": {")?;
    let mut parts = Parts { out, first: true };
    for index in 0..count {
        parts.write(2, of(index).paths())?;
    }
    parts.out.write_all(b"\n  },\n  \"components\": {\n    \"schemas\": {")?;
    parts.first = true;
    parts.write(3, problem())?;
    for index in 0..count {
        parts.write(3, of(index).schemas())?;
    }
    parts.out.write_all(b"\n    }\n  }\n}\n")
}

/// Members of an object, written one after the other.
struct Parts<'w> {
    out: &'w mut dyn Write,
    first: bool,
}

impl Parts<'_> {
    fn write(&mut self, depth: usize, members: Map<String, Value>) -> io::Result<()> {
        let line = format!("\n{}", "  ".repeat(depth));
        for (name, value) in members {
            let comma = if self.first { "" } else { "," };
            self.first = false;
            // A line feed in a text is escaped: all that are left are between the lines.
            let value = serde_json::to_string_pretty(&value)?.replace('\n', &line);
            write!(self.out, "{comma}{line}{}: {value}", Value::from(name))?;
        }
        Ok(())
    }
}

/// A name for each number: two words, and a third where there are many.
fn words(index: usize) -> Vec<&'static str> {
    let n = WORDS.len();
    let mut words = vec![WORDS[index % n], WORDS[(index / n + index) % n]];
    if index >= n * n {
        words.push(WORDS[(index / (n * n)) % n]);
    }
    words
}

fn pascal(index: usize) -> String {
    let upper = |word: &str| word.chars().take(1).flat_map(char::to_uppercase).chain(word.chars().skip(1)).collect();
    words(index).into_iter().map(upper).collect::<Vec<String>>().concat()
}

fn refers(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn body(schema: Value) -> Value {
    json!({ "application/json": { "schema": schema } })
}

fn problem() -> Map<String, Value> {
    let text = json!({ "type": "string" });
    let schema = json!({ "type": "object", "required": ["code"], "properties": { "code": text, "message": text, "help": text } });
    Map::from_iter([("Problem".to_owned(), schema)])
}

/// One resource while it is made.
struct Resource {
    index: usize,
    name: String,
    dice: Dice,
}

impl Resource {
    /// A type of its own, of a neighbour, or of any resource before it.
    fn reference(&mut self) -> Value {
        let kind = ["Summary", "State", "Details", "Owner"][self.dice.below(4)];
        let of = match self.dice.below(4) {
            0 | 1 => self.index,
            2 => self.index.saturating_sub(1),
            _ => self.dice.below(self.index + 1),
        };
        refers(&format!("{}{kind}", pascal(of)))
    }

    fn property(&mut self, depth: usize) -> Value {
        let description = sentence(&mut self.dice, 5);
        match self.dice.below(32) {
            0..=4 => self.reference(),
            5 => json!({ "type": "array", "description": description, "items": self.reference() }),
            6 if depth < 2 => self.object(6, depth + 1),
            7 if depth < 2 => json!({ "type": "array", "items": self.object(4, depth + 1) }),
            8 | 9 => {
                let values: Vec<&str> = (0..3).map(|i| WORDS[(self.index + 7 * i) % WORDS.len()]).collect();
                json!({ "type": "string", "description": description, "enum": values })
            }
            10..=12 => json!({ "type": "integer", "format": "int64", "description": description, "example": 42 }),
            13 => json!({ "type": "number", "description": description, "minimum": 0 }),
            14..=16 => json!({ "type": "boolean", "description": description }),
            17 | 18 => json!({ "type": "string", "format": "date-time", "description": description, "nullable": true }),
            19 => json!({ "type": "string", "format": "uuid", "description": description }),
            20 => json!({ "type": "object", "additionalProperties": { "type": "string" }, "description": description }),
            _ => json!({ "type": "string", "description": description, "example": word(&mut self.dice) }),
        }
    }

    fn object(&mut self, properties: usize, depth: usize) -> Value {
        let mut members = Map::new();
        for i in 0..properties {
            let name = format!("{}_{}", word(&mut self.dice), WORDS[(self.index + i) % WORDS.len()]);
            let property = self.property(depth);
            members.insert(name, property);
        }
        let required: Vec<&String> = members.keys().step_by(3).collect();
        let required = json!(required);
        json!({ "type": "object", "description": sentence(&mut self.dice, 6), "required": required, "properties": members })
    }

    fn schemas(&mut self) -> Map<String, Value> {
        let own = self.name.clone();
        let at = |kind: &str| format!("{own}{kind}");
        let states: Vec<&str> = (0..5).map(|i| WORDS[(self.index + 3 * i) % WORDS.len()]).collect();
        let mut whole = self.object(24, 0);
        whole["properties"]["id"] = json!({ "type": "string", "format": "uuid" });
        whole["properties"]["event"] = refers(&at("Event"));
        let kind = |of: &str| json!({ "type": "object", "required": ["kind"], "properties": { "kind": { "type": "string", "enum": [of] } } });
        let (opened, closed) = (self.object(8, 1), self.object(8, 1));
        Map::from_iter([
            (own.clone(), whole),
            (at("Summary"), self.object(12, 1)),
            (at("State"), json!({ "type": "string", "description": sentence(&mut self.dice, 4), "enum": states })),
            (at("Details"), json!({ "allOf": [refers(&at("Summary")), self.object(12, 0)] })),
            (at("Owner"), self.object(12, 1)),
            (at("Opened"), json!({ "allOf": [kind("opened"), opened] })),
            (at("Closed"), json!({ "allOf": [kind("closed"), closed] })),
            (
                at("Event"),
                json!({
                    "oneOf": [refers(&at("Opened")), refers(&at("Closed"))],
                    "discriminator": { "propertyName": "kind", "mapping": { "opened": refers(&at("Opened"))["$ref"], "closed": refers(&at("Closed"))["$ref"] } },
                }),
            ),
        ])
    }

    fn paths(&mut self) -> Map<String, Value> {
        let path = format!("/{}", words(self.index).join("/"));
        let said = sentence(&mut self.dice, 3);
        let id = json!([{ "name": "id", "in": "path", "required": true, "description": said, "schema": { "type": "string" } }]);
        let mut filters = vec![json!({
            "name": "page_size", "in": "query", "schema": { "type": "integer", "minimum": 1, "maximum": 100 }
        })];
        for name in ["created", "updated", "owner", "state"] {
            let said = sentence(&mut self.dice, 4);
            filters.push(json!({ "name": name, "in": "query", "description": said, "schema": { "type": "string" } }));
        }
        let page = json!({
            "type": "object",
            "required": ["results"],
            "properties": { "count": { "type": "integer" }, "results": { "type": "array", "items": refers(&self.name) } },
        });
        // Written in place, like many bodies.
        let new = self.object(10, 0);
        let all = json!({
            "get": self.operation("list", json!(filters), None, page),
            "post": self.operation("create", json!([]), Some(new), refers(&self.name)),
        });
        let update = json!({ "allOf": [refers(&format!("{}Summary", self.name)), self.object(4, 1)] });
        let outcome = self.object(8, 0);
        let one = json!({
            "get": self.operation("get", id.clone(), None, refers(&self.name)),
            "patch": self.operation("update", id, Some(update), outcome),
        });
        Map::from_iter([(format!("{path}/{{id}}"), one), (path, all)])
    }

    fn operation(&mut self, verb: &str, parameters: Value, taken: Option<Value>, given: Value) -> Value {
        let failed = json!({ "description": sentence(&mut self.dice, 2), "content": body(refers("Problem")) });
        let mut operation = json!({
            "operationId": format!("{verb}{}", self.name),
            // Some twenty resources share a tag.
            "tags": [pascal(self.index / 20)],
            "summary": sentence(&mut self.dice, 3),
            "description": sentence(&mut self.dice, 30),
            "parameters": parameters,
            "responses": {
                "200": { "description": sentence(&mut self.dice, 2), "content": body(given) },
                "404": failed,
                "422": failed,
            },
        });
        if let Some(schema) = taken {
            operation["requestBody"] = json!({ "required": true, "content": body(schema) });
        }
        operation
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(factor: f64, seed: u64) -> Vec<u8> {
        let mut out = Vec::new();
        write(&mut out, factor, seed).expect("written");
        out
    }

    #[test]
    fn the_same_seed_gives_the_same_bytes_and_names_are_never_used_twice() {
        assert_eq!(document(0.05, 1), document(0.05, 1));
        assert_ne!(document(0.05, 1), document(0.05, 2));
        let names: std::collections::BTreeSet<String> = (0..resources(16.0)).map(pascal).collect();
        assert_eq!(names.len(), resources(16.0));
    }

    #[test]
    fn a_crate_is_made_of_it_and_twice_the_factor_has_twice_the_operations() {
        let dir = tempfile::tempdir().expect("temp dir");
        let generated = [0.025, 0.05].map(|factor| {
            let spec = dir.path().join("synthetic.json");
            std::fs::write(&spec, document(factor, 1)).expect("write");
            let generated = generator::generate(&generator::Inputs { spec, ..Default::default() });
            assert!(!generated.diagnostics.has_errors(), "{:?}", generated.diagnostics.iter().next());
            assert_eq!(generated.report.skipped_operations, 0);
            generated.report
        });
        let [one, two] = generated.map(|report| report.operations);
        assert_eq!((one, two), (28, 56));
    }
}
