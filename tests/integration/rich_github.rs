//! A fake repository that has something of everything, the same by GraphQL and by the REST API: rules, releases, reviews,
//! settings and files, so that an answer that goes wrong takes something away.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::too_many_lines,
    reason = "a test that cannot be set up is to fail, and answers are long"
)]

mod settings;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use seaworthy::collect::github::{CollectError, Settings, Slug, Token, collect};
use seaworthy::evidence::Evidence;
use serde_json::{Value, json};
use wiremock::{Match, Mock, MockServer, Request, Respond, ResponseTemplate};

use self::settings::{settings_by_graphql, settings_by_rest};
use crate::fake_github::{COMMIT, TOKEN, json_of, message, redirect};
use crate::fault_proxy::name_of;

/// The files of the repository.
const FILES: [(&str, &str); 9] = [
    (".github/CODEOWNERS", "* @acme/maintainers\n"),
    (".github/dependabot.yml", "version: 2\nupdates:\n  - package-ecosystem: cargo\n    directory: /\n"),
    (
        ".github/workflows/ci.yml",
        "on: [push, pull_request]\npermissions: { contents: read }\njobs:\n  test:\n    runs-on: ubuntu-latest\n    \
         steps:\n      - uses: actions/checkout@v4\n      - run: cargo test\n",
    ),
    ("CONTRIBUTING.md", "# Contributing\n\nOpen a pull request; tests must pass.\n"),
    ("Cargo.toml", "[package]\nname = \"widget\"\nversion = \"2.0.0\"\n"),
    ("LICENSE", "Permission is hereby granted, free of charge, to any person obtaining a copy of this software"),
    ("README.md", "# Widget\n\n## Usage\n\nRun `widget`.\n"),
    ("SECURITY.md", "# Security\n\nReport vulnerabilities privately; we answer within 14 days.\n"),
    ("bin/tool.exe", "MZ\u{0}\u{0}program"),
];

/// The files of the owner's `.github` repository.
const LENT: [(&str, &str); 2] =
    [("CODE_OF_CONDUCT.md", "# Code of conduct\n\nBe kind.\n"), ("GOVERNANCE.md", "# Governance\n\nWe vote.\n")];
const LENT_COMMIT: &str = "4444444444444444444444444444444444444444";

/// The files of each release.
const ASSETS: [&str; 3] = ["widget.tar.gz", "widget.tar.gz.sig", "widget.spdx.json"];

fn address_of_asset(name: &str) -> String {
    format!("https://github.com/acme/widget/releases/download/{name}")
}

/// Git's id of a file's content.
fn blob_id(text: &str) -> String {
    gix::objs::compute_hash(gix::hash::Kind::Sha1, gix::objs::Kind::Blob, text.as_bytes()).unwrap().to_string()
}

/// A `.tar.gz` as GitHub makes it, with the commit noted in front.
fn archive(files: &[(&str, &str)], commit: &str) -> Vec<u8> {
    let mut builder = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    let comment = format!("52 comment={commit}\n");
    let mut header = tar::Header::new_ustar();
    header.set_entry_type(tar::EntryType::XGlobalHeader);
    header.set_size(comment.len() as u64);
    header.set_path("pax_global_header").unwrap();
    header.set_cksum();
    builder.append(&header, comment.as_bytes()).unwrap();
    for (path, text) in files {
        let mut header = tar::Header::new_ustar();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        builder.append_data(&mut header, format!("acme-widget-1111111/{path}"), text.as_bytes()).unwrap();
    }
    let mut encoder = builder.into_inner().unwrap();
    encoder.flush().unwrap();
    encoder.finish().unwrap()
}

fn folder(files: &[(&str, &str)]) -> Value {
    let entry =
        |(path, text): &(&str, &str)| json!({ "name": path, "type": "blob", "oid": blob_id(text), "size": text.len() });
    json!({ "entries": files.iter().map(entry).collect::<Vec<_>>() })
}

