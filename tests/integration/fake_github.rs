//! A small GitHub for tests, in the process itself: one repository, `acme/widget`, whose answers a test can change.
//!
//! It refuses what GitHub refuses (no GraphQL without a token, wrong tokens), and keeps every request, so that a test
//! can say what was asked and with which headers.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot be set up is to fail"
)]

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use seaworthy::collect::github::{CollectError, Depth, Session, Settings, Slug, Token, collect};
use seaworthy::evidence::{Evidence, State, Value as Seen};
use serde_json::{Value, json};
use wiremock::{Match, Mock, MockServer, Request, Respond, ResponseTemplate};

/// The commit at the tip of the default branch.
pub(crate) const COMMIT: &str = "1111111111111111111111111111111111111111";
/// The one token that is accepted.
pub(crate) const TOKEN: &str = "good-token";

/// What the fake answers, by path with its query; GraphQL by the name of the query.
pub(crate) struct FakeGitHub {
    server: MockServer,
}

#[derive(Clone)]
struct Answers {
    answers: Arc<BTreeMap<String, ResponseTemplate>>,
    token: String,
}

struct Any;

impl Match for Any {
    fn matches(&self, _: &Request) -> bool {
        true
    }
}

/// The key of a request: its path with query, or `graphql NAME`.
pub(crate) fn key(request: &Request) -> String {
    let path = request.url.path();
    if path.ends_with("/graphql") {
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let query = body["query"].as_str().unwrap_or_default();
        let name = query.lines().find_map(|line| line.strip_prefix("query ")).unwrap_or_default();
        return format!("graphql {}", name.split('(').next().unwrap_or_default());
    }
    let path = path.strip_prefix("/api/v3").unwrap_or(path);
    request.url.query().map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"))
}

impl Respond for Answers {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let authorization = request.headers.get("authorization").and_then(|value| value.to_str().ok());
        let key = key(request);
        let download = key.starts_with("/codeload/");
        match authorization {
            Some(_) if download => message(400, "the token does not belong here"),
            Some(value) if value != format!("Bearer {}", self.token) => message(401, "Bad credentials"),
            None if key.starts_with("graphql ") => message(401, "Requires authentication"),
            _ => self.answers.get(&key).cloned().unwrap_or_else(|| message(404, "Not Found")),
        }
    }
}

/// An answer that is a message of GitHub.
pub(crate) fn message(status: u16, text: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(json!({ "message": text }))
}

/// The answer once the hourly limit is used up, until 2027-01-15 08:00.
pub(crate) fn limited() -> ResponseTemplate {
    message(403, "API rate limit exceeded")
        .insert_header("x-ratelimit-remaining", "0")
        .insert_header("x-ratelimit-reset", "1800000000")
}

/// The answer of GraphQL that has no repository, for a reason of this type.
pub(crate) fn no_repository(kind: &str, message: &str) -> ResponseTemplate {
    json_of(&json!({ "data": { "repository": null },
        "errors": [{ "type": kind, "path": ["repository"], "message": message }] }))
}

/// An answer with a JSON body.
pub(crate) fn json_of(body: &Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

/// A redirect.
pub(crate) fn redirect(status: u16, to: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).insert_header("location", to)
}

impl FakeGitHub {
    /// Starts the fake with these answers.
    pub(crate) async fn start(answers: BTreeMap<String, ResponseTemplate>) -> Self {
        Self::start_for(answers, TOKEN).await
    }

    /// The same, which accepts this token instead.
    pub(crate) async fn start_for(answers: BTreeMap<String, ResponseTemplate>, token: &str) -> Self {
        let server = MockServer::start().await;
        let answers = Answers { answers: Arc::new(answers), token: token.to_owned() };
        Mock::given(Any).respond_with(answers).mount(&server).await;
        Self { server }
    }

    pub(crate) fn url(&self) -> String {
        self.server.uri()
    }

