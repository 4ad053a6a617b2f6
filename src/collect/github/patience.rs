//! When GitHub may be asked again: pauses that rate limits impose, known to all requests and to other runs.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::Instant;

use super::cache::Cache;

/// How long to wait where GitHub gives no time, as its documentation says.
pub(super) const UNSAID: TimeDelta = TimeDelta::seconds(60);
/// A reset is given in whole seconds: so much later it has come.
const ROUNDING: TimeDelta = TimeDelta::seconds(1);
/// The longest that runs which wait for the same reset are spread over.
const SPREAD: Duration = Duration::from_millis(500);
/// How far apart the clocks of several runs, which begin at whole seconds, can be.
const CLOCKS_DIFFER: TimeDelta = TimeDelta::seconds(3);
/// Pauses noted by other runs that end later than this are not believed: a limit is full again after an hour.
const LONGEST_NOTED: TimeDelta = TimeDelta::hours(2);
/// The most pauses that are noted for other runs.
const MOST_NOTED: usize = 20;
/// The name under which they stand in the cache.
const NOTE: &str = "pauses";

/// The present, as it follows from when the collection began.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    began: DateTime<Utc>,
    at: Instant,
}

impl Clock {
    /// A clock that shows this time now.
    pub(super) fn starting(now: DateTime<Utc>) -> Self {
        Self { began: now, at: Instant::now() }
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        TimeDelta::from_std(self.at.elapsed())
            .ok()
            .and_then(|elapsed| self.began.checked_add_signed(elapsed))
            .unwrap_or(self.began)
    }
}

/// What a limit is of. GitHub counts the REST API and GraphQL apart; a secondary limit is on both.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Resource {
    Named(String),
    All,
}

impl Resource {
    pub(super) fn core() -> Self {
        Self::Named("core".to_owned())
    }

    pub(super) fn graphql() -> Self {
        Self::Named("graphql".to_owned())
    }

    fn word(&self) -> &str {
        match self {
            Self::Named(name) => name,
            Self::All => "*",
        }
    }
}

/// A time in which nothing is to be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pause {
    /// Its end on our clock.
    pub(super) ends: DateTime<Utc>,
    /// Its end as GitHub says it.
    pub(super) shown: DateTime<Utc>,
}

impl Pause {
    /// So much time from now on.
    pub(super) fn lasting(wait: TimeDelta, now: DateTime<Utc>, server: Option<DateTime<Utc>>) -> Self {
        let after = |from: DateTime<Utc>| from.checked_add_signed(wait).unwrap_or(DateTime::<Utc>::MAX_UTC);
        Self { ends: after(now), shown: after(server.unwrap_or(now)) }
    }

    /// Until this time of the server.
    pub(super) fn until(reset: DateTime<Utc>, now: DateTime<Utc>, server: Option<DateTime<Utc>>) -> Self {
        let wait = reset.signed_duration_since(server.unwrap_or(now)).max(TimeDelta::zero()) + ROUNDING;
        Self { shown: reset, ..Self::lasting(wait, now, None) }
    }
}

/// The pauses in force.
pub(super) struct Patience {
    clock: Clock,
    /// Whether a pause is waited for, where the time allows.
    waits: bool,
    pauses: Mutex<BTreeMap<Resource, Pause>>,
    announced: Mutex<Option<DateTime<Utc>>>,
}

impl Patience {
    pub(super) fn new(clock: Clock, waits: bool) -> Self {
        Self { clock, waits, pauses: Mutex::default(), announced: Mutex::default() }
    }

    pub(super) fn waits(&self) -> bool {
        self.waits
    }

    /// Notes that nothing may be asked of a resource for a while, for this run and for others.
    pub(super) fn pause(&self, resource: Resource, pause: Pause, cache: &Cache) {
        let noted = {
            let mut pauses = lock(&self.pauses);
            let longest = pauses.get(&resource).filter(|known| known.ends >= pause.ends).copied().unwrap_or(pause);
            pauses.insert(resource, longest);
            pauses.iter().take(MOST_NOTED).map(|(resource, pause)| (resource.word().to_owned(), pause.ends)).collect()
        };
        self.note(noted, cache);
    }

    /// The longest pause that a request for this resource has to wait for.
    pub(super) fn pause_of(&self, resource: &Resource, cache: &Cache) -> Option<Pause> {
        let now = self.clock.now();
        let noted = noted(cache);
        let others = noted.into_iter().filter(|(word, ends)| {
            (word == resource.word() || word == Resource::All.word()) && ends.signed_duration_since(now) < LONGEST_NOTED
        });
        let others = others.map(|(_, ends)| Pause { ends, shown: ends });
        let pauses = lock(&self.pauses);
        let own = [resource, &Resource::All].into_iter().filter_map(|resource| pauses.get(resource)).copied();
        own.chain(others).filter(|pause| pause.ends > now).max_by_key(|pause| pause.ends)
    }

