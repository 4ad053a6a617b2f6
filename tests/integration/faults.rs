//! Whatever goes wrong at GitHub, a collection ends in time, without a panic, and never claims what it did not see.
//!
//! Every request that a collection makes is found by making one; then each is made to go wrong in each way of
//! [`faults_of`]. By default the ways that are told apart by the collector are tried once each and those that need time
//! on some requests only; `SEAWORTHY_ALL_FAULTS=1` tries all of them on every request, with the first answer, the first
//! two and all answers wrong, and `SEAWORTHY_FAULTS_SHARE=3/20` makes a twentieth of them.
//! `SEAWORTHY_FAULTS_API=URL` and `SEAWORTHY_FAULTS_SUBJECT=owner/name` try another server, with the tokens `read-token`
//! and `admin-token`.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot be set up is to fail, and a panic is one")]

mod kinds;
mod meaning;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use seaworthy::collect::github::{CollectError, Depth, Settings, Slug};
use seaworthy::evidence::{Evidence, KeyInfo, Observation, State, Value, Vocabulary};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use wiremock::MockServer;

use self::kinds::{JSON_FAULTS, common_faults, faults_of, has_likes, needs_time};
use self::meaning::{feeds, identifies, is_displaced, is_its_meaning, stays_unknown};
use crate::fake_github::{TOKEN, message};
use crate::fault_proxy::{Calls, Fault, FaultProxy, Injected, Kept};
use crate::rich_github;

/// For answers that come at once: so long that a busy machine does not reach it.
const AMPLE: Duration = Duration::from_secs(120);
/// For answers that do not come, or not to an end.
const SHORT: Duration = Duration::from_secs(4);
/// How much longer than its time a collection may take on a busy machine.
const SLACK: Duration = Duration::from_secs(10);

/// Who collects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Who {
    Anonymous,
    Reader,
    Administrator,
    /// An administrator of the organisation too, in full depth.
    Owner,
}

const EVERYBODY: [Who; 4] = [Who::Anonymous, Who::Reader, Who::Administrator, Who::Owner];

/// A GitHub to collect from.
struct Origin {
    depth: Depth,
    address: SocketAddr,
    subject: Slug,
    token: Option<String>,
    kept: Kept,
    /// Where nobody may be led.
    trap: String,
    /// What keeps the fake alive.
    _server: Option<MockServer>,
}

impl Origin {
    async fn of(who: Who, trap: &str) -> Self {
        let trap = trap.to_owned();
        let depth = if who == Who::Owner { Depth::Full } else { Depth::Standard };
        if let Ok(url) = std::env::var("SEAWORTHY_FAULTS_API") {
            let token = match who {
                Who::Anonymous => None,
                Who::Reader => Some("read-token".to_owned()),
                Who::Administrator | Who::Owner => Some("admin-token".to_owned()),
            };
            let subject = std::env::var("SEAWORTHY_FAULTS_SUBJECT").unwrap().parse().unwrap();
            let address = url.trim_start_matches("http://").parse().unwrap();
            return Self { depth, address, subject, token, kept: Kept::default(), trap, _server: None };
        }
        let role = match who {
            Who::Anonymous => None,
            Who::Reader => Some("READ"),
            Who::Administrator | Who::Owner => Some("ADMIN"),
        };
        let server = rich_github::start(role).await;
        Self {
            depth,
            address: *server.address(),
            subject: "acme/widget".parse().unwrap(),
            token: role.map(|_| TOKEN.to_owned()),
            kept: Kept::default(),
            trap,
            _server: Some(server),
        }
    }

    async fn proxy(&self, injected: Option<Injected>) -> FaultProxy {
        FaultProxy::start(self.address, Kept::clone(&self.kept), injected, &self.trap).await
    }

    async fn collect(&self, proxy: &FaultProxy, timeout: Duration) -> Result<Evidence, CollectError> {
        self.collect_keeping(proxy, timeout, None).await
    }

