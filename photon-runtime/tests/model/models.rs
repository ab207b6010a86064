//! The models under test, as generated code has them.

use ::photon_runtime as photon;

static LETTERS: photon::Pattern = photon::Pattern::new("^[A-Za-z]+$");
static NAME: photon::Rule = photon::text(1, 8).pattern(&LETTERS);

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Pet {
    pub(crate) id: i64,
    pub(crate) r#type: PetStatus,
    pub(crate) tag: Option<String>,
    pub(crate) note: Option<String>,
    pub(crate) nick: photon::Patch<String>,
    pub(crate) limit: i32,
    pub(crate) tags: Option<Vec<String>>,
    pub(crate) price: Option<f64>,
}

static PET: photon::Record =
    photon::record("Pet", &["id", "type", "tag", "note", "nick", "limit", "tags", "price"])
        .required(&["id", "type", "note"])
        .rules(&[
            ("id", photon::int(1, 100).multiple_of("3")),
            ("tag", photon::text(0, 3)),
            ("note", photon::text(0, 3).nullable()),
            ("nick", photon::text(2, 4)),
            ("limit", photon::int(0, 50)),
            ("tags", photon::list(1, 3).unique().items(&NAME)),
            ("price", photon::number().above("0").max("9.99").multiple_of("0.01")),
        ])
        .defaults(&[("limit", "20")])
        .read_only(&["id"])
        .deny_extra()
        .dependent(&[("tag", &["tags"])]);

photon::model! { Pet, PET, id r#type tag note nick limit tags price }

#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) enum PetStatus {
    Available,
    Sold,
}

photon::choice! { PetStatus, Available = "available", Sold = "sold" }

#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Color {
    Red,
    Green,
    Other(String),
}

photon::choice! { open Color, Red = "red", Green = "green" }

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Level {
    One,
    A,
    Yes,
    Nothing,
}

photon::literals! { Level, One = "1", A = "\"a\"", Yes = "true", Nothing = "null" }

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Labels {
    pub(crate) name: String,
    pub(crate) extra: photon::Map<i64>,
}

static KEY: photon::Rule = photon::text(1, 4);
static LABELS: photon::Record = photon::record("Labels", &["name"])
    .all_required()
    .keep_extra(photon::int(0, 9))
    .extra_keys(KEY)
    .properties(1, 3);

photon::model! { Labels, LABELS, name; extra }

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Payment {
    Card(Card),
    Transfer(Box<Transfer>),
}

static PAYMENT: photon::Union =
    photon::union("Payment", "kind", &[("card", 0), ("credit", 0), ("transfer", 1)]);

photon::tagged! { Payment, PAYMENT, 0 = Card 1 = Transfer }

/// A union whose tag is not required by all of its variants.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Animal {
    Cat(Cat),
    Dog(Dog),
    Card(Card),
}

static ANIMAL: photon::Union =
    photon::union("Animal", "kind", &[("cat", 0), ("dog", 1), ("card", 2)]).untagged(&[0, 1]);

photon::tagged! { Animal, ANIMAL, 0 = Cat 1 = Dog 2 = Card }

/// A union that tells its variants apart by nothing but the tag.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Twins {
    One(Twin),
    Two(Twin),
}

static TWINS: photon::Union = photon::union("Twins", "kind", &[("one", 0), ("two", 1)]).untagged(&[0, 1]);

photon::tagged! { Twins, TWINS, 0 = One 1 = Two }

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Twin {
    pub(crate) a: i64,
}

static TWIN: photon::Record = photon::record("Twin", &["a"]).all_required();

photon::model! { Twin, TWIN, a }

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cat {
    pub(crate) kind: Option<String>,
    pub(crate) lives: i64,
}

static CAT: photon::Record = photon::record("Cat", &["kind", "lives"]).required(&["lives"]);

photon::model! { Cat, CAT, kind lives }

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Dog {
    pub(crate) barks: bool,
}

static DOG: photon::Record = photon::record("Dog", &["barks"]).all_required().deny_extra();

photon::model! { Dog, DOG, barks }

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Card {
    pub(crate) kind: String,
    pub(crate) number: String,
}

static CARD: photon::Record =
    photon::record("Card", &["kind", "number"]).all_required().rules(&[("number", photon::text(4, 19))]);

photon::model! { Card, CARD, kind number }

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Transfer {
    pub(crate) iban: String,
    pub(crate) next: Option<Payment>,
}

static TRANSFER: photon::Record =
    photon::record("Transfer", &["iban", "next"]).required(&["iban"]).deny_extra();

photon::model! { Transfer, TRANSFER, iban next }

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Id {
    Number(i64),
    Text(String),
    Account(Account),
    Card(Card),
}

