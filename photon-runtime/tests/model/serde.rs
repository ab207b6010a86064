//! serde and `validator` from the same tables.

use validator::Validate as _;

use crate::models::*;

#[test]
fn both_ways() {
    let json = serde_json::json!({"id":3,"type":"sold","note":null,"limit":20,"price":0.07});
    let pet: Pet = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(serde_json::to_value(&pet).unwrap(), json);
    let again: Pet = serde_json::from_str(&serde_json::to_string(&pet).unwrap()).unwrap();
    assert_eq!(again, pet);
    let error = serde_json::from_str::<Vec<Pet>>(r#"[{"type":"x"}]"#).unwrap_err().to_string();
    assert!(error.starts_with("/type: must be one of available, sold; /note: is required"), "{error}");
    let labels = Labels { name: "x".into(), extra: [("a".to_owned(), 1)].into() };
    assert_eq!(serde_json::to_string(&labels).unwrap(), r#"{"name":"x","a":1}"#);
    assert_eq!(serde_json::to_string(&Level::Nothing).unwrap(), "null");
}

#[test]
fn other_formats() {
    // Content is what serde's untagged enums go through: it describes itself, and is not serde_json.
    #[derive(serde::Deserialize, serde::Serialize)]
    #[serde(untagged)]
    enum Wrapped {
        Payment(Payment),
    }
    let json = r#"{"kind":"card","number":"4111"}"#;
    let Wrapped::Payment(payment) = serde_json::from_str(json).unwrap();
    assert_eq!(payment, Payment::Card(Card { kind: "card".into(), number: "4111".into() }));
    assert_eq!(serde_json::to_string(&Wrapped::Payment(payment)).unwrap(), json);
}

#[test]
fn validate() {
    let mut pet: Pet = serde_json::from_str(r#"{"id":3,"type":"sold","note":null}"#).unwrap();
    assert!(pet.validate().is_ok());
    pet.id = 0;
    pet.tags = Some(vec!["1".into()]);
    let errors = pet.validate().unwrap_err();
    assert!(errors.errors().contains_key("id") && errors.errors().contains_key("tags"));
    assert!(errors.to_string().contains("must be at least 1"), "{errors}");
}
