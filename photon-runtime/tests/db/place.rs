//! Databases for tests, each empty and one's own: SQLite in a file, and PostgreSQL where there is one.

#![allow(unsafe_code)]

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock};

use photon_runtime::db::{ConnectionTrait as _, Db, Options, Wait as _};

use crate::cluster::Cluster;

/// One database, gone when this is dropped.
pub(crate) struct Place {
    pub(crate) url: String,
    folder: Option<PathBuf>,
}

impl Place {
    /// One of each kind that there is.
    pub(crate) fn each() -> Vec<Self> {
        [Some(Self::sqlite()), Self::postgres()].into_iter().flatten().collect()
    }

    pub(crate) fn sqlite() -> Self {
        let folder = std::env::temp_dir().join(format!("photon-sqlite-{}-{}", std::process::id(), count()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Self { url: format!("sqlite:{}/test.db", folder.display()), folder: Some(folder) }
    }

    /// None, said loudly, where there is no PostgreSQL.
    pub(crate) fn postgres() -> Option<Self> {
        let Some(server) = server() else {
            eprintln!("\n*** SKIPPED: there is neither DATABASE_URL nor PostgreSQL on this machine ***\n");
            return None;
        };
        let name = format!("photon_{}_{}", std::process::id(), count());
        let admin = Db::connect(server).unwrap();
        admin.execute_unprepared(&format!("CREATE DATABASE {name}")).wait().unwrap();
        admin.close();
        let (before, after) = server.rsplit_once('/').unwrap();
        let parameters = after.split_once('?').map(|(_, parameters)| format!("?{parameters}"));
        Some(Self { url: format!("{before}/{name}{}", parameters.unwrap_or_default()), folder: None })
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        self.folder.is_some()
    }

    pub(crate) fn options(&self) -> Options {
        Options::new(&self.url)
    }

    pub(crate) fn open(&self) -> Db {
        self.options().connect().unwrap()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder {
            let _ = fs::remove_dir_all(folder);
        } else if let (Some(server), Some((_, name))) = (server(), self.url.rsplit_once('/')) {
            let name = name.split('?').next().unwrap_or(name);
            if let Ok(admin) = Db::connect(server) {
                let _ = admin.execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)")).wait();
                admin.close();
            }
        }
    }
}

fn count() -> usize {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    COUNT.fetch_add(1, Ordering::Relaxed)
}

/// The server of this run: that of `DATABASE_URL`, else one that is started once and ends with the tests.
fn server() -> Option<&'static str> {
    static SERVER: OnceLock<Option<String>> = OnceLock::new();
    static CLUSTER: Mutex<Option<Cluster>> = Mutex::new(None);

    extern "C" fn end() {
        if let Ok(mut cluster) = CLUSTER.lock() {
            drop(cluster.take());
        }
    }

    let server = SERVER.get_or_init(|| {
        if let Ok(url) = std::env::var("DATABASE_URL")
            && url.starts_with("postgres")
        {
            return Some(url);
        }
        let cluster = Cluster::start()?;
        let url = cluster.url();
        *CLUSTER.lock().unwrap() = Some(cluster);
        // SAFETY: the function does nothing that may not be done at the end of a process.
        unsafe { libc::atexit(end) };
        Some(url)
    });
    server.as_deref()
}
