//! JSON Schema 2020-12, every keyword, after lifting and resolving.
//!
//! Plain data. Schemas live in one arena and name each other by [`SchemaId`]; rare keywords are boxed in groups
//! whose getters ([`Schema::object`], …) answer with an empty group where a schema has none of them.

use std::sync::Arc;

use crate::node::{Node, Number, Object};
use crate::source::Span;

/// The extension that says in which table the values of a schema are kept. It is the server's own business: clients are
/// never shown it.
pub(crate) const ENTITY_KEY: &str = "x-photon-entity";

/// Names a schema of the document's arena.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct SchemaId(pub u32);

/// A schema. Of `$ref` and its siblings both are kept; all of them hold.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Schema {
    /// Where it stands.
    pub span: Span,
    /// How it is reached; [`crate::spec::Document::pointer`] spells it.
    pub place: Place,
    /// The key in `components/schemas` or `$defs`, or the stem of its file; none when it is written in place.
    pub name: Option<Arc<str>>,
    /// `true` and `false` are schemas, too.
    pub boolean: Option<bool>,
    /// What `$ref` points to.
    pub reference: Option<SchemaId>,
    /// The allowed types; empty when `type` is absent.
    pub types: Types,
    /// `format`
    pub format: Option<Arc<str>>,
    /// `title`
    pub title: Option<Arc<str>>,
    /// `description`
    pub description: Option<Arc<str>>,
    /// `enum`; doubles are removed.
    pub enumeration: Option<Vec<Node>>,
    /// `const`
    pub constant: Option<Box<Node>>,
    /// `default`
    pub default: Option<Box<Node>>,
    /// `examples`, and 3.0's `example`.
    pub examples: Vec<Node>,
    /// `deprecated`
    pub deprecated: bool,
    /// `readOnly`
    pub read_only: bool,
    /// `writeOnly`
    pub write_only: bool,
    /// Keywords for numbers; see [`Schema::numeric`].
    pub numeric: Option<Box<Numeric>>,
    /// Keywords for strings; see [`Schema::text`].
    pub text: Option<Box<Text>>,
    /// Keywords for arrays; see [`Schema::array`].
    pub array: Option<Box<Array>>,
    /// Keywords for objects; see [`Schema::object`].
    pub object: Option<Box<ObjectRules>>,
    /// `allOf`, `not`, … and the dynamic keywords; see [`Schema::logic`].
    pub logic: Option<Box<Logic>>,
    /// `discriminator`
    pub discriminator: Option<Box<Discriminator>>,
    /// `xml`, as written.
    pub xml: Option<Box<Node>>,
    /// Keys that begin with `x-`.
    pub extensions: Object,
}

/// Where a schema stands in its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// Not inside another schema: the whole JSON pointer, without `#`.
    Root(Arc<str>),
    /// Inside `parent`, under `keyword`, and there under `key` (a property's name, an index) if any.
    Child {
        /// The schema around it.
        parent: SchemaId,
        /// The keyword that holds it, such as `properties`.
        keyword: &'static str,
        /// The name or index below the keyword.
        key: Option<Arc<str>>,
    },
}

impl Default for Place {
    fn default() -> Self {
        Self::Root("".into())
    }
}

/// A set of JSON types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub(crate) struct Types(u8);

/// One of the seven type names of JSON Schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Type {
    /// `null`
    Null,
    /// `boolean`
    Boolean,
    /// `integer`
    Integer,
    /// `number`
    Number,
    /// `string`
    String,
    /// `array`
    Array,
    /// `object`
    Object,
}

impl Type {
    /// All seven, in a fixed order.
    pub(crate) const ALL: [Self; 7] =
        [Self::Null, Self::Boolean, Self::Integer, Self::Number, Self::String, Self::Array, Self::Object];

    /// The name in documents.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
        }
    }

    /// The type of that name.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ty| ty.as_str() == name)
    }
}

impl Types {
    /// No `type`: anything goes.
    pub(crate) const ANY: Self = Self(0);

    /// Whether `type` is absent.
    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether `ty` is named.
    pub(crate) fn contains(self, ty: Type) -> bool {
        self.0 & (1 << ty as u8) != 0
    }

    /// Adds `ty`.
    pub(crate) fn insert(&mut self, ty: Type) {
        self.0 |= 1 << ty as u8;
    }

    /// The set without `ty`.
    #[must_use]
    pub(crate) fn without(self, ty: Type) -> Self {
        Self(self.0 & !(1 << ty as u8))
    }

    /// How many are named.
    pub(crate) fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// The named types in the order of [`Type::ALL`].
    pub(crate) fn iter(self) -> impl Iterator<Item = Type> {
        Type::ALL.into_iter().filter(move |ty| self.contains(*ty))
    }