    /// The same, with answers kept in a folder.
    async fn collect_keeping(
        &self,
        proxy: &FaultProxy,
        timeout: Duration,
        cache: Option<&Path>,
    ) -> Result<Evidence, CollectError> {
        let settings = Settings {
            timeout,
            depth: self.depth,
            cache: cache.map(Path::to_owned),
            ..Settings::new(proxy.url().parse().unwrap())
        };
        rich_github::collect_with(settings, &self.subject, self.token.as_deref()).await
    }
}

/// What is known when nothing goes wrong, and what was asked for it.
struct Healthy {
    evidence: Evidence,
    /// What is known where GraphQL is out of order, for whoever uses it.
    by_rest: Option<Evidence>,
    bodies: BTreeMap<String, Vec<u8>>,
}

impl Healthy {
    async fn of(origin: &Origin) -> Self {
        let proxy = origin.proxy(None).await;
        let evidence = origin.collect(&proxy, AMPLE).await.unwrap();
        let by_rest = if origin.token.is_some() {
            let injected =
                Injected { name: Some("graphql Seaworthy".to_owned()), fault: Fault::Html(502), calls: Calls::All };
            let without_graphql = origin.proxy(Some(injected)).await;
            Some(origin.collect(&without_graphql, AMPLE).await.unwrap())
        } else {
            None
        };
        Self { evidence, by_rest, bodies: proxy.bodies() }
    }

    /// Whether this is what a whole answer of either API tells of the key.
    fn holds(&self, key: &str, state: &State) -> bool {
        let told = [Some(&self.evidence), self.by_rest.as_ref()];
        told.into_iter().flatten().filter_map(|evidence| evidence.get(key)).any(|found| found.state == *state)
    }
}

/// What is known of the same repository, whoever collects, and what each of them asks for it.
struct Truth {
    origins: BTreeMap<Who, Origin>,
    healthy: BTreeMap<Who, Healthy>,
}

impl Truth {
    async fn of(trap: &str) -> Self {
        let (mut origins, mut healthy) = (BTreeMap::new(), BTreeMap::new());
        for who in EVERYBODY {
            let origin = Origin::of(who, trap).await;
            healthy.insert(who, Healthy::of(&origin).await);
            origins.insert(who, origin);
        }
        Self { origins, healthy }
    }

    /// Whether somebody knows this when nothing goes wrong. What one leaves out for want of requests another one asks.
    fn holds(&self, key: &str, state: &State) -> bool {
        self.healthy.values().any(|healthy| healthy.holds(key, state))
    }

    /// Whether it says that there may be more than was seen, and somebody sees that there is.
    fn holds_more(&self, part: &Observation) -> bool {
        let whole = |healthy: &Healthy| match (part.value(), healthy.evidence.get(&part.key)?.value()?) {
            (Some(Value::List(seen)), Value::List(all)) => Some(seen.iter().all(|item| all.contains(item))),
            (Some(Value::Count(seen)), Value::Count(all)) => Some(seen <= all),
            _ => None,
        };
        part.at_least && self.healthy.values().any(|healthy| whole(healthy) == Some(true))
    }
}

/// A trial: whose request goes wrong, and how.
#[derive(Clone, Debug)]
struct Trial {
    who: Who,
    /// The request, or none for all of them.
    name: Option<String>,
    fault: Fault,
    calls: Calls,
}

