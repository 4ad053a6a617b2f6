//! The requirements of the sample and what comes of each.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{COMMIT, day, question_of};
use crate::assess::record::{Basis, Certainty, Finding, Outcome, Reason, WaiverShown};
use crate::evidence::Place;

/// Area, title.
pub(super) const AREAS: &[(&str, &str)] = &[
    ("AC", "Access Control"),
    ("BR", "Build and Release"),
    ("DO", "Documentation"),
    ("GV", "Governance"),
    ("LE", "Legal"),
    ("QA", "Quality"),
    ("SA", "Security Assessment"),
    ("VM", "Vulnerability Management"),
];

/// Code, outcome, basis, certainty, what the reason says.
const CASES: &[(char, Outcome, Basis, Certainty, &str)] = &[
    ('o', Outcome::Met, Basis::Observed, Certainty::Proof, "The setting was read and is as demanded"),
    ('s', Outcome::Met, Basis::Observed, Certainty::Sign, "The names of the release files speak for it"),
    ('c', Outcome::Met, Basis::Corroborated, Certainty::Proof, "What was seen and what the maintainers say agree"),
    ('r', Outcome::Met, Basis::Reviewed, Certainty::Proof, "A reviewer has looked at the answer and accepted it"),
    ('a', Outcome::Met, Basis::Attested, Certainty::Word, "The maintainers say so; nothing was seen that proves it"),
    ('d', Outcome::Met, Basis::Disputed, Certainty::Word, "The maintainers say yes, a sign speaks against it"),
    (
        '!',
        Outcome::Unmet,
        Basis::Contradicted,
        Certainty::Proof,
        "Required approvals is 0 and two jobs hold write-all, needs neither",
    ),
    ('x', Outcome::Unmet, Basis::Observed, Certainty::Proof, "Required approvals is 0, needs at least 1"),
    ('p', Outcome::Partly, Basis::Observed, Certainty::Proof, "Two of five release files carry a signature"),
    (
        'u',
        Outcome::Unknown,
        Basis::Unknown,
        Certainty::None,
        "Nothing that can be seen settles it, and nobody has answered",
    ),
    ('?', Outcome::Unknown, Basis::Unknown, Certainty::None, "The setting may not be read with this token"),
    ('l', Outcome::Unknown, Basis::Lapsed, Certainty::None, "The answer of 2025-06-01 has run out"),
    ('n', Outcome::NotApplicable, Basis::Observed, Certainty::Proof, "The project has a single repository"),
    ('w', Outcome::Unmet, Basis::Waived, Certainty::Word, "The maintainers say no"),
    ('e', Outcome::Unmet, Basis::Attested, Certainty::Word, "The maintainers say no"),
];

