//! What holds a type: the column's type, whether it may be `NULL`, and the values there are.
//!
//! Knows types of the IR. Must not know the extension.

use crate::ir::{Api, Choice, ColumnType, Int, Literal, ModelKind, Rule, Type};

/// Aliases of aliases that are followed; lowering makes no longer chains.
const ALIASES_MAX: usize = 96;

/// What holds values of a type.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Kind {
    /// The column's type; none where no column can hold it.
    pub ty: Option<ColumnType>,
    /// The type without `Option` and aliases.
    pub value: Option<Type>,
    /// Absent or `null`.
    pub nullable: bool,
    /// The only values there may be; empty: all.
    pub values: Vec<Literal>,
}

/// What holds values of `ty` that keep `rule`.
pub(super) fn of(api: &Api, ty: &Type, rule: &Rule) -> Kind {
    let mut kind = Kind { nullable: rule.nullable, ..Kind::default() };
    let mut ty = ty;
    for _ in 0..ALIASES_MAX {
        ty = match ty {
            Type::Option(inner) | Type::Patch(inner) => {
                kind.nullable = true;
                inner.as_ref()
            }
            Type::Box(inner) => inner.as_ref(),
            Type::Model(id) => match api.models.get(id.0 as usize).map(|model| &model.kind) {
                Some(ModelKind::Alias { ty, rule }) => {
                    kind.nullable |= rule.nullable;
                    ty
                }
                Some(ModelKind::Choice(choice)) => {
                    kind.values = values(choice);
                    kind.ty = Some(of_choice(choice));
                    break;
                }
                Some(_) => {
                    kind.ty = Some(ColumnType::Json);
                    break;
                }
                None => break,
            },
            plain => {
                kind.ty = of_plain(plain);
                break;
            }
        };
    }
    kind.value = Some(ty.clone());
    kind
}

fn of_plain(ty: &Type) -> Option<ColumnType> {
    Some(match ty {
        Type::Bool => ColumnType::Boolean,
        Type::Int(Int::I8 | Int::U8 | Int::I16) => ColumnType::SmallInteger,
        Type::Int(Int::U16 | Int::I32) => ColumnType::Integer,
        Type::Int(Int::U32 | Int::I64) => ColumnType::BigInteger,
        Type::F64 => ColumnType::Double,
        Type::Decimal => ColumnType::Decimal,
        // A time of RFC 3339 has an offset, which no `TIME` keeps.
        Type::String | Type::Time => ColumnType::Text,
        Type::DateTime => ColumnType::TimestampWithTimeZone,
        Type::Date => ColumnType::Date,
        Type::Uuid => ColumnType::Uuid,
        Type::Base64 | Type::Bytes => ColumnType::Blob,
        Type::Json | Type::List(_) | Type::Map(_) | Type::Problem => ColumnType::Json,
        // Numbers beyond what columns hold, what is no value, and types that only their author knows.
        Type::Int(Int::U64)
        | Type::Integer
        | Type::Number
        | Type::File
        | Type::Null
        | Type::Never
        | Type::External(_)
        // Followed before.
        | Type::Option(_)
        | Type::Patch(_)
        | Type::Box(_)
        | Type::Model(_) => return None,
    })
}

/// Texts, whole numbers as short as can be, or whatever else as JSON.
fn of_choice(choice: &Choice) -> ColumnType {
    if choice.strings {
        return ColumnType::Text;
    }
    let numbers: Option<Vec<i64>> = choice.values.iter().map(|value| value.value.parse().ok()).collect();
    let Some(numbers) = numbers else { return ColumnType::Json };
    let all_fit = |bound: i64| numbers.iter().all(|number| (-bound - 1..=bound).contains(number));
    if all_fit(i64::from(i16::MAX)) {
        ColumnType::SmallInteger
    } else if all_fit(i64::from(i32::MAX)) {
        ColumnType::Integer
    } else {
        ColumnType::BigInteger
    }
}

/// The values of a closed choice that is no JSON.
fn values(choice: &Choice) -> Vec<Literal> {
    if choice.open || of_choice(choice) == ColumnType::Json {
        return Vec::new();
    }
    let literal = |text: &String| {
        if choice.strings { Literal::Text(text.clone()) } else { Literal::Number(text.clone()) }
    };
    choice.values.iter().map(|value| literal(&value.value)).collect()
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::ir::{ChoiceValue, Name};

    fn choice(values: &[&str], strings: bool, open: bool) -> Choice {
        let value = |text: &&str| ChoiceValue {
            name: Name::new(*text),
            doc: String::new(),
            value: (*text).to_owned(),
        };
        Choice { values: values.iter().map(value).collect(), strings, open }
    }

    #[test]
    fn types_have_columns_or_none() {
        let check = |ty: Type, expected: Option<ColumnType>, nullable: bool| {
            let kind = of(&Api::default(), &ty, &Rule::default());
            assert_eq!((kind.ty, kind.nullable), (expected, nullable), "{ty:?}");
        };
        check(Type::Bool, Some(ColumnType::Boolean), false);
        check(Type::Int(Int::I8), Some(ColumnType::SmallInteger), false);
        check(Type::Int(Int::U16), Some(ColumnType::Integer), false);
        check(Type::Int(Int::U32), Some(ColumnType::BigInteger), false);
        check(Type::Int(Int::U64), None, false);
        check(Type::Integer, None, false);
        check(Type::File, None, false);
        check(Type::List(Rc::new(Type::String)), Some(ColumnType::Json), false);
        check(Type::Option(Rc::new(Type::Uuid)), Some(ColumnType::Uuid), true);
        check(Type::Patch(Rc::new(Type::Box(Rc::new(Type::Date)))), Some(ColumnType::Date), true);
        check(Type::Option(Rc::new(Type::Null)), None, true);
    }

    #[test]
    fn choices_are_texts_or_the_shortest_numbers() {
        let check = |choice: &Choice, expected| assert_eq!(of_choice(choice), expected, "{choice:?}");
        check(&choice(&["todo", "1"], true, false), ColumnType::Text);
        check(&choice(&["1", "-32768"], false, false), ColumnType::SmallInteger);
        check(&choice(&["1", "-32769"], false, false), ColumnType::Integer);
        check(&choice(&["1", "9000000000"], false, false), ColumnType::BigInteger);
        check(&choice(&["1", "\"a\""], false, false), ColumnType::Json);
        check(&choice(&["1", "1.5"], false, false), ColumnType::Json);
    }

    #[test]
    fn only_closed_choices_are_checked() {
        assert_eq!(values(&choice(&["a"], true, false)), [Literal::Text("a".to_owned())]);
        assert_eq!(values(&choice(&["7"], false, false)), [Literal::Number("7".to_owned())]);
        assert!(values(&choice(&["a"], true, true)).is_empty());
        assert!(values(&choice(&["true"], false, false)).is_empty());
    }
}
