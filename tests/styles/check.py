"""Reads requests by the style table of OpenAPI and says where they are not what the document asks for.

An independent reading: written from the specification's text, without any code of the compiler or of the runtime. Each value is
taken out of the request as its style says, held against its schema, and written again by the style; what comes out must be what was
sent. Used by tests/tests/styles.rs.

Input (standard input): {"document": ..., "requests": [{"operation", "full", "method", "target", "headers", "body"}]}, bodies as
Latin-1 text, so that every byte is one character. With a port as argument the requests are also sent to a server on loopback which
judges them (Prism), and what that has against them is added.
Output: {"checked": {what: how often}, "faults": [...]}.
"""

import collections
import email.parser
import http.client
import json
import re
import sys
from urllib.parse import quote, unquote

UNRESERVED = re.compile(r"^[A-Za-z0-9._~-]*$")
RESERVED = ":/?#[]@!$&'()*+,;="


class Bad(Exception):
    """What a request has that the document does not allow."""


class Document:
    def __init__(self, root):
        self.root = root
        self.old = "swagger" in root

    def follow(self, node):
        for _ in range(50):
            if not isinstance(node, dict) or "$ref" not in node:
                return node
            at = self.root
            for word in node["$ref"].removeprefix("#/").split("/"):
                at = at[unquote(word).replace("~1", "/").replace("~0", "~")]
            node = at
        raise Bad("a circle of references")

    def kinds(self, schema, depth=0):
        """The JSON types that a schema allows; all of them where it does not say."""
        every = {"string", "integer", "number", "boolean", "array", "object", "null"}
        schema = self.follow(schema)
        if not isinstance(schema, dict) or depth > 20:
            return every
        given = schema.get("type")
        if isinstance(given, str):
            found = {"string"} if given == "file" else {given}
        elif isinstance(given, list):
            found = set(given)
        elif "properties" in schema:
            found = {"object"}
        elif "items" in schema:
            found = {"array"}
        else:
            found = set(every)
        for part in schema.get("allOf", []):
            found &= self.kinds(part, depth + 1)
        for word in ("oneOf", "anyOf"):
            if schema.get(word):
                found &= set().union(*(self.kinds(branch, depth + 1) for branch in schema[word]))
        return found or every

    def members(self, schema, depth=0):
        """The declared members of an object, those of all parts and branches."""
        schema = self.follow(schema)
        if not isinstance(schema, dict) or depth > 20:
            return {}
        found = dict(schema.get("properties", {}))
        for word in ("allOf", "oneOf", "anyOf"):
            for part in schema.get(word, []):
                found.update(self.members(part, depth + 1))
        return found

    def items(self, schema, depth=0):
        """What an array holds."""
        schema = self.follow(schema)
        if not isinstance(schema, dict) or depth > 20:
            return {}
        if "items" in schema:
            return schema["items"]
        for word in ("allOf", "oneOf", "anyOf"):
            for part in schema.get(word, []):
                found = self.items(part, depth + 1)
                if found:
                    return found
        return {}

    def binary(self, schema, depth=0):
        """Whether bytes are meant, by the schema or by one of its branches."""
        schema = self.follow(schema)
        if not isinstance(schema, dict) or depth > 20:
            return False
        if schema.get("format") in ("binary", "base64") or schema.get("type") == "file" or "contentMediaType" in schema:
            return True
        return any(self.binary(part, depth + 1) for word in ("allOf", "oneOf", "anyOf") for part in schema.get(word, []))

    def open(self, schema):
        """Whether members that are not declared may come."""
        return self.follow(schema).get("additionalProperties") is not False

    def text(self, schema, text, where):
        """Holds a value that came as text against its schema."""
        schema = self.follow(schema)
        kinds = self.kinds(schema)
        scalar = kinds - {"array", "object"}
        ok = "string" in scalar
        ok |= "integer" in scalar and re.fullmatch(r"-?\d+", text) is not None
        ok |= "number" in scalar and re.fullmatch(r"-?\d+(\.\d+)?([eE][+-]?\d+)?", text) is not None
        ok |= "boolean" in scalar and text in ("true", "false")
        if not ok:
            raise Bad(f"{where}: {text!r} is none of {sorted(kinds)}")
        values = schema.get("enum") if isinstance(schema, dict) else None
        if values and text not in [v if isinstance(v, str) else json.dumps(v) for v in values]:
            raise Bad(f"{where}: {text!r} is not in the enum")

    def json(self, schema, value, where, depth=0):
        """Holds a JSON value against its schema: its type, required members, and what lies below."""
        schema = self.follow(schema)
        if not isinstance(schema, dict) or depth > 30:
            return
        kinds = self.kinds(schema)
        is_a = {
            "null": value is None,
            "boolean": isinstance(value, bool),
            "integer": isinstance(value, (int, float)) and not isinstance(value, bool) and value == int(value),
            "number": isinstance(value, (int, float)) and not isinstance(value, bool),
            "string": isinstance(value, str),
            "array": isinstance(value, list),
            "object": isinstance(value, dict),
        }
        if schema.get("nullable"):
            kinds = kinds | {"null"}
        if not any(is_a[kind] for kind in kinds):
            raise Bad(f"{where}: {value!r} is none of {sorted(kinds)}")
        if isinstance(value, list):
            for i, item in enumerate(value):
                self.json(self.items(schema), item, f"{where}[{i}]", depth + 1)
        if isinstance(value, dict):
            for name in schema.get("required", []):
                if name not in value and not self.follow(schema.get("properties", {}).get(name, {})).get("readOnly"):
                    raise Bad(f"{where}: {name} is missing")
            if not (schema.get("oneOf") or schema.get("anyOf")):
                for name, below in self.members(schema).items():
                    if name in value:
                        self.json(below, value[name], f"{where}.{name}", depth + 1)


