//! Reading an answers file.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use super::audits;
use super::conduct;
use super::people;
use super::targets;
use super::{
    Answer, Answers, CONFLICTS, Conflict, CriteriaHeld, Details, Person, Review, Said, Verdict, Waiver, criteria_listed,
};
use crate::evidence::Value;
use crate::questionnaire::{AnswerType, Carry, Question, Questionnaires, is_link, scalar};
use crate::yaml::{Document, Fields, Key, Kind, Node, Problem, Severity, nearest, parse, texts};

/// The schema of an answers file.
pub const ANSWERS_SCHEMA: &str = "seaworthy.answers/1";

impl Answers {
    /// Reads an answers file against the questions and models that it speaks of.
    ///
    /// The problems are all of the file's errors and warnings; with any error there are no answers.
    pub fn read(document: &Document, questionnaires: &Questionnaires) -> (Option<Self>, Vec<Problem>) {
        let mut problems = Vec::new();
        let answers = match parse(document) {
            Ok(node) => Self::from_node(&node, questionnaires, &mut problems),
            Err(problem) => {
                problems.push(problem);
                None
            }
        };
        let broken = problems.iter().any(|problem| problem.severity == Severity::Error);
        let digest = format!("sha256:{:x}", Sha256::digest(document.text()));
        (answers.filter(|_| !broken).map(|answers| Self { digest, ..answers }), problems)
    }

    /// Reads an answers file of an earlier time: what these questions and models have no place for is left out and told, as
    /// `answers: ID`. None where it is no answers file.
    pub fn read_past(document: &Document, questionnaires: &Questionnaires) -> Option<(Self, Vec<String>)> {
        let node = parse(document).ok()?;
        let mut problems = Vec::new();
        let mut answers = Self::from_node(&node, questionnaires, &mut problems)?;
        let mut errors: Vec<usize> = problems
            .iter()
            .filter(|problem| problem.severity == Severity::Error)
            .map(|problem| problem.span.start)
            .collect();
        let mut left_out = Vec::new();
        let Kind::Map(sections) = &node.kind else { return None };
        for (section, entries) in sections {
            let Kind::Map(entries) = &entries.kind else { continue };
            for (key, entry) in entries {
                let count = errors.len();
                errors.retain(|at| !(key.span.start..=entry.span.end).contains(at));
                if errors.len() == count || !answers.leave_out(&section.text, &key.text, questionnaires) {
                    continue;
                }
                left_out.push(format!("{}: {}", section.text, key.text));
            }
        }
        let digest = format!("sha256:{:x}", Sha256::digest(document.text()));
        errors.is_empty().then_some((Self { digest, ..answers }, left_out))
    }

    /// Leaves an entry of the file out, under whatever name it counts. Not so where the section has no entries of its own.
    fn leave_out(&mut self, section: &str, key: &str, questionnaires: &Questionnaires) -> bool {
        let replaced = questionnaires.replacement(key).and_then(|old| old.by.first());
        let id = replaced.map_or(key, String::as_str);
        match section {
            "answers" => drop(self.answers.remove(id)),
            "reviews" => drop(self.reviews.remove(id)),
            "waivers" => {
                if let Some((model, requirement)) = questionnaires.requirement_named(key) {
                    self.waivers.remove(&format!("{}/{}", model.id, requirement.id));
                }
            }
            "targets" => drop(self.targets.remove(key)),
            "audits" => drop(self.audits.remove(key)),
            _ => return false,
        }
        true
    }

