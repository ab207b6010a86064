//! The items of a generated file by their names, and the operations it implements.

use std::collections::BTreeMap;

use syn::{Expr, ExprLit, ImplItem, Item, ItemImpl, Lit, Type};

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

    /// The operations it implements: each `impl Operation` with the method and the path in its `META`.
    pub fn served(&self) -> Vec<Served<'_>> {
        impls(&self.file.items)
            .filter(|item| trait_name(item).as_deref() == Some("Operation"))
            .filter_map(served)
            .collect()
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

/// All implementations, those in inner modules included.
pub(super) fn impls(items: &[Item]) -> Box<dyn Iterator<Item = &ItemImpl> + '_> {
    Box::new(items.iter().flat_map(|item| -> Box<dyn Iterator<Item = &ItemImpl>> {
        match item {
            Item::Impl(item) => Box::new(std::iter::once(item)),
            Item::Mod(module) => Box::new(module.content.iter().flat_map(|(_, items)| impls(items))),
            _ => Box::new(std::iter::empty()),
        }
    }))
}

/// The last segment of the trait that is implemented.
pub(super) fn trait_name(item: &ItemImpl) -> Option<String> {
    let (path, _) = item.trait_.as_ref()?;
    path.segments.last().map(|segment| segment.ident.to_string())
}

/// The last segment of the type that an implementation is for.
pub(super) fn self_name(item: &ItemImpl) -> Option<String> {
    match &*item.self_ty {
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

fn served(item: &ItemImpl) -> Option<Served<'_>> {
    let mut texts = BTreeMap::new();
    let mut types = BTreeMap::new();
    for part in &item.items {
        match part {
            ImplItem::Const(constant) if constant.ident == "META" => strings(&constant.expr, &mut texts),
            ImplItem::Type(alias) => drop(types.insert(alias.ident.to_string(), &alias.ty)),
            _ => {}
        }
    }
    Some(Served {
        request: self_name(item)?,
        id: texts.remove("id").unwrap_or_default(),
        method: texts.remove("method")?,
        path: texts.remove("path")?,
        output: types.get("Output")?,
        error: types.get("Error")?,
    })
}

/// The texts of a `META`: named fields of a struct, or `meta(id, method, path, status)` with more calls behind it.
fn strings(expr: &Expr, out: &mut BTreeMap<String, String>) {
    let mut expr = expr;
    while let Expr::MethodCall(call) = expr {
        expr = &call.receiver;
    }
    if let Expr::Call(call) = expr {
        for (name, argument) in ["id", "method", "path"].iter().zip(&call.args) {
            if let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = argument {
                out.insert((*name).to_owned(), text.value());
            }
        }
    }
    let Expr::Struct(expr) = expr else { return };
    for field in &expr.fields {
        if let (syn::Member::Named(name), Expr::Lit(ExprLit { lit: Lit::Str(text), .. })) =
            (&field.member, &field.expr)
        {
            out.insert(name.to_string(), text.value());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_found() {
        let text = r#"
            pub struct GetPet { pub pet_id: i64 }
            impl photon::Operation for GetPet {
                const META: photon::Meta = photon::Meta { id: "getPet", method: "GET", path: "/pets/{petId}", status: 200, security: &[] };
                type Principal = ();
                type Output = models::Pet;
                type Error = GetPetError;
                fn decode() -> Option<Self> { None }
            }
            impl photon::Operation for Put {
                const META: photon::Meta = photon::meta("put", "PUT", "/pets", 204).answers(&["a/b"]).security(&[]);
                type Output = ();
                type Error = photon::Error;
            }
            pub mod models { pub struct Pet; }"#;
        let generated = Generated::parse(text).unwrap();
        let served = generated.served();
        assert_eq!((served[0].method.as_str(), served[0].path.as_str()), ("GET", "/pets/{petId}"));
        assert_eq!((served[1].method.as_str(), served[1].path.as_str()), ("PUT", "/pets"));
        assert!(generated.models().contains_key("Pet") && generated.root().contains_key("GetPet"));
    }
}