/// The main answer of GraphQL, for somebody with this role.
fn graphql(role: &str) -> Value {
    let administers = role == "ADMIN";
    let rule = json!({
        "allowsDeletions": false, "allowsForcePushes": false, "dismissesStaleReviews": true, "isAdminEnforced": true,
        "lockBranch": false, "requireLastPushApproval": true, "requiredApprovingReviewCount": 2,
        "requiredStatusCheckContexts": ["test"], "requiresApprovingReviews": true, "requiresCodeOwnerReviews": true,
        "requiresCommitSignatures": true, "requiresConversationResolution": true, "requiresDeployments": false,
        "requiresLinearHistory": true, "requiresStatusChecks": true, "requiresStrictStatusChecks": true,
        "restrictsPushes": true, "bypassPullRequestAllowances": { "totalCount": 0 },
    });
    let assets = ASSETS.map(|name| json!({ "name": name, "downloadUrl": address_of_asset(name) }));
    let release = |tag: &str, day: &str, prerelease: bool| {
        json!({
            "tagName": tag, "description": "Fixes a bug.", "isDraft": false, "isPrerelease": prerelease, "immutable": true,
            "publishedAt": format!("{day}T00:00:00Z"),
            "releaseAssets": { "nodes": assets },
        })
    };
    let person = |login: &str| json!({ "__typename": "User", "login": login });
    json!({ "data": {
        "repository": {
            "databaseId": 42, "nameWithOwner": "acme/widget", "url": "https://github.com/acme/widget",
            "visibility": "PUBLIC", "isArchived": false, "isDisabled": false, "isFork": true,
            "parent": { "nameWithOwner": "upstream/widget" }, "mirrorUrl": "https://git.example.org/widget",
            "createdAt": "2020-01-02T00:00:00Z", "pushedAt": "2026-01-30T00:00:00Z", "diskUsage": 120,
            "homepageUrl": "https://widget.example.org", "hasIssuesEnabled": true, "hasDiscussionsEnabled": true,
            "webCommitSignoffRequired": true, "licenseInfo": { "spdxId": "MIT" }, "viewerPermission": role,
            "owner": {
                "__typename": "Organization", "login": "acme", "isVerified": true, "viewerCanAdminister": administers,
            },
            "defaultBranchRef": { "name": "main", "target": { "oid": COMMIT } },
        },
        "protection": { "mergeQueue": null, "defaultBranchRef": {
            "refUpdateRule": {
                "allowsDeletions": false, "allowsForcePushes": false, "requiredApprovingReviewCount": 2,
                "requiredStatusCheckContexts": ["test"], "requiresCodeOwnerReviews": true,
                "requiresConversationResolution": true, "requiresLinearHistory": true, "requiresSignatures": true,
            },
            "branchProtectionRule": if administers { rule } else { Value::Null },
        } },
        "rulesets": { "rulesets": { "totalCount": 2, "nodes": [
            { "databaseId": 7, "name": "main", "target": "BRANCH", "enforcement": "ACTIVE",
              "source": { "__typename": "Repository" }, "bypassActors": { "totalCount": 0 },
              "rules": { "totalCount": 2, "nodes": [{ "type": "PULL_REQUEST" }, { "type": "DELETION" }] } },
            { "databaseId": 8, "name": "tags", "target": "TAG", "enforcement": "ACTIVE",
              "source": { "__typename": "Repository" }, "bypassActors": { "totalCount": 0 },
              "rules": { "totalCount": 2, "nodes": [{ "type": "UPDATE" }, { "type": "DELETION" }] } },
        ] } },
        "tags": { "refs": { "totalCount": 2, "nodes": [
            { "name": "v2.0.0", "target": { "__typename": "Commit", "oid": COMMIT, "committedDate": "2026-01-09T00:00:00Z" } },
            { "name": "v1.0.0", "target": { "__typename": "Commit", "oid": COMMIT, "committedDate": "2025-01-09T00:00:00Z" } },
        ] } },
        "releases": { "releases": { "totalCount": 2, "nodes": [
            release("v2.0.0", "2026-01-10", false), release("v1.0.0", "2025-01-10", false),
        ] } },
        "history": { "defaultBranchRef": { "target": { "recent": { "totalCount": 1 }, "history": { "nodes": [{
            "committedDate": "2026-01-30T00:00:00Z", "message": "Fix\n\nSigned-off-by: Ann <ann@example.org>",
            "parents": { "totalCount": 1 }, "signature": { "isValid": true },
            "author": { "name": "Ann", "email": "ann@example.org", "user": { "login": "ann" } },
        }] } } } },
        "reviews": { "pullRequests": { "totalCount": 1, "nodes": [{
            "author": person("ann"), "mergedBy": person("bob"), "reviews": { "nodes": [{ "author": person("bob") }] },
        }] } },
        "checks": { "pullRequests": { "nodes": [{ "commits": { "nodes": [{ "commit": {
            "statusCheckRollup": { "state": "SUCCESS" },
            "checkSuites": { "nodes": [{ "conclusion": "SUCCESS", "app": { "slug": "github-actions" } }] },
        } }] } }] } },
        "pull_requests": { "open": { "totalCount": 1, "nodes": [{ "createdAt": "2026-01-20T00:00:00Z" }] } },
        "issues": {
            "open": { "totalCount": 2, "nodes": [{ "createdAt": "2025-12-01T00:00:00Z" }] },
            "security": { "totalCount": 1 },
            "recent": { "nodes": [{
                "createdAt": "2026-01-02T00:00:00Z", "author": person("cas"), "authorAssociation": "NONE",
                "comments": { "nodes": [{
                    "createdAt": "2026-01-03T00:00:00Z", "author": person("ann"), "authorAssociation": "MEMBER",
                }] },
            }] },
        },
        "community": {
            "isSecurityPolicyEnabled": true, "codeOfConduct": { "key": "other" },
            "contributingGuidelines": { "url": "https://github.com/acme/widget/blob/main/CONTRIBUTING.md" },
            "issueTemplates": [], "pullRequestTemplates": [], "contactLinks": [], "isBlankIssuesEnabled": true,
            "fundingLinks": [], "codeowners": { "errors": [{ "kind": "Unknown owner" }] },
        },
        "merging": {
            "mergeCommitAllowed": false, "squashMergeAllowed": true, "rebaseMergeAllowed": false,
            "autoMergeAllowed": true, "deleteBranchOnMerge": true,
        },
        "dependencies": { "dependencyGraphManifests": { "totalCount": 1 } },
        "inherited": {
            "url": "https://github.com/acme/.github", "isPrivate": false,
            "defaultBranchRef": { "target": { "oid": LENT_COMMIT } }, "root": folder(&LENT), "github": null, "docs": null,
        },
    } })
}