    /// Collects `owner/name`, with the API at this path of the server.
    pub(crate) async fn collect_at(
        &self,
        path: &str,
        slug: &str,
        token: Option<&str>,
    ) -> Result<Evidence, CollectError> {
        let settings = Settings {
            credentials: token.map(|token| Token::new(token).unwrap()).into(),
            timeout: Duration::from_secs(4),
            ..Settings::new(format!("{}{path}", self.url()).parse().unwrap())
        };
        collect(&slug.parse::<Slug>().unwrap(), &settings, "2026-02-01T00:00:00Z".parse().unwrap())
            .await
            .map(|collected| collected.evidence)
    }

    /// A session with the good token.
    pub(crate) fn session(&self, depth: Depth) -> Session {
        let settings =
            Settings { credentials: Token::new(TOKEN).into(), depth, ..Settings::new(self.url().parse().unwrap()) };
        Session::new(&settings)
    }

    pub(crate) async fn collect(&self, token: Option<&str>) -> Result<Evidence, CollectError> {
        self.collect_at("", "acme/widget", token).await
    }

    /// The same in depth.
    pub(crate) async fn collect_in_depth(&self, token: &str) -> Result<Evidence, CollectError> {
        let settings = Settings {
            credentials: Token::new(token).into(),
            timeout: Duration::from_secs(4),
            depth: Depth::Full,
            ..Settings::new(self.url().parse().unwrap())
        };
        let now = "2026-02-01T00:00:00Z".parse().unwrap();
        collect(&"acme/widget".parse().unwrap(), &settings, now).await.map(|collected| collected.evidence)
    }

    /// All requests so far: method, key, and whether a token was sent.
    pub(crate) async fn requests(&self) -> Vec<(String, String, bool)> {
        let requests = self.server.received_requests().await.unwrap_or_default();
        let of = |request: &Request| {
            (request.method.to_string(), key(request), request.headers.contains_key("authorization"))
        };
        requests.iter().map(of).collect()
    }

    /// The paths and queries asked for, sorted.
    pub(crate) async fn asked(&self) -> Vec<String> {
        let mut keys: Vec<String> = self.requests().await.into_iter().map(|(_, key, _)| key).collect();
        keys.sort_unstable();
        keys
    }

    /// The paths of all requests, as they came.
    pub(crate) async fn paths(&self) -> Vec<String> {
        let requests = self.server.received_requests().await.unwrap_or_default();
        requests.iter().map(|request| request.url.path().to_owned()).collect()
    }

    /// A header of the first request.
    pub(crate) async fn header(&self, name: &str) -> Vec<String> {
        let requests = self.server.received_requests().await.unwrap_or_default();
        let values = requests.first().map(|request| request.headers.get_all(name).iter().cloned().collect::<Vec<_>>());
        values.unwrap_or_default().iter().filter_map(|value| value.to_str().ok().map(str::to_owned)).collect()
    }
}

/// What is known of a key.
pub(crate) fn state<'a>(evidence: &'a Evidence, key: &str) -> &'a State {
    &evidence.get(key).unwrap_or_else(|| panic!("{key} is missing")).state
}

/// The value of a key, which must have been seen.
pub(crate) fn seen<'a>(evidence: &'a Evidence, key: &str) -> &'a Seen {
    match state(evidence, key) {
        State::Observed(value) => value,
        other => panic!("{key} is {other:?}"),
    }
}

/// A `.tar.gz` as GitHub makes it, with these files.
pub(crate) fn tarball(files: &[(&str, &str)]) -> Vec<u8> {
    let mut builder = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for (path, text) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        builder.append_data(&mut header, format!("acme-widget-1111111/{path}"), text.as_bytes()).unwrap();
    }
    let mut encoder = builder.into_inner().unwrap();
    encoder.flush().unwrap();
    encoder.finish().unwrap()
}