    /// The only named type.
    pub(crate) fn single(self) -> Option<Type> {
        if self.len() == 1 { self.iter().next() } else { None }
    }
}

impl FromIterator<Type> for Types {
    fn from_iter<I: IntoIterator<Item = Type>>(types: I) -> Self {
        let mut set = Self::ANY;
        types.into_iter().for_each(|ty| set.insert(ty));
        set
    }
}

/// Keywords for numbers.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Numeric {
    /// `minimum`
    pub minimum: Option<Number>,
    /// `maximum`
    pub maximum: Option<Number>,
    /// `exclusiveMinimum`; 3.0's `true` is lifted.
    pub exclusive_minimum: Option<Number>,
    /// `exclusiveMaximum`; 3.0's `true` is lifted.
    pub exclusive_maximum: Option<Number>,
    /// `multipleOf`
    pub multiple_of: Option<Number>,
}

/// Keywords for strings.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Text {
    /// `minLength`
    pub min_length: Option<u64>,
    /// `maxLength`
    pub max_length: Option<u64>,
    /// `pattern`, ECMA-262 as written.
    pub pattern: Option<Arc<str>>,
    /// `contentEncoding`
    pub content_encoding: Option<Arc<str>>,
    /// `contentMediaType`
    pub content_media_type: Option<Arc<str>>,
    /// `contentSchema`
    pub content_schema: Option<SchemaId>,
}

/// Keywords for arrays.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Array {
    /// `items`
    pub items: Option<SchemaId>,
    /// `prefixItems`
    pub prefix_items: Vec<SchemaId>,
    /// `contains`
    pub contains: Option<SchemaId>,
    /// `minContains`
    pub min_contains: Option<u64>,
    /// `maxContains`
    pub max_contains: Option<u64>,
    /// `unevaluatedItems`
    pub unevaluated_items: Option<SchemaId>,
    /// `minItems`
    pub min_items: Option<u64>,
    /// `maxItems`
    pub max_items: Option<u64>,
    /// `uniqueItems`
    pub unique_items: bool,
}

/// A property as declared.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Property {
    /// The name on the wire.
    pub name: Arc<str>,
    /// Its schema.
    pub schema: SchemaId,
    /// Where the name stands.
    pub span: Span,
}

/// Keywords for objects.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct ObjectRules {
    /// `properties` in the order of the document.
    pub properties: Vec<Property>,
    /// `patternProperties`
    pub pattern_properties: Vec<(Arc<str>, SchemaId)>,
    /// `additionalProperties`
    pub additional_properties: Option<SchemaId>,
    /// `propertyNames`
    pub property_names: Option<SchemaId>,
    /// `unevaluatedProperties`
    pub unevaluated_properties: Option<SchemaId>,
    /// `required`, each name once.
    pub required: Vec<Arc<str>>,
    /// `dependentRequired`
    pub dependent_required: Vec<(Arc<str>, Vec<Arc<str>>)>,
    /// `dependentSchemas`
    pub dependent_schemas: Vec<(Arc<str>, SchemaId)>,
    /// `minProperties`
    pub min_properties: Option<u64>,
    /// `maxProperties`
    pub max_properties: Option<u64>,
}

/// Keywords that combine schemas, and those that name them.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Logic {
    /// `allOf`
    pub all_of: Vec<SchemaId>,
    /// `anyOf`
    pub any_of: Vec<SchemaId>,
    /// `oneOf`
    pub one_of: Vec<SchemaId>,
    /// `not`
    pub not: Option<SchemaId>,
    /// `if`
    pub if_: Option<SchemaId>,
    /// `then`
    pub then: Option<SchemaId>,
    /// `else`
    pub else_: Option<SchemaId>,
    /// `$id`
    pub id: Option<Arc<str>>,
    /// `$anchor`
    pub anchor: Option<Arc<str>>,
    /// `$dynamicAnchor`
    pub dynamic_anchor: Option<Arc<str>>,
    /// `$defs`
    pub definitions: Vec<(Arc<str>, SchemaId)>,
}

/// `discriminator`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Discriminator {
    /// `propertyName`
    pub property: Arc<str>,
    /// `mapping`, with what each value points to.
    pub mapping: Vec<(Arc<str>, SchemaId)>,
    /// `defaultMapping` (3.2)
    pub default_mapping: Option<SchemaId>,
    /// Where it stands.
    pub span: Span,
}