/// What is wrong with the outcome of a trial.
fn complaints(trial: &Trial, truth: &Truth, outcome: &Result<Evidence, CollectError>) -> Vec<String> {
    let (subject, healthy) = (&truth.origins[&trial.who].subject, &truth.healthy[&trial.who]);
    let name = trial.name.as_deref().unwrap_or("everything");
    let evidence = match outcome {
        Ok(evidence) => evidence,
        Err(_) if trial.name.is_none() || identifies(name, subject) => return Vec::new(),
        Err(error) => return vec![format!("no evidence at all: {error}")],
    };
    let mut complaints = Vec::new();
    for info in Vocabulary::built_in().keys().filter(|info| info.told_by("github") || info.told_by("files")) {
        let key = info.key.as_str();
        let Some(found) = evidence.get(key) else {
            complaints.push(format!("{key} has no state"));
            continue;
        };
        if is_its_meaning(&trial.fault, name, key) {
            continue;
        }
        if found.state.is_known() && !truth.holds(key, &found.state) && !truth.holds_more(found) {
            let known = healthy.evidence.get(key).map(|found| &found.state);
            complaints.push(format!("{key} is {:?}, in truth {known:?}", found.state));
        } else if trial.name.is_some() && !found.state.is_known() && !feeds(name, subject, info) {
            let late = needs_time(&trial.fault) && matches!(&found.state, State::Failed { .. });
            if !late && !is_displaced(&found.state) && !healthy.holds(key, &found.state) {
                complaints.push(format!("{key} was lost: {:?}", found.state));
            }
        }
    }
    complaints
}

/// All trials, or those that stand for the others.
fn trials(truth: &Truth) -> Vec<Trial> {
    let all = std::env::var_os("SEAWORTHY_ALL_FAULTS").is_some();
    let mut trials = Vec::new();
    for (who, found) in &truth.healthy {
        for (place, (name, body)) in found.bodies.iter().enumerate() {
            // An administrator asks as a reader does, and more; an owner still more.
            let asked_before = |before: &&Who| **before != Who::Anonymous && *before < who;
            let mut before = EVERYBODY.iter().filter(asked_before);
            let is_asked_before = before.any(|before| truth.healthy[before].bodies.contains_key(name));
            if !all && is_asked_before && !(name == "graphql Seaworthy" && *who == Who::Administrator) {
                continue;
            }
            for (number, fault) in faults_of(name, body).into_iter().enumerate() {
                let calls: &[Calls] = match &fault {
                    _ if all => &[Calls::First, Calls::FirstTwo, Calls::All],
                    Fault::Status(500, _) if number % 2 == 0 => &[Calls::First],
                    _ => &[Calls::All],
                };
                // Each request is tried with some faults, each fault with some requests; fewer of those that are alike.
                let every = if needs_time(&fault) || has_likes(&fault) { 17 } else { 5 };
                if !all && (number + place) % every != 0 {
                    continue;
                }
                let trial = |calls| Trial { who: *who, name: Some(name.clone()), fault: fault.clone(), calls };
                trials.extend(calls.iter().copied().map(trial));
            }
        }
        let everything = common_faults().into_iter().chain(JSON_FAULTS).enumerate();
        let everything = everything.filter(|(number, _)| all || number % EVERYBODY.len() == *who as usize);
        trials.extend(everything.map(|(_, fault)| fault).map(|fault| Trial {
            who: *who,
            name: None,
            fault,
            calls: Calls::All,
        }));
    }
    trials
}

/// Collects with one thing wrong. Gives what is wrong with the outcome.
async fn attempt(trial: &Trial, truth: &Truth) -> Vec<String> {
    let origin = &truth.origins[&trial.who];
    let injected = Injected { name: trial.name.clone(), fault: trial.fault.clone(), calls: trial.calls };
    let proxy = origin.proxy(Some(injected)).await;
    let timeout = if needs_time(&trial.fault) { SHORT } else { AMPLE };
    match tokio::time::timeout(timeout + SLACK, origin.collect(&proxy, timeout)).await {
        Ok(outcome) => complaints(trial, truth, &outcome),
        Err(_) => vec!["it did not end in time".to_owned()],
    }
}