/// Requirement, levels, case, demand.
pub(super) const REQUIREMENTS: &[(&str, &str, char, &str)] = &[
    ("OSPS-AC-01.01", "123", 'o', "Anyone reaching protected project assets must pass a second sign-in factor first."),
    ("OSPS-AC-02.01", "123", 'o', "Newly invited people start with least access unless somebody grants more by hand."),
    ("OSPS-AC-03.01", "123", 'c', "Pushing straight to the default branch is refused by some technical guard."),
    ("OSPS-AC-03.02", "123", 'o', "Removing the default branch needs a deliberate, confirmed act or is blocked."),
    ("OSPS-AC-04.01", "23", '?', "Pipeline jobs that declare no permissions fall back to a minimal token."),
    ("OSPS-AC-04.02", "3", '!', "Each pipeline job holds only those token scopes its own work needs."),
    ("OSPS-BR-01.01", "123", 'o', "Outside-controlled event text gets cleaned before any pipeline script uses it."),
    (
        "OSPS-BR-01.03",
        "123",
        'o',
        "Code from strangers runs without reach to pipeline secrets or privileged resources.",
    ),
    ("OSPS-BR-01.04", "3", 'u', "Values typed in by trusted team members also get checked before pipeline use."),
    ("OSPS-BR-02.01", "23", 'a', "Every published release carries its own distinct version label or commit mark."),
    ("OSPS-BR-02.02", "3", 'p', "Files shipped with a release can be traced to that exact release."),
    ("OSPS-BR-03.01", "123", 'o', "All project web addresses named as official are reachable over encryption only."),
    (
        "OSPS-BR-03.02",
        "123",
        'r',
        "Official download places resist tampering in transit through authenticated cryptography.",
    ),
    (
        "OSPS-BR-04.01",
        "23",
        'a',
        "Users get readable notes on what changed, functionally and for security, per release.",
    ),
    ("OSPS-BR-05.01", "23", 'o', "Build jobs fetch third-party packages with the ecosystem's usual manager."),
    ("OSPS-BR-06.01", "23", 's', "Shipped artifacts are signed, or listed with hashes in something signed."),
    ("OSPS-BR-07.01", "1", 'o', "Safeguards stop passwords and keys from landing unencrypted in version history."),
    ("OSPS-BR-07.02", "3", 'a', "Written rules say how project secrets are kept, reached and renewed."),
    ("OSPS-DO-01.01", "123", 'c', "Released software comes with guides covering its ordinary everyday features."),
    ("OSPS-DO-02.01", "123", 'o', "Users can read how and where to report bugs in released versions."),
    ("OSPS-DO-03.01", "3", 'o', "Docs teach users how to check that downloads are intact and genuine."),
    ("OSPS-DO-03.02", "3", 'n', "Docs name who or what should have produced each release, for checking."),
    ("OSPS-DO-04.01", "3", 'l', "Docs state which versions get help, what kind, and until when."),
    ("OSPS-DO-05.01", "3", 'l', "Docs announce when a version's security fixes stop."),
    ("OSPS-DO-06.01", "23", 'o', "Docs explain how third-party components are chosen, fetched and followed over time."),
    ("OSPS-DO-07.01", "23", 'a', "Docs tell a newcomer how to compile everything, with all prerequisites named."),
    ("OSPS-GV-01.01", "23", 'r', "A public list names people holding access to sensitive project assets."),
    ("OSPS-GV-01.02", "23", 'o', "Docs describe what each project role does and is answerable for."),
    ("OSPS-GV-02.01", "123", 'r', "Open places exist where people discuss changes and usage problems publicly."),
    ("OSPS-GV-03.01", "123", 'o', "Docs walk a contributor through how changes get proposed and accepted."),
    ("OSPS-GV-03.02", "23", 'o', "Contributor docs spell out standards a code change must meet."),
    ("OSPS-GV-04.01", "3", 'u', "Written rules require vetting a person before giving them stronger rights."),
    ("OSPS-LE-01.01", "23", 'o', "Each commit's author affirms they may legally contribute it."),
    ("OSPS-LE-02.01", "123", 'o', "Source is under a licence accepted as open or free software."),
    ("OSPS-LE-02.02", "123", 'c', "What users download is also licensed as open or free software."),
    ("OSPS-LE-03.01", "123", 'o', "The source licence text sits in a standard, easily found file."),
    ("OSPS-LE-03.02", "123", 'r', "Licence text travels along with the released files or their source."),
    ("OSPS-QA-01.01", "123", 'r', "Anybody can read the source at an unchanging web address."),
    ("OSPS-QA-01.02", "123", 'o', "Public history shows what changed, by whom, and at what time."),
    ("OSPS-QA-02.01", "123", 'o', "Repository holds a manifest naming its direct language-level packages."),
    ("OSPS-QA-02.02", "3", 'x', "Compiled downloads are accompanied by a machine-made ingredient list."),
    (
        "OSPS-QA-03.01",
        "23",
        '?',
        "Automatic checks go green, or are knowingly overridden, before default-branch commits.",
    ),
    ("OSPS-QA-04.01", "123", 'n', "Projects spread over several repositories publish which ones belong together."),
    ("OSPS-QA-04.02", "3", 'n', "Sibling repositories in one release meet equally strict security rules."),
    ("OSPS-QA-05.01", "123", 'r', "Version control holds no built, runnable output files."),
    ("OSPS-QA-05.02", "123", 'o', "Version control holds no opaque binaries a reviewer could not inspect."),
    ("OSPS-QA-06.01", "23", 'o', "Pipelines run some automated test suite before a change gets merged."),
    ("OSPS-QA-06.02", "3", 'u', "Docs make clear how to run tests and when they run."),
    ("OSPS-QA-06.03", "3", 'u', "Written rules say larger changes must bring new or updated automated tests."),
    ("OSPS-QA-07.01", "3", '!', "Somebody besides the author has to approve changes before they merge."),
    ("OSPS-SA-01.01", "23", 'a', "Design docs show who and what acts within the system, and how."),
    ("OSPS-SA-02.01", "23", 'o', "Docs describe each interface other software or users can call."),
    ("OSPS-SA-03.01", "23", 'c', "Project has assessed which security problems are likeliest and would hurt most."),
    ("OSPS-SA-03.02", "3", 'w', "Project has modelled threats and attack surface for its critical parts."),
    ("OSPS-VM-01.01", "23", 'o', "Docs publish a coordinated disclosure process with a promised reply time."),
    ("OSPS-VM-02.01", "1", 'o', "Docs tell outsiders whom to contact about security."),
    ("OSPS-VM-03.01", "23", 'd', "Reporters have some confidential way to reach the security people."),
    ("OSPS-VM-04.01", "23", 'a', "Known weaknesses in the project get announced somewhere public."),
    ("OSPS-VM-04.02", "3", 'e', "Component weaknesses that do not bite are explained in a VEX file."),
    ("OSPS-VM-05.01", "3", 'u', "Written rules set how bad a dependency finding must be before fixing."),
    ("OSPS-VM-05.02", "3", 'o', "Written rules demand dependency findings be settled before shipping a version."),
    ("OSPS-VM-05.03", "3", 'n', "Every change is scanned for bad or vulnerable packages and stopped on violation."),
    ("OSPS-VM-06.01", "3", 'l', "Written rules set how bad a code-scanner finding must be before fixing."),
    ("OSPS-VM-06.02", "3", 'u', "Every change is scanned for insecure code and stopped on violation."),
];