    /// How long it takes until a pause has ended, a little longer for some runs than for others.
    pub(super) fn left(&self, pause: &Pause) -> Duration {
        let left = pause.ends.signed_duration_since(self.clock.now()).to_std().unwrap_or_default();
        left + spread(SPREAD)
    }

    /// Whether a pause is still to be announced: each is once, although runs note its end not quite alike.
    pub(super) fn announces(&self, pause: &Pause) -> bool {
        let mut announced = lock(&self.announced);
        let is_new = announced.is_none_or(|before| pause.ends.signed_duration_since(before) > CLOCKS_DIFFER);
        *announced = (*announced).max(Some(pause.ends));
        is_new
    }

    /// Adds pauses to those that other runs have noted.
    fn note(&self, mut pauses: BTreeMap<String, DateTime<Utc>>, cache: &Cache) {
        let now = self.clock.now();
        for (word, ends) in noted(cache) {
            let known = pauses.entry(word).or_insert(ends);
            *known = ends.max(*known);
        }
        pauses.retain(|_, ends| *ends > now && ends.signed_duration_since(now) < LONGEST_NOTED);
        if pauses.len() <= MOST_NOTED
            && let Ok(body) = serde_json::to_vec(&pauses)
        {
            cache.put(NOTE, &super::cache::Entry::of(body));
        }
    }
}

/// The pauses that runs with the same credential have noted.
fn noted(cache: &Cache) -> BTreeMap<String, DateTime<Utc>> {
    cache.get(NOTE).and_then(|entry| serde_json::from_slice(&entry.body).ok()).unwrap_or_default()
}

/// A random part of this time.
pub(super) fn spread(most: Duration) -> Duration {
    most.mul_f64(fastrand::f64())
}

/// What a lock guards. No holder of one can panic, so that it is never found broken.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    fn patience(second: i64) -> Patience {
        Patience::new(Clock::starting(at(second)), true)
    }

    fn pause(ends: i64) -> Pause {
        Pause { ends: at(ends), shown: at(ends) }
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_is_of_its_resource_and_ends() {
        let (patience, none) = (patience(1_000), Cache::none());
        patience.pause(Resource::graphql(), pause(1_010), &none);
        patience.pause(Resource::graphql(), pause(1_005), &none);
        assert_eq!(patience.pause_of(&Resource::core(), &none), None);
        assert_eq!(patience.pause_of(&Resource::graphql(), &none), Some(pause(1_010)));
        patience.pause(Resource::All, pause(1_020), &none);
        assert_eq!(patience.pause_of(&Resource::core(), &none), Some(pause(1_020)));
        let left = patience.left(&pause(1_020));
        assert!(left >= Duration::from_secs(20) && left <= Duration::from_secs(20) + SPREAD);
        tokio::time::advance(left).await;
        assert_eq!(patience.pause_of(&Resource::core(), &none), None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_whose_clock_is_wrong_is_waited_for_no_longer() {
        // By its own clock the reset is 30 seconds away, whatever ours shows.
        let found = Pause::until(at(5_030), at(1_000), Some(at(5_000)));
        assert_eq!(found, Pause { ends: at(1_031), shown: at(5_030) });
        let past = Pause::until(at(900), at(1_000), None);
        assert_eq!(past.ends, at(1_001));
        assert_eq!(Pause::lasting(TimeDelta::seconds(5), at(10), Some(at(20))), Pause { ends: at(15), shown: at(25) });
    }

    #[tokio::test(start_paused = true)]
    async fn runs_tell_each_other_and_believe_no_nonsense() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::for_tests(folder.path(), "one");
        patience(1_000).pause(Resource::core(), pause(1_100), &cache);
        patience(1_000).pause(Resource::graphql(), pause(1_200), &cache);
        let other = patience(1_000);
        assert_eq!(other.pause_of(&Resource::core(), &cache), Some(pause(1_100)));
        assert_eq!(other.pause_of(&Resource::graphql(), &cache), Some(pause(1_200)));
        assert_eq!(other.pause_of(&Resource::core(), &Cache::for_tests(folder.path(), "two")), None);
        let noted = BTreeMap::from([("core", at(1_000_000))]);
        cache.put(NOTE, &super::super::cache::Entry::of(serde_json::to_vec(&noted).unwrap()));
        assert_eq!(other.pause_of(&Resource::core(), &cache), None);
        cache.put(NOTE, &super::super::cache::Entry::of(b"nonsense".to_vec()));
        assert_eq!(other.pause_of(&Resource::core(), &cache), None);
    }

    #[test]
    fn each_pause_is_announced_once() {
        let patience = patience(1_000);
        let said: Vec<bool> = [10, 10, 12, 20, 20].into_iter().map(|ends| patience.announces(&pause(ends))).collect();
        assert_eq!(said, [true, false, false, true, false]);
    }
}
