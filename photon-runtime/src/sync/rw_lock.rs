//! A lock that many hold to read, or one to write.

#![allow(unsafe_code)]

use std::cell::UnsafeCell;
use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

use super::gate::{Gate, Pass, Patience};
use crate::task::Interrupted;

/// A lock that many hold to read, or one to write. Who waits to write keeps later ones from reading before it.
#[derive(Default)]
pub struct RwLock<T: ?Sized> {
    gate: Gate,
    value: UnsafeCell<T>,
}

// SAFETY: the value is reached by many guards that read, or by one that writes, as the gate lets pass.
unsafe impl<T: ?Sized + Send + Sync> Sync for RwLock<T> {}

/// The right to read the value of a [`RwLock`]; given back when it is dropped.
#[must_use = "a guard that is dropped at once guards nothing"]
pub struct RwLockReadGuard<'l, T: ?Sized> {
    lock: &'l RwLock<T>,
    /// Sent and shared between threads as a reference is.
    value: PhantomData<&'l T>,
}

/// The right to write the value of a [`RwLock`]; given back when it is dropped.
#[must_use = "a guard that is dropped at once guards nothing"]
pub struct RwLockWriteGuard<'l, T: ?Sized> {
    lock: &'l RwLock<T>,
    value: PhantomData<&'l mut T>,
}

impl<T> RwLock<T> {
    /// A lock around a value.
    pub fn new(value: T) -> Self {
        Self { gate: Gate::default(), value: UnsafeCell::new(value) }
    }

    /// The value, when nobody shares it any more.
    pub fn into_inner(self) -> T {
        self.value.into_inner()
    }
}

impl<T: ?Sized> RwLock<T> {
    /// Waits until nobody writes, however long it takes.
    pub fn read(&self) -> RwLockReadGuard<'_, T> {
        // Endless patience is not interrupted.
        let _ = self.gate.enter(Pass::Shared, Patience::Endless);
        self.reading()
    }

    /// Waits until nobody reads or writes, however long it takes.
    pub fn write(&self) -> RwLockWriteGuard<'_, T> {
        let _ = self.gate.enter(Pass::Alone, Patience::Endless);
        self.writing()
    }

    /// Waits until nobody writes, or the time of the operation is over.
    pub fn read_in_time(&self) -> Result<RwLockReadGuard<'_, T>, Interrupted> {
        self.gate.enter(Pass::Shared, Patience::InTime)?;
        Ok(self.reading())
    }

    /// Waits until nobody reads or writes, or the time of the operation is over.
    pub fn write_in_time(&self) -> Result<RwLockWriteGuard<'_, T>, Interrupted> {
        self.gate.enter(Pass::Alone, Patience::InTime)?;
        Ok(self.writing())
    }

    /// Takes the lock to read if nobody writes.
    pub fn try_read(&self) -> Option<RwLockReadGuard<'_, T>> {
        self.gate.try_enter(Pass::Shared).then(|| self.reading())
    }

    /// Takes the lock to write if it is free.
    pub fn try_write(&self) -> Option<RwLockWriteGuard<'_, T>> {
        self.gate.try_enter(Pass::Alone).then(|| self.writing())
    }

    /// The value, which nobody else can reach meanwhile.
    pub fn get_mut(&mut self) -> &mut T {
        self.value.get_mut()
    }

    /// Only for who has passed the gate.
    fn reading(&self) -> RwLockReadGuard<'_, T> {
        RwLockReadGuard { lock: self, value: PhantomData }
    }

    /// Only for who has passed the gate alone.
    fn writing(&self) -> RwLockWriteGuard<'_, T> {
        RwLockWriteGuard { lock: self, value: PhantomData }
    }
}

impl<T: ?Sized> Deref for RwLockReadGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: there are only guards that read.
        unsafe { &*self.lock.value.get() }
    }
}

impl<T: ?Sized> Deref for RwLockWriteGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: this guard is the only one.
        unsafe { &*self.lock.value.get() }
    }
}

impl<T: ?Sized> DerefMut for RwLockWriteGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: this guard is the only one.
        unsafe { &mut *self.lock.value.get() }
    }
}

impl<T: ?Sized> Drop for RwLockReadGuard<'_, T> {
    fn drop(&mut self) {
        self.lock.gate.leave(Pass::Shared);
    }
}

impl<T: ?Sized> Drop for RwLockWriteGuard<'_, T> {
    fn drop(&mut self) {
        self.lock.gate.leave(Pass::Alone);
    }
}

impl<T: ?Sized> fmt::Debug for RwLock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RwLock").finish_non_exhaustive()
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for RwLockReadGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for RwLockWriteGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