# Writing: the style table.


def spell(text, reserved=False):
    """RFC 3986 percent-encoding; `reserved`: what has a meaning in an address stays, and so do triplets."""
    return quote(text, safe=RESERVED if reserved else "")


def written(style, explode, name, value, pen):
    """A value by its style: RFC 6570's expressions, and what OpenAPI adds to them."""
    name = pen(name)
    pairs = [(pen(k), pen(v)) for k, v in value.items()] if isinstance(value, dict) else None
    if style in ("simple", "label"):
        lead, glue = ("", ",") if style == "simple" else (".", "." if explode else ",")
        if pairs is not None:
            return lead + glue.join(f"{k}={v}" if explode else f"{k},{v}" for k, v in pairs) if not (
                style == "label" and not explode
            ) else lead + ",".join(f"{k},{v}" for k, v in pairs)
        return lead + (glue.join(pen(v) for v in value) if isinstance(value, list) else pen(value))
    if style == "matrix":
        if pairs is not None:
            return "".join(f";{k}={v}" for k, v in pairs) if explode else f";{name}=" + ",".join(f"{k},{v}" for k, v in pairs)
        if isinstance(value, list):
            return "".join(f";{name}={pen(v)}" for v in value) if explode else f";{name}=" + ",".join(map(pen, value))
        return f";{name}={pen(value)}" if value else f";{name}"
    glue = {"form": ",", "spaceDelimited": "%20", "pipeDelimited": "%7C", "tabDelimited": "%09"}.get(style)
    if style == "deepObject":
        return "&".join(f"{name}{k}={pen(v)}" for k, v in value)
    if pairs is not None:
        return "&".join(f"{k}={v}" for k, v in pairs) if explode else f"{name}=" + glue.join(f"{k}{glue}{v}" for k, v in pairs)
    if isinstance(value, list):
        return "&".join(f"{name}={pen(v)}" for v in value) if explode else f"{name}=" + glue.join(map(pen, value))
    return f"{name}={pen(value)}"


def halves(text, glue):
    items = text.split(glue)
    if len(items) % 2:
        raise Bad(f"{text!r} is no list of names and values")
    return {unquote(items[i]): unquote(items[i + 1]) for i in range(0, len(items), 2)}


def assigned(items, what):
    found = {}
    for item in items:
        name, sign, value = item.partition("=")
        if not sign:
            raise Bad(f"{what}: {item!r} has no `=`")
        found[unquote(name)] = unquote(value)
    return found