/// The main answer of GraphQL, for somebody with this role.
pub(crate) fn graphql(role: &Value) -> Value {
    json!({ "data": {
        "repository": {
            "databaseId": 42, "nameWithOwner": "acme/widget", "url": "https://github.com/acme/widget",
            "visibility": "PUBLIC", "isArchived": false, "isDisabled": false, "isFork": false, "parent": null,
            "mirrorUrl": null, "createdAt": "2020-01-02T00:00:00Z", "pushedAt": "2026-01-30T00:00:00Z",
            "homepageUrl": "http://widget.example.org", "hasIssuesEnabled": true, "hasDiscussionsEnabled": false,
            "webCommitSignoffRequired": false, "licenseInfo": { "spdxId": "MIT" }, "archivedAt": null,
            "isLocked": false, "primaryLanguage": { "name": "Rust" }, "languages": { "nodes": [{ "name": "Rust" }] },
            "repositoryTopics": { "nodes": [{ "topic": { "name": "parser" } }] }, "viewerPermission": role,
            "owner": { "__typename": "Organization", "login": "acme", "isVerified": false, "viewerCanAdminister": false },
            "defaultBranchRef": { "name": "main", "target": { "oid": COMMIT } },
        },
        "protection": { "defaultBranchRef": { "refUpdateRule": null, "branchProtectionRule": null } },
        "rulesets": { "rulesets": { "totalCount": 0, "nodes": [] } },
        "tags": { "refs": { "totalCount": 3, "nodes": [
            { "name": "v2", "target": { "__typename": "Tag", "oid": "4".repeat(40) } },
            { "name": "v1", "target": { "__typename": "Commit", "oid": COMMIT } },
        ] } },
        "releases": { "releases": { "totalCount": 0, "nodes": [] } },
        "history": { "defaultBranchRef": { "target": { "recent": { "totalCount": 5 }, "history": { "nodes": [{
            "committedDate": "2026-01-30T00:00:00Z", "message": "Fix\n\nSigned-off-by: Ann <ann@example.org>",
            "parents": { "totalCount": 1 }, "signature": { "isValid": true },
            "author": { "name": "Ann", "email": "ann@example.org", "user": null },
        }] } } } },
        "reviews": { "pullRequests": { "totalCount": 1, "nodes": [{
            "author": { "__typename": "User", "login": "ann" }, "mergedBy": { "__typename": "User", "login": "ben" },
            "createdAt": "2026-01-20T00:00:00Z", "mergedAt": "2026-01-30T00:00:00Z", "headRefOid": COMMIT,
            "reviews": { "nodes": [{
                "author": { "__typename": "User", "login": "ben" }, "authorAssociation": "OWNER", "commit": { "oid": COMMIT },
            }] },
        }] } },
        "checks": { "pullRequests": { "nodes": [{ "commits": { "nodes": [{ "commit": {
            "statusCheckRollup": { "state": "SUCCESS" },
            "checkSuites": { "nodes": [{ "conclusion": "SUCCESS", "app": { "slug": "github-actions" } }] },
        } }] } }] } },
        "pull_requests": { "open": { "totalCount": 2, "nodes": [{ "createdAt": "2025-12-01T00:00:00Z" }] } },
        "issues": {
            "open": { "totalCount": 1, "nodes": [{ "createdAt": "2025-11-01T00:00:00Z" }] },
            "security": { "totalCount": 0 },
            "recent": { "nodes": [{
                "createdAt": "2025-11-01T00:00:00Z", "author": { "__typename": "User", "login": "dan" },
                "authorAssociation": "NONE", "comments": { "nodes": [{
                    "createdAt": "2025-11-03T00:00:00Z", "author": { "__typename": "User", "login": "ann" },
                    "authorAssociation": "MEMBER",
                }] },
            }] },
        },
        "community": {
            "isSecurityPolicyEnabled": true, "codeOfConduct": null, "contributingGuidelines": null, "issueTemplates": [],
            "pullRequestTemplates": [], "contactLinks": [], "isBlankIssuesEnabled": true, "fundingLinks": [],
            "codeowners": null,
        },
        "merging": {
            "mergeCommitAllowed": true, "squashMergeAllowed": true, "rebaseMergeAllowed": false,
            "autoMergeAllowed": false, "deleteBranchOnMerge": false,
        },
        "dependencies": { "dependencyGraphManifests": { "totalCount": 1 } },
        "inherited": null,
    }, "errors": [{ "type": "NOT_FOUND", "path": ["inherited"], "message": "Could not resolve to a Repository" }] })
}

