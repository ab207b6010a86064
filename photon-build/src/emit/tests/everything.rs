//! Every construct of the IR, once.

use super::parts::*;
use crate::ir::*;

pub(super) fn api() -> Api {
    let watched = tag(None, "", vec![watch(), lines(), download()]);
    Api {
        module: "everything".to_owned(),
        title: "Everything [at] <once>".to_owned(),
        source: "openapi/everything.yaml".to_owned(),
        openapi: "{}".to_owned(),
        base_path: "/v1".to_owned(),
        traits: vec![tag(Some("things {all}"), "", vec![search(), put(), upload(), ping()]), watched],
        schemes: vec![
            scheme("bearerAuth", SchemeKind::Bearer),
            scheme("basic", SchemeKind::Basic),
            scheme("key", SchemeKind::ApiKey { location: Location::Cookie, key: "sid".to_owned() }),
            scheme("digest", SchemeKind::Http("digest".to_owned())),
            scheme("mtls", SchemeKind::MutualTls),
        ],
        principal: "photon::Principal".to_owned(),
        internal_errors: vec!["std::io::Error".to_owned()],
        models: models(),
        patterns: vec![Pattern { name: name("Thing code"), source: "^\\d+\"$".to_owned() }],
        checks: vec![Check { name: name("Thing"), key: "Thing".to_owned() }],
        check_defs: r#"{"$defs":{"Thing":{"not":{"required":["x"]}}}}"#.to_owned(),
        ..Api::default()
    }
}

const THING: ModelId = ModelId(0);
const POINT: ModelId = ModelId(5);

fn search() -> Operation {
    let ids = Param {
        explode: false,
        rule: list(1, 3, text(0, 9)),
        ..param("ids", Location::Query, Type::List(Type::String.into()))
    };
    let filter =
        Param { style: Style::DeepObject, ..param("filter", Location::Query, option(Type::Model(THING))) };
    let rest = param("rest", Location::Query, Type::Map(Type::String.into()));
    let matrix = Param { style: Style::Matrix, explode: true, ..param("type", Location::Path, Type::String) };
    let raw = Param { json: true, ..param("json", Location::Query, Type::Json) };
    let empty = Param {
        allow_empty: true,
        deprecated: true,
        ..param("input", Location::Query, option(Type::String))
    };
    let big = Param { rule: int(0, u64::MAX.into()), ..param("big", Location::Header, Type::Int(Int::U64)) };
    let huge = Param { rule: int(1, i128::MAX), ..param("huge", Location::Cookie, Type::Integer) };
    let twice = param("type", Location::Query, Type::Int(Int::U8));
    Operation {
        summary: "Search".to_owned(),
        description: "Finds [things] at https://example.com.\n\n```\nlet x;\n```".to_owned(),
        deprecated: true,
        security: vec![
            vec![
                Requirement { scheme: 0, scopes: Vec::new() },
                Requirement { scheme: 2, scopes: Vec::new() },
            ],
            Vec::new(),
        ],
        caller: Caller::Optional,
        params: vec![ids, filter, rest, matrix, raw, empty, big, huge, twice],
        output: Output::Value { status: 200, media: json(Type::List(Type::Model(THING).into())) },
        ..operation("search", "GET", "/v2/{type}/search")
    }
}

