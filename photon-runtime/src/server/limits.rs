//! What a server allows: sizes, numbers, times. Plain data.

use std::time::Duration;

use crate::http::chunked::ChunkLimits;
use crate::http::head::HeadLimits;
#[cfg(feature = "websocket")]
use crate::websocket::WebSocketLimits;

/// The limits of a server; each field tells its default.
///
/// ```
/// use photon_runtime::Limits;
///
/// let limits = Limits { body_bytes_max: 64 << 20, ..Limits::default() };
/// ```
#[derive(Clone, Debug)]
pub struct Limits {
    /// Header fields of a request; more are answered with 431. Defaults to 100.
    pub headers_max: usize,
    /// Bytes of a request head; more are answered with 431, or 414 if one line is that long. Defaults to 16 KiB.
    pub head_bytes_max: usize,
    /// Bytes of a request target; more are answered with 414. Defaults to 8 KiB.
    pub target_bytes_max: usize,
    /// Bytes of a request body where the operation sets no limit of its own; more are 413. Defaults to 2 MiB.
    pub body_bytes_max: u64,
    /// Bytes of all chunk extensions of a body. Defaults to 4 KiB.
    pub chunk_extension_bytes_max: u32,
    /// Bytes of the trailer section of a body. Defaults to 4 KiB.
    pub trailer_bytes_max: u32,
    /// Bytes of a body that nobody read, which are discarded to keep the connection. Defaults to 64 KiB.
    pub unread_bytes_max: usize,
    /// How long a client may take to send a head, or its first byte after connecting. Defaults to 10 s.
    pub head_timeout: Duration,
    /// How long a client may take to agree on keys, where TLS is spoken. Defaults to 10 s.
    pub handshake_timeout: Duration,
    /// How long a connection may be idle between requests. Defaults to 60 s.
    pub idle_timeout: Duration,
    /// How long a body may stand still. Defaults to 10 s.
    pub body_stall_timeout: Duration,
    /// How long a body may take as a whole; each [`body_rate_min`](Self::body_rate_min) bytes that have come add a
    /// second. Defaults to 30 s.
    pub body_timeout: Duration,
    /// Bytes that a body must bring in a second on average, once its time is over. Defaults to 1 KiB.
    pub body_rate_min: u64,
    /// How long a client may read nothing of an answer. Defaults to 30 s.
    pub write_stall_timeout: Duration,
    /// How long an answer that is sent piece by piece may be silent while its handler waits in it; then a comment is
    /// sent, so that nobody between takes it for dead. Defaults to 15 s.
    pub stream_keep_alive: Duration,
    /// How long the rest of a refused request is read and thrown away, so that the client sees the answer. Defaults
    /// to 2 s.
    pub linger_timeout: Duration,
    /// How long a server that is asked to stop goes on as before, but tells that it is not ready
    /// ([`Health`](crate::Health)), so that balancers notice before it refuses connections. Defaults to 0.
    pub unready_for: Duration,
    /// How long a stopping server waits for what is in flight. Defaults to 30 s.
    pub drain_grace: Duration,
    /// How long a connection is idle before it gives up its coroutine. Defaults to 1 s.
    pub park_after: Duration,
    /// Connections that have a coroutine; idle ones do not count. Defaults to 20,000, or less where the kernel allows
    /// fewer memory maps (`vm.max_map_count`).
    pub active_connections_max: usize,
    /// Connections that the kernel holds until they are accepted. Defaults to 4096.
    pub backlog: u16,
    /// Bytes of stack of each coroutine; only touched pages cost memory. Rounded up to 4 KiB. Defaults to 512 KiB,
    /// in debug builds to 2 MiB.
    pub stack_bytes: usize,
    /// Pipelined requests that are answered before other connections get their turn. Defaults to 64.
    pub requests_per_turn: u32,
    /// Bytes of answers that are collected before they are sent. Defaults to 64 KiB.
    pub flush_bytes: usize,
    /// How long no connection is accepted after the kernel ran out of descriptors or memory. Defaults to 50 ms.
    pub accept_backoff: Duration,
    /// How long a handler may hold its thread without waiting for anything; one that holds it longer is named in a
    /// warning, for all other connections of that thread had to wait. What runs in [`blocking`](crate::blocking) does
    /// not count. Zero looks at nothing. Defaults to 100 ms.
    pub worker_hold_max: Duration,
    /// What each WebSocket may cost.
    #[cfg(feature = "websocket")]
    pub websocket: WebSocketLimits,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            headers_max: 100,
            head_bytes_max: 16 << 10,
            target_bytes_max: 8 << 10,
            body_bytes_max: 2 << 20,
            chunk_extension_bytes_max: 4 << 10,
            trailer_bytes_max: 4 << 10,
            unread_bytes_max: 64 << 10,
            head_timeout: Duration::from_secs(10),
            handshake_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_mins(1),
            body_stall_timeout: Duration::from_secs(10),
            body_timeout: Duration::from_secs(30),
            body_rate_min: 1 << 10,
            write_stall_timeout: Duration::from_secs(30),
            stream_keep_alive: Duration::from_secs(15),
            linger_timeout: Duration::from_secs(2),
            unready_for: Duration::ZERO,
            drain_grace: Duration::from_secs(30),
            park_after: Duration::from_secs(1),
            active_connections_max: active_connections_max(),
            backlog: 4096,
            stack_bytes: if cfg!(debug_assertions) { 2 << 20 } else { 512 << 10 },
            requests_per_turn: 64,
            flush_bytes: 64 << 10,
            accept_backoff: Duration::from_millis(50),
            worker_hold_max: Duration::from_millis(100),
            #[cfg(feature = "websocket")]
            websocket: WebSocketLimits::default(),
        }
    }
}

