//! The schemas: a plain type, a table and a macro line each.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::call::{call, call_list};
use super::doc::Doc;
use super::rule::{default_call, is_any, rule, rule_call};
use super::tokens::{count, ident, ident_text, text, user_path};
use super::ty::Scope;
use super::{prose, union};
use crate::ir::{Api, CheckId, Choice, Extra, Field, Model, ModelKind, Record, Rest, Tuple};
use crate::item::Item;

/// Everything in `models`.
pub(crate) fn emit(api: &Api, push: &mut dyn FnMut(Item)) {
    push(Item::Code(quote!(
        use ::photon_runtime as photon;
    )));
    patterns(api, push);
    checks(api, push);
    for (model, table) in api.models.iter().zip(&api.tables) {
        Emitter { scope: Scope::models(api), model, name: ident(&model.name.rust), table: ident(table) }
            .emit(push);
    }
}

fn patterns(api: &Api, push: &mut dyn FnMut(Item)) {
    if api.patterns.is_empty() {
        return;
    }
    let names = api.patterns.iter().map(|pattern| ident(&pattern.name.rust));
    push(Item::Code(quote!(pub(super) static PATTERNS: &[&photon::Pattern] = &[#(&#names),*];)));
    for pattern in &api.patterns {
        let (name, source) = (ident(&pattern.name.rust), text(&pattern.source));
        push(Item::Code(quote!(pub(super) static #name: photon::Pattern = photon::Pattern::new(#source);)));
    }
}

fn checks(api: &Api, push: &mut dyn FnMut(Item)) {
    if api.checks.is_empty() {
        return;
    }
    let schemas = text(&api.check_defs);
    let names = api.checks.iter().map(|check| ident(&check.name.rust));
    push(Item::Code(quote!(pub(super) static CHECKED: &[&photon::Check] = &[#(&#names),*];)));
    push(Item::Code(quote!(static CHECKS: photon::Checks = photon::Checks::new(#schemas);)));
    for check in &api.checks {
        let (name, key) = (ident(&check.name.rust), text(&check.key));
        push(Item::Code(quote!(pub(super) static #name: photon::Check = photon::Check::new(&CHECKS, #key);)));
    }
}

/// `.check(&PET_CHECK)` of a table.
pub(crate) fn check_call(scope: Scope<'_>, check: Option<CheckId>) -> Option<TokenStream> {
    let check = scope.check(check?);
    Some(quote!(.check(&#check)))
}

/// One model with its names at hand.
pub(crate) struct Emitter<'a> {
    pub(crate) scope: Scope<'a>,
    pub(crate) model: &'a Model,
    pub(crate) name: Ident,
    pub(crate) table: Ident,
}

impl Emitter<'_> {
    fn emit(&self, push: &mut dyn FnMut(Item)) {
        match &self.model.kind {
            ModelKind::Record(record) => self.record(record, push),
            ModelKind::Choice(choice) => self.choice(choice, push),
            ModelKind::Tagged(tagged) => union::tagged(self, tagged, push),
            ModelKind::OneOf(one_of) => union::one_of(self, one_of, push),
            ModelKind::Tuple(tuple) => self.tuple(tuple, push),
            ModelKind::Newtype { ty, rule: it } => {
                let (head, name, ty) = (self.head(), &self.name, self.scope.ty(ty));
                push(Item::Code(quote!(#head pub struct #name(pub #ty);)));
                let rule = super::operation::compact(&rule(self.scope, it));
                push(call("photon::newtype", format!("{name},"), vec![rule]));
            }
            ModelKind::Alias { ty, .. } => {
                let (doc, name, ty) = (self.doc(), &self.name, self.scope.ty(ty));
                push(Item::Code(quote!(#doc pub type #name = #ty;)));
            }
        }
        if self.model.default && !matches!(self.model.kind, ModelKind::Alias { .. }) {
            push(call("photon::defaults", self.name.to_string(), Vec::new()));
        }
    }

    fn doc(&self) -> TokenStream {
        let model = self.model;
        let reason = match model.checked_because.as_str() {
            "" => String::new(),
            reason => format!("Checked by the schema itself: {}", prose::sentence(reason)),
        };
        Doc::new()
            .markdown(&prose::sentence(&model.doc))
            .paragraph(&super::markdown::escape(&reason))
            .deprecated(model.deprecated)
            .paragraph(&prose::code(&model.pointer))
            .tokens()
    }

    /// The doc comment and the derives.
    pub(crate) fn head(&self) -> TokenStream {
        let doc = self.doc();
        let derives = self.model.derives;
        let known = [
            (true, "Clone"),
            (derives.copy, "Copy"),
            (true, "Debug"),
            (derives.eq, "Eq"),
            (derives.hash, "Hash"),
            (derives.ord, "Ord"),
            (true, "PartialEq"),
            (derives.ord, "PartialOrd"),
        ];
        let known = known.iter().filter(|(holds, _)| *holds).map(|(_, name)| ident(name));
        let extra = self.model.extra_derives.iter().map(|path| user_path(path));
        quote!(#doc #[derive(#(#known,)* #(#extra),*)])
    }

    fn record(&self, record: &Record, push: &mut dyn FnMut(Item)) {
        let (head, name) = (self.head(), &self.name);
        let fields = record.fields.iter().map(|field| self.field(field));
        let extra = match &record.extra {
            Extra::Keep { name, ty, .. } => {
                let (name, ty) = (ident(&name.rust), self.scope.ty(ty));
                Some(quote! {
                    /// Properties that have no field of their own.
                    pub #name: photon::Map<#ty>,
                })
            }
            Extra::Ignore | Extra::Deny => None,
        };
        push(Item::Code(quote! {
            #head
            pub struct #name {
                #(#fields)*
                #extra
            }
        }));
        push(Item::Code(self.record_table(record)));
        let mut parts: Vec<String> = record.fields.iter().map(|field| ident_text(&field.name.rust)).collect();
        if let Extra::Keep { name, .. } = &record.extra {
            match parts.last_mut() {
                Some(last) => last.push(';'),
                None => parts.push(";".to_owned()),
            }
            parts.push(ident_text(&name.rust));
        }
        push(self.call("photon::model", parts));
    }

    /// `photon::name! { Pet, PET, part part }`.
    pub(crate) fn call(&self, name: &'static str, parts: Vec<String>) -> Item {
        call(name, format!("{}, {},", self.name, self.table), parts)
    }

    fn field(&self, field: &Field) -> TokenStream {
        let (name, ty) = (ident(&field.name.rust), self.scope.ty(&field.ty));
        let doc = Doc::new()
            .markdown(&prose::sentence(&field.doc))
            .default_value(field.default.as_deref())
            .deprecated(field.deprecated)
            .tokens();
        quote!(#doc pub #name: #ty,)
    }

    fn record_table(&self, record: &Record) -> TokenStream {
        let (table, wire) = (&self.table, self.name.to_string());
        let rows = record.fields.iter().map(|field| self.row(field));
        let extra = match &record.extra {
            Extra::Ignore => TokenStream::new(),
            Extra::Deny => quote!(.deny_extra()),
            Extra::Keep { rule: it, keys, .. } => {
                let value = rule(self.scope, it);
                let keys = keys.as_ref().filter(|keys| !is_any(keys)).map(|keys| {
                    let keys = rule(self.scope, keys);
                    quote!(.extra_keys(#keys))
                });
                quote!(.keep_extra(#value) #keys)
            }
        };
        let (min, max) = (record.properties_min, record.properties_max);
        let properties = (min != 0 || max != u32::MAX).then(|| {
            let (min, max) = (count(min), count(max));
            quote!(.properties(#min, #max))
        });
        let dependent = record.dependent_required.iter().map(|(name, needs)| quote!((#name, &[#(#needs),*])));
        let dependent =
            (!record.dependent_required.is_empty()).then(|| quote!(.dependent(&[#(#dependent),*])));
        let check = check_call(self.scope, record.check);
        quote! {
            static #table: photon::Record =
                photon::record(#wire, &[#(#rows),*]) #extra #properties #dependent #check;
        }
    }

    fn row(&self, field: &Field) -> TokenStream {
        let wire = text(&field.name.wire);
        let constructor = if field.required { quote!(required) } else { quote!(optional) };
        let rule = rule_call(self.scope, &field.rule);
        let default = default_call(field.default.as_deref());
        let read_only = field.read_only.then(|| quote!(.read_only()));
        let write_only = field.write_only.then(|| quote!(.write_only()));
        quote!(photon::#constructor(#wire) #rule #default #read_only #write_only)
    }

    fn choice(&self, choice: &Choice, push: &mut dyn FnMut(Item)) {
        let (head, name) = (self.head(), &self.name);
        let variants = choice.values.iter().map(|value| {
            let (doc, name) = (Doc::new().markdown(&value.doc).tokens(), ident(&value.name.rust));
            quote!(#doc #name,)
        });
        let other = choice.open.then(|| {
            quote! {
                /// A value that the document does not name.
                Other(String),
            }
        });
        push(Item::Code(quote! {
            #head
            pub enum #name {
                #(#variants)*
                #other
            }
        }));
        let parts = choice
            .values
            .iter()
            .map(|value| format!("{} = {}", ident_text(&value.name.rust), text(&value.value)));
        let open = if choice.open { "open " } else { "" };
        let macro_name = if choice.strings { "photon::choice" } else { "photon::literals" };
        push(call_list(macro_name, format!("{open}{name},"), parts.collect()));
    }

    fn tuple(&self, tuple: &Tuple, push: &mut dyn FnMut(Item)) {
        let (head, name, table, wire) = (self.head(), &self.name, &self.table, self.name.to_string());
        let types = tuple.items.iter().map(|item| self.scope.ty(&item.ty));
        let rest_type = match &tuple.rest {
            Rest::Keep { ty, .. } => {
                let ty = self.scope.ty(ty);
                Some(quote!(pub Vec<#ty>,))
            }
            Rest::Ignore | Rest::Deny => None,
        };
        push(Item::Code(quote!(#head pub struct #name(#(pub #types,)* #rest_type);)));

        let rules = tuple.items.iter().map(|item| rule(self.scope, &item.rule));
        let (min, max) = (tuple.items_min, tuple.items_max);
        let items = (min != 0 || max != u32::MAX).then(|| {
            let (min, max) = (count(min), count(max));
            quote!(.items(#min, #max))
        });
        let rest = match &tuple.rest {
            Rest::Ignore => TokenStream::new(),
            Rest::Deny => quote!(.deny_rest()),
            Rest::Keep { rule: it, .. } => {
                let it = rule(self.scope, it);
                quote!(.keep_rest(#it))
            }
        };
        let unique = tuple.unique.then(|| quote!(.unique()));
        let check = check_call(self.scope, tuple.check);
        push(Item::Code(quote! {
            static #table: photon::Tuple = photon::tuple(#wire, &[#(#rules),*]) #items #rest #unique #check;
        }));

        let mut parts: Vec<String> = (0..tuple.items.len()).map(|index| index.to_string()).collect();
        if let Rest::Keep { .. } = tuple.rest {
            match parts.last_mut() {
                Some(last) => last.push(';'),
                None => parts.push(";".to_owned()),
            }
            parts.push(tuple.items.len().to_string());
        }
        push(self.call("photon::tuple", parts));
    }
}
