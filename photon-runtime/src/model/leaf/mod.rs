//! How each type is read and shown.

mod containers;
mod numbers;
mod other;
mod text;