/// The contents that a query asks for by their ids.
fn blobs(query: &str) -> Value {
    let mut found: BTreeMap<&str, serde_json::Map<String, Value>> = BTreeMap::new();
    let mut root = "repository";
    for line in query.lines() {
        if line.contains("repository(") {
            root = if line.trim_start().starts_with("inherited") { "inherited" } else { "repository" };
            found.entry(root).or_default();
        }
        let Some((place, rest)) = line.trim().split_once(": object(oid: \"") else { continue };
        let id = rest.split('"').next().unwrap_or_default();
        let text = FILES.iter().chain(&LENT).map(|(_, text)| *text).find(|text| blob_id(text) == id);
        let blob = text.map(|text| {
            let binary = text.contains('\0');
            let shown = if binary || rest.contains("Kind") { Value::Null } else { json!(text) };
            json!({ "byteSize": text.len(), "isBinary": binary, "isTruncated": false, "text": shown })
        });
        found.entry(root).or_default().insert(place.to_owned(), blob.unwrap_or_default());
    }
    json!({ "data": found })
}

/// The repository as the REST API tells it.
fn repository(role: Option<&str>) -> Value {
    let mut repository = json!({
        "id": 42, "name": "widget", "full_name": "acme/widget", "html_url": "https://github.com/acme/widget", "size": 120,
        "private": false, "visibility": "public", "archived": false, "disabled": false, "fork": true,
        "parent": { "full_name": "upstream/widget" }, "mirror_url": "https://git.example.org/widget",
        "owner": { "login": "acme", "type": "Organization" }, "created_at": "2020-01-02T00:00:00Z",
        "pushed_at": "2026-01-30T00:00:00Z", "homepage": "https://widget.example.org", "has_issues": true,
        "has_discussions": true, "license": { "spdx_id": "MIT" }, "web_commit_signoff_required": true,
        "default_branch": "main",
    });
    if let Some(role) = role {
        let admin = role == "ADMIN";
        repository["permissions"] = json!({ "admin": admin, "maintain": admin, "push": admin, "pull": true });
        if admin {
            let on = json!({ "status": "enabled" });
            repository["security_and_analysis"] = json!({
                "secret_scanning": on, "secret_scanning_push_protection": on, "dependabot_security_updates": on,
            });
        }
    }
    repository
}