/// The repository as the REST API tells it.
pub(crate) fn repository() -> Value {
    json!({
        "id": 42, "name": "widget", "full_name": "acme/widget", "html_url": "https://github.com/acme/widget", "private": false,
        "visibility": "public", "archived": false, "disabled": false, "fork": false, "mirror_url": null,
        "owner": { "login": "acme", "type": "Organization" }, "created_at": "2020-01-02T00:00:00Z",
        "pushed_at": "2026-01-30T00:00:00Z", "homepage": "", "has_issues": true, "has_discussions": false,
        "license": { "spdx_id": "NOASSERTION" }, "web_commit_signoff_required": false, "default_branch": "main",
        "language": "Rust", "topics": ["parser"],
    })
}

/// The branch, protected or not.
pub(crate) fn branch(protected: bool) -> Value {
    json!({ "name": "main", "commit": { "sha": COMMIT }, "protected": protected })
}

/// What the REST API answers to everybody: an unprotected branch, no releases, no advisories.
pub(crate) fn common() -> BTreeMap<String, ResponseTemplate> {
    let commit = json!([{
        "sha": COMMIT, "parents": [{}], "author": { "login": "ann", "type": "User" },
        "commit": {
            "author": { "name": "Ann", "email": "ann@example.org", "date": "2026-01-30T00:00:00Z" },
            "committer": { "name": "GitHub", "email": "noreply@github.com", "date": "2026-01-30T00:00:00Z" },
            "message": "Fix", "verification": { "verified": true },
        },
    }]);
    let tree = json!({ "truncated": false, "tree": [
        { "path": "README.md", "mode": "100644", "type": "blob", "sha": "6f09a03137913705d4e3c06c971b277b582e8d9c", "size": 8 },
        { "path": "SECURITY.md", "mode": "100644", "type": "blob", "sha": "5572f1636143c9c3253bfeeee8470efa862d81e5", "size": 9 },
    ] });
    [
        ("/repos/acme/widget".to_owned(), repository()),
        ("/repos/acme/widget/branches/main".to_owned(), branch(false)),
        ("/repos/acme/widget/rules/branches/main?per_page=100".to_owned(), json!([])),
        (format!("/repos/acme/widget/git/trees/{COMMIT}?recursive=1"), tree),
        ("/repos/acme/widget/releases?per_page=30".to_owned(), json!([])),
        ("/repos/acme/widget/commits?sha=main&per_page=100".to_owned(), commit),
        ("/repos/acme/widget/contributors?per_page=100".to_owned(), json!([{ "login": "ann", "type": "User" }])),
        ("/repos/acme/widget/private-vulnerability-reporting".to_owned(), json!({ "enabled": true })),
        ("/repos/acme/widget/security-advisories?state=published&per_page=100".to_owned(), json!([])),
        ("/repos/acme/widget/rulesets?includes_parents=true&per_page=100".to_owned(), json!([])),
    ]
    .into_iter()
    .map(|(key, body)| (key, json_of(&body)))
    .collect()
}

/// The same, with GraphQL for a token with this role.
pub(crate) fn with_token(role: &Value) -> BTreeMap<String, ResponseTemplate> {
    let mut answers = common();
    answers.insert("graphql Seaworthy".to_owned(), json_of(&graphql(role)));
    answers.insert(
        "graphql SeaworthyBlobs".to_owned(),
        json_of(&json!({ "data": { "repository": {
        "b0": { "byteSize": 8, "isBinary": false, "isTruncated": false, "text": "# Widget" },
        "b1": { "byteSize": 9, "isBinary": false, "isTruncated": false, "text": "Write us." },
    } } })),
    );
    answers
}
