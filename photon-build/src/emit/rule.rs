//! Rules as `const` expressions of the runtime.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::tokens::{count, text};
use super::ty::Scope;
use crate::ir::{Format, Rule, RuleKind};

/// The rule as an expression, `photon::ANY` where there is nothing to keep.
pub(crate) fn rule(scope: Scope<'_>, rule: &Rule) -> TokenStream {
    let mut tokens = kind(scope, &rule.kind);
    if rule.nullable {
        tokens.extend(quote!(.nullable()));
    }
    if let Some(id) = rule.check {
        let check = scope.check(id);
        tokens.extend(quote!(.check(&#check)));
    }
    tokens
}

/// `.rule(..)`, or nothing where there is nothing to keep.
pub(crate) fn rule_call(scope: Scope<'_>, it: &Rule) -> TokenStream {
    if is_any(it) {
        return TokenStream::new();
    }
    let tokens = rule(scope, it);
    quote!(.rule(#tokens))
}

/// Whether every value of the type keeps the rule.
pub(crate) fn is_any(rule: &Rule) -> bool {
    !rule.nullable && rule.check.is_none() && kind_is_any(&rule.kind)
}

fn kind_is_any(kind: &RuleKind) -> bool {
    match kind {
        RuleKind::Any => true,
        RuleKind::Text { min, max, pattern, format } => {
            *min == 0 && *max == u32::MAX && pattern.is_none() && format.is_none()
        }
        RuleKind::Int { min, max, multiple_of } => {
            *min <= i128::from(i64::MIN) && *max >= i128::from(u64::MAX) && multiple_of.is_none()
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

fn kind(scope: Scope<'_>, it: &RuleKind) -> TokenStream {
    if kind_is_any(it) {
        return quote!(photon::ANY);
    }
    match it {
        RuleKind::Any => quote!(photon::ANY),
        RuleKind::Text { min, max, pattern, format } => {
            let (min, max) = (count(*min), count(*max));
            let pattern = pattern.map(|id| scope.pattern(id)).map(|pattern| quote!(.pattern(&#pattern)));
            let format = format.map(format_name).map(|format| quote!(.format(photon::Format::#format)));
            quote!(photon::text(#min, #max) #pattern #format)
        }
        RuleKind::Int { min, max, multiple_of } => int(*min, *max, multiple_of.as_deref()),
        RuleKind::Number { min, max, above, below, multiple_of } => {
            let min = decimal(&quote!(min), min.as_deref());
            let max = decimal(&quote!(max), max.as_deref());
            let above = decimal(&quote!(above), above.as_deref());
            let below = decimal(&quote!(below), below.as_deref());
            let multiple_of = decimal(&quote!(multiple_of), multiple_of.as_deref());
            quote!(photon::number() #min #max #above #below #multiple_of)
        }
        RuleKind::List { min, max, unique, item } => {
            let (min, max) = (count(*min), count(*max));
            let unique = unique.then(|| quote!(.unique()));
            let items = nested(scope, &quote!(items), Some(item));
            quote!(photon::list(#min, #max) #unique #items)
        }
        RuleKind::Map { min, max, key, value } => {
            let (min, max) = (count(*min), count(*max));
            let keys = nested(scope, &quote!(keys), key.as_deref());
            let values = nested(scope, &quote!(values), Some(value));
            quote!(photon::map(#min, #max) #keys #values)
        }
    }
}

fn nested(scope: Scope<'_>, method: &TokenStream, it: Option<&Rule>) -> Option<TokenStream> {
    let it = it.filter(|it| !is_any(it))?;
    let tokens = rule(scope, it);
    Some(quote!(.#method(&#tokens)))
}

fn decimal(method: &TokenStream, value: Option<&str>) -> Option<TokenStream> {
    value.map(|value| quote!(.#method(#value)))
}

/// `int` and `uint` where the bounds fit, else decimal texts.
fn int(min: i128, max: i128, multiple_of: Option<&str>) -> TokenStream {
    let multiple = decimal(&quote!(multiple_of), multiple_of);
    if let (Ok(min), Ok(max)) = (i64::try_from(min), i64::try_from(max)) {
        let (min, max) = (signed(min), signed(max));
        return quote!(photon::int(#min, #max) #multiple);
    }
    if let (Ok(min), Ok(max)) = (u64::try_from(min), u64::try_from(max)) {
        let min = Literal::u64_unsuffixed(min);
        let max = if max == u64::MAX {
            quote!(u64::MAX)
        } else {
            let max = Literal::u64_unsuffixed(max);
            quote!(#max)
        };
        return quote!(photon::uint(#min, #max) #multiple);
    }
    let lower = (min != i128::MIN).then(|| min.to_string());
    let upper = (max != i128::MAX).then(|| max.to_string());
    let lower = decimal(&quote!(min), lower.as_deref());
    let upper = decimal(&quote!(max), upper.as_deref());
    quote!(photon::number() #lower #upper #multiple)
}

fn signed(value: i64) -> TokenStream {
    match value {
        i64::MIN => quote!(i64::MIN),
        i64::MAX => quote!(i64::MAX),
        value => {
            let digits = Literal::u64_unsuffixed(value.unsigned_abs());
            if value < 0 { quote!(-#digits) } else { quote!(#digits) }
        }
    }
}

/// JSON text as the argument of `.default(..)`.
pub(crate) fn default_call(default: Option<&str>) -> Option<TokenStream> {
    let default = text(default?);
    Some(quote!(.default(#default)))
}

fn format_name(format: Format) -> TokenStream {
    match format {
        Format::Date => quote!(Date),
        Format::DateTime => quote!(DateTime),
        Format::Time => quote!(Time),
        Format::Duration => quote!(Duration),
        Format::Email => quote!(Email),
        Format::IdnEmail => quote!(IdnEmail),
        Format::Hostname => quote!(Hostname),
        Format::IdnHostname => quote!(IdnHostname),
        Format::Ipv4 => quote!(Ipv4),
        Format::Ipv6 => quote!(Ipv6),
        Format::Uri => quote!(Uri),
        Format::UriReference => quote!(UriReference),
        Format::Iri => quote!(Iri),
        Format::IriReference => quote!(IriReference),
        Format::UriTemplate => quote!(UriTemplate),
        Format::Uuid => quote!(Uuid),
        Format::JsonPointer => quote!(JsonPointer),
        Format::RelativeJsonPointer => quote!(RelativeJsonPointer),
        Format::Regex => quote!(Regex),
        Format::Byte => quote!(Byte),
    }
}