    fn from_node(node: &Node, questionnaires: &Questionnaires, problems: &mut Vec<Problem>) -> Option<Self> {
        let mut fields = Fields::of(node, "an answers file", problems)?;
        if let Some(schema) = fields.required("schema", problems)
            && schema.as_text() != Some(ANSWERS_SCHEMA)
        {
            problems.push(Problem::error(format!("the schema must be `{ANSWERS_SCHEMA}`"), schema.span.clone()));
        }
        let subject = fields.text("subject", problems);
        let answers = by_question(fields.node("answers"), "answers", questionnaires, problems, answer);
        let reviews = by_question(fields.node("reviews"), "reviews", questionnaires, problems, review);
        let waivers = waivers(fields.node("waivers"), questionnaires, problems);
        let targets = entries(fields.node("targets"), "targets", problems, |key, node, problems| {
            targets::read(key, node, questionnaires, problems)
        });
        let conduct = fields.node("assessment").and_then(|node| conduct::read(node, problems));
        let audits = entries(fields.node("audits"), "audits", problems, audits::read);
        if let (true, Some(node)) = (audits.len() > audits::MAX_AUDITS, fields.node("audits")) {
            let message = format!("the register has more than {} audits", audits::MAX_AUDITS);
            problems.push(Problem::error(message, node.span.start..node.span.start));
        }
        fields.finish(problems);
        Some(Self { subject, answers, reviews, waivers, audits, targets, conduct, ..Self::default() })
    }
}

/// The entries of a mapping, each read by `read`.
fn entries<T>(
    node: Option<&Node>,
    name: &str,
    problems: &mut Vec<Problem>,
    mut read: impl FnMut(&Key, &Node, &mut Vec<Problem>) -> Option<T>,
) -> BTreeMap<String, T> {
    // A section whose entries are all commented out is empty.
    let Some(node) = node.filter(|node| node.kind != Kind::Null) else { return BTreeMap::new() };
    let Kind::Map(entries) = &node.kind else {
        let problem = Problem::error(format!("`{name}` is a mapping, this is {}", node.type_name()), node.span.clone());
        problems.push(problem.help("leave it out where there is nothing to say"));
        return BTreeMap::new();
    };
    entries.iter().filter_map(|(key, node)| Some((key.text.clone(), read(key, node, problems)?))).collect()
}

/// The entries of a mapping by question. What stands under the id of an old question counts for the new one where that
/// means the same and nothing stands there yet; otherwise it does not count.
fn by_question<T>(
    node: Option<&Node>,
    name: &str,
    questionnaires: &Questionnaires,
    problems: &mut Vec<Problem>,
    read: impl Fn(&Node, &Question, &mut Vec<Problem>) -> Option<T>,
) -> BTreeMap<String, T> {
    let mut carried = Vec::new();
    let mut found = entries(node, name, problems, |key, node, problems| {
        if let Some(old) = questionnaires.replacement(&key.text) {
            let same = old.by.first().filter(|_| old.carry == Carry::Same).and_then(|id| questionnaires.question(id));
            let counts = if same.is_some() { "it counts for the new one" } else { "it does not count" };
            problems.push(
                Problem::warning(format!("`{}` was {}; {counts}", key.text, old.phrase()), key.span.clone())
                    .help("`seaworthy migrate` carries the file over"),
            );
            if let Some(question) = same {
                carried.extend(read(node, question, problems).map(|entry| (question.id.clone(), entry)));
            }
            return None;
        }
        read(node, known_question(key, questionnaires, problems)?, problems)
    });
    for (id, entry) in carried {
        found.entry(id).or_insert(entry);
    }
    found
}

fn known_question<'q>(
    key: &Key,
    questionnaires: &'q Questionnaires,
    problems: &mut Vec<Problem>,
) -> Option<&'q Question> {
    let question = questionnaires.question(&key.text);
    if question.is_none() {
        let ids = questionnaires.questions().iter().map(|question| question.id.as_str());
        let problem = Problem::error(format!("there is no question `{}`", key.text), key.span.clone());
        problems.push(match nearest(&key.text, ids) {
            Some(id) => problem.help(format!("did you mean `{id}`?")),
            None => problem.help("`seaworthy questions` lists them"),
        });
    }
    question
}

/// The waivers by `model/id`, whichever way the file writes the id.
fn waivers(
    node: Option<&Node>,
    questionnaires: &Questionnaires,
    problems: &mut Vec<Problem>,
) -> BTreeMap<String, Waiver> {
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let written = entries(node, "waivers", problems, |key, node, problems| {
        let name = known_requirement(key, questionnaires, problems)?;
        if let Some(other) = names.insert(name.clone(), key.text.clone()) {
            let message = format!("`{other}` and `{}` are the same requirement", key.text);
            problems.push(Problem::error(message, key.span.clone()).help("one waiver is enough"));
        }
        Some((name, waiver(node, problems)?))
    });
    written.into_values().collect()
}

