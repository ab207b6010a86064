//! Scalars, objects, arrays, `allOf`.

use super::check;

#[test]
fn integers_are_as_wide_as_format_and_bounds_ask() {
    check(
        "3.1.0",
        "
Ints:
  type: object
  properties:
    a: {type: integer, format: int32}
    b: {type: integer, format: int32, maximum: 4294967295}
    c: {type: integer, minimum: 0, maximum: 18446744073709551615}
    d: {type: integer, maximum: 99999999999999999999}
    e: {type: integer, exclusiveMinimum: 0, exclusiveMaximum: 10, multipleOf: 3}
    f: {type: number, minimum: 0.5, multipleOf: 0.01}
    g: {type: number, format: decimal}
    h: {type: string, format: decimal}
    i: {type: [integer, 'null'], minimum: 1.5}
",
        "
Ints = { a?: Option<i32>, b?: Option<i64> -9223372036854775808..4294967295, c?: Option<u64> 0..18446744073709551615, d?: Option<Integer> <= 99999999999999999999, e?: Option<i64> 1..9 % 3, f?: Option<f64> >= 0.5 % 0.01, g?: Option<Decimal>, h?: Option<Decimal> Decimal, i?: Patch<i64> 2..9223372036854775807 null }
",
    );
}

#[test]
fn texts_have_the_type_of_their_format() {
    check(
        "3.1.0",
        "
Texts:
  type: object
  properties:
    a: {type: string, format: date-time}
    b: {type: string, format: uuid, minLength: 36, maxLength: 36}
    c: {type: string, format: uuid, pattern: '^a'}
    d: {type: string, format: email, maxLength: 20}
    e: {type: string, format: byte}
    f: {type: string, format: binary}
    g: {type: string, format: unknown}
    h: {type: string, format: date, default: '2020-01-01'}
",
        "
Texts = { a?: Option<DateTime>, b?: Option<Uuid>, c?: Option<String> /^a/ Uuid, d?: Option<String> len 0..20 Email, e?: Option<Base64>, f?: Option<Bytes>, g?: Option<String>, h?: Date = \"2020-01-01\" }
",
    );
}

#[test]
fn lists_and_tuples() {
    check(
        "3.1.0",
        "
Tags: {type: array, items: {type: string}, uniqueItems: true, minItems: 1, maxItems: 9}
Nulls: {type: array, items: {type: [string, 'null']}}
Point: {type: array, prefixItems: [{type: number}, {type: number}], items: false, minItems: 2}
Mixed: {type: array, prefixItems: [{type: string}], items: {type: integer}}
Deep: {type: array, items: {type: array, items: {type: object, properties: {k: {type: string}}}}}
",
        "
Tags = type [String] items 1..9 unique []
Nulls = type [Option<String>] items 0.. [null]
Point = (f64, f64, deny, #2..)
Mixed = (Option<String>, ..i64)
Deep = type [['Deep item item']]
Deep item item = { k?: Option<String> }
",
    );
}

#[test]
fn several_types_are_a_union() {
    check(
        "3.1.0",
        "
Two: {type: [string, integer], maxLength: 3, minimum: 1}
",
        "
Two = any Integer(i64 1..9223372036854775807) | Text(String len 0..3)
",
    );
}

#[test]
fn what_says_nothing_and_what_nothing_fits() {
    check(
        "3.1.0",
        "
Any: {}
No: false
",
        "
Any = type Json
No = type Never
",
    );
}

#[test]
fn maps_and_other_properties() {
    check(
        "3.1.0",
        "
Map: {type: object, additionalProperties: {type: integer}, maxProperties: 5, propertyNames: {pattern: '^[a-z]+$'}}
Headers: {type: object, patternProperties: {'^x-': {type: string}}, additionalProperties: false}
Loose: {type: object, patternProperties: {'^x-': {type: string}}}
Several: {type: object, patternProperties: {'^x-': {type: string}, '^y-': {type: string}}}
Alike: {type: object, patternProperties: {'^x-': {$ref: '#/components/schemas/Closed'}, '^y-': {$ref: '#/components/schemas/Closed'}}}
Beside: {type: object, properties: {a: {type: string}}, patternProperties: {'^x-': {type: string}}}
Sealed: {type: object, properties: {a: {type: string}}, patternProperties: {'^x-': {type: string}}, additionalProperties: false}
Counted: {type: object, patternProperties: {'^x-': {type: string}}, minProperties: 1}
Closed: {type: object, properties: {a: {type: string}}, additionalProperties: false}
Open: {type: object, properties: {a: {type: string}}, additionalProperties: true}
Typed: {type: object, properties: {a: {type: string}}, additionalProperties: {type: integer}}
",
        "
Map = type {i64} entries 0..5 {/^[a-z]+$/: }
Headers = type {String} entries 0.. {/^x-/: }
Loose = type {String} entries 0.. {only /^x-/: }
Several = type {Json} !
Alike = type {'Closed'} entries 0.. {only /(?:^x-)|(?:^y-)/: }
Beside = { a?: Option<String>, ..only /^x-/ String } ! what is said of other properties speaks of named ones, too
Sealed = { a?: Option<String>, ..only /^x-/ String } ! what is said of other properties speaks of named ones, too
Counted = type {Json} entries 1.. {: } !
Closed = { a?: Option<String>, deny }
Open = { a?: Option<String>, ..Json }
Typed = { a?: Option<String>, ..i64 }
",
    );
}

#[test]
fn objects_and_what_they_demand() {
    check(
        "3.1.0",
        "
Demanding: {type: object, required: [x]}
Dependent: {type: object, properties: {a: {type: string}, b: {type: string}}, dependentRequired: {a: [b]}, minProperties: 1}
Names: {type: object, properties: {n: {type: string, x-photon-name: nom}, t: {type: object, x-photon-type: 'crate::T'}}}
",
        "
Demanding = { x: Json }
Dependent = { a?: Option<String>, b?: Option<String>, #1.., a needs b }
Names = { n?: Option<String>, t?: Option<crate::T> }
",
    );
}

#[test]
fn enumerations() {
    check(
        "3.1.0",
        "
Level: {enum: [1, 2, high, null]}
Color: {type: string, enum: [red, green], x-photon-open: true}
Flag: {type: boolean, enum: [true, false]}
Yes: {const: true}
Kind: {const: kind}
Json: {enum: [[1], {a: 1}]}
",
        "
Level = literal 1 | 2 | \"high\"
Color = red | green | ..
Flag = type Bool
Yes = literal true
Kind = kind
Json = any List([Json] !) | Object({Json} !)
",
    );
}

#[test]
fn all_of_is_merged() {
    check(
        "3.1.0",
        "
Base: {type: object, required: [id], properties: {id: {type: integer}, n: {type: string}}}
Both: {allOf: [{$ref: '#/components/schemas/Base'}, {type: object, required: [n], properties: {n: {minLength: 2}, z: {type: string}}}]}
Same: {allOf: [{$ref: '#/components/schemas/Base'}], description: x}
Alias: {$ref: '#/components/schemas/Base'}
Uneval: {allOf: [{$ref: '#/components/schemas/Base'}], properties: {q: {type: string}}, unevaluatedProperties: false}
Closed: {type: object, properties: {a: {type: string}}, additionalProperties: false}
Denying: {allOf: [{$ref: '#/components/schemas/Closed'}, {properties: {b: {type: string}}}]}
",
        "
Base = { id: i64, n?: Option<String> }
Both = { id: i64, n: String len 2.., z?: Option<String> }
Same = type 'Base'
Alias = type 'Base'
Uneval = { id: i64, n?: Option<String>, q?: Option<String>, deny }
Closed = { a?: Option<String>, deny }
Denying = { a?: Option<String>, b?: Option<String>, deny } ! what is said of other properties speaks of named ones, too
",
    );
}

#[test]
fn the_rest_is_checked() {
    check(
        "3.1.0",
        "
Not: {type: string, not: {const: x}}
If: {type: object, properties: {a: {type: string}}, if: {required: [a]}, then: {required: [b]}}
",
        "
Not = type String !
If = { a?: Option<String> } ! `if`
",
    );
}

#[test]
fn recursive_types_are_finite() {
    check(
        "3.1.0",
        "
Tree: {type: array, items: {$ref: '#/components/schemas/Tree'}}
Node: {type: object, properties: {next: {$ref: '#/components/schemas/Node'}, all: {type: array, items: {$ref: '#/components/schemas/Node'}}}}
Endless: {type: object, required: [again], properties: {again: {$ref: '#/components/schemas/Endless'}}}
Expr: {oneOf: [{$ref: '#/components/schemas/Sum'}, {type: number}]}
Sum: {type: object, required: [left], properties: {left: {$ref: '#/components/schemas/Expr'}}}
",
        "
Tree = new ['Tree']
Node = { next?: Option<Box<'Node'>>, all?: Option<['Node']> }
Endless = { again?: Option<Box<'Endless'>> }
Expr = one Sum('Sum') | Number(f64) empty 1
Sum = { left: Box<'Expr'> }
",
    );
}

#[test]
fn absent_null_and_default() {
    check(
        "3.1.0",
        "
Base: {type: object, required: [id], properties: {id: {type: integer}, n: {type: string}}}
Maybe: {anyOf: [{$ref: '#/components/schemas/Base'}, {type: 'null'}]}
Tags: {type: array, items: {type: string}, uniqueItems: true, minItems: 1, maxItems: 9}
UsesMaybe: {type: object, required: [a], properties: {a: {$ref: '#/components/schemas/Maybe'}, b: {$ref: '#/components/schemas/Maybe'}, c: {anyOf: [{$ref: '#/components/schemas/Tags'}, {type: 'null'}], default: null}}}
",
        "
Base = { id: i64, n?: Option<String> }
Maybe = type 'Base' null
Tags = type [String] items 1..9 unique []
UsesMaybe = { a: Option<'Maybe'> null, b?: Patch<'Maybe'> null, c?: Option<'Tags'> items 1..9 unique [] null = null }
",
    );
}

#[test]
fn equal_inline_types_are_shared() {
    check(
        "3.1.0",
        "
A1: {type: object, properties: {x: {type: object, properties: {y: {type: string, description: one}}}}}
A2: {type: object, properties: {x: {type: object, properties: {y: {type: string, description: two}}}}}
",
        "
A1 = { x?: Option<'A1 x'> }
A1 x = { y?: Option<String> }
A2 = { x?: Option<'A2 x'> }
A2 x = type 'A1 x'
",
    );
}

#[test]
fn a_missing_type_is_inferred() {
    check(
        "3.0.3",
        "
Untyped: {properties: {a: {minLength: 1}}}
",
        "
Untyped = { a?: Option<String> len 1.. }
",
    );
}