/// Collects into a cache, then with one thing wrong, and then once more with nothing wrong. Gives what is wrong with the
/// last two outcomes: nothing broken may have been kept.
async fn attempt_warm(trial: &Trial, truth: &Truth) -> Vec<String> {
    let (origin, cache) = (&truth.origins[&trial.who], tempfile::tempdir().unwrap());
    let proxy = origin.proxy(None).await;
    let collect = || origin.collect_keeping(&proxy, AMPLE, Some(cache.path()));
    let mut found = Vec::new();
    if let Err(error) = collect().await {
        found.push(format!("with an empty cache: {error}"));
    }
    proxy.inject(Some(Injected { name: trial.name.clone(), fault: trial.fault.clone(), calls: trial.calls }));
    found.extend(
        complaints(trial, truth, &collect().await).into_iter().map(|what| format!("with a warm cache: {what}")),
    );
    proxy.inject(None);
    match collect().await {
        Ok(evidence) => found.extend(kept_wrong(trial, truth, &evidence)),
        // A limit that was used up is remembered, so that nobody presses on.
        Err(CollectError::RateLimited { .. }) => {}
        Err(error) => found.push(format!("afterwards: {error}")),
    }
    found
}

/// What is not as it was, although nothing goes wrong any more. Without a token what GitHub refused is taken to be
/// refused for a while.
fn kept_wrong(trial: &Trial, truth: &Truth, evidence: &Evidence) -> Vec<String> {
    let name = trial.name.as_deref().unwrap_or("everything");
    let healthy = &truth.healthy[&trial.who];
    let wrong = |info: &&KeyInfo| {
        let Some(found) = evidence.get(&info.key) else { return true };
        let is_lost = !found.state.is_known()
            && trial.who != Who::Anonymous
            && !is_displaced(&found.state)
            && !stays_unknown(&trial.fault, name);
        // What costs nothing the second time leaves requests for more.
        let is_other = if found.state.is_known() {
            !truth.holds(&info.key, &found.state)
        } else {
            !healthy.holds(&info.key, &found.state)
        };
        is_other && (found.state.is_known() || is_lost) && !is_its_meaning(&trial.fault, name, &info.key)
    };
    let keys = Vocabulary::built_in().keys().filter(|info| info.told_by("github") || info.told_by("files"));
    keys.filter(wrong).map(|info| format!("afterwards: {} is {:?}", info.key, evidence.get(&info.key))).collect()
}

/// The share of the trials that `SEAWORTHY_FAULTS_SHARE` asks for, such as `3/20`, so that all of them can be made in
/// several goes.
fn one_share(trials: Vec<Trial>) -> Vec<Trial> {
    let asked = std::env::var("SEAWORTHY_FAULTS_SHARE").unwrap_or_default();
    let share = asked.split_once('/').and_then(|(share, of)| Some((share.parse().ok()?, of.parse().ok()?)));
    let (share, of): (usize, usize) = share.filter(|(_, of)| *of > 0).unwrap_or((0, 1));
    trials.into_iter().enumerate().filter(|(number, _)| number % of == share % of).map(|(_, trial)| trial).collect()
}

/// Those trials that are made with a warm cache.
fn warm_trials(trials: &[Trial]) -> Vec<Trial> {
    let all = std::env::var_os("SEAWORTHY_ALL_FAULTS").is_some();
    let fit = trials.iter().filter(|trial| trial.calls == Calls::All && !needs_time(&trial.fault));
    let chosen = fit.enumerate().filter(|(number, _)| all || number % 29 == 0);
    chosen.map(|(_, trial)| trial.clone()).collect()
}

/// Runs trials side by side. Gives each that came out wrong.
async fn run(trials: Vec<Trial>, at_once: usize, warm: bool, truth: &Arc<Truth>) -> Vec<(Trial, Vec<String>)> {
    let places = Arc::new(Semaphore::new(at_once));
    let mut running = JoinSet::new();
    for trial in trials {
        let (places, truth) = (Arc::clone(&places), Arc::clone(truth));
        running.spawn(async move {
            let _place = places.acquire().await;
            let found = if warm { attempt_warm(&trial, &truth).await } else { attempt(&trial, &truth).await };
            (trial, found)
        });
    }
    let mut wrong = Vec::new();
    while let Some(done) = running.join_next().await {
        match done {
            Ok((trial, found)) if !found.is_empty() => wrong.push((trial, found)),
            Ok(_) => {}
            Err(error) => panic!("a collection panicked: {error}"),
        }
    }
    wrong
}

