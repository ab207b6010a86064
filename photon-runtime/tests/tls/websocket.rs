//! WebSocket through TLS.

use std::io::{Read as _, Write as _};
use std::process::Command;
use std::thread;
use std::time::Duration;

use photon_runtime::{Limits, Service};

use crate::authority::{Authority, connect, start};
use crate::common::{python, read_answer};

fn echo() -> Service<()> {
    Service::new((), "{}").websocket("/echo", |_cx, mut socket| {
        while let Some(message) = socket.receive()? {
            socket.send(message)?;
        }
        Ok(())
    })
}

#[test]
fn frames_pass_and_the_end_is_told() {
    let authority = Authority::new("wss");
    authority.sign("server");
    let running = start(echo(), authority.tls(), Limits::default());
    let mut stream = connect(running.address(), &authority.client(None));
    write!(
        stream,
        "GET /echo HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    .unwrap();
    assert!(read_answer(&mut stream).unwrap().contains("101 Switching"));
    for _ in 0..3 {
        stream.write_all(&[0x81, 0x82, 0, 0, 0, 0, b'h', b'i']).unwrap();
        let mut frame = [0; 4];
        stream.read_exact(&mut frame).unwrap();
        assert_eq!(frame, [0x81, 2, b'h', b'i']);
        thread::sleep(Duration::from_millis(50));
    }
    let stopping = thread::spawn(move || running.stop());
    let mut close = [0; 4];
    stream.read_exact(&mut close).unwrap();
    assert_eq!((close[0], u16::from_be_bytes([close[2], close[3]])), (0x88, 1001));
    stream.write_all(&[0x88, 0x82, 0, 0, 0, 0, 3, 0xe9]).unwrap();
    assert_eq!(stopping.join().unwrap(), 0);
}

#[test]
fn python_speaks_through_tls() {
    let Some(python) = python() else { return };
    let authority = Authority::new("python");
    authority.sign("server");
    let running = start(echo(), authority.tls(), Limits::default());
    let script = "import ssl, sys\nfrom websockets.sync.client import connect\n\
                  context = ssl.create_default_context(cafile=sys.argv[1])\n\
                  with connect(sys.argv[2], ssl=context) as socket:\n\
                  \x20   for text in ['a', 'b' * 100000]:\n\
                  \x20       socket.send(text)\n\
                  \x20       assert socket.recv() == text\n";
    let output = Command::new(python)
        .args(["-c", script])
        .arg(authority.path("ca.pem"))
        .arg(format!("wss://localhost:{}/echo", running.address().port()))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    running.stop();
}