/// The requirement that a key names, as `model/id`.
fn known_requirement(key: &Key, questionnaires: &Questionnaires, problems: &mut Vec<Problem>) -> Option<String> {
    if let Some((model, requirement)) = questionnaires.requirement_named(&key.text) {
        return Some(format!("{}/{}", model.id, requirement.id));
    }
    let names: Vec<String> = questionnaires
        .models()
        .iter()
        .flat_map(|model| model.requirements.iter().map(move |requirement| format!("{}/{}", model.id, requirement.id)))
        .collect();
    let problem = Problem::error(format!("there is no requirement `{}`", key.text), key.span.clone());
    problems.push(match nearest(&key.text, names.iter().map(String::as_str)) {
        Some(name) => problem.help(format!("did you mean `{name}`?")),
        None => problem.help("it is written as `model/requirement`, such as `osps-baseline/OSPS-AC-01.01`"),
    });
    None
}

fn answer(node: &Node, question: &Question, problems: &mut Vec<Problem>) -> Option<Answer> {
    let mut fields = Fields::of(node, "an answer", problems)?;
    let value = fields.node("value");
    let not_applicable = fields.text("not_applicable", problems);
    let because = fields.text("because", problems);
    let evidence = links(&mut fields, problems);
    let mut details = Details::parse(&mut fields, problems);
    details.criteria = CriteriaHeld::parse(&mut fields, question, problems);
    let by = fields.required_text("by", problems);
    fields.required("on", problems);
    let on = fields.date("on", problems);
    let until = fields.date("until", problems);
    if let (Some(on), Some(until), Some(node)) = (on, until, fields.node("until"))
        && until < on
    {
        problems.push(Problem::error("the answer ends before it is given", node.span.clone()));
    }
    let says_criteria = fields.node("criteria").is_some();
    let span = fields.span();
    fields.finish(problems);
    let said = match (value, &not_applicable) {
        (Some(node), None) => {
            if question.answer == AnswerType::People {
                details.people = people::read(node, &mut Vec::new());
                details.people =
                    if details.people.iter().any(Person::is_described) { details.people } else { Vec::new() };
            }
            Said::Value(value_of(node, question, problems)?)
        }
        (None, Some(_)) => Said::NotApplicable,
        (Some(node), Some(_)) => {
            problems.push(Problem::error("an answer has either `value` or `not_applicable`", node.span.clone()));
            return None;
        }
        (None, None) => {
            problems.push(
                Problem::error("an answer needs `value`, or `not_applicable` with the reason", span.start..span.start)
                    .help(format!("`{}` takes {}", question.id, question.expects())),
            );
            return None;
        }
    };
    if question.because_required && matches!(said, Said::Value(Value::Bool(true))) && because.is_none() {
        let at = value.map_or(span.start..span.start, |node| node.span.clone());
        problems.push(
            Problem::error("a yes to this question needs a justification", at)
                .help("say in `because` how it is done, and best link to it in `evidence`"),
        );
    }
    if let (Said::Value(said), Some(node)) = (&said, value)
        && question.needs_criteria(said)
        && !says_criteria
    {
        let message = format!("`{said}` counts once the answer says which criteria hold");
        let help = format!("`criteria: all`, `none`, or their numbers: {}", criteria_listed(question));
        problems.push(Problem::warning(message, node.span.clone()).help(help));
    }
    if let (Said::Value(said), Some(node)) = (&said, value)
        && question.needs_evidence(said)
        && evidence.is_empty()
        && details.attachments.is_empty()
    {
        problems.push(
            Problem::error("this answer needs a link that shows it", node.span.clone()).help(format!(
                "in `evidence`: {}",
                question.evidence.as_deref().unwrap_or("a page that others can open")
            )),
        );
    }
    Some(Answer { said, because: not_applicable.or(because), evidence, by: by?, on: on?, until, details })
}

