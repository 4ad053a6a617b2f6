//! What a fault may take away, and what it says where GitHub itself could have said so.

use seaworthy::collect::github::Slug;
use seaworthy::evidence::{KeyInfo, Kind, State, Vocabulary};

use crate::fault_proxy::{Fault, is_download};

/// Answers that are wrong only from outside: GitHub itself gives them, and what they say is what is read in them.
pub(super) fn is_its_meaning(fault: &Fault, name: &str, key: &str) -> bool {
    match fault {
        // 404 says that alerts are off, and that the owner has no `.github` repository.
        Fault::Status(404, _) if name.ends_with("/vulnerability-alerts") => key == "security.dependabot_alerts",
        Fault::Status(404, _) if name.contains("/.github/tarball/") => is_lent(key),
        Fault::At(path, "NOT_FOUND") if path == &["inherited"] => is_lent(key),
        // What is refused may hide a source, and names of rulesets.
        Fault::OnlyRepository(kind) => {
            key == "default_branch.protection_sources" || (*kind == "NOT_FOUND" && is_lent(key))
        }
        Fault::Hollow if name.contains("/rulesets?") => key == "default_branch.protection_sources",
        // An empty list has no body.
        Fault::NoContent if name.contains("/contributors") => key == "repo.contributors",
        // An answer with nothing in it is how GitHub says that there is no limit.
        Fault::NoContent | Fault::Hollow if name.ends_with("/interaction-limits") => key == "access.interaction_limit",
        // A list of one thing of which nothing is told still says that there is one, but not that it is a person.
        Fault::Hollow if name.contains("/contributors") => false,
        Fault::Hollow => Vocabulary::built_in().get(key).is_some_and(|info| info.kind == Kind::Count),
        // Whoever is shown the log, with nothing in it, has one.
        Fault::OtherType if name.contains("/audit-log") => key == "org.audit_log",
        // Without a body no configuration is attached.
        Fault::NoContent if name.ends_with("/code-security-configuration") => key.starts_with("security.configuration"),
        // Without its name a ruleset goes by its number.
        Fault::At(path, _) if path.first().is_some_and(|part| part == "rulesets") => {
            key == "default_branch.protection_sources"
        }
        _ if name.contains("/rulesets?") => key == "default_branch.protection_sources",
        // Null says that there is none.
        Fault::Nulls => NONE_IF_NULL.contains(&key),
        _ => false,
    }
}

/// What is taken to stay unknown for a while: 404 says that this server does not have the setting.
pub(super) fn stays_unknown(fault: &Fault, name: &str) -> bool {
    matches!(fault, Fault::Status(404, _)) && name.ends_with("/fork-pr-contributor-approval")
}

/// Keys that files of the owner's `.github` repository can settle.
pub(super) fn is_lent(key: &str) -> bool {
    Vocabulary::built_in().get(key).is_some_and(|info| info.told_by("files"))
}

/// Keys whose fields GitHub leaves null where there is nothing.
pub(super) const NONE_IF_NULL: [&str; 5] =
    ["repo.fork_of", "repo.homepage", "repo.homepage_https", "repo.license_spdx", "repo.mirror_of"];

/// Requests without which nothing is known of the subject.
pub(super) fn identifies(name: &str, subject: &Slug) -> bool {
    name.starts_with("graphql") || name == format!("/repos/{subject}")
}

/// Requests for files, their list and their contents.
pub(super) fn is_for_files(name: &str) -> bool {
    let parts = ["/git/trees/", "/tarball/", "/contents/", "Blobs", "/git/blobs/"];
    is_download(name) || parts.iter().any(|part| name.contains(part))
}

/// Keys that need an answer which the vocabulary does not name as their source.
pub(super) const DERIVED: [(&str, &[&str]); 4] = [
    (
        "/rules/branches/",
        &["default_branch.locked", "default_branch.review_dismissal_restricted", "default_branch.token_can_bypass"],
    ),
    ("/releases?", &["docs.changelog_covers_latest", "releases.marked_latest"]),
    (
        "/actions/permissions",
        &["actions.selected_github_owned", "actions.selected_patterns", "actions.selected_verified"],
    ),
    ("/rulesets?", &["rulesets.push_rules", "tags.protected", "tags.protected_names", "tags.rules"]),
];

/// What a fault costs others: a limit that is used up is so for all, and redirects, pieces of queries and other ways to
/// the files take requests that others would have had. That is told, and wrong of nothing.
pub(super) fn is_displaced(state: &State) -> bool {
    const REASONS: [&str; 4] = [
        "rate limit is used up",
        "requests that a collection may make are used up",
        "than were read",
        "as far as seen",
    ];
    let (State::Failed { reason } | State::Unavailable { reason }) = state else { return false };
    REASONS.iter().any(|words| reason.contains(words))
}

/// Whether the vocabulary says that a key is read from this request.
pub(super) fn feeds(name: &str, subject: &Slug, info: &KeyInfo) -> bool {
    if is_for_files(name) {
        return info.told_by("files");
    }
    let path = name.split('?').next().unwrap_or_default();
    if identifies(name, subject) || path.contains("/branches/") && !path.contains("/rules/") {
        return true;
    }
    if DERIVED.iter().any(|(part, keys)| name.contains(part) && keys.contains(&info.key.as_str())) {
        return true;
    }
    let segments: Vec<&str> = path.split('/').collect();
    let reads = info.sources.iter().flat_map(|source| source.read.split("GET ").skip(1));
    let same = |read: &str| {
        let template: Vec<&str> = read.split([' ', '?', ';', ',']).next().unwrap_or_default().split('/').collect();
        template.len() == segments.len()
            && template.iter().zip(&segments).all(|(name, segment)| name.starts_with('{') || name == segment)
    };
    reads.into_iter().any(same)
}
