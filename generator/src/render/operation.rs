//! Operations → handles, endpoint functions, builders: data that the runtime sends, nothing more.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::alias;
use super::alike::{Commons, selects};
use super::model::words;
use super::operation_docs::{exclusive, operation_docs};
use super::setter::{one_call, setter};
use super::types::{doc, ident_of};
use super::{Input, RustFile};
use crate::ir::{
    Content, Field, Location, Model, Operation, Parameter, Response, SecurityKind, Servers, Type, TypeId, TypeKind, Use,
};
use crate::name::{OperationNames, Setter, SetterOf};
use crate::render::docs;
use crate::settings::RetryClass;

/// What an operation gives when it succeeds.
pub(super) enum Success {
    /// One type; the function that reads it.
    One { ty: TokenStream, read: TokenStream },
    /// Several, by status: an enum of its own.
    Several(Vec<Case>),
}

/// One status of an operation with several success types.
pub(super) struct Case {
    pub(super) status: String,
    pub(super) variant: Ident,
    /// `None` without a body.
    pub(super) content: Option<(TokenStream, TokenStream)>,
}

/// One file a tag, and `src/api/mod.rs`.
pub(super) fn files(input: Input<'_>) -> Vec<RustFile> {
    let mut out = Vec::new();
    let mut mods = Vec::new();
    let (mut uses, mut requests) = (Vec::new(), Vec::new());
    let mut accessors = Vec::new();
    let commons = Commons::of(input);
    for (t, (tag, names)) in input.api.tags.iter().zip(&input.names.tags).enumerate() {
        let module = ident_of(&crate::name::module_ident(&names.module));
        let handle = ident_of(&names.handle);
        let accessor = ident_of(&names.accessor);
        let mut items = vec![quote! { use crate::runtime::{self, __private}; use crate::{client, models}; }];
        let mut made = Items::default();
        for (i, o) in input.api.operations.iter().enumerate().filter(|(_, o)| o.tag == t) {
            if let Some(names) = input.names.operations.get(i) {
                operation(input, o, names, &handle, &commons, &mut made);
                alias::of_builder(input, i, &mut made);
            }
        }
        let Items { mut methods, markers, requests: own, rest } = made;
        methods.extend(alias::methods(input, t));
        let mut lines = docs::lines(&tag.description);
        if lines.is_empty() {
            lines.push(format!("The operations of {}.", docs::code(&tag.wire)));
        }
        if let Some(only) = exclusive(input, t) {
            lines.extend([String::new(), only]);
        }
        let about = doc(&lines);
        items.push(quote! {
            #about
            pub type #handle<'c> = client::Handle<'c, of::#handle>;
        });
        items.push(quote! {
            impl #handle<'_> { #(#methods)* }
        });
        items.push(quote! {
            /// Marker types: one for this part of the API, and one for each of its operations.
            mod of {
                pub enum #handle {}
                #(#markers)*
            }
        });
        items.extend(rest);
        let head = vec![format!("Operations of {}.", docs::code(&tag.wire))];
        out.push(RustFile { path: format!("src/api/{}.rs", names.module), head, items });
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
    }
    items.extend(commons.items());
    out.push(RustFile { path: "src/api/mod.rs".to_owned(), head, items });
    out
}

/// What the operations of a tag give.
#[derive(Default)]
pub(super) struct Items {
    /// The functions of the handle.
    methods: Vec<TokenStream>,
    /// The marker types of the requests.
    markers: Vec<TokenStream>,
    /// The names of the requests, and of what goes with them.
    pub(super) requests: Vec<Ident>,
    /// The requests, and the data they send.
    pub(super) rest: Vec<TokenStream>,
}

