//! What the security policy says: how to report, how soon somebody answers, and what follows.

use super::library::{Document, Library, README, SECURITY, SUPPORT};
use super::note::{holds_address, note};
use super::outline::{Link, Outline, Sentence};
use super::pattern::Pattern;
use super::reading::{Passage, first, heading, names, not_found, says, sentence, sentence_with};
use super::{response, yaml};
use crate::evidence::{Observation, Place, State};

/// The keys `policy.security*`, `policy.supported_versions` and `policy.end_of_support`.
pub(super) fn analyse(library: &Library<'_>) -> Vec<Observation> {
    static MORE: Pattern = Pattern::new(r"vuln|disclos|security|report");
    let policy = library.policy(SECURITY);
    let documents = library.with_linked(SECURITY, &MORE);
    let linked = if policy.is_none() { linked_policy(library) } else { None };
    let mut content = Vec::from(contacts(library, &documents));
    content.push(response_days(library, &documents));
    content.push(says(library, "policy.security_disclosure", &documents, disclosure));
    content.push(says(library, "policy.security_scope", &documents, scope));
    if linked.is_some() {
        let reason = "the security policy is kept elsewhere and was not read";
        let unread = |one: Observation| match one.state {
            State::Absent => Observation::unavailable(one.key, reason),
            _ => one,
        };
        content = content.into_iter().map(unread).collect();
    }
    let file = match policy {
        Some(document) => document.seen("policy.security"),
        None => linked.unwrap_or_else(|| library.absent("policy.security")),
    };
    let mut observations = vec![file];
    observations.extend(content);
    observations.extend(support(library));
    observations
}

/// A security policy kept elsewhere, to which the README links.
fn linked_policy(library: &Library<'_>) -> Option<Observation> {
    static POLICY: Pattern = Pattern::new(
        r"^https?://\S+/(security(\.(md|rst|txt|html?))?/?|security[-_]policy\S*|security/policy/?|\S*disclosure[-_]policy\S*)([#?].*)?$",
    );
    static ABOUT: Pattern = Pattern::new(r"\b(security|vulnerabilit(y|ies))\b");
    let readme = library.policy(README)?;
    let mut links = readme.outline().ok()?.links.iter();
    let link = links.find(|link| POLICY.is_match(&link.target) && ABOUT.is_match(&link.sentence))?;
    let place = readme.line(link.line, &link.sentence);
    Some(Observation::seen("policy.security", note(&link.target)).at(place).detail("kept elsewhere"))
}

/// What configures the page on which GitHub offers the kinds of issues.
pub(super) const ISSUE_CHOOSERS: [&str; 2] =
    [".github/ISSUE_TEMPLATE/config.yml", ".github/ISSUE_TEMPLATE/config.yaml"];

/// The form of private vulnerability reporting.
static REPORT_FORM: Pattern = Pattern::new(r"/security/advisories/new\b");

/// Finds the passage that names one way to report.
type Search = fn(&Outline) -> Option<Passage>;

/// `policy.security_contacts` and `policy.security_private_channel`.
fn contacts(library: &Library<'_>, documents: &[&Document<'_>]) -> [Observation; 2] {
    const WAYS: &str = "policy.security_contacts";
    const PRIVATE: &str = "policy.security_private_channel";
    // The surest first, since their places are shown first.
    const SEARCHES: [(&str, Search); 4] = [
        ("email", address),
        ("private-vulnerability-reporting", private_reporting),
        ("link", reporting_link),
        ("pgp-key", pgp_key),
    ];
    let mut ways: Vec<(&str, Place)> = Vec::new();
    for (name, search) in SEARCHES {
        if let Some((document, passage)) = first(documents, search) {
            ways.push((name, document.line(passage.line, &passage.text)));
        }
    }
    let private = ways.iter().find(|(way, _)| matches!(*way, "email" | "private-vulnerability-reporting"));
    let mut private = private.map(|(_, place)| place.clone());
    if private.is_none()
        && let Some(place) = link_of_issue_chooser(library)
    {
        if !ways.iter().any(|(way, _)| *way == "link") {
            ways.push(("link", place.clone()));
        }
        private = Some(place);
    }
    let private = match private {
        Some(place) => Observation::seen(PRIVATE, true).at(place),
        None => not_found(library, PRIVATE, documents),
    };
    [names(library, WAYS, documents, ways), private]
}