/// Each coroutine takes two memory maps, its stack and the guard page; some are left for everybody else.
fn active_connections_max() -> usize {
    const WANTED: usize = 20_000;
    const LEFT_OVER: usize = 4096;
    let maps =
        std::fs::read_to_string("/proc/sys/vm/max_map_count").ok().and_then(|text| text.trim().parse().ok());
    maps.map_or(WANTED, |maps: usize| (maps / 2).saturating_sub(LEFT_OVER).clamp(1, WANTED))
}

/// The limits in the units that the loop counts in.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) limits: Limits,
    pub(super) head: HeadLimits,
    pub(super) chunks: ChunkLimits,
    pub(super) head_ms: u64,
    pub(super) handshake_ms: u64,
    pub(super) idle_ms: u64,
    pub(super) body_stall_ms: u64,
    pub(super) body_ms: u64,
    pub(super) write_stall_ms: u64,
    pub(super) linger_ms: u64,
    pub(super) park_ms: u64,
    pub(super) drain_ms: u64,
}

impl Settings {
    pub(super) fn new(limits: Limits) -> Self {
        let ms = |duration: Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        Self {
            head: HeadLimits {
                headers_max: limits.headers_max,
                head_bytes_max: limits.head_bytes_max,
                target_bytes_max: limits.target_bytes_max,
            },
            chunks: ChunkLimits {
                extension_bytes_max: limits.chunk_extension_bytes_max,
                trailer_bytes_max: limits.trailer_bytes_max,
            },
            head_ms: ms(limits.head_timeout),
            handshake_ms: ms(limits.handshake_timeout),
            idle_ms: ms(limits.idle_timeout),
            body_stall_ms: ms(limits.body_stall_timeout),
            body_ms: ms(limits.body_timeout),
            write_stall_ms: ms(limits.write_stall_timeout),
            linger_ms: ms(limits.linger_timeout),
            park_ms: ms(limits.park_after),
            drain_ms: ms(limits.drain_grace),
            limits,
        }
    }

    /// The stack size in words, as `may` counts: a whole number of pages, for others are not pooled.
    pub(super) fn stack_words(&self) -> usize {
        const PAGE: usize = 4096;
        const PAGES_MIN: usize = 16;
        self.limits.stack_bytes.div_ceil(PAGE).max(PAGES_MIN) * PAGE / size_of::<usize>()
    }
}