fn put() -> Operation {
    let mut created = answer(Status::Code(201), "Created.", Some(json(Type::Model(THING))));
    created.headers =
        vec![header("Location", "", Type::String), header("ETag", "A tag", option(Type::String))];
    let csv = media("text/csv", Codec::Text, Type::String);
    let image = media("image/*", Codec::Bytes, Type::Bytes);
    let answers = vec![
        answer(Status::Code(200), "", Some(json(Type::Model(THING)))),
        answer(Status::Code(200), "", Some(csv)),
        created,
        answer(Status::Code(204), "", None),
        answer(Status::Range(3), "Elsewhere.", Some(image)),
    ];
    let mut throttled = answer(Status::Code(429), "Too fast.", Some(json(Type::Model(THING))));
    throttled.headers = vec![header("Retry-After", "Seconds to wait.", I64)];
    let mut moved = answer(Status::Range(3), "", Some(json(Type::Model(THING))));
    moved.headers = vec![header("Location", "", option(Type::String))];
    let mut teapot = answer(Status::Range(1), "", None);
    teapot.headers = vec![header("X-Tea", "", Type::String)];
    let failures = vec![
        problem(Status::Code(404), "Nothing there."),
        answer(Status::Code(409), "", Some(json(Type::Model(THING)))),
        answer(Status::Code(410), "", None),
        throttled,
        answer(Status::Range(4), "", Some(json(Type::Model(THING)))),
        answer(Status::Range(5), "", None),
        moved,
        teapot,
        problem(Status::Default, "Anything else."),
    ];
    let form = media("application/x-www-form-urlencoded", Codec::Form, Type::Model(THING));
    Operation {
        body: Some(body("put", false, vec![json(Type::Model(THING)), form])),
        output: Output::Enum { name: name("put output"), answers },
        error: errors("put", failures),
        blocking: true,
        body_bytes_max: Some(1024),
        raw_body: true,
        ..operation("put", "PUT", "/things")
    }
}

fn upload() -> Operation {
    let encoding = |property: &str| Encoding {
        property: property.to_owned(),
        content_type: Some("image/png".to_owned()),
        style: None,
        explode: Some(false),
    };
    let form = Media {
        encoding: vec![encoding("picture")],
        ..media("multipart/form-data", Codec::Multipart, Type::Model(THING))
    };
    let mut accepted = answer(Status::Range(2), "", None);
    accepted.name = name("upload success");
    Operation {
        body: Some(body("upload", true, vec![form])),
        output: Output::Struct(accepted),
        ..operation("upload", "POST", "/upload")
    }
}

fn ping() -> Operation {
    operation("await", "HEAD", "/ping")
}

fn watch() -> Operation {
    let media = media("text/event-stream", Codec::Events, Type::Model(THING));
    Operation {
        output: Output::Stream { status: 200, media, doc: String::new() },
        ..operation("watch", "GET", "/watch")
    }
}

fn lines() -> Operation {
    let media = media("application/x-ndjson", Codec::JsonLines, Type::List(Type::Model(THING).into()));
    Operation {
        output: Output::Stream { status: 200, media, doc: String::new() },
        ..operation("lines", "GET", "/lines")
    }
}

fn download() -> Operation {
    let media = media("application/octet-stream", Codec::Bytes, Type::Bytes);
    Operation {
        output: Output::Stream { status: 200, media, doc: String::new() },
        ..operation("download", "GET", "/download")
    }
}

fn models() -> Vec<Model> {
    vec![
        thing(),
        Model {
            derives: Derives { copy: true, eq: true, hash: true, ord: true },
            ..model("level", "", ModelKind::Choice(literals()))
        },
        Model { named: false, ..model("open", "", ModelKind::Choice(open())) },
        model("Payment", "How it is paid.", ModelKind::Tagged(tagged())),
        model("Id", "", ModelKind::OneOf(one_of())),
        model("Point", "", ModelKind::Tuple(tuple())),
        model(
            "Tree",
            "",
            ModelKind::Newtype {
                ty: Type::List(Type::Model(ModelId(6)).into()),
                rule: list(0, 9, Rule::default()),
            },
        ),
        model("ThingId", "", ModelKind::Alias { ty: Type::Uuid, rule: Rule::default() }),
        model(
            "Option",
            "Meets a name of Rust's.",
            ModelKind::Record(record(vec![field("self", Type::Null)])),
        ),
        model("a", "", ModelKind::Tuple(Tuple { rest: Rest::Ignore, unique: false, check: None, ..tuple() })),
    ]
}

