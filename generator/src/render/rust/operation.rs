//! Operations → handles, endpoint functions, builders: data that the runtime sends, nothing more.

use std::sync::Arc;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::alias;
use super::args::Arg;
use super::docs;
use super::model::words;
use super::operation_docs::{READ, exclusive, operation_docs};
use super::operation_example::example;
use super::setter::{constant as only_value, one_call, setter};
use super::shared_setters::{Commons, selects};
use super::types::{How, doc, ident_of};
use crate::analyze::{Asynchronous, Authentication, Case, Proof, Success};
use crate::ir::{
    Body, Content, Docs, Location, Operation, SecurityKind, Server, Servers, Type, TypeKind, Use, Written,
};
use crate::name::{AnswerNames, Setter, SetterOf};
use crate::render::{Input, Op, Part, RustFile, Sink};

/// One file a tag, and `src/api/mod.rs`.
pub(in crate::render) fn files<'a>(input: Input<'a>, lib: &'a str) -> Vec<RustFile<'a>> {
    let mut out = Vec::new();
    let mut mods = Vec::new();
    let (mut uses, mut requests) = (Vec::new(), Vec::new());
    let mut accessors = Vec::new();
    let (commons, shared) = Commons::of(input);
    let commons = Arc::new(commons);
    for (t, (tag, names)) in input.api.tags.iter().zip(&input.names.tags).enumerate() {
        let module = ident_of(&crate::name::module_ident(&names.module));
        let handle = ident_of(&names.handle);
        let accessor = ident_of(&names.accessor);
        let of_tag = Arc::clone(&commons);
        let part = Part::new(move |sink| self::tag((input, lib), t, &of_tag, sink));
        let items = vec![quote! { use crate::runtime::{self, __private}; use crate::{client, models}; }];
        let head = vec![format!("Operations of {}.", docs::code(&tag.wire))];
        let file = RustFile::new(format!("src/api/{}.rs", names.module), head, items);
        out.push(RustFile { parts: vec![part], ..file });
        let own = input.operations().enumerate().filter(|(_, op)| op.declared.tag == t);
        let own = own.flat_map(|(i, op)| request_names(input, i, op));
        let gate = super::features::gate(input, t);
        mods.push(quote! { #gate mod #module; });
        uses.push(quote! { #gate pub use #module::#handle; });
        requests.push(quote! { #gate pub use super::#module::{#(#own),*}; });
        let first = docs::first_sentence(&tag.description);
        let line = if first.is_empty() { format!("The operations of {}.", docs::code(&tag.wire)) } else { first };
        let line = doc(&[line]);
        accessors.push(quote! {
            #line
            #gate
            #[inline]
            pub fn #accessor(&self) -> #handle<'_> { crate::client::handle(self) }
        });
    }
    alias::handles(input, &mut accessors, &mut uses);
    let mut items = mods;
    items.extend(uses);
    items.push(quote! {
        /// The requests of all operations, each with its setters, and what operations with several results give. They are made by the
        /// functions of the handles: [`api`](crate::api) lists those.
        pub mod requests { #(#requests)* }
    });
    if !accessors.is_empty() {
        items.push(quote! {
            /// The handles of the API's parts.
            impl crate::client::Client {
                #(#accessors)*
            }
        });
    }
    let mut head = vec!["The parts of the API: for each a handle, which has a function for each operation.".to_owned()];
    head.extend([String::new(), "What the functions give until they are sent is in [`requests`].".to_owned()]);
    if !commons.errors.is_empty() {
        head.extend(
            [
                "",
                "# Errors",
                "",
                "Most operations fail in these ways; what is listed at an operation goes beyond them.",
                "",
            ]
            .map(str::to_owned),
        );
        head.extend(commons.errors.iter().map(|(status, text)| format!("- {status}: {text}")));
        if commons.errors.iter().any(|(_, text)| text.contains("](crate::models::")) {
            head.extend([String::new(), READ.to_owned()]);
        }
    }
    items.extend(shared);
    out.push(RustFile::new("src/api/mod.rs", head, items));
    out
}

/// The names of what an operation has in `requests`.
fn request_names<'a>(input: Input<'a>, i: usize, op: Op<'a>) -> impl Iterator<Item = Ident> + 'a {
    let names = op.names;
    let answer = names.answer.as_ref().filter(|_| matches!(op.call.success, Success::Several(_)));
    let headers = names.headers.as_ref().map(|headers| &headers.ty);
    let all = [Some(&names.builder), answer.map(|answer| &answer.ty), names.args.as_ref(), headers];
    all.into_iter().flatten().map(|name| ident_of(name)).chain(alias::names_of_builder(input, i))
}

/// The handle of a tag, with all its operations.
fn tag((input, lib): (Input<'_>, &str), t: usize, commons: &Commons<'_>, sink: Sink<'_>) {
    let (Some(tag), Some(names)) = (input.api.tags.get(t), input.names.tags.get(t)) else { return };
    let handle = ident_of(&names.handle);
    let mut made = Items::default();
    for (i, op) in input.operations().enumerate().filter(|(_, op)| op.declared.tag == t) {
        operation((input, lib), (i, op), &handle, commons, &mut made);
        alias::items_of_builder(input, i, &mut made);
    }
    let Items { mut methods, markers, rest } = made;
    methods.extend(alias::methods(input, t));
    let mut lines = docs::lines(&tag.description);
    if lines.is_empty() {
        lines.push(format!("The operations of {}.", docs::code(&tag.wire)));
    }
    if let Some(only) = exclusive(input, t) {
        lines.extend([String::new(), only]);
    }
    let reached = names.accessor.as_str().trim_start_matches("r#");
    lines.extend([String::new(), format!("[`Client::{reached}`](crate::Client::{reached}) gives it.")]);
    let about = doc(&lines);
    sink(quote! {
        #about
        pub type #handle<'c> = client::Handle<'c, of::#handle>;
    });
    sink(quote! {
        impl #handle<'_> { #(#methods)* }
    });
    sink(quote! {
        /// Marker types: one for this part of the API, and one for each of its operations.
        mod of {
            pub enum #handle {}
            #(#markers)*
        }
    });
    rest.into_iter().for_each(sink);
}

/// What the operations of a tag give.
#[derive(Default)]
pub(super) struct Items {
    /// The functions of the handle.
    methods: Vec<TokenStream>,
    /// The marker types of the requests.
    pub(super) markers: Vec<TokenStream>,
    /// The requests, and the data they send.
    pub(super) rest: Vec<TokenStream>,
}

fn operation(
    (input, lib): (Input<'_>, &str),
    (i, op): (usize, Op<'_>),
    handle: &Ident,
    commons: &Commons<'_>,
    out: &mut Items,
) {
    let Op { declared: o, names, call, flat } = op;
    let Items { methods, markers, rest } = out;
    let builder = ident_of(&names.builder);
    let constant = ident_of(&names.constant);
    let method = ident_of(&names.method);
    let (result, read) = success(input, op);
    if let (Success::Several(cases), Some(answer)) = (&call.success, &names.answer) {
        rest.extend(several(input, o, cases, answer));
    }
    rest.push(static_item(input, op, &constant));

    let args = names.args.as_ref().map(|args| ident_of(args));
    let how = if args.is_some() { How::Field } else { How::Argument };
    let mut arguments = Vec::new();
    let mut fills = Vec::new();
    for s in &names.plan.arguments {
        let ident = ident_of(&s.ident);
        if let Some((ty, set)) = setter(input, op, s, (&ident, how), &quote! { request }) {
            let (lines, docs, secret) = setter_docs(op, s);
            arguments.push(Arg { ident, ty, lines, deprecated: input.deprecated_call(&docs), secret });
            fills.push(set);
        }
    }
    let idents = arguments.iter().map(|arg| &arg.ident);
    let taken = match &args {
        Some(args) => {
            fills.insert(0, quote! { let #args { #(#idents),* } = args; });
            quote! { args: #args }
        }
        None => {
            let types = arguments.iter().map(|arg| &arg.ty);
            quote! { #(#idents: #types),* }
        }
    };
    if let Some(args) = &args {
        let function = format!("{handle}::{}", method.to_string().trim_start_matches("r#"));
        rest.push(super::args::item(args, &function, &arguments));
    }
    let argument_of = |of| names.plan.arguments.iter().find(|s| s.of == of).map(|s| ident_of(&s.ident));
    if let (Some(mfa), Some(token)) = (argument_of(SetterOf::Mfa), argument_of(SetterOf::Token)) {
        fills.push(quote! { request.resume(#mfa, #token); });
    }
    fills.extend(names.plan.constants.iter().filter_map(|of| only_value(input, op, *of, &quote! { request })));
    for (k, v) in &o.fixed_query {
        fills.push(quote! { request.query(#k, &#v, runtime::Style::Form); });
    }
    // A required body of optional members is an object, or a form, even when the caller sets none of them. A multipart body has
    // at least one part, by RFC 2046.
    let object = match o.body.as_ref().filter(|body| flat.is_some() && body.required).map(|body| &body.content) {
        Some(Content::Json(_)) => Some(quote! { request.object(); }),
        Some(Content::Form(_)) => Some(quote! { request.form_body(&runtime::Map::<String>::new()); }),
        _ => None,
    };
    if let Some(media) = o.body.as_ref().and_then(own_content_type) {
        fills.push(quote! { request.content_type(#media); });
    }
    let request = quote! { client::request(self, &#constant, #read) };
    let body = match (&object, fills.is_empty()) {
        (None, true) => quote! { client::builder(#request) },
        _ => quote! { let mut request = #request; #object #(#fills)* client::builder(request) },
    };
    let mut lines = operation_docs(input, i, op, &commons.errors);
    lines.extend(example(input, op, lib).into_iter().flatten());
    let lines = doc(&lines);
    let deprecated = input.deprecated_call(&o.docs);
    let id = &o.id;
    let alias = usable_alias(id, &method).then(|| quote! { #[doc(alias = #id)] });
    methods.push(quote! {
        #lines
        #alias
        #deprecated
        #[inline]
        pub fn #method(&self, #taken) -> #builder {
            #body
        }
    });
    let about = doc(&[format!("The request of [`{handle}::{}`].", method.to_string().trim_start_matches("r#"))]);
    rest.push(quote! {
        #about
        pub type #builder = client::Builder<#result, of::#builder>;
    });
    markers.push(quote! { pub enum #builder {} });
    if call.page.is_some() {
        markers.push(quote! { impl crate::client::PagedOperation for #builder {} });
    }
    let mut setters = Vec::new();
    for s in &names.plan.setters {
        if !commons.has(op, s) {
            setters.extend(method_of(input, op, s));
        }
    }
    if selects(op) && commons.has_selection() {
        markers.push(quote! { impl crate::client::FieldSelection for #builder {} });
    }
    if let Some(Asynchronous { header, value }) = &call.asynchronous {
        setters.push(quote! {
            /// Has the API accept the request and answer later: the result is the acceptance.
            ///
            /// An API that answers at once all the same gives an error of kind
            /// [`AnsweredAtOnce`](crate::ErrorKind::AnsweredAtOnce), which holds what came:
            /// [`Error::read`](crate::Error::read) reads it.
            #[inline]
            pub fn asynchronous(self) -> runtime::Request<runtime::Accepted> {
                self.request.asynchronous(#header, #value, __private::decode_accepted)
            }
        });
    }
    if !setters.is_empty() {
        rest.push(quote! { impl #builder { #(#setters)* } });
    }
    super::headers::items(input, op, &handle.to_string(), out);
}

/// A setter of a request; `None` for what is none.
pub(super) fn method_of(input: Input<'_>, op: Op<'_>, s: &Setter) -> Option<TokenStream> {
    let ident = ident_of(&s.ident);
    let value = ident_of("value");
    let (argument, set) = setter(input, op, s, (&value, How::Argument), &quote! { self.request })?;
    let (receiver, body) = match one_call(input, op, s, &value) {
        Some(call) => (quote! { self }, call),
        None => (quote! { mut self }, quote! { #set self }),
    };
    if matches!(s.of, SetterOf::Mfa | SetterOf::Token) {
        return None;
    }
    let (mut lines, docs_of, _) = setter_docs(op, s);
    if selects_by(op, s) {
        lines.extend(PARTIAL.iter().map(|line| (*line).to_owned()));
    }
    let lines = doc(&lines);
    let deprecated = input.deprecated_call(&docs_of);
    Some(quote! {
        #lines
        #deprecated
        #[inline]
        pub fn #ident(#receiver, #value: #argument) -> Self { #body }
    })
}

/// What is said of an argument or setter, where that comes from, and whether its value is a secret whose type prints it.
fn setter_docs(op: Op<'_>, s: &Setter) -> (Vec<String>, Docs, bool) {
    let own = |text: String| (Docs::default(), text, false);
    let body = op.declared.body.as_ref();
    let (docs_of, fallback, secret) = match s.of {
        SetterOf::Mfa => own("What [`Error::mfa`](crate::Error::mfa) of the interrupted call holds.".to_owned()),
        SetterOf::Token => own("The token of the end user.".to_owned()),
        SetterOf::Parameter(i) => match op.declared.parameters.get(i) {
            Some(p) => (p.docs.clone(), format!("The parameter {}.", docs::code(&p.wire)), p.secret),
            None => own(String::new()),
        },
        SetterOf::Member(i) => match op.member(i) {
            Some(f) => (f.docs.clone(), format!("The member {}.", docs::code(&f.wire)), f.secret),
            None => own(String::new()),
        },
        SetterOf::Body => (body.map(|b| b.docs.clone()).unwrap_or_default(), "The body.".to_owned(), false),
        SetterOf::Other(i) => {
            let media = body.and_then(|b| b.others.get(i)).map(|other| other.media_type.as_str());
            own(format!("The body as {}, in place of any other.", docs::code(media.unwrap_or_default())))
        }
        SetterOf::ContentType => own(body.map(content_types).unwrap_or_default()),
    };
    let mut lines = words(&docs_of);
    if lines.is_empty() {
        lines.push(fallback);
    }
    if let SetterOf::Member(i) = s.of {
        lines.extend(part_docs(op, i));
    }
    (lines, docs_of, secret)
}

/// The content type of a form, where it is another than what the runtime gives it.
fn own_content_type(body: &Body) -> Option<&str> {
    let usual = match body.content {
        Content::Form(_) => "application/x-www-form-urlencoded",
        Content::Multipart(_) => "multipart/form-data",
        Content::Json(_) | Content::Text | Content::Bytes | Content::Events(_) => return None,
    };
    Some(body.media_type.as_str()).filter(|media| *media != usual && !media.contains('*'))
}

/// What is said of the content type that a caller gives.
fn content_types(body: &Body) -> String {
    let all = std::iter::once(&body.media_type).chain(&body.choices).map(|media| docs::code(media));
    format!("The content type of the body: {}.", all.collect::<Vec<_>>().join(", "))
}

/// What is said of the part that a member of a multipart body becomes.
fn part_docs(op: Op<'_>, member: usize) -> Vec<String> {
    let written = op.declared.body.as_ref().zip(op.member(member));
    let Some(member) = written.and_then(|(body, f)| body.member(&f.wire)) else { return Vec::new() };
    let mut lines = Vec::new();
    if let (Written::Upload, Some(content_type)) = (&member.written, &member.content_type) {
        lines.push(format!("It is sent as {} if it has no content type of its own.", docs::code(content_type)));
    }
    if !member.headers.is_empty() {
        let headers = member.headers.iter().map(|name| docs::code(name)).collect::<Vec<_>>().join(", ");
        lines.push(format!(
            "Headers of the part: {headers}; [`Upload::with_header`](crate::client::Upload::with_header)."
        ));
    }
    if !lines.is_empty() {
        lines.insert(0, String::new());
    }
    lines
}

/// Whether a setter makes required members absent on purpose.
pub(super) fn selects_by(op: Op<'_>, s: &Setter) -> bool {
    matches!(s.of, SetterOf::Parameter(i) if op.call.selection.parameters.contains(&i))
}

/// What the documentation of a parameter says that has the API leave members out. A model has no word for a member that
/// may not be null and is not there, and nothing is invented for it.
const PARTIAL: &[&str] = &[
    "",
    "With it members are absent on purpose: they read as `None`, and none of them is a deviation. Members that the model cannot do",
    "without are asked for in any case; to leave one of them out is an error when the call is built.",
];

/// The type that an operation gives, and the function that reads it.
pub(super) fn success(input: Input<'_>, op: Op<'_>) -> (TokenStream, TokenStream) {
    match &op.call.success {
        Success::Nothing => (quote! { () }, quote! { __private::decode_nothing }),
        Success::Outcome => (quote! { runtime::Outcome }, quote! { __private::decode_outcome }),
        Success::One(content) => body_type(input, content),
        Success::Several(_) => {
            let of =
                |name: fn(&AnswerNames) -> &crate::base::Ident| op.names.answer.as_ref().map(|a| ident_of(name(a)));
            let (ty, read) = (of(|answer| &answer.ty), of(|answer| &answer.read));
            (quote! { #ty }, quote! { #read })
        }
    }
}

/// The type of a body and the function that reads it.
pub fn body_type(input: Input<'_>, content: &Content) -> (TokenStream, TokenStream) {
    match content {
        Content::Json(of) => {
            let ty = json_type(input, of);
            (ty.clone(), quote! { runtime::decode })
        }
        Content::Text => (quote! { String }, quote! { __private::decode_text }),
        Content::Events(of) => {
            let of = of.as_ref().map_or(quote! { runtime::Value }, |of| input.ty(&of.ty, &quote! { models:: }));
            (quote! { runtime::Events<#of> }, quote! { __private::decode_events })
        }
        Content::Form(_) | Content::Multipart(_) | Content::Bytes => {
            (quote! { runtime::Bytes }, quote! { __private::decode_bytes })
        }
    }
}

/// Whether an operation answers with events.
pub fn has_events(input: Input<'_>) -> bool {
    let events = |o: &Operation| o.responses.iter().any(|r| matches!(r.content, Some((_, Content::Events(_)))));
    input.api.operations.iter().any(events)
}

/// A JSON body's type: lists of models are records, so that one invalid element costs that element.
pub(in crate::render) fn json_type(input: Input<'_>, of: &Use) -> TokenStream {
    let models = quote! { models:: };
    // `format: binary` under a JSON media type is a document's slip: the body is what it is.
    let ty = match &of.ty {
        Type::List(item)
            if item
                .ty
                .named()
                .is_some_and(|id| !matches!(input.api.get(id).map(|d| &d.kind), Some(TypeKind::Enum(_)) | None)) =>
        {
            let item = input.ty(&item.ty, &models);
            quote! { runtime::Records<#item> }
        }
        ty => input.ty(ty, &models),
    };
    if of.nullable && of.ty != Type::Any {
        quote! { Option<#ty> }
    } else {
        ty
    }
}

/// The enum of what an operation gives by status, and the function that reads it.
fn several(input: Input<'_>, o: &Operation, cases: &[Case], answer: &AnswerNames) -> [TokenStream; 2] {
    let (name, read) = (ident_of(&answer.ty), ident_of(&answer.read));
    let mut variants = Vec::new();
    let mut arms = Vec::new();
    for (case, variant) in cases.iter().zip(&answer.variants) {
        let variant = ident_of(variant);
        let line = format!(" Status {}.", case.status);
        let (held, value) = match &case.content {
            Some(content) => {
                let (ty, read) = body_type(input, content);
                (quote! { (#ty) }, quote! { #read(received).map(|(v, f)| (#name::#variant(v), f)) })
            }
            None => (quote! {}, quote! { __private::decode_nothing(received).map(|((), f)| (#name::#variant, f)) }),
        };
        let pattern = status_pattern(&case.status);
        variants.push(quote! { #[doc = #line] #variant #held });
        // A status of its own goes before its class.
        arms.push((case.status.parse::<u16>().is_err(), quote! { #pattern => #value }));
    }
    arms.sort_by_key(|(is_class, _)| *is_class);
    let arms = arms.into_iter().map(|(_, arm)| arm);
    let about = format!(" What {} gives, by status.", docs::code(&o.id));
    let enumeration = quote! {
        #[doc = #about]
        #[derive(Debug, Clone)]
        #[non_exhaustive]
        pub enum #name { #(#variants),* }
    };
    let reader = quote! {
        fn #read(received: &runtime::Received) -> Result<(#name, runtime::Findings), runtime::Error> {
            match received.status().code() {
                #(#arms,)*
                _ => Err(__private::other_status(received)),
            }
        }
    };
    [enumeration, reader]
}

fn status_pattern(status: &str) -> TokenStream {
    match status.parse::<u16>() {
        Ok(code) => quote! { #code },
        Err(_) => {
            let class = status.chars().next().and_then(|c| c.to_digit(10)).unwrap_or(2) as u16;
            let (low, high) = (class * 100, class * 100 + 99);
            quote! { #low..=#high }
        }
    }
}

fn static_item(input: Input<'_>, op: Op<'_>, constant: &Ident) -> TokenStream {
    let (o, call) = (op.declared, op.call);
    let id = &o.id;
    let path = &o.path;
    let tag = input.api.tags.get(o.tag).map(|t| t.wire.as_str()).unwrap_or_default();
    let method = match o.method.as_str() {
        "get" => quote! { Get },
        "put" => quote! { Put },
        "post" => quote! { Post },
        "delete" => quote! { Delete },
        "options" => quote! { Options },
        "head" => quote! { Head },
        "patch" => quote! { Patch },
        "trace" => quote! { Trace },
        "query" => quote! { Query },
        other => quote! { Other(#other) },
    };
    let statuses: Vec<&str> = o.responses.iter().map(|r| r.status.as_str()).collect();
    let mut extra = Vec::new();
    let retry = ident_of(call.retry.as_str());
    extra.push(quote! { retry: runtime::Retry::#retry });
    if let Some(header) = &call.idempotency_header {
        extra.push(quote! { idempotency_header: Some(#header) });
    }
    if !call.success_statuses.is_empty() {
        let statuses = &call.success_statuses;
        extra.push(quote! { success: &[#(#statuses),*] });
    }
    if let Some(authentication) = authentication(&call.authentication) {
        extra.push(quote! { auth: #authentication });
    }
    match &o.servers {
        Servers::Any => {}
        Servers::Only(servers) => {
            let urls = servers.iter().map(Server::address);
            extra.push(quote! { servers: runtime::Servers::Only(&[#(#urls),*]) });
        }
    }
    if let Some(accept) = &call.accept {
        extra.push(quote! { accept: #accept });
    }
    if let Some(body) = o.body.as_ref().filter(|b| matches!(b.content, Content::Json(_))) {
        let media = body.media_type.as_str();
        // A media range is what may be sent, not what is.
        if !media.contains('*') && media != "application/json" {
            extra.push(quote! { json: #media });
        }
    }
    let selection = &call.selection;
    if !selection.parameters.is_empty() {
        let partial = selection.parameters.iter().filter_map(|i| Some(o.parameters.get(*i)?.wire.as_str()));
        extra.push(quote! { partial: &[#(#partial),*] });
        if let Some(include) = &selection.include {
            let needed = &selection.needed;
            extra.push(quote! { include: #include, needed: &[#(#needed),*] });
        }
    }
    quote! {
        static #constant: runtime::Operation = runtime::Operation {
            id: #id,
            method: runtime::Method::#method,
            path: #path,
            tag: #tag,
            statuses: &[#(#statuses),*],
            #(#extra,)*
            ..runtime::Operation::DEFAULT
        };
    }
}

/// How calls prove who is calling, where that is not with all credentials of the client.
fn authentication(how: &Authentication) -> Option<TokenStream> {
    let alternatives = match how {
        Authentication::Client => return None,
        Authentication::None => return Some(quote! { runtime::Auth::None }),
        Authentication::AnyOf(alternatives) => alternatives,
    };
    let scheme = |proof: &Proof| {
        let (name, scopes) = (&proof.scheme, &proof.scopes);
        let plain = match &proof.kind {
            SecurityKind::Basic => quote! { runtime::Scheme::Basic },
            SecurityKind::Bearer => quote! { runtime::Scheme::Bearer },
            SecurityKind::Token => return quote! { runtime::Scheme::Token(#name, &[#(#scopes),*]) },
            SecurityKind::ApiKey { location, name } => {
                let place = key_place(*location);
                quote! { runtime::Scheme::ApiKey(runtime::KeyPlace::#place, #name) }
            }
            SecurityKind::Other(_) => return quote! { runtime::Scheme::Unsupported(#name) },
        };
        if proof.shared {
            quote! { runtime::Scheme::Named(#name, &#plain) }
        } else {
            plain
        }
    };
    let all = alternatives.iter().map(|alternative| {
        let schemes = alternative.iter().map(scheme);
        quote! { &[#(#schemes),*] }
    });
    Some(quote! { runtime::Auth::AnyOf(&[#(#all),*]) })
}

/// The variant of the runtime's `KeyPlace`.
pub(in crate::render) fn key_place(location: Location) -> Ident {
    ident_of(match location {
        Location::Query => "Query",
        Location::Cookie => "Cookie",
        Location::Header | Location::Path => "Header",
    })
}

/// rustdoc refuses some characters in an alias, and one that is the item's name.
fn usable_alias(id: &str, method: &Ident) -> bool {
    !id.is_empty()
        && *method != id
        && method.to_string().strip_prefix("r#") != Some(id)
        && !id.contains(['"', '\'', '\\', '\n'])
        && !id.chars().any(char::is_whitespace)
        && !id.starts_with(' ')
}
