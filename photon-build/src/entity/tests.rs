//! Schemas in, tables in short writing out; and what the page and the JSON Schema of the extension say.

use std::fmt::Write as _;

use super::vocabulary::{ACTIONS, COLUMN, ENTITY, GENERATED, REFERENCE, TYPES};
use crate::config::Config;
use crate::finding::Findings;
use crate::ir::{Api, Literal, Table};
use crate::{load, lower, parse};

/// The tables of these components, written flush left, and what is found.
fn tables(schemas: &str) -> (Api, Findings) {
    static NUMBER: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let path = std::env::temp_dir().join(format!("photon-entity-{}-{number}.yaml", std::process::id()));
    let head = "openapi: 3.1.0\ninfo: { title: Test, version: '1' }\npaths: {}\ncomponents:\n  schemas:\n";
    let body: Vec<String> = schemas.trim_matches('\n').lines().map(|line| format!("    {line}")).collect();
    std::fs::write(&path, format!("{head}{}\n", body.join("\n"))).unwrap();
    let config = Config::default();
    let mut findings = Findings::default();
    let files = load::load(&config, &mut findings, &path);
    std::fs::remove_file(&path).unwrap();
    let document = parse::parse(&config, &mut findings, &files.unwrap()).unwrap();
    let api = lower::lower(&document, &config, &mut findings);
    (api, findings)
}

fn literal(literal: &Literal) -> String {
    match literal {
        Literal::Text(text) => format!("'{text}'"),
        Literal::Number(text) => text.clone(),
        Literal::Boolean(truth) => truth.to_string(),
    }
}

/// `id BigInteger = AutoIncrement`, a column a line, then keys, indices and relations.
fn shown(api: &Api, table: &Table) -> String {
    let mut text = format!("{}\n", table.name);
    for column in &table.columns {
        _ = write!(text, "  {} {:?}", column.name, column.ty);
        if column.nullable {
            text.push_str(" null");
        }
        if let Some(check) = &column.check {
            let values: Vec<String> = check.values.iter().map(literal).collect();
            _ = write!(text, " in {}", values.join(" "));
        }
        if let Some(default) = &column.default {
            _ = write!(text, " default {}", literal(default));
        }
        if let Some(generated) = column.generated {
            _ = write!(text, " = {generated:?}");
        }
        text.push('\n');
    }
    let names = |columns: &[usize]| {
        columns.iter().map(|at| table.columns[*at].name.as_str()).collect::<Vec<_>>().join(" ")
    };
    _ = writeln!(text, "  pkey: {}", names(&table.primary_key.columns));
    for index in table.unique.iter().chain(&table.indices) {
        _ = writeln!(text, "  {}: {}", index.name, names(&index.columns));
    }
    for key in &table.foreign_keys {
        let to = &api.entities[key.table];
        let late = if key.late { " late" } else { "" };
        let column = &to.columns[key.references].name;
        _ = writeln!(
            text,
            "  {} as {}: {}.{column} {:?} {:?}{late}",
            key.name, key.relation.wire, to.name, key.on_delete, key.on_update
        );
    }
    text
}

#[track_caller]
fn check(schemas: &str, expected: &str) {
    let (api, findings) = tables(schemas);
    let found: Vec<&str> = findings.iter().map(|finding| finding.message.as_str()).collect();
    assert!(found.is_empty(), "{found:?}");
    let text: String = api.entities.iter().map(|table| shown(&api, table)).collect();
    assert_eq!(text.trim(), expected.trim(), "\n{text}");
}

/// The findings of these schemas, a line each: code and message.
#[track_caller]
fn check_wrong(schemas: &str, expected: &[&str]) {
    let (_, findings) = tables(schemas);
    let found = findings.iter().map(|finding| format!("{} {}", finding.code.id, finding.message));
    assert_eq!(found.collect::<Vec<_>>(), expected);
}

