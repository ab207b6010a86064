//! Taskboard: users, projects, tasks, comments and attachments, on Photon.
//!
//! The document is `openapi/example.yaml`; `build.rs` turns it into the module [`example`]; the handlers are plain
//! functions, one file a tag. `cargo run -p example-app` serves it on port 8080, and tells each request.

mod app;
mod feed;
mod handlers;
mod live;
mod store;
mod uploads;

photon_runtime::include_api!(mod example);

use photon_runtime::{Result, Server};

use crate::app::App;

fn main() -> Result<()> {
    photon_runtime::log::start()?;
    let app = App::with_demo_data()?;
    Server::new(example::service(app)).run()
}

#[cfg(test)]
mod tests;