/// The answers of the REST API.
fn rest(role: Option<&str>) -> BTreeMap<String, ResponseTemplate> {
    let administers = role == Some("ADMIN");
    let ruleset = |id: u64, name: &str, target: &str, kinds: [&str; 2]| {
        json!({ "id": id, "name": name, "target": target, "enforcement": "active", "source_type": "Repository",
                "rules": kinds.map(|kind| json!({ "type": kind })) })
    };
    let rule = |kind: &str, parameters: Value| json!({ "type": kind, "parameters": parameters, "ruleset_id": 7, "ruleset_source_type": "Repository" });
    let assets = ASSETS.map(|name| json!({ "name": name, "browser_download_url": address_of_asset(name) }));
    let release = |tag: &str, day: &str| {
        json!({
            "tag_name": tag, "body": "Fixes a bug.", "draft": false, "prerelease": false, "immutable": true,
            "published_at": format!("{day}T00:00:00Z"),
            "assets": assets,
        })
    };
    let files = FILES.iter().map(|(path, text)| {
        json!({ "path": path, "mode": "100644", "type": "blob", "sha": blob_id(text), "size": text.len() })
    });
    let commit = json!([{
        "sha": COMMIT, "parents": [{}], "author": { "login": "ann", "type": "User" },
        "commit": {
            "author": { "name": "Ann", "email": "ann@example.org", "date": "2026-01-30T00:00:00Z" },
            "committer": { "name": "GitHub", "email": "noreply@github.com", "date": "2026-01-30T00:00:00Z" },
            "message": "Fix\n\nSigned-off-by: Ann <ann@example.org>", "verification": { "verified": true },
        },
    }]);
    let branch = json!({
        "name": "main", "commit": { "sha": COMMIT }, "protected": true,
        "protection": { "enabled": true, "required_status_checks": { "enforcement_level": "everyone", "contexts": ["test"] } },
    });
    let rulesets =
        [ruleset(7, "main", "branch", ["pull_request", "deletion"]), ruleset(8, "tags", "tag", ["update", "deletion"])];
    let rules = json!([
        rule(
            "pull_request",
            json!({
                "required_approving_review_count": 2, "dismiss_stale_reviews_on_push": true, "require_code_owner_review": true,
                "require_last_push_approval": true, "required_review_thread_resolution": true,
            })
        ),
        rule("deletion", Value::Null),
        rule("non_fast_forward", Value::Null),
        rule("required_signatures", Value::Null),
        rule("required_linear_history", Value::Null),
        rule(
            "required_status_checks",
            json!({
                "strict_required_status_checks_policy": true, "required_status_checks": [{ "context": "test" }],
            })
        ),
    ]);
    let organization = if administers {
        json!({ "login": "acme", "is_verified": true, "two_factor_requirement_enabled": true, "default_repository_permission": "read" })
    } else {
        json!({ "login": "acme", "is_verified": true })
    };
    let at = |path: &str| format!("/repos/acme/widget{path}");
    let mut answers: BTreeMap<String, ResponseTemplate> = [
        (at(""), repository(role)),
        (at("/branches/main"), branch),
        (at("/rules/branches/main?per_page=100"), rules),
        (
            at(&format!("/git/trees/{COMMIT}?recursive=1")),
            json!({ "truncated": false, "tree": files.collect::<Vec<_>>() }),
        ),
        (at("/releases?per_page=30"), json!([release("v2.0.0", "2026-01-10"), release("v1.0.0", "2025-01-10")])),
        (at("/commits?sha=main&per_page=100"), commit),
        (
            at("/contributors?per_page=100"),
            json!([
                { "login": "ann", "type": "User" },
                { "login": "bob", "type": "User" },
                { "login": "renovate[bot]", "type": "Bot" },
            ]),
        ),
        (at("/private-vulnerability-reporting"), json!({ "enabled": true })),
        (
            at("/security-advisories?state=published&per_page=100"),
            json!([{ "state": "published", "published_at": "2025-05-01T00:00:00Z" }]),
        ),
        (at("/rulesets?includes_parents=true&per_page=100"), json!(rulesets)),
        (at("/rulesets/8"), json!(rulesets[1])),
        ("/orgs/acme".to_owned(), organization),
    ]
    .into_iter()
    .map(|(key, body)| (key, json_of(&body)))
    .collect();
    for (path, download, packed) in [
        (at(&format!("/tarball/{COMMIT}")), "/codeload/widget.tar.gz", archive(&FILES, COMMIT)),
        ("/repos/acme/.github/tarball/HEAD".to_owned(), "/codeload/lent.tar.gz", archive(&LENT, LENT_COMMIT)),
    ] {
        answers.insert(path, redirect(302, download));
        answers.insert(download.to_owned(), ResponseTemplate::new(200).set_body_bytes(packed));
    }
    let actions = json!({ "enabled": true, "allowed_actions": "selected", "sha_pinning_required": true });
    let workflow = json!({ "default_workflow_permissions": "read", "can_approve_pull_request_reviews": false });
    let collaborators = json!([{ "permissions": { "admin": true, "maintain": true, "push": true } }]);
    if administers {
        for (path, body) in [
            ("/actions/permissions", actions),
            ("/actions/permissions/workflow", workflow),
            ("/collaborators?per_page=100", collaborators),
            ("/code-scanning/default-setup", json!({ "state": "configured" })),
        ] {
            answers.insert(at(path), json_of(&body));
        }
        answers.insert(at("/vulnerability-alerts"), ResponseTemplate::new(204));
        answers.extend(settings_by_rest().into_iter().map(|(path, body)| (path.to_owned(), json_of(&body))));
    }
    answers
}