#[test]
fn columns_are_inferred() {
    check(
        "
Thing:
  type: object
  required: [id, flag, small, count, price, day, time, at, blob, kind, level, tags, madeAt]
  properties:
    id: { type: string, format: uuid }
    flag: { type: boolean }
    small: { type: integer, format: int16 }
    count: { type: integer }
    price: { type: string, format: decimal }
    ratio: { type: number }
    day: { type: string, format: date }
    time: { type: string, format: time }
    at: { type: string, format: date-time }
    blob: { type: string, format: byte }
    kind: { type: string, enum: [a, b] }
    level: { type: integer, enum: [1, 2] }
    tags: { type: array, items: { type: string } }
    note: { type: [string, 'null'] }
    state: { type: string, default: new }
    madeAt: { type: string, format: date-time }
    secret: { type: string, writeOnly: true }
  x-photon-entity:
    table: things
    columns:
      madeAt: { generated: created }
      hash: { type: text, nullable: true }
      revision: { type: bigInteger, generated: version }
",
        "
things
  id Uuid = Uuid
  flag Boolean
  small SmallInteger
  count BigInteger
  price Decimal
  ratio Double null
  day Date
  time Text
  at TimestampWithTimeZone
  blob Blob
  kind Text in 'a' 'b'
  level SmallInteger in 1 2
  tags Json
  note Text null
  state Text default 'new'
  made_at TimestampWithTimeZone = Created
  secret Text null
  hash Text null
  revision BigInteger = Version
  pkey: id
",
    );
}

#[test]
fn tables_come_in_the_order_of_their_creation() {
    check(
        "
Task:
  type: object
  required: [id, project]
  properties:
    id: { type: integer }
    project: { type: integer }
    parentId: { type: integer }
    due: { type: string, format: date }
  x-photon-entity:
    table: tasks
    index: [[project, due]]
    columns:
      project: { references: { entity: Project, onDelete: cascade } }
      parentId: { references: Task }
Project:
  type: object
  required: [id, key]
  properties: { id: { type: integer }, key: { type: string }, first: { type: integer } }
  x-photon-entity:
    table: projects
    unique: [key]
    columns: { first: { references: { entity: Task, onDelete: setNull, relation: opening } } }
",
        "
projects
  id BigInteger = AutoIncrement
  key Text
  first_id BigInteger null
  pkey: id
  projects_key_key: key
  projects_first_id_idx: first_id
  projects_first_id_fkey as opening: tasks.id SetNull Nothing late
tasks
  id BigInteger = AutoIncrement
  project_id BigInteger
  parent_id BigInteger null
  due Date null
  pkey: id
  tasks_project_id_due_idx: project_id due
  tasks_parent_id_idx: parent_id
  tasks_project_id_fkey as project: projects.id Cascade Nothing
  tasks_parent_id_fkey as parent: tasks.id Restrict Nothing
",
    );
}

#[test]
fn keys_may_be_of_several_columns_and_lead_elsewhere() {
    check(
        "
Label: { type: object, required: [name], properties: { name: { type: string } },
  x-photon-entity: { table: labels, primaryKey: name } }
Mark:
  type: object
  required: [label, at]
  properties: { label: { type: string }, at: { type: integer } }
  x-photon-entity:
    table: marks
    primaryKey: [label, at]
    columns: { label: { name: label, references: { entity: Label, column: name, onUpdate: cascade } } }
",
        "
labels
  name Text
  pkey: name
marks
  label Text
  at BigInteger
  pkey: label at
  marks_label_fkey as label: labels.name Restrict Cascade
",
    );
}

#[test]
fn mistakes_are_told_each() {
    let object = |entity: &str| {
        format!(
            "A: {{ type: object, required: [id], properties: {{ id: {{ type: integer }}, n: {{ type: string }}, \
             l: {{ type: array, items: {{ type: string }} }} }}, x-photon-entity: {entity} }}\n"
        )
    };
    let check = |entity: &str, expected: &[&str]| check_wrong(&object(entity), expected);
    check("{ table: a, colums: {} }", &["P0602 there is no key `colums`"]);
    check("{ tabel: a }", &["P0602 there is no key `tabel`", "P0601 the `table` is not named"]);
    check("7", &["P0601 the name of a table must be a text"]);
    check("my table", &["P0605 the name of a table cannot be `my table`"]);
    check("{ table: a, ignore: n }", &["P0601 `ignore` must be a list"]);
    check("{ table: a, columns: { m: {} } }", &["P0606 `m` is no property of `A`"]);
    check("{ table: a, unique: [m] }", &["P0606 `a` has no column `m`"]);
    check("{ table: a, unique: [l] }", &["P0611 `l` is `json`"]);
    check("{ table: a, index: [[n, n]] }", &["P0611 `n` stands twice in one key"]);
    check("{ table: a, primaryKey: n }", &["P0611 `n` is in the primary key, and may be absent or `null`"]);
    check("{ table: a, ignore: [id] }", &["P0610 `a` has no primary key"]);
    check(
        "{ table: a, columns: { n: { generated: created } } }",
        &["P0608 `created` does not fit `n`, which is `text`"],
    );
    check("{ table: a, columns: { n: { generated: now } } }", &["P0603 `now` is no `generated`"]);
    check("{ table: a, columns: { n: { default: 7 } } }", &["P0608 the default `7` is no `text`"]);
    check(
        "{ table: a, columns: { n: { type: integer } } }",
        &["P0608 a `integer` does not hold `n`, which is `text`"],
    );
    check("{ table: a, columns: { n: { references: B } } }", &["P0612 `B` is no entity"]);
    check(
        "{ table: a, columns: { n: { references: A } } }",
        &["P0613 `n` is `text`, and `id` of `A` is `bigInteger`"],
    );
    check("{ table: a, columns: { n: { name: ID } } }", &["P0609 `id` and `n` are both a column `ID`"]);
}

