//! An examination as a page for people.

use chrono::{DateTime, Utc};

use crate::cli::table::{table, wrapped};
use crate::collect::github::TokenKind;
use crate::collect::github::doctor::{Examination, GroupSight, PermissionSight, Reach, Sight, SubjectExamination};
use crate::evidence::{Access, Permissions};

/// Clocks that differ by more make trouble for apps.
const CLOCK_LEEWAY_SECONDS: i64 = 60;

/// The whole page.
pub(super) fn page(examination: &Examination, width: usize) -> String {
    let mut text = String::from("Connection\n");
    let mut line = |name: &str, value: &str| text.push_str(&wrapped(width, &format!("  {name:<9}"), value));
    line("API", &examination.api);
    line("Server", &server(examination));
    if let Some(proxy) = &examination.proxy {
        line("Proxy", proxy);
    }
    line("Cache", examination.cache.as_deref().unwrap_or("none: no answers are kept"));
    line("Asked as", &who(examination));
    if let Some(why) = &examination.refused {
        line("Refused", why);
    } else if matches!(examination.reached, Reach::Yes) {
        line("May", &may(examination));
    }
    if let Some(at) = examination.expires_at {
        line("Expires", &day(at));
    }
    if let Some(sso) = &examination.sso {
        line("SSO", sso);
    }
    for limit in examination.limits.iter().filter(|limit| limit.limit > 0) {
        let again =
            limit.full_again_at.map_or_else(String::new, |at| format!(", full again at {}", at.format("%H:%M UTC")));
        line("Limit", &format!("{}: {} of {} requests left{again}", limit.api, limit.remaining, limit.limit));
    }
    if let Some(ahead) = examination.clock_ahead_seconds.filter(|ahead| ahead.abs() > CLOCK_LEEWAY_SECONDS) {
        let direction = if ahead > 0 { "ahead of" } else { "behind" };
        line("Clock", &format!("this machine's is {} seconds {direction} GitHub's; set it right", ahead.abs()));
    }
    if let Some(subject) = &examination.subject {
        text.push_str(&of_subject(subject, width));
    }
    if matches!(examination.reached, Reach::Yes) {
        text.push_str(&advice(examination, width));
    }
    text.push_str(&format!("\nRequests that counted against the rate limit: {}\n", examination.requests));
    text
}

fn server(examination: &Examination) -> String {
    match (&examination.reached, &examination.enterprise_version) {
        (Reach::Yes, Some(version)) => format!("GitHub Enterprise Server {version}"),
        (Reach::Yes, None) => "GitHub answers".to_owned(),
        (Reach::Odd { why }, _) => format!("not GitHub: {why}"),
        (Reach::No { why }, _) => format!("not reached: {why}"),
    }
}

fn who(examination: &Examination) -> String {
    let identity = &examination.identity;
    if let Some(id) = &identity.app {
        let name = identity.app_name.as_deref().map_or_else(String::new, |name| format!(" ({name})"));
        let installation = identity.installation.map_or_else(String::new, |id| format!(", installation {id}"));
        return format!("GitHub App {id}{name}{installation}");
    }
    let Some(kind) = examination.kind else { return "nobody: no token".to_owned() };
    match &identity.login {
        Some(login) => format!("{login}; {}", kind.title()),
        None => kind.title().to_owned(),
    }
}

/// What GitHub says that the credentials may do.
fn may(examination: &Examination) -> String {
    if let Some(granted) = &examination.granted {
        let granted: Vec<String> = granted.iter().map(|(name, level)| format!("{name}: {level}")).collect();
        return format!("what the installation was granted: {}", granted.join(", "));
    }
    match (&examination.scopes, examination.kind) {
        (_, None) => "what anybody may read".to_owned(),
        (Some(scopes), _) if scopes.is_empty() => "no scopes: what anybody may read".to_owned(),
        (Some(scopes), _) => format!("scopes: {}", scopes.join(", ")),
        (None, Some(TokenKind::Actions)) => "what the workflow's `permissions` block gives".to_owned(),
        (None, Some(_)) => "GitHub does not list the permissions of this kind of token".to_owned(),
    }
}

fn day(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}

fn of_subject(subject: &SubjectExamination, width: usize) -> String {
    let mut text = format!("\nWhat can be seen of {}\n", subject.name);
    let visibility = if subject.public { "public" } else { "not public" };
    text.push_str(&wrapped(width, "  Role     ", &format!("{}; the repository is {visibility}", role(subject.access))));
    text.push('\n');
    let rows = subject.groups.iter().map(|group| [group.title.clone(), count(group), group.needs.join("; ")]);
    for line in table(width.saturating_sub(2), ["Evidence", "Seen", "The rest needs"], rows).lines() {
        text.push_str(&format!(" {line}\n"));
    }
    text.push_str("\nPermissions\n");
    for PermissionSight { permission, sight, why } in &subject.permissions {
        let words = Permissions::built_in().words(permission);
        text.push_str(&wrapped(width, &format!("  {:<8} ", word(*sight)), &format!("{words}: {why}")));
    }
    text
}

fn role(access: Access) -> &'static str {
    match access {
        Access::Anonymous | Access::Checkout => "none, like anybody",
        Access::Read => "may read",
        Access::Write => "may push",
        Access::Admin => "administrator",
    }
}

fn word(sight: Sight) -> &'static str {
    match sight {
        Sight::Seen => "yes",
        Sight::Partly => "partly",
        Sight::Hidden => "no",
        Sight::NotApplicable => "–",
        Sight::Unknown => "unknown",
    }
}

fn count(group: &GroupSight) -> String {
    let mut text = format!("{} of {}", group.seen, group.total);
    for (number, words) in
        [(group.partly, "only from rulesets"), (group.not_applicable, "do not apply"), (group.unknown, "unknown")]
    {
        if number > 0 {
            text.push_str(&format!(", {number} {words}"));
        }
    }
    text
}

fn advice(examination: &Examination, width: usize) -> String {
    let advice = &examination.advice;
    let block = |text: &str| textwrap::indent(text, "    ");
    let mut text = "\nReady to paste: what shows everything\n".to_owned();
    text.push_str("  Fine-grained token, made by an administrator:\n");
    text.push_str(&block(&advice.fine_grained));
    text.push_str(&wrapped(width, "  Classic token, scopes: ", &advice.classic.join(", ")));
    text.push_str("  GitHub App, in its manifest:\n");
    text.push_str(&block(&advice.app));
    text.push_str("  Workflow with GITHUB_TOKEN:\n");
    text.push_str(&block(&advice.workflow));
    text.push_str(&wrapped(
        width,
        "    ",
        &format!("GITHUB_TOKEN can never have {}.", advice.never_in_workflows.join(", ")),
    ));
    text
}
