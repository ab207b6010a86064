//! The fields of an opening handshake of WebSocket, a line each: what holds for it whatever the bytes are stands in `photon_runtime::fuzzing::laws`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| photon_runtime::fuzzing::laws::handshake(bytes));
