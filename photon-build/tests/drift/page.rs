//! The page of the documentation that lists every kind of change.

use std::collections::BTreeSet;
use std::fmt::Write as _;

const PAGE: &str = "src/drift/changes.md";

const HEAD: &str = "Every kind of change that [`compare`](crate::compare) tells, with what it means to clients and why.

*Breaking*: clients that kept to the contract break. *Risky*: most go on as they are; those that are strict, or rely on
what was never promised, may not. *Compatible*: they go on. *Documentation*: it is only said differently. A request is
what clients send, a response what they receive; in webhooks and callbacks the server asks and clients answer.
`allOf` has no kinds of its own: what it brings together is compared as if it were written in one place.

| change | area | verdict | what has changed | why |
|---|---|---|---|---|
";

fn page() -> String {
    let mut page = HEAD.to_owned();
    for kind in photon_build::change_kinds() {
        let (area, verdict) = (kind.area.as_str(), kind.verdict.as_str());
        writeln!(page, "| `{}` | {area} | {verdict} | {} | {} |", kind.id, kind.what, kind.why).unwrap();
    }
    page
}

#[test]
fn the_page_lists_every_kind() {
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        std::fs::write(PAGE, page()).unwrap();
    }
    let written = std::fs::read_to_string(PAGE).unwrap_or_default().replace("\r\n", "\n");
    assert_eq!(written, page(), "run it again with UPDATE=1 to rewrite {PAGE}");
}

#[test]
fn ids_are_unique_and_have_a_way_back() {
    let ids: Vec<&str> = photon_build::change_kinds().map(|kind| kind.id).collect();
    let unique: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), unique.len());
    assert!(ids.len() >= 120);
    for kind in photon_build::change_kinds() {
        assert!(unique.contains(kind.back), "{} goes back to {}", kind.id, kind.back);
        assert!(kind.id.bytes().all(|letter| letter == b'-' || letter.is_ascii_lowercase()), "{}", kind.id);
        assert!(!kind.what.ends_with('.') && !kind.why.ends_with('.'), "{}", kind.id);
    }
}
