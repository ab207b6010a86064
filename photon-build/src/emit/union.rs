//! Unions: an enum whose variant a property names, or the value itself tells.

use proc_macro2::TokenStream;
use quote::quote;

use super::doc::Doc;
use super::model::{Emitter, check_call};
use super::rule::rule_call;
use super::tokens::{ident, ident_text, number, text};
use crate::ir::{Hint, JsonType, OneOf, Tagged, Variant};
use crate::item::Item;

/// A union with a discriminator.
pub(crate) fn tagged(model: &Emitter<'_>, tagged: &Tagged, push: &mut dyn FnMut(Item)) {
    push(enumeration(model, &tagged.variants));
    let (table, wire) = (&model.table, model.name.to_string());
    let tag = text(&tagged.tag);
    let values = tagged.values.iter().map(|(value, index)| {
        let (value, index) = (text(value), number(*index as u64));
        quote!((#value, #index))
    });
    let fallback = tagged.fallback.map(|index| number(index as u64)).map(|index| quote!(.fallback(#index)));
    let check = check_call(model.scope, tagged.check);
    push(Item::Code(quote! {
        static #table: photon::Union = photon::union(#wire, #tag, &[#(#values),*]) #fallback #check;
    }));
    push(model.call("photon::tagged", listing(&tagged.variants, tagged.empty)));
}

/// A union without one.
pub(crate) fn one_of(model: &Emitter<'_>, one_of: &OneOf, push: &mut dyn FnMut(Item)) {
    push(enumeration(model, &one_of.variants));
    let (table, wire) = (&model.table, model.name.to_string());
    let constructor = if one_of.any { quote!(any_of) } else { quote!(one_of) };
    let branches = one_of.variants.iter().map(|variant| {
        let types = types(&variant.hint);
        let rule = rule_call(model.scope, &variant.rule);
        let hints = hints(&variant.hint);
        quote!(photon::branch(#types) #rule #hints)
    });
    let check = check_call(model.scope, one_of.check);
    push(Item::Code(quote! {
        static #table: photon::OneOf = photon::#constructor(#wire, &[#(#branches),*]) #check;
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

fn types(hint: &Hint) -> TokenStream {
    let mut names = hint.types.iter().map(|ty| match ty {
        JsonType::Null => quote!(photon::NULL),
        JsonType::Boolean => quote!(photon::BOOLEAN),
        JsonType::Integer => quote!(photon::INTEGER),
        JsonType::Number => quote!(photon::NUMBER),
        JsonType::String => quote!(photon::STRING),
        JsonType::Array => quote!(photon::ARRAY),
        JsonType::Object => quote!(photon::OBJECT),
    });
    match names.next() {
        None => quote!(photon::ANYTHING),
        Some(first) => quote!(#first #(.or(#names))*),
    }
}

fn hints(hint: &Hint) -> TokenStream {
    let required = &hint.required;
    let required = (!required.is_empty()).then(|| quote!(.required(&[#(#required),*])));
    let constants = hint.constants.iter().map(|(property, values)| {
        let property = text(property);
        let values = values.iter().map(|value| text(value));
        quote!(.constant(#property, &[#(#values),*]))
    });
    quote!(#required #(#constants)*)
}
