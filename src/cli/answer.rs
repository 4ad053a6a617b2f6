//! `seaworthy answer`: answering open questions, in an interview or by options.

mod plain;
mod screen;

use std::io::{self, IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use clap::{Args, ValueEnum};

use super::Common;
use super::failure::Failure;
use super::maintain::{Kept, Place, Session};
use super::output::Output;
use crate::answers::edit::Edit;
use crate::answers::{Answer, Answers, CriteriaHeld, Details, Said, criteria_listed};
use crate::disk;
use crate::interview::{
    self, Interview, Item, Open, Prompt, Reply, Step, card, near, open_questions, put_in_order, standing,
};
use crate::questionnaire::{AnswerType, Question};
use crate::yaml::nearest;

/// Answer the questions that only people can settle, one after the other, or by --set.
#[derive(Args, Debug)]
#[command(
    after_help = "Each answer is in the file before the next question is asked. Leave at any moment with Esc or Ctrl-C.\n\n\
        Examples:\n    seaworthy answer\n    seaworthy answer --area AC --only unknown\n    seaworthy answer --set \
        access.second-factor-required=yes --because \"The organisation requires it.\" \\\n        --evidence \
        https://example.org/policy --by @alice"
)]
pub(super) struct Arguments {
    #[command(flatten)]
    place: Place,
    /// Ask only about this area of a model, such as AC, or this topic, such as access
    #[arg(long, value_name = "AREA")]
    area: Option<String>,
    /// Ask only some of the open questions
    #[arg(long, value_name = "WHICH", default_value = "open")]
    only: Which,
    /// Ask in plain lines and read the replies from stdin: for screen readers and pipes
    #[arg(long)]
    plain: bool,
    /// Answer without being asked; may be repeated. VALUE is as in the answers file; people and the like are separated by
    /// commas; `not-applicable` says that the question does not apply. An answer in words may be @FILE, or @- for stdin
    #[arg(long, value_name = "ID=VALUE", conflicts_with = "plain")]
    set: Vec<String>,
    /// Why the answers of --set are true, or why the questions do not apply
    #[arg(long, value_name = "TEXT", requires = "set")]
    because: Option<String>,
    /// A link that shows the answers of --set; may be repeated
    #[arg(long, value_name = "URL", requires = "set")]
    evidence: Vec<String>,
    /// Which criteria hold of the answers of --set: all, none, or their numbers, separated by commas
    #[arg(long, value_name = "WHICH", requires = "set")]
    criteria: Option<String>,
    /// Use this evidence snapshot, as `collect` writes it, instead of collecting
    #[arg(long, value_name = "FILE")]
    snapshot: Option<PathBuf>,
    /// Who answers, such as @alice; by default github.user or user.name of the git configuration
    #[arg(long, value_name = "NAME", env = "SEAWORTHY_BY")]
    by: Option<String>,
    /// The last day on which the answers hold; by default as long as each question says
    #[arg(long, value_name = "DATE")]
    until: Option<NaiveDate>,
}

/// Which of the open questions to ask.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Which {
    /// All that an answer could settle
    Open,
    /// Those of which nothing is known
    Unknown,
    /// Those whose answer has run out, is due, or is suspect since something changed
    Due,
    /// Those whose answer is contradicted or disputed
    Contradicted,
}

impl From<Which> for interview::Only {
    fn from(which: Which) -> Self {
        match which {
            Which::Open => Self::Open,
            Which::Unknown => Self::Unknown,
            Which::Due => Self::Due,
            Which::Contradicted => Self::Contradicted,
        }
    }
}

/// The largest file that becomes an answer, in bytes.
const MAX_FILE: u64 = 64 * 1024;

/// How the person is asked for a name.
const WHO: &str = "Who answers, such as @alice";

/// Where questions are asked and replies come from.
trait Front {
    /// Shows a text.
    fn show(&mut self, text: &str) -> Result<(), Failure>;
    /// Shows a question, on a clean page where there is one.
    fn show_question(&mut self, text: &str) -> Result<(), Failure>;
    /// Asks, and waits for the reply.
    fn ask(&mut self, prompt: &Prompt) -> Result<Reply, Failure>;
    /// How wide its lines are.
    fn width(&self) -> usize;
}

pub(super) fn run(arguments: &Arguments, common: &Common, output: &Output) -> Result<(), Failure> {
    let interactive = arguments.set.is_empty();
    if interactive && !arguments.plain && !(io::stdin().is_terminal() && io::stdout().is_terminal()) {
        return Err(Failure::Invalid(
            "an interview needs a terminal; answer with --set ID=VALUE, or use --plain to read replies line by line"
                .to_owned(),
        ));
    }
    if let Some(by) = &arguments.by {
        check_name(by).map_err(Failure::Invalid)?;
    }
    let mut session = arguments.place.open(arguments.snapshot.as_deref(), common, output)?;
    if !interactive {
        return set(arguments, &mut session, output);
    }
    let mut front: Box<dyn Front> =
        if arguments.plain { Box::new(plain::Plain::new(output)) } else { Box::new(screen::Screen::new(output)) };
    interview(arguments, &mut session, front.as_mut())
}

