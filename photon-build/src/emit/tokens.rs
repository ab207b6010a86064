//! Small pieces of tokens: identifiers, literals, paths.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

/// An identifier, raw where it must be.
pub(crate) fn ident(name: &str) -> Ident {
    if is_keyword(name) {
        Ident::new_raw(name, Span::call_site())
    } else {
        Ident::new(name, Span::call_site())
    }
}

/// A name as it stands in text.
pub(crate) fn ident_text(name: &str) -> String {
    if is_keyword(name) { format!("r#{name}") } else { name.to_owned() }
}

/// Whether a name needs `r#`.
pub(crate) fn is_keyword(name: &str) -> bool {
    const KEYWORDS: &[&str] = &[
        "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
        "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop",
        "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "static",
        "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where",
        "while", "yield",
    ];
    KEYWORDS.binary_search(&name).is_ok()
}

/// A string literal: raw where that reads better and nothing needs escaping.
pub(crate) fn text(value: &str) -> Literal {
    let quotes = value.matches('"').count();
    let raw = (value.contains('\\') || quotes > 2) && value.chars().all(|c| c == ' ' || c.is_ascii_graphic());
    if raw {
        let mut hashes = usize::from(quotes > 0);
        while hashes > 0 && value.contains(&format!("\"{}", "#".repeat(hashes))) {
            hashes += 1;
        }
        let hashes = "#".repeat(hashes);
        if let Ok(literal) = format!("r{hashes}\"{value}\"{hashes}").parse() {
            return literal;
        }
    }
    Literal::string(value)
}

/// A path or type that the user wrote. What Rust cannot read becomes an error where it is used.
pub(crate) fn user_path(path: &str) -> TokenStream {
    if let Ok(ty) = syn::parse_str::<syn::Type>(path) {
        return quote!(#ty);
    }
    let message = format!("`{path}` is no Rust path");
    quote!(compile_error!(#message))
}

/// Whether a path that the user wrote names something.
pub(crate) fn is_path(path: &str) -> bool {
    syn::parse_str::<syn::Path>(path).is_ok()
}

/// `u32::MAX` where there is no bound.
pub(crate) fn bound(value: u32) -> String {
    if value == u32::MAX { "u32::MAX".to_owned() } else { value.to_string() }
}

/// An expression of ours, from its text.
pub(crate) fn expression(text: &str) -> TokenStream {
    text.parse().unwrap_or_else(|_| {
        let message = format!("photon-build wrote no Rust: {text}");
        quote!(compile_error!(#message))
    })
}

/// `"a", "b"`
pub(crate) fn texts<'a>(values: impl IntoIterator<Item = &'a String>) -> String {
    values.into_iter().map(|value| text(value).to_string()).collect::<Vec<_>>().join(", ")
}

/// How many characters of a list stand on one line.
const LIST_CHARS_MAX: usize = 92;

/// `.name(&[item, item])` on one line, or on as many as the items fill; nothing where there is no item.
pub(crate) fn list_call(name: &str, items: impl IntoIterator<Item = String>) -> Option<String> {
    let mut lines = vec![String::new()];
    for item in items {
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(&item),
            Some(line) if line.len() + item.len() < LIST_CHARS_MAX => {
                line.push_str(", ");
                line.push_str(&item);
            }
            _ => lines.push(item),
        }
    }
    match lines.as_slice() {
        [line] if line.is_empty() => None,
        [line] => Some(format!(".{name}(&[{line}])")),
        lines => Some(format!(".{name}(&[\n    {},\n])", lines.join(",\n    "))),
    }
}
