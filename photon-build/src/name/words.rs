//! Words: any text cut into lower-case words, and words joined in each of Rust's cases.
//!
//! Knows nothing of scopes and keywords.

/// The words of `text`, in lower case; symbols separate, except a sign or comparison in front.
pub(crate) fn plain(text: &str) -> Vec<String> {
    let leading = text.chars().take_while(|character| !character.is_alphanumeric()).count();
    let mut words = Vec::new();
    if leading_symbols_matter(text) {
        words.extend(
            text.chars().take(leading).filter_map(symbol).flat_map(|word| word.split(' ')).map(str::to_owned),
        );
    }
    cut(&text.chars().skip(leading).collect::<String>(), &mut words);
    if words.is_empty() { verbose(text) } else { words }
}

/// The words of `text` with symbols spelled out: `c++` is `c plus plus`. What only joins words says nothing: `pet-id`.
pub(crate) fn verbose(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut run = String::new();
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let joins = !run.is_empty() && matches!(character, '-' | '.' | '/' | ':' | ',');
        if is_word(character) || joins && characters.peek().copied().is_some_and(is_word) {
            run.push(character);
            continue;
        }
        cut(&std::mem::take(&mut run), &mut words);
        let pair = characters.peek().and_then(|next| pair(character, *next));
        if let Some(word) = pair {
            characters.next();
            words.extend(word.split(' ').map(str::to_owned));
        } else if let Some(word) = symbol(character) {
            words.extend(word.split(' ').map(str::to_owned));
        } else if character != ' ' && character != '_' && !character.is_ascii_punctuation() {
            words.push(format!("u{:x}", character as u32));
        }
    }
    cut(&run, &mut words);
    if words.is_empty() {
        words.push(if text.is_empty() { "empty" } else { "blank" }.to_owned());
    }
    words
}

/// `get_pet`
pub(crate) fn snake(words: &[String]) -> String {
    numbered('n', words.join("_"))
}

/// `GET_PET`
pub(crate) fn screaming(words: &[String]) -> String {
    numbered('N', words.join("_").to_uppercase())
}

/// `GetPet`; digits that would touch are kept apart: `V1_2`.
pub(crate) fn pascal(words: &[String]) -> String {
    let mut name = String::new();
    for word in words {
        let mut characters = word.chars();
        let Some(first) = characters.next() else { continue };
        if first.is_numeric() && name.ends_with(char::is_numeric) {
            name.push('_');
        }
        name.extend(first.to_uppercase());
        name.push_str(characters.as_str());
    }
    numbered('N', name)
}

/// No identifier starts with a digit or with a sign that only continues one.
fn numbered(letter: char, mut name: String) -> String {
    let only_continues =
        |first: char| !first.is_ascii() && syn::parse_str::<syn::Ident>(&first.to_string()).is_err();
    if name.starts_with(|first: char| first.is_numeric() || only_continues(first)) {
        name.insert(0, letter);
    }
    name
}

/// `-1`, `+1`, `<=5` and `!important` differ from `1`, `5` and `important` by what stands in front.
fn leading_symbols_matter(text: &str) -> bool {
    let mut characters = text.chars();
    match characters.next() {
        Some('+' | '<' | '>' | '=' | '!' | '~' | '^' | '*' | '&' | '|' | '%') => true,
        Some('-') => characters.next().is_some_and(char::is_numeric),
        _ => false,
    }
}

/// Cuts a run of word characters and separators at changes of case.
fn cut(run: &str, words: &mut Vec<String>) {
    for part in run.split(|character| !is_word(character)).filter(|part| !part.is_empty()) {
        let characters: Vec<char> = part.chars().filter(|character| !is_mark(*character)).collect();
        let mut word = String::new();
        for (index, character) in characters.iter().enumerate() {
            if starts_word(&characters, index) && !word.is_empty() {
                words.push(std::mem::take(&mut word));
            }
            word.extend(character.to_lowercase());
        }
        if !word.is_empty() {
            words.push(word);
        }
    }
}

