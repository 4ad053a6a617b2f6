//! What the few requests, the role and the kind of token say of each permission that evidence needs.

use super::super::TokenKind;
use super::super::answer::Answer;
use super::super::slug::Slug;
use super::examination::{Examination, PermissionSight, Sight, SubjectExamination};
use super::groups;
use super::probes::Facts;
use crate::evidence::{Access, Holder, Level, Permission, Permissions, Role, Vocabulary};

/// Ids of the permissions that requests show.
const METADATA: &str = "metadata: read";
const CONTENTS: &str = "contents: read";
const PULL_REQUESTS: &str = "pull_requests: read";
const ADMINISTRATION: &str = "administration: read";
const WRITE_ACCESS: &str = "write access to the repository";
const ORGANIZATION: &str = "organization_administration: read";

/// What can be seen of a subject.
pub(super) fn of(facts: &Facts, slug: &Slug, examination: &Examination) -> SubjectExamination {
    let needed = Permissions::built_in().needed(Vocabulary::built_in());
    let permissions: Vec<PermissionSight> = needed
        .into_iter()
        .map(|permission| {
            let (sight, why) = sight(permission, facts, examination);
            PermissionSight { permission: permission.id.clone(), sight, why }
        })
        .collect();
    let anonymous = examination.kind.is_none();
    SubjectExamination {
        name: facts.repository.full_name.clone().unwrap_or_else(|| slug.to_string()),
        access: facts.access,
        public: facts.is_public(),
        organization: facts.is_organization(),
        groups: groups::of(Vocabulary::built_in(), &permissions, anonymous),
        permissions,
    }
}

type Told = (Sight, String);

fn sight(permission: &Permission, facts: &Facts, examination: &Examination) -> Told {
    if permission.of == Holder::Organization && facts.is_organization() == Some(false) {
        return (Sight::NotApplicable, "the owner is a personal account".to_owned());
    }
    if let Some(told) = shown(permission, facts) {
        return told;
    }
    if permission.base && facts.is_public() {
        return (Sight::Seen, "the repository is public".to_owned());
    }
    let hidden = |why: &str| (Sight::Hidden, why.to_owned());
    let Some(kind) = examination.kind else { return hidden("only a token shows it") };
    if kind == TokenKind::Actions && permission.workflow.is_none() && permission.role != Some(Role::Write) {
        return hidden("GITHUB_TOKEN can never have it");
    }
    if let Some(granted) = &examination.granted {
        let level = granted.get(&permission.key).map(String::as_str);
        return match (level, permission.level) {
            (None, _) => hidden("the installation was not granted it"),
            (Some("read"), Level::Write) => hidden("the installation was granted it to read only"),
            (Some(_), _) => (Sight::Seen, "the installation was granted it".to_owned()),
        };
    }
    if let Some(why) = role_too_low(permission, facts, kind) {
        return hidden(&why);
    }
    let missing = permission.scope.as_deref().zip(examination.scopes.as_deref());
    if let Some((scope, scopes)) = missing {
        return if has_scope(scopes, scope) {
            (Sight::Seen, format!("the token has the scope {scope}, and its owner the role"))
        } else {
            hidden(&format!("the token lacks the scope {scope}"))
        };
    }
    (Sight::Unknown, "GitHub does not list what this kind of token may do, and it was not tried".to_owned())
}

/// What a request showed of a permission; None where none was made for it.
fn shown(permission: &Permission, facts: &Facts) -> Option<Told> {
    let owners = facts.organization.as_ref().map(|shows| *shows);
    let (answer, how) = match permission.id.as_str() {
        METADATA => return Some((Sight::Seen, "the repository was read".to_owned())),
        CONTENTS => (facts.contents.clone(), "a commit was read"),
        PULL_REQUESTS => (facts.pull_requests.clone(), "pull requests were counted"),
        ADMINISTRATION => (facts.administration.clone(), "the Actions settings were read"),
        WRITE_ACCESS => (facts.collaborators.clone(), "collaborators were listed"),
        ORGANIZATION => match owners {
            Answer::Known(false) => {
                return Some((Sight::Hidden, "the organisation shows its settings to its owners alone".to_owned()));
            }
            other => (other.map(|_| ()), "the organisation showed its settings"),
        },
        _ => return None,
    };
    match answer {
        Answer::Known(()) => Some((Sight::Seen, how.to_owned())),
        Answer::Failed(reason) => Some((Sight::Unknown, reason)),
        // A refusal says less than the role and the kind of token do.
        Answer::Denied if was_tried(permission, facts) => Some((Sight::Hidden, "GitHub refused it".to_owned())),
        Answer::Denied | Answer::Untold(_) => None,
    }
}

/// Whether what is denied was asked for, instead of being left out for the role's sake.
fn was_tried(permission: &Permission, facts: &Facts) -> bool {
    match permission.role {
        None => true,
        Some(Role::Write) => facts.access >= Access::Write,
        Some(Role::Administrator | Role::Owner) => facts.access >= Access::Admin,
    }
}

fn role_too_low(permission: &Permission, facts: &Facts, kind: TokenKind) -> Option<String> {
    let role = permission.role?;
    let enough = match role {
        Role::Write => facts.access >= Access::Write,
        Role::Administrator => facts.access >= Access::Admin,
        Role::Owner => facts.owns_organization != Some(false) && facts.access >= Access::Admin,
    };
    let whose = if kind.is_app() { "the token" } else { "the token's owner" };
    (!enough).then(|| match role {
        Role::Write => format!("{whose} has no write access to the repository"),
        Role::Administrator => format!("{whose} does not administer the repository"),
        Role::Owner => format!("{whose} is no owner of the organisation"),
    })
}

