//! What may violate a keyword: values like the one that is there, each wrong in one way.
//!
//! Knows keywords. Whether a value violates one, and nothing else, is for the oracle to say.

use serde_json::{Map, Number, Value, json};

/// Texts and lists are made at most so long.
const LENGTH_MAX: u64 = 5_000;

/// Values to put in the place of `value`, to violate `keyword` of `schema`.
pub(super) fn candidates(schema: &Value, keyword: &str, value: &Value) -> Vec<Value> {
    let Some(limit) = schema.get(keyword) else { return Vec::new() };
    match keyword {
        "type" => all_kinds(),
        "enum" | "const" => others(limit, value),
        "minimum" | "exclusiveMinimum" => numbers(limit, -1.0),
        "maximum" | "exclusiveMaximum" => numbers(limit, 1.0),
        "multipleOf" => steps(limit, value),
        "format" => limit
            .as_str()
            .and_then(super::oracle::range)
            .map_or_else(Vec::new, |(low, high)| vec![whole(low - 1.0), whole(high + 1.0)]),
        "minLength" | "maxLength" | "pattern" => texts(keyword, limit, value),
        "minItems" | "maxItems" | "uniqueItems" | "contains" | "minContains" | "maxContains"
        | "unevaluatedItems" => {
            let mut found = lists(keyword, limit, value);
            // Where items are some of few values, more of them are those.
            let known = schema.get("items").and_then(|items| items.get("enum"));
            found.extend(known.filter(|_| keyword == "maxItems").cloned());
            found
        }
        "not" | "anyOf" | "oneOf" => {
            let mut kinds = all_kinds();
            kinds.extend(reduced(value));
            kinds
        }
        _ => objects(keyword, limit, value),
    }
}

/// A value of every kind.
fn all_kinds() -> Vec<Value> {
    vec![
        json!(null),
        json!(true),
        json!(7),
        json!(7.5),
        json!("photon"),
        json!([]),
        json!({}),
        json!(["photon"]),
        json!({"photon": 1}),
    ]
}

/// The value without one of its members, each in turn; without all of them but one; and as another empty thing.
fn reduced(value: &Value) -> Vec<Value> {
    let Some(members) = value.as_object() else { return Vec::new() };
    let without = members.keys().map(|name| {
        let mut fewer = members.clone();
        fewer.remove(name);
        Value::Object(fewer)
    });
    let alone = members.iter().map(|(name, value)| json!({ name: value }));
    without.chain(alone).take(24).collect()
}

fn others(limit: &Value, value: &Value) -> Vec<Value> {
    let mut found = vec![
        json!("photon-none"),
        json!(918_273),
        json!(null),
        json!(true),
        json!(false),
        json!({}),
        json!([]),
    ];
    let first = limit.as_array().map_or(Some(limit), |list| list.first());
    for text in [Some(value), first].into_iter().flatten().filter_map(Value::as_str) {
        found.extend([
            json!(format!("{text}x")),
            json!(format!("{text} ")),
            json!(text.to_uppercase()),
            json!(""),
        ]);
    }
    found
}

fn numbers(limit: &Value, way: f64) -> Vec<Value> {
    let Some(limit) = limit.as_f64() else { return Vec::new() };
    [0.0, 1.0, 0.5, 0.001, 100.0].iter().map(|far| whole(limit + way * far)).collect()
}

fn steps(limit: &Value, value: &Value) -> Vec<Value> {
    let (Some(step), Some(value)) = (limit.as_f64(), value.as_f64()) else { return Vec::new() };
    let step =
        if step > 1.0 { vec![1.0, -1.0, step / 2.0] } else { vec![step / 2.0, -step / 2.0, step / 4.0] };
    step.into_iter().map(|step| whole(value + step)).collect()
}

/// A number, as an integer where it is one.
#[allow(clippy::cast_possible_truncation)] // Where it is whole and small.
fn whole(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() < 9e15 {
        Value::from(number as i64)
    } else {
        Number::from_f64(number).map_or(Value::Null, Value::Number)
    }
}

fn texts(keyword: &str, limit: &Value, value: &Value) -> Vec<Value> {
    let Some(text) = value.as_str() else { return Vec::new() };
    let count = text.chars().count() as u64;
    let found: Vec<String> = match (keyword, limit.as_u64()) {
        ("minLength", Some(limit)) => {
            let short = usize::try_from(limit.saturating_sub(1)).unwrap_or(usize::MAX);
            let short: String = text.chars().take(short).collect();
            let wide = "é".repeat(short.chars().count());
            vec![short, wide, String::new()]
        }
        ("maxLength", Some(limit)) if limit < LENGTH_MAX => {
            let more = usize::try_from((limit + 1).saturating_sub(count)).unwrap_or(0);
            let last = text.chars().last().unwrap_or('x');
            let first = text.chars().next().unwrap_or('x');
            let padding = |with: char| std::iter::repeat_n(with, more).collect::<String>();
            vec![
                format!("{text}{}", padding(last)),
                format!("{}{text}", padding(first)),
                format!("{text}{}", padding('x')),
                format!("{text}{}", padding('0')),
                format!("{text}{}", padding('é')),
                middle(text, &padding('x')),
                middle(text, &padding('0')),
            ]
        }
        ("pattern", _) => {
            let mut found = vec![
                format!("{text}\n"),
                format!("{text} "),
                format!(" {text}"),
                format!("{text}é"),
                text.to_uppercase(),
                text.to_lowercase(),
                text.chars().rev().collect(),
                text.chars().skip(1).collect(),
                String::new(),
                "!".to_owned(),
            ];
            let same = |with: char| std::iter::repeat_n(with, text.chars().count()).collect::<String>();
            found.extend(['!', ' ', '0', 'x', 'X', 'é', '-'].map(same));
            found
        }
        _ => Vec::new(),
    };
    found.into_iter().map(Value::from).collect()
}

