//! A contract as the text of a lock.

use std::fmt::Write as _;

use super::{FORMAT, KEY, places};
use crate::drift::tree::{Place, Tree, Value};
use crate::node_serde::write_string;
use crate::resolve::escape;

/// The text of a lock. `name` is the document, `files` are those that `line` numbers.
pub(in crate::drift) fn write(
    name: &str,
    files: &[String],
    mut tree: Tree,
    line: &mut dyn FnMut(Place) -> Option<(u32, u32)>,
) -> String {
    let mut out = format!(
        "# The contract of `{name}`, kept by photon_build::lock. Not edited by hand: UPDATE=1 rewrites it.\n\
         {KEY}: {FORMAT}\nfiles:\n"
    );
    for file in files {
        out.push_str("  - ");
        text(&mut out, file);
        out.push('\n');
    }
    let places = places::write(&mut tree, line);
    out.push_str("contract:");
    value(&mut out, &tree, 1);
    let mut docs = Vec::new();
    documentation(&tree, &mut String::new(), &mut docs);
    out.push_str(if docs.is_empty() { "documentation: {}\n" } else { "documentation:\n" });
    for (key, mark) in docs {
        out.push_str("  ");
        text(&mut out, &key);
        out.push_str(": ");
        text(&mut out, mark);
        out.push('\n');
    }
    out.push_str("places:\n");
    for place in places {
        out.push_str("  - ");
        text(&mut out, &place);
        out.push('\n');
    }
    out
}

/// What is said to people, each with the pointer to what it is said of.
fn documentation<'t>(tree: &'t Tree, pointer: &mut String, docs: &mut Vec<(String, &'t str)>) {
    let mut own: Vec<_> = tree.docs.iter().collect();
    own.sort();
    docs.extend(own.into_iter().map(|(key, mark)| (format!("{pointer}#{key}"), &**mark)));
    let len = pointer.len();
    for (key, tree) in tree.entries() {
        pointer.push('/');
        pointer.push_str(&escape(key));
        documentation(tree, pointer, docs);
        pointer.truncate(len);
    }
    for (at, tree) in tree.items().iter().enumerate() {
        pointer.push('/');
        pointer.push_str(&at.to_string());
        documentation(tree, pointer, docs);
        pointer.truncate(len);
    }
}

/// A value after `key:`, to the end of its last line.
fn value(out: &mut String, tree: &Tree, depth: usize) {
    match &tree.value {
        Value::Map(entries) if !entries.is_empty() => {
            for (key, tree) in entries {
                out.push('\n');
                indent(out, depth);
                text(out, key);
                out.push(':');
                value(out, tree, depth + 1);
            }
            out.push_str(if depth == 1 { "\n" } else { "" });
        }
        Value::List(items) if !items.is_empty() => {
            for item in items {
                out.push('\n');
                indent(out, depth);
                out.push('-');
                list_item(out, item, depth + 1);
            }
        }
        _ => scalar(out, tree),
    }
}

/// An item; the first key of a mapping stands on the line of the dash.
fn list_item(out: &mut String, tree: &Tree, depth: usize) {
    let mut inner = String::new();
    value(&mut inner, tree, depth);
    match inner.strip_prefix('\n') {
        Some(block) => {
            out.push(' ');
            out.push_str(block.trim_start_matches(' '));
        }
        None => out.push_str(&inner),
    }
}

fn scalar(out: &mut String, tree: &Tree) {
    out.push(' ');
    match &tree.value {
        Value::Null => out.push_str("null"),
        Value::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Value::Number(number) => out.push_str(number.as_str()),
        Value::Text(written) => text(out, written),
        Value::List(_) => out.push_str("[]"),
        Value::Map(_) => out.push_str("{}"),
    }
}

fn indent(out: &mut String, depth: usize) {
    for _ in 0..depth {
        out.push_str("  ");
    }
}

/// A text, in quotes where it could be taken for something else.
fn text(out: &mut String, text: &str) {
    if is_plain(text) {
        out.push_str(text);
        return;
    }
    let mut quoted = String::new();
    write_string(&mut quoted, text);
    for letter in quoted.chars() {
        // YAML prints no control characters, not even those that JSON lets pass.
        if letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}' | '\u{feff}') {
            _ = write!(out, "\\u{:04x}", u32::from(letter));
        } else {
            out.push(letter);
        }
    }
}

fn is_plain(text: &str) -> bool {
    let starts_well = text.starts_with(|first: char| first.is_ascii_alphabetic() || "/_$".contains(first));
    let is_fine = |letter: char| letter.is_ascii_alphanumeric() || "_-./$ ~+{}*@()<>=;,'!?".contains(letter);
    let is_word = matches!(
        text.to_ascii_lowercase().as_str(),
        "true" | "false" | "null" | "yes" | "no" | "on" | "off" | "y" | "n"
    );
    starts_well && !is_word && text.chars().all(is_fine) && !text.ends_with(' ')
}