pub(super) fn finding(&(requirement, levels, code, demands): &(&str, &str, char, &str)) -> Finding {
    let &(_, outcome, basis, certainty, text) = CASES.iter().find(|case| case.0 == code).unwrap();
    let levels: Vec<u32> = levels.chars().filter_map(|digit| digit.to_digit(10)).collect();
    let seen = certainty == Certainty::Proof || certainty == Certainty::Sign;
    let reason = Reason {
        text: text.to_owned(),
        question: Some(question_of(requirement)),
        key: seen.then(|| "default_branch.required_approvals".to_owned()),
        source: Some(if seen { "GET /repos/acme/widget/rules/branches/main" } else { "@alice" }.to_owned()),
        link: seen.then(|| "https://github.com/acme/widget/settings/rules".to_owned()),
        places: if code == 'o' || code == 'p' {
            vec![
                Place {
                    link: Some(format!("https://github.com/acme/widget/blob/{COMMIT}/.github/workflows/ci.yml#L12")),
                    ..Place::line(".github/workflows/ci.yml", 12).noted("top-level permissions")
                },
                Place::file("SECURITY.md"),
            ]
        } else {
            Vec::new()
        },
    };
    let next = match outcome {
        Outcome::Met | Outcome::NotApplicable => None,
        Outcome::Unknown => {
            Some("Answer the question, or collect again with a token that may read the setting.".to_owned())
        }
        Outcome::Partly | Outcome::Unmet => {
            Some("Require a pull request in a ruleset on the default branch, with no bypass list.".to_owned())
        }
    };
    Finding {
        requirement: requirement.to_owned(),
        area: requirement.get(5..7).unwrap().to_owned(),
        from_level: *levels.iter().min().unwrap(),
        levels,
        demands: demands.to_owned(),
        outcome,
        basis,
        certainty,
        verified: certainty == Certainty::Proof && matches!(outcome, Outcome::Met | Outcome::NotApplicable),
        possible: !matches!(outcome, Outcome::Unmet | Outcome::Partly),
        questions: vec![question_of(requirement)],
        decided_by: vec![question_of(requirement)],
        reasons: vec![Arc::new(reason)],
        next,
        valid_until: matches!(code, 'a' | 'c' | 'r' | 'd').then(|| day("2027-03-01")),
        waiver: match code {
            'w' => Some(("Threat modelling is budgeted for the spring.", "2027-04-30", false)),
            'e' => Some(("No component vulnerability has needed an explanation yet.", "2026-09-30", true)),
            _ => None,
        }
        .map(|(reason, until, ended)| WaiverShown {
            reason: reason.to_owned(),
            by: "@carol".to_owned(),
            until: day(until),
            ended,
        }),
        counts: Vec::new(),
        worth: None,
        also: Vec::new(),
        maps: BTreeMap::from([
            ("SSDF".to_owned(), vec!["PO.3.2".to_owned(), "PS.1".to_owned()]),
            ("CRA".to_owned(), vec!["1.2f".to_owned()]),
        ]),
    }
}
