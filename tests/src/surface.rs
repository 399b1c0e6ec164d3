//! Generated Rust as data: the public surface of a crate, a line an item, and what stands on single items.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use std::collections::BTreeSet;
use syn::{Attribute, Expr, Fields, ImplItem, Item, Lit, Meta, TraitItem, UseTree, Visibility};

/// The text of every `#[doc = ".."]`, a line each, without the space in front.
pub fn docs(attributes: &[Attribute]) -> Vec<String> {
    let doc = attributes.iter().filter(|a| a.path().is_ident("doc"));
    doc.filter_map(|a| match &a.meta {
        Meta::NameValue(pair) => text_of(&pair.value),
        _ => None,
    })
    .map(|line| line.strip_prefix(' ').unwrap_or(&line).to_owned())
    .collect()
}

/// The name in `#[doc(alias = "..")]`.
pub fn alias(attributes: &[Attribute]) -> Option<String> {
    let mut found = None;
    for attribute in attributes.iter().filter(|a| a.path().is_ident("doc") && matches!(a.meta, Meta::List(_))) {
        let _ = attribute.parse_nested_meta(|meta| {
            let value: Lit = meta.value()?.parse()?;
            if let (true, Lit::Str(text)) = (meta.path.is_ident("alias"), value) {
                found = Some(text.value());
            }
            Ok(())
        });
    }
    found
}

/// The note of `#[deprecated]`; empty when there is none.
pub fn deprecated(attributes: &[Attribute]) -> Option<String> {
    let attribute = attributes.iter().find(|a| a.path().is_ident("deprecated"))?;
    let mut note = String::new();
    if matches!(attribute.meta, Meta::List(_)) {
        let _ = attribute.parse_nested_meta(|meta| {
            if let Lit::Str(text) = meta.value()?.parse()? {
                note = text.value();
            }
            Ok(())
        });
    }
    Some(note)
}

fn text_of(value: &Expr) -> Option<String> {
    match value {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

/// Whether an item is left out of the documentation.
fn hidden(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|a| {
        matches!(&a.meta, Meta::List(list) if list.path.is_ident("doc") && list.tokens.to_string().contains("hidden"))
    })
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// What of an item's attributes its users feel, as the end of its line.
fn marks(attributes: &[Attribute]) -> String {
    let mut out = String::new();
    for attribute in attributes {
        let path = attribute.path();
        if path.is_ident("deprecated") {
            out.push_str(" #[deprecated]");
        } else if ["cfg", "must_use", "non_exhaustive"].iter().any(|name| path.is_ident(name)) {
            let meta = match &attribute.meta {
                Meta::NameValue(pair) => plain(pair.path.to_token_stream()),
                meta => plain(meta.to_token_stream()),
            };
            out.push_str(&format!(" #[{meta}]"));
        } else if let (true, Meta::List(list)) = (path.is_ident("derive"), &attribute.meta) {
            out.push_str(&format!(": {}", plain(list.tokens.clone())));
        }
    }
    out
}

/// Tokens on one line, spaced as people write them.
pub fn plain(tokens: TokenStream) -> String {
    let mut text = tokens.to_string().replace('\n', " ");
    for (from, to) in [
        (" :: ", "::"),
        (":: ", "::"),
        (" < ", "<"),
        (" <", "<"),
        ("< ", "<"),
        (" >", ">"),
        (" : :: ", ": \u{2}"),
        ("-> (", "->\u{1}("),
        ("= (", "=\u{1}("),
        (", (", ",\u{1}("),
        (" (", "("),
        ("\u{1}", " "),
        ("( ", "("),
        (" )", ")"),
        (" ,", ","),
        (",)", ")"),
        (" ;", ";"),
        ("& ", "&"),
        ("[ ", "["),
        (" ]", "]"),
        (" : ", ": "),
        ("? Sized", "?Sized"),
        (" !", "!"),
        ("$ ", "$"),
        (",>", ">"),
        ("(mut self", "(self"),
        ("\u{2}", "::"),
    ] {
        while text.contains(from) {
            text = text.replace(from, to);
        }
    }
    text.trim().trim_end_matches(',').to_owned()
}

/// A function of a type: `const fn Name::function(..) -> ..`.
fn method(of: &str, signature: TokenStream) -> String {
    let text = plain(signature);
    let at = text.find("fn ").map_or(0, |at| at + 3);
    let (before, rest) = text.split_at(at);
    format!("{before}{of}::{rest}")
}

/// The public functions and the impls in the body of a macro, which every use of it gives to a type; and the macros that it uses.
fn in_macro(tokens: TokenStream, name: &str, out: &mut Vec<String>) {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Ident(word) if word == "pub" || word == "impl" || word == "runtime" => {
                let body = |t: &TokenTree| matches!(t, TokenTree::Group(g) if g.delimiter() == Delimiter::Brace);
                let end = |t: &TokenTree| body(t) || matches!(t, TokenTree::Punct(p) if p.as_char() == ';');
                let mut head = vec![TokenTree::Ident(word)];
                while let Some(next) = tokens.next_if(|t| !end(t)) {
                    head.push(next);
                }
                let text = plain(head.into_iter().collect());
                let function =
                    text.strip_prefix("pub ").filter(|text| text.starts_with("fn ") || text.starts_with("const fn "));
                let given = text.starts_with("impl") && text.contains(" for ")
                    || text.starts_with("runtime::") && text.contains("!(");
                if let Some(text) = function.or(given.then_some(text.as_str())) {
                    out.push(format!("macro {name}: {text}"));
                }
            }
            TokenTree::Group(group) => in_macro(group.stream(), name, out),
            _ => {}
        }
    }
}

