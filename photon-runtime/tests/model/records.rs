//! Records, choices, tuples, maps, checks: what fits, what does not, and what comes out again.

use ::photon_runtime as photon;

use crate::models::*;

#[test]
fn a_record() {
    let pet = photon::decode::<Pet>(
        br#" { "type" : "sold", "id":3.0, "note":null, "nick":null, "tags":["a","b"], "price": 0.07 } "#,
    )
    .unwrap();
    let expected = Pet {
        id: 3,
        r#type: PetStatus::Sold,
        tag: None,
        note: None,
        nick: photon::Patch::Null,
        limit: 20,
        tags: Some(vec!["a".into(), "b".into()]),
        price: Some(0.07),
    };
    assert_eq!(pet, expected);
    let json = String::from_utf8(photon::to_json(&pet)).unwrap();
    assert_eq!(
        json,
        r#"{"id":3,"type":"sold","note":null,"nick":null,"limit":20,"tags":["a","b"],"price":0.07}"#
    );
    assert!(photon::check(&pet, &photon::ANY).is_empty());
}

#[test]
fn faults_of_a_record() {
    for (json, expected) in [
        ("{}", &["/type required", "/note required"][..]),
        (r#"{"type":"sold","note":"abcd"}"#, &["/note maxLength"]),
        (r#"{"type":"sold","note":"äöü€"}"#, &["/note maxLength"]),
        (r#"{"type":"sold","note":"äöü"}"#, &[]),
        (r#"{"type":"lost","note":1}"#, &["/type enum", "/note type"]),
        (r#"{"type":"sold","note":"","id":0}"#, &["/id minimum"]),
        (r#"{"type":"sold","note":"","id":101}"#, &["/id maximum", "/id multipleOf"]),
        (r#"{"type":"sold","note":"","id":4}"#, &["/id multipleOf"]),
        (r#"{"type":"sold","note":"","id":1.5}"#, &["/id type"]),
        (r#"{"type":"sold","note":"","id":"3"}"#, &["/id type"]),
        (r#"{"type":"sold","note":"","id":null}"#, &["/id type"]),
        (r#"{"type":"sold","note":"","id":1180591620717411303424}"#, &["/id range"]),
        (r#"{"type":"sold","note":"","limit":2147483648}"#, &["/limit range"]),
        (r#"{"type":"sold","note":"","tag":null,"tags":["a"]}"#, &["/tag type"]),
        (r#"{"type":"sold","note":"","tag":"a"}"#, &[" dependentRequired"]),
        (r#"{"type":"sold","note":"","nick":"a"}"#, &["/nick minLength"]),
        (r#"{"type":"sold","note":"","what/a~b":[1]}"#, &["/what~1a~0b additionalProperties"]),
        (r#"{"type":"sold","note":"","note":""}"#, &["/note duplicateKey"]),
        (r#"{"type":"sold","note":"","tags":[]}"#, &["/tags minItems"]),
        (
            r#"{"type":"sold","note":"","tags":["a","","1","a"]}"#,
            &[
                "/tags/1 minLength",
                "/tags/1 pattern",
                "/tags/2 pattern",
                "/tags maxItems",
                "/tags uniqueItems",
            ],
        ),
        (r#"{"type":"sold","note":"","price":0}"#, &["/price exclusiveMinimum"]),
        (r#"{"type":"sold","note":"","price":9.99}"#, &[]),
        (
            r#"{"type":"sold","note":"","price":9.990000000000000000001}"#,
            &["/price maximum", "/price multipleOf"],
        ),
        (r#"{"type":"sold","note":"","price":1e400}"#, &["/price range", "/price maximum"]),
        ("[]", &[" type"]),
        ("", &[" type", " syntax"]),
    ] {
        assert_eq!(faults::<Pet>(json), expected, "{json}");
    }
}

#[test]
fn messages() {
    let told = |json: &str| photon::decode::<Pet>(json.as_bytes()).unwrap_err().to_string();
    assert_eq!(told(r#"{"type":"sold","note":"","id":0}"#), "/id: must be at least 1");
    assert_eq!(told(r#"{"type":"x","note":""}"#), "/type: must be one of available, sold");
    assert_eq!(told(r#"{"type":"sold","note":"abcd"}"#), "/note: must have at most 3 characters, has 4");
    assert_eq!(told(r#"{"type":"sold","note":"","id":"1"}"#), "/id: must be an integer, not a string");
    assert_eq!(
        told(r#"{"type":"sold","note":"","tags":["a","a"]}"#),
        "/tags: must not repeat items, but items 0 and 1 are equal"
    );
    assert_eq!(told("{\"type\":\"sold\",\"note\":\"\",\"id\":3"), "is not JSON: it ends too early");
}

#[test]
fn many_faults_are_counted() {
    let json = format!("[{}]", vec!["1"; 250].join(","));
    let violations = photon::decode::<Vec<String>>(json.as_bytes()).unwrap_err();
    assert_eq!((violations.len(), violations.more()), (photon::VIOLATIONS_MAX, 150));
    assert!(violations.to_string().ends_with("; and 150 more"));
    let broken = format!("[{}", vec!["1"; 250].join(","));
    let violations = photon::decode::<Vec<String>>(broken.as_bytes()).unwrap_err();
    assert!(violations.is_syntax());
}

#[test]
fn extra_properties() {
    let labels = photon::decode::<Labels>(br#"{"a":1,"name":"x"}"#).unwrap();
    assert_eq!(labels, Labels { name: "x".into(), extra: [("a".to_owned(), 1)].into() });
    assert_eq!(photon::to_json(&labels), br#"{"name":"x","a":1}"#);
    assert_eq!(
        faults::<Labels>(r#"{"name":"x","a":10,"long name":1}"#),
        ["/a maximum", "/long name propertyNames"]
    );
    assert_eq!(faults::<Labels>(r#"{"name":"x","a":1,"b":1,"c":1}"#), [" maxProperties"]);
    assert_eq!(faults::<Labels>(r#"{"name":"x","a":1,"a":2}"#), ["/a duplicateKey"]);
    let none = Labels { name: "x".into(), extra: photon::Map::new() };
    assert_eq!(photon::to_json(&none), br#"{"name":"x"}"#);
    let wrong = Labels { name: "x".into(), extra: [("a".to_owned(), 10), ("name".to_owned(), 1)].into() };
    assert_eq!(tell(photon::check(&wrong, &photon::ANY)), ["/a maximum", "/name duplicateKey"]);
}

#[test]
fn choices_and_literals() {
    assert_eq!(photon::decode::<Color>(b"\"red\"").unwrap(), Color::Red);
    assert_eq!(photon::decode::<Color>(b"\"blue\"").unwrap(), Color::Other("blue".into()));
    assert_eq!(photon::to_json(&Color::Other("blue".into())), b"\"blue\"");
    assert_eq!(Color::ALL.len(), 2);
    assert_eq!("green".parse::<Color>(), Ok(Color::Green));
    for (json, expected) in [
        ("1", Some(Level::One)),
        ("1.0", Some(Level::One)),
        ("10e-1", Some(Level::One)),
        (r#""\u0061""#, Some(Level::A)),
        ("true", Some(Level::Yes)),
        ("null", Some(Level::Nothing)),
        ("\"1\"", None),
        ("2", None),
        ("[]", None),
    ] {
        assert_eq!(photon::decode::<Level>(json.as_bytes()).ok(), expected, "{json}");
    }
    assert_eq!(photon::to_json(&Level::A), b"\"a\"");
}

#[test]
fn tuples() {
    let point = photon::decode::<Point>(br#"[1.5, 2, "a", "b"]"#).unwrap();
    assert_eq!(point, Point(1.5, Some(2), vec!["a".into(), "b".into()]));
    assert_eq!(photon::to_json(&point), br#"[1.5,2,"a","b"]"#);
    assert_eq!(photon::to_json(&Point(1.0, None, Vec::new())), b"[1.0]");
    for (json, expected) in [
        ("[]", &[" minItems"][..]),
        ("[-1]", &["/0 minimum"]),
        ("[2,2.0]", &[" uniqueItems"]),
        (r#"[1,2,"abc"]"#, &["/2 maxLength"]),
        (r#"[1,2,"a","b","c"]"#, &[" maxItems"]),
    ] {
        assert_eq!(faults::<Point>(json), expected, "{json}");
    }
    assert_eq!(faults::<Pair>("[1,2,3]"), ["/2 items"]);
    assert_eq!(faults::<Pair>("[1]"), [" minItems"]);
    assert_eq!(tell(photon::check(&Pair(1, 10), &photon::ANY)), ["/1 maximum"]);
}

#[test]
fn newtypes_and_defaults() {
    assert_eq!(
        photon::decode::<Tree>(b"[[],[[]]]").unwrap(),
        Tree(vec![Tree(vec![]), Tree(vec![Tree(vec![])])])
    );
    assert_eq!(faults::<Tree>("[[[],[],[]]]"), ["/0 maxItems"]);
    assert_eq!(Options::default(), Options { deep: true, words: vec!["a".into(), "b".into()] });
}

#[test]
fn exact_checks() {
    for check in CHECKED {
        assert_eq!(check.compile(), Ok(()));
    }
    for (json, expected) in [
        ("{}", &[][..]),
        (r#"{"min":1,"max":3}"#, &[]),
        (r#"{"min":1}"#, &["/max required"]),
        (r#"{"max":2}"#, &["/max not"]),
        (r#"{"odd":2}"#, &["/odd not", "/odd unevaluatedProperties"]),
        (r#"{"min":"a","max":1}"#, &["/min type"]),
    ] {
        let mut told = faults::<Range>(json);
        let mut expected = expected.to_vec();
        told.sort_unstable();
        expected.sort_unstable();
        assert_eq!(told, expected, "{json}");
    }
    let range = Range { min: Some(1), max: None, odd: None };
    assert_eq!(tell(photon::check(&range, &photon::ANY)), ["/max required"]);
}

#[test]
fn types_of_the_user() {
    assert_eq!(photon::decode::<Vec<Money>>(br#"[{"amount":1}]"#).unwrap(), [Money { amount: 1 }]);
    assert_eq!(faults::<Vec<Money>>(r#"[{"amount":-1},{}]"#), ["/0/amount validate", "/1 type"]);
    assert_eq!(photon::to_json(&Money { amount: 1 }), br#"{"amount":1}"#);
}

#[derive(Clone, Debug, PartialEq)]
struct Headers {
    name: Option<String>,
    extra: photon::Map<i64>,
}

static X: photon::Pattern = photon::Pattern::new("^x-");
static HEADERS: photon::Record =
    photon::record("Headers", &["name"]).keep_extra(photon::ANY).extra_keys(photon::selected(&X));
photon::model! { Headers, HEADERS, name; extra }

static MAP: photon::Rule = photon::map(0, u32::MAX).keys(&KEYS);
static KEYS: photon::Rule = photon::selected(&X);

#[test]
fn names_that_are_not_meant_are_ignored() {
    let headers: Headers = photon::decode(br#"{"name":"a","x-b":1,"y":["z"]}"#).unwrap();
    assert_eq!((headers.name.as_deref(), headers.extra.len(), headers.extra["x-b"]), (Some("a"), 1, 1));
    let error = photon::decode::<Headers>(br#"{"x-b":"1","y":2}"#).unwrap_err();
    assert_eq!(error.to_string(), "/x-b: must be an integer, not a string");
    let map = photon::Decoder::json_str(r#"{"x-b":1,"y":"z"}"#).decode::<photon::Map<i64>>(&MAP).unwrap();
    assert_eq!(map.len(), 1);
}
