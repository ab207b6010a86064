//! Names of whole scopes: what wins, what gives way.

use super::scope::{Case, Scope};
use super::{RESERVED, RESERVED_AT_ROOT};
use crate::ir::Name;

#[track_caller]
fn check(mut scope: Scope, wires: &[&str], expected: &[&str]) {
    let mut names: Vec<Name> = wires.iter().map(|wire| Name::new(*wire)).collect();
    scope.assign_all(&mut names);
    assert_eq!(names.iter().map(|name| name.rust.as_str()).collect::<Vec<_>>(), expected);
}

fn types() -> Scope {
    Scope::new(Case::Pascal, RESERVED, "Model")
}

fn fields() -> Scope {
    Scope::new(Case::Snake, &[], "field")
}

fn variants() -> Scope {
    Scope::new(Case::Pascal, &["Self"], "Value")
}

#[test]
fn exact_names_win_and_the_others_keep_their_order() {
    check(types(), &["pet-id", "petId", "PetId"], &["PetId2", "PetId3", "PetId"]);
    check(fields(), &["petId", "pet-id", "pet_id"], &["pet_id_2", "pet_id_3", "pet_id"]);
    check(types(), &["v1", "V1"], &["V1_2", "V1"]);
    check(types(), &["Pet", "pet", "Pet2"], &["Pet", "Pet3", "Pet2"]);
}

#[test]
fn symbols_tell_apart_what_letters_do_not() {
    check(variants(), &["created", "-created"], &["Created", "MinusCreated"]);
    check(variants(), &["C", "C++", "C#"], &["C", "CPlusPlus", "CHash"]);
    check(fields(), &["type", "@type", "$type"], &["type", "at_type", "dollar_type"]);
    check(variants(), &["", " ", "*", "<", "<="], &["Empty", "Blank", "Star", "Lt", "LtEq"]);
    check(variants(), &["1", "-1", "+1", "1.0"], &["N1", "Minus1", "Plus1", "N1_0"]);
}

#[test]
fn words_of_rust_give_way() {
    check(types(), &["Option", "string", "OptionModel"], &["OptionModel2", "StringModel", "OptionModel"]);
    check(
        fields(),
        &["self", "Self", "super", "crate", "type"],
        &["self_", "self_2", "super_", "crate_", "type"],
    );
    check(variants(), &["self", "none"], &["SelfValue", "None"]);
}

#[test]
fn what_users_want_wins() {
    let mut names = [Name::new("Pet"), Name { wanted: Some("Pet".to_owned()), ..Name::new("animal") }];
    types().assign_all(&mut names);
    assert_eq!(names.map(|name| name.rust), ["Pet2", "Pet"]);

    let mut name = Name { wanted: Some("not a name".to_owned()), ..Name::new("animal") };
    types().assign(&mut name);
    assert_eq!(name.rust, "Animal");
}

#[test]
fn components_win_over_inline_schemas() {
    let (mut inline, mut named) = (Name::new("PetOwner"), Name::new("pet_owner"));
    types().assign_ranked(vec![(1, &mut inline), (0, &mut named)]);
    assert_eq!((inline.rust.as_str(), named.rust.as_str()), ("PetOwner2", "PetOwner"));
}

#[test]
fn reserved_words_at_the_root_are_those_of_models_and_more() {
    assert!(RESERVED.iter().all(|word| RESERVED_AT_ROOT.contains(word)));
}
