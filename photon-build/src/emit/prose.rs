//! Sentences: descriptions as parts of sentences of our own.

use super::markdown::printable;
use super::tokens::ident_text;

/// The most methods that a compile error lists: `rustc` itself lists those that an `impl` lacks.
const METHODS_TOLD_MAX: usize = 5;

/// The first letter in lower case, where it is upper case for the beginning of a sentence only.
pub(crate) fn lower_first(text: &str) -> String {
    const OPENERS: &[&str] = &[
        "A",
        "All",
        "An",
        "Any",
        "Anything",
        "At",
        "Bad",
        "Created",
        "Deleted",
        "Each",
        "Every",
        "Everything",
        "How",
        "If",
        "In",
        "Invalid",
        "It",
        "Its",
        "List",
        "Missing",
        "No",
        "Not",
        "Nothing",
        "Number",
        "On",
        "One",
        "Returned",
        "Returns",
        "Seconds",
        "Some",
        "Successful",
        "Successfully",
        "That",
        "The",
        "There",
        "These",
        "This",
        "Those",
        "Too",
        "Unexpected",
        "What",
        "When",
        "Where",
        "Whether",
        "Which",
        "Who",
        "You",
        "Your",
    ];
    let first = text.split(|character: char| !character.is_alphanumeric()).next().unwrap_or_default();
    if OPENERS.binary_search(&first).is_err() {
        return text.to_owned();
    }
    let mut lowered = text.to_owned();
    if let Some(letter) = lowered.get_mut(..1) {
        letter.make_ascii_lowercase();
    }
    lowered
}

/// `text` with a full stop, if it ends in a word.
pub(crate) fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(|last: char| last.is_alphanumeric() || ['`', ')', '"', '\''].contains(&last)) {
        format!("{text}.")
    } else {
        text.to_owned()
    }
}

/// `` `value` ``, whatever the value holds.
pub(crate) fn code(value: &str) -> String {
    let value: String =
        value.chars().map(|character| if character.is_control() { ' ' } else { character }).collect();
    if value.contains('`') { format!("`` {value} ``") } else { format!("`{value}`") }
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn join(words: &[String], conjunction: &str) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [most @ .., last] => format!("{} {conjunction} {last}", most.join(", ")),
    }
}

/// A text of the document in a compile error: one line, and nothing that its format would take for a place to fill.
pub(crate) fn told(text: &str) -> String {
    let words: Vec<String> = text.split_whitespace().map(printable).collect();
    words.join(" ").replace(['{', '}'], "")
}

/// What whoever forgot a trait is told: to write it, with these methods.
pub(crate) fn implement<'n>(name: &str, methods: impl IntoIterator<Item = &'n str>) -> String {
    let mut methods: Vec<String> = methods.into_iter().map(|method| code(&ident_text(method))).collect();
    if methods.len() > METHODS_TOLD_MAX {
        let rest = methods.split_off(METHODS_TOLD_MAX - 1).len();
        methods.push(format!("{rest} more"));
    }
    format!("write `impl {name} for {{Self}}` with {}", join(&methods, "and"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_joined_to_ours() {
        assert_eq!(lower_first("The pet."), "the pet.");
        assert_eq!(lower_first("GitHub is down."), "GitHub is down.");
        assert_eq!(lower_first("Einstein."), "Einstein.");
        assert_eq!(sentence("List pets"), "List pets.");
        assert_eq!(sentence("Why?"), "Why?");
        assert_eq!(code("a`b"), "`` a`b ``");
        assert_eq!(join(&["a".into(), "b".into(), "c".into()], "or"), "a, b or c");
    }

    #[test]
    fn who_forgot_a_trait_is_told_of_some_methods() {
        assert_eq!(told("a\n {b} [c]"), "a b [c]");
        assert_eq!(implement("PetsApi", ["get_pet"]), "write `impl PetsApi for {Self}` with `get_pet`");
        assert_eq!(
            implement("Api", ["a", "b", "c", "d", "e", "f"]),
            "write `impl Api for {Self}` with `a`, `b`, `c`, `d` and 2 more"
        );
    }
}