/// Whether an upper-case letter begins a word: after anything else (`petId`, `v1Beta`), or as the last of a run before
/// lower case (`HTTPServer`), unless that is a plural (`petIDs`).
fn starts_word(characters: &[char], index: usize) -> bool {
    let upper = |at: usize| characters.get(at).is_some_and(|character| character.is_uppercase());
    let lower = |at: usize| characters.get(at).is_some_and(|character| character.is_lowercase());
    if index == 0 || !upper(index) {
        return false;
    }
    if !upper(index - 1) {
        return true;
    }
    let plural = characters.get(index + 1) == Some(&'s') && !lower(index + 2);
    lower(index + 1) && !plural
}

/// Letters of every script that Rust allows in identifiers, and digits.
fn is_word(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_alphanumeric();
    }
    character.is_alphanumeric() && syn::parse_str::<syn::Ident>(&format!("a{character}")).is_ok()
        || is_mark(character)
}

/// Combining accents are dropped: identifiers that differ in normalisation only would be the same to Rust.
fn is_mark(character: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&character)
}

fn pair(first: char, second: char) -> Option<&'static str> {
    match (first, second) {
        ('<', '=') => Some("lt eq"),
        ('>', '=') => Some("gt eq"),
        ('!', '=') => Some("not eq"),
        ('=', '=') => Some("eq"),
        _ => None,
    }
}

fn symbol(character: char) -> Option<&'static str> {
    Some(match character {
        '+' => "plus",
        '-' => "minus",
        '*' => "star",
        '/' => "slash",
        '\\' => "backslash",
        '%' => "percent",
        '<' => "lt",
        '>' => "gt",
        '=' => "eq",
        '!' => "not",
        '~' => "tilde",
        '^' => "caret",
        '&' => "and",
        '|' => "or",
        '#' => "hash",
        '@' => "at",
        '$' => "dollar",
        '.' => "dot",
        ',' => "comma",
        ':' => "colon",
        ';' => "semicolon",
        '?' => "question",
        '\'' => "quote",
        '"' => "double quote",
        '`' => "backtick",
        '(' => "open paren",
        ')' => "close paren",
        '[' => "open bracket",
        ']' => "close bracket",
        '{' => "open brace",
        '}' => "close brace",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected_snake: &str, expected_pascal: &str) {
        assert_eq!(snake(&plain(text)), expected_snake);
        assert_eq!(pascal(&plain(text)), expected_pascal);
    }

    #[test]
    fn words_are_found_in_every_convention() {
        check("petId", "pet_id", "PetId");
        check("petID", "pet_id", "PetId");
        check("petIDs", "pet_ids", "PetIds");
        check("HTTPServer", "http_server", "HttpServer");
        check("GET /pets/{petId}", "get_pets_pet_id", "GetPetsPetId");
        check("oauth2Token", "oauth2_token", "Oauth2Token");
        check("v1Beta", "v1_beta", "V1Beta");
        check("v1.2", "v1_2", "V1_2");
        check("SCREAMING_CASE", "screaming_case", "ScreamingCase");
        check("kebab-case--twice", "kebab_case_twice", "KebabCaseTwice");
        check("2fa", "n2fa", "N2fa");
        check("1", "n1", "N1");
        check("X-Request-ID", "x_request_id", "XRequestId");
        check("$ref", "ref", "Ref");
        check("@type", "type", "Type");
        check("application/vnd.api+json", "application_vnd_api_json", "ApplicationVndApiJson");
    }

    #[test]
    fn symbols_are_spelled_where_they_are_all_there_is() {
        check("", "empty", "Empty");
        check(" ", "blank", "Blank");
        check("*", "star", "Star");
        check("<=", "lt_eq", "LtEq");
        check("!=", "not_eq", "NotEq");
        check("+1", "plus_1", "Plus1");
        check("-1", "minus_1", "Minus1");
        check("-created", "created", "Created");
        assert_eq!(pascal(&verbose("-created")), "MinusCreated");
        assert_eq!(pascal(&verbose("C++")), "CPlusPlus");
        assert_eq!(pascal(&verbose("C#")), "CHash");
        assert_eq!(snake(&verbose("get /pets/")), "get_slash_pets_slash");
        assert_eq!(snake(&verbose("pet-id.x")), "pet_id_x");
    }

    #[test]
    fn other_scripts_are_kept() {
        check("größe", "größe", "Größe");
        check("cafe\u{301}", "cafe", "Cafe");
        check("宠物", "宠物", "宠物");
        check("🦀", "u1f980", "U1f980");
        check("x²", "x", "X");
    }
}
