//! Columns of an entity: those of its properties, then those that clients never see.
//!
//! Knows the extension and the models. Must not know keys and relations.

use super::kind::{self, Kind};
use super::property;
use super::sql;
use super::vocabulary::{Detail, Entity, Placed, generated_word, type_word};
use crate::codes;
use crate::finding::Findings;
use crate::ir::{
    Api, Column, ColumnCheck, ColumnType, Field, Generated, Literal, ModelId, ModelKind, Name, Record, Type,
};
use crate::nearest::nearest;
use crate::node::{Node, Value};
use crate::source::Span;
use crate::spec::Document;

/// What an entity is made of, with what is read beside it.
pub(super) struct Scope<'a> {
    pub document: &'a Document,
    pub api: &'a Api,
    pub entity: &'a Entity,
    pub shown: ModelId,
    pub received: Option<ModelId>,
}

/// A column, and where it stands in the document.
pub(super) struct Draft {
    pub column: Column,
    /// The property, or the key of a column that is none: by this it is called in the extension.
    pub key: String,
    pub span: Span,
}

/// The columns of an entity in the order of its properties.
pub(super) fn columns(scope: &Scope<'_>, findings: &mut Findings) -> Vec<Draft> {
    let fields = fields(scope);
    tell_unknown(scope, &fields, findings);
    let entity = scope.entity;
    let mut drafts: Vec<Draft> = Vec::new();
    for field in &fields {
        let wire = &field.name.wire;
        if !entity.ignore.iter().any(|word| *word.text == **wire) {
            drafts.extend(of_property(scope, field, detail(entity, wire), findings));
        }
    }
    for detail in &entity.columns {
        let is_property = fields.iter().any(|field| *field.name.wire == *detail.key.text);
        if !is_property {
            drafts.extend(of_detail(detail, findings));
        }
    }
    tell_doubles(&drafts, findings);
    drafts
}

/// The properties in their order, those that are only received at the end. What is only received is there as it is sent.
fn fields<'a>(scope: &Scope<'a>) -> Vec<&'a Field> {
    let shown = record(scope.api, Some(scope.shown)).map_or(&[][..], |record| record.fields.as_slice());
    let received = record(scope.api, scope.received).map_or(&[][..], |record| record.fields.as_slice());
    let sent = |name: &str| received.iter().find(|field| field.name.wire == name);
    let mut fields: Vec<&Field> = shown
        .iter()
        .map(|field| sent(&field.name.wire).filter(|sent| sent.write_only).unwrap_or(field))
        .collect();
    let known = |field: &&Field| shown.iter().any(|other| other.name.wire == field.name.wire);
    fields.extend(received.iter().filter(|field| !known(field)));
    fields
}

pub(super) fn record(api: &Api, model: Option<ModelId>) -> Option<&Record> {
    match &api.models.get(model?.0 as usize)?.kind {
        ModelKind::Record(record) => Some(record),
        _ => None,
    }
}

fn detail<'e>(entity: &'e Entity, property: &str) -> Option<&'e Detail> {
    entity.columns.iter().find(|detail| *detail.key.text == *property)
}