/// The last example of the page.
fn page_example() -> String {
    let page = include_str!("entity.md");
    let block = page.rsplit("```yaml\n").next().unwrap().split("```").next().unwrap();
    let lines = block.lines().skip_while(|line| *line != "  schemas:").skip(1);
    lines.map(|line| line.strip_prefix("    ").unwrap()).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_example_of_the_page_is_what_it_says() {
    let (api, findings) = tables(&page_example());
    assert_eq!(findings.iter().map(|finding| &finding.message).collect::<Vec<_>>(), Vec::<&String>::new());
    let names: Vec<&str> = api.entities.iter().map(|table| table.name.as_str()).collect();
    assert_eq!(names, ["users", "projects", "tasks", "comments", "attachments"]);
    let tasks = &api.entities[2];
    let text = shown(&api, tasks);
    assert!(text.contains("  status Text in 'todo' 'doing' 'done'\n"), "{text}");
    assert!(text.contains("  priority SmallInteger null in 1 2 3\n"), "{text}");
    assert!(text.contains("  version BigInteger = Version\n"), "{text}");
    assert!(text.contains("  tasks_assignee_id_fkey as assignee: users.id SetNull Nothing\n"), "{text}");
    assert_eq!(api.entities[1].ignored, ["openTasks"]);
}

#[test]
fn the_json_schema_knows_the_same_words() {
    let schema: serde_json::Value = serde_json::from_str(include_str!("../../schema/x-photon.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let example: serde_json::Value = serde_yaml::from_str(&page_example()).unwrap();
    for (name, component) in example.as_object().unwrap() {
        let entity = &component["x-photon-entity"];
        assert!(validator.is_valid(entity), "{name}: {entity}");
    }
    let keys = |pointer: &str| -> Vec<String> {
        let mut keys: Vec<String> =
            schema.pointer(pointer).unwrap().as_object().unwrap().keys().cloned().collect();
        keys.sort();
        keys
    };
    let words = |pointer: &str| -> Vec<String> {
        let words = schema.pointer(pointer).unwrap().as_array().unwrap();
        words.iter().map(|word| word.as_str().unwrap().to_owned()).collect()
    };
    let sorted = |words: &[&str]| {
        let mut words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        words.sort();
        words
    };
    assert_eq!(keys("/$defs/entity/properties"), sorted(&ENTITY));
    assert_eq!(keys("/$defs/detail/properties"), sorted(&COLUMN));
    assert_eq!(keys("/$defs/reference/properties"), sorted(&REFERENCE));
    assert_eq!(words("/$defs/detail/properties/type/enum"), TYPES.map(|(word, _)| word));
    assert_eq!(words("/$defs/detail/properties/generated/enum"), GENERATED.map(|(word, _)| word));
    assert_eq!(words("/$defs/action/enum"), ACTIONS.map(|(word, _)| word));
    for wrong in
        ["7", "\"my table\"", "{}", "{\"table\":\"a\",\"unqiue\":[]}", "{\"table\":\"a\",\"index\":[[]]}"]
    {
        let wrong: serde_json::Value = serde_json::from_str(wrong).unwrap();
        assert!(!validator.is_valid(&wrong), "{wrong}");
    }
}
