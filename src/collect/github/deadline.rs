//! How long a collection may take in all, and how long it waits for a single answer.

use std::time::Duration;

use tokio::time::Instant;

/// The longest wait for one answer; GitHub itself gives up on a query after ten seconds.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// The shortest, where the whole allows.
const SHORTEST_WAIT: Duration = Duration::from_secs(1);

/// When the collection must end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deadline {
    end: Instant,
    /// The wait for one answer: about a quarter of the whole, so that one that does not come, even when asked twice,
    /// leaves time for others.
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
        let wait = (timeout / 4).clamp(SHORTEST_WAIT, LONGEST_WAIT).min(timeout / 2);
        Self { end: Instant::now() + timeout, wait }
    }

    /// An end halfway from now, for what may take long and is not all.
    pub(super) fn halfway(&self) -> Self {
        Self { end: Instant::now() + self.left().unwrap_or_default() / 2, ..*self }
    }

    /// Whether there is time for another answer that may not come, and for others after it.
    pub(super) fn allows_another(&self) -> bool {
        self.left().is_some_and(|left| left >= self.wait * 2)
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

    #[tokio::test(start_paused = true)]
    async fn one_answer_that_does_not_come_leaves_time_for_others() {
        let deadline = Deadline::after(Duration::from_millis(400));
        let never = || std::future::pending::<()>();
        assert!(deadline.allows_another());
        assert_eq!(deadline.hold(never()).await, Err(Late::Answer(Duration::from_millis(200))));
        assert_eq!(deadline.hold(async { 1 }).await, Ok(1));
        assert!(!deadline.allows_another());
        assert_eq!(deadline.halfway().left(), Some(Duration::from_millis(100)));
        assert_eq!(deadline.hold(never()).await, Err(Late::End));
        assert_eq!(deadline.left(), None);
        assert_eq!(deadline.hold(async { 1 }).await, Err(Late::End));
    }

    #[test]
    fn no_answer_is_waited_for_longer_than_half_a_minute() {
        let wait = |seconds| Deadline::after(Duration::from_secs(seconds)).wait.as_millis();
        assert_eq!([1, 2, 3, 40, 120, 9_000].map(wait), [500, 1_000, 1_000, 10_000, 30_000, 30_000]);
    }
}
