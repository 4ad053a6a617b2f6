//! The OpenSSF Best Practices Badge: `.bestpractices.json` of a repository, and the JSON that the badge's site gives of a
//! project. Both hold `<criterion>_status` and `<criterion>_justification`; a bare `<criterion>` and the numbers of the
//! site's CSV export are read too.

use std::collections::{BTreeMap, BTreeSet};

use serde_yaml::Value as Yaml;

use super::gather::{Claim, Gather, day, links_in, subject_of, yes};
use super::{Confidence, Format, Imported, Input, Mapping, Refused, Rule, Test};
use crate::answers::Said;
pub(crate) use crate::assess::BadgeStatus as Status;
use crate::collect::files::note::quotation;
use crate::collect::files::yaml::parse_json;
use crate::questionnaire::{Condition, Model, Questionnaires, Requirement};

/// The longest justification that is quoted, in characters.
const LONGEST_QUOTE: usize = 1500;

/// The model of the badge's Baseline levels.
pub(crate) const BASELINE: &str = "osps-baseline";
/// The models whose requirements are criteria of the badge.
const MODELS: [&str; 2] = ["best-practices-badge", BASELINE];
/// A justification that begins so is a remark to oneself, which the badge does not count.
const REMARK: &str = "// ";

/// A status by its number in the CSV export, and as a word.
const STATUSES: [(&str, i64, Status); 4] = [
    ("?", 0, Status::Unknown),
    ("Unmet", 1, Status::Unmet),
    ("N/A", 2, Status::NotApplicable),
    ("Met", 3, Status::Met),
];

impl Status {
    pub(crate) fn word(self) -> &'static str {
        STATUSES.iter().find(|(.., status)| *status == self).map_or("?", |(word, ..)| word)
    }

    fn read(value: &Yaml) -> Option<Self> {
        let by_word = |text: &str| {
            let found = STATUSES.iter().find(|(word, ..)| word.eq_ignore_ascii_case(text));
            found.map(|(.., status)| *status).or(match text.to_ascii_lowercase().as_str() {
                "na" => Some(Self::NotApplicable),
                "" | "unknown" => Some(Self::Unknown),
                number => number.parse().ok().and_then(by_number),
            })
        };
        match value {
            Yaml::String(text) => by_word(text.trim()),
            Yaml::Number(number) => number.as_i64().and_then(by_number),
            Yaml::Null => Some(Self::Unknown),
            _ => None,
        }
    }
}

fn by_number(number: i64) -> Option<Status> {
    STATUSES.iter().find(|(_, known, _)| *known == number).map(|(.., status)| *status)
}

/// Fields of the site's JSON that say nothing of a criterion.
const COMPUTED: [&str; 4] = ["achieve_passing", "achieve_silver", "homepage_url", "report_url"];

pub(super) fn import(input: &Input<'_>) -> Result<Imported, Refused> {
    let document =
        parse_json(input.text).map_err(|error| Refused(format!("{}: {}", input.name, quotation(&error, 300))))?;
    let Some(fields) = document.as_mapping() else {
        return Err(Refused(format!("{} is no JSON object with criteria of the badge", input.name)));
    };
    let mapping = Mapping::of(Format::BestPractices);
    let is_criterion =
        |name: &str| mapping.rules_of(name).next().is_some() || requirement(name, input.questionnaires).is_some();
    let criteria = criteria(fields, is_criterion);
    if criteria.is_empty() {
        return Err(Refused(format!("{} holds no status of a criterion of the badge", input.name)));
    }
    let project = document.get("id").and_then(Yaml::as_u64);
    let by = match project {
        Some(id) => format!("the project, in its Best Practices Badge entry {id}"),
        None => format!("the project, in {}", input.name),
    };
    let mut gather = Gather::new(Format::BestPractices, input, by);
    let updated = document.get("updated_at").and_then(Yaml::as_str);
    gather.dated("/updated_at", updated.and_then(day));
    gather.subject(document.get("repo_url").and_then(Yaml::as_str).and_then(subject_of));
    for (criterion, criterion_fields) in &criteria {
        criterion_says(criterion, criterion_fields, project, &mapping, input, &mut gather);
    }
    Ok(gather.finish())
}

/// A criterion as it stands in the file.
#[derive(Default)]
struct Criterion<'y> {
    /// The key of the status, as written.
    key: String,
    status: Option<&'y Yaml>,
    justification: Option<&'y str>,
}

/// The criteria of a file, under their plain names. A bare name counts where its value is a word for a status, or where it is
/// a criterion for sure: the site's JSON has other fields with small numbers.
fn criteria(fields: &serde_yaml::Mapping, is_criterion: impl Fn(&str) -> bool) -> BTreeMap<String, Criterion<'_>> {
    let mut criteria: BTreeMap<String, Criterion<'_>> = BTreeMap::new();
    for (key, value) in fields {
        let Some(key) = key.as_str() else { continue };
        if let Some(name) = key.strip_suffix("_status") {
            let entry = criteria.entry(plain(name)).or_default();
            key.clone_into(&mut entry.key);
            entry.status = Some(value);
        } else if let Some(name) = key.strip_suffix("_justification") {
            criteria.entry(plain(name)).or_default().justification = value.as_str();
        } else if is_word(value) || is_criterion(&plain(key)) {
            let entry = criteria.entry(plain(key)).or_default();
            if entry.status.is_none() {
                key.clone_into(&mut entry.key);
                entry.status = Some(value);
            }
        }
    }
    criteria.retain(|_, criterion| criterion.status.is_some());
    criteria
}

