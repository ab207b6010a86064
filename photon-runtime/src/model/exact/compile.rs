//! From the text of schemas to a program. Knows every keyword of 2020-12 that asserts; knows no value.

use std::collections::HashMap;

use super::program::{Bound, Id, If, Keyword, Name, Pattern, Program, Properties, Schema, Values};
use super::value::{Member, Value};
use crate::escape;
use crate::model::decimal::Decimal;
use crate::model::format::Format;
use crate::model::one_of::{ARRAY, BOOLEAN, INTEGER, NULL, NUMBER, OBJECT, STRING, Types};
use crate::model::pattern::Engine;

type Json = Value<'static>;
type Object = [Member<'static>];

impl Program {
    /// The schema of a key in `$defs` with all that it refers to.
    pub(crate) fn compile(root: &Json, key: &str, formats: bool) -> Result<Self, String> {
        let mut compiler = Compiler {
            formats,
            schemas: Vec::new(),
            places: HashMap::new(),
            queue: Vec::new(),
            references: Vec::new(),
        };
        let pointer = key.replace('~', "~0").replace('/', "~1");
        let first = compiler.place(format!("/$defs/{pointer}"));
        while let Some((id, pointer)) = compiler.queue.pop() {
            let schema = root.pointer(&pointer).ok_or_else(|| format!("there is no schema at #{pointer}"))?;
            let before = compiler.references.len();
            compiler.schemas[id.0 as usize] = compiler.schema(schema)?;
            for (from, _) in &mut compiler.references[before..] {
                *from = id;
            }
        }
        let is_recursive = has_cycle(compiler.references);
        Ok(Self { schemas: compiler.schemas, root: first, is_recursive })
    }
}

struct Compiler {
    formats: bool,
    schemas: Vec<Schema>,
    /// What is referred to, by its pointer.
    places: HashMap<String, Id>,
    queue: Vec<(Id, String)>,
    /// From which place to which.
    references: Vec<(Id, Id)>,
}

impl Compiler {
    /// The place of a schema that is compiled later, so that references may go in circles.
    fn place(&mut self, pointer: String) -> Id {
        if let Some(id) = self.places.get(&pointer) {
            return *id;
        }
        let id = self.push(Schema::default());
        self.queue.push((id, pointer.clone()));
        self.places.insert(pointer, id);
        id
    }

    fn push(&mut self, schema: Schema) -> Id {
        let id = Id(u32::try_from(self.schemas.len()).unwrap_or(u32::MAX));
        self.schemas.push(schema);
        id
    }

    fn schema(&mut self, schema: &Json) -> Result<Schema, String> {
        match schema {
            Value::Bool(true) => Ok(Schema::default()),
            Value::Bool(false) => Ok(Schema { keywords: vec![Keyword::Never], has_unevaluated: false }),
            Value::Object(_) => {
                let mut keywords = Vec::new();
                values(schema, &mut keywords)?;
                self.text(schema, &mut keywords)?;
                self.array(schema, &mut keywords)?;
                self.object(schema, &mut keywords)?;
                self.logic(schema, &mut keywords)?;
                let assertions = keywords.len();
                if let Some(id) = self.one(schema, "unevaluatedItems")? {
                    keywords.push(Keyword::UnevaluatedItems(id));
                }
                if let Some(id) = self.one(schema, "unevaluatedProperties")? {
                    keywords.push(Keyword::UnevaluatedProperties(id));
                }
                let has_unevaluated = keywords.len() > assertions;
                Ok(Schema { keywords, has_unevaluated })
            }
            _ => Err(format!("a schema is an object or a boolean, not {}", schema.noun())),
        }
    }

    fn text(&mut self, schema: &Json, keywords: &mut Vec<Keyword>) -> Result<(), String> {
        if let Some((min, max)) = range(schema, "minLength", "maxLength")? {
            keywords.push(Keyword::Length(min, max));
        }
        if let Some(source) = text(schema, "pattern")? {
            keywords.push(Keyword::Pattern(Box::new(pattern(source)?)));
        }
        if let Some(name) = text(schema, "format")?
            && self.formats
            && let Some(format) = Format::ALL.into_iter().find(|format| format.name() == name)
        {
            keywords.push(Keyword::Format(format));
        }
        Ok(())
    }

    fn array(&mut self, schema: &Json, keywords: &mut Vec<Keyword>) -> Result<(), String> {
        if let Some((min, max)) = range(schema, "minItems", "maxItems")? {
            keywords.push(Keyword::ItemCount(min, max));
        }
        let prefix = self.several(schema, "prefixItems")?;
        let rest = self.one(schema, "items")?;
        if prefix.is_some() || rest.is_some() {
            keywords.push(Keyword::Items(prefix.unwrap_or_default(), rest));
        }
        if let Some(id) = self.one(schema, "contains")? {
            let min = count(schema, "minContains")?.unwrap_or(1);
            let max = count(schema, "maxContains")?.unwrap_or(u32::MAX);
            keywords.push(Keyword::Contains(id, min, max));
        }
        if let Some(unique) = schema.get("uniqueItems") {
            match unique {
                Value::Bool(true) => keywords.push(Keyword::Unique),
                Value::Bool(false) => {}
                _ => return Err(malformed("uniqueItems", "a boolean", unique)),
            }
        }
        Ok(())
    }

    fn object(&mut self, schema: &Json, keywords: &mut Vec<Keyword>) -> Result<(), String> {
        if let Some((min, max)) = range(schema, "minProperties", "maxProperties")? {
            keywords.push(Keyword::PropertyCount(min, max));
        }
        if let Some(required) = schema.get("required") {
            keywords.push(Keyword::Required(names("required", required)?));
        }
        let named = self.named(schema, "properties")?;
        let matching = self.named(schema, "patternProperties")?.unwrap_or_default();
        let others = self.one(schema, "additionalProperties")?;
        if named.is_some() || !matching.is_empty() || others.is_some() {
            let patterns = matching.into_iter().map(|(source, id)| Ok((pattern(&source)?, id)));
            let patterns = patterns.collect::<Result<_, String>>()?;
            let properties = Properties { named: named.unwrap_or_default(), patterns, others };
            keywords.push(Keyword::Properties(Box::new(properties)));
        }
        if let Some(id) = self.one(schema, "propertyNames")? {
            keywords.push(Keyword::PropertyNames(id));
        }
        self.dependents(schema, keywords)
    }

    /// `dependencies` is what both were called before they were told apart.
    fn dependents(&mut self, schema: &Json, keywords: &mut Vec<Keyword>) -> Result<(), String> {
        let (mut required, mut schemas) = (Vec::new(), Vec::new());
        for keyword in ["dependentRequired", "dependentSchemas", "dependencies"] {
            for (name, wanted) in entries(schema, keyword)?.unwrap_or_default() {
                let is_list = keyword == "dependencies" && wanted.as_array().is_some();
                if is_list || keyword == "dependentRequired" {
                    required.push((name.clone(), names(keyword, wanted)?));
                } else {
                    schemas.push((name.clone(), self.inner(wanted)?));
                }
            }
        }
        if !required.is_empty() {
            keywords.push(Keyword::DependentRequired(required));
        }
        if !schemas.is_empty() {
            keywords.push(Keyword::DependentSchemas(schemas));
        }
        Ok(())
    }

    fn logic(&mut self, schema: &Json, keywords: &mut Vec<Keyword>) -> Result<(), String> {
        for dynamic in ["$dynamicRef", "$recursiveRef"] {
            if schema.get(dynamic).is_some() {
                return Err(format!("{dynamic} is not bound"));
            }
        }
        if let Some(reference) = text(schema, "$ref")? {
            let pointer = reference.strip_prefix('#').and_then(escape::decode);
            let pointer = pointer.filter(|pointer| pointer.is_empty() || pointer.starts_with('/'));
            let pointer = pointer.ok_or_else(|| format!("the reference {reference} leads elsewhere"))?;
            let id = self.place(pointer.into_owned());
            self.references.push((id, id));
            keywords.push(Keyword::Ref(id));
        }
        if let Some(schemas) = self.several(schema, "allOf")? {
            keywords.push(Keyword::AllOf(schemas));
        }
        if let Some(schemas) = self.several(schema, "anyOf")? {
            keywords.push(Keyword::AnyOf(schemas));
        }
        if let Some(schemas) = self.several(schema, "oneOf")? {
            keywords.push(Keyword::OneOf(schemas));
        }
        if let Some(id) = self.one(schema, "not")? {
            keywords.push(Keyword::Not(id));
        }
        if let Some(test) = self.one(schema, "if")? {
            let then = self.one(schema, "then")?;
            let otherwise = self.one(schema, "else")?;
            keywords.push(Keyword::If(If { test, then, otherwise }));
        }
        Ok(())
    }

    fn one(&mut self, schema: &Json, keyword: &str) -> Result<Option<Id>, String> {
        schema.get(keyword).map(|inner| self.inner(inner)).transpose()
    }

    fn inner(&mut self, schema: &Json) -> Result<Id, String> {
        let schema = self.schema(schema)?;
        Ok(self.push(schema))
    }

    fn several(&mut self, schema: &Json, keyword: &str) -> Result<Option<Vec<Id>>, String> {
        let Some(list) = schema.get(keyword) else { return Ok(None) };
        let list = list.as_array().ok_or_else(|| malformed(keyword, "a list of schemas", list))?;
        list.iter().map(|inner| self.inner(inner)).collect::<Result<_, _>>().map(Some)
    }

    fn named(&mut self, schema: &Json, keyword: &str) -> Result<Option<Vec<(Name, Id)>>, String> {
        let Some(entries) = entries(schema, keyword)? else { return Ok(None) };
        let compiled = entries.iter().map(|(name, inner)| Ok((name.clone(), self.inner(inner)?)));
        compiled.collect::<Result<_, String>>().map(Some)
    }
}

/// What any value, and what a number must be.
fn values(schema: &Json, keywords: &mut Vec<Keyword>) -> Result<(), String> {
    if let Some(types) = schema.get("type") {
        let list = types.as_array().unwrap_or(std::slice::from_ref(types));
        let types = list.iter().try_fold(Types(0), |types, name| Ok::<_, String>(types.or(ty(name)?)))?;
        keywords.push(Keyword::Type(types));
    }
    if let Some(list) = schema.get("enum") {
        let list = list.as_array().ok_or_else(|| malformed("enum", "a list", list))?;
        keywords.push(Keyword::Equal("enum", Values::new(list.to_vec())));
    }
    if let Some(value) = schema.get("const") {
        keywords.push(Keyword::Equal("const", Values::new(vec![value.clone()])));
    }
    for bound in Bound::ALL {
        if let Some(limit) = number(schema, bound.words().0)? {
            keywords.push(Keyword::Bound(bound, limit));
        }
    }
    if let Some(divisor) = number(schema, "multipleOf")? {
        keywords.push(Keyword::MultipleOf(divisor));
    }
    Ok(())
}

fn ty(name: &Json) -> Result<Types, String> {
    Ok(match name.as_str() {
        Some("null") => NULL,
        Some("boolean") => BOOLEAN,
        Some("integer") => INTEGER,
        Some("number") => NUMBER,
        Some("string") => STRING,
        Some("array") => ARRAY,
        Some("object") => OBJECT,
        _ => return Err(format!("there is no type {name}")),
    })
}

fn number(schema: &Json, keyword: &str) -> Result<Option<&'static str>, String> {
    match schema.get(keyword) {
        Some(Value::Number(text)) => Ok(Some(text)),
        Some(other) => Err(malformed(keyword, "a number", other)),
        None => Ok(None),
    }
}