class Request:
    """One request, and what of it has been accounted for."""

    def __init__(self, document, sample, checked):
        self.document, self.sample, self.checked = document, sample, checked
        path, _, query = sample["target"].partition("?")
        self.path = path
        self.pairs = [p for p in query.split("&") if p]
        self.headers = dict(sample["headers"])
        cookies = self.headers.pop("cookie", "")
        self.cookies = [c.strip() for c in cookies.split(";") if c.strip()]

    def count(self, what):
        self.checked[what] += 1

    def kind_of(self, schema, raw_is_list):
        kinds = self.document.kinds(schema) - {"null"}
        if kinds == {"array"}:
            return list
        if kinds == {"object"}:
            return dict
        if "array" in kinds and raw_is_list:
            return list
        return str

    def take_query(self, name, style, explode, schema, reserved):
        doc = self.document
        own = [p for p in self.pairs if unquote(p.partition("=")[0]) == name]
        kind = self.kind_of(schema, len(own) > 1)
        if style == "deepObject":
            lead = spell(name)
            own = [p for p in self.pairs if re.match(re.escape(lead) + r"(\[|%5B)", p)] or own
            if not own:
                return None
            value = []
            for pair in own:
                key, _, text = pair.partition("=")
                value.append((key[len(lead):], unquote(text)))
            again = written(style, explode, name, value, lambda t: spell(t, reserved))
            # The brackets may be written either way; keys between them are encoded.
            for key, _ in value:
                if not re.fullmatch(r"((\[|%5B)[A-Za-z0-9._~%-]*(\]|%5D))*", key):
                    raise Bad(f"{name}: the key {key!r}")
            members = doc.members(schema)
            for key, text in value:
                words = [unquote(w) for w in re.findall(r"(?:\[|%5B)(.*?)(?:\]|%5D)", key)]
                if words and words[0] in members and len(words) == 1:
                    doc.text(members[words[0]], text, f"{name}[{words[0]}]")
        elif kind is dict and explode:
            members = doc.members(schema)
            own = [p for p in self.pairs if unquote(p.partition("=")[0]) in members]
            if not own:
                return None
            value = assigned(own, name)
            for key, text in value.items():
                doc.text(members[key], text, f"{name}.{key}")
            again = written(style, explode, name, value, lambda t: spell(t, reserved))
        elif not own:
            return None
        elif kind is list and explode:
            value = [unquote(p.partition("=")[2]) for p in own]
            for text in value:
                doc.text(doc.items(schema), text, f"{name}[]")
            again = written(style, True, name, value, lambda t: spell(t, reserved))
        else:
            if len(own) != 1:
                raise Bad(f"{name}: {len(own)} times in the query")
            raw = own[0].partition("=")[2]
            glue = {"form": ",", "spaceDelimited": "%20", "pipeDelimited": "%7C", "tabDelimited": "%09"}[style]
            if kind is list:
                value = [unquote(t) for t in raw.split(glue)]
                for text in value:
                    doc.text(doc.items(schema), text, f"{name}[]")
            elif kind is dict:
                value = halves(raw, glue)
                for key, text in value.items():
                    doc.text(doc.members(schema).get(key, {}), text, f"{name}.{key}")
            else:
                value = unquote(raw)
                doc.text(schema, value, name)
            again = written(style, explode, name, value, lambda t: spell(t, reserved))
        for pair in own:
            self.pairs.remove(pair)
        self.same("&".join(own), again, name, reserved)
        return value

    @staticmethod
    def same(sent, again, name, reserved=False):
        """Equal but for what RFC 3986 lets stay as it is, and brackets, which the specification itself does not encode."""
        plain = lambda text: re.sub(r"%5[BbDd]|[\[\]]", "|", text)
        # A query component may hold `:@!$'()*;/?` and `,` unencoded without a change of meaning where it delimits nothing.
        loose = lambda text: re.sub("%(3A|40|21|24|27|28|29|2A|3B|2F|3F)", lambda m: chr(int(m[1], 16)), plain(text))
        if plain(sent) != plain(again) and loose(sent) != loose(again):
            raise Bad(f"{name}: {sent!r} was sent, {again!r} is right")

    def parameter(self, p):
        doc = self.document
        name, place = p["name"], p["in"]
        schema = p if doc.old else p.get("schema", {})
        content = p.get("content")
        default = {"path": "simple", "header": "simple", "query": "form", "cookie": "form"}.get(place)
        style = p.get("style", default)
        explode = p.get("explode", style == "form")
        if doc.old:
            joined = {"csv": "form", "ssv": "spaceDelimited", "tsv": "tabDelimited", "pipes": "pipeDelimited"}
            way = p.get("collectionFormat", "csv")
            explode = way == "multi"
            style = default if place in ("path", "header") else joined.get(way, "form")
        reserved = p.get("allowReserved", False)
        if content:
            media = next(iter(content))
            raw = self.raw(name, place)
            if raw is None:
                value = None
            elif "json" in media:
                value = json.loads(raw)
                doc.json(content[media].get("schema", {}), value, name)
            else:
                value = raw
            self.count(f"{place} content {media}")
        elif place == "query":
            value = self.take_query(name, style, explode, schema, reserved)
            if value is not None:
                self.count(f"query {style}{' exploded' if explode else ''} {type(value).__name__}")
        elif place == "path":
            value = self.path_values.get(name)
            if value is None:
                raise Bad(f"{name} is not in the path")
            value = self.take_list(name, value, style, explode, schema, spell)
            self.count(f"path {style} {type(value).__name__}")
        elif place == "header":
            raw = self.headers.pop(name.lower(), None)
            value = None if raw is None else self.take_list(name, raw, style, explode, schema, lambda t: t, lambda t: t)
            if value is not None:
                self.count(f"header {type(value).__name__}")
        elif place == "cookie":
            raw = self.raw(name, "cookie")
            value = raw
        else:
            raise Bad(f"{name}: in {place}")
        if value is None and p.get("required"):
            raise Bad(f"{name} is required and not sent")
        if value is None and self.sample["full"]:
            self.checked["left out of a full request"] += 1

    def raw(self, name, place):
        if place == "header":
            return self.headers.pop(name.lower(), None)
        if place == "path":
            return unquote(self.path_values.get(name, ""))
        held = self.pairs if place == "query" else self.cookies
        own = [p for p in held if unquote(p.partition("=")[0]) == name]
        if not own:
            return None
        held.remove(own[0])
        return unquote(own[0].partition("=")[2])

    def take_list(self, name, raw, style, explode, schema, pen, back=unquote):
        doc = self.document
        kind = self.kind_of(schema, False)
        body = raw
        if style == "label":
            body = raw.removeprefix(".")
        if style == "matrix":
            body = raw.removeprefix(";")
        if kind is list:
            if style == "matrix":
                items = [i.partition("=")[2] for i in body.split(";")] if explode else body.partition("=")[2].split(",")
            else:
                items = body.split("." if style == "label" and explode else ",")
            value = [back(i) for i in items]
            for text in value:
                doc.text(doc.items(schema), text, f"{name}[]")
        elif kind is dict:
            glue = {"simple": ",", "label": "." if explode else ",", "matrix": ";" if explode else ","}[style]
            if style == "matrix" and not explode:
                body = body.partition("=")[2]
            value = assigned(body.split(glue), name) if explode else halves(body, glue)
            for key, text in value.items():
                doc.text(doc.members(schema).get(key, {}), text, f"{name}.{key}")
        else:
            value = back(body.partition("=")[2] if style == "matrix" else body)
            doc.text(schema, value, name)
        self.same(raw, written(style, explode, name, value, pen), name)
        return value

    def route(self):
        """The path item and the operation, and what stands in the braces of the template."""
        best = None
        for template, item in self.document.root["paths"].items():
            item = self.document.follow(item)
            operation = item.get(self.sample["method"].lower())
            if not operation:
                continue
            names = re.findall(r"\{([^}]*)\}", template)
            fixed = re.sub(r"#.*", "", template)
            pattern = re.sub(r"\\\{[^}]*\\\}", "([^/]*)", re.escape(fixed))
            found = re.fullmatch(f"(?:.*?){pattern}", self.path)
            if found and (best is None or len(names) < best[0]):
                best = (len(names), item, operation, dict(zip(names, found.groups())))
        if best is None:
            raise Bad(f"there is no {self.sample['method']} {self.path}")
        _, item, operation, self.path_values = best
        return item, operation

    def check(self):
        doc = self.document
        item, operation = self.route()
        own = [doc.follow(p) for p in operation.get("parameters", [])]
        keys = {(p["name"], p["in"]) for p in own}
        above = [doc.follow(p) for p in item.get("parameters", [])]
        parameters = own + [p for p in above if (p["name"], p["in"]) not in keys]
        given = [p for p in parameters if p["in"] not in ("body", "formData")]
        special = ("accept", "content-type", "authorization")
        # What explodes into members of its own comes last: names that stand for themselves are theirs.
        given.sort(key=lambda p: doc.kinds(p if doc.old else p.get("schema", {})) == {"object"})
        for p in given:
            if not (p["in"] == "header" and p["name"].lower() in special):
                self.parameter(p)
        if self.pairs:
            raise Bad(f"in the query and not in the document: {self.pairs}")
        if self.cookies:
            raise Bad(f"cookies that are not in the document: {self.cookies}")
        ours = {"accept", "accept-encoding", "content-type", "content-length", "user-agent", "authorization", "host"}
        unknown = set(self.headers) - ours
        if unknown:
            raise Bad(f"headers that are not in the document: {sorted(unknown)}")
        self.body(operation, parameters)

    def body(self, operation, parameters):
        doc = self.document
        if doc.old:
            whole = next((p for p in parameters if p["in"] == "body"), None)
            form = {p["name"]: p for p in parameters if p["in"] == "formData"}
            kinds = operation.get("consumes", doc.root.get("consumes", ["application/json"]))
            if form:
                kinds = kinds if any("form" in k for k in kinds) else ["multipart/form-data", "application/x-www-form-urlencoded"]
            schema = whole.get("schema", {}) if whole else {"type": "object", "properties": form}
            required = bool(whole and whole.get("required")) or any(p.get("required") for p in form.values())
            content = {k: {"schema": schema} for k in kinds} if whole or form else {}
        else:
            body = doc.follow(operation.get("requestBody", {}))
            content, required = body.get("content", {}), body.get("required", False)
        sent, media = self.sample["body"], self.headers.get("content-type")
        if not sent:
            # A multipart body has at least one part (RFC 2046), so none is sent where no part is required.
            parts = [k for k in content if k.startswith("multipart/")]
            if required and media is None and len(parts) < len(content):
                raise Bad("the body is required and not sent")
            for k in parts:
                if required and doc.follow((content[k] or {}).get("schema", {})).get("required"):
                    raise Bad("the body is required and not sent")
            return
        if not content:
            raise Bad("a body that the document does not have")
        essence = (media or "").partition(";")[0].strip().lower()
        declared = {k.partition(";")[0].strip().lower(): v for k, v in content.items()}
        fits = [k for k in declared if k == essence or re.fullmatch(re.escape(k).replace(r"\*", ".*"), essence)]
        if not fits:
            raise Bad(f"the body is {media}, the document has {sorted(content)}")
        kind = declared[fits[0]] or {}
        schema, encoding = kind.get("schema", {}), kind.get("encoding", {})
        self.count(f"body {essence}")
        if essence.endswith("json"):
            doc.json(schema, json.loads(sent), "body")
        elif essence == "application/x-www-form-urlencoded":
            self.form(schema, encoding, sent)
        elif essence.startswith("multipart/"):
            self.parts(schema, encoding, sent, media)

    def form(self, schema, encoding, sent):
        """A form is a query: each property by its encoding, form style by default."""
        doc = self.document
        held, self.pairs = self.pairs, [p for p in sent.replace("+", "%20").split("&") if p]
        for name, below in doc.members(schema).items():
            how = encoding.get(name, {})
            below_kinds = doc.kinds(below) - {"null"}
            styled = any(word in how for word in ("style", "explode", "allowReserved"))
            if doc.old:
                how, styled = {"explode": below.get("collectionFormat") == "multi"}, True
            if not styled and below_kinds == {"object"}:
                raw = self.raw(name, "query")
                value = None if raw is None else json.loads(raw)
            else:
                style = how.get("style", "form")
                value = self.take_query(name, style, how.get("explode", style == "form"), below, how.get("allowReserved", False))
            if value is None and name in doc.follow(schema).get("required", []):
                raise Bad(f"{name} is required and not in the form")
            if value is not None:
                self.count(f"form {type(value).__name__}{' encoded' if how else ''}")
        # An object that declares no members is a map to a caller, whatever else is said of it.
        if self.pairs and doc.members(schema) and not doc.open(schema):
            raise Bad(f"in the form and not in the document: {self.pairs}")
        self.pairs = held

    def parts(self, schema, encoding, sent, media):
        doc = self.document
        text = f"Content-Type: {media}\r\nMIME-Version: 1.0\r\n\r\n{sent}"
        message = email.parser.BytesParser().parsebytes(text.encode("latin-1"))
        if not message.is_multipart():
            raise Bad("a multipart body without parts")
        members, seen = doc.members(schema), collections.Counter()
        for part in message.get_payload():
            name = part.get_param("name", header="content-disposition")
            if name not in members:
                if doc.open(schema):
                    continue
                raise Bad(f"the part {name!r} is not in the document")
            seen[name] += 1
            below, how = doc.follow(members[name]), encoding.get(name, {})
            kinds = doc.kinds(below) - {"null"}
            each = kinds == {"array"}
            inner = doc.follow(doc.items(below)) if each else below
            inner_kinds = doc.kinds(inner) - {"null"}
            data = part.get_payload(decode=True)
            sort = part.get_content_type() if part["content-type"] else None
            wanted = [w.strip() for w in how.get("contentType", "").split(",") if w.strip()]
            binary = doc.binary(inner)
            if wanted:
                if not any(re.fullmatch(re.escape(w).replace(r"\*", ".*"), sort or "text/plain") for w in wanted):
                    raise Bad(f"the part {name!r} is {sort}, its encoding says {wanted}")
            elif binary:
                if sort is None or sort == "text/plain":
                    raise Bad(f"the part {name!r} is binary and sent as {sort}")
            elif inner_kinds == {"object"}:
                if sort != "application/json":
                    raise Bad(f"the part {name!r} is an object and sent as {sort}")
            elif inner_kinds <= {"string", "integer", "number", "boolean"} and sort not in (None, "text/plain"):
                raise Bad(f"the part {name!r} is {sorted(inner_kinds)} and sent as {sort}")
            if sort == "application/json" and not binary:
                doc.json(inner if each and not wanted else below, json.loads(data), name)
            elif not binary and inner_kinds <= {"string", "integer", "number", "boolean"}:
                doc.text(inner, data.decode(), name)
            self.count(f"part {'list of ' if each else ''}{'binary' if binary else '/'.join(sorted(inner_kinds))[:24]}")
        for name in doc.follow(schema).get("required", []):
            if not seen[name] and not doc.follow(members.get(name, {})).get("readOnly"):
                raise Bad(f"the part {name!r} is required and missing")
        for name, times in seen.items():
            if times > 1 and "array" not in doc.kinds(members[name]):
                raise Bad(f"the part {name!r} comes {times} times and is no array")