/// A text with more in its middle.
fn middle(text: &str, more: &str) -> String {
    let half = text.char_indices().nth(text.chars().count() / 2).map_or(0, |(at, _)| at);
    format!("{}{more}{}", &text[..half], &text[half..])
}

fn lists(keyword: &str, limit: &Value, value: &Value) -> Vec<Value> {
    let Some(items) = value.as_array() else { return Vec::new() };
    let short = |count: usize| Value::Array(items.iter().take(count).cloned().collect());
    let first = items.first().cloned().unwrap_or(Value::Null);
    let filled = |count: usize, with: &dyn Fn(usize) -> Value| {
        Value::Array(items.iter().cloned().chain((items.len()..count).map(with)).collect())
    };
    match (keyword, limit.as_u64()) {
        ("minItems" | "minContains", Some(limit)) => {
            vec![short(usize::try_from(limit.saturating_sub(1)).unwrap_or(0)), json!([])]
        }
        ("maxItems" | "maxContains", Some(limit)) if limit < LENGTH_MAX => {
            let count = usize::try_from(limit + 1).unwrap_or(0);
            vec![
                filled(count, &|_| first.clone()),
                filled(count, &|at| varied(&first, at)),
                filled(count, &|at| json!(at)),
            ]
        }
        ("uniqueItems", _) => {
            let mut same = items.clone();
            if let [first, second, ..] = &mut same[..] {
                *second = first.clone();
            }
            vec![
                Value::Array(same),
                filled(items.len() + 1, &|_| first.clone()),
                filled(2, &|_| first.clone()),
            ]
        }
        ("contains", _) => vec![json!([]), json!([null]), json!([{}]), json!(["photon"]), json!([7])],
        _ => vec![filled(items.len() + 1, &|_| json!("photon")), filled(items.len() + 1, &|_| Value::Null)],
    }
}

/// A value like another one, and different for each `at`, where that is easily done.
fn varied(value: &Value, at: usize) -> Value {
    match value {
        Value::String(text) => json!(format!("{text}{at}")),
        Value::Number(number) => number
            .as_i64()
            .map_or_else(|| json!(at), |number| json!(number.wrapping_add(at.cast_signed() as i64))),
        Value::Object(members) => {
            let varied = members.iter().map(|(name, value)| {
                let value =
                    if value.is_string() || value.is_i64() { varied(value, at) } else { value.clone() };
                (name.clone(), value)
            });
            Value::Object(varied.collect())
        }
        other => other.clone(),
    }
}

fn objects(keyword: &str, limit: &Value, value: &Value) -> Vec<Value> {
    let Some(members) = value.as_object() else { return Vec::new() };
    let any = members.values().next().cloned().unwrap_or_else(|| json!("photon"));
    let more = |names: &mut dyn Iterator<Item = String>, with: &Value| {
        let mut more = members.clone();
        names.for_each(|name| _ = more.insert(name, with.clone()));
        Value::Object(more)
    };
    match (keyword, limit.as_u64()) {
        ("required", _) => limit
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .filter(|name| members.contains_key(*name))
            .map(|name| Value::Object(without(members, name)))
            .collect(),
        ("dependentRequired", _) => {
            let needed =
                limit.as_object().into_iter().flatten().filter(|(name, _)| members.contains_key(*name));
            let names = needed
                .flat_map(|(_, names)| names.as_array().into_iter().flatten().filter_map(Value::as_str));
            names.map(|name| Value::Object(without(members, name))).collect()
        }
        ("minProperties", Some(limit)) => {
            let count = usize::try_from(limit.saturating_sub(1)).unwrap_or(0);
            let first = members.iter().take(count).map(|(name, value)| (name.clone(), value.clone()));
            vec![Value::Object(first.collect()), json!({})]
        }
        ("maxProperties", Some(limit)) if limit < LENGTH_MAX => {
            let count = usize::try_from((limit + 1).saturating_sub(members.len() as u64)).unwrap_or(0);
            let names = || (0..count).map(|at| format!("photon{at}"));
            vec![
                more(&mut names(), &any),
                more(&mut names(), &json!("photon")),
                more(&mut names(), &json!(7)),
            ]
        }
        ("additionalProperties" | "unevaluatedProperties", _) => {
            let name = || std::iter::once("photonUndeclared".to_owned());
            vec![
                more(&mut name(), &json!("photon")),
                more(&mut name(), &Value::Null),
                more(&mut name(), &any),
            ]
        }
        ("propertyNames", _) => ["", "photon !", "é", "photonUndeclared", "0"]
            .into_iter()
            .map(|name| more(&mut std::iter::once(name.to_owned()), &any))
            .collect(),
        _ => Vec::new(),
    }
}

fn without(members: &Map<String, Value>, name: &str) -> Map<String, Value> {
    let mut fewer = members.clone();
    fewer.remove(name);
    fewer
}
