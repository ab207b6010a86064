//! Tables as a migration of SeaORM: what makes them, and what takes them away.
//!
//! Knows the words of `sea-orm-migration`. Must not know documents. What it writes is the user's file, so it reads by
//! itself and is written once.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::tokens::text;
use crate::ir::{Action, Column, ColumnType, ForeignKey, Generated, Index, Table};

/// What the file begins with.
pub(crate) const HEAD: &str =
    "//! Makes the tables. What is applied once stays as it is; what changes is a migration of its own.

use photon_runtime::db::migration::prelude::*;
";

/// The items of the migration that makes `tables`, which stand in the order of their creation.
pub(crate) fn first(tables: &[Table]) -> Vec<TokenStream> {
    let statement = quote! {
        /// Makes the tables.
        #[derive(Debug)]
        pub struct Tables;
    };
    let name = quote! {
        impl MigrationName for Tables {
            fn name(&self) -> &'static str {
                "0001_tables"
            }
        }
    };
    let (up, down) = (up(tables), down(tables));
    let migration = quote! {
        #[async_trait::async_trait]
        impl MigrationTrait for Tables {
            async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
                #up
                Ok(())
            }

            async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
                #down
                Ok(())
            }
        }
    };
    vec![statement, name, migration]
}

fn up(tables: &[Table]) -> TokenStream {
    let creates = tables.iter().map(|table| create(table, tables));
    let indices = tables.iter().flat_map(|table| {
        table.indices.iter().map(move |index| {
            let (name, of, columns) = (text(&index.name), text(&table.name), index_columns(table, index));
            quote!(manager.create_index(Index::create().name(#name).table(#of)#columns.take()).await?;)
        })
    });
    let late: Vec<TokenStream> = late(tables)
        .map(|(table, key)| {
            let key = foreign_key(table, key, tables);
            quote!(manager.create_foreign_key(#key.take()).await?;)
        })
        .collect();
    let late = unless_sqlite(&late);
    quote!(#(#creates)* #(#indices)* #late)
}

fn down(tables: &[Table]) -> TokenStream {
    let late: Vec<TokenStream> = late(tables)
        .map(|(table, key)| {
            let (name, of) = (text(&key.name), text(&table.name));
            quote!(manager.drop_foreign_key(ForeignKey::drop().name(#name).table(#of).to_owned()).await?;)
        })
        .collect();
    let late = unless_sqlite(&late);
    let drops = tables.iter().rev().map(|table| {
        let name = text(&table.name);
        quote!(manager.drop_table(Table::drop().table(#name).take()).await?;)
    });
    quote!(#late #(#drops)*)
}

/// The keys that lead to tables which are created later.
fn late(tables: &[Table]) -> impl Iterator<Item = (&Table, &ForeignKey)> {
    tables
        .iter()
        .flat_map(|table| table.foreign_keys.iter().filter(|key| key.late).map(move |key| (table, key)))
}

/// SQLite takes keys only together with their table, and there to tables that come later, too.
fn unless_sqlite(statements: &[TokenStream]) -> Option<TokenStream> {
    (!statements.is_empty()).then(|| {
        quote! {
            if manager.get_database_backend() != sea_orm::DbBackend::Sqlite {
                #(#statements)*
            }
        }
    })
}

fn create(table: &Table, tables: &[Table]) -> TokenStream {
    let name = text(&table.name);
    let columns = (0..table.columns.len()).map(|at| column(table, at));
    let primary_key = (table.primary_key.columns.len() > 1).then(|| {
        let (name, columns) = (text(&table.primary_key.name), index_columns(table, &table.primary_key));
        quote!(.primary_key(Index::create().name(#name)#columns))
    });
    let unique = table.unique.iter().map(|index| {
        let (name, columns) = (text(&index.name), index_columns(table, index));
        quote!(.index(Index::create().unique().name(#name)#columns))
    });
    let key = |key: &ForeignKey| {
        let key = foreign_key(table, key, tables);
        quote!(.foreign_key(#key))
    };
    let early = table.foreign_keys.iter().filter(|key| !key.late).map(key);
    let statement =
        quote!(Table::create().table(#name)#(.col(#columns))*#primary_key #(#unique)*#(#early)*.take());
    let late: Vec<TokenStream> = table.foreign_keys.iter().filter(|key| key.late).map(key).collect();
    if late.is_empty() {
        return quote!(manager.create_table(#statement).await?;);
    }
    quote! {
        let mut table = #statement;
        if manager.get_database_backend() == sea_orm::DbBackend::Sqlite {
            table #(#late)*;
        }
        manager.create_table(table).await?;
    }
}

fn index_columns(table: &Table, index: &Index) -> TokenStream {
    let names = index.columns.iter().map(|at| text(&table.columns[*at].name));
    quote!(#(.col(#names))*)
}

fn column(table: &Table, at: usize) -> TokenStream {
    let column = &table.columns[at];
    let name = text(&column.name);
    let ty = column_type(column.ty);
    let not_null = (!column.nullable).then(|| quote!(.not_null()));
    let counts = column.generated == Some(Generated::AutoIncrement);
    let counts = counts.then(|| quote!(.auto_increment()));
    let is_key = table.primary_key.columns == [at];
    let key = is_key.then(|| quote!(.primary_key()));
    let default = column.default.as_ref().map(|default| {
        let value = default_value(column, default);
        quote!(.default(#value))
    });
    let check = column.check.as_ref().map(|check| {
        let values = check.values.iter().map(value);
        let constraint = text(&check.name);
        quote!(.check((#constraint, Expr::col(#name).is_in([#(#values),*]))))
    });
    quote!(ColumnDef::new(#name)#ty #not_null #counts #key #default #check)
}

/// A whole number as it is, any other one as its text: SQL reads all digits of it.
fn default_value(column: &Column, default: &crate::ir::Literal) -> TokenStream {
    match default {
        crate::ir::Literal::Number(number) if !column.ty.is_integer() => {
            let number = text(number);
            quote!(Expr::cust(#number))
        }
        other => value(other),
    }
}

fn value(literal: &crate::ir::Literal) -> TokenStream {
    match literal {
        crate::ir::Literal::Text(value) => {
            let value = text(value);
            quote!(#value)
        }
        crate::ir::Literal::Boolean(truth) => quote!(#truth),
        crate::ir::Literal::Number(number) => {
            let number = Literal::i64_suffixed(number.parse().unwrap_or_default());
            quote!(#number)
        }
    }
}

fn column_type(ty: ColumnType) -> TokenStream {
    match ty {
        ColumnType::Boolean => quote!(.boolean()),
        ColumnType::SmallInteger => quote!(.small_integer()),
        ColumnType::Integer => quote!(.integer()),
        ColumnType::BigInteger => quote!(.big_integer()),
        ColumnType::Double => quote!(.double()),
        ColumnType::Decimal => quote!(.decimal()),
        ColumnType::Text => quote!(.text()),
        ColumnType::Date => quote!(.date()),
        ColumnType::Time => quote!(.time()),
        ColumnType::TimestampWithTimeZone => quote!(.timestamp_with_time_zone()),
        ColumnType::Uuid => quote!(.uuid()),
        ColumnType::Json => quote!(.json_binary()),
        ColumnType::Blob => quote!(.blob()),
    }
}

/// A key as what `foreign_key` takes.
fn foreign_key(table: &Table, key: &ForeignKey, tables: &[Table]) -> TokenStream {
    let to = &tables[key.table];
    let (name, from, column) = (text(&key.name), text(&table.name), text(&table.columns[key.column].name));
    let (to_table, to_column) = (text(&to.name), text(&to.columns[key.references].name));
    let (on_delete, on_update) = (action(key.on_delete), action(key.on_update));
    quote! {
        ForeignKey::create().name(#name).from(#from, #column).to(#to_table, #to_column)
            .on_delete(#on_delete).on_update(#on_update)
    }
}

fn action(action: Action) -> TokenStream {
    match action {
        Action::Restrict => quote!(ForeignKeyAction::Restrict),
        Action::Cascade => quote!(ForeignKeyAction::Cascade),
        Action::SetNull => quote!(ForeignKeyAction::SetNull),
        Action::Nothing => quote!(ForeignKeyAction::NoAction),
    }
}