def judged(port, sample):
    """What a server that plays the document has against a request."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {k: v for k, v in sample["headers"].items() if k not in ("host", "accept", "content-length")}
    # What it would answer is not the question here.
    headers["prefer"] = "dynamic=false"
    connection.request(sample["method"], sample["target"], sample["body"].encode("latin-1") or None, headers)
    response = connection.getresponse()
    response.read()
    said = response.getheader("sl-violations") or "[]"
    said = said.removeprefix("Too many violations! ")
    found = json.loads(said) if said.startswith("[") else [{"location": ["request"], "message": said}]
    # That a parameter is deprecated is said here too, and breaks nothing.
    against = [v for v in found if v["location"][0] == "request" and not v["message"].endswith(" is deprecated")]
    return [f"prism: {v['message']} at {v['location']}" for v in against]


def main():
    given = json.load(sys.stdin)
    document, checked, faults = Document(given["document"]), collections.Counter(), []
    for sample in given["requests"]:
        name = f"{sample['method']} {sample['operation']}{' with everything' if sample['full'] else ''}"
        try:
            Request(document, sample, checked).check()
        except (Bad, ValueError, KeyError) as fault:
            faults.append(f"{name}: {type(fault).__name__ if not isinstance(fault, Bad) else 'style'}: {fault}")
        if len(sys.argv) > 1:
            faults += [f"{name}: {fault}" for fault in judged(int(sys.argv[1]), sample)]
    json.dump({"checked": checked, "faults": faults}, sys.stdout)


if __name__ == "__main__":
    main()