/// Why a name cannot stand in an answers file.
fn check_name(name: &str) -> Result<(), String> {
    if name.trim().is_empty() || name.chars().any(char::is_control) {
        return Err("a name or account such as @alice is needed".to_owned());
    }
    if interview::is_mail_address(name) {
        return Err("a name or account such as @alice is needed, no e-mail address: the file is public".to_owned());
    }
    Ok(())
}

/// The text of a file, or of stdin where it is `-`, for an answer in words.
fn text_of_file(path: &Path) -> Result<String, Failure> {
    let read = match path.to_str() {
        Some("-") => io::read_to_string(io::stdin().take(MAX_FILE)),
        _ => disk::read_text(path),
    };
    let text = read.map_err(|error| Failure::Invalid(format!("cannot read `{}`: {error}", path.display())))?;
    if text.len() as u64 >= MAX_FILE {
        return Err(Failure::Invalid(format!("`{}` is larger than {} KiB", path.display(), MAX_FILE / 1024)));
    }
    Ok(text.replace("\r\n", "\n").replace('\t', "    "))
}

fn set(arguments: &Arguments, session: &mut Session, output: &Output) -> Result<(), Failure> {
    let by = arguments.by.clone().or_else(|| arguments.place.git_user());
    let by = by.ok_or_else(|| Failure::Invalid("say who answers with --by, such as --by @alice".to_owned()))?;
    let present = session.file.answers(&session.questionnaires)?.answers;
    let mut edits = Vec::new();
    for pair in &arguments.set {
        let (id, value) = pair
            .split_once('=')
            .ok_or_else(|| Failure::Invalid(format!("`--set {pair}` is not of the form ID=VALUE")))?;
        let question = session.questionnaires.question(id).ok_or_else(|| {
            let ids = session.questionnaires.questions().iter().map(|question| question.id.as_str());
            let help = nearest(id, ids).map_or_else(
                || "`seaworthy questions` lists them".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            Failure::Invalid(format!("there is no question `{id}`; {help}"))
        })?;
        let file = value.strip_prefix('@').filter(|_| question.answer == AnswerType::Text);
        let text = file.map(|file| text_of_file(Path::new(file))).transpose()?;
        let said = interview::said(question, text.as_deref().unwrap_or(value)).map_err(Failure::Invalid)?;
        if said == Said::NotApplicable && arguments.because.is_none() {
            return Err(Failure::Invalid(format!("say with --because why `{id}` does not apply")));
        }
        let criteria = criteria(arguments, question, &said).map_err(Failure::Invalid)?;
        let details = present.get(id).map_or_else(Details::default, |answer| answer.details.for_another_answer());
        let answer = Answer {
            said,
            because: arguments.because.as_ref().map(|because| because.trim().to_owned()),
            evidence: arguments.evidence.clone(),
            by: by.trim().to_owned(),
            on: session.on,
            until: arguments.until,
            details: Details { criteria, ..details },
        };
        edits.push(Edit::Answer { question: id.to_owned(), answer });
    }
    let kept = session.change(&edits)?;
    if kept == Kept::WithOthers {
        output.remark("Somebody else had changed the file; their change stays.");
    }
    let record = session.assess(&session.answers()?)?;
    let count = edits.len();
    let mut text = format!(
        "{count} answer{} kept in {}.\n",
        if count == 1 { " is" } else { "s are" },
        session.file.path.display()
    );
    for line in standing(&record) {
        text += &format!("{line}\n");
    }
    output.result(&text)
}

/// What --criteria says of a question; needed where the answer counts only by its criteria.
fn criteria(arguments: &Arguments, question: &Question, said: &Said) -> Result<Option<CriteriaHeld>, String> {
    let needed = matches!(said, Said::Value(value) if question.needs_criteria(value));
    match &arguments.criteria {
        Some(text) if needed => CriteriaHeld::typed(text, question.criteria.len())
            .map(Some)
            .map_err(|expected| format!("--criteria cannot be `{text}` for `{}`: {expected}", question.id)),
        None if needed => Err(format!(
            "say with --criteria which criteria of `{}` hold (all, none, or their numbers): {}",
            question.id,
            criteria_listed(question)
        )),
        _ => Ok(None),
    }
}

fn interview(arguments: &Arguments, session: &mut Session, front: &mut dyn Front) -> Result<(), Failure> {
    let answers = session.answers()?;
    let questionnaires = session.questionnaires.clone();
    let record = session.assess(&answers)?;
    let open = wanted(arguments, session, &record)?;
    let first = items(&open, &record, &answers, &questionnaires);
    if first.is_empty() {
        return front.show("There is no such question to answer.\n");
    }
    let Some(by) = who(arguments, front)? else { return front.show("Nothing was changed.\n") };
    let mut interview = Interview::new(first, by, session.on, arguments.until);
    let mut lines = standing(&record);
    while let Some(prompt) = interview.prompt() {
        if interview.is_at_question()
            && let Some(item) = interview.item()
        {
            let width = front.width();
            let text = format!("{}\n{}", wrapped(&lines, width), card(item, interview.place(), width));
            front.show_question(&text)?;
        }
        lines.clear();
        let mut step = interview.reply(front.ask(&prompt)?);
        if let Step::Confirmed(answer) = step {
            let question = interview.item().map(|item| item.question.id.clone()).unwrap_or_default();
            let kept = keep(session, &question, &answer);
            match kept {
                Ok(kept) => {
                    let answers = session.answers()?;
                    let record = session.assess(&answers)?;
                    let open = wanted(arguments, session, &record)?;
                    interview.add(items(&open, &record, &answers, &questionnaires));
                    lines.push(format!("Kept: {question}."));
                    if kept == Kept::WithOthers {
                        lines.push("Somebody else had changed the file; their change stays.".to_owned());
                    }
                    lines.extend(standing(&record));
                    step = interview.kept(*answer, &record, &open);
                }
                Err(Failure::Invalid(reason)) => step = Step::Refused(reason),
                Err(other) => return Err(other),
            }
        }
        if let Step::Refused(reason) = step {
            front.show(&format!("! {reason}\n"))?;
        }
    }
    let count = interview.answered();
    let path = session.file.path.display();
    lines.push(format!("{count} answer{} kept in {path}.", if count == 1 { " is" } else { "s are" }));
    lines.push(format!(
        "Next: look at it with `git diff`, commit it, and run `seaworthy assess{}`.",
        match arguments.place.again().as_str() {
            "" => " .".to_owned(),
            again => again.to_owned(),
        }
    ));
    front.show(&wrapped(&lines, front.width()))
}

fn wrapped(lines: &[String], width: usize) -> String {
    lines.iter().map(|line| textwrap::fill(line, width) + "\n").collect()
}

fn keep(session: &mut Session, question: &str, answer: &Answer) -> Result<Kept, Failure> {
    session.change(&[Edit::Answer { question: question.to_owned(), answer: answer.clone() }])
}

/// The open questions that the options ask for.
fn wanted(
    arguments: &Arguments,
    session: &Session,
    record: &crate::assess::record::Assessment,
) -> Result<Vec<Open>, Failure> {
    let mut open = open_questions(record, arguments.only.into(), session.on);
    if let Some(area) = &arguments.area {
        let areas = || record.models.iter().flat_map(|model| model.areas.iter().map(|area| area.id.as_str()));
        let topics = || session.questionnaires.questions().iter().filter_map(|question| question.id.split('.').next());
        if !areas().chain(topics()).any(|known| known.eq_ignore_ascii_case(area)) {
            let known: std::collections::BTreeSet<&str> = areas().chain(topics()).collect();
            let known: Vec<&str> = known.into_iter().collect();
            return Err(Failure::Invalid(format!("there is no area `{area}`; there are {}", known.join(", "))));
        }
        open.retain(|open| {
            open.topic.eq_ignore_ascii_case(area) || open.areas.iter().any(|own| own.eq_ignore_ascii_case(area))
        });
        put_in_order(&mut open, record);
    }
    Ok(open)
}

fn items<'q>(
    open: &[Open],
    record: &crate::assess::record::Assessment,
    answers: &Answers,
    questionnaires: &'q crate::questionnaire::Questionnaires,
) -> Vec<Item<'q>> {
    let item = |open: &Open| {
        let question = questionnaires.question(&open.question)?;
        Some(Item {
            question,
            topic: questionnaires.topic_title(&open.topic).to_owned(),
            open: open.clone(),
            result: record.question(&open.question)?.clone(),
            present: answers.answer(&open.question).cloned(),
            near: near(question, questionnaires, answers, record),
            done: false,
            needed: true,
        })
    };
    open.iter().filter_map(item).collect()
}

/// Who answers: as the options say, or asked once. None where the person leaves.
fn who(arguments: &Arguments, front: &mut dyn Front) -> Result<Option<String>, Failure> {
    if let Some(by) = &arguments.by {
        return Ok(Some(by.trim().to_owned()));
    }
    let prompt = Prompt::Name { proposed: arguments.place.git_user().unwrap_or_default() };
    loop {
        match front.ask(&prompt)? {
            Reply::Typed(name) => match check_name(&name) {
                Ok(()) => return Ok(Some(name.trim().to_owned())),
                Err(reason) => front.show(&format!("! {reason}\n"))?,
            },
            _ => return Ok(None),
        }
    }
}
