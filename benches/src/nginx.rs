//! nginx as a peer of idle connections, where it is installed: one process, one short answer from its configuration.

use std::fs;
use std::io::{self, Result};
use std::process::Command;

use crate::process::{Process, free_address};
use crate::workshop;

/// Starts it on a port of its own.
pub fn start(connections_max: usize) -> Result<Process> {
    if Command::new("nginx").arg("-v").output().is_err() {
        return Err(io::Error::other("nginx is not installed"));
    }
    let address = free_address()?;
    let folder = workshop::scratch("nginx")?;
    let path = folder.join("nginx.conf");
    let folder = folder.display();
    let configuration = format!(
        r#"daemon off;
master_process off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections {connections_max}; }}
http {{
    access_log off;
    keepalive_timeout 3600;
    keepalive_requests 1000000;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    default_type application/json;
    server {{
        listen {address} backlog=4096;
        location /json {{ return 200 '{{"message":"Hello, World!"}}'; }}
    }}
}}
"#
    );
    fs::write(&path, configuration)?;
    Process::start_at(Command::new("nginx").arg("-c").arg(&path), address)
}
