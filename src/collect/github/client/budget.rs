//! How many requests may be made, and how many were made that count against GitHub's rate limit.

use std::sync::atomic::{AtomicU32, Ordering};

use super::refusal::Refusal;

/// How often requests are repeated in all, because of what passes.
const REPEATS: u32 = 8;

/// Requests are charged to the budget once, however often they are repeated; each one that GitHub counts is counted.
pub(super) struct Budget {
    allowed: AtomicU32,
    charged: AtomicU32,
    counted: AtomicU32,
    repeats: AtomicU32,
}

impl Budget {
    pub(super) fn new(allowed: u32) -> Self {
        let none = || AtomicU32::new(0);
        Self { allowed: AtomicU32::new(allowed), charged: none(), counted: none(), repeats: none() }
    }

    pub(super) fn set(&self, allowed: u32) {
        self.allowed.store(allowed, Ordering::Relaxed);
    }

    pub(super) fn counted(&self) -> u32 {
        self.counted.load(Ordering::Relaxed)
    }

    pub(super) fn charged(&self) -> u32 {
        self.charged.load(Ordering::Relaxed)
    }

    pub(super) fn left(&self) -> u32 {
        self.allowed.load(Ordering::Relaxed).saturating_sub(self.charged.load(Ordering::Relaxed))
    }

    /// Charges a request.
    pub(super) fn take(&self) -> Result<(), Refusal> {
        let allowed = self.allowed.load(Ordering::Relaxed);
        raise(&self.charged, allowed).map_err(|()| Refusal::Budget(allowed))
    }

    /// Takes a request back that turned out not to count.
    pub(super) fn give_back(&self) {
        let _ = self.charged.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |charged| charged.checked_sub(1));
    }

    pub(super) fn count(&self) {
        self.counted.fetch_add(1, Ordering::Relaxed);
    }

    /// Whether a request may be repeated once more.
    pub(super) fn repeat(&self) -> bool {
        raise(&self.repeats, REPEATS).is_ok()
    }
}

/// Adds one, unless that is more than `most`.
fn raise(number: &AtomicU32, most: u32) -> Result<(), ()> {
    let more = |number: u32| (number < most).then(|| number + 1);
    number.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).map(|_| ()).map_err(|_| ())
}
