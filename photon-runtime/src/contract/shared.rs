//! What a service asks of an application's type, asked in one place, so that it is told once and in words.

/// What the threads that serve requests may share. Every type that is `Send`, `Sync` and `'static` is one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be shared by the threads that serve requests",
    note = "each of its fields must be `Send`, `Sync` and `'static`: write `Arc` for `Rc`, `photon_runtime::sync::Mutex` \
            for `RefCell`, and an atomic for `Cell`"
)]
pub trait Shared: Send + Sync + 'static {}

// Else the compiler would tell of the field alone, once for each of the two.
#[diagnostic::do_not_recommend]
impl<T: Send + Sync + 'static> Shared for T {}