/// The arguments of a macro without the doc comments among them.
fn without_attributes(tokens: TokenStream) -> String {
    let mut tokens = tokens.into_iter().peekable();
    let mut kept = Vec::new();
    while let Some(token) = tokens.next() {
        let hash = matches!(&token, TokenTree::Punct(p) if p.as_char() == '#');
        let bracket = |t: &TokenTree| matches!(t, TokenTree::Group(g) if g.delimiter() == Delimiter::Bracket);
        if !hash || tokens.next_if(bracket).is_none() {
            kept.push(token);
        }
    }
    plain(kept.into_iter().collect())
}

/// Every name a `use` brings in, with its path.
fn uses(tree: &UseTree, path: &str, out: &mut Vec<String>) {
    match tree {
        UseTree::Path(p) => uses(&p.tree, &format!("{path}{}::", p.ident), out),
        UseTree::Name(name) => out.push(format!("{path}{}", name.ident)),
        UseTree::Rename(rename) => out.push(format!("{path}{} as {}", rename.ident, rename.rename)),
        UseTree::Group(group) => group.items.iter().for_each(|tree| uses(tree, path, out)),
        // What it brings in stands in the section of its module.
        UseTree::Glob(_) => {}
    }
}

/// The names that `pub use` of this file gives to the outside.
pub fn exported(file: &syn::File) -> BTreeSet<String> {
    fn names(tree: &UseTree, out: &mut BTreeSet<String>) {
        match tree {
            UseTree::Path(path) => names(&path.tree, out),
            UseTree::Name(name) => drop(out.insert(name.ident.to_string())),
            UseTree::Rename(rename) => drop(out.insert(rename.rename.to_string())),
            UseTree::Group(group) => group.items.iter().for_each(|tree| names(tree, out)),
            _ => {}
        }
    }
    let mut out = BTreeSet::new();
    for item in &file.items {
        if let Item::Use(used) = item
            && is_public(&used.vis)
        {
            names(&used.tree, &mut out);
        }
    }
    out
}

/// The public items of a file, a line each, in the file's order. `only`: those names and what belongs to them.
pub fn lines(file: &syn::File, only: Option<&BTreeSet<String>>) -> Vec<String> {
    let mut out = Vec::new();
    let known = |name: &str| only.is_none_or(|only| only.contains(name));
    for item in &file.items {
        line_of(item, &known, only.is_none(), &mut out);
    }
    out
}

