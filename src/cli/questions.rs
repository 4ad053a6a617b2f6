//! `seaworthy questions`: list the questions, or explain one.

use clap::{Args, Subcommand};

use super::Common;
use super::failure::Failure;
use super::output::Output;
use super::table::{table, wrapped};
use crate::questionnaire::{AnswerType, Certainty, FACTS, Fact, Given, Question, Questionnaires};
use crate::yaml::nearest;

/// List the questions, or explain one.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// List the questions
    List,
    /// List what the register of audits tells, by which questions can be answered (`from_audits`)
    Facts,
    /// Show a question: why it is asked, how to do it, what observations settle it, and an answer to fill in
    Show {
        /// Id of the question, such as access.second-factor-required
        id: String,
    },
}

pub(super) fn run(arguments: &Arguments, common: &Common, output: &Output) -> Result<(), Failure> {
    let questionnaires = common.load_questionnaires()?;
    match &arguments.what {
        None | Some(What::List) => output.result(&list(&questionnaires, output.width())),
        Some(What::Facts) => output.result(&facts(output.width())),
        Some(What::Show { id }) => match questionnaires.question(id) {
            Some(question) => output.result(&show(question, &questionnaires, output.width())),
            None => Err(unknown(id, &questionnaires)),
        },
    }
}

fn unknown(id: &str, questionnaires: &Questionnaires) -> Failure {
    let ids = questionnaires.questions().iter().map(|question| question.id.as_str());
    let help = match nearest(id, ids) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`seaworthy questions` lists them".to_owned(),
    };
    Failure::Invalid(format!("there is no question `{id}`; {help}"))
}

fn list(questionnaires: &Questionnaires, width: usize) -> String {
    let row = |question: &Question| {
        let seen = match question.observe.iter().map(|rule| rule.certainty).max() {
            Some(Certainty::Proof) => "proof",
            Some(Certainty::Sign) => "sign",
            None => "",
        };
        [question.id.clone(), seen.to_owned(), question.ask.clone()]
    };
    table(width, ["id", "observed", "question"], questionnaires.questions().iter().map(row))
}

fn facts(width: usize) -> String {
    let row = |fact: &Fact| [fact.name.to_owned(), fact.kind.word().to_owned(), fact.meaning.to_owned()];
    table(width, ["fact", "type", "meaning"], FACTS.iter().map(row))
}

fn show(question: &Question, questionnaires: &Questionnaires, width: usize) -> String {
    let topic = question.id.split('.').next().unwrap_or_default();
    let mut text = format!("{} ({})\n\n", question.id, questionnaires.topic_title(topic));
    text.push_str(&wrapped(width, "", &question.ask));
    text.push_str(&wrapped(width, "  Why: ", &question.why));
    text.push_str(&wrapped(width, "  How: ", &question.how));
    if let Some(evidence) = &question.evidence {
        text.push_str(&wrapped(width, "  What counts as evidence: ", evidence));
    }
    let justification = if question.because_required { ", a yes needs a justification" } else { "" };
    let links = if question.evidence_required { ", a claim needs a link" } else { "" };
    text.push_str(&wrapped(width, "  Answer: ", &format!("{}{justification}{links}", question.expects())));
    for (number, criterion) in (1_usize..).zip(&question.criteria) {
        let lead = if number == 1 { "  Counts only where all of this holds: " } else { "    " };
        text.push_str(&wrapped(width, lead, &format!("{number}. {criterion}")));
    }
    text.push_str(&wrapped(width, "  Holds for: ", &question.valid_for.to_string()));
    if !question.revisit_on.is_empty() {
        text.push_str(&wrapped(width, "  Looked at again after: ", &question.revisit_on.join(", ")));
    }
    text.push_str(if question.observe.is_empty() && question.from_audits.is_empty() {
        "  Only a person can know.\n"
    } else {
        "  Observed:\n"
    });
    for rule in &question.observe {
        let given = match &rule.given {
            Given::Value(value) => value.to_string(),
            Given::NotApplicable => "not applicable".to_owned(),
            Given::ValueOf(key) => format!("the value of {key}"),
        };
        let certainty = if rule.certainty == Certainty::Proof { "proof" } else { "sign" };
        text.push_str(&wrapped(width, &format!("    {given} ({certainty}) when "), &rule.when.to_string()));
    }
    for rule in &question.from_audits {
        let given = match &rule.given {
            Given::Value(value) => value.to_string(),
            Given::NotApplicable => "not applicable".to_owned(),
            Given::ValueOf(fact) => format!("the value of {fact}"),
        };
        let lead = format!("    {given} (the maintainers' word) when ");
        text.push_str(&wrapped(width, &lead, &rule.when.to_string()));
    }
    if !question.see_also.is_empty() {
        text.push_str(&wrapped(width, "  See also: ", &question.see_also.join(", ")));
    }
    let used: Vec<String> = questionnaires
        .models()
        .iter()
        .flat_map(|model| model.requirements.iter().map(move |requirement| (model, requirement)))
        .filter(|(_, requirement)| requirement.questions().contains(&question.id.as_str()))
        .map(|(model, requirement)| format!("{}/{}", model.id, requirement.id))
        .collect();
    text.push_str(&wrapped(width, "  Decides: ", &used.join(", ")));
    text.push_str(&to_fill_in(question));
    text
}

/// The lines of an answers file, to copy and to fill in.
fn to_fill_in(question: &Question) -> String {
    let number = question.limits.least().max(3).min(question.limits.most()).to_string();
    let value = match question.answer {
        AnswerType::YesNo => "yes",
        AnswerType::Choice => question.choices.first().map_or("", |choice| choice.id.as_str()),
        AnswerType::Coverage => "most",
        AnswerType::Count | AnswerType::Days => &number,
        AnswerType::Date => "2026-03-01",
        AnswerType::Link => "https://example.org/page",
        AnswerType::Links => "[https://example.org/one, https://example.org/two]",
        AnswerType::People => "[\"@alice\", \"@bob\"]",
        AnswerType::Text => "Some words.",
    };
    let criteria = if question.criteria.is_empty() { "" } else { "    criteria: all\n" };
    format!(
        "\n  To fill in, under `answers:` of the answers file:\n\n  \
         {}:\n    value: {value}\n{criteria}    because: Why it is so.\n    evidence: [https://example.org/page]\n    \
         by: \"@alice\"\n    on: 2026-03-01\n",
        question.id
    )
}
