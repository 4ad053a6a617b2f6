//! GraphQL (with a token) and the REST API (without) tell the same of the same repository.
//!
//! `SEAWORTHY_BOTH_WAYS=URL,OWNER/NAME,...` compares other repositories of another server, with the token `read-token`,
//! and prints what differs.

use std::time::{Duration, Instant};

use seaworthy::collect::github::Slug;
use seaworthy::evidence::{Evidence, State, Vocabulary};

use crate::fake_github::TOKEN;
use crate::rich_github;

const TIMEOUT: Duration = Duration::from_secs(60);

/// Keys whose value may be another one, and why.
const MAY_DIFFER: [(&str, &str); 1] =
    [("docs.changelog_covers_latest", "without a token only the tags of releases are known")];

/// Keys that both know, with different values: the key, by GraphQL, by the REST API.
fn differences(by_graphql: &Evidence, by_rest: &Evidence) -> Vec<(String, State, State)> {
    let pair = |key: &str| Some((&by_graphql.get(key)?.state, &by_rest.get(key)?.state));
    let known = Vocabulary::built_in().keys().filter_map(|info| {
        let (graphql, rest) = pair(&info.key)?;
        let differ = graphql.is_known() && rest.is_known() && graphql != rest;
        differ.then(|| (info.key.clone(), graphql.clone(), rest.clone()))
    });
    known.collect()
}

fn known_to_both(by_graphql: &Evidence, by_rest: &Evidence) -> usize {
    let is_known = |evidence: &Evidence, key: &str| evidence.get(key).is_some_and(|found| found.state.is_known());
    let keys = Vocabulary::built_in().keys();
    keys.filter(|info| is_known(by_graphql, &info.key) && is_known(by_rest, &info.key)).count()
}

#[tokio::test]
async fn both_ways_tell_the_same() {
    let (signed, anonymous) = (rich_github::start(Some("READ")).await, rich_github::start(None).await);
    let subject: Slug = "acme/widget".parse().unwrap();
    let by_graphql = rich_github::collect_from(&signed.uri(), &subject, Some(TOKEN), TIMEOUT).await.unwrap();
    let by_rest = rich_github::collect_from(&anonymous.uri(), &subject, None, TIMEOUT).await.unwrap();
    let both = known_to_both(&by_graphql, &by_rest);
    assert!(both > 80, "only {both} keys are known to both, which compares little");
    let may_differ = |key: &str| MAY_DIFFER.iter().any(|(known, _)| *known == key);
    let wrong: Vec<_> = differences(&by_graphql, &by_rest).into_iter().filter(|(key, ..)| !may_differ(key)).collect();
    assert!(wrong.is_empty(), "of {both} keys: {wrong:#?}");
}

#[tokio::test]
async fn keys_that_may_differ_are_keys() {
    for (key, why) in MAY_DIFFER {
        assert!(
            Vocabulary::built_in().get(key).is_some_and(|info| info.told_by("github") || info.told_by("files")),
            "{key}"
        );
        assert!(!why.is_empty());
    }
}

#[tokio::test]
#[ignore = "compares repositories of another server, which SEAWORTHY_BOTH_WAYS names"]
async fn both_ways_tell_the_same_elsewhere() {
    let named = std::env::var("SEAWORTHY_BOTH_WAYS").unwrap();
    let mut named = named.split(',');
    let api = named.next().unwrap();
    let (mut wrong, mut compared) = (0, 0);
    for subject in named {
        let slug: Slug = subject.parse().unwrap();
        let begin = Instant::now();
        let by_graphql = rich_github::collect_from(api, &slug, Some("read-token"), TIMEOUT).await;
        let with_token = begin.elapsed();
        let by_rest = rich_github::collect_from(api, &slug, None, TIMEOUT).await;
        let (Ok(by_graphql), Ok(by_rest)) = (&by_graphql, &by_rest) else {
            println!("{subject}: {:?}, {:?}", by_graphql.err(), by_rest.err());
            continue;
        };
        let anonymously = begin.elapsed().saturating_sub(with_token);
        compared += 1;
        println!(
            "{subject}: {} keys known to both; requests {} with a token ({:.1} s), {} without ({:.1} s)",
            known_to_both(by_graphql, by_rest),
            by_graphql.api_requests,
            with_token.as_secs_f32(),
            by_rest.api_requests,
            anonymously.as_secs_f32(),
        );
        for remark in by_graphql.remarks.iter().chain(&by_rest.remarks) {
            println!("  {remark}");
        }
        for (key, graphql, rest) in differences(by_graphql, by_rest) {
            let allowed = MAY_DIFFER.iter().find(|(known, _)| *known == key).map(|(_, why)| *why);
            wrong += usize::from(allowed.is_none());
            println!("  {key}: {graphql:?} by GraphQL, {rest:?} by REST{}", allowed.map_or("", |_| " (may differ)"));
        }
    }
    assert!(compared > 0 && wrong == 0, "{wrong} keys differ, of {compared} repositories");
}
