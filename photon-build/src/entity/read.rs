//! From the extension to its words, each with its place.
//!
//! Knows kinds of values and the words there are. Must not know what schemas and tables are.

use std::collections::HashMap;
use std::sync::Arc;

use super::sql;
use super::vocabulary::{
    ACTIONS, COLUMN, Detail, ENTITY, Entity, GENERATED, Placed, REFERENCE, Reference, TYPES, Word,
};
use crate::codes;
use crate::finding::Findings;
use crate::nearest::nearest;
use crate::node::{Entry, Node, Object, Value};
use crate::schema::{ENTITY_KEY, SchemaId};
use crate::spec::Document;

/// Every entity of the document, in the order of its components.
pub(super) fn read(document: &Document, findings: &mut Findings) -> Vec<Entity> {
    let names = names(document);
    let mut entities = Vec::new();
    for (at, schema) in document.schemas.iter().enumerate() {
        let Some(node) = schema.extension(ENTITY_KEY) else { continue };
        let id = SchemaId(u32::try_from(at).unwrap_or(u32::MAX));
        if let Some((rank, name)) = names.get(&id) {
            let entity = Reader { findings }.entity(id, Arc::clone(name), node);
            entities.extend(entity.map(|entity| (*rank, entity)));
        } else {
            let message = "this schema has no name in `components/schemas`";
            findings.add(&codes::ENTITY_PLACE, node.span, message);
        }
    }
    entities.sort_by_key(|(rank, _)| *rank);
    entities.into_iter().map(|(_, entity)| entity).collect()
}

/// The components by their schemas: their own, and else what they refer to in other files.
fn names(document: &Document) -> HashMap<SchemaId, (usize, Arc<str>)> {
    let components = || document.components.iter().enumerate();
    let mut names = HashMap::new();
    for (rank, (name, id)) in components() {
        names.insert(*id, (rank, Arc::clone(name)));
    }
    for (rank, (name, id)) in components() {
        names.entry(document.target(*id)).or_insert_with(|| (rank, Arc::clone(name)));
    }
    names
}

struct Reader<'f> {
    findings: &'f mut Findings,
}