static ID: photon::OneOf = photon::one_of(
    "Id",
    &[
        photon::branch(photon::INTEGER).rule(photon::int(1, i64::MAX)),
        photon::branch(photon::STRING).rule(photon::text(1, 3)),
        photon::branch(photon::OBJECT).required(&["id"]).constant("object", &["\"account\""]),
        photon::branch(photon::OBJECT).required(&["number"]),
    ],
);

photon::one_of! { Id, ID, 0 = Number 1 = Text 2 = Account 3 = Card }

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Account {
    pub(crate) id: i64,
    pub(crate) object: String,
}

static ACCOUNT: photon::Record = photon::record("Account", &["id", "object"]).all_required();

photon::model! { Account, ACCOUNT, id object }

/// Every branch is a text: they overlap.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Overlap {
    Short(String),
    Long(String),
}

static OVERLAP: photon::OneOf = photon::one_of(
    "Overlap",
    &[
        photon::branch(photon::STRING).rule(photon::text(0, 5)),
        photon::branch(photon::STRING).rule(photon::text(4, 9)),
    ],
);

photon::one_of! { Overlap, OVERLAP, 0 = Short 1 = Long }

/// Endless unions within unions.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Nest {
    Leaf(i64),
    Left(Vec<Nest>),
    Right(Vec<Nest>),
}

static NEST: photon::OneOf = photon::one_of(
    "Nest",
    &[photon::branch(photon::INTEGER), photon::branch(photon::ARRAY), photon::branch(photon::ARRAY)],
);

photon::one_of! { Nest, NEST, 0 = Leaf 1 = Left 2 = Right }

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Point(pub(crate) f64, pub(crate) Option<i64>, pub(crate) Vec<String>);

static POINT: photon::Tuple = photon::tuple("Point", &[photon::number().min("0"), photon::ANY])
    .items(1, 4)
    .keep_rest(photon::text(0, 2))
    .unique();

photon::tuple! { Point, POINT, 0 1; 2 }

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Pair(pub(crate) i64, pub(crate) i64);

static PAIR: photon::Tuple =
    photon::tuple("Pair", &[photon::int(0, 9), photon::int(0, 9)]).items(2, u32::MAX).deny_rest();

photon::tuple! { Pair, PAIR, 0 1 }

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tree(pub(crate) Vec<Tree>);

photon::newtype! { Tree, photon::list(0, 2) }

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Options {
    pub(crate) deep: bool,
    pub(crate) words: Vec<String>,
}

static OPTIONS: photon::Record =
    photon::record("Options", &["deep", "words"]).defaults(&[("deep", "true"), ("words", "[\"a\",\"b\"]")]);

photon::model! { Options, OPTIONS, deep words }
photon::defaults! { Options }

static CHECKS: photon::Checks = photon::Checks::new(
    r##"{"$defs":{
        "Odd/One":{"not":{"multipleOf":2}},
        "Range":{"type":"object","properties":{"min":{"type":"integer"},"max":{"$ref":"#/$defs/Odd~1One"}},
            "dependentSchemas":{"min":{"required":["max"]}},"unevaluatedProperties":false},
        "Node":{"properties":{"next":{"$ref":"#/$defs/Node"},"at":{"format":"uri-template"}},
            "unevaluatedProperties":false},
        "Either":{"oneOf":[{"required":["a"]},{"required":["b"]}]}
    }}"##,
);
static ODD: photon::Check = photon::Check::new(&CHECKS, "Odd/One");
static RANGE_CHECK: photon::Check = photon::Check::new(&CHECKS, "Range");
static EITHER: photon::Check = photon::Check::new(&CHECKS, "Either");
static NODE: photon::Check = photon::Check::new(&CHECKS, "Node");
pub(crate) static CHECKED: &[&photon::Check] = &[&ODD, &RANGE_CHECK, &EITHER, &NODE];

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Range {
    pub(crate) min: Option<i64>,
    pub(crate) max: Option<i64>,
    pub(crate) odd: Option<i64>,
}

static RANGE: photon::Record = photon::record("Range", &["min", "max", "odd"])
    .rules(&[("odd", photon::int(0, 9).check(&ODD))])
    .check(&RANGE_CHECK);

photon::model! { Range, RANGE, min max odd }

#[derive(Clone, Debug, Default, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
pub(crate) struct Money {
    pub(crate) amount: i64,
}

impl ::validator::Validate for Money {
    fn validate(&self) -> Result<(), ::validator::ValidationErrors> {
        let mut errors = ::validator::ValidationErrors::new();
        if self.amount < 0 {
            errors.add("amount", ::validator::ValidationError::new("negative"));
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

photon::external! { Money }

/// What is wrong with a JSON text for a type: pointers and keywords.
pub(crate) fn faults<T: photon::Value>(json: &str) -> Vec<String> {
    tell(photon::decode::<T>(json.as_bytes()).err().unwrap_or_default())
}

pub(crate) fn tell(violations: photon::Violations) -> Vec<String> {
    violations.into_iter().map(|violation| format!("{} {}", violation.pointer(), violation.keyword)).collect()
}
