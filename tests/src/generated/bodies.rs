//! Counts the lines in function bodies, operation by operation, with the table that stands for a body of reading.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{ImplItem, Item, ItemImpl};

use super::Generated;
use super::index::{operation, self_name, trait_name};

/// How many lines of the file each operation has: its table, which reading it takes, and the function bodies of its answers
/// and its errors.
pub fn body_lines(generated: &Generated) -> Vec<usize> {
    let served: Vec<String> = generated.served().into_iter().map(|served| served.request).collect();
    let mut lines: BTreeMap<&str, usize> = served.iter().map(|name| (name.as_str(), 0)).collect();
    let tables = generated.tables();
    for operation in generated.file.items.iter().filter_map(operation) {
        if let (Some(lines), Some(table)) =
            (lines.get_mut(operation.request.as_str()), tables.get(&operation.table))
        {
            *lines += lines_on(table.to_token_stream());
        }
    }
    for item in &generated.file.items {
        let Item::Impl(item) = item else { continue };
        if let Some(owner) = self_name(item).and_then(|name| owner(&served, &name)) {
            *lines.entry(owner).or_default() += lines_of(item);
        }
    }
    lines.into_values().collect()
}

/// The operation that a type belongs to: the one whose name is the longest beginning of the type's.
fn owner<'n>(served: &'n [String], name: &str) -> Option<&'n str> {
    served.iter().map(String::as_str).filter(|own| name.starts_with(own)).max_by_key(|own| own.len())
}

fn lines_of(item: &ItemImpl) -> usize {
    // The stand-in for an application is ours, not generated.
    if trait_name(item).is_some_and(|name| name.ends_with("Api")) {
        return 0;
    }
    let functions = item.items.iter().filter_map(|part| match part {
        ImplItem::Fn(function) => Some(function),
        _ => None,
    });
    functions
        .map(|function| function.block.stmts.iter().map(ToTokens::to_token_stream).collect())
        .map(lines_on)
        .sum()
}

/// How many lines of the file the tokens stand on.
fn lines_on(tokens: TokenStream) -> usize {
    let mut tokens = tokens.into_iter();
    let Some(first) = tokens.next().map(|token| token.span()) else { return 0 };
    let last = tokens.last().map_or(first, |token| token.span());
    last.end().line - first.start().line + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_belong_to_their_operation() {
        let text = r#"
            pub trait Api { fn get(&self, cx: &photon::Context, req: Get) -> Result<(), GetError>;
                fn put(&self, cx: &photon::Context, req: Put) -> Result<(), photon::Error>; }
            static GET: photon::Meta = photon::meta("get", "GET", "/", 200).params(&[photon::query("a"), photon::query("b")]);
            photon::operation! { Get -> (), GetError = GET, a b }
            static PUT: photon::Meta = photon::meta("put", "PUT", "/", 200)
                .params(&[photon::query("a")]);
            photon::operation! { Put -> (), photon::Error = PUT, a }
            impl photon::Fault for GetError {
                fn fault(self) {
                    match self {
                        Self::A => a(),
                    }
                }
            }
            impl Other { fn long() { a(); b(); } }"#;
        assert_eq!(body_lines(&Generated::parse(text).unwrap()), [1 + 3, 2]);
    }
}