/// Wider scopes and what they hold.
const WIDER: [(&str, &[&str]); 6] = [
    ("repo", &["repo:status", "repo_deployment", "public_repo", "security_events"]),
    ("admin:org", &["write:org", "read:org"]),
    ("write:org", &["read:org"]),
    ("admin:repo_hook", &["write:repo_hook", "read:repo_hook"]),
    ("write:repo_hook", &["read:repo_hook"]),
    ("write:packages", &["read:packages"]),
];

/// Whether a scope is part of a wider one, or the same.
pub(super) fn is_held_by(scope: &str, wide: &str) -> bool {
    wide == scope || WIDER.iter().any(|(name, narrower)| *name == wide && narrower.contains(&scope))
}

fn has_scope(scopes: &[String], scope: &str) -> bool {
    scopes.iter().any(|wide| is_held_by(scope, wide))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn facts(access: Access) -> Facts {
        let repository = json!({ "id": 1, "name": "widget", "html_url": "u", "visibility": "private",
            "owner": { "login": "acme", "type": "Organization" } });
        Facts {
            repository: serde_json::from_value(repository).unwrap(),
            access,
            owns_organization: None,
            contents: Answer::Known(()),
            pull_requests: Answer::Known(()),
            administration: Answer::Denied,
            collaborators: Answer::Denied,
            organization: Answer::Denied,
        }
    }

    fn examination(kind: Option<TokenKind>, scopes: Option<&[&str]>) -> Examination {
        let scopes = scopes.map(|scopes| scopes.iter().map(|scope| (*scope).to_owned()).collect());
        Examination { kind, scopes, ..Examination::new("api".to_owned()) }
    }

    fn told(id: &str, facts: &Facts, examination: &Examination) -> Told {
        sight(Permissions::built_in().get(id).unwrap(), facts, examination)
    }

    #[test]
    fn a_role_that_is_too_low_hides_settings() {
        let token = examination(Some(TokenKind::FineGrained), None);
        let (sight, why) = told(ADMINISTRATION, &facts(Access::Write), &token);
        assert_eq!((sight, why.as_str()), (Sight::Hidden, "the token's owner does not administer the repository"));
        let (sight, why) = told(ADMINISTRATION, &facts(Access::Admin), &token);
        assert_eq!((sight, why.as_str()), (Sight::Hidden, "GitHub refused it"));
        let shown = Facts { administration: Answer::Known(()), ..facts(Access::Admin) };
        assert_eq!(told(ADMINISTRATION, &shown, &token).0, Sight::Seen);
    }

    #[test]
    fn what_was_not_tried_and_does_not_follow_is_unknown() {
        let fine_grained = examination(Some(TokenKind::FineGrained), None);
        assert_eq!(told("webhooks: read", &facts(Access::Admin), &fine_grained).0, Sight::Unknown);
        assert_eq!(told("webhooks: read", &facts(Access::Read), &fine_grained).0, Sight::Hidden);
        let classic = |scopes: &[&str]| examination(Some(TokenKind::Classic), Some(scopes));
        assert_eq!(told("webhooks: read", &facts(Access::Admin), &classic(&["admin:repo_hook"])).0, Sight::Seen);
        assert_eq!(told("webhooks: read", &facts(Access::Admin), &classic(&["repo"])).0, Sight::Hidden);
        let failed = Facts { pull_requests: Answer::failed("HTTP 502"), ..facts(Access::Read) };
        assert_eq!(told(PULL_REQUESTS, &failed, &classic(&["repo"])), (Sight::Unknown, "HTTP 502".to_owned()));
    }

    #[test]
    fn the_token_of_actions_never_sees_settings() {
        let actions = examination(Some(TokenKind::Actions), None);
        let (sight, why) = told(ADMINISTRATION, &facts(Access::Write), &actions);
        assert_eq!((sight, why.as_str()), (Sight::Hidden, "GITHUB_TOKEN can never have it"));
    }

    #[test]
    fn an_installation_has_what_it_was_granted() {
        let mut app = examination(Some(TokenKind::Installation), None);
        app.granted = Some([("repository_hooks".to_owned(), "read".to_owned())].into());
        assert_eq!(told("webhooks: read", &facts(Access::Read), &app).0, Sight::Seen);
        assert_eq!(told("secrets: read", &facts(Access::Read), &app).0, Sight::Hidden);
        app.granted = Some([("administration".to_owned(), "read".to_owned())].into());
        assert_eq!(told("administration: write", &facts(Access::Read), &app).0, Sight::Hidden);
    }

    #[test]
    fn a_personal_account_has_no_organisation_and_nobody_sees_no_settings() {
        let mut personal = facts(Access::Anonymous);
        personal.repository.owner = serde_json::from_value(json!({ "type": "User" })).unwrap();
        let nobody = examination(None, None);
        assert_eq!(told(ORGANIZATION, &personal, &nobody).0, Sight::NotApplicable);
        assert_eq!(told(ADMINISTRATION, &personal, &nobody), (Sight::Hidden, "only a token shows it".to_owned()));
    }

    #[test]
    fn wider_scopes_hold_narrower_ones() {
        let has = |have: &str, need: &str| has_scope(&[have.to_owned()], need);
        assert!(has("repo", "repo") && has("repo", "security_events") && has("admin:org", "read:org"));
        assert!(!has("public_repo", "repo") && !has("read:org", "admin:org") && !has("", "repo"));
    }
}