/// A link to private reporting that GitHub shows to those who are about to open an issue.
fn link_of_issue_chooser(library: &Library<'_>) -> Option<Place> {
    ISSUE_CHOOSERS.iter().find_map(|path| {
        let text = library.text(path).ok()?;
        let document = yaml::parse_bounded(text).ok()?;
        let links = document.get("contact_links")?.as_sequence()?;
        let mut urls = links.iter().filter_map(|link| link.get("url")?.as_str());
        let url = urls.find(|url| REPORT_FORM.is_match(url))?;
        let index = text.lines().position(|line| line.contains(url));
        let line = index.and_then(|index| u32::try_from(index + 1).ok());
        Some(Place { line, ..Place::file(*path) }.noted(note(url)))
    })
}

fn address(outline: &Outline) -> Option<Passage> {
    static MAIL_LINK: Pattern = Pattern::new(r"^mailto:[^@?]+@");
    let text = outline
        .sentences
        .iter()
        .enumerate()
        .find(|(index, sentence)| holds_address(&sentence.text) && is_for_reports(outline, *index, sentence))
        .map(|(_, sentence)| sentence)
        .or_else(|| outline.code.iter().find(|line| holds_address(&line.text) && is_for_security(&line.text)));
    let heading = outline.headings.iter().find(|heading| holds_address(&heading.text));
    let link = outline.links.iter().find(|link| {
        MAIL_LINK.is_match(&link.target) && (WRITE_TO.is_match(&link.sentence) || is_for_security(&link.target))
    });
    text.map(Passage::from)
        .or_else(|| heading.map(Passage::from))
        .or_else(|| link.map(|link| Passage { line: link.line, text: link.sentence.clone() }))
}

/// Words that ask to write to somebody.
static WRITE_TO: Pattern = Pattern::new(
    r"\b(report(s|ed|ing)?|contact(s|ed|ing)?|e-?mail(s|ed|ing)?|mail(s|ed|ing)?|send|sent|write|notify|disclose|reach|submit|message)\b",
);

/// Whether an address is one for security, by its name.
fn is_for_security(text: &str) -> bool {
    static NAME: Pattern = Pattern::new(
        r"\b[\w.+-]*(security|vuln|psirt|csirt|cert|infosec|appsec|disclos|report|abuse)[\w.+-]*\s*([(\[{<]?\s*at\b|@)",
    );
    NAME.is_match(text)
}

/// Whether an address stands where the reader is asked to write, rather than in a list of people.
fn is_for_reports(outline: &Outline, index: usize, sentence: &Sentence) -> bool {
    static HEADING: Pattern = Pattern::new(r"\b(report(ing)?|contacts?)\b");
    static LEADS_IN: Pattern = Pattern::new(r":\W*$");
    static OURSELVES: Pattern = Pattern::new(r"\bwe\b");
    let before = index.checked_sub(1).and_then(|before| outline.sentences.get(before));
    let is_led_in = before.is_some_and(|before| {
        before.heading == sentence.heading
            && LEADS_IN.is_match(&before.text)
            && WRITE_TO.is_match(&before.text)
            && !OURSELVES.is_match(&before.text)
    });
    let heading = sentence.heading.and_then(|heading| outline.headings.get(heading));
    let is_below_report = heading.is_some_and(|heading| HEADING.is_match(&heading.text));
    is_for_security(&sentence.text) || WRITE_TO.is_match(&sentence.text) || is_led_in || is_below_report
}

