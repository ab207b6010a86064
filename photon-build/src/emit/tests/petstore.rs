//! The petstore of the documentation.

use super::parts::*;
use crate::ir::*;

const NEW_PET: ModelId = ModelId(0);
const PET: ModelId = ModelId(1);
const STATUS: ModelId = ModelId(2);

pub(super) fn api() -> Api {
    Api {
        module: "petstore".to_owned(),
        title: "Petstore".to_owned(),
        source: "openapi/petstore.yaml".to_owned(),
        openapi: "{}".to_owned(),
        traits: vec![tag(
            Some("pets"),
            "Everything about the pets of the store.",
            vec![get_pet(), create_pet()],
        )],
        schemes: vec![Scheme {
            doc: "HTTP bearer, JWT.".to_owned(),
            ..scheme("bearerAuth", SchemeKind::Bearer)
        }],
        principal: "photon::Principal".to_owned(),
        models: vec![new_pet(), pet(), status()],
        patterns: vec![Pattern { name: name("letters"), source: "^[A-Za-z]+$".to_owned() }],
        ..Api::default()
    }
}

fn get_pet() -> Operation {
    let pet_id = Param {
        doc: "The id of the pet to retrieve.".to_owned(),
        rule: int(1, i64::MAX.into()),
        ..param("petId", Location::Path, I64)
    };
    let sold = Param {
        doc: "Whether to include sold pets.".to_owned(),
        required: false,
        default: Some("false".to_owned()),
        ..param("sold", Location::Query, Type::Bool)
    };
    Operation {
        summary: "Info for a specific pet.".to_owned(),
        params: vec![pet_id, sold],
        output: Output::Value { status: 200, media: json(Type::Model(PET)) },
        error: errors("getPet", vec![problem(Status::Code(404), "No pet has this id.")]),
        ..operation("getPet", "GET", "/pets/{petId}")
    }
}

fn create_pet() -> Operation {
    let mut created = answer(Status::Code(201), "The pet was created.", Some(json(Type::Model(PET))));
    created.name = name("createPet created");
    created.headers = vec![header("Location", "Where the pet now lives.", Type::String)];
    Operation {
        summary: "Create a pet.".to_owned(),
        security: vec![vec![Requirement { scheme: 0, scopes: vec!["pets:write".to_owned()] }]],
        caller: Caller::Required,
        body: Some(body("createPet", true, vec![json(Type::Model(NEW_PET))])),
        output: Output::Struct(created),
        error: errors(
            "createPet",
            vec![problem(Status::Code(409), "A pet of this name is already in the store.")],
        ),
        ..operation("createPet", "POST", "/pets")
    }
}

fn new_pet() -> Model {
    let letters = RuleKind::Text { min: 1, max: 64, pattern: Some(PatternId(0)), format: None };
    let fields = vec![
        Field { rule: Rule { kind: letters, ..Rule::default() }, ..field("name", Type::String) },
        Field { rule: text(0, 32), ..field("tag", option(Type::String)) },
    ];
    let record = Record { extra: Extra::Deny, ..record(fields) };
    model("NewPet", "A pet without an id yet.", ModelKind::Record(record))
}

fn pet() -> Model {
    let id = Field { doc: "Given by the store.".to_owned(), read_only: true, ..field("id", I64) };
    let fields = vec![
        id,
        field("name", Type::String),
        field("status", Type::Model(STATUS)),
        field("tag", option(Type::String)),
    ];
    model("Pet", "A pet of the store.", ModelKind::Record(record(fields)))
}

fn status() -> Model {
    let value = |value: &str| ChoiceValue { name: name(value), doc: String::new(), value: value.to_owned() };
    let choice = Choice { values: vec![value("available"), value("sold")], strings: true, open: false };
    let derives = Derives { copy: true, eq: true, hash: true, ord: true };
    Model {
        derives,
        ..model("PetStatus", "Where a pet is in its life at the store.", ModelKind::Choice(choice))
    }
}
