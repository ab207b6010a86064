//! What is wrong with a YAML text, in plain words: the parser's own speak of its grammar.
//!
//! Knows the parser's kinds of errors. Must not know where they stand.

use granit_parser::{ErrorKind, ScanError};

use super::tree::Said;

/// What helps where a text must be quoted.
const QUOTE: &str = "put the whole text in quotes";

/// What helps where lines are indented wrongly.
const ALIGN: &str =
    "keys of one mapping begin in the same column, those of an inner one further to the right";

/// What is told of an error, and what helps where more can be said than in general.
pub(super) fn said(error: &ScanError) -> Said {
    let (message, help) = match error.kind() {
        ErrorKind::MappingValueNotAllowed => (
            "a `:` stands where no key can end",
            "put a text with `: ` in it in quotes; a line below a value is not indented further",
        ),
        ErrorKind::InvalidColonPlacement => (
            "a `:` stands where no key can end",
            "close the bracket or the quote before it, or put the text in quotes",
        ),
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => {
            ("a key must be followed by `:`", "write `key: value`, or indent it as part of the text before")
        }
        ErrorKind::ExpectedBlockMappingKey | ErrorKind::InvalidIndentation => {
            ("this line is not indented as those around it", ALIGN)
        }
        ErrorKind::TabNotAllowed | ErrorKind::TabInBlockIndentation | ErrorKind::TabInIndentation => {
            ("a tab cannot indent a line", "indent by spaces")
        }
        ErrorKind::UnclosedFlowCollection { open } | ErrorKind::MismatchedFlowCollectionEnd { open, .. } => {
            return unclosed(*open);
        }
        ErrorKind::UnclosedQuotedScalar => ("this quote does not end", "add the quote at its end"),
        ErrorKind::UnexpectedCharacter { character } => {
            let message = format!("a text cannot begin with `{}`", character.escape_default());
            return Said { message, help: Some(QUOTE) };
        }
        ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar => {
            ("nothing can follow the end of a quoted text", "put the whole text in quotes, or none of it")
        }
        ErrorKind::UnknownQuotedScalarEscape => (
            "this text has an escape that is unknown",
            "write `\\\\` for `\\`, or put the text in single quotes",
        ),
        ErrorKind::UnknownAnchor => {
            ("this alias names nothing before it", "put a text that begins with `*` in quotes")
        }
        ErrorKind::BlockSequenceEntryNotAllowed | ErrorKind::BlockEntryInFlowCollection => {
            ("a list with `-` cannot begin here", "begin it on a line of its own, or write `[item, item]`")
        }
        ErrorKind::FlowMappingValueAdjacentCollection => {
            ("a space must follow this colon", "put a space after it")
        }
        ErrorKind::CommentNotSeparated => {
            ("a space must stand before this comment", "put a space before `#`, or put the text in quotes")
        }
        _ => return Said { message: error.info(), help: None },
    };
    Said { message: message.to_owned(), help: Some(help) }
}

fn unclosed(open: char) -> Said {
    let close = if open == '[' { ']' } else { '}' };
    let help = "close it; a bracket that is meant as text needs quotes";
    Said { message: format!("no `{close}` closes this `{open}`"), help: Some(help) }
}