static NUMERIC: Numeric = Numeric {
    minimum: None,
    maximum: None,
    exclusive_minimum: None,
    exclusive_maximum: None,
    multiple_of: None,
};
static TEXT: Text = Text {
    min_length: None,
    max_length: None,
    pattern: None,
    content_encoding: None,
    content_media_type: None,
    content_schema: None,
};
static ARRAY: Array = Array {
    items: None,
    prefix_items: Vec::new(),
    contains: None,
    min_contains: None,
    max_contains: None,
    unevaluated_items: None,
    min_items: None,
    max_items: None,
    unique_items: false,
};
static OBJECT: ObjectRules = ObjectRules {
    properties: Vec::new(),
    pattern_properties: Vec::new(),
    additional_properties: None,
    property_names: None,
    unevaluated_properties: None,
    required: Vec::new(),
    dependent_required: Vec::new(),
    dependent_schemas: Vec::new(),
    min_properties: None,
    max_properties: None,
};
static LOGIC: Logic = Logic {
    all_of: Vec::new(),
    any_of: Vec::new(),
    one_of: Vec::new(),
    not: None,
    if_: None,
    then: None,
    else_: None,
    id: None,
    anchor: None,
    dynamic_anchor: None,
    definitions: Vec::new(),
};

impl Schema {
    /// The keywords for numbers, empty when there are none.
    pub(crate) fn numeric(&self) -> &Numeric {
        self.numeric.as_deref().unwrap_or(&NUMERIC)
    }

    /// The keywords for strings, empty when there are none.
    pub(crate) fn text(&self) -> &Text {
        self.text.as_deref().unwrap_or(&TEXT)
    }

    /// The keywords for arrays, empty when there are none.
    pub(crate) fn array(&self) -> &Array {
        self.array.as_deref().unwrap_or(&ARRAY)
    }

    /// The keywords for objects, empty when there are none.
    pub(crate) fn object(&self) -> &ObjectRules {
        self.object.as_deref().unwrap_or(&OBJECT)
    }

    /// The keywords that combine schemas, empty when there are none.
    pub(crate) fn logic(&self) -> &Logic {
        self.logic.as_deref().unwrap_or(&LOGIC)
    }

    /// Calls `each` with every schema that this one contains or refers to.
    pub(crate) fn each_child(&self, mut each: impl FnMut(SchemaId)) {
        self.reference.into_iter().for_each(&mut each);
        if let Some(text) = &self.text {
            text.content_schema.into_iter().for_each(&mut each);
        }
        if let Some(array) = &self.array {
            array.prefix_items.iter().copied().for_each(&mut each);
            [array.items, array.contains, array.unevaluated_items].into_iter().flatten().for_each(&mut each);
        }
        if let Some(object) = &self.object {
            object.properties.iter().map(|property| property.schema).for_each(&mut each);
            let named = object.pattern_properties.iter().chain(&object.dependent_schemas);
            named.map(|(_, id)| *id).for_each(&mut each);
            let single = [object.additional_properties, object.property_names, object.unevaluated_properties];
            single.into_iter().flatten().for_each(&mut each);
        }
        if let Some(logic) = &self.logic {
            let lists = [&logic.all_of, &logic.any_of, &logic.one_of];
            lists.into_iter().flatten().copied().for_each(&mut each);
            [logic.not, logic.if_, logic.then, logic.else_].into_iter().flatten().for_each(&mut each);
        }
    }

    /// Puts what `change` gives in place of every schema that this one contains or refers to.
    pub(crate) fn change_children(&mut self, mut change: impl FnMut(SchemaId) -> SchemaId) {
        let mut each = |id: &mut SchemaId| *id = change(*id);
        self.reference.iter_mut().for_each(&mut each);
        if let Some(text) = &mut self.text {
            text.content_schema.iter_mut().for_each(&mut each);
        }
        if let Some(array) = &mut self.array {
            array.prefix_items.iter_mut().for_each(&mut each);
            let single = [&mut array.items, &mut array.contains, &mut array.unevaluated_items];
            single.into_iter().flatten().for_each(&mut each);
        }
        if let Some(object) = &mut self.object {
            object.properties.iter_mut().map(|property| &mut property.schema).for_each(&mut each);
            let named = object.pattern_properties.iter_mut().chain(&mut object.dependent_schemas);
            named.map(|(_, id)| id).for_each(&mut each);
            let single = [
                &mut object.additional_properties,
                &mut object.property_names,
                &mut object.unevaluated_properties,
            ];
            single.into_iter().flatten().for_each(&mut each);
        }
        if let Some(logic) = &mut self.logic {
            let lists = [&mut logic.all_of, &mut logic.any_of, &mut logic.one_of];
            lists.into_iter().flatten().for_each(&mut each);
            let single = [&mut logic.not, &mut logic.if_, &mut logic.then, &mut logic.else_];
            single.into_iter().flatten().for_each(&mut each);
        }
        if let Some(discriminator) = &mut self.discriminator {
            discriminator.mapping.iter_mut().map(|(_, id)| id).for_each(&mut each);
            discriminator.default_mapping.iter_mut().for_each(&mut each);
        }
    }

    /// The text of the extension `key` (with its `x-`).
    pub(crate) fn extension(&self, key: &str) -> Option<&Node> {
        self.extensions.get(key)
    }
}
