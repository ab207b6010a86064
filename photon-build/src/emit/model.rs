//! The schemas: a plain type, a table and a macro line each.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::call::{call, call_list};
use super::doc::Doc;
use super::rule::{is_any, rule};
use super::tokens::{bound, ident, ident_text, is_path, list_call, text, texts, user_path};
use super::ty::Scope;
use super::{prose, union};
use crate::ir::{Api, CheckId, Choice, Extra, Field, Model, ModelKind, Record, Rest, Tuple};
use crate::item::{Item, Table};

/// Everything in `models`.
pub(crate) fn emit(api: &Api, push: &mut dyn FnMut(Item)) {
    if names_photon(api) {
        push(Item::Code(quote!(
            use ::photon_runtime as photon;
        )));
    }
    patterns(api, push);
    checks(api, push);
    for (model, table) in api.models.iter().zip(&api.tables) {
        Emitter { scope: Scope::models(api), model, name: ident(&model.name.rust), table: ident(table) }
            .emit(push);
    }
}

/// Whether anything here names the runtime: all but aliases of plain types do.
fn names_photon(api: &Api) -> bool {
    let plain = |model: &Model| match &model.kind {
        ModelKind::Alias { ty, .. } => !Scope::models(api).ty(ty).to_string().contains("photon"),
        _ => false,
    };
    !api.patterns.is_empty() || !api.checks.is_empty() || !api.models.iter().all(plain)
}

