//! Scenarios as calls of a generated crate, through its handles, arguments and setters.

use super::Scenario;
use crate::consumer::{Known, argument, ident};
use generator::ir::{HeaderForm, TypeKind};
use generator::name::SetterOf;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

/// How many calls one function makes: a single one of hundreds of closures takes the compiler long.
const TOGETHER: usize = 16;

/// A module that calls the crate `sdk`: a list of sample requests, one for each scenario, in their order.
pub(super) fn module(sdk: &str, known: Known<'_>, credentials: Option<&str>, scenarios: &[Scenario]) -> String {
    let sdk = format_ident!("{sdk}");
    let credentials: Option<TokenStream> = credentials.map(|text| {
        let given: TokenStream = text.parse().expect("Rust");
        quote! { .credentials(#given) }
    });
    let calls: Vec<TokenStream> = scenarios.iter().map(|s| call(known, s)).collect();
    let (mut parts, mut names) = (Vec::new(), Vec::new());
    for (i, calls) in calls.chunks(TOGETHER).enumerate() {
        let name = format_ident!("part_{i}");
        parts.push(quote! {
            fn #name(client: &sdk::Client) -> Vec<SampleRequest> { vec![#(#calls),*] }
        });
        names.push(name);
    }
    let headers = (0..known.api.operations.len()).filter_map(|index| headers(known, index));
    let file = syn::parse2(quote! {
        use #sdk as sdk;
        use runtime::{SampleRequest, sample};

        pub fn with_credentials(builder: runtime::ClientBuilder<sdk::Client>) -> runtime::ClientBuilder<sdk::Client> {
            builder #credentials
        }

        pub fn calls(client: &sdk::Client) -> Vec<SampleRequest> {
            let parts: Vec<Vec<SampleRequest>> = vec![#(#names(client)),*];
            parts.into_iter().flatten().collect()
        }
        #(#parts)*

        /// The declared headers of a response of the operation, as `Debug` shows them.
        pub fn headers(operation: &str, map: &http::HeaderMap) -> Vec<(&'static str, String)> {
            match operation {
                #(#headers,)*
                _ => Vec::new(),
            }
        }
    });
    prettyplease::unparse(&file.expect("Rust"))
}

/// A scenario as a sample request.
fn call(known: Known<'_>, scenario: &Scenario) -> TokenStream {
    let id = &scenario.operation;
    let found = known.api.operations.iter().position(|o| o.id == *id);
    let Some(index) = found else {
        return quote! { SampleRequest::new::<()>(#id, false, || Err(crate::missing())) };
    };
    let (operation, names) = (&known.api.operations[index], &known.names.operations[index]);
    let model = names.plan.flat.map(|flat| match &known.def(flat).kind {
        TypeKind::Model(model) => model,
        _ => panic!("a body of members is a model"),
    });
    let others = operation.body.as_ref().map(|body| body.others.as_slice()).unwrap_or_default();
    let first = scenario.body.as_ref();
    let value = |of: SetterOf| -> Option<Value> {
        match of {
            SetterOf::Parameter(i) => scenario.values.get(&operation.parameters[i].wire).cloned(),
            SetterOf::Member(i) => first?.get(&model?.fields[i].wire).cloned(),
            SetterOf::Body => first.cloned(),
            SetterOf::Other(i) => {
                let (media_type, value) = scenario.other.as_ref()?;
                (others[i].media_type == *media_type).then(|| value.clone())
            }
            SetterOf::ContentType => None,
            SetterOf::Mfa | SetterOf::Token => panic!("an argument of the settings' MFA"),
        }
    };
    let given = |of: SetterOf, value: &Value| expression(&argument(known, index, of), value);
    let arguments = names.plan.arguments.iter().map(|s| given(s.of, &value(s.of).unwrap_or(Value::Null)));
    let arguments = match &names.args {
        Some(args) => {
            let (args, fields) = (ident(args), names.plan.arguments.iter().map(|s| ident(&s.ident)));
            quote! { sdk::api::requests::#args { #(#fields: #arguments),* } }
        }
        None => quote! { #(#arguments),* },
    };
    let setters = names.plan.setters.iter().filter_map(|s| {
        let (setter, given) = (ident(&s.ident), given(s.of, &value(s.of)?));
        Some(quote! { .#setter(#given) })
    });
    // What the model of a flat body does not list.
    let listed = |name: &str| model.is_none_or(|m| m.fields.iter().any(|f| f.wire == name));
    let members = first.and_then(Value::as_object).into_iter().flatten();
    let extra = members.filter(|(name, _)| !listed(name)).map(|(name, value)| {
        let text = value.to_string();
        quote! { .extra(#name, sample::<sdk::Value>(#text)?) }
    });
    let headers = scenario.headers.iter().map(|(name, value)| quote! { .header(#name, #value) });
    let tag = ident(&known.names.tags[operation.tag].accessor);
    let method = ident(&names.method);
    quote! {
        SampleRequest::new(#id, false, || Ok(client.#tag().#method(#arguments) #(#setters)* #(#extra)* #(#headers)* .request()))
    }
}

/// How the headers that an operation declares are read, as an arm of a match.
fn headers(known: Known<'_>, index: usize) -> Option<TokenStream> {
    let names = known.names.operations[index].headers.as_ref()?;
    let (id, ty) = (&known.api.operations[index].id, ident(&names.ty));
    let each = known.facts.calls[index].headers.iter().zip(&names.accessors).map(|(used, accessor)| {
        let (wire, accessor) = (&used.header.wire, ident(accessor));
        let lines = (used.header.form == HeaderForm::Lines).then(|| quote! { .collect::<Vec<_>>() });
        quote! { (#wire, format!("{:?}", headers.#accessor() #lines)) }
    });
    Some(quote! {
        #id => {
            let headers = sdk::api::requests::#ty::of(map);
            vec![#(#each),*]
        }
    })
}

/// A value of a type.
fn expression(ty: &TokenStream, value: &Value) -> TokenStream {
    let bytes = |value: &Value| {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        quote! { sdk::client::Bytes::from(#text.as_bytes().to_vec()) }
    };
    match ty.to_string().replace(' ', "").as_str() {
        "sdk::client::Bytes" => bytes(value),
        "sdk::client::Upload" => {
            let bytes = bytes(value);
            quote! { sdk::client::Upload::from(#bytes) }
        }
        "Vec<sdk::client::Upload>" => {
            let each = value.as_array().into_iter().flatten().map(bytes);
            quote! { vec![#(sdk::client::Upload::from(#each)),*] }
        }
        _ => {
            let text = value.to_string();
            quote! { sample::<#ty>(#text)? }
        }
    }
}