/// Tells columns that are no properties and have no type, and ignored ones that are none, or columns all the same.
fn tell_unknown(scope: &Scope<'_>, fields: &[&Field], findings: &mut Findings) {
    let names = || fields.iter().map(|field| field.name.wire.as_str());
    let schema = &scope.entity.name;
    let columns = scope.entity.columns.iter().filter(|detail| !detail.is_typed);
    for word in columns.map(|detail| &detail.key).chain(&scope.entity.ignore) {
        if names().any(|name| *name == *word.text) {
            continue;
        }
        let message = format!("`{}` is no property of `{schema}`", word.text);
        let finding = findings.add(&codes::COLUMN_UNKNOWN, word.span, message);
        if let Some(meant) = nearest(&word.text, names()) {
            finding.help = Some(format!("did you mean `{meant}`? {}", capital(codes::COLUMN_UNKNOWN.help)));
        }
    }
    for word in &scope.entity.ignore {
        if detail(scope.entity, &word.text).is_some() {
            let message = format!("`{}` is ignored, and a column all the same", word.text);
            findings.add(&codes::COLUMN_DETAIL, word.span, message);
        }
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Tells names that two columns share; databases do not tell `Name` from `name`.
fn tell_doubles(drafts: &[Draft], findings: &mut Findings) {
    for (at, draft) in drafts.iter().enumerate() {
        let name = &draft.column.name;
        let Some(first) = drafts[..at].iter().find(|other| other.column.name.eq_ignore_ascii_case(name))
        else {
            continue;
        };
        let message = format!("`{}` and `{}` are both a column `{name}`", first.key, draft.key);
        let finding = findings.add(&codes::COLUMN_TWICE, draft.span, message);
        finding.notes.push((first.span, "the other one".to_owned()));
    }
}

fn of_property(
    scope: &Scope<'_>,
    field: &Field,
    detail: Option<&Detail>,
    findings: &mut Findings,
) -> Option<Draft> {
    let wire = &field.name.wire;
    let found = property::span(scope.document, scope.entity.schema, wire);
    let span = found.unwrap_or(scope.entity.span);
    let kind = kind::of(scope.api, &field.ty, &field.rule);
    let ty = column_type(&kind, detail, wire, span, findings)?;
    if let Some(nullable) = detail.and_then(|detail| detail.nullable.as_ref()) {
        let message = format!("whether `{wire}` may be `NULL` is said by its schema");
        findings.add(&codes::COLUMN_DETAIL, nullable.span, message);
    }
    let default = match detail.and_then(|detail| detail.default.as_ref()) {
        Some(node) => default_of(node, ty, findings),
        None => field.default.as_deref().and_then(|text| inherited(text, ty)),
    };
    let generated = detail.and_then(|detail| generated(detail, ty, findings));
    // Values that JSON holds are checked as the schema has them.
    let values = if Some(ty) == kind.ty { kind.values } else { Vec::new() };
    let name = name_of(wire, detail, span, findings);
    let table = &scope.entity.table.text;
    let is_checked = !values.is_empty();
    let check = is_checked.then(|| ColumnCheck { name: sql::constraint(table, &[&name], "check"), values });
    let column = Column {
        check,
        name,
        field: Name::default(),
        property: Some(wire.clone()),
        doc: field.doc.clone(),
        ty,
        value: kind.value,
        nullable: kind.nullable && generated.is_none(),
        default,
        generated,
        read_only: field.read_only,
        write_only: field.write_only,
    };
    Some(draft(column, wire, span))
}

/// A column that clients never see.
fn of_detail(detail: &Detail, findings: &mut Findings) -> Option<Draft> {
    let ty = detail.ty.as_ref()?.value;
    let key = &*detail.key.text;
    let generated = generated(detail, ty, findings);
    let column = Column {
        name: name_of(key, Some(detail), detail.key.span, findings),
        field: Name::default(),
        property: None,
        doc: String::new(),
        ty,
        value: None,
        nullable: generated.is_none() && detail.nullable.as_ref().is_some_and(|nullable| nullable.value),
        default: detail.default.as_ref().and_then(|node| default_of(node, ty, findings)),
        check: None,
        generated,
        read_only: false,
        write_only: false,
    };
    Some(draft(column, key, detail.key.span))
}

fn draft(mut column: Column, key: &str, span: Span) -> Draft {
    column.field = Name::new(column.name.clone());
    Draft { column, key: key.to_owned(), span }
}

/// The type that is said, if it holds the property, or else the one that is inferred.
fn column_type(
    kind: &Kind,
    detail: Option<&Detail>,
    wire: &str,
    span: Span,
    findings: &mut Findings,
) -> Option<ColumnType> {
    let Some(said) = detail.and_then(|detail| detail.ty.as_ref()) else {
        if kind.ty.is_none() {
            findings.add(&codes::COLUMN_TYPE, span, format!("no column can hold `{wire}`"));
        }
        return kind.ty;
    };
    if !holds(said.value, kind) {
        let inferred = kind.ty.map_or("nothing", type_word);
        let message = format!("a `{}` does not hold `{wire}`, which is `{inferred}`", type_word(said.value));
        findings.add(&codes::COLUMN_DETAIL, said.span, message);
    }
    Some(said.value)
}

/// Whether a column of this type holds every value, and gives back the same.
fn holds(said: ColumnType, kind: &Kind) -> bool {
    use ColumnType as Is;
    let Some(inferred) = kind.ty else {
        let value = kind.value.as_ref();
        return match value {
            Some(Type::External(_)) => true,
            Some(Type::Int(_) | Type::Integer | Type::Number) => {
                matches!(said, Is::Decimal | Is::Text | Is::Json)
            }
            _ => false,
        };
    };
    if said == inferred || said == Is::Json {
        return true;
    }
    match inferred {
        Is::SmallInteger => matches!(said, Is::Integer | Is::BigInteger | Is::Decimal),
        Is::Integer => matches!(said, Is::BigInteger | Is::Decimal),
        Is::BigInteger => said == Is::Decimal,
        Is::Decimal | Is::Date | Is::TimestampWithTimeZone | Is::Uuid => said == Is::Text,
        Is::Boolean | Is::Double | Is::Text | Is::Time | Is::Json | Is::Blob => false,
    }
}

/// The name that is said, or the property's in snake case: with `_id` where it refers to something.
fn name_of(key: &str, detail: Option<&Detail>, span: Span, findings: &mut Findings) -> String {
    if let Some(name) = detail.and_then(|detail| detail.name.as_ref()) {
        return name.text.to_string();
    }
    let mut name = sql::snake(key);
    let refers = detail.is_some_and(|detail| detail.references.is_some());
    if refers && name != "id" && !name.ends_with("_id") {
        name.push_str("_id");
    }
    if !sql::is_name(&name) {
        let message = format!("a column cannot be named `{name}`");
        let finding = findings.add(&codes::SQL_NAME, span, message);
        finding.help = Some(format!("say another name: `columns: {{ {key}: {{ name: .. }} }}`"));
    }
    name
}

fn generated(detail: &Detail, ty: ColumnType, findings: &mut Findings) -> Option<Generated> {
    let Placed { value, span } = *detail.generated.as_ref()?;
    let fits = match value {
        Generated::AutoIncrement | Generated::Version => ty.is_integer(),
        Generated::Uuid => ty == ColumnType::Uuid,
        Generated::Created | Generated::Updated => ty == ColumnType::TimestampWithTimeZone,
    };
    if !fits {
        let key = &detail.key.text;
        let message =
            format!("`{}` does not fit `{key}`, which is `{}`", generated_word(value), type_word(ty));
        findings.add(&codes::COLUMN_DETAIL, span, message);
    } else if let Some(default) = &detail.default {
        let message = format!("`{}` has a `default`, and is `generated`", detail.key.text);
        findings.add(&codes::COLUMN_DETAIL, default.span, message);
    }
    Some(value)
}

fn default_of(node: &Node, ty: ColumnType, findings: &mut Findings) -> Option<Literal> {
    let literal = match &node.value {
        Value::Bool(truth) => Literal::Boolean(*truth),
        Value::Number(number) => Literal::Number(number.as_str().to_owned()),
        Value::String(text) => Literal::Text(text.to_string()),
        _ => return None,
    };
    if !is_of(&literal, ty) {
        let text = node.as_text().unwrap_or("this");
        let message = format!("the default `{text}` is no `{}`", type_word(ty));
        findings.add(&codes::COLUMN_DETAIL, node.span, message);
        return None;
    }
    Some(literal)
}

/// The default of a schema, if a database can have it.
fn inherited(text: &str, ty: ColumnType) -> Option<Literal> {
    let literal = match serde_json::from_str::<serde_json::Value>(text).ok()? {
        serde_json::Value::Bool(truth) => Literal::Boolean(truth),
        serde_json::Value::Number(_) => Literal::Number(text.to_owned()),
        serde_json::Value::String(text) => Literal::Text(text),
        _ => return None,
    };
    is_of(&literal, ty).then_some(literal)
}

fn is_of(literal: &Literal, ty: ColumnType) -> bool {
    match literal {
        Literal::Boolean(_) => ty == ColumnType::Boolean,
        Literal::Number(text) if ty.is_integer() => text.parse::<i64>().is_ok(),
        Literal::Number(_) => matches!(ty, ColumnType::Double | ColumnType::Decimal),
        Literal::Text(_) => matches!(
            ty,
            ColumnType::Text
                | ColumnType::Decimal
                | ColumnType::Date
                | ColumnType::Time
                | ColumnType::TimestampWithTimeZone
                | ColumnType::Uuid
        ),
    }
}