fn value_of(node: &Node, question: &Question, problems: &mut Vec<Problem>) -> Option<Value> {
    let value = match &node.kind {
        Kind::List(_) if question.answer == AnswerType::People => {
            Some(Value::List(people::read(node, problems).into_iter().map(|person| person.handle).collect()))
        }
        Kind::List(_) => Some(Value::List(texts(node, "value", problems))),
        _ => scalar(node),
    };
    match value {
        Some(value) if question.refuses(&value).is_none() => Some(value),
        _ => {
            let message = format!("the answer to `{}` is {}", question.id, question.expects());
            problems.push(Problem::error(message, node.span.clone()).help(question.ask.clone()));
            None
        }
    }
}

fn links(fields: &mut Fields<'_>, problems: &mut Vec<Problem>) -> Vec<String> {
    let Some(node) = fields.node("evidence") else { return Vec::new() };
    let Kind::List(items) = &node.kind else {
        problems.push(
            Problem::error("`evidence` is a list of links", node.span.clone())
                .help("write it as `[https://example.org/policy]`"),
        );
        return Vec::new();
    };
    for item in items {
        if !item.as_text().is_some_and(is_link) {
            problems.push(
                Problem::error("this is no link", item.span.clone())
                    .help("evidence is a link that begins with https://"),
            );
        }
    }
    items.iter().filter_map(|item| item.as_text().map(str::to_owned)).collect()
}

fn review(node: &Node, question: &Question, problems: &mut Vec<Problem>) -> Option<Review> {
    let mut fields = Fields::of(node, "a review", problems)?;
    fields.required("verdict", problems);
    let words = [("accepted", 0), ("challenged", 1), ("overruled", 2)];
    let verdict = fields.word("verdict", &words, problems);
    let by = fields.required_text("by", problems);
    fields.required("on", problems);
    let on = fields.date("on", problems);
    let note = fields.text("note", problems);
    let conflict = fields.word("conflict", &CONFLICTS, problems).unwrap_or(Conflict::None);
    let of = fields.node("of").and_then(|node| digest(node, problems));
    let value = fields.node("value");
    let span = fields.span();
    let verdict_at = fields.node("verdict").map_or(span.start..span.start, |node| node.span.clone());
    fields.finish(problems);
    let verdict = match (verdict?, value) {
        (2, Some(node)) if node.as_text() == Some("not-applicable") => Verdict::Overruled(Said::NotApplicable),
        (2, Some(node)) => Verdict::Overruled(Said::Value(value_of(node, question, problems)?)),
        (2, None) => {
            problems.push(Problem::error(
                "a review that overrules needs the `value` it puts in place",
                span.start..span.start,
            ));
            return None;
        }
        (_, Some(node)) => {
            problems.push(Problem::error("only a review that overrules has a `value`", node.span.clone()));
            return None;
        }
        (0, None) => Verdict::Accepted,
        (_, None) => Verdict::Challenged,
    };
    if verdict != Verdict::Accepted && note.is_none() {
        problems
            .push(Problem::error("a review that does not accept needs its reason in `note`", span.start..span.start));
    }
    if conflict == Conflict::Hard && verdict != Verdict::Challenged {
        problems.push(
            Problem::error("who has a hard conflict of interest can neither accept nor overrule an answer", verdict_at)
                .help("such a reviewer may challenge it; leave the rest to another one"),
        );
    }
    Some(Review { verdict, by: by?, on: on?, note, conflict, of })
}

fn digest(node: &Node, problems: &mut Vec<Problem>) -> Option<String> {
    let text = node.as_text().unwrap_or_default();
    let hex = text.strip_prefix("sha256:").unwrap_or_default();
    if hex.len() == 64 && hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
        return Some(text.to_owned());
    }
    problems.push(
        Problem::error("`of` is the digest of an answer: `sha256:` and 64 digits", node.span.clone())
            .help("`seaworthy review` writes it"),
    );
    None
}

fn waiver(node: &Node, problems: &mut Vec<Problem>) -> Option<Waiver> {
    let mut fields = Fields::of(node, "a waiver", problems)?;
    let reason = fields.required_text("reason", problems);
    let by = fields.required_text("by", problems);
    fields.required("until", problems);
    let until = fields.date("until", problems);
    fields.finish(problems);
    Some(Waiver { reason: reason?, by: by?, until: until? })
}