/// A limit beyond what can be counted is the largest that can.
fn count(schema: &Json, keyword: &str) -> Result<Option<u32>, String> {
    let Some(text) = number(schema, keyword)? else { return Ok(None) };
    let number = Decimal::new(text);
    if !number.is_integer() || number < Decimal::new("0") {
        return Err(format!("{keyword} must count, and is {text}"));
    }
    Ok(Some(number.to_i128().and_then(|count| u32::try_from(count).ok()).unwrap_or(u32::MAX)))
}

fn range(schema: &Json, least: &str, most: &str) -> Result<Option<(u32, u32)>, String> {
    let (min, max) = (count(schema, least)?, count(schema, most)?);
    Ok((min.is_some() || max.is_some()).then(|| (min.unwrap_or(0), max.unwrap_or(u32::MAX))))
}

fn text<'s>(schema: &'s Json, keyword: &str) -> Result<Option<&'s Name>, String> {
    match schema.get(keyword) {
        Some(Value::String(text)) => Ok(Some(text)),
        Some(other) => Err(malformed(keyword, "a string", other)),
        None => Ok(None),
    }
}

fn entries<'s>(schema: &'s Json, keyword: &str) -> Result<Option<&'s Object>, String> {
    let Some(object) = schema.get(keyword) else { return Ok(None) };
    object.as_object().map(Some).ok_or_else(|| malformed(keyword, "an object", object))
}

fn names(keyword: &str, list: &Json) -> Result<Vec<Name>, String> {
    let wrong = || malformed(keyword, "a list of names", list);
    let name = |name: &Json| match name {
        Value::String(name) => Ok(name.clone()),
        _ => Err(wrong()),
    };
    list.as_array().ok_or_else(wrong)?.iter().map(name).collect()
}

fn pattern(source: &Name) -> Result<Pattern, String> {
    match Engine::new(source) {
        Ok(engine) => Ok(Pattern { source: source.clone(), engine }),
        Err(reason) => Err(format!("the pattern {source:?} does not compile: {reason}")),
    }
}

fn malformed(keyword: &str, wanted: &str, found: &Json) -> String {
    format!("{keyword} must be {wanted}, not {}", found.noun())
}

/// Whether some references lead in a circle: what is left when, again and again, all are dropped that lead to where
/// nothing starts.
fn has_cycle(mut references: Vec<(Id, Id)>) -> bool {
    loop {
        let before = references.len();
        let starts: std::collections::HashSet<Id> = references.iter().map(|(from, _)| *from).collect();
        references.retain(|(_, to)| starts.contains(to));
        if references.len() == before {
            return before > 0;
        }
    }
}
