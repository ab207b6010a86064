//! Taskboard: users, projects, tasks, comments and attachments, on Photon.
//!
//! The document is `openapi/example.yaml`; `build.rs` turns it into the module [`example`]; the handlers are plain
//! functions, one file a tag, over the tables of [`entities`]. `cargo run -p example-app` serves it on port 8080, tells
//! each request, and keeps everything in the folder `data`: a database and the files that were attached.
//! `DATABASE_FOLDER` names another folder; `DATABASE_URL=postgres://…` has the tables on a server.

mod app;
mod entities;
mod feed;
mod handlers;
mod live;
mod migrations;
mod paging;
mod secret;
mod texts;
mod uploads;

photon_runtime::include_api!(mod example);

use std::env;
use std::path::PathBuf;

use photon_runtime::db::Options;
use photon_runtime::{Health, Result, Server};

use crate::app::App;

fn main() -> Result<()> {
    photon_runtime::log::start()?;
    let folder = env::var_os("DATABASE_FOLDER").filter(|folder| !folder.is_empty());
    let folder = folder.map_or_else(|| PathBuf::from("data"), PathBuf::from);
    let app = App::open(Options::from_env(), &folder)?;
    let db = app.db.clone();
    let health = Health::new().ready("/readyz").check("database", |app: &App| Ok(app.db.check()?));
    Server::new(example::service(app).health(health)).database(&db).run()
}

#[cfg(test)]
#[path = "../../photon-runtime/tests/db/cluster.rs"]
#[allow(
    dead_code,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::doc_markdown,
    reason = "shared with other tests"
)]
mod cluster;
#[cfg(test)]
#[path = "../../photon-runtime/tests/db/place.rs"]
#[allow(dead_code, clippy::disallowed_types, clippy::doc_markdown, reason = "shared with other tests")]
mod place;
#[cfg(test)]
mod tests;
