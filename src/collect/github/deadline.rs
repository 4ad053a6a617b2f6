//! How long a collection may take in all, and how long it waits for a single answer.

use std::time::{Duration, Instant};

/// The longest wait for one answer; GitHub itself gives up on a query after ten seconds.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// When the collection must end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deadline {
    end: Instant,
    /// The wait for one answer: never more than half of the whole, so that one that does not come leaves time for others.
    wait: Duration,
}

/// What came of waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Late {
    /// This one answer did not come within this time.
    Answer(Duration),
    /// The collection has taken all its time.
    End,
}

impl Deadline {
    /// So much time from now.
    pub(super) fn after(timeout: Duration) -> Self {
        Self { end: Instant::now() + timeout, wait: LONGEST_WAIT.min(timeout / 2) }
    }

    /// The time that is left. None where it is used up.
    pub(super) fn left(&self) -> Option<Duration> {
        self.end.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())
    }

    /// Waits for one answer.
    pub(super) async fn hold<T>(&self, answer: impl Future<Output = T>) -> Result<T, Late> {
        let left = self.left().ok_or(Late::End)?;
        let wait = self.wait.min(left);
        match tokio::time::timeout(wait, answer).await {
            Ok(answer) => Ok(answer),
            Err(_) if wait == left => Err(Late::End),
            Err(_) => Err(Late::Answer(wait)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_answer_that_does_not_come_leaves_time_for_others() {
        let deadline = Deadline::after(Duration::from_millis(400));
        let never = || std::future::pending::<()>();
        assert_eq!(deadline.hold(never()).await, Err(Late::Answer(Duration::from_millis(200))));
        assert_eq!(deadline.hold(async { 1 }).await, Ok(1));
        assert_eq!(deadline.hold(never()).await, Err(Late::End));
        assert_eq!(deadline.left(), None);
        assert_eq!(deadline.hold(async { 1 }).await, Err(Late::End));
    }

    #[test]
    fn no_answer_is_waited_for_longer_than_half_a_minute() {
        assert_eq!(Deadline::after(Duration::from_secs(120)).wait, LONGEST_WAIT);
        assert_eq!(Deadline::after(Duration::from_secs(10)).wait, Duration::from_secs(5));
    }
}
