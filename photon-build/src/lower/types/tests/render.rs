//! The IR in short writing.

use crate::ir::{Api, Extra, Int, Model, ModelKind, Rest, Rule, RuleKind, Type, Variant};

/// One line a model.
pub(super) fn models(api: &Api) -> String {
    api.models.iter().map(|found| model(api, found) + "\n").collect()
}

fn model(api: &Api, found: &Model) -> String {
    let name = &found.name.wire;
    let why = &found.checked_because;
    let body = match &found.kind {
        ModelKind::Record(record) => {
            let mut parts: Vec<String> = record
                .fields
                .iter()
                .map(|field| {
                    let mark = if field.required { "" } else { "?" };
                    let default = field.default.as_ref().map_or(String::new(), |text| format!(" = {text}"));
                    let way = match (field.read_only, field.write_only) {
                        (true, _) => " ro",
                        (_, true) => " wo",
                        _ => "",
                    };
                    let ruled = ruled(api, &field.ty, &field.rule);
                    format!("{}{mark}: {ruled}{default}{way}", field.name.wire)
                })
                .collect();
            match &record.extra {
                Extra::Ignore => {}
                Extra::Deny => parts.push("deny".to_owned()),
                Extra::Keep { ty, rule, keys, .. } => {
                    let keys =
                        keys.as_ref().map_or(String::new(), |keys| format!("{} ", self::rule(api, keys)));
                    parts.push(format!("..{keys}{}", ruled(api, ty, rule)));
                }
            }
            if (record.properties_min, record.properties_max) != (0, u32::MAX) {
                parts.push(format!("#{}..{}", record.properties_min, bound(record.properties_max)));
            }
            for (one, others) in &record.dependent_required {
                parts.push(format!("{one} needs {}", others.join(" ")));
            }
            format!("{{ {} }}", parts.join(", "))
        }
        ModelKind::Choice(choice) => {
            let values: Vec<&str> = choice.values.iter().map(|value| &*value.value).collect();
            let open = if choice.open { " | .." } else { "" };
            let kind = if choice.strings { "" } else { "literal " };
            format!("{kind}{}{open}", values.join(" | "))
        }
        ModelKind::Tagged(tagged) => {
            let values: Vec<String> =
                tagged.values.iter().map(|(value, at)| format!("{value}={at}")).collect();
            let fallback = tagged.fallback.map_or(String::new(), |at| format!(" else {at}"));
            let untagged = match &tagged.untagged[..] {
                [] => String::new(),
                indices => format!(" without {indices:?}"),
            };
            let empty = if tagged.empty == 0 { String::new() } else { format!(" empty {}", tagged.empty) };
            format!(
                "by {} [{}{fallback}{untagged}] {}{empty}",
                tagged.tag,
                values.join(" "),
                variants(api, &tagged.variants)
            )
        }
        ModelKind::OneOf(one_of) => {
            let word = if one_of.any { "any" } else { "one" };
            let empty = if one_of.empty == 0 { String::new() } else { format!(" empty {}", one_of.empty) };
            format!("{word} {}{empty}", variants(api, &one_of.variants))
        }
        ModelKind::Tuple(tuple) => {
            let mut parts: Vec<String> =
                tuple.items.iter().map(|item| ruled(api, &item.ty, &item.rule)).collect();
            match &tuple.rest {
                Rest::Ignore => {}
                Rest::Deny => parts.push("deny".to_owned()),
                Rest::Keep { ty, rule } => parts.push(format!("..{}", ruled(api, ty, rule))),
            }
            if (tuple.items_min, tuple.items_max) != (0, u32::MAX) {
                parts.push(format!("#{}..{}", tuple.items_min, bound(tuple.items_max)));
            }
            format!("({})", parts.join(", "))
        }
        ModelKind::Newtype { ty, rule } => format!("new {}", ruled(api, ty, rule)),
        ModelKind::Alias { ty, rule } => format!("type {}", ruled(api, ty, rule)),
    };
    let check = match &found.kind {
        ModelKind::Record(record) => record.check,
        ModelKind::Tagged(tagged) => tagged.check,
        ModelKind::OneOf(one_of) => one_of.check,
        ModelKind::Tuple(tuple) => tuple.check,
        _ => None,
    };
    let check = if check.is_some() { format!(" ! {why}") } else { String::new() };
    format!("{name} = {body}{check}")
}

fn variants(api: &Api, variants: &[Variant]) -> String {
    let one =
        |variant: &Variant| format!("{}({})", variant.name.wire, ruled(api, &variant.ty, &variant.rule));
    variants.iter().map(one).collect::<Vec<_>>().join(" | ")
}

pub(super) fn ruled(api: &Api, ty: &Type, rule: &Rule) -> String {
    let text = self::rule(api, rule);
    if text.is_empty() { self::ty(api, ty) } else { format!("{} {text}", self::ty(api, ty)) }
}

fn bound(max: u32) -> String {
    if max == u32::MAX { String::new() } else { max.to_string() }
}

fn rule(api: &Api, rule: &Rule) -> String {
    let mut parts = Vec::new();
    match &rule.kind {
        RuleKind::Any => {}
        RuleKind::Selected(id) => parts.push(format!("only /{}/", api.patterns[id.0 as usize].source)),
        RuleKind::Text { min, max, pattern, format } => {
            if (*min, *max) != (0, u32::MAX) {
                parts.push(format!("len {min}..{}", bound(*max)));
            }
            parts.extend(pattern.map(|id| format!("/{}/", api.patterns[id.0 as usize].source)));
            parts.extend(format.map(|format| format!("{format:?}")));
        }
        RuleKind::Int { min, max, multiple_of } => {
            parts.push(format!("{min}..{max}"));
            parts.extend(multiple_of.as_ref().map(|by| format!("% {by}")));
        }
        RuleKind::Number { min, max, above, below, multiple_of } => {
            for (sign, text) in [(">=", min), ("<=", max), (">", above), ("<", below), ("%", multiple_of)] {
                parts.extend(text.as_ref().map(|text| format!("{sign} {text}")));
            }
        }
        RuleKind::List { min, max, unique, item } => {
            let unique = if *unique { " unique" } else { "" };
            parts.push(format!("items {min}..{}{unique} [{}]", bound(*max), self::rule(api, item)));
        }
        RuleKind::Map { min, max, key, value } => {
            let key = key.as_ref().map_or(String::new(), |key| self::rule(api, key));
            parts.push(format!("entries {min}..{} {{{key}: {}}}", bound(*max), self::rule(api, value)));
        }
    }
    if rule.nullable {
        parts.push("null".to_owned());
    }
    if rule.check.is_some() {
        parts.push("!".to_owned());
    }
    parts.join(" ")
}

fn ty(api: &Api, found: &Type) -> String {
    match found {
        Type::Int(int) => match int {
            Int::I64 => "i64".to_owned(),
            Int::I32 => "i32".to_owned(),
            other => format!("{other:?}").to_lowercase(),
        },
        Type::F64 => "f64".to_owned(),
        Type::Option(inner) => format!("Option<{}>", ty(api, inner)),
        Type::Patch(inner) => format!("Patch<{}>", ty(api, inner)),
        Type::List(inner) => format!("[{}]", ty(api, inner)),
        Type::Map(inner) => format!("{{{}}}", ty(api, inner)),
        Type::Box(inner) => format!("Box<{}>", ty(api, inner)),
        Type::Model(id) => format!("'{}'", api.models[id.0 as usize].name.wire),
        Type::External(path) => path.clone(),
        other => format!("{other:?}"),
    }
}
