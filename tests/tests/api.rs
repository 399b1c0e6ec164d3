//! The whole public surface of the crate `belvo`, a line an item: what a change of these snapshots says, users feel.

use std::collections::BTreeSet;
use std::fmt::Write;
use syn::{ImplItem, Item};
use tests::place::{files, root, text};
use tests::surface::{alias, docs, exported, lines};

/// The parsed files below a folder of generated/src, by module path; `mod.rs` carries the folder's own.
fn parsed(folder: &str) -> Vec<(String, syn::File)> {
    let dir = root().join("generated/src").join(folder);
    let parse = |path: &std::path::PathBuf| {
        let within =
            path.strip_prefix(&dir).expect("below").with_extension("").to_string_lossy().replace(['/', '\\'], "::");
        let name = within.strip_suffix("::mod").map_or(within.clone(), str::to_owned);
        (name, syn::parse_file(&text(path)).unwrap_or_else(|e| panic!("{}: {e}", path.display())))
    };
    let all = files(&dir, ".rs");
    all.iter().filter(|path| !folder.is_empty() || path.parent() == Some(&dir)).map(parse).collect()
}

/// Everything public below a folder, with a heading for each module.
fn surface(folder: &str) -> String {
    let modules = parsed(folder);
    let own = modules.iter().find(|(name, _)| name == "mod").map(|(_, file)| file);
    // Private modules show what the folder's own module passes on: all of it, or some names.
    let names = own.map(exported).filter(|names| folder == "runtime" && !names.is_empty());
    let mut out = String::new();
    for (name, file) in &modules {
        let found = lines(file, names.as_ref().filter(|_| name != "mod"));
        if !found.is_empty() {
            let place = if folder.is_empty() { "crate" } else { folder };
            let _ = writeln!(out, "== {place}::{name}\n{}", found.join("\n"));
        }
    }
    out
}

#[test]
fn the_surface_is_the_one_we_know() {
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!("crate", surface(""));
        insta::assert_snapshot!("client", surface("client"));
        insta::assert_snapshot!("operations", surface("api"));
        insta::assert_snapshot!("models", surface("models"));
        insta::assert_snapshot!("runtime", surface("runtime"));
    });
}