fn private_reporting(outline: &Outline) -> Option<Passage> {
    static ADVISORIES: Pattern = Pattern::new(r"github\.com/[^/]+/[^/]+/security/advisories/?$");
    static REPORT: Pattern = Pattern::new(r"\b(report|submit|disclos|open|creat|draft|notif)\w*");
    static NAMED: Pattern = Pattern::new(
        r"\bprivate (security )?vulnerability report(s|ing)?\b|\bprivate(ly)? report(ing)?\b.*\bgithub\b|\bgithub\b.*\bprivate(ly)? (report|vulnerabilit|disclos)|\b(report|submit|open|draft|create|file|disclose)\b.*\bgithub\b.*\bsecurity advisor(y|ies)|\bgithub\b.*\bsecurity advisor(y|ies)\b.*\b(to|can|please) (report|submit|open|disclose)\b|\breport a (security )?vulnerability\b.*\b(button|tab)\b|\b(button|tab)\b.*\breport a (security )?vulnerability\b|\b(open|create|draft|submit|file)\b.*\b(draft|private) (security )?advisor(y|ies)\b",
    );
    static DENIED: Pattern = Pattern::new(
        r"(\b(not|never|no longer)|n['’]t)\s+(\w+\s+){0,4}(github|private (security )?vulnerability|privately report)|\bprivate vulnerability reporting (is|are) (not|disabled)",
    );
    let by_link = outline.links.iter().find(|link| {
        REPORT_FORM.is_match(&link.target) || (ADVISORIES.is_match(&link.target) && REPORT.is_match(&link.sentence))
    });
    let by_name =
        outline.sentences.iter().find(|sentence| NAMED.is_match(&sentence.text) && !DENIED.is_match(&sentence.text));
    by_link.map(passage).or_else(|| by_name.map(Passage::from))
}

fn passage(link: &Link) -> Passage {
    Passage { line: link.line, text: link.sentence.clone() }
}

/// A link beside words of reporting, or one to a place for reports. What only explains is none.
fn reporting_link(outline: &Outline) -> Option<Passage> {
    static WEB: Pattern = Pattern::new(r"^https?://");
    static PLACE_FOR_REPORTS: Pattern = Pattern::new(
        r"^https?://([\w-]+\.)*(hackerone\.com|bugcrowd\.com|intigriti\.com|yeswehack\.com|huntr\.(dev|com)|immunefi\.com|synack\.com|msrc\.microsoft\.com|g\.co/vulnz|forms\.gle)\b",
    );
    static REPORT: Pattern =
        Pattern::new(r"\b(report(s|ed|ing)?|contact(s|ed|ing)?|submit(ted|ting)?|notify|reach us)\b");
    static EXPLAINS: Pattern = Pattern::new(
        r"^https?://([\w-]+\.)*(owasp\.org|cve\.org|mitre\.org|nist\.gov|first\.org|wikipedia\.org|docs\.github\.com|help\.github\.com|cert\.org|iso\.org|openssf\.org|semver\.org|shields\.io|creativecommons\.org)\b",
    );
    static NOT_FOR_REPORTS: Pattern =
        Pattern::new(r"/security/advisories(/|$)|/releases\b|\.(asc|gpg|pgp|png|svg)$|/blob/");
    static DENIED: Pattern = Pattern::new(r"(\b(not|never|instead of|rather than)|n['’]t)\b");
    outline
        .links
        .iter()
        .find(|link| {
            let beside = WEB.is_match(&link.target)
                && REPORT.is_match(&link.sentence)
                && !EXPLAINS.is_match(&link.target)
                && !NOT_FOR_REPORTS.is_match(&link.target)
                && !DENIED.is_match(&link.sentence);
            beside || PLACE_FOR_REPORTS.is_match(&link.target)
        })
        .map(passage)
}

