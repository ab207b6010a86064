//! The path that all routes are mounted under, from the URLs of servers.
//!
//! Knows URLs. Must not know operations.

use crate::spec::Server;

/// The path of the first server, its variables at their defaults: empty or `/v1`.
///
/// What stands behind a variable without a default is not known, so the path ends before it.
pub(super) fn of(servers: &[Server]) -> String {
    servers.first().map_or_else(String::new, |server| path(&server.url_at_defaults()))
}

/// A path as the configuration has it (`/`, `v1/`), in the one shape that the rest knows: empty or `/v1`.
pub(super) fn normalized(path: &str) -> String {
    let mut normalized = String::with_capacity(path.len() + 1);
    for segment in path.split('/').filter(|segment| !matches!(*segment, "" | "." | "..")) {
        normalized.push('/');
        normalized.push_str(segment);
    }
    normalized
}

/// The longest path that all of `paths` begin with, in whole segments.
pub(super) fn common<'p>(paths: impl IntoIterator<Item = &'p str>) -> String {
    let mut paths = paths.into_iter();
    let mut common: Vec<&str> = paths.next().unwrap_or_default().split('/').skip(1).collect();
    for path in paths {
        let segments = path.split('/').skip(1);
        let equal = common.iter().zip(segments).take_while(|(one, other)| **one == *other).count();
        common.truncate(equal);
    }
    common.iter().fold(String::new(), |path, segment| path + "/" + segment)
}

fn path(url: &str) -> String {
    let url = url.trim();
    let after_scheme = match url.split_once("://") {
        Some((_, rest)) => authority_cut(rest),
        None => match url.strip_prefix("//") {
            Some(rest) => authority_cut(rest),
            None if looks_like_host(url) => authority_cut(url),
            None => url,
        },
    };
    let end = after_scheme.find(['?', '#']).unwrap_or(after_scheme.len());
    let path = &after_scheme[..end];
    match path.find('{') {
        Some(template) => {
            let whole_segments = path[..template].rfind('/').unwrap_or(0);
            normalized(&path[..whole_segments])
        }
        None => normalized(path),
    }
}

fn authority_cut(rest: &str) -> &str {
    rest.find('/').map_or("", |slash| &rest[slash..])
}

/// `api.example.com/v1` and `localhost:8080` are relative references by the letter, and hosts in the documents
/// that have them; a leading variable stands for scheme and host.
fn looks_like_host(url: &str) -> bool {
    let first = url.split('/').next().unwrap_or_default();
    let is_dots = first.chars().all(|letter| letter == '.');
    !is_dots && (first.contains(['.', ':', '{']) || first == "localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_have_paths() {
        let check = |url: &str, expected: &str| assert_eq!(path(url), expected, "{url}");
        check("/", "");
        check("/v1/", "/v1");
        check("v1", "/v1");
        check("./v1", "/v1");
        check("../v2", "/v2");
        check(".", "");
        check("https://api.example.com", "");
        check("https://api.example.com/", "");
        check("https://api.example.com/a/b/?x=1#y", "/a/b");
        check("//api.example.com/v1", "/v1");
        check("api.example.com/v1", "/v1");
        check("localhost:8080/v1", "/v1");
        check("https://{host}:8080/v1", "/v1");
        check("{baseUrl}/v1", "/v1");
        check("https://api.example.com/v1/{tenant}/x", "/v1");
        check("https://api.example.com/v1/a{tenant}", "/v1");
    }

    #[test]
    fn paths_have_a_common_beginning() {
        let check = |paths: &[&str], expected: &str| assert_eq!(common(paths.iter().copied()), expected);
        check(&["/v1"], "/v1");
        check(&["/v1", "/v1"], "/v1");
        check(&["/v1", ""], "");
        check(&["/api/v1", "/api/v2"], "/api");
        check(&["/apis", "/api"], "");
    }
}
