//! What the latest commits tell, from GitHub or a checkout: how recent, by how many people, signed and signed off.
//!
//! Names and addresses of authors serve to tell people apart while counting. Nothing of them is kept.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, Utc};

use crate::evidence::{Observation, Place};

/// A commit, as far as it is counted.
#[derive(Clone, Debug, Default)]
pub(super) struct Commit {
    pub(super) committed_at: Option<DateTime<Utc>>,
    /// What tells its author from others: the account, or else the address.
    pub(super) author: Option<String>,
    pub(super) by_bot: bool,
    pub(super) merge: bool,
    /// On GitHub, that the signature is valid; in a checkout, that there is one.
    pub(super) signed: bool,
    pub(super) signed_off: bool,
}

/// The latest commits, at most 100.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    pub(super) commits: Vec<Commit>,
    /// Commits of the last 90 days, where the API counts them.
    pub(super) recent: Option<usize>,
    pub(super) source: &'static str,
}

/// All keys that [`History::observe`] writes.
pub(super) const KEYS: &[&str] = &[
    "history.last_commit_on",
    "history.commits_90_days",
    "history.authors",
    "history.top_author_percent",
    "history.signed_percent",
    "history.signoff_percent",
    "history.sampled",
    "history.bots_percent",
];

/// The figures look at no more than this many commits.
pub(super) const SAMPLE: usize = 100;
const RECENT_DAYS: u64 = 90;

/// The first moment of the last 90 days.
pub(super) fn recent_from(now: DateTime<Utc>) -> DateTime<Utc> {
    now.checked_sub_days(Days::new(RECENT_DAYS)).unwrap_or(DateTime::UNIX_EPOCH)
}

/// Whether an account or an author's name is that of a program.
pub(super) fn is_bot(name: &str) -> bool {
    const BOTS: [&str; 9] = [
        "dependabot",
        "dependabot-preview",
        "renovate",
        "renovate-bot",
        "github-actions",
        "github actions",
        "web-flow",
        "pre-commit-ci",
        "allcontributors",
    ];
    let name = name.trim().to_ascii_lowercase();
    name.ends_with("[bot]") || BOTS.contains(&name.as_str())
}

/// Whether a message has a line that signs it off.
pub(super) fn signed_off(message: &str) -> bool {
    message.lines().any(|line| {
        let line = line.trim_start();
        line.get(..14).is_some_and(|start| start.eq_ignore_ascii_case("signed-off-by:")) && line.len() > 15
    })
}

/// What tells an author from others, and whether it is a bot.
pub(super) fn author(login: Option<&str>, name: Option<&str>, email: Option<&str>) -> (Option<String>, bool) {
    let by_bot = [login, name].into_iter().flatten().any(is_bot)
        || email.is_some_and(|email| email.to_ascii_lowercase().contains("[bot]@"));
    let who = login.or(email).or(name).filter(|who| !who.is_empty());
    (who.map(str::to_lowercase), by_bot)
}

impl History {
    /// The observations of [`KEYS`].
    ///
    /// `page` is the address of the repository, where it has one.
    pub(super) fn observe(&self, page: Option<&str>, now: DateTime<Utc>) -> Vec<Observation> {
        let all = self.commits.len();
        let people: Vec<&Commit> = self.commits.iter().filter(|commit| !commit.by_bot).collect();
        let mut authors: BTreeMap<&str, usize> = BTreeMap::new();
        for who in people.iter().filter_map(|commit| commit.author.as_deref()) {
            *authors.entry(who).or_default() += 1;
        }
        let known: usize = authors.values().sum();
        let top = authors.values().max().copied().unwrap_or_default();
        let changes: Vec<&&Commit> = people.iter().filter(|commit| !commit.merge).collect();
        let signed_off = changes.iter().filter(|commit| commit.signed_off).count();
        let signed = self.commits.iter().filter(|commit| commit.signed).count();
        let since = recent_from(now);
        let counted = || self.commits.iter().filter(|commit| commit.committed_at.is_some_and(|at| at >= since)).count();
        let recent = self.recent.unwrap_or_else(counted).min(SAMPLE);
        let last = self.commits.first().and_then(|commit| commit.committed_at).map(|at| at.date_naive());
        let bots = all - people.len();
        let sample = format!("commits looked at: {all}; by bots: {bots}");
        let page = page.map(|url| Place::page(format!("{url}/commits")));
        [
            Observation::seen_or_absent("history.last_commit_on", last),
            Observation::seen("history.commits_90_days", recent),
            Observation::seen_or_absent("history.authors", (known > 0).then_some(authors.len())).detail(sample.clone()),
            Observation::seen_or_absent("history.top_author_percent", percent(top, known)).detail(sample.clone()),
            Observation::seen_or_absent("history.signed_percent", percent(signed, all)).detail(sample.clone()),
            Observation::seen_or_absent("history.signoff_percent", percent(signed_off, changes.len()))
                .detail(sample.clone()),
            Observation::seen("history.sampled", all),
            Observation::seen_or_absent("history.bots_percent", percent(bots, all)).detail(sample),
        ]
        .map(|observation| observation.from(self.source).at_all(page.clone()))
        .into()
    }
}

