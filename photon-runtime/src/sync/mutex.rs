//! A lock that one holds at a time.

#![allow(unsafe_code)]

use std::cell::UnsafeCell;
use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

use super::gate::{Gate, Pass, Patience};
use crate::task::Interrupted;

/// A lock that one coroutine or thread holds at a time.
#[derive(Default)]
pub struct Mutex<T: ?Sized> {
    gate: Gate,
    value: UnsafeCell<T>,
}

// SAFETY: the value is reached by one guard at a time, which is made when the gate lets pass alone.
unsafe impl<T: ?Sized + Send> Sync for Mutex<T> {}

/// The right to the value of a [`Mutex`]; given back when it is dropped.
#[must_use = "a guard that is dropped at once guards nothing"]
pub struct MutexGuard<'m, T: ?Sized> {
    pub(super) mutex: &'m Mutex<T>,
    /// Shared between threads as the value is.
    value: PhantomData<&'m mut T>,
}

impl<T> Mutex<T> {
    /// A lock around a value.
    pub fn new(value: T) -> Self {
        Self { gate: Gate::default(), value: UnsafeCell::new(value) }
    }

    /// The value, when nobody shares it any more.
    pub fn into_inner(self) -> T {
        self.value.into_inner()
    }
}

impl<T: ?Sized> Mutex<T> {
    /// Waits for the lock, however long it takes.
    pub fn lock(&self) -> MutexGuard<'_, T> {
        // Endless patience is not interrupted.
        let _ = self.gate.enter(Pass::Alone, Patience::Endless);
        self.guard()
    }

    /// Waits for the lock until the time of the operation is over.
    pub fn lock_in_time(&self) -> Result<MutexGuard<'_, T>, Interrupted> {
        self.gate.enter(Pass::Alone, Patience::InTime)?;
        Ok(self.guard())
    }

    /// Takes the lock if it is free.
    pub fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
        self.gate.try_enter(Pass::Alone).then(|| self.guard())
    }

    /// The value, which nobody else can reach meanwhile.
    pub fn get_mut(&mut self) -> &mut T {
        self.value.get_mut()
    }

    /// Only for who has passed the gate.
    fn guard(&self) -> MutexGuard<'_, T> {
        MutexGuard { mutex: self, value: PhantomData }
    }
}

impl<T: ?Sized> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: this guard is the only one.
        unsafe { &*self.mutex.value.get() }
    }
}

impl<T: ?Sized> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: this guard is the only one.
        unsafe { &mut *self.mutex.value.get() }
    }
}

impl<T: ?Sized> Drop for MutexGuard<'_, T> {
    fn drop(&mut self) {
        self.mutex.gate.leave(Pass::Alone);
    }
}

impl<T: ?Sized> fmt::Debug for Mutex<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mutex").finish_non_exhaustive()
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for MutexGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
