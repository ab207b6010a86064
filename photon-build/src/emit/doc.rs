//! Doc comments, from the contract's prose and what the contract says otherwise.

use proc_macro2::TokenStream;
use quote::quote;

use super::{markdown, prose};

/// The longest default that is told.
const DEFAULT_CHARS_MAX: usize = 80;

/// Paragraphs of a doc comment.
#[derive(Debug, Default)]
pub(crate) struct Doc {
    lines: Vec<String>,
}

impl Doc {
    /// Nothing said yet.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// A comment that begins with a sentence of ours.
    pub(crate) fn of(sentence: impl Into<String>) -> Self {
        Self { lines: vec![sentence.into()] }
    }

    /// A comment that begins with `opening: description`.
    pub(crate) fn led(opening: &str, description: &str) -> Self {
        let mut lines = markdown::lines(description);
        match lines.first() {
            Some(first) if !starts_code(first) => {
                lines =
                    markdown::lines(&format!("{opening}: {}", prose::lower_first(description.trim_start())));
            }
            Some(_) => lines.splice(..0, [format!("{opening}."), String::new()]).for_each(drop),
            None => lines.push(format!("{opening}.")),
        }
        Self { lines }
    }

    /// A paragraph from the document.
    pub(crate) fn markdown(mut self, description: &str) -> Self {
        let lines = markdown::lines(description);
        self.separate(!lines.is_empty());
        self.lines.extend(lines);
        self
    }

    /// A paragraph of ours; nothing if it is empty.
    pub(crate) fn paragraph(mut self, text: &str) -> Self {
        self.separate(!text.is_empty());
        self.lines.extend((!text.is_empty()).then(|| text.to_owned()));
        self
    }

    /// One more line of ours in the last paragraph.
    pub(crate) fn line(mut self, text: &str) -> Self {
        self.lines.push(text.to_owned());
        self
    }

    /// A sentence at the end of the last paragraph.
    fn also(mut self, sentence: &str) -> Self {
        match self.lines.last_mut() {
            Some(last) if last.ends_with(['.', '!', '?']) && !starts_block(last) => {
                last.push(' ');
                last.push_str(sentence);
                self
            }
            _ => self.paragraph(sentence),
        }
    }

    /// `Defaults to ..`, if there is a default short enough to tell.
    pub(crate) fn default_value(self, default: Option<&str>) -> Self {
        match default {
            Some(default) if default.chars().count() <= DEFAULT_CHARS_MAX => {
                self.also(&format!("Defaults to {}.", prose::code(default)))
            }
            _ => self,
        }
    }

    /// A line, not the attribute: the module's own use would warn.
    pub(crate) fn deprecated(self, deprecated: bool) -> Self {
        if deprecated { self.paragraph("Deprecated.") } else { self }
    }

    fn separate(&mut self, more: bool) {
        if more && !self.lines.is_empty() {
            self.lines.push(String::new());
        }
    }

    /// One `#[doc]` a line.
    pub(crate) fn tokens(self) -> TokenStream {
        let lines =
            self.lines.into_iter().map(|line| if line.is_empty() { line } else { format!(" {line}") });
        quote!(#(#[doc = #lines])*)
    }
}

fn starts_code(line: &str) -> bool {
    line.starts_with("```") || line.starts_with("~~~") || starts_block(line)
}

fn starts_block(line: &str) -> bool {
    line.starts_with(['#', '-', '*', '>', '|', '+', ' '])
}
