//! `anyOf`, `oneOf`, discriminators.

use super::check;

#[test]
fn branches_are_told_apart_by_what_they_are() {
    check(
        "3.1.0",
        "
Cat: {type: object, required: [kind], properties: {kind: {const: cat}, lives: {type: integer}}}
Dog: {type: object, required: [kind], properties: {kind: {const: dog}, barks: {type: boolean}}}
Pet: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]}
Titled: {oneOf: [{title: One, type: object, required: [a], properties: {a: {type: string}}}, {title: Two, type: object, required: [b], properties: {b: {type: string}}}, {type: array, items: {$ref: '#/components/schemas/Cat'}}]}
Inline: {oneOf: [{type: object, required: [type, a], properties: {type: {const: first}, a: {type: string}}}, {type: object, required: [type], properties: {type: {const: second}}}]}
",
        "
Cat = { kind: 'Cat kind', lives?: Option<i64> }
Cat kind = cat
Dog = { kind: 'Dog kind', barks?: Option<Bool> }
Dog kind = dog
Pet = one Cat('Cat') | Dog('Dog')
Titled = one One('Titled One') | Two('Titled Two') | Cat list(['Cat'])
Titled One = { a: String }
Titled Two = { b: String }
Inline = one first('Inline first') | second('Inline second')
Inline first = { type: 'Inline first type', a: String }
Inline first type = first
Inline second = { type: 'Inline second type' }
Inline second type = second
",
    );
}

#[test]
fn a_discriminator_names_the_branch() {
    check(
        "3.2.0",
        "
Cat: {type: object, required: [kind], properties: {kind: {const: cat}, lives: {type: integer}}}
Dog: {type: object, required: [kind], properties: {kind: {const: dog}, barks: {type: boolean}}}
Fox: {type: object, properties: {kind: {type: string}, red: {type: boolean}}}
Emu: {allOf: [{$ref: '#/components/schemas/Fox'}, {required: [red]}]}
Tagged: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}], discriminator: {propertyName: kind}}
Free: {oneOf: [{$ref: '#/components/schemas/Fox'}, {$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Emu'}], discriminator: {propertyName: kind}}
Mapped: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Fox'}], discriminator: {propertyName: kind, mapping: {c: '#/components/schemas/Cat', k: Cat, f: Fox}}}
Named: {anyOf: [{$ref: '#/components/schemas/Fox'}, {$ref: '#/components/schemas/Cat'}], discriminator: {propertyName: kind, defaultMapping: Fox}}
WithBase: {type: object, required: [kind], properties: {kind: {type: string}}, oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}], discriminator: {propertyName: kind}}
",
        "
Cat = { kind: 'Cat kind', lives?: Option<i64> }
Cat kind = cat
Dog = { kind: 'Dog kind', barks?: Option<Bool> }
Dog kind = dog
Fox = { kind?: Option<String>, red?: Option<Bool> }
Emu = { kind?: Option<String>, red: Bool }
Tagged = by kind [cat=0 dog=1] Cat('Cat') | Dog('Dog')
Free = by kind [Fox=0 cat=1 Emu=2 without [0, 2]] Fox('Fox') | Cat('Cat') | Emu('Emu')
Mapped = by kind [c=0 k=0 f=1 without [1]] Cat('Cat') | Fox('Fox')
Named = by kind [Fox=0 cat=1 else 0] Fox('Fox') | Cat('Cat')
WithBase = by kind [cat=0 dog=1] Cat('Cat') | Dog('Dog')
",
    );
}

#[test]
fn what_stands_beside_a_union_is_in_every_branch() {
    check(
        "3.1.0",
        "
Cat: {type: object, required: [kind], properties: {kind: {const: cat}, lives: {type: integer}}}
Dog: {type: object, required: [kind], properties: {kind: {const: dog}, barks: {type: boolean}}}
Pet: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]}
MoreBase: {type: object, required: [id], properties: {id: {type: integer}}, oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]}
Refined: {allOf: [{$ref: '#/components/schemas/Pet'}, {type: object, required: [x], properties: {x: {type: string}}}]}
",
        "
