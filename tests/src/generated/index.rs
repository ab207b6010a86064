//! The items of a generated file by their names, and the operations it implements.

use std::collections::BTreeMap;

use proc_macro2::{TokenStream, TokenTree};
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream};
use syn::{
    Expr, ExprLit, FnArg, GenericArgument, Ident, Item, ItemImpl, Lit, PathArguments, ReturnType, Signature,
    Token, TraitItem, Type,
};

/// A generated file, parsed.
#[allow(missing_debug_implementations)] // syn's types have none.
pub struct Generated {
    /// The file.
    pub file: syn::File,
    /// The lines of its text.
    pub lines: usize,
}

/// One implemented operation.
#[allow(missing_debug_implementations)] // syn's types have none.
pub struct Served<'g> {
    /// The request type: `GetPet`.
    pub request: String,
    /// The `operationId`, or what stands for it.
    pub id: String,
    /// Upper case.
    pub method: String,
    /// The template.
    pub path: String,
    /// The type of the answer in success.
    pub output: &'g Type,
    /// The type of the errors.
    pub error: &'g Type,
}

/// The items of one module by name.
pub(super) type Items<'g> = BTreeMap<String, &'g Item>;

impl Generated {
    /// Parses the text of a generated file.
    pub fn parse(text: &str) -> Result<Self, String> {
        let file = syn::parse_file(text).map_err(|error| error.to_string())?;
        Ok(Self { file, lines: text.lines().count() })
    }

    /// The operations it implements: each `operation!` with the texts of its table.
    pub fn served(&self) -> Vec<Served<'_>> {
        let (tables, results) = (self.tables(), self.results());
        let operations = self.file.items.iter().filter_map(operation);
        operations.filter_map(|operation| served(operation, &tables, &results)).collect()
    }

    /// What handlers return, success and failure, by the request that they take.
    fn results(&self) -> BTreeMap<String, (&Type, &Type)> {
        let traits = self.file.items.iter().filter_map(|item| match item {
            Item::Trait(item) => Some(item),
            _ => None,
        });
        let methods = traits.flat_map(|item| &item.items).filter_map(|item| match item {
            TraitItem::Fn(method) => Some(&method.sig),
            _ => None,
        });
        methods.filter_map(result).collect()
    }

    /// The tables of operations by their names.
    pub(super) fn tables(&self) -> BTreeMap<String, &Expr> {
        let statics = self.file.items.iter().filter_map(|item| match item {
            Item::Static(item) => Some((item.ident.to_string(), &*item.expr)),
            _ => None,
        });
        statics.collect()
    }

    /// The types at the root.
    pub(super) fn root(&self) -> Items<'_> {
        types(&self.file.items)
    }

    /// The types of the module `models`.
    pub(super) fn models(&self) -> Items<'_> {
        let modules = self.file.items.iter().filter_map(|item| match item {
            Item::Mod(module) if module.ident == "models" => module.content.as_ref(),
            _ => None,
        });
        modules.flat_map(|(_, items)| types(items)).collect()
    }
}

/// The last segment of the trait that is implemented.
pub(super) fn trait_name(item: &ItemImpl) -> Option<String> {
    let (path, _) = item.trait_.as_ref()?;
    path.segments.last().map(|segment| segment.ident.to_string())
}

/// The last segment of the type that an implementation is for.
pub(super) fn self_name(item: &ItemImpl) -> Option<String> {
    type_name(&item.self_ty)
}

fn type_name(ty: &Type) -> Option<String> {
    match ty {
        Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
        _ => None,
    }
}

fn types(items: &[Item]) -> Items<'_> {
    let named = items.iter().filter_map(|item| {
        let ident = match item {
            Item::Struct(item) => &item.ident,
            Item::Enum(item) => &item.ident,
            Item::Type(item) => &item.ident,
            _ => return None,
        };
        Some((ident.to_string(), item))
    });
    named.collect()
}

/// A call of `operation!`, as far as it matters here.
pub(super) struct Operation {
    pub(super) request: String,
    pub(super) table: String,
}

impl Parse for Operation {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let request: Ident = input.call(Ident::parse_any)?;
        while !input.peek(Token![=]) {
            let _types: TokenTree = input.parse()?;
        }
        input.parse::<Token![=]>()?;
        let table: Ident = input.parse()?;
        let _fields: TokenStream = input.parse()?;
        Ok(Self { request: request.to_string(), table: table.to_string() })
    }
}

/// `fn get(&self, cx: &Context, req: Get) -> Result<Output, Error>`.
fn result(signature: &Signature) -> Option<(String, (&Type, &Type))> {
    let FnArg::Typed(request) = signature.inputs.get(2)? else { return None };
    let ReturnType::Type(_, returned) = &signature.output else { return None };
    let Type::Path(returned) = &**returned else { return None };
    let PathArguments::AngleBracketed(arguments) = &returned.path.segments.last()?.arguments else {
        return None;
    };
    let mut types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    Some((type_name(&request.ty)?, (types.next()?, types.next()?)))
}

/// The operation of an item, if it is one.
pub(super) fn operation(item: &Item) -> Option<Operation> {
    let Item::Macro(item) = item else { return None };
    let is_operation = item.mac.path.segments.last().is_some_and(|segment| segment.ident == "operation");
    is_operation.then(|| item.mac.parse_body().ok()).flatten()
}

fn served<'g>(
    operation: Operation,
    tables: &BTreeMap<String, &Expr>,
    results: &BTreeMap<String, (&'g Type, &'g Type)>,
) -> Option<Served<'g>> {
    let (output, error) = *results.get(&operation.request)?;
    let mut texts = texts(tables.get(&operation.table)?).into_iter();
    Some(Served {
        request: operation.request,
        id: texts.next()?,
        method: texts.next()?,
        path: texts.next()?,
        output,
        error,
    })
}

/// The texts that `meta(id, method, path, status)` begins with; more calls stand behind it.
fn texts(table: &Expr) -> Vec<String> {
    let mut expr = table;
    while let Expr::MethodCall(call) = expr {
        expr = &call.receiver;
    }
    let Expr::Call(call) = expr else { return Vec::new() };
    let texts = call.args.iter().map_while(|argument| match argument {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
        _ => None,
    });
    texts.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_found() {
        let text = r#"
            pub trait PetsApi {
                fn get_pet(&self, cx: &photon::Context, req: GetPet) -> Result<models::Pet, GetPetError>;
                fn put(&self, cx: &photon::Context, req: Put) -> Result<(), photon::Error>;
            }
            pub struct GetPet { pub pet_id: i64 }
            static GET_PET: photon::Meta = photon::meta("getPet", "GET", "/pets/{petId}", 200)
                .params(&[photon::path("petId")]).answers(&["a/b"]).security(&[]);
            photon::operation! { GetPet(photon::Principal) -> models::Pet, GetPetError = GET_PET, pet_id }
            static PUT: photon::Meta = photon::meta("put", "PUT", "/pets", 204);
            photon::operation! { Put -> (), photon::Error = PUT; body: body }
            pub mod models { pub struct Pet; }"#;
        let generated = Generated::parse(text).unwrap();
        let served = generated.served();
        assert_eq!((served[0].method.as_str(), served[0].path.as_str()), ("GET", "/pets/{petId}"));
        assert_eq!((served[1].method.as_str(), served[1].path.as_str()), ("PUT", "/pets"));
        assert!(generated.models().contains_key("Pet") && generated.root().contains_key("GetPet"));
    }
}
