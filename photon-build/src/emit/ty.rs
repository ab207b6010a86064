//! Types, as they are named at the root or in `models`.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

use super::tokens::{ident, user_path};
use crate::ir::{Api, CheckId, Int, ModelId, ModelKind, PatternId, Type};

/// Where a name is written, with the whole API at hand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scope<'a> {
    pub api: &'a Api,
    /// Inside `models`, so without the prefix.
    in_models: bool,
}

impl<'a> Scope<'a> {
    /// The root of the generated module.
    pub(crate) fn root(api: &'a Api) -> Self {
        Self { api, in_models: false }
    }

    /// The module of the schemas.
    pub(crate) fn models(api: &'a Api) -> Self {
        Self { api, in_models: true }
    }

    /// The type in Rust.
    pub(crate) fn ty(self, ty: &Type) -> TokenStream {
        match ty {
            Type::Option(inner) => self.generic(&quote!(Option), inner),
            Type::Patch(inner) => self.generic(&quote!(photon::Patch), inner),
            Type::List(inner) => self.generic(&quote!(Vec), inner),
            Type::Map(inner) => self.generic(&quote!(photon::Map), inner),
            Type::Box(inner) => self.generic(&quote!(Box), inner),
            Type::Model(id) => self.model(*id),
            Type::External(path) => user_path(path),
            Type::Int(int) => integer(*int),
            leaf => leaf_type(leaf),
        }
    }

    fn generic(self, outer: &TokenStream, inner: &Type) -> TokenStream {
        let inner = self.ty(inner);
        quote!(#outer<#inner>)
    }

    fn model(self, id: ModelId) -> TokenStream {
        let name = self.api.models.get(id.0 as usize).map_or("Never", |model| model.name.rust.as_str());
        self.path(&ident(name))
    }

    /// The static of a pattern.
    pub(crate) fn pattern(self, id: PatternId) -> String {
        let name =
            self.api.patterns.get(id.0 as usize).map_or("PATTERN", |pattern| pattern.name.rust.as_str());
        self.text_path(name)
    }

    /// The static of a check.
    pub(crate) fn check(self, id: CheckId) -> String {
        let name = self.api.checks.get(id.0 as usize).map_or("CHECK", |check| check.name.rust.as_str());
        self.text_path(name)
    }

    fn text_path(self, name: &str) -> String {
        if self.in_models { name.to_owned() } else { format!("models::{name}") }
    }

    fn path(self, name: &Ident) -> TokenStream {
        if self.in_models { name.to_token_stream() } else { quote!(models::#name) }
    }

    /// Whether a value may be a JSON object.
    pub(crate) fn is_object(self, ty: &Type) -> bool {
        match ty {
            Type::Option(inner) | Type::Patch(inner) | Type::Box(inner) => self.is_object(inner),
            Type::Map(_) | Type::Json | Type::External(_) => true,
            Type::Model(id) => match self.api.models.get(id.0 as usize).map(|model| &model.kind) {
                Some(ModelKind::Record(_) | ModelKind::Tagged(_) | ModelKind::OneOf(_)) => true,
                Some(ModelKind::Alias { ty, .. } | ModelKind::Newtype { ty, .. }) => self.is_object(ty),
                _ => false,
            },
            _ => false,
        }
    }

    /// The type behind aliases.
    pub(crate) fn resolve(self, ty: &'a Type) -> &'a Type {
        let mut ty = ty;
        // Aliases are never recursive; the bound holds even if they were.
        for _ in 0..self.api.models.len() {
            let Type::Model(id) = ty else { break };
            let Some(ModelKind::Alias { ty: behind, .. }) =
                self.api.models.get(id.0 as usize).map(|m| &m.kind)
            else {
                break;
            };
            ty = behind;
        }
        ty
    }
}

fn integer(int: Int) -> TokenStream {
    match int {
        Int::I8 => quote!(i8),
        Int::I16 => quote!(i16),
        Int::I32 => quote!(i32),
        Int::I64 => quote!(i64),
        Int::U8 => quote!(u8),
        Int::U16 => quote!(u16),
        Int::U32 => quote!(u32),
        Int::U64 => quote!(u64),
    }
}

fn leaf_type(ty: &Type) -> TokenStream {
    match ty {
        Type::Bool => quote!(bool),
        Type::F64 => quote!(f64),
        Type::String => quote!(String),
        Type::Integer => quote!(photon::Integer),
        Type::Number => quote!(photon::Number),
        Type::DateTime => quote!(photon::DateTime),
        Type::Date => quote!(photon::Date),
        Type::Time => quote!(photon::Time),
        Type::Uuid => quote!(photon::Uuid),
        Type::Decimal => quote!(photon::Decimal),
        Type::Base64 => quote!(photon::Base64),
        Type::Bytes => quote!(photon::Bytes),
        Type::File => quote!(photon::File),
        Type::Null => quote!(photon::Null),
        Type::Never => quote!(photon::Never),
        Type::Problem => quote!(photon::Problem),
        _ => quote!(photon::Json),
    }
}
