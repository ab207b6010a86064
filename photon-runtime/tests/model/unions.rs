//! Unions with a tag and without.

use ::photon_runtime as photon;

use crate::models::*;

#[test]
fn tagged() {
    let card = photon::decode::<Payment>(br#"{"number":"4111","kind":"credit"}"#).unwrap();
    assert_eq!(card, Payment::Card(Card { kind: "credit".into(), number: "4111".into() }));
    assert_eq!(photon::to_json(&card), br#"{"kind":"credit","number":"4111"}"#);

    let json = br#"{"kind":"transfer","iban":"x","next":{"kind":"card","number":"4111"}}"#;
    let transfer = photon::decode::<Payment>(json).unwrap();
    assert_eq!(photon::to_json(&transfer), json);
    assert_eq!(serde_json::to_vec(&transfer).unwrap(), json);

    for (json, expected) in [
        ("{}", &["/kind required"][..]),
        (r#"{"kind":1}"#, &["/kind required"]),
        (r#"{"kind":"cash"}"#, &["/kind discriminator"]),
        (r#"{"kind":"card","number":"1"}"#, &["/number minLength"]),
        (r#"{"kind":"transfer","iban":"x","a":1}"#, &["/a additionalProperties"]),
        (r#"{"kind":"transfer","iban":"x","next":{"kind":"?"}}"#, &["/next/kind discriminator"]),
        ("1", &[" type"]),
    ] {
        assert_eq!(faults::<Payment>(json), expected, "{json}");
    }
}

#[test]
fn a_tag_that_is_not_required_may_be_missing() {
    for (json, expected) in [
        (r#"{"lives":9}"#, Animal::Cat(Cat { kind: None, lives: 9 })),
        (r#"{"barks":true}"#, Animal::Dog(Dog { barks: true })),
        (r#"{"kind":"dog","barks":true}"#, Animal::Dog(Dog { barks: true })),
    ] {
        assert_eq!(photon::decode::<Animal>(json.as_bytes()).unwrap(), expected, "{json}");
    }
    for (json, expected) in [
        ("{}", &["/kind required"][..]),
        (r#"{"number":"4111"}"#, &["/kind required"]),
        (r#"{"lives":"nine"}"#, &["/kind required"]),
        (r#"{"kind":null,"barks":true}"#, &["/kind required"]),
        (r#"{"kind":"cow","lives":9}"#, &["/kind discriminator"]),
        (r#"{"kind":"dog","lives":9}"#, &["/lives additionalProperties", "/barks required"]),
    ] {
        assert_eq!(faults::<Animal>(json), expected, "{json}");
    }
    let both = photon::decode::<Twins>(br#"{"a":1}"#).unwrap_err().to_string();
    assert_eq!(both, "/kind: is required, and a text");
}

#[test]
fn told_apart_by_what_they_are() {
    for (json, expected) in [
        ("7", Id::Number(7)),
        (r#""abc""#, Id::Text("abc".into())),
        (r#"{"object":"account","id":1}"#, Id::Account(Account { id: 1, object: "account".into() })),
        (r#"{"number":"4111","kind":"card"}"#, Id::Card(Card { kind: "card".into(), number: "4111".into() })),
    ] {
        let id = photon::decode::<Id>(json.as_bytes()).unwrap();
        assert_eq!(id, expected, "{json}");
        assert_eq!(photon::decode::<Id>(&photon::to_json(&id)).unwrap(), id);
    }
    for (json, expected) in [
        ("0", &[" minimum"][..]),
        ("1.5", &[" type"]),
        ("null", &[" type"]),
        (r#""abcd""#, &[" maxLength"]),
        (r#"{"object":"account","id":"x"}"#, &["/id type"]),
        (r#"{"object":"other","id":"x"}"#, &[" oneOf"]),
        ("[", &[" type", " syntax"]),
    ] {
        assert_eq!(faults::<Id>(json), expected, "{json}");
    }
    let message = photon::decode::<Id>(b"{}").unwrap_err().to_string();
    assert_eq!(message, "fits none of the forms of Id: 3. /id: is required; 4. /kind: is required");
    assert_eq!(tell(photon::check(&Id::Number(0), &photon::ANY)), [" minimum"]);
}

#[test]
fn exactly_one_must_fit() {
    assert_eq!(photon::decode::<Overlap>(b"\"abc\"").unwrap(), Overlap::Short("abc".into()));
    assert_eq!(photon::decode::<Overlap>(b"\"abcdefg\"").unwrap(), Overlap::Long("abcdefg".into()));
    let both = photon::decode::<Vec<Overlap>>(b"[\"abcd\",\"abc\"]").unwrap_err();
    assert_eq!(both.to_string(), "/0: fits more than one of the forms of Overlap");
    assert_eq!(faults::<Overlap>(r#""abcdefghijk""#), [" oneOf"]);
}

#[test]
fn unions_in_unions_take_no_exponential_time() {
    let json = format!("{}1{}", "[".repeat(100), "]".repeat(100));
    let violations = photon::decode::<Nest>(json.as_bytes()).unwrap_err();
    assert!(violations.is_syntax(), "{violations}");
}