fn line_of(item: &Item, known: &dyn Fn(&str) -> bool, all: bool, out: &mut Vec<String>) {
    match item {
        Item::Struct(s) if is_public(&s.vis) && known(&s.ident.to_string()) && !hidden(&s.attrs) => {
            let (name, generics) = (&s.ident, &s.generics);
            let tuple = match &s.fields {
                Fields::Unnamed(fields) => {
                    let public = fields.unnamed.iter().filter(|f| is_public(&f.vis)).map(|f| &f.ty);
                    plain(quote! { (#(#public),*) })
                }
                _ => String::new(),
            };
            out.push(format!("struct {}{tuple}{}", plain(quote! { #name #generics }), marks(&s.attrs)));
            if let Fields::Named(fields) = &s.fields {
                for f in fields.named.iter().filter(|f| is_public(&f.vis)) {
                    let (field, ty) = (&f.ident, &f.ty);
                    out.push(format!(
                        "{name}.{}: {}{}",
                        plain(quote! { #field }),
                        plain(quote! { #ty }),
                        marks(&f.attrs)
                    ));
                }
            }
        }
        Item::Enum(e) if is_public(&e.vis) && known(&e.ident.to_string()) && !hidden(&e.attrs) => {
            let (name, generics) = (&e.ident, &e.generics);
            out.push(format!("enum {}{}", plain(quote! { #name #generics }), marks(&e.attrs)));
            for v in &e.variants {
                let (variant, fields) = (&v.ident, &v.fields);
                out.push(format!("{name}::{}{}", plain(quote! { #variant #fields }), marks(&v.attrs)));
            }
        }
        Item::Trait(t) if is_public(&t.vis) && known(&t.ident.to_string()) && !hidden(&t.attrs) => {
            let (name, generics, above) = (&t.ident, &t.generics, &t.supertraits);
            let above = if above.is_empty() { String::new() } else { format!(": {}", plain(quote! { #above })) };
            out.push(format!("trait {}{above}{}", plain(quote! { #name #generics }), marks(&t.attrs)));
            for item in &t.items {
                let (text, given, attributes) = match item {
                    TraitItem::Fn(f) => {
                        (method(&name.to_string(), f.sig.to_token_stream()), f.default.is_some(), &f.attrs)
                    }
                    TraitItem::Const(c) => {
                        let (constant, ty) = (&c.ident, &c.ty);
                        (plain(quote! { const #name::#constant: #ty }), c.default.is_some(), &c.attrs)
                    }
                    TraitItem::Type(t) => {
                        let (ty, bounds) = (&t.ident, &t.bounds);
                        (plain(quote! { type #name::#ty: #bounds }), false, &t.attrs)
                    }
                    _ => continue,
                };
                if !hidden(attributes) {
                    let given = if given { " { .. }" } else { "" };
                    out.push(format!("{text}{given}{}", marks(attributes)));
                }
            }
        }
        Item::Impl(i) => {
            let (ty, generics) = (&i.self_ty, &i.generics);
            let name = plain(quote! { #ty });
            let base = name.split('<').next().unwrap_or_default().rsplit("::").next().unwrap_or_default();
            if let Some((path, _)) = &i.trait_ {
                if known(base) {
                    out.push(format!("{}{}", plain(quote! { impl #generics #path for #ty }), marks(&i.attrs)));
                }
                return;
            }
            if !known(base) {
                return;
            }
            for item in &i.items {
                match item {
                    ImplItem::Fn(f) if is_public(&f.vis) && !hidden(&f.attrs) => {
                        out.push(format!("{}{}", method(base, f.sig.to_token_stream()), marks(&f.attrs)));
                    }
                    ImplItem::Const(c) if is_public(&c.vis) && !hidden(&c.attrs) => {
                        let (constant, ty) = (&c.ident, &c.ty);
                        out.push(format!("const {base}::{}{}", plain(quote! { #constant: #ty }), marks(&c.attrs)));
                    }
                    _ => {}
                }
            }
        }
        Item::Fn(f) if is_public(&f.vis) && known(&f.sig.ident.to_string()) && !hidden(&f.attrs) => {
            out.push(format!("{}{}", plain(f.sig.to_token_stream()), marks(&f.attrs)));
        }
        Item::Const(c) if is_public(&c.vis) && known(&c.ident.to_string()) && !hidden(&c.attrs) => {
            let (name, ty) = (&c.ident, &c.ty);
            out.push(format!("{}{}", plain(quote! { const #name: #ty }), marks(&c.attrs)));
        }
        Item::Static(s) if is_public(&s.vis) && known(&s.ident.to_string()) && !hidden(&s.attrs) => {
            let (name, ty) = (&s.ident, &s.ty);
            out.push(format!("{}{}", plain(quote! { static #name: #ty }), marks(&s.attrs)));
        }
        Item::Type(t) if is_public(&t.vis) && known(&t.ident.to_string()) && !hidden(&t.attrs) => {
            let (name, generics, ty) = (&t.ident, &t.generics, &t.ty);
            out.push(format!("{}{}", plain(quote! { type #name #generics = #ty }), marks(&t.attrs)));
        }
        Item::Mod(m) if is_public(&m.vis) && all && !hidden(&m.attrs) => {
            out.push(format!("mod {}{}", m.ident, marks(&m.attrs)));
            // What is written in place, a step to the right.
            let mut within = Vec::new();
            for item in m.content.iter().flat_map(|(_, items)| items) {
                line_of(item, known, all, &mut within);
            }
            out.extend(within.into_iter().map(|line| format!("  {line}")));
        }
        Item::Use(u) if is_public(&u.vis) && all => {
            let mut names = Vec::new();
            uses(&u.tree, "", &mut names);
            out.extend(names.into_iter().map(|name| format!("use {name}{}", marks(&u.attrs))));
        }
        Item::Macro(m) => match &m.ident {
            Some(name) => in_macro(m.mac.tokens.clone(), &name.to_string(), out),
            None => {
                let name = m.mac.path.segments.last().map(|s| s.ident.to_string()).unwrap_or_default();
                // Each stands for the same impls wherever there is a model, an open enum or a `Union`.
                if ["model", "open_enum", "union"].contains(&name.as_str()) {
                    return;
                }
                let text = without_attributes(m.mac.tokens.clone());
                out.extend(text.split(';').map(str::trim).filter(|t| !t.is_empty()).map(|t| format!("{name}!({t})")));
            }
        },
        _ => {}
    }
}
