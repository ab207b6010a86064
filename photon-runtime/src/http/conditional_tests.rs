use super::*;
use crate::exchange::Header;

/// Names and values.
type Fields = &'static [(&'static str, &'static str)];

const BEFORE: &str = "Sun, 06 Nov 1994 08:49:36 GMT";
const CHANGED: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
const AFTER: &str = "Sun, 06 Nov 1994 08:49:38 GMT";

fn known() -> Validators {
    let changed = httpdate::parse_http_date(CHANGED).unwrap() + Duration::from_millis(700);
    Validators::new().etag(Etag::strong("v1")).last_modified(changed)
}

fn with_head<T>(method: &str, fields: &[(&str, &str)], then: impl FnOnce(&Head<'_>) -> T) -> T {
    let headers: Vec<Header<'_>> =
        fields.iter().map(|(name, value)| Header { name, value: value.as_bytes() }).collect();
    then(&Head { method, target: "/", minor: 1, headers: &headers })
}

#[test]
fn conditions_are_evaluated_in_order() {
    use Condition::{Failed, Holds, NotModified};
    let cases: &[(Fields, Condition, Condition)] = &[
        // The fields, what they come to for GET, and for PUT.
        (&[], Holds, Holds),
        (&[("If-Match", "\"v1\"")], Holds, Holds),
        (&[("If-Match", "\"v0\", \"v1\"")], Holds, Holds),
        (&[("If-Match", "\"v0\""), ("If-Match", "\"v1\"")], Holds, Holds),
        (&[("If-Match", "W/\"v1\"")], Failed, Failed),
        (&[("If-Match", "\"v0\"")], Failed, Failed),
        (&[("If-Match", "v1")], Failed, Failed),
        (&[("If-Match", " * ")], Holds, Holds),
        // The tag wins over the date.
        (&[("If-Match", "\"v1\""), ("If-Unmodified-Since", BEFORE)], Holds, Holds),
        (&[("If-Match", "\"v0\""), ("If-Unmodified-Since", AFTER)], Failed, Failed),
        (&[("If-Unmodified-Since", CHANGED)], Holds, Holds),
        (&[("If-Unmodified-Since", BEFORE)], Failed, Failed),
        (&[("If-Unmodified-Since", "yesterday")], Holds, Holds),
        (&[("If-None-Match", "\"v1\"")], NotModified, Failed),
        (&[("If-None-Match", "W/\"v1\"")], NotModified, Failed),
        (&[("If-None-Match", "\"a,b\" , W/\"v1\"")], NotModified, Failed),
        (&[("If-None-Match", "\"v0\"")], Holds, Holds),
        (&[("If-None-Match", "*")], NotModified, Failed),
        // Both must hold, and the first decides.
        (&[("If-Match", "\"v0\""), ("If-None-Match", "\"v1\"")], Failed, Failed),
        (&[("If-Match", "\"v1\""), ("If-None-Match", "\"v1\"")], NotModified, Failed),
        (&[("If-None-Match", "\"v0\""), ("If-Modified-Since", AFTER)], Holds, Holds),
        (&[("If-Modified-Since", CHANGED)], NotModified, Holds),
        (&[("If-Modified-Since", AFTER)], NotModified, Holds),
        (&[("If-Modified-Since", BEFORE)], Holds, Holds),
        (&[("If-Modified-Since", "Sunday, 06-Nov-94 08:49:37 GMT")], NotModified, Holds),
        (&[("If-Modified-Since", "Sun Nov  6 08:49:37 1994")], NotModified, Holds),
        (&[("If-Modified-Since", CHANGED), ("If-Modified-Since", CHANGED)], Holds, Holds),
    ];
    for (fields, get, put) in cases {
        for (method, expected) in [("GET", get), ("HEAD", get), ("PUT", put), ("DELETE", put)] {
            let found = with_head(method, fields, |head| evaluate(head, &known()));
            assert_eq!(found, *expected, "{method} {fields:?}");
        }
    }
}

#[test]
fn what_does_not_exist_can_be_made_but_not_changed() {
    let cases = [
        (("If-Match", "*"), Condition::Failed),
        (("If-Match", "\"v1\""), Condition::Failed),
        (("If-None-Match", "*"), Condition::Holds),
    ];
    for (field, expected) in cases {
        let found = with_head("PUT", &[field], |head| evaluate(head, &Validators::absent()));
        assert_eq!(found, expected, "{field:?}");
    }
    // Without validators, dates do not count, and no tag fits.
    let unknown = Validators::new();
    for (field, expected) in [
        (("If-Match", "*"), Condition::Holds),
        (("If-Match", "\"v1\""), Condition::Failed),
        (("If-Unmodified-Since", BEFORE), Condition::Holds),
        (("If-Modified-Since", AFTER), Condition::Holds),
        (("If-None-Match", "\"v1\""), Condition::Holds),
    ] {
        assert_eq!(with_head("GET", &[field], |head| evaluate(head, &unknown)), expected, "{field:?}");
    }
}

#[test]
fn ranges_are_of_the_same_bytes() {
    let cases = [
        ("\"v1\"", true),
        ("\"v0\"", false),
        ("W/\"v1\"", false),
        ("\"v1\", \"v0\"", false),
        (CHANGED, true),
        (AFTER, false),
        (BEFORE, false),
        ("v1", false),
    ];
    for (value, expected) in cases {
        let found = with_head("GET", &[("If-Range", value)], |head| allows_range(head, &known()));
        assert_eq!(found, expected, "{value}");
    }
    assert!(with_head("GET", &[], |head| allows_range(head, &known())));
    let weak = Validators::from(Etag::weak("v1"));
    assert!(!with_head("GET", &[("If-Range", "\"v1\"")], |head| allows_range(head, &weak)));
}

#[test]
fn dates_outside_of_http_are_none() {
    let at = |at: SystemTime| Validators::new().last_modified(at).last_modified_text();
    assert_eq!(at(UNIX_EPOCH - Duration::from_secs(1)), None);
    assert_eq!(at(UNIX_EPOCH).as_deref(), Some("Thu, 01 Jan 1970 00:00:00 GMT"));
    let later = SystemTime::now() + Duration::from_hours(1);
    let told = httpdate::parse_http_date(&at(later).unwrap()).unwrap();
    assert!(told <= SystemTime::now(), "no change is in the future");
}