Cat = { kind: 'Cat kind', lives?: Option<i64> }
Cat kind = cat
Dog = { kind: 'Dog kind', barks?: Option<Bool> }
Dog kind = dog
Pet = one Cat('Cat') | Dog('Dog')
MoreBase = one Cat('MoreBase Cat') | Dog('MoreBase Dog')
MoreBase Cat = { kind: 'Cat kind', lives?: Option<i64>, id: i64 }
MoreBase Dog = { kind: 'Dog kind', barks?: Option<Bool>, id: i64 }
Refined = one Cat('Refined Cat') | Dog('Refined Dog')
Refined Cat = { kind: 'Cat kind', lives?: Option<i64>, x: String }
Refined Dog = { kind: 'Dog kind', barks?: Option<Bool>, x: String }
",
    );
}

#[test]
fn subtypes_contain_their_base() {
    check(
        "3.1.0",
        "
Animal: {type: object, required: [petType], properties: {petType: {type: string}, age: {type: integer}}, discriminator: {propertyName: petType, mapping: {lion: '#/components/schemas/Lion'}}}
Lion: {allOf: [{$ref: '#/components/schemas/Animal'}, {type: object, properties: {mane: {type: boolean}}}]}
Bear: {allOf: [{$ref: '#/components/schemas/Animal'}, {type: object, properties: {friend: {$ref: '#/components/schemas/Animal'}}}], discriminator: {propertyName: petType}}
Panda: {allOf: [{$ref: '#/components/schemas/Bear'}, {type: object, properties: {white: {type: boolean}}}]}
Parent: {type: object, properties: {t: {type: string}}, oneOf: [{$ref: '#/components/schemas/Child'}], discriminator: {propertyName: t}}
Child: {allOf: [{$ref: '#/components/schemas/Parent'}, {type: object, properties: {c: {type: string}}}]}
",
        "
Animal = by petType [lion=0 Bear=1 Panda=2] Lion('Lion') | Bear('Animal Bear') | Panda('Panda')
Animal Bear = { petType: String, age?: Option<i64>, friend?: Option<Box<'Animal'>> }
Lion = { petType: String, age?: Option<i64>, mane?: Option<Bool> }
Bear = by petType [Panda=0 Bear=1] Panda('Panda') | Bear('Animal Bear')
Panda = { petType: String, age?: Option<i64>, friend?: Option<Box<'Animal'>>, white?: Option<Bool> }
Parent = type 'Child'
Child = { t?: Option<String>, c?: Option<String> }
",
    );
}

#[test]
fn unions_that_are_none() {
    check(
        "3.1.0",
        "
Cat: {type: object, required: [kind], properties: {kind: {const: cat}, lives: {type: integer}}}
Single: {oneOf: [{type: object, properties: {a: {type: string}}}]}
OrNull: {oneOf: [{type: object, properties: {a: {type: string}}}, {type: 'null'}]}
Twice: {anyOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Cat'}]}
Two: {allOf: [{anyOf: [{type: string}, {type: object}]}, {anyOf: [{type: string}, {type: array, items: {}}]}]}
Ips: {oneOf: [{type: string, format: ipv4}, {type: string, format: ipv6}]}
Needs: {type: object, properties: {a: {type: string}, b: {type: string}}, anyOf: [{required: [a]}, {required: [b]}]}
",
        "
Cat = { kind: 'Cat kind', lives?: Option<i64> }
Cat kind = cat
Single = { a?: Option<String> }
OrNull = { a?: Option<String> }
Twice = type 'Cat'
Two = type String
Ips = type String !
Needs = { a?: Option<String>, b?: Option<String> } ! which properties go together
",
    );
}

#[test]
fn scalars_and_constants() {
    check(
        "3.1.0",
        "
Scalars: {anyOf: [{type: string}, {type: integer}, {type: 'null'}]}
OpenEnum: {anyOf: [{type: string}, {type: string, enum: [a, b]}]}
Consts: {oneOf: [{const: a, description: The a}, {const: b, title: B}, {const: 'null'}]}
Dates: {anyOf: [{type: string, format: date}, {type: string, format: date-time}, {type: string}]}
Num: {oneOf: [{type: integer}, {type: number}]}
Never: {oneOf: [true, true, false]}
",
        "
Scalars = any Text(String) | Integer(i64)
OpenEnum = a | b | ..
Consts = a | b | null
Dates = any date(Date) | date-time(DateTime) | Text(String)
Num = one Integer(i64) | Number(f64)
Never = type Json !
",
    );
}