/// A key itself, its fingerprint, or a link to it; the mere word is none.
fn pgp_key(outline: &Outline) -> Option<Passage> {
    static BLOCK: Pattern = Pattern::new(r"BEGIN PGP PUBLIC KEY BLOCK");
    static FINGERPRINT: Pattern =
        Pattern::new(r"\b(0x)?([0-9a-f]{4}[\s:]*){9}[0-9a-f]{4}\b|\b0x[0-9a-f]{8}([0-9a-f]{8})?\b");
    static KEY: Pattern = Pattern::new(r"\b(pgp|gpg|openpgp|fingerprint)\b");
    static KEY_LINK: Pattern = Pattern::new(
        r"\.(asc|gpg|pgp)([?#].*)?$|^https?://(keys\.openpgp\.org|keyserver\.|pgp\.mit\.edu|keybase\.io|pgp\.key-server)|/pks/lookup|github\.com/[^/]+\.gpg$",
    );
    static HAS_KEY: Pattern = Pattern::new(r"\b(pgp|gpg|openpgp)[\s-]+(public[\s-]+)?key\b|\bpublic (pgp|gpg) key\b");
    let lines = outline.sentences.iter().chain(&outline.code);
    let written = lines
        .clone()
        .find(|line| BLOCK.is_match(&line.text) || (KEY.is_match(&line.text) && FINGERPRINT.is_match(&line.text)));
    let linked = outline.links.iter().find(|link| {
        KEY_LINK.is_match(&link.target) || (HAS_KEY.is_match(&link.sentence) && link.target.starts_with("http"))
    });
    let mentions = outline.sentences.iter().any(|line| KEY.is_match(&line.text))
        || outline.headings.iter().any(|heading| KEY.is_match(&heading.text));
    let alone = outline
        .code
        .iter()
        .chain(&outline.sentences)
        .filter(|_| mentions)
        .find(|line| FINGERPRINT.find(&line.text).is_some_and(|found| found.len() >= 40));
    written.map(Passage::from).or_else(|| linked.map(passage)).or_else(|| alone.map(Passage::from))
}

fn response_days(library: &Library<'_>, documents: &[&Document<'_>]) -> Observation {
    const KEY: &str = "policy.security_response_days";
    let found = documents.iter().find_map(|document| Some((document, response::days(document.outline().ok()?)?)));
    match found {
        Some((document, (days, passage))) => {
            Observation::seen(KEY, days).at(document.line(passage.line, &passage.text))
        }
        None => not_found(library, KEY, documents),
    }
}

fn disclosure(outline: &Outline) -> Option<Passage> {
    static TOPIC: Pattern = Pattern::new(
        r"\b(coordinated|responsible|co-ordinated) (vulnerability )?disclosure\b|\bembargo\w*\b|\b(public(ly)?|full) disclos\w+|\bdisclos(e|ed|ure) (policy|process|timeline|date|publicly|to the public)\b|\bsecurity advisor(y|ies)\b|\bcve\b",
    );
    static TIME_OR_STEP: Pattern = Pattern::new(
        r"\b(\d+|few|several|two|three|seven|thirty|ninety)[\s-]+(calendar |working |business )?(hours?|days?|weeks?|months?)\b|\b(before|after|until|once|when|as soon as|prior to|then|following|simultaneously|at the same time)\b|\b(we|team|maintainers?|committee)\b.*\b(will|publish|releas|coordinat|request|assign|prepar|agree|notif)\w*",
    );
    static SECTION: Pattern = Pattern::new(
        r"\bdisclosure (policy|process|timeline|procedure)\b|\b(coordinated|responsible) (vulnerability )?disclosure\b|\bembargo\b",
    );
    heading(outline, &SECTION).or_else(|| sentence_with(outline, &[&TOPIC, &TIME_OR_STEP]))
}

