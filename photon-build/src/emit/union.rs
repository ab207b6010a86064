//! Unions: an enum whose variant a property names, or the value itself tells.

use quote::quote;

use super::doc::Doc;
use super::model::{Emitter, check_call};
use super::rule::rule_call;
use super::tokens::{ident, ident_text, text, texts};
use crate::ir::{Hint, JsonType, OneOf, Tagged, Variant};
use crate::item::{Item, Table};

/// A union with a discriminator.
pub(crate) fn tagged(model: &Emitter<'_>, tagged: &Tagged, push: &mut dyn FnMut(Item)) {
    push(enumeration(model, &tagged.variants));
    let values = tagged.values.iter().map(|(value, index)| vec![format!("({}, {index})", text(value))]);
    let fallback = tagged.fallback.map(|index| format!(".fallback({index})"));
    let untagged = (!tagged.untagged.is_empty()).then(|| format!(".untagged(&{:?})", tagged.untagged));
    push(Item::Table(Table {
        head: format!(
            "{}photon::union(\"{}\", {}, &[",
            model.declared("Union"),
            model.name,
            text(&tagged.tag)
        ),
        rows: values.collect(),
        calls: fallback.into_iter().chain(untagged).chain(check_call(model.scope, tagged.check)).collect(),
    }));
    push(model.call("photon::tagged", listing(&tagged.variants, tagged.empty)));
}

/// A union without one.
pub(crate) fn one_of(model: &Emitter<'_>, one_of: &OneOf, push: &mut dyn FnMut(Item)) {
    push(enumeration(model, &one_of.variants));
    let constructor = if one_of.any { "any_of" } else { "one_of" };
    let branches = one_of.variants.iter().map(|variant| {
        let mut chain = vec![format!("photon::branch({})", types(&variant.hint))];
        chain.extend(rule_call(model.scope, &variant.rule));
        chain.extend(hints(&variant.hint));
        chain
    });
    push(Item::Table(Table {
        head: format!("{}photon::{constructor}(\"{}\", &[", model.declared("OneOf"), model.name),
        rows: branches.collect(),
        calls: check_call(model.scope, one_of.check).into_iter().collect(),
    }));
    push(model.call("photon::one_of", listing(&one_of.variants, one_of.empty)));
}

fn enumeration(model: &Emitter<'_>, variants: &[Variant]) -> Item {
    let (head, name) = (model.head(), &model.name);
    let variants = variants.iter().map(|variant| {
        let doc = Doc::new().markdown(&variant.doc).tokens();
        let (name, ty) = (ident(&variant.name.rust), model.scope.ty(&variant.ty));
        quote!(#doc #name(#ty),)
    });
    Item::Code(quote! {
        #head
        pub enum #name {
            #(#variants)*
        }
    })
}

/// The variants with their indices, the one that an empty value has in front.
fn listing(variants: &[Variant], empty: usize) -> Vec<String> {
    let mut order: Vec<usize> = (0..variants.len()).collect();
    order.sort_by_key(|index| *index != empty);
    order
        .into_iter()
        .filter_map(|index| Some(format!("{index} = {}", ident_text(&variants.get(index)?.name.rust))))
        .collect()
}

fn types(hint: &Hint) -> String {
    let names = hint.types.iter().map(|ty| match ty {
        JsonType::Null => "photon::NULL",
        JsonType::Boolean => "photon::BOOLEAN",
        JsonType::Integer => "photon::INTEGER",
        JsonType::Number => "photon::NUMBER",
        JsonType::String => "photon::STRING",
        JsonType::Array => "photon::ARRAY",
        JsonType::Object => "photon::OBJECT",
    });
    let mut types = String::new();
    for name in names {
        if types.is_empty() {
            types.push_str(name);
        } else {
            types = format!("{types}.or({name})");
        }
    }
    if types.is_empty() { "photon::ANYTHING".to_owned() } else { types }
}

fn hints(hint: &Hint) -> Vec<String> {
    let required = (!hint.required.is_empty()).then(|| format!(".required(&[{}])", texts(&hint.required)));
    let constants = hint
        .constants
        .iter()
        .map(|(property, values)| format!(".constant({}, &[{}])", text(property), texts(values)));
    required.into_iter().chain(constants).collect()
}