/// A line for each fault of a request: who met it, the first complaint, and how many there are.
fn summary(wrong: &[(Trial, Vec<String>)]) -> Vec<String> {
    let mut lines: BTreeMap<String, (BTreeSet<String>, BTreeSet<&str>)> = BTreeMap::new();
    for (trial, found) in wrong {
        let name = trial.name.as_deref().unwrap_or("everything");
        let (who, what) = lines.entry(format!("{name} {:?}", trial.fault)).or_default();
        who.insert(format!("{:?} {:?}", trial.who, trial.calls));
        what.extend(found.iter().map(String::as_str));
    }
    let line = |(trial, (who, what)): (String, (BTreeSet<String>, BTreeSet<&str>))| {
        let who: Vec<String> = who.into_iter().collect();
        let first: Vec<&str> = what.iter().copied().take(3).collect();
        format!("{trial} [{}] {} complaints: {}", who.join(", "), what.len(), first.join(" | "))
    };
    lines.into_iter().map(line).collect()
}

#[tokio::test]
async fn a_token_that_a_server_sends_back_is_not_shown() {
    let mut escaped = String::new();
    for c in TOKEN.chars() {
        write!(escaped, "\\u{:04x}", u32::from(c)).unwrap();
    }
    for sent in [TOKEN, escaped.as_str()] {
        for status in [200, 401, 403, 500] {
            let body = format!(r#"{{"message": "your token is {sent}", "errors": [{{"message": "it is {sent}"}}]}}"#);
            let server = MockServer::start().await;
            let answer = wiremock::ResponseTemplate::new(status).set_body_raw(body, "application/json");
            wiremock::Mock::given(wiremock::matchers::any()).respond_with(answer).mount(&server).await;
            let subject = "acme/widget".parse().unwrap();
            let outcome = rich_github::collect_from(&server.uri(), &subject, Some(TOKEN), AMPLE).await;
            let error = outcome.unwrap_err();
            assert!(!format!("{error} {error:?}").contains(TOKEN), "{status}: {error}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_goes_wrong_nothing_is_claimed_that_was_not_seen() {
    let trap = MockServer::start().await;
    wiremock::Mock::given(wiremock::matchers::any()).respond_with(message(200, "trapped")).mount(&trap).await;
    let truth = Arc::new(Truth::of(&trap.uri()).await);
    let trials = trials(&truth);
    let requests: usize = truth.healthy.values().map(|found| found.bodies.len()).sum();
    let trials = one_share(trials);
    let warm = warm_trials(&trials);
    let size = format!("{requests} requests, {} trials, {} with a warm cache", trials.len(), warm.len());
    println!("{size}");
    let begin = Instant::now();
    let (slow, fast): (Vec<_>, Vec<_>) = trials.into_iter().partition(|trial| needs_time(&trial.fault));
    let mut wrong = run(fast, 16, false, &truth).await;
    wrong.extend(run(warm, 16, true, &truth).await);
    let half = begin.elapsed();
    wrong.extend(run(slow, 48, false, &truth).await);
    println!("{size} in {:.1} s, of which {:.1} s at once", begin.elapsed().as_secs_f32(), half.as_secs_f32());
    let lines = summary(&wrong);
    assert!(lines.is_empty(), "{} of {size} came out wrong:\n{}", wrong.len(), lines.join("\n"));
    assert_eq!(trap.received_requests().await.unwrap_or_default().len(), 0, "a redirect led elsewhere");
}