/// Whether a type has a trait: an inherent constant goes before that of a trait, and only what has the trait has one.
macro_rules! traits {
    ($ty:ty: $($name:ident = $bound:path),* $(,)?) => {{
        struct Of<T>(std::marker::PhantomData<T>);
        let mut has = String::new();
        $({
            #[allow(dead_code)]
            trait No { const HAS: bool = false; }
            impl<T> No for Of<T> {}
            struct Asked;
            impl<T: $bound> Of<(T, Asked)> { #[allow(dead_code)] const HAS: bool = true; }
            if <Of<($ty, Asked)>>::HAS { has.push_str(concat!(" ", stringify!($name))); }
        })*
        format!("{}:{has}\n", stringify!($ty))
    }};
}

/// What the source does not say of each kind of type, or says in macros: the traits that the compiler finds.
#[test]
fn each_kind_of_type_has_these_traits() {
    let mut out = String::new();
    macro_rules! each {
        ($($ty:ty),* $(,)?) => { $(out.push_str(&traits!($ty:
            Send = Send, Sync = Sync, Unpin = Unpin, UnwindSafe = std::panic::UnwindSafe, Clone = Clone, Copy = Copy, Default = Default,
            Debug = std::fmt::Debug, Display = std::fmt::Display, Error = std::error::Error, PartialEq = PartialEq, Eq = Eq,
            PartialOrd = PartialOrd, Ord = Ord, Hash = std::hash::Hash, AsRef = AsRef<str>, FromStr = std::str::FromStr,
            FromText = From<&'static str>, FromString = From<String>, Decode = belvo::__private::Decode, Encode = belvo::__private::Encode,
            Serialize = serde::Serialize, Deserialize = serde::de::DeserializeOwned, IntoFuture = std::future::IntoFuture,
            Future = std::future::Future, Iterator = Iterator,
        ));)* };
    }
    use belvo::{__private as runtime, Client, Error, api, client, models};
    each![
        models::Link,
        models::LinksRequestBanking,
        models::EnumLinkStatus,
        models::Page<models::Link>,
        runtime::Records<models::Link>,
        runtime::InvalidRecord,
        runtime::Extra,
        runtime::Patch<String>,
        runtime::Map<String>,
        runtime::Number,
        runtime::Uuid,
        runtime::Date,
        runtime::DateTime,
        runtime::Secret,
        runtime::Base64,
        runtime::Raw,
        Client,
        client::ClientBuilder,
        api::Links<'static>,
        api::requests::ListLinks,
        runtime::Request<models::Link>,
        runtime::Sending<models::Link>,
        runtime::Response<models::Link>,
        runtime::Items<models::Page<models::Link>>,
        Error,
        runtime::ErrorItem,
        runtime::ErrorKind,
        belvo::ErrorCode,
        belvo::ErrorClass,
        belvo::Environment,
        runtime::Credentials,
    ];
    insta::assert_snapshot!(out, @r"
    models::Link: Send Sync Unpin UnwindSafe Clone Debug PartialEq Decode Encode Serialize Deserialize
    models::LinksRequestBanking: Send Sync Unpin UnwindSafe Clone Debug PartialEq Decode Encode Serialize Deserialize
    models::EnumLinkStatus: Send Sync Unpin UnwindSafe Clone Debug Display PartialEq Eq Hash AsRef FromText Decode Encode Serialize Deserialize
    models::Page<models::Link>: Send Sync Unpin UnwindSafe Clone Debug PartialEq Decode Encode Serialize Deserialize
    runtime::Records<models::Link>: Send Sync Unpin UnwindSafe Clone Default Debug PartialEq Decode Encode
    runtime::InvalidRecord: Send Sync Unpin UnwindSafe Clone Debug PartialEq
    runtime::Extra: Send Sync Unpin UnwindSafe Clone Default Debug PartialEq
    runtime::Patch<String>: Send Sync Unpin UnwindSafe Clone Default Debug PartialEq Eq Hash FromString Decode Encode
    runtime::Map<String>: Send Sync Unpin UnwindSafe Clone Default Debug PartialEq Decode Encode
    runtime::Number: Send Sync Unpin UnwindSafe Clone Default Debug Display PartialEq Eq PartialOrd Ord Hash FromStr Decode Encode Serialize Deserialize
    runtime::Uuid: Send Sync Unpin UnwindSafe Clone Default Debug Display PartialEq Eq PartialOrd Ord Hash AsRef FromStr FromText FromString Decode Encode
    runtime::Date: Send Sync Unpin UnwindSafe Clone Default Debug Display PartialEq Eq PartialOrd Ord Hash AsRef FromStr FromText FromString Decode Encode
    runtime::DateTime: Send Sync Unpin UnwindSafe Clone Default Debug Display PartialEq Eq PartialOrd Ord Hash AsRef FromStr FromText FromString Decode Encode
    runtime::Secret: Send Sync Unpin UnwindSafe Clone Default Debug PartialEq Eq FromText FromString Decode Encode
    runtime::Base64: Send Sync Unpin UnwindSafe Clone Default Debug Display PartialEq Eq PartialOrd Ord Hash AsRef FromStr FromText FromString Decode Encode
    runtime::Raw: Send Sync Unpin UnwindSafe Clone Debug PartialEq Decode Encode
    Client: Send Sync Unpin Clone Debug
    client::ClientBuilder: Send Sync Unpin Debug
    api::Links<'static>: Send Sync Unpin Clone Copy Debug
    api::requests::ListLinks: Send Sync Unpin Clone Debug IntoFuture
    runtime::Request<models::Link>: Send Sync Unpin Clone Debug IntoFuture
    runtime::Sending<models::Link>: Send Unpin Debug IntoFuture Future
    runtime::Response<models::Link>: Send Sync Unpin UnwindSafe Clone Debug
    runtime::Items<models::Page<models::Link>>: Send Unpin Debug
    Error: Send Sync Unpin Debug Display Error
    runtime::ErrorItem: Send Sync Unpin UnwindSafe Clone Debug PartialEq
    runtime::ErrorKind: Send Sync Unpin UnwindSafe Clone Copy Debug PartialEq Eq Hash
    belvo::ErrorCode: Send Sync Unpin UnwindSafe Clone Debug Display PartialEq Eq Hash AsRef FromText Decode Encode Serialize Deserialize
    belvo::ErrorClass: Send Sync Unpin UnwindSafe Clone Copy Debug PartialEq Eq Hash
    belvo::Environment: Send Sync Unpin UnwindSafe Clone Copy Default Debug PartialEq Eq Hash FromStr
    runtime::Credentials: Send Sync Unpin Clone Default Debug PartialEq Eq
    ");
}

#[test]
fn every_operation_has_one_endpoint_function() {
    let mut found = BTreeSet::new();
    for (module, file) in parsed("api") {
        for item in &file.items {
            let Item::Impl(block) = item else { continue };
            for item in &block.items {
                let ImplItem::Fn(f) = item else { continue };
                let Some(id) = alias(&f.attrs) else { continue };
                assert!(matches!(f.vis, syn::Visibility::Public(_)), "{module}: {id}");
                let operation = belvo::testing::operations().iter().find(|o| o.id == id);
                let operation = operation.unwrap_or_else(|| panic!("{module}: {id} is no operation"));
                let first = docs(&f.attrs).into_iter().next().unwrap_or_default();
                let start = format!("`{} {}`", operation.method, operation.path);
                assert!(first.starts_with(&start), "{id}: {first:?} does not start with {start}");
                assert!(found.insert(id.clone()), "{id} has two functions");
            }
        }
    }
    assert_eq!(found.len(), 148);
    assert_eq!(belvo::testing::operations().len(), 148);
}
