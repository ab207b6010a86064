//! Rules as `const` expressions of the runtime, in text: tables hold them by the thousand.

use super::tokens::{bound, text};
use super::ty::Scope;
use crate::ir::{Format, Rule, RuleKind};

/// The rule as an expression, `photon::ANY` where there is nothing to keep.
pub(crate) fn rule(scope: Scope<'_>, rule: &Rule) -> String {
    let mut expression = kind(scope, &rule.kind);
    if rule.nullable {
        expression.push_str(".nullable()");
    }
    if let Some(id) = rule.check {
        expression = format!("{expression}.check(&{})", scope.check(id));
    }
    expression
}

/// `.rule(..)`, or nothing where there is nothing to keep.
pub(crate) fn rule_call(scope: Scope<'_>, it: &Rule) -> Option<String> {
    (!is_any(it)).then(|| format!(".rule({})", rule(scope, it)))
}

/// Whether every value of the type keeps the rule.
pub(crate) fn is_any(rule: &Rule) -> bool {
    !rule.nullable && rule.check.is_none() && kind_is_any(&rule.kind)
}

fn kind_is_any(kind: &RuleKind) -> bool {
    match kind {
        RuleKind::Any => true,
        RuleKind::Selected(_) => false,
        RuleKind::Text { min, max, pattern, format } => {
            *min == 0 && *max == u32::MAX && pattern.is_none() && format.is_none()
        }
        RuleKind::Int { min, max, multiple_of } => {
            *min <= i128::from(i64::MIN) && *max >= i128::from(i64::MAX) && multiple_of.is_none()
        }
        RuleKind::Number { min, max, above, below, multiple_of } => {
            [min, max, above, below, multiple_of].into_iter().all(Option::is_none)
        }
        RuleKind::List { min, max, unique, item } => *min == 0 && *max == u32::MAX && !unique && is_any(item),
        RuleKind::Map { min, max, key, value } => {
            *min == 0 && *max == u32::MAX && key.as_deref().is_none_or(is_any) && is_any(value)
        }
    }
}

fn kind(scope: Scope<'_>, it: &RuleKind) -> String {
    if kind_is_any(it) {
        return "photon::ANY".to_owned();
    }
    match it {
        RuleKind::Any => "photon::ANY".to_owned(),
        RuleKind::Selected(pattern) => format!("photon::selected(&{})", scope.pattern(*pattern)),
        RuleKind::Text { min, max, pattern, format } => {
            let pattern = pattern.map(|id| format!(".pattern(&{})", scope.pattern(id))).unwrap_or_default();
            let format =
                format.map(|it| format!(".format(photon::Format::{})", format_name(it))).unwrap_or_default();
            format!("photon::text({min}, {}){pattern}{format}", bound(*max))
        }
        RuleKind::Int { min, max, multiple_of } => int(*min, *max, multiple_of.as_deref()),
        RuleKind::Number { min, max, above, below, multiple_of } => {
            let bounds = [
                ("min", min),
                ("max", max),
                ("above", above),
                ("below", below),
                ("multiple_of", multiple_of),
            ];
            let bounds = bounds.into_iter().map(|(method, value)| decimal(method, value.as_deref()));
            format!("photon::number(){}", bounds.collect::<String>())
        }
        RuleKind::List { min, max, unique, item } => {
            let unique = if *unique { ".unique()" } else { "" };
            let items = nested(scope, "items", Some(item));
            format!("photon::list({min}, {}){unique}{items}", bound(*max))
        }
        RuleKind::Map { min, max, key, value } => {
            let keys = nested(scope, "keys", key.as_deref());
            let values = nested(scope, "values", Some(value));
            format!("photon::map({min}, {}){keys}{values}", bound(*max))
        }
    }
}

fn nested(scope: Scope<'_>, method: &str, it: Option<&Rule>) -> String {
    match it {
        Some(it) if !is_any(it) => format!(".{method}(&{})", rule(scope, it)),
        _ => String::new(),
    }
}

fn decimal(method: &str, value: Option<&str>) -> String {
    value.map(|value| format!(".{method}({})", text(value))).unwrap_or_default()
}

/// `int` and `uint` where the bounds fit, else decimal texts.
fn int(min: i128, max: i128, multiple_of: Option<&str>) -> String {
    let multiple = decimal("multiple_of", multiple_of);
    if let (Ok(min), Ok(max)) = (i64::try_from(min), i64::try_from(max)) {
        return format!("photon::int({}, {}){multiple}", signed(min), signed(max));
    }
    if let (Ok(min), Ok(max)) = (u64::try_from(min), u64::try_from(max)) {
        let max = if max == u64::MAX { "u64::MAX".to_owned() } else { max.to_string() };
        return format!("photon::uint({min}, {max}){multiple}");
    }
    let lower = (min != i128::MIN).then(|| min.to_string());
    let upper = (max != i128::MAX).then(|| max.to_string());
    format!(
        "photon::number(){}{}{multiple}",
        decimal("min", lower.as_deref()),
        decimal("max", upper.as_deref())
    )
}

fn signed(value: i64) -> String {
    match value {
        i64::MIN => "i64::MIN".to_owned(),
        i64::MAX => "i64::MAX".to_owned(),
        value => value.to_string(),
    }
}

/// `.default(..)` with JSON text.
pub(crate) fn default_call(default: Option<&str>) -> Option<String> {
    Some(format!(".default({})", text(default?)))
}

fn format_name(format: Format) -> &'static str {
    match format {
        Format::Date => "Date",
        Format::DateTime => "DateTime",
        Format::Time => "Time",
        Format::Duration => "Duration",
        Format::Email => "Email",
        Format::IdnEmail => "IdnEmail",
        Format::Hostname => "Hostname",
        Format::IdnHostname => "IdnHostname",
        Format::Ipv4 => "Ipv4",
        Format::Ipv6 => "Ipv6",
        Format::Uri => "Uri",
        Format::UriReference => "UriReference",
        Format::Iri => "Iri",
        Format::IriReference => "IriReference",
        Format::UriTemplate => "UriTemplate",
        Format::Uuid => "Uuid",
        Format::JsonPointer => "JsonPointer",
        Format::RelativeJsonPointer => "RelativeJsonPointer",
        Format::Regex => "Regex",
        Format::Byte => "Byte",
        Format::Decimal => "Decimal",
    }
}
