//! Names in the database: what every database takes, and how keys are called.
//!
//! Knows letters and lengths. Must not know tables.

/// Bytes of a name in PostgreSQL; other databases take longer ones.
const NAME_BYTES_MAX: usize = 63;

/// Hexadecimal digits that stand for what was cut off a name.
const HASH_DIGITS: usize = 8;

/// Whether every database takes `name` as it is.
pub(super) fn is_name(name: &str) -> bool {
    let begins = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    begins
        && name.len() <= NAME_BYTES_MAX
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// The name of a column that keeps the property `name`: `created_at` for `createdAt`. A rule of its own, for columns must
/// not be renamed when the rules for Rust's names change.
pub(super) fn snake(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut column = String::with_capacity(name.len() + 4);
    for (at, letter) in letters.iter().enumerate() {
        if !letter.is_alphanumeric() {
            if !column.is_empty() && !column.ends_with('_') {
                column.push('_');
            }
            continue;
        }
        let before = at.checked_sub(1).map(|before| letters[before]);
        let follows_small = before.is_some_and(|before| before.is_lowercase() || before.is_numeric());
        let ends_capitals = before.is_some_and(char::is_uppercase)
            && letters.get(at + 1).is_some_and(|next| next.is_lowercase());
        if letter.is_uppercase() && (follows_small || ends_capitals) && !column.ends_with('_') {
            column.push('_');
        }
        column.extend(letter.to_lowercase());
    }
    column.trim_end_matches('_').to_owned()
}

/// The name of a key, an index or a check, as PostgreSQL would name it: `tasks_project_id_idx`.
pub(super) fn constraint(table: &str, columns: &[&str], kind: &str) -> String {
    let mut words = vec![table];
    words.extend(columns);
    words.push(kind);
    let name = words.join("_");
    if name.len() <= NAME_BYTES_MAX {
        return name;
    }
    // What differs may stand in what is cut off.
    let rest = NAME_BYTES_MAX - HASH_DIGITS - kind.len() - 2;
    let kept: String = name.chars().take(rest).collect();
    format!("{kept}_{:08x}_{kind}", hash(&name))
}

/// FNV-1a: the same in every build.
fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_every_database_takes() {
        let check = |name: &str, expected| assert_eq!(is_name(name), expected, "{name}");
        check("tasks", true);
        check("_Tasks2", true);
        check("", false);
        check("2tasks", false);
        check("my tasks", false);
        check("a\"b", false);
        check("aufträge", false);
        check(&"a".repeat(63), true);
        check(&"a".repeat(64), false);
    }

    #[test]
    fn columns_are_named_after_properties() {
        let check = |name: &str, expected: &str| assert_eq!(snake(name), expected, "{name}");
        check("id", "id");
        check("createdAt", "created_at");
        check("dueOn2", "due_on2");
        check("v2Name", "v2_name");
        check("HTTPServerURL", "http_server_url");
        check("content-type", "content_type");
        check("@type", "type");
        check("already_snake", "already_snake");
        check("größeÜber", "größe_über");
    }

    #[test]
    fn keys_are_named_as_postgresql_names_them() {
        assert_eq!(constraint("tasks", &[], "pkey"), "tasks_pkey");
        assert_eq!(constraint("tasks", &["project_id", "due_on"], "idx"), "tasks_project_id_due_on_idx");
    }

    #[test]
    fn long_names_stay_short_and_different() {
        let long = "a".repeat(40);
        let name = |last: &str| constraint(&long, &[long.as_str(), last], "idx");
        assert_eq!(name("x").len(), 63);
        assert!(is_name(&name("x")) && name("x").ends_with("_idx"));
        assert_ne!(name("x"), name("y"));
    }
}