/// A share in percent, rounded down. None of nothing.
pub(super) fn percent(part: usize, whole: usize) -> Option<usize> {
    (part * 100).checked_div(whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{State, Value};

    fn commit(author: &str, days_ago: u64) -> Commit {
        let (author, by_bot) = author_of(author);
        Commit { committed_at: Some(now() - Days::new(days_ago)), author, by_bot, ..Commit::default() }
    }

    fn author_of(name: &str) -> (Option<String>, bool) {
        author(None, Some(name), Some(&format!("{name}@example.org")))
    }

    fn now() -> DateTime<Utc> {
        "2026-11-24T12:00:00Z".parse().unwrap()
    }

    fn state(history: &History, key: &str) -> State {
        let observations = history.observe(Some("https://github.com/a/b"), now());
        observations.into_iter().find(|observation| observation.key == key).unwrap().state
    }

    #[test]
    fn shares_leave_bots_and_merges_out() {
        let commits = vec![
            Commit { signed_off: true, signed: true, ..commit("ann", 1) },
            Commit { merge: true, ..commit("ann", 2) },
            commit("ann", 89),
            commit("ben", 91),
            commit("dependabot[bot]", 92),
        ];
        let history = History { commits, recent: None, source: "test" };
        let count = |number: i64| State::Observed(Value::Count(number));
        assert_eq!(state(&history, "history.last_commit_on"), State::Observed("2026-11-23".into()));
        assert_eq!(state(&history, "history.commits_90_days"), count(3));
        assert_eq!(state(&history, "history.authors"), count(2));
        assert_eq!(state(&history, "history.top_author_percent"), count(75));
        assert_eq!(state(&history, "history.signed_percent"), count(20));
        assert_eq!(state(&history, "history.sampled"), count(5));
        assert_eq!(state(&history, "history.bots_percent"), count(20));
        assert_eq!(state(&history, "history.signoff_percent"), count(33));
    }

    #[test]
    fn no_commits_are_absent_figures_not_zeroes() {
        let history = History::default();
        let counts = ["history.commits_90_days", "history.sampled"];
        for key in KEYS.iter().filter(|key| !counts.contains(*key)) {
            assert_eq!(state(&history, key), State::Absent, "{key}");
        }
        for key in counts {
            assert_eq!(state(&history, key), State::Observed(0_i64.into()), "{key}");
        }
    }

    #[test]
    fn nothing_of_an_author_is_kept() {
        let history = History { commits: vec![commit("secret-person", 1)], recent: Some(500), source: "test" };
        let observations = history.observe(Some("https://github.com/a/b"), now());
        assert!(!serde_json::to_string(&observations).unwrap().contains("secret-person"));
        assert_eq!(state(&history, "history.commits_90_days"), State::Observed(100_i64.into()));
    }

    #[test]
    fn bots_and_sign_offs_are_told() {
        for bot in ["dependabot[bot]", "Renovate", "github-actions", "GitHub Actions", "x[bot]"] {
            assert!(is_bot(bot), "{bot}");
        }
        assert!(!is_bot("robot") && !is_bot("bot-lover"));
        assert!(author(None, Some("d"), Some("1+d[bot]@users.noreply.github.com")).1);
        assert!(signed_off("Fix\n\nSigned-off-by: Ann <ann@example.org>"));
        assert!(!signed_off("Fix Signed-off-by: Ann") && !signed_off("Signed-off-by:") && !signed_off("ünïcödé läng"));
    }
}
