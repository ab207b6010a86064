//! Accounts, and transfers between them: what must hold whatever fails.

#![allow(unreachable_pub)] // As SeaORM's macros want it.

use photon_runtime::db::migration::{self, prelude::*};
use photon_runtime::db::sea_orm::entity::prelude::*;
use photon_runtime::db::sea_orm::{self, ActiveValue::Set, IntoActiveModel as _};
use photon_runtime::db::{ConnectionTrait, Db, DbErr, Tx, Wait as _};

pub(crate) mod account {
    use super::sea_orm::{self, entity::prelude::*};

    #[derive(Clone, Debug, DeriveEntityModel, PartialEq)]
    #[sea_orm(table_name = "account")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i64,
        #[sea_orm(unique)]
        pub name: String,
        pub balance: i64,
    }

    #[derive(Clone, Copy, Debug, DeriveRelation, EnumIter)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod transfer {
    use super::sea_orm::{self, entity::prelude::*};

    #[derive(Clone, Debug, DeriveEntityModel, PartialEq)]
    #[sea_orm(table_name = "transfer")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub debit: i64,
        pub credit: i64,
        pub amount: i64,
    }

    #[derive(Clone, Copy, Debug, DeriveRelation, EnumIter)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// How many accounts there are, and what each has at first.
pub(crate) const ACCOUNTS: i64 = 20;
pub(crate) const BALANCE: i64 = 1_000;

pub(crate) struct Migrator;

#[migration::async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(Tables), Box::new(Accounts)]
    }
}

struct Tables;

impl MigrationName for Tables {
    fn name(&self) -> &'static str {
        "m1_tables"
    }
}

#[migration::async_trait::async_trait]
impl MigrationTrait for Tables {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let schema = sea_orm::Schema::new(manager.get_database_backend());
        manager.create_table(schema.create_table_from_entity(account::Entity)).await?;
        let mut transfers = schema.create_table_from_entity(transfer::Entity);
        for column in [transfer::Column::Debit, transfer::Column::Credit] {
            let mut key = ForeignKey::create();
            key.from(transfer::Entity, column).to(account::Entity, account::Column::Id);
            transfers.foreign_key(&mut key);
        }
        manager.create_table(transfers).await
    }
}

struct Accounts;

impl MigrationName for Accounts {
    fn name(&self) -> &'static str {
        "m2_accounts"
    }
}

#[migration::async_trait::async_trait]
impl MigrationTrait for Accounts {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let accounts = (1..=ACCOUNTS).map(|id| account::ActiveModel {
            id: Set(id),
            name: Set(format!("account {id}")),
            balance: Set(BALANCE),
        });
        account::Entity::insert_many(accounts).exec(manager.get_connection()).await.map(drop)
    }
}

/// One transfer, of the `turn`th kind: reads, computes and writes, in any order of accounts.
pub(crate) fn transfer(tx: &Tx, turn: i64) -> Result<(), DbErr> {
    let debit = turn % ACCOUNTS + 1;
    let credit = (turn * 7 + 3) % ACCOUNTS + 1;
    let amount = turn % 5 + 1;
    if debit == credit {
        return Ok(());
    }
    // In one order, so that no two wait for each other.
    for id in [Ord::min(debit, credit), Ord::max(debit, credit)] {
        let account = find(tx, id)?;
        let change = if id == debit { -amount } else { amount };
        let balance = account.balance + change;
        let mut account = account.into_active_model();
        account.balance = Set(balance);
        account.update(tx).wait()?;
    }
    let entry = transfer::ActiveModel {
        debit: Set(debit),
        credit: Set(credit),
        amount: Set(amount),
        ..Default::default()
    };
    entry.insert(tx).wait().map(drop)
}

fn find(tx: &Tx, id: i64) -> Result<account::Model, DbErr> {
    use sea_orm::QuerySelect as _;
    // SQLite's transactions are alone anyway.
    let query = account::Entity::find_by_id(id);
    let query = if tx.backend() == sea_orm::DbBackend::Sqlite { query } else { query.lock_exclusive() };
    query.one(tx).wait()?.ok_or(DbErr::RecordNotFound(format!("account {id}")))
}

/// Says how many transfers there were; panics if one was made by half.
pub(crate) fn audit(db: &Db) -> u64 {
    let accounts = account::Entity::find().all(db).wait().unwrap();
    let transfers = transfer::Entity::find().all(db).wait().unwrap();
    assert_eq!(accounts.len(), usize::try_from(ACCOUNTS).unwrap());
    for account in &accounts {
        let came = transfers.iter().filter(|entry| entry.credit == account.id).map(|entry| entry.amount);
        let went = transfers.iter().filter(|entry| entry.debit == account.id).map(|entry| entry.amount);
        assert_eq!(account.balance, BALANCE + came.sum::<i64>() - went.sum::<i64>(), "{account:?}");
    }
    assert_eq!(accounts.iter().map(|account| account.balance).sum::<i64>(), ACCOUNTS * BALANCE);
    transfer::Entity::find().count(db).wait().unwrap()
}

pub(crate) fn balance(db: &impl ConnectionTrait, id: i64) -> i64 {
    account::Entity::find_by_id(id).one(db).wait().unwrap().unwrap().balance
}

/// Adds to an account.
pub(crate) fn add(db: &impl ConnectionTrait, id: i64, amount: i64) -> Result<(), DbErr> {
    let change = Expr::col(account::Column::Balance).add(amount);
    let update = account::Entity::update_many()
        .col_expr(account::Column::Balance, change)
        .filter(account::Column::Id.eq(id));
    update.exec(db).wait().map(drop)
}
