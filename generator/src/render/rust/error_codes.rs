//! The codes of the API's error items that the settings know → an open enum, and typed access to it on errors and their items.

use quote::quote;

use super::docs;
use super::types::{doc, ident_of};
use crate::render::{Input, RustFile};
use crate::settings::{ErrorClass, Placed};

/// `src/error_codes.rs`: what the settings know about the codes of error items.
pub(in crate::render) fn file(input: Input<'_>) -> RustFile<'static> {
    let codes = &input.settings.errors.codes;
    let wire: Vec<&str> = codes.iter().map(|c| c.code.as_str()).collect();
    let names = crate::name::code_names(&wire);
    let mut variants = Vec::new();
    let mut idents = Vec::new();
    let mut facts = Vec::new();
    for (c, name) in codes.iter().zip(&names) {
        let (name, code, advice) = (ident_of(name), c.code.as_str(), c.advice.as_str());
        let lines = doc(&[format!("{}: {}", docs::code(code), docs::first_paragraph(advice))]);
        variants.push(quote! { #lines #name });
        idents.push(name);
        let class = class_ident(c.class);
        let statuses = &c.status;
        facts.push(quote! { (&[#(#statuses),*], ErrorClass::#class, #advice) });
    }
    let answers = input.settings.errors.answers.iter().map(|a| {
        let text = |text: &Option<Placed<String>>| text.as_ref().map_or_else(String::new, |t| t.to_lowercase());
        let (status, media, says) = (&a.status, text(&a.media), text(&a.says));
        let (class, advice) = (class_ident(a.class), a.advice.as_str());
        quote! { (&[#(#status),*], #media, #says, ErrorClass::#class, #advice) }
    });
    // An answer without a code that leaves a session is the end user's turn.
    let interrupted = input.settings.mfa.is_some().then(|| {
        quote! { if self.mfa().is_some() { return Some(ErrorClass::User); } }
    });
    let values = super::choice::open_enum(&ident_of("ErrorCode"), &wire, &idents, false);
    let (mut of_item, mut of_error) = (Vec::new(), Vec::new());
    let members = &input.settings.errors.members;
    let wire: Vec<&str> = members.iter().map(|(member, _)| member.as_str()).collect();
    for ((member, about), name) in members.iter().zip(crate::name::error_member_names(&wire)) {
        let (name, about) = (ident_of(&name), docs::first_paragraph(about));
        let lines = doc(&[about.clone(), String::new(), format!("The member {} as a text.", docs::code(member))]);
        of_item.push(quote! {
            #lines
            #[inline]
            pub fn #name(&self) -> Option<&str> { self.get(#member)?.as_str() }
        });
        let lines =
            doc(&[about, String::new(), format!("The member {} of the first item that has it.", docs::code(member))]);
        of_error.push(quote! {
            #lines
            #[inline]
            pub fn #name(&self) -> Option<&str> { self.items().iter().find_map(runtime::ErrorItem::#name) }
        });
    }
    let items = vec![
        quote! { use crate::runtime::{self, __private}; },
        quote! {
            /// Who has to act after an error.
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
            #[non_exhaustive]
            pub enum ErrorClass {
                /// The request is wrong; sending it again does not help.
                Caller,
                /// The end user must do something.
                User,
                /// The same request can succeed later.
                Wait,
                /// The API or something behind it failed.
                Service,
            }
        },
        quote! {
            /// A code of the API's error items. Open: the API may send codes that nobody has described yet.
            #[non_exhaustive]
            pub enum ErrorCode {
                #(#variants,)*
                /// A code nobody has described yet, as it came.
                Unrecognized(Box<str>),
            }
        },
        values,
        quote! {
            /// Statuses, class and advice of each, in the order of the variants.
            static FACTS: &[(&[u16], ErrorClass, &str)] = &[#(#facts),*];
        },
        quote! {
            impl ErrorCode {
                fn facts(&self) -> Option<&'static (&'static [u16], ErrorClass, &'static str)> {
                    FACTS.get(__private::enum_index(self)?)
                }

                /// The code as it is sent.
                pub fn as_str(&self) -> &str { self.as_ref() }

                /// The statuses it comes with; none for a code nobody has described yet.
                pub fn status(&self) -> &'static [u16] { self.facts().map_or(&[], |facts| facts.0) }

                /// Who has to act; `None` for a code nobody has described yet.
                pub fn class(&self) -> Option<ErrorClass> { self.facts().map(|facts| facts.1) }

                /// What to do, in a sentence; `None` for a code nobody has described yet.
                pub fn advice(&self) -> Option<&'static str> { self.facts().map(|facts| facts.2) }
            }
        },
        quote! {
            impl runtime::ErrorItem {
                /// The code, typed; `code` gives its text.
                pub fn error_code(&self) -> Option<ErrorCode> { self.code().map(ErrorCode::from) }

                #(#of_item)*
            }
        },
        quote! {
            impl runtime::Error {
                /// The code of the first item that has one, typed; `code` gives its text. A described code goes before one that is not.
                pub fn error_code(&self) -> Option<ErrorCode> {
                    let codes = || self.items().iter().filter_map(runtime::ErrorItem::error_code);
                    codes().find(|code| !matches!(code, ErrorCode::Unrecognized(_))).or_else(|| codes().next())
                }

                /// Who has to act after an error status, by the code of the first item that has a described one; where no item has
                /// any code, by what the answer is; else by its status. `None` where no such answer came.
                pub fn class(&self) -> Option<ErrorClass> {
                    if self.kind() != runtime::ErrorKind::Status {
                        return None;
                    }
                    if let Some(class) = self.error_code().and_then(|code| code.class()) {
                        return Some(class);
                    }
                    #interrupted
                    if let Some(answer) = answer(self) {
                        return Some(answer.3);
                    }
                    match self.status()?.code() {
                        408 | 429 => Some(ErrorClass::Wait),
                        500..=599 => Some(ErrorClass::Service),
                        _ => Some(ErrorClass::Caller),
                    }
                }

                /// What to do about it, in a sentence, where the code is known, or the answer where no item has a code.
                pub fn advice(&self) -> Option<&'static str> {
                    match self.error_code() {
                        Some(code) => code.advice(),
                        None => answer(self).map(|answer| answer.4),
                    }
                }

                #(#of_error)*
            }
        },
        quote! {
            /// What is known of an answer without any code.
            fn answer(error: &runtime::Error) -> Option<&'static Answer> {
                if error.code().is_some() {
                    return None;
                }
                let (status, media) = (error.status()?.code(), error.media_type());
                let says = error.message().unwrap_or_default().to_lowercase();
                ANSWERS.iter().find(|(statuses, wanted, text, ..)| {
                    (statuses.is_empty() || statuses.contains(&status))
                        && (wanted.is_empty() || *wanted == media)
                        && says.contains(text)
                })
            }
        },
        quote! {
            /// Statuses, media type and words of an answer without a code, its class and advice; empty: any.
            type Answer = (&'static [u16], &'static str, &'static str, ErrorClass, &'static str);
        },
        quote! { static ANSWERS: &[Answer] = &[#(#answers),*]; },
    ];
    let head = vec!["What the codes of the API's errors mean and what to do about them.".to_owned()];
    RustFile::new("src/error_codes.rs", head, items)
}

fn class_ident(class: ErrorClass) -> proc_macro2::Ident {
    ident_of(match class {
        ErrorClass::Caller => "Caller",
        ErrorClass::User => "User",
        ErrorClass::Wait => "Wait",
        ErrorClass::Service => "Service",
    })
}
