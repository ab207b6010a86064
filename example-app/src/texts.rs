//! Texts on their way into tables and queries.
//!
//! Knows no table.

use photon_runtime::db::sea_orm::sea_query::LikeExpr;

/// The text as every database keeps it: not all have a NUL.
pub(crate) fn kept(text: impl Into<String>) -> String {
    let text = text.into();
    if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text }
}

/// Texts in lower case, for the search: what databases make of letters beyond ASCII differs.
pub(crate) fn words<'t>(parts: impl IntoIterator<Item = &'t str>) -> String {
    kept(parts.into_iter().collect::<Vec<_>>().join(" ").to_lowercase())
}

/// What fits texts in which this word occurs.
pub(crate) fn containing(word: &str) -> LikeExpr {
    let mut pattern = String::from("%");
    for char in kept(word.to_lowercase()).chars() {
        if matches!(char, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(char);
    }
    pattern.push('%');
    LikeExpr::new(pattern).escape('\\')
}