fn operation(
    input: Input<'_>,
    o: &Operation,
    names: &OperationNames,
    handle: &Ident,
    commons: &Commons<'_>,
    out: &mut Items,
) {
    let Items { methods, markers, requests, rest } = out;
    let models = quote! { models:: };
    let builder = ident_of(&names.builder);
    let constant = ident_of(&names.constant);
    let method = ident_of(&names.method);
    requests.push(builder.clone());
    let success = success(input, o);
    let (result, read) = match &success {
        Success::One { ty, read } => (ty.clone(), read.clone()),
        Success::Several(cases) => {
            requests.push(ident_of(answer(names)));
            several(o, names, cases, rest)
        }
    };
    rest.push(static_item(input, o, &constant));

    let model = flat(input, names);
    let field = |i: usize| model.and_then(|m| m.fields.get(i));
    let mut arguments = Vec::new();
    let mut fills = Vec::new();
    for s in &names.plan.arguments {
        let ident = ident_of(&s.ident);
        if let Some((argument, set)) = setter(input, o, s, &ident, &quote! { request }, &field, &models) {
            arguments.push(quote! { #ident: #argument });
            fills.push(set);
        }
    }
    let argument_of = |of| names.plan.arguments.iter().find(|s| s.of == of).map(|s| ident_of(&s.ident));
    if let (Some(mfa), Some(token)) = (argument_of(SetterOf::Mfa), argument_of(SetterOf::Token)) {
        fills.push(quote! { request.resume(#mfa, #token); });
    }
    for (k, v) in &o.fixed_query {
        fills.push(quote! { request.query(#k, &#v, runtime::Style::Form); });
    }
    // A required body of optional members is an object even when the caller sets none of them.
    let has_object =
        model.is_some() && matches!(o.body.as_ref().map(|b| (&b.content, b.required)), Some((Content::Json(_), true)));
    let object = has_object.then(|| quote! { request.object(); });
    let request = quote! { client::request(self, &#constant, #read) };
    let body = match (&object, fills.is_empty()) {
        (None, true) => quote! { client::builder(#request) },
        _ => quote! { let mut request = #request; #object #(#fills)* client::builder(request) },
    };
    let lines = doc(&operation_docs(input, o, &commons.errors));
    let deprecated = input.deprecated_call(&o.docs);
    let id = &o.id;
    let alias = usable_alias(id, &method).then(|| quote! { #[doc(alias = #id)] });
    methods.push(quote! {
        #lines
        #alias
        #deprecated
        #[inline]
        pub fn #method(&self, #(#arguments),*) -> #builder {
            #body
        }
    });
    let about = doc(&[format!("The request of [`{handle}::{}`].", method.to_string().trim_start_matches("r#"))]);
    rest.push(quote! {
        #about
        pub type #builder = client::Builder<#result, of::#builder>;
    });
    markers.push(quote! { pub enum #builder {} });
    if page_of(input, o).is_some() {
        markers.push(quote! { impl crate::client::PagedOperation for #builder {} });
    }
    let mut setters = Vec::new();
    for s in &names.plan.setters {
        if !commons.has(input, o, s) {
            setters.extend(method_of(input, o, s, &field));
        }
    }
    if selects(input, o, names) && commons.has_selection() {
        markers.push(quote! { impl crate::client::FieldSelection for #builder {} });
    }
    if let Some(Asynchronous { header, value }) = asynchronous(input, o) {
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
}

/// The model whose members are setters of the operation's request.
pub(super) fn flat<'a>(input: Input<'a>, names: &OperationNames) -> Option<&'a Model> {
    names.plan.flat.and_then(|id| input.api.get(id)).and_then(|d| match &d.kind {
        TypeKind::Model(m) => Some(m),
        _ => None,
    })
}

/// A setter of a request; `None` for what is none.
pub(super) fn method_of<'a>(
    input: Input<'_>,
    o: &Operation,
    s: &Setter,
    field: &impl Fn(usize) -> Option<&'a Field>,
) -> Option<TokenStream> {
    let models = quote! { models:: };
    let ident = ident_of(&s.ident);
    let value = ident_of("value");
    let (argument, set) = setter(input, o, s, &value, &quote! { self.request }, field, &models)?;
    let (receiver, body) = match one_call(input, o, s, &value, field, &models) {
        Some(call) => (quote! { self }, call),
        None => (quote! { mut self }, quote! { #set self }),
    };
    let (docs_of, fallback) = match s.of {
        SetterOf::Mfa | SetterOf::Token => return None,
        SetterOf::Parameter(i) => {
            let p = o.parameters.get(i)?;
            (p.docs.clone(), format!("The parameter {}.", docs::code(&p.wire)))
        }
        SetterOf::Member(i) => {
            let f = field(i)?;
            (f.docs.clone(), format!("The member {}.", docs::code(&f.wire)))
        }
        SetterOf::Body => (o.body.as_ref().map(|b| b.docs.clone()).unwrap_or_default(), "The body.".to_owned()),
    };
    let mut lines = words(&docs_of);
    if lines.is_empty() {
        lines.push(fallback);
    }
    if selects_by(input, o, s) {
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

/// Whether a setter makes required members absent on purpose.
pub(super) fn selects_by(input: Input<'_>, o: &Operation, s: &Setter) -> bool {
    matches!(s.of, SetterOf::Parameter(i) if o.parameters.get(i).is_some_and(|p| is_partial(input, p)))
}

/// What the documentation of a parameter says that has the API leave members out. A model has no word for a member that
/// may not be null and is not there, and nothing is invented for it.
const PARTIAL: &[&str] = &[
    "",
    "With it members are absent on purpose: they read as `None`, and none of them is a deviation. Members that the model cannot do",
    "without are asked for in any case; to leave one of them out is an error when the call is built.",
];

/// Whether a parameter makes required members absent on purpose, as the settings say.
fn is_partial(input: Input<'_>, p: &Parameter) -> bool {
    p.location == Location::Query && input.settings.partial.query.iter().any(|q| **q == p.wire)
}

/// The members that the records of an operation's results cannot do without.
fn needed(input: Input<'_>, o: &Operation) -> Vec<String> {
    let mut needed = Vec::new();
    let results = o.responses.iter().filter(|r| Operation::is_success(&r.status));
    let mut todo: Vec<&Type> = results.filter_map(|r| Some(&r.content.as_ref()?.1.of()?.ty)).collect();
    // A union of itself would have no end.
    let mut seen = BTreeSet::new();
    while let Some(ty) = todo.pop() {
        let id = match ty {
            Type::List(of) => {
                todo.push(&of.ty);
                continue;
            }
            Type::Named(id) if seen.insert(*id) => id,
            _ => continue,
        };
        if let Some(page) = input.facts.pages.get(id) {
            todo.push(&page.item);
            continue;
        }
        match input.api.get(*id).map(|def| &def.kind) {
            Some(TypeKind::Model(m)) => {
                needed.extend(m.fields.iter().filter(|f| f.must_have_value()).map(|f| f.wire.clone()));
            }
            Some(TypeKind::Union(u)) => todo.extend(u.branches.iter().map(|b| &b.ty)),
            Some(TypeKind::Enum(_)) | None => {}
        }
    }
    needed.sort();
    needed.dedup();
    needed
}

/// The page that an operation answers with.
pub(super) fn page_of(input: Input<'_>, o: &Operation) -> Option<TypeId> {
    if o.method != "get" {
        return None;
    }
    o.responses.iter().filter(|r| Operation::is_success(&r.status)).find_map(|r| match &r.content {
        Some((_, Content::Json(Use { ty: Type::Named(id), nullable: false }))) => {
            input.facts.pages.contains_key(id).then_some(*id)
        }
        _ => None,
    })
}

struct Asynchronous {
    header: String,
    value: String,
}

/// Whether the settings' asynchronous mode applies: the operation has its header, or the settings name it.
fn asynchronous(input: Input<'_>, o: &Operation) -> Option<Asynchronous> {
    let mode = input.settings.asynchronous.as_ref()?;
    let declared =
        o.parameters.iter().any(|p| p.location == Location::Header && p.wire.eq_ignore_ascii_case(&mode.header));
    let named = mode.operations.iter().any(|id| **id == o.id);
    (declared || named).then(|| Asynchronous { header: mode.header.to_string(), value: mode.value.to_string() })
}

/// Whether the builder has `.asynchronous()`.
pub(super) fn is_asynchronous(input: Input<'_>, o: &Operation) -> bool {
    asynchronous(input, o).is_some()
}

/// The enum of an operation's answers.
pub(super) fn answer(names: &OperationNames) -> &str {
    names.answer.as_deref().unwrap_or_default()
}

/// The responses whose bodies are an operation's result: an acceptance is none beside others.
fn results<'o>(input: Input<'_>, o: &'o Operation) -> Vec<&'o Response> {
    let accepted = asynchronous(input, o).and(input.settings.asynchronous.as_ref()).map(|a| a.status.to_string());
    let listed: Vec<_> = o.responses.iter().filter(|r| Operation::is_success(&r.status)).collect();
    match listed.len() {
        0 => o.responses.iter().filter(|r| r.status == "default").collect(),
        1 => listed,
        _ => listed.into_iter().filter(|r| Some(&r.status) != accepted.as_ref()).collect(),
    }
}

/// Whether all that an operation tells is whether it is done or only accepted.
fn is_outcome(input: Input<'_>, o: &Operation) -> bool {
    asynchronous(input, o).is_some() && results(input, o).iter().all(|r| r.content.is_none())
}

/// What an operation gives when it succeeds.
pub(super) fn success(input: Input<'_>, o: &Operation) -> Success {
    if is_outcome(input, o) {
        return Success::One { ty: quote! { runtime::Outcome }, read: quote! { __private::decode_outcome } };
    }
    let results = results(input, o).into_iter();
    let cases: Vec<(String, Option<(TokenStream, TokenStream)>)> =
        results.map(|r| (r.status.clone(), r.content.as_ref().map(|(_, c)| body_type(input, c)))).collect();
    let text = |c: &Option<(TokenStream, TokenStream)>| c.as_ref().map(|(t, _)| t.to_string());
    let nothing = || Success::One { ty: quote! { () }, read: quote! { __private::decode_nothing } };
    let Some((_, first)) = cases.first() else { return nothing() };
    if cases.iter().all(|(_, c)| text(c) == text(first)) {
        return match first.clone() {
            Some((ty, read)) => Success::One { ty, read },
            None => nothing(),
        };
    }
    Success::Several(
        cases
            .into_iter()
            .map(|(status, content)| Case { variant: ident_of(&variant_of(&status)), status, content })
            .collect(),
    )
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
pub(super) fn json_type(input: Input<'_>, of: &Use) -> TokenStream {
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

/// The result enum of an operation with several success types, and its reader.
fn several(
    o: &Operation,
    names: &OperationNames,
    cases: &[Case],
    rest: &mut Vec<TokenStream>,
) -> (TokenStream, TokenStream) {
    let name = ident_of(answer(names));
    let read = ident_of(&format!("read_{}", names.constant.to_lowercase()));
    let mut variants = Vec::new();
    let mut arms = Vec::new();
    for c in cases {
        let variant = &c.variant;
        let line = format!(" Status {}.", c.status);
        let pattern = status_pattern(&c.status);
        match &c.content {
            Some((ty, read)) => {
                variants.push(quote! { #[doc = #line] #variant(#ty) });
                arms.push(quote! { #pattern => #read(received).map(|(v, f)| (#name::#variant(v), f)) });
            }
            None => {
                variants.push(quote! { #[doc = #line] #variant });
                arms.push(
                    quote! { #pattern => __private::decode_nothing(received).map(|((), f)| (#name::#variant, f)) },
                );
            }
        }
    }
    // An undeclared 2xx is read like the first declared one.
    let last = cases.first().map(|c| {
        let variant = &c.variant;
        match &c.content {
            Some((_, read)) => quote! { #read(received).map(|(v, f)| (#name::#variant(v), f)) },
            None => quote! { __private::decode_nothing(received).map(|((), f)| (#name::#variant, f)) },
        }
    });
    let about = format!(" What {} gives, by status.", docs::code(&o.id));
    rest.push(quote! {
        #[doc = #about]
        #[derive(Debug, Clone)]
        #[non_exhaustive]
        pub enum #name { #(#variants),* }
    });
    rest.push(quote! {
        fn #read(received: &runtime::Received) -> Result<(#name, runtime::Findings), runtime::Error> {
            match received.status().code() {
                #(#arms,)*
                _ => #last,
            }
        }
    });
    (quote! { #name }, quote! { #read })
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

fn variant_of(status: &str) -> String {
    match status {
        "200" => "Ok".to_owned(),
        "201" => "Created".to_owned(),
        "202" => "Accepted".to_owned(),
        "203" => "NonAuthoritative".to_owned(),
        "204" => "NoContent".to_owned(),
        "205" => "ResetContent".to_owned(),
        "206" => "PartialContent".to_owned(),
        "207" => "MultiStatus".to_owned(),
        other => format!("Status{other}"),
    }
}

fn static_item(input: Input<'_>, o: &Operation, constant: &Ident) -> TokenStream {
    let id = &o.id;
    let path = &o.path;
    let tag = input.api.tags.get(o.tag).map(|t| t.wire.as_str()).unwrap_or_default();
    let method = ident_of(match o.method.as_str() {
        "put" => "Put",
        "post" => "Post",
        "delete" => "Delete",
        "options" => "Options",
        "head" => "Head",
        "patch" => "Patch",
        "trace" => "Trace",
        _ => "Get",
    });
    let statuses: Vec<&str> = o.responses.iter().map(|r| r.status.as_str()).collect();
    let mut extra = Vec::new();
    let retry = ident_of(retry(input, o));
    extra.push(quote! { retry: runtime::Retry::#retry });
    if let Some(header) = key_header(input, o) {
        extra.push(quote! { idempotency_header: Some(#header) });
    }
    let listed = || o.responses.iter().filter(|r| Operation::is_success(&r.status));
    let is_outcome = is_outcome(input, o);
    if asynchronous(input, o).is_some() && (is_outcome || listed().count() > 1) {
        let accepted = input.settings.asynchronous.as_ref().map_or(202, |a| a.status);
        let mut success: Vec<u16> = listed().filter_map(|r| r.status.parse().ok()).filter(|s| *s != accepted).collect();
        if is_outcome {
            success.push(accepted);
        }
        extra.push(quote! { success: &[#(#success),*] });
    }
    if let Some(auth) = auth(input, o) {
        extra.push(quote! { auth: #auth });
    }
    match &o.servers {
        Servers::Any => {}
        Servers::Only(urls) => extra.push(quote! { servers: __private::Servers::Only(&[#(#urls),*]) }),
        Servers::Except(urls) => extra.push(quote! { servers: __private::Servers::Except(&[#(#urls),*]) }),
    }
    let accept = o
        .responses
        .iter()
        .find(|r| Operation::is_success(&r.status) && r.content.is_some())
        .and_then(|r| r.content.as_ref())
        .map(|(media, _)| media.clone());
    let any_json = o.responses.iter().any(|r| matches!(r.content, Some((_, Content::Json(_)))));
    match accept {
        // Errors are JSON where results are: one header serves both.
        Some(m) if m == "application/json" => {}
        Some(m) if any_json && !m.contains("json") => {
            let both = format!("{m}, application/json;q=0.9");
            extra.push(quote! { accept: #both });
        }
        Some(m) => extra.push(quote! { accept: #m }),
        None => {}
    }
    if let Some(body) = o.body.as_ref().filter(|b| matches!(b.content, Content::Json(_))) {
        let media = body.media_type.as_str();
        // A media range is what may be sent, not what is.
        if !media.contains('*') && media != "application/json" {
            extra.push(quote! { json: #media });
        }
    }
    let partial: Vec<&str> = o.parameters.iter().filter(|p| is_partial(input, p)).map(|p| p.wire.as_str()).collect();
    if !partial.is_empty() {
        extra.push(quote! { partial: &[#(#partial),*] });
        let needed = needed(input, o);
        if let Some(include) = input.settings.partial.include.as_ref().filter(|_| !needed.is_empty()) {
            let include = include.as_str();
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

pub(super) fn retry_class(input: Input<'_>, o: &Operation) -> RetryClass {
    if let Some(class) = input.settings.operations.retry(&o.id).and_then(|e| e.retry.as_ref()) {
        return **class;
    }
    if let Some(class) = &input.settings.retry.default {
        return **class;
    }
    if matches!(o.method.as_str(), "post" | "patch") { RetryClass::Keyed } else { RetryClass::Always }
}

/// When a failed call is repeated: the variant of the runtime's `Retry`.
pub(super) fn retry(input: Input<'_>, o: &Operation) -> &'static str {
    match retry_class(input, o) {
        RetryClass::Always => "Idempotent",
        RetryClass::Keyed if key_header(input, o).is_some() => "WithKey",
        RetryClass::Keyed => "OnlyRefused",
        RetryClass::Never => "Never",
    }
}

/// The idempotency header of an operation that declares it.
pub(super) fn key_header(input: Input<'_>, o: &Operation) -> Option<String> {
    let header = input.settings.retry.idempotency_header.as_ref()?;
    o.parameters
        .iter()
        .any(|p| p.location == Location::Header && p.wire.eq_ignore_ascii_case(header))
        .then(|| header.to_string())
}

/// How calls authenticate, where that is not with all credentials of the client.
pub(super) fn auth(input: Input<'_>, o: &Operation) -> Option<TokenStream> {
    let alternatives = o.security.as_ref()?;
    if alternatives.iter().all(Vec::is_empty) {
        return Some(quote! { __private::Auth::None });
    }
    let scheme = |name: &String| match input.api.scheme(name) {
        Some(SecurityKind::Basic) => quote! { __private::Scheme::Basic },
        Some(SecurityKind::Bearer) => quote! { __private::Scheme::Bearer },
        Some(SecurityKind::ApiKey { location, name }) => {
            let place = key_place(*location);
            quote! { __private::Scheme::ApiKey(runtime::KeyPlace::#place, #name) }
        }
        Some(SecurityKind::Other(_)) | None => quote! { __private::Scheme::Unsupported(#name) },
    };
    let all = alternatives.iter().map(|alternative| {
        let schemes = alternative.iter().map(scheme);
        quote! { &[#(#schemes),*] }
    });
    // One scheme for everything is what the client does by itself.
    let plain = alternatives.len() == 1 && input.api.security_schemes.len() == 1 && input.api.barred_by(o).is_none();
    (!plain).then(|| quote! { __private::Auth::AnyOf(&[#(#all),*]) })
}

/// The variant of the runtime's `KeyPlace`.
pub(super) fn key_place(location: Location) -> Ident {
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
