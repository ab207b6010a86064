//! Goldens: IRs by hand and the files they must give.

mod everything;
mod large;
mod parts;
mod petstore;

use crate::{emit, format, ir, name};

/// The generated file.
pub(super) fn generate(mut api: ir::Api) -> String {
    name::assign(&mut api);
    let mut file = format::File::new(&api.source);
    emit::emit(&api, &mut |item| file.push(item).expect("every item is Rust"));
    file.finish()
}

/// Compares with the golden of this name; `UPDATE=1` writes it.
#[track_caller]
fn check(golden: &str, api: ir::Api) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/goldens").join(golden);
    let text = generate(api);
    syn::parse_file(&text).expect("the file is Rust");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &text).expect("the golden can be written");
    }
    let expected = std::fs::read_to_string(&path).expect("the golden exists");
    assert!(text == expected, "{} differs; UPDATE=1 rewrites it\n{text}", path.display());
}

#[test]
fn the_petstore_is_as_documented() {
    check("petstore.rs", petstore::api());
}

#[test]
fn every_construct_is_written() {
    check("everything.rs", everything::api());
}

#[test]
fn hooks_see_what_is_written() {
    let mut api = everything::api();
    name::assign(&mut api);
    let view = crate::api::Api::new(&api);
    let operations: Vec<_> = view.traits().iter().flat_map(|tag| &tag.operations).collect();

    let put = operations.iter().find(|operation| operation.id == "put").expect("it is there");
    assert_eq!((put.output.as_str(), put.error.as_str()), ("PutOutput", "PutError"));
    assert_eq!(put.body.as_deref(), Some("Option<PutBody>"));
    assert_eq!(put.empty_success.to_string().replace(' ', ""), "PutOutput::Ok(photon::empty())");

    let search = operations.iter().find(|operation| operation.id == "search").expect("it is there");
    let huge = search.parameters.iter().find(|parameter| parameter.wire_name == "huge").expect("it is there");
    assert_eq!((huge.ty.as_str(), huge.location, huge.optional), ("photon::Integer", "cookie", false));
    assert_eq!(search.output, "Vec<models::Thing>");

    let watch = operations.iter().find(|operation| operation.id == "watch").expect("it is there");
    assert_eq!(watch.sink.as_deref(), Some("photon::Events<models::Thing>"));
    assert_eq!(view.security()[0].credential, "photon::Bearer<'_>");
}
