//! What was most likely meant by a name that is not known.

/// Letters of a name of which one may be wrong.
const LETTERS_PER_FAULT: usize = 3;

/// Letters that may be wrong in any name.
const FAULTS_MAX: usize = 3;

/// The one of `known` that is written most like `wrong`, if any is near.
pub(crate) fn nearest<'k>(wrong: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let wrong_lower = wrong.to_lowercase();
    let faults_max = (wrong.chars().count() / LETTERS_PER_FAULT).min(FAULTS_MAX);
    known
        .into_iter()
        .map(|name| (distance(&wrong_lower, &name.to_lowercase()), name))
        .filter(|(faults, name)| *faults <= faults_max && *name != wrong)
        .min_by_key(|(faults, _)| *faults)
        .map(|(_, name)| name)
}

/// How many letters must be added, removed or replaced.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (at, letter) in from.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], at + 1);
        for (column, other) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *other);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_guessed_where_they_are_near() {
        let known = ["operationId", "summary", "tags", "parameters"];
        let check = |wrong: &str, expected| assert_eq!(nearest(wrong, known), expected, "{wrong}");
        check("operationID", Some("operationId"));
        check("sumary", Some("summary"));
        check("tag", Some("tags"));
        check("parameter", Some("parameters"));
        check("body", None);
        check("parameterSettings", None);
        check("tags", None);
    }
}
