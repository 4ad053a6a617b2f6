//! The same work on many things, on several processors.

use std::num::NonZero;
use std::sync::OnceLock;
use std::thread;

use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

/// The most threads: what there is to do takes milliseconds, and starting a thread a good part of one.
const MOST: usize = 8;

/// The threads; none where there is one processor, or the system gives no threads.
fn pool() -> Option<&'static ThreadPool> {
    static POOL: OnceLock<Option<ThreadPool>> = OnceLock::new();
    let started = POOL.get_or_init(|| {
        let threads = thread::available_parallelism().map_or(1, NonZero::get).min(MOST);
        if threads < 2 { None } else { ThreadPoolBuilder::new().num_threads(threads).build().ok() }
    });
    started.as_ref()
}

/// What the work makes of each item, in the order of the items.
///
/// A thread that waits for others takes up other work meanwhile, so the work must not wait for anything that is made by
/// calling this.
pub(crate) fn each<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync + Send) -> Vec<R> {
    match pool() {
        Some(pool) if items.len() > 1 => pool.install(|| items.par_iter().with_max_len(1).map(work).collect()),
        _ => items.iter().map(work).collect(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn each_item_is_worked_on_once_and_in_order() {
        for count in [0, 1, 2, 7, 1000] {
            let items: Vec<usize> = (0..count).collect();
            let worked = AtomicUsize::new(0);
            let squares = each(&items, |item| {
                worked.fetch_add(1, Ordering::Relaxed);
                item * item
            });
            assert_eq!(squares, items.iter().map(|item| item * item).collect::<Vec<_>>());
            assert_eq!(worked.into_inner(), count);
        }
    }

    #[test]
    fn work_within_work() {
        let sums = each(&[10, 20, 30], |upto| each(&(0..*upto).collect::<Vec<u32>>(), |n| n * 2).iter().sum::<u32>());
        assert_eq!(sums, [90, 380, 870]);
    }
}