fn patterns(api: &Api, push: &mut dyn FnMut(Item)) {
    if api.patterns.is_empty() {
        return;
    }
    let names = api.patterns.iter().map(|pattern| ident(&pattern.name.rust));
    push(Item::Code(quote!(pub(super) static PATTERNS: &[&photon::Pattern] = &[#(&#names),*];)));
    for pattern in &api.patterns {
        let (name, source) = (&pattern.name.rust, text(&pattern.source));
        push(Item::Line(format!(
            "pub(super) static {name}: photon::Pattern = photon::Pattern::new({source});"
        )));
    }
}

fn checks(api: &Api, push: &mut dyn FnMut(Item)) {
    if api.checks.is_empty() {
        return;
    }
    let schemas = text(&api.check_defs);
    let names = api.checks.iter().map(|check| ident(&check.name.rust));
    push(Item::Code(quote!(pub(super) static CHECKED: &[&photon::Check] = &[#(&#names),*];)));
    push(Item::Line(format!("static CHECKS: photon::Checks = photon::Checks::new({schemas});")));
    for check in &api.checks {
        let (name, key) = (&check.name.rust, text(&check.key));
        push(Item::Line(format!(
            "pub(super) static {name}: photon::Check = photon::Check::new(&CHECKS, {key});"
        )));
    }
}

/// `.check(&PET_CHECK)` of a table.
pub(crate) fn check_call(scope: Scope<'_>, check: Option<CheckId>) -> Option<String> {
    Some(format!(".check(&{})", scope.check(check?)))
}

/// The property's name, as a Rust text.
fn wire(field: &Field) -> String {
    text(&field.name.wire).to_string()
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
        if let Some(path) = self.model.validate.as_deref().filter(|path| !is_path(path)) {
            let message = format!("`{path}` is no path of a function");
            push(Item::Code(quote!(compile_error!(#message);)));
        }
        match &self.model.kind {
            ModelKind::Record(record) => self.record(record, push),
            ModelKind::Choice(choice) => self.choice(choice, push),
            ModelKind::Tagged(tagged) => union::tagged(self, tagged, push),
            ModelKind::OneOf(one_of) => union::one_of(self, one_of, push),
            ModelKind::Tuple(tuple) => self.tuple(tuple, push),
            ModelKind::Newtype { ty, rule: it } => {
                let (head, name, ty) = (self.head(), &self.name, self.scope.ty(ty));
                push(Item::Code(quote!(#head pub struct #name(pub #ty);)));
                push(call("photon::newtype", format!("{},", self.called()), vec![rule(self.scope, it)]));
            }
            ModelKind::Alias { ty, .. } => {
                let (doc, name, ty) = (self.doc(), &self.name, self.scope.ty(ty));
                push(Item::Code(quote!(#doc pub type #name = #ty;)));
            }
        }
        // A record's own line says so.
        if self.model.default && !matches!(self.model.kind, ModelKind::Alias { .. } | ModelKind::Record(_)) {
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
            .paragraph(&self.place())
            .tokens()
    }

    /// Where the schema stands, if its name and its description do not tell.
    fn place(&self) -> String {
        let model = self.model;
        let is_told = !model.doc.is_empty()
            && model.pointer.strip_prefix("#/components/schemas/") == Some(&model.name.rust);
        if is_told { String::new() } else { prose::code(&model.pointer) }
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
        push(self.record_table(record));
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

    /// The name as the runtime's macros take it: `Pet: Default where crate::rules::pet`.
    fn called(&self) -> String {
        let is_record = matches!(self.model.kind, ModelKind::Record(_));
        let default = if self.model.default && is_record { ": Default" } else { "" };
        let judge = self.model.validate.as_deref().filter(|path| is_path(path));
        let judge = judge.map(|path| format!(" where {}", path.trim())).unwrap_or_default();
        format!("{}{default}{judge}", self.name)
    }

    /// `photon::name! { Pet, PET, part part }`.
    pub(crate) fn call(&self, name: &'static str, parts: Vec<String>) -> Item {
        call(name, format!("{}, {},", self.called(), self.table), parts)
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

    /// `static PET: photon::Record = `
    pub(crate) fn declared(&self, kind: &str) -> String {
        format!("static {}: photon::{kind} = ", self.table)
    }

    fn record_table(&self, record: &Record) -> Item {
        let mut calls = self.lists(&record.fields);
        match &record.extra {
            Extra::Ignore => {}
            Extra::Deny => calls.push(".deny_extra()".to_owned()),
            Extra::Keep { rule: it, keys, .. } => {
                calls.push(format!(".keep_extra({})", rule(self.scope, it)));
                let keys = keys.as_ref().filter(|keys| !is_any(keys));
                calls.extend(keys.map(|keys| format!(".extra_keys({})", rule(self.scope, keys))));
            }
        }
        let (min, max) = (record.properties_min, record.properties_max);
        if min != 0 || max != u32::MAX {
            calls.push(format!(".properties({min}, {})", bound(max)));
        }
        if !record.dependent_required.is_empty() {
            let rows = record.dependent_required.iter();
            let rows: Vec<String> =
                rows.map(|(name, needs)| format!("({}, &[{}])", text(name), texts(needs))).collect();
            calls.push(format!(".dependent(&[{}])", rows.join(", ")));
        }
        calls.extend(check_call(self.scope, record.check));
        Item::Table(Table {
            head: format!("{}photon::record(\"{}\", &[", self.declared("Record"), self.name),
            rows: record.fields.iter().map(|field| vec![wire(field)]).collect(),
            calls,
        })
    }

    /// What the table says of single properties, a list each.
    fn lists(&self, fields: &[Field]) -> Vec<String> {
        let named = |name: &str, holds: &dyn Fn(&Field) -> bool| {
            list_call(name, fields.iter().filter(|field| holds(field)).map(wire))
        };
        let is_null_alone = |field: &Field| rule(self.scope, &field.rule) == "photon::ANY.nullable()";
        let required = if fields.iter().all(|field| field.required) && !fields.is_empty() {
            Some(".all_required()".to_owned())
        } else {
            named("required", &|field| field.required)
        };
        let rules = fields.iter().filter(|field| !is_any(&field.rule) && !is_null_alone(field));
        let rules = rules.map(|field| format!("({}, {})", wire(field), rule(self.scope, &field.rule)));
        let defaults = fields.iter().filter_map(|field| Some((field, field.default.as_deref()?)));
        let defaults = defaults.map(|(field, json)| format!("({}, {})", wire(field), text(json)));
        let lists = [
            required,
            named("nullable", &is_null_alone),
            list_call("rules", rules),
            list_call("defaults", defaults),
            named("read_only", &|field| field.read_only),
            named("write_only", &|field| field.write_only),
        ];
        lists.into_iter().flatten().collect()
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
        push(call_list(macro_name, format!("{open}{},", self.called()), parts.collect()));
    }

    fn tuple(&self, tuple: &Tuple, push: &mut dyn FnMut(Item)) {
        let (head, name) = (self.head(), &self.name);
        let types = tuple.items.iter().map(|item| self.scope.ty(&item.ty));
        let rest_type = match &tuple.rest {
            Rest::Keep { ty, .. } => {
                let ty = self.scope.ty(ty);
                Some(quote!(pub Vec<#ty>,))
            }
            Rest::Ignore | Rest::Deny => None,
        };
        push(Item::Code(quote!(#head pub struct #name(#(pub #types,)* #rest_type);)));

        let mut calls = Vec::new();
        let (min, max) = (tuple.items_min, tuple.items_max);
        if min != 0 || max != u32::MAX {
            calls.push(format!(".items({min}, {})", bound(max)));
        }
        match &tuple.rest {
            Rest::Ignore => {}
            Rest::Deny => calls.push(".deny_rest()".to_owned()),
            Rest::Keep { rule: it, .. } => calls.push(format!(".keep_rest({})", rule(self.scope, it))),
        }
        calls.extend(tuple.unique.then(|| ".unique()".to_owned()));
        calls.extend(check_call(self.scope, tuple.check));
        push(Item::Table(Table {
            head: format!("{}photon::tuple(\"{name}\", &[", self.declared("Tuple")),
            rows: tuple.items.iter().map(|item| vec![rule(self.scope, &item.rule)]).collect(),
            calls,
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
