//! Texts that stand for other scalars: parameters and forms.

use ::photon_runtime as photon;

use crate::models::*;

fn scalar<T: photon::Value>(text: &str) -> Option<T> {
    photon::Decoder::scalar(text).decode(&photon::ANY).ok()
}

fn text<T: photon::Value>(json: &str) -> Option<T> {
    photon::Decoder::text(json).decode(&photon::ANY).ok()
}

#[test]
fn scalars() {
    for (source, expected) in [
        ("7", Some(7)),
        ("-0", Some(0)),
        ("1.0", None),
        ("1e3", None),
        ("", None),
        (" 7", None),
        ("7 ", None),
        ("+7", None),
        ("07", None),
        ("0x7", None),
        ("7a", None),
        ("true", None),
    ] {
        assert_eq!(scalar::<i64>(source), expected, "{source:?}");
    }
    assert_eq!(scalar::<bool>("true"), Some(true));
    assert_eq!(scalar::<bool>("True"), None);
    assert_eq!(scalar::<bool>("1"), None);
    assert_eq!(scalar::<f64>("0.5"), Some(0.5));
    assert_eq!(scalar::<f64>("NaN"), None);
    assert_eq!(scalar::<String>(" a\"\\b "), Some(" a\"\\b ".to_owned()));
    assert_eq!(scalar::<String>(""), Some(String::new()));
    assert_eq!(scalar::<PetStatus>("sold"), Some(PetStatus::Sold));
    assert_eq!(scalar::<Option<i64>>("7"), Some(Some(7)));
    assert_eq!(
        scalar::<photon::Date>("2024-02-29").map(|date| date.to_string()).as_deref(),
        Some("2024-02-29")
    );
    assert_eq!(scalar::<Vec<i64>>("1"), None);
    assert_eq!(scalar::<Pet>("1"), None);
    assert_eq!(scalar::<photon::Null>("null"), Some(photon::Null));
}

#[test]
fn the_most_specific_meaning() {
    assert_eq!(scalar::<Id>("7"), Some(Id::Number(7)));
    assert_eq!(scalar::<Id>("7a"), Some(Id::Text("7a".into())));
    assert_eq!(scalar::<Level>("1"), Some(Level::One));
    assert_eq!(scalar::<Level>("a"), Some(Level::A));
    assert_eq!(scalar::<Level>("true"), Some(Level::Yes));
    assert_eq!(scalar::<photon::Json>("1.5"), Some(serde_json::json!(1.5)));
    assert_eq!(scalar::<photon::Json>("007"), Some(serde_json::json!("007")));
    let nullable = photon::text(0, 9).nullable();
    assert_eq!(photon::Decoder::scalar("null").decode::<Option<String>>(&nullable).ok(), Some(None));
}

#[test]
fn objects_and_lists_of_texts() {
    let pet = text::<Pet>(r#"{"id":"3","type":"sold","note":"a","limit":"7","tags":["b"],"price":"0.07"}"#)
        .unwrap();
    assert_eq!((pet.id, pet.limit, pet.price), (3, 7, Some(0.07)));
    assert_eq!(text::<Vec<bool>>(r#"["true","false",true]"#), Some(vec![true, false, true]));
    assert_eq!(text::<Vec<bool>>(r#"["yes"]"#), None);
    assert_eq!(photon::decode::<i64>(b"\"3\"").ok(), None);
    let point = photon::Decoder::text(r#"["2","2"]"#).decode::<Point>(&photon::ANY).unwrap_err();
    assert_eq!(tell(point), [" uniqueItems"]);
    let range = photon::Decoder::text(r#"{"min":"1"}"#).decode::<Range>(&photon::ANY).unwrap_err();
    assert_eq!(tell(range), ["/max required"]);
    assert_eq!(text::<Money>(r#"{"amount":"7"}"#), Some(Money { amount: 7 }));
    assert!(text::<Payment>(r#"{"kind":"card","number":"4111"}"#).is_some());
}

#[test]
fn files() {
    let file = photon::File { name: Some("a.txt".into()), content: "abc".into(), ..photon::File::default() };
    let decoder = photon::Decoder::text(r#"["0","0"]"#).with_files(vec![file.clone()]);
    assert_eq!(decoder.decode::<Vec<photon::File>>(&photon::ANY).unwrap(), [file.clone(), file.clone()]);
    let decoder = photon::Decoder::text(r#"["0"]"#).with_files(vec![file.clone()]);
    assert_eq!(decoder.decode::<Vec<photon::Bytes>>(&photon::ANY).unwrap(), ["abc"]);
    let decoder = photon::Decoder::text(r#"["1"]"#).with_files(vec![file]);
    assert_eq!(tell(decoder.decode::<Vec<photon::File>>(&photon::ANY).unwrap_err()), ["/0 type"]);
    assert_eq!(scalar::<photon::Bytes>("xyz"), Some("xyz".into()));
}