fn is_word(value: &Yaml) -> bool {
    let text = value.as_str().unwrap_or_default();
    STATUSES.iter().any(|(word, ..)| word.eq_ignore_ascii_case(text))
}

/// `OSPS-AC-01.01` and `osps_ac_01_01` are the same criterion.
fn plain(name: &str) -> String {
    if name.to_ascii_lowercase().starts_with("osps") {
        return name.to_ascii_lowercase().replace(['-', '.'], "_");
    }
    name.to_owned()
}

fn criterion_says(
    name: &str,
    criterion: &Criterion<'_>,
    project: Option<u64>,
    mapping: &Mapping,
    input: &Input<'_>,
    gather: &mut Gather<'_>,
) {
    let place = format!("/{}", criterion.key);
    let Some(status) = criterion.status.and_then(Status::read) else {
        gather.fault(place, "is no status: Met, Unmet, N/A or ?");
        return;
    };
    if COMPUTED.contains(&name) {
        return;
    }
    if status == Status::Unknown {
        gather.not_taken(place, "the project has not answered it");
        return;
    }
    let justification = criterion.justification.filter(|text| !text.starts_with(REMARK)).map(str::trim);
    let justification = justification.filter(|text| !text.is_empty());
    if status == Status::NotApplicable && justification.is_none() {
        gather.not_taken(place, "says N/A without a reason");
        return;
    }
    let said = says(name, status, mapping, input.questionnaires);
    if said.is_empty() {
        let known = mapping.rules_of(name).next().is_some() || requirement(name, input.questionnaires).is_some();
        let why = if known { "the questions do not follow from this status" } else { "no question asks for it" };
        gather.not_taken(place, why);
        return;
    }
    for (question, said, confidence) in said {
        let quote = justification.map_or_else(String::new, |text| format!(": \"{}\"", quotation(text, LONGEST_QUOTE)));
        let because = format!("In {}, criterion {name} is {}{quote}", gather.name(), status.word());
        let mut claim = Claim::new(&question, said, confidence, &place, because);
        claim.links = links_in(justification.unwrap_or_default());
        claim.links.extend(project.map(|id| format!("https://www.bestpractices.dev/projects/{id}")));
        gather.claim(claim);
    }
}

/// What a status of a criterion says of questions: by the table, and by the model for those that the table does not name
/// beside this criterion.
fn says(
    name: &str,
    status: Status,
    mapping: &Mapping,
    questionnaires: &Questionnaires,
) -> Vec<(String, Said, Confidence)> {
    let rules: Vec<&Rule> = mapping.rules_of(name).collect();
    let is_status = |test: &Test| matches!(test, Test::Is(words) if words.iter().any(|word| word == status.word()));
    let of_table = rules.iter().filter(|rule| is_status(&rule.test));
    let of_table = of_table.map(|rule| (rule.question.clone(), rule.said.clone(), rule.confidence));
    let of_model = requirement(name, questionnaires).map(|requirement| of_requirement(requirement, status));
    let of_model = of_model.unwrap_or_default().into_iter();
    of_table.chain(of_model.filter(|(question, ..)| rules.iter().all(|rule| rule.question != *question))).collect()
}

/// What the outcome of a requirement says of its questions. A requirement of several questions that is not met does not
/// tell which of them is to blame, and one that is met does not tell which of them do not apply.
pub(super) fn of_requirement(requirement: &Requirement, status: Status) -> Vec<(String, Said, Confidence)> {
    let questions = demanded(requirement);
    let (said, confidence) = match status {
        Status::Met if questions.len() > 1 => (yes(true), Confidence::Likely),
        Status::Met => (yes(true), Confidence::Certain),
        Status::Unmet if questions.len() == 1 => (yes(false), Confidence::Certain),
        Status::NotApplicable if questions.len() == 1 => (Said::NotApplicable, Confidence::Likely),
        _ => return Vec::new(),
    };
    questions.into_iter().map(|question| (question, said.clone(), confidence)).collect()
}

/// The questions that must all be answered with yes to meet a requirement; none where it asks for something else.
pub(crate) fn demanded(requirement: &Requirement) -> Vec<String> {
    let leaves = match requirement.met_when() {
        Some(one @ Condition::Leaf(_)) => one.leaves(),
        Some(all @ Condition::All(parts)) if parts.iter().all(|part| matches!(part, Condition::Leaf(_))) => {
            all.leaves()
        }
        _ => Vec::new(),
    };
    let wanted = crate::questionnaire::Test::Is(crate::evidence::Value::Bool(true));
    if leaves.iter().any(|leaf| leaf.test != wanted) {
        return Vec::new();
    }
    leaves.into_iter().map(|leaf| leaf.name.clone()).collect::<BTreeSet<_>>().into_iter().collect()
}

/// The requirement that a criterion of the badge stands for.
fn requirement<'q>(name: &str, questionnaires: &'q Questionnaires) -> Option<&'q Requirement> {
    requirements(questionnaires).find(|requirement| criterion(requirement) == name)
}

/// The badge's name of a requirement.
pub(crate) fn criterion(requirement: &Requirement) -> String {
    plain(&requirement.id)
}

/// The requirements that are criteria of the badge, as far as their models are loaded.
pub(crate) fn requirements(questionnaires: &Questionnaires) -> impl Iterator<Item = &Requirement> {
    MODELS.iter().filter_map(|id| questionnaires.model(id)).flat_map(|model: &Model| &model.requirements)
}
