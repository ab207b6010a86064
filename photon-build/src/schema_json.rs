//! Schemas as JSON text again, lifted to 2020-12: for whoever checks values against the schema itself.
//!
//! Assertions only: what merely describes is left out. `$id` and anchors are, too, for every reference is resolved.

use crate::node::Number;
use crate::node_serde::write_string;
use crate::schema::{Logic, Schema, SchemaId};
use crate::spec::Document;

/// The schema `id` as JSON. Schemas written in place stay in place; `ref_name` says how those behind a `$ref` are
/// called, such as `#/$defs/Pet`.
pub(crate) fn to_json(
    document: &Document,
    id: SchemaId,
    ref_name: &mut dyn FnMut(SchemaId) -> String,
) -> String {
    let mut writer = Writer { document, ref_name, out: String::new() };
    writer.schema(id);
    writer.out
}

struct Writer<'a> {
    document: &'a Document,
    ref_name: &'a mut dyn FnMut(SchemaId) -> String,
    out: String,
}

impl Writer<'_> {
    fn schema(&mut self, id: SchemaId) {
        let document = self.document;
        let schema = document.schema(id);
        if let Some(truth) = schema.boolean {
            self.out.push_str(if truth { "true" } else { "false" });
            return;
        }
        self.out.push('{');
        if let Some(target) = schema.reference {
            self.key("$ref");
            let name = (self.ref_name)(target);
            write_string(&mut self.out, &name);
        }
        self.scalars(schema);
        self.arrays(schema);
        self.objects(schema);
        self.logic(schema.logic());
        self.out.push('}');
    }

    fn scalars(&mut self, schema: &Schema) {
        if !schema.types.is_empty() {
            let names: Vec<String> = schema.types.iter().map(|ty| format!("\"{}\"", ty.as_str())).collect();
            self.key("type");
            let list = names.join(",");
            let is_list = names.len() > 1;
            self.out.push_str(if is_list { "[" } else { "" });
            self.out.push_str(&list);
            self.out.push_str(if is_list { "]" } else { "" });
        }
        self.text("format", schema.format.as_deref());
        if let Some(values) = &schema.enumeration {
            self.key("enum");
            self.list(values, |writer, value| value.write_json(&mut writer.out));
        }
        if let Some(value) = &schema.constant {
            self.key("const");
            value.write_json(&mut self.out);
        }
        let numeric = schema.numeric();
        self.number("minimum", numeric.minimum.as_ref());
        self.number("maximum", numeric.maximum.as_ref());
        self.number("exclusiveMinimum", numeric.exclusive_minimum.as_ref());
        self.number("exclusiveMaximum", numeric.exclusive_maximum.as_ref());
        self.number("multipleOf", numeric.multiple_of.as_ref());
        let text = schema.text();
        self.count("minLength", text.min_length);
        self.count("maxLength", text.max_length);
        self.text("pattern", text.pattern.as_deref());
    }

    fn arrays(&mut self, schema: &Schema) {
        let array = schema.array();
        self.schemas("prefixItems", &array.prefix_items);
        self.single("items", array.items);
        self.single("contains", array.contains);
        self.count("minContains", array.min_contains);
        self.count("maxContains", array.max_contains);
        self.single("unevaluatedItems", array.unevaluated_items);
        self.count("minItems", array.min_items);
        self.count("maxItems", array.max_items);
        if array.unique_items {
            self.key("uniqueItems");
            self.out.push_str("true");
        }
    }

    fn objects(&mut self, schema: &Schema) {
        let object = schema.object();
        let properties = object.properties.iter().map(|property| (&*property.name, property.schema));
        self.named("properties", properties.collect());
        self.named("patternProperties", pairs(&object.pattern_properties));
        self.single("additionalProperties", object.additional_properties);
        self.single("propertyNames", object.property_names);
        self.single("unevaluatedProperties", object.unevaluated_properties);
        if !object.required.is_empty() {
            self.key("required");
            self.list(&object.required, |writer, name| write_string(&mut writer.out, name));
        }
        if !object.dependent_required.is_empty() {
            self.key("dependentRequired");
            self.out.push('{');
            for (name, names) in &object.dependent_required {
                self.key(name);
                self.list(names, |writer, name| write_string(&mut writer.out, name));
            }
            self.out.push('}');
        }
        self.named("dependentSchemas", pairs(&object.dependent_schemas));
        self.count("minProperties", object.min_properties);
        self.count("maxProperties", object.max_properties);
    }

    fn logic(&mut self, logic: &Logic) {
        self.schemas("allOf", &logic.all_of);
        self.schemas("anyOf", &logic.any_of);
        self.schemas("oneOf", &logic.one_of);
        self.single("not", logic.not);
        self.single("if", logic.if_);
        self.single("then", logic.then);
        self.single("else", logic.else_);
    }

    fn key(&mut self, key: &str) {
        if !self.out.ends_with('{') {
            self.out.push(',');
        }
        write_string(&mut self.out, key);
        self.out.push(':');
    }

    fn text(&mut self, key: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.key(key);
            write_string(&mut self.out, text);
        }
    }

    fn number(&mut self, key: &str, number: Option<&Number>) {
        if let Some(number) = number {
            self.key(key);
            self.out.push_str(number.as_str());
        }
    }

    fn count(&mut self, key: &str, count: Option<u64>) {
        if let Some(count) = count {
            self.key(key);
            self.out.push_str(&count.to_string());
        }
    }

    fn single(&mut self, key: &str, id: Option<SchemaId>) {
        if let Some(id) = id {
            self.key(key);
            self.schema(id);
        }
    }

    fn schemas(&mut self, key: &str, ids: &[SchemaId]) {
        if !ids.is_empty() {
            self.key(key);
            self.list(ids, |writer, id| writer.schema(*id));
        }
    }

    fn named(&mut self, key: &str, named: Vec<(&str, SchemaId)>) {
        if named.is_empty() {
            return;
        }
        self.key(key);
        self.out.push('{');
        for (name, id) in named {
            self.key(name);
            self.schema(id);
        }
        self.out.push('}');
    }

    fn list<T>(&mut self, items: &[T], write: impl Fn(&mut Self, &T)) {
        self.out.push('[');
        for (index, item) in items.iter().enumerate() {
            self.out.push_str(if index > 0 { "," } else { "" });
            write(self, item);
        }
        self.out.push(']');
    }
}

fn pairs(named: &[(std::sync::Arc<str>, SchemaId)]) -> Vec<(&str, SchemaId)> {
    named.iter().map(|(name, id)| (&**name, *id)).collect()
}