struct Rich {
    answers: BTreeMap<String, ResponseTemplate>,
    role: Option<&'static str>,
}

impl Respond for Rich {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let target = request
            .url
            .query()
            .map_or_else(|| request.url.path().to_owned(), |query| format!("{}?{query}", request.url.path()));
        let name = name_of(&target, &request.body);
        let authorization = request.headers.get("authorization").and_then(|value| value.to_str().ok());
        let good = format!("Bearer {TOKEN}");
        match (authorization, self.role) {
            (Some(_), _) if target.starts_with("/codeload/") => message(400, "the token does not belong here"),
            (Some(sent), _) if sent != good => message(401, "Bad credentials"),
            (Some(_), Some(role)) if name.starts_with("graphql") => {
                let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
                let query = body["query"].as_str().unwrap_or_default();
                json_of(&match name.as_str() {
                    "graphql SeaworthyBlobs" => blobs(query),
                    "graphql Seaworthy" => with_settings(graphql(role), query),
                    name => settings_by_graphql(name),
                })
            }
            (_, _) if name.starts_with("graphql") => message(401, "Requires authentication"),
            _ => self.answers.get(&name).cloned().unwrap_or_else(|| message(404, "Not Found")),
        }
    }
}

/// The answer to the first query, with what it asks beside the repository.
fn with_settings(mut answer: Value, query: &str) -> Value {
    let settings = settings_by_graphql("graphql SeaworthyAdministration");
    for (name, value) in settings["data"].as_object().unwrap() {
        if query.contains(&format!("\n{name}: ")) {
            answer["data"][name] = value.clone();
        }
    }
    answer
}

struct Any;

impl Match for Any {
    fn matches(&self, _: &Request) -> bool {
        true
    }
}

/// Starts the fake, as somebody with this role sees it: `READ`, `ADMIN`, or nobody in particular.
pub(crate) async fn start(role: Option<&'static str>) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(Any).respond_with(Rich { answers: rest(role), role }).mount(&server).await;
    server
}

/// Collects from an API, always at the same present.
pub(crate) async fn collect_from(
    api: &str,
    subject: &Slug,
    token: Option<&str>,
    timeout: Duration,
) -> Result<Evidence, CollectError> {
    let settings = Settings { timeout, ..Settings::new(api.parse().unwrap()) };
    collect_with(settings, subject, token).await
}

/// The same, in another way.
pub(crate) async fn collect_with(
    settings: Settings,
    subject: &Slug,
    token: Option<&str>,
) -> Result<Evidence, CollectError> {
    let settings = Settings { credentials: token.map(|token| Token::new(token).unwrap()).into(), ..settings };
    let now = "2026-02-01T00:00:00Z".parse().unwrap();
    collect(subject, &settings, now).await.map(|collected| collected.evidence)
}