fn thing() -> Model {
    let number = RuleKind::Number {
        min: Some("0".to_owned()),
        max: None,
        above: None,
        below: Some("1e3".to_owned()),
        multiple_of: Some("0.01".to_owned()),
    };
    let code =
        RuleKind::Text { min: 0, max: u32::MAX, pattern: Some(PatternId(0)), format: Some(Format::Email) };
    let map = RuleKind::Map {
        min: 0,
        max: 5,
        key: Some(text(1, 9).into()),
        value: list(0, u32::MAX, text(0, 3)).into(),
    };
    let rule = |kind: RuleKind| Rule { kind, ..Rule::default() };
    let fields = vec![
        Field { rule: rule(code), write_only: true, ..field("code", Type::String) },
        Field {
            rule: Rule { nullable: true, ..rule(number) },
            ..field("price", Type::Patch(Type::Decimal.into()))
        },
        Field { rule: rule(map), ..field("by-name", Type::Map(Type::List(Type::String.into()).into())) },
        Field { default: Some("\"x\"".to_owned()), required: false, ..field("byName", Type::String) },
        field("type", Type::Model(ModelId(1))),
        field("parent", option(Type::Box(Type::Model(THING).into()))),
        field("when", Type::DateTime),
        field("origin", Type::Model(POINT)),
    ];
    let record = Record {
        extra: Extra::Keep { name: name("extra"), ty: I64, rule: int(-5, 5), keys: Some(text(1, 3)) },
        properties_min: 1,
        dependent_required: vec![("code".to_owned(), vec!["price".to_owned()])],
        check: Some(CheckId(0)),
        ..record(fields)
    };
    Model {
        checked_because: "`not`".to_owned(),
        deprecated: true,
        default: true,
        ..model("Thing", "", ModelKind::Record(record))
    }
}

fn value(wire: &str, value: &str) -> ChoiceValue {
    ChoiceValue { name: name(wire), doc: String::new(), value: value.to_owned() }
}

fn literals() -> Choice {
    Choice {
        values: vec![value("1", "1"), value("a", "\"a\""), value("true", "true")],
        strings: false,
        open: false,
    }
}

fn open() -> Choice {
    let values = vec![
        value("+1", "+1"),
        value("-1", "-1"),
        value("other", "other"),
        value("self", "self"),
        value("", ""),
    ];
    Choice { values, strings: true, open: true }
}

fn variant(wire: &str, ty: Type, hint: Hint) -> Variant {
    Variant { name: name(wire), doc: String::new(), ty, rule: Rule::default(), hint }
}

fn tagged() -> Tagged {
    let thing = Type::Box(Type::Model(THING).into());
    Tagged {
        tag: "kind".to_owned(),
        variants: vec![
            variant("card", thing, Hint::default()),
            variant("transfer", Type::Model(POINT), Hint::default()),
        ],
        values: vec![("card".to_owned(), 0), ("credit".to_owned(), 0), ("transfer".to_owned(), 1)],
        fallback: Some(1),
        untagged: vec![],
        empty: 1,
        check: None,
    }
}

fn one_of() -> OneOf {
    let scalar = Hint { types: vec![JsonType::String, JsonType::Null], ..Hint::default() };
    let object = Hint {
        types: vec![JsonType::Object],
        required: vec!["id".to_owned()],
        constants: vec![("object".to_owned(), vec!["\"account\"".to_owned()])],
    };
    let text = Variant { rule: text(1, 9), ..variant("text", option(Type::String), scalar) };
    let variants = vec![
        text,
        variant("account", Type::Model(THING), object),
        variant("any", Type::Json, Hint::default()),
    ];
    OneOf { any: true, variants, empty: 0, check: Some(CheckId(0)) }
}

fn tuple() -> Tuple {
    Tuple {
        items: vec![
            TupleItem { ty: Type::F64, rule: Rule::default() },
            TupleItem { ty: option(I64), rule: int(0, 9) },
        ],
        rest: Rest::Keep { ty: Type::String, rule: text(0, 3) },
        items_min: 1,
        items_max: u32::MAX,
        unique: true,
        check: Some(CheckId(0)),
    }
}
