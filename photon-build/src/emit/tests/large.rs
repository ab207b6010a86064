//! Sizes: a large API stays fast, and operations stay small.

use super::generate;
use super::parts::*;
use crate::ir::*;

/// An API of the size of the largest that are public.
fn api(operations: usize, models: usize) -> Api {
    let record = |index: usize| {
        let fields = (0..10).map(|at| Field {
            doc: "A description of the field that is long enough to be one of those that people write."
                .to_owned(),
            rule: text(1, 64),
            ..field(&format!("fieldNumber{at}"), option(Type::String))
        });
        model(&format!("model-{index}"), "A model of the API.", ModelKind::Record(record(fields.collect())))
    };
    let operation = |index: usize| {
        let id = format!("repos/operation-{index}");
        let model = Type::Model(ModelId(u32::try_from(index % models).expect("it is small")));
        Operation {
            summary: "Does something".to_owned(),
            description: "A description of the operation. ".repeat(10),
            params: (0..5).map(|at| param(&format!("param_{at}"), Location::Query, option(I64))).collect(),
            body: Some(body(&id, true, vec![json(model.clone())])),
            output: Output::Value { status: 200, media: json(model) },
            error: errors(
                &id,
                vec![problem(Status::Code(404), "Not found"), problem(Status::Code(422), "Invalid")],
            ),
            ..operation(&id, "POST", &format!("/repos/{index}"))
        }
    };
    Api {
        module: "large".to_owned(),
        principal: "photon::Principal".to_owned(),
        traits: vec![tag(Some("repos"), "", (0..operations).map(operation).collect())],
        models: (0..models).map(record).collect(),
        ..Api::default()
    }
}

#[test]
fn ten_thousand_equal_names_are_told_apart() {
    let mut api = api(0, 10_000);
    for model in &mut api.models {
        model.name.wire = "Same".to_owned();
    }
    crate::name::assign(&mut api);
    let names: std::collections::HashSet<_> = api.models.iter().map(|model| &model.name.rust).collect();
    assert_eq!(names.len(), 10_000);
}

#[test]
fn operations_stay_small() {
    let text = generate(api(40, 3));
    syn::parse_file(&text).expect("the file is Rust");
    let tables = text.split(": photon::Meta =").skip(1).filter_map(|tail| tail.split("}\n").next());
    let lines: Vec<usize> = tables.map(|table| table.lines().count()).collect();
    assert_eq!(lines.len(), 40);
    // A line each parameter, and those of the operation itself.
    assert!(lines.iter().all(|lines| *lines <= 5 + 8), "{lines:?}");
}

#[test]
fn a_large_api_is_written_in_seconds() {
    let started = std::time::Instant::now();
    let text = generate(api(200, 600));
    let taken = started.elapsed();
    let lines = text.lines().count();
    // Thirty times what an idle machine takes, unoptimised; it tells a quadratic step, not a slow day.
    assert!(taken.as_secs() < 30, "{lines} lines in {taken:?}");
    eprintln!("{lines} lines in {taken:?}");
}
