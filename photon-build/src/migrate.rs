//! Tables and their migration, for users who ask: the record that is checked in, the migration that makes them.
//!
//! Knows the order of the steps. Must not know what a migration is made of.

use std::path::Path;

use crate::config::Config;
use crate::emit::migration;
use crate::entity::record;
use crate::error::{Error, Result};
use crate::finding::Findings;
use crate::ir::Table;
use crate::{check, format, front, lower, run};

impl Config {
    /// The migration that makes the tables of `document`, as [`first_migration`](crate::first_migration) has it.
    pub fn first_migration(self, document: impl AsRef<Path>) -> Result<String> {
        let path = document.as_ref();
        run::on_a_stack(|| {
            let items = migration::first(&tables(&self, path)?);
            format::plain(migration::HEAD, items).map_err(|fault| {
                Error::new(format!("the migration is no Rust, which is a fault of Photon: {fault}"))
            })
        })?
    }

    /// Keeps the checked-in record of the tables of `document` honest, as [`tables`](crate::tables()) does.
    pub fn tables(self, document: impl AsRef<Path>) -> Result {
        let path = document.as_ref();
        let text = run::on_a_stack(|| tables(&self, path).map(|tables| record::text(&tables)))??;
        let update = std::env::var_os("UPDATE").is_some_and(|value| value == "1");
        check::compare(&path.with_extension("tables"), &text, update)
    }
}

/// The tables of a document that has some, in the order of their creation.
fn tables(config: &Config, path: &Path) -> Result<Vec<Table>> {
    let mut findings = Findings::default();
    let read = front::read(config, path, &mut findings);
    let tables = match read {
        Some((document, _)) => lower::lower(&document, config, &mut findings).entities,
        None => Vec::new(),
    };
    run::settle(config, &mut findings);
    findings.propagate()?;
    if tables.is_empty() {
        let message = format!("no schema of `{}` has an `x-photon-entity`", path.display());
        return Err(Error::new(message));
    }
    Ok(tables)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn migration(name: &str, schemas: &str) -> Result<String> {
        let path = std::env::temp_dir().join(format!("photon-migrate-{name}-{}.yaml", std::process::id()));
        let head =
            "openapi: 3.1.0\ninfo: { title: Pets, version: '1' }\npaths: {}\ncomponents:\n  schemas:\n";
        std::fs::write(&path, format!("{head}{schemas}")).unwrap();
        let text = crate::configure().first_migration(&path);
        std::fs::remove_file(&path).unwrap();
        text
    }

    const PETS: &str = "
    Owner: { type: object, required: [id], properties: { id: { type: integer }, best: { type: integer } },
      x-photon-entity: { table: owners, columns: { best: { references: Pet } } } }
    Pet:
      type: object
      required: [owner, name, kind]
      properties:
        owner: { type: integer }
        name: { type: string }
        kind: { type: string, enum: [cat, dog] }
        weight: { type: number }
        tame: { type: boolean, default: true }
      x-photon-entity:
        table: pets
        primaryKey: [owner, name]
        unique: [chip]
        index: [kind]
        columns:
          owner: { references: { entity: Owner, onDelete: cascade } }
          chip: { type: integer }
          size: { type: integer, default: 7 }
";

    /// Without the breaks of lines, and the commas before them, which are prettyplease's.
    fn squeezed(text: &str) -> String {
        let text: String = text.split_whitespace().collect();
        text.replace(",)", ")").replace(",]", "]")
    }

    #[test]
    fn tables_are_made_as_the_document_has_them() {
        // A pet has two columns in its key, so nothing can refer to it.
        let error = migration("key", PETS).unwrap_err();
        assert_eq!(error.codes().collect::<Vec<_>>(), ["P0613"]);

        let text = migration(
            "pets",
            &PETS.replace("{ references: Pet }", "{ references: { entity: Pet, column: chip } }"),
        );
        let error = text.unwrap_err();
        assert_eq!(error.codes().collect::<Vec<_>>(), ["P0613"], "an integer of 32 bits holds no `int64`");

        let text = PETS.replace("{ references: Pet }", "{ references: { entity: Pet, column: chip } }");
        let text = text.replace("chip: { type: integer }", "chip: { type: bigInteger }");
        let text = squeezed(&migration("pets", &text).unwrap());
        let has = |part: &str| assert!(text.contains(&squeezed(part)), "{part}\n{text}");
        has(r#"ColumnDef::new("id").big_integer().not_null().auto_increment().primary_key()"#);
        has(r#"ColumnDef::new("kind").text().not_null()
            .check(("pets_kind_check", Expr::col("kind").is_in(["cat", "dog"])))"#);
        has(r#".col(ColumnDef::new("weight").double())"#);
        has(r#"ColumnDef::new("tame").boolean().not_null().default(true)"#);
        has(r#"ColumnDef::new("size").integer().not_null().default(7i64)"#);
        has(r#".primary_key(Index::create().name("pets_pkey").col("owner_id").col("name"))"#);
        has(r#".index(Index::create().unique().name("pets_chip_key").col("chip"))"#);
        has(r#"Index::create().name("pets_kind_idx").table("pets").col("kind").take()"#);
        has(".on_delete(ForeignKeyAction::Cascade).on_update(ForeignKeyAction::NoAction)");
        has(r#"if manager.get_database_backend() != sea_orm::DbBackend::Sqlite {
            manager.drop_foreign_key(ForeignKey::drop().name("owners_best_id_fkey").table("owners").to_owned()).await?; }"#);
    }

    #[test]
    fn the_record_is_compared() {
        let path = std::env::temp_dir().join(format!("photon-record-{}.yaml", std::process::id()));
        let schemas = "    Pet: { type: object, required: [id, kind], properties: { id: { type: integer },
      kind: { type: string, enum: [cat, it's], default: cat }, of: { type: integer } },
      x-photon-entity: { table: pets, unique: [kind], columns: { of: { references: Pet } } } }\n";
        let head =
            "openapi: 3.1.0\ninfo: { title: Pets, version: '1' }\npaths: {}\ncomponents:\n  schemas:\n";
        std::fs::write(&path, format!("{head}{schemas}")).unwrap();
        let expected = "
table pets
  column id bigInteger not null autoIncrement
  column kind text not null check pets_kind_check in ('cat', 'it''s')
  column of_id bigInteger
  primary key pets_pkey (id)
  unique pets_kind_key (kind)
  index pets_of_id_idx (of_id)
  foreign key pets_of_id_fkey (of_id) references pets (id) on delete restrict on update noAction
";
        let text = record::text(&tables(&Config::default(), &path).unwrap());
        assert!(text.ends_with(expected), "{text}");

        let record = path.with_extension("tables");
        std::fs::write(&record, &text).unwrap();
        crate::configure().tables(&path).unwrap();
        std::fs::write(
            &path,
            format!("{head}{schemas}").replacen("of: {", "note: { type: string }, of: {", 1),
        )
        .unwrap();
        let error = crate::configure().tables(&path).unwrap_err().to_string();
        std::fs::remove_file(&path).unwrap();
        std::fs::remove_file(&record).unwrap();
        assert!(error.contains("  + "), "{error}");
        assert!(error.contains("column note text"), "{error}");
    }

    #[test]
    fn a_document_without_tables_is_told() {
        let error = migration("none", "    Name: { type: string }\n").unwrap_err();
        assert!(error.to_string().contains("has an `x-photon-entity`"), "{error}");
    }
}