fn scope(outline: &Outline) -> Option<Passage> {
    static SECTION: Pattern = Pattern::new(
        r"\b(in|out of|out-of|policy|security)?[\s-]*scope\b|\bwhat (counts as|is|is not|isn't|qualifies as|is considered)( not)?( considered)? an? (security )?(vulnerability|bug|issue)\b|\bthreat model\b|\b(non-)?qualifying\b",
    );
    static SENTENCE: Pattern = Pattern::new(
        r"\b(in|out of|outside|within|beyond)( of)?( the| our)? scope\b|\b(considered?|qualif\w+ as|counts? as|treat\w* as|regard\w* as)( to be)? (an? )?(security )?(vulnerabilit(y|ies)|security (issues?|bugs?|defects?))\b",
    );
    heading(outline, &SECTION).or_else(|| sentence(outline, &SENTENCE))
}

/// `policy.supported_versions` and `policy.end_of_support`.
fn support(library: &Library<'_>) -> [Observation; 2] {
    let policies: Vec<&Document<'_>> =
        [SECURITY, SUPPORT].into_iter().filter_map(|policy| library.policy(policy)).collect();
    let mut all = policies.clone();
    all.extend(library.policy(README));
    let versions = says(library, "policy.supported_versions", &all, |outline| heading(outline, &SUPPORTED));
    let versions = match versions.value() {
        Some(_) => versions,
        None => says(library, "policy.supported_versions", &policies, |outline| sentence(outline, &LATEST_ONLY)),
    };
    let versions =
        if versions.value().is_some() { versions } else { not_found(library, "policy.supported_versions", &all) };
    let end = says(library, "policy.end_of_support", &policies, end_of_support);
    let end = match end.value() {
        Some(_) => end,
        None => says(library, "policy.end_of_support", &all, marked_as_unsupported),
    };
    [versions, end]
}

/// Headings about the project's own versions; those about compilers and platforms name them.
static SUPPORTED: Pattern = Pattern::new(
    r"^[\W\d]*(currently )?(supported|maintained|active) (versions?|releases?|branch(es)?|release (lines?|branch(es)?))( and branches)?[\W]*$|^\W*(versions?|releases?|branch(es)?) (supported|support|with security (updates|support|fixes)|receiving security (updates|fixes|patches))( policy)?\W*$|^\W*(security |release |long[- ]term )?support (policy|window|matrix|period|lifecycle)\W*$|^\W*security (updates|fixes) (policy|support)\W*$",
);

static LATEST_ONLY: Pattern = Pattern::new(
    r"\b(latest|last|newest|most recent|current|supported)\b.*\b(releases?|versions?|minor|major|branch(es)?)\b.*\b(supported|maintained|receives?|gets?|security (fixes|updates|patches|support))\b|\b(support|maintain|patch|security (fixes|updates|patches)[^.]*\bfor)\b.*\b(latest|last|newest|most recent|current)\b.*\b(releases?|versions?|minor|major)\b",
);

fn end_of_support(outline: &Outline) -> Option<Passage> {
    static END: Pattern = Pattern::new(
        r"\bend[- ]of[- ](life|support|security support)\b|\beol\b|\b(no longer|not|stop(s|ped)?) (be )?(supported|maintained|receiv(e|ing)|get(ting)?)\b|\bunsupported (versions?|releases?)\b|\b(supported|maintained|security (fixes|updates|patches|support)) (until|till|for (at least )?(\d+|one|two|three|six|twelve|a))\b",
    );
    static VERSION: Pattern = Pattern::new(r"\b(versions?|releases?|branch(es)?|series|lines?|v?\d+\.(\d+|x))\b");
    sentence_with(outline, &[&END, &VERSION]).or_else(|| marked_as_unsupported(outline))
}

/// A row of the table of supported versions that marks one as not supported.
fn marked_as_unsupported(outline: &Outline) -> Option<Passage> {
    static NO: Pattern = Pattern::new(
        r"\|\W*(:x:|:negative_squared_cross_mark:|:no_entry(_sign)?:|❌|✗|✘|✖|no|not supported|unsupported|end[- ]of[- ]life|eol)\b?.*\|",
    );
    outline
        .sections(&SUPPORTED)
        .flat_map(|(index, _)| outline.below(index))
        .find(|row| NO.is_match(&row.text))
        .map(Passage::from)
}

#[cfg(test)]
mod tests;