impl Reader<'_> {
    fn entity(&mut self, schema: SchemaId, name: Arc<str>, node: &Node) -> Option<Entity> {
        let empty = Object::default();
        let (table, rest) = match node.as_object() {
            Some(object) => {
                self.known(object, &ENTITY);
                (self.table(node, object), object)
            }
            None => (self.sql_name(node, "the name of a table"), &empty),
        };
        Some(Entity {
            schema,
            name,
            span: node.span,
            table: table?,
            primary_key: rest.get("primaryKey").and_then(|node| self.group(node, "primaryKey")),
            unique: self.groups(rest, "unique"),
            index: self.groups(rest, "index"),
            ignore: self.ignore(rest),
            columns: self.columns(rest),
        })
    }

    fn table(&mut self, node: &Node, object: &Object) -> Option<Word> {
        if let Some(name) = object.get("table") {
            return self.sql_name(name, "`table`");
        }
        self.findings.add(&codes::ENTITY_SHAPE, node.span, "the `table` is not named");
        None
    }

    fn ignore(&mut self, object: &Object) -> Vec<Word> {
        let Some(node) = object.get("ignore") else { return Vec::new() };
        self.list(node, "`ignore`").iter().filter_map(|item| self.word(item, "a property")).collect()
    }

    fn columns(&mut self, object: &Object) -> Vec<Detail> {
        let Some(node) = object.get("columns") else { return Vec::new() };
        let Some(columns) = self.object(node, "`columns`") else { return Vec::new() };
        columns.iter().filter_map(|entry| self.column(entry)).collect()
    }

    fn column(&mut self, entry: &Entry) -> Option<Detail> {
        let object = self.object(&entry.value, &format!("what is said of `{}`", entry.key))?;
        self.known(object, &COLUMN);
        Some(Detail {
            key: Word { text: Arc::clone(&entry.key), span: entry.key_span },
            name: object.get("name").and_then(|node| self.sql_name(node, "`name`")),
            is_typed: object.get("type").is_some(),
            ty: object.get("type").and_then(|node| self.one_of(node, "type", &TYPES)),
            nullable: object.get("nullable").and_then(|node| self.flag(node, "`nullable`")),
            default: object.get("default").and_then(|node| self.scalar(node)),
            generated: object.get("generated").and_then(|node| self.one_of(node, "generated", &GENERATED)),
            references: object.get("references").and_then(|node| self.reference(node)),
        })
    }

    fn reference(&mut self, node: &Node) -> Option<Reference> {
        let Some(object) = node.as_object() else {
            let entity = self.word(node, "`references`")?;
            return Some(Reference {
                entity,
                column: None,
                on_delete: None,
                on_update: None,
                relation: None,
            });
        };
        self.known(object, &REFERENCE);
        let Some(entity) = object.get("entity") else {
            self.findings.add(&codes::ENTITY_SHAPE, node.span, "the `entity` is not named");
            return None;
        };
        Some(Reference {
            entity: self.word(entity, "`entity`")?,
            column: object.get("column").and_then(|node| self.word(node, "`column`")),
            on_delete: object.get("onDelete").and_then(|node| self.one_of(node, "onDelete", &ACTIONS)),
            on_update: object.get("onUpdate").and_then(|node| self.one_of(node, "onUpdate", &ACTIONS)),
            relation: object.get("relation").and_then(|node| self.word(node, "`relation`")),
        })
    }

    /// Columns, each alone or several together.
    fn groups(&mut self, object: &Object, key: &str) -> Vec<Vec<Word>> {
        let Some(node) = object.get(key) else { return Vec::new() };
        self.list(node, &format!("`{key}`")).iter().filter_map(|item| self.group(item, key)).collect()
    }

    /// A column, or several that count together.
    fn group(&mut self, node: &Node, key: &str) -> Option<Vec<Word>> {
        if node.as_array().is_none() {
            return Some(vec![self.word(node, &format!("a column of `{key}`"))?]);
        }
        let items = self.list(node, &format!("`{key}`"));
        if items.is_empty() {
            self.findings.add(&codes::ENTITY_SHAPE, node.span, format!("`{key}` names no column"));
        }
        let words: Vec<Word> = items.iter().filter_map(|item| self.word(item, "a column")).collect();
        (!words.is_empty()).then_some(words)
    }

    /// Tells every key that is not among the `known`.
    fn known(&mut self, object: &Object, known: &[&str]) {
        for entry in object.iter().filter(|entry| !known.contains(&&*entry.key)) {
            let message = format!("there is no key `{}`", entry.key);
            let finding = self.findings.add(&codes::ENTITY_KEY, entry.key_span, message);
            finding.help = Some(match nearest(&entry.key, known.iter().copied()) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("the keys here are {}", listed(known.iter().copied())),
            });
        }
    }

    fn one_of<T: Copy>(&mut self, node: &Node, key: &str, known: &[(&str, T)]) -> Option<Placed<T>> {
        let word = self.word(node, &format!("`{key}`"))?;
        if let Some((_, value)) = known.iter().find(|(name, _)| *name == &*word.text) {
            return Some(Placed { value: *value, span: word.span });
        }
        let names = || known.iter().map(|(name, _)| *name);
        let message = format!("`{}` is no `{key}`", word.text);
        let finding = self.findings.add(&codes::ENTITY_WORD, word.span, message);
        finding.help = Some(match nearest(&word.text, names()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("the words here are {}", listed(names())),
        });
        None
    }

    /// A name of the database.
    fn sql_name(&mut self, node: &Node, what: &str) -> Option<Word> {
        let word = self.word(node, what)?;
        if sql::is_name(&word.text) {
            return Some(word);
        }
        let message = format!("{what} cannot be `{}`", word.text);
        self.findings.add(&codes::SQL_NAME, word.span, message);
        None
    }

    fn word(&mut self, node: &Node, what: &str) -> Option<Word> {
        let text = node.as_str().filter(|text| !text.is_empty());
        match text {
            Some(text) => Some(Word { text: text.into(), span: node.span }),
            None => self.shape(node, what, "a text"),
        }
    }

    fn flag(&mut self, node: &Node, what: &str) -> Option<Placed<bool>> {
        match node.as_bool() {
            Some(value) => Some(Placed { value, span: node.span }),
            None => self.shape(node, what, "a truth value"),
        }
    }

    fn scalar(&mut self, node: &Node) -> Option<Node> {
        match node.value {
            Value::String(_) | Value::Number(_) | Value::Bool(_) => Some(node.clone()),
            _ => self.shape(node, "`default`", "a text, a number or a truth value"),
        }
    }

    fn list<'n>(&mut self, node: &'n Node, what: &str) -> &'n [Node] {
        node.as_array().or_else(|| self.shape(node, what, "a list")).unwrap_or_default()
    }

    fn object<'n>(&mut self, node: &'n Node, what: &str) -> Option<&'n Object> {
        node.as_object().or_else(|| self.shape(node, what, "a mapping"))
    }

    fn shape<T>(&mut self, node: &Node, what: &str, wanted: &str) -> Option<T> {
        self.findings.add(&codes::ENTITY_SHAPE, node.span, format!("{what} must be {wanted}"));
        None
    }
}

/// `a`, `b` and `c`, each as code.
fn listed<'w>(words: impl Iterator<Item = &'w str>) -> String {
    let words: Vec<String> = words.map(|word| format!("`{word}`")).collect();
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        Some((last, _)) => last.clone(),
        None => String::new(),
    }
}
