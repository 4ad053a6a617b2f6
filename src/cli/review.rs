//! `seaworthy review`: an assessor's word on the answers.

use std::fmt::Write as _;
use std::io::BufRead as _;
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, ValueEnum};

use super::Common;
use super::collect::Limits;
use super::failure::Failure;
use super::output::Output;
use super::subject::{Subject, now};
use super::table::wrapped;
use crate::answers::edit::{EditError, apply};
use crate::answers::{ANSWERS_PATH, ANSWERS_SCHEMA, Answers, Conflict, Review, Said};
use crate::disk;
use crate::questionnaire::{Question, Questionnaires};
use crate::report::escape::clean;
use crate::review::{Item, Move, Reviewer, Session, Word, edits, review, typed};
use crate::yaml::{Document, nearest};

/// Review answers: accept, challenge or overrule each, signed with a digest of the answer as it is now.
#[derive(Args, Debug)]
#[command(after_help = "\
Without --accept, --challenge or --overrule the answers are shown one by one, and each word is asked for.
Reviews in the subject's own answers file do not count in an assessment unless --trust-reviews says so. Keep them in a
file of your own with -o, and give it to `seaworthy assess --reviews FILE`.")]
pub(super) struct Arguments {
    /// A path to a checkout or an answers file, owner/name, or the address of a repository
    #[arg(default_value = ".")]
    subject: String,
    /// Who reviews, such as @bob
    #[arg(long, value_name = "NAME")]
    by: String,
    /// Your conflict of interest; asked for where it is left out and the answers are shown one by one
    #[arg(long, value_name = "KIND")]
    conflict: Option<ConflictArgument>,
    /// Write the reviews into this file instead of the answers file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Accept the answer to this question; may be repeated
    #[arg(long, value_name = "ID")]
    accept: Vec<String>,
    /// Challenge the answer to this question, with --because; may be repeated
    #[arg(long, value_name = "ID", requires = "because")]
    challenge: Vec<String>,
    /// Put another value in the place of an answer, with --because; may be repeated
    #[arg(long, value_name = "ID=VALUE", requires = "because")]
    overrule: Vec<String>,
    /// The reason of a challenge or of overruling; a note where an answer is accepted
    #[arg(long, value_name = "TEXT")]
    because: Option<String>,
    /// Show answers again that you have reviewed as they are now
    #[arg(long)]
    again: bool,
    /// The day of the review; by default today in UTC
    #[arg(long, value_name = "DATE")]
    on: Option<NaiveDate>,
    #[command(flatten)]
    limits: Limits,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ConflictArgument {
    /// None that you know of
    None,
    /// Something that could sway you, such as an acquaintance
    Soft,
    /// Something that rules you out, such as an employer or a share in the project: you can only challenge
    Hard,
}

impl From<ConflictArgument> for Conflict {
    fn from(argument: ConflictArgument) -> Self {
        match argument {
            ConflictArgument::None => Self::None,
            ConflictArgument::Soft => Self::Soft,
            ConflictArgument::Hard => Self::Hard,
        }
    }
}

pub(super) fn run(arguments: &Arguments, common: &Common, output: &Output) -> Result<(), Failure> {
    let questionnaires = common.load_questionnaires()?;
    let (document, own_path) = answers_of(arguments, common, output)?;
    let Some(target) = arguments.output.clone().or(own_path) else {
        return Err(Failure::Invalid("say with -o FILE where to write the reviews".to_owned()));
    };
    let answers = read(&document, &questionnaires)?;
    // What is in the target already is checked before anybody is asked.
    let before = target_text(arguments, &document, &answers, &target)?;
    read(&Document::new(target.display().to_string(), before.as_str()), &questionnaires)?;
    let walk = arguments.accept.is_empty() && arguments.challenge.is_empty() && arguments.overrule.is_empty();
    let reviews = if walk {
        walked(arguments, &answers_with(answers, &before, &questionnaires), &questionnaires, output)?
    } else {
        given(arguments, &answers, &questionnaires)?
    };
    if reviews.is_empty() {
        return output.result("Nothing was reviewed.\n");
    }
    let number = reviews.len();
    let text = apply(&before, &edits(reviews), &questionnaires).map_err(|error| unwritten(&target, &before, error))?;
    disk::write(&target, &text).map_err(|error| Failure::io("write", &target, &error))?;
    let word = if number == 1 { "review" } else { "reviews" };
    output.result(&format!("{number} {word} written to {}\n", target.display()))
}

/// The answers to be reviewed, and the file that they stand in, where there is one.
fn answers_of(arguments: &Arguments, common: &Common, output: &Output) -> Result<(Document, Option<PathBuf>), Failure> {
    let named = PathBuf::from(&arguments.subject);
    let subject = Subject::parse(&arguments.subject);
    let path = match &subject {
        _ if named.is_file() => named,
        Subject::Checkout(folder) => folder.join(ANSWERS_PATH),
        Subject::GitHub(_) => {
            let collected = subject.collect(common, &arguments.limits, output)?;
            let missing = || Failure::Invalid(format!("`{}` has no {ANSWERS_PATH}", arguments.subject));
            return Ok((Document::new(ANSWERS_PATH, collected.answers.ok_or_else(missing)?), None));
        }
    };
    let text = disk::read_text(&path).map_err(|error| Failure::io("read", &path, &error))?;
    Ok((Document::new(path.display().to_string(), text), Some(path)))
}

fn read(document: &Document, questionnaires: &Questionnaires) -> Result<Answers, Failure> {
    let (answers, problems) = Answers::read(document, questionnaires);
    answers.ok_or_else(|| Failure::Problems(vec![(document.clone(), problems)]))
}

/// What the file to be written holds now; the beginning of one where there is none.
fn target_text(
    arguments: &Arguments,
    document: &Document,
    answers: &Answers,
    target: &std::path::Path,
) -> Result<String, Failure> {
    if arguments.output.is_none() {
        return Ok(document.text().to_owned());
    }
    match disk::read_text(target) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let subject = answers.subject.as_ref().map_or_else(String::new, |subject| {
                format!("subject: {}\n", serde_json::Value::from(subject.as_str()))
            });
            Ok(format!("schema: {ANSWERS_SCHEMA}\n{subject}"))
        }
        Err(error) => Err(Failure::io("read", target, &error)),
    }
}

/// The answers with the reviews that stand in the target already.
fn answers_with(answers: Answers, target: &str, questionnaires: &Questionnaires) -> Answers {
    let (known, _) = Answers::read(&Document::new("", target), questionnaires);
    Answers { vouched: known.map(|known| known.reviews).unwrap_or_default(), ..answers }
}

fn unwritten(target: &std::path::Path, before: &str, error: EditError) -> Failure {
    match error {
        EditError::Invalid(problems) => {
            Failure::Problems(vec![(Document::new(target.display().to_string(), before), problems)])
        }
        EditError::Unfit(_) | EditError::Refused(_) => Failure::Invalid(format!("`{}`: {error}", target.display())),
    }
}

/// The reviews that the command line gives.
fn given(
    arguments: &Arguments,
    answers: &Answers,
    questionnaires: &Questionnaires,
) -> Result<Vec<(String, Review)>, Failure> {
    let Some(conflict) = arguments.conflict else {
        return Err(Failure::Invalid("state your conflict of interest: --conflict none, soft or hard".to_owned()));
    };
    let reviewer = reviewer(arguments, conflict.into());
    let because = arguments.because.clone();
    let reason = because.clone().unwrap_or_default();
    let mut words: Vec<(&Question, Word)> = Vec::new();
    for id in &arguments.accept {
        words.push((known(id, questionnaires)?, Word::Accept(because.clone())));
    }
    for id in &arguments.challenge {
        words.push((known(id, questionnaires)?, Word::Challenge(reason.clone())));
    }
    for pair in &arguments.overrule {
        let (id, value) =
            pair.split_once('=').ok_or_else(|| Failure::Invalid("write it as --overrule ID=VALUE".to_owned()))?;
        let question = known(id, questionnaires)?;
        let said = typed(question, value).map_err(|refusal| Failure::Invalid(refusal.to_string()))?;
        words.push((question, Word::Overrule(said, reason.clone())));
    }
    let mut reviews: Vec<(String, Review)> = Vec::new();
    for (question, word) in words {
        if reviews.iter().any(|(id, _)| *id == question.id) {
            return Err(Failure::Invalid(format!("`{}` is reviewed twice", question.id)));
        }
        let review = review(&reviewer, question, answers.answers.get(&question.id), word)
            .map_err(|refusal| Failure::Invalid(format!("`{}`: {refusal}", question.id)))?;
        reviews.push((question.id.clone(), review));
    }
    Ok(reviews)
}

fn known<'q>(id: &str, questionnaires: &'q Questionnaires) -> Result<&'q Question, Failure> {
    questionnaires.question(id).ok_or_else(|| {
        let ids = questionnaires.questions().iter().map(|question| question.id.as_str());
        let help = nearest(id, ids).map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        Failure::Invalid(format!("there is no question `{id}`{help}"))
    })
}

fn reviewer(arguments: &Arguments, conflict: Conflict) -> Reviewer {
    Reviewer { by: arguments.by.clone(), conflict, on: arguments.on.unwrap_or_else(|| now().date_naive()) }
}

/// Shows the answers one by one and asks for a word on each. The end of the input ends the review; what was said counts.
fn walked(
    arguments: &Arguments,
    answers: &Answers,
    questionnaires: &Questionnaires,
    output: &Output,
) -> Result<Vec<(String, Review)>, Failure> {
    let conflict = match arguments.conflict {
        Some(conflict) => conflict.into(),
        None => match asked_conflict(output)? {
            Some(conflict) => conflict,
            None => return Ok(Vec::new()),
        },
    };
    let mut session = Session::new(answers, questionnaires, reviewer(arguments, conflict), arguments.again);
    let mut shown = None;
    while let Some(item) = session.current() {
        let (number, total) = session.progress();
        if shown != Some(number) {
            output.prompt(&card(item, number, total, session.said(), output.width()));
            shown = Some(number);
        }
        let step = match asked(output, "accept, challenge, overrule, skip, back or quit? ")? {
            None => Move::Quit,
            Some(line) => match step(&line, item, output)? {
                Some(step) => step,
                None => continue,
            },
        };
        if let Err(refusal) = session.take(step) {
            output.prompt(&format!("{refusal}\n"));
        } else if session.progress().0 == number {
            // Back at the first stays there, and shows it again.
            shown = None;
        }
    }
    Ok(session.reviews())
}

fn asked_conflict(output: &Output) -> Result<Option<Conflict>, Failure> {
    while let Some(line) = asked(output, "Do you have a conflict of interest: none, soft or hard? ")? {
        match ConflictArgument::from_str(&line, true) {
            Ok(conflict) => return Ok(Some(conflict.into())),
            Err(_) => output.prompt(
                "none: none that you know of; soft: something could sway you; hard: something rules you out.\n",
            ),
        }
    }
    Ok(None)
}

/// A line of the input; none at its end.
fn asked(output: &Output, prompt: &str) -> Result<Option<String>, Failure> {
    output.prompt(prompt);
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line);
    match read.map_err(|error| Failure::Error(format!("cannot read the input: {error}")))? {
        0 => {
            // What comes next stands on a line of its own.
            output.prompt("\n");
            Ok(None)
        }
        _ => Ok(Some(line.trim().to_owned())),
    }
}

/// The move that a line means; none where it is not understood, and after saying so.
fn step(line: &str, item: &Item<'_>, output: &Output) -> Result<Option<Move>, Failure> {
    Ok(match line.to_lowercase().as_str() {
        "a" | "accept" => Some(Move::Say(Word::Accept(None))),
        "c" | "challenge" => asked(output, "Why? ")?.map(|reason| Move::Say(Word::Challenge(reason))),
        "o" | "overrule" => overruling(item, output)?,
        "s" | "skip" => Some(Move::Skip),
        "b" | "back" => Some(Move::Back),
        "q" | "quit" => Some(Move::Quit),
        _ => {
            output.prompt("Type one of the words, or its first letter.\n");
            None
        }
    })
}

fn overruling(item: &Item<'_>, output: &Output) -> Result<Option<Move>, Failure> {
    let prompt = format!("What is so instead: {}, or not-applicable? ", item.question.expects());
    let Some(value) = asked(output, &prompt)? else { return Ok(None) };
    match typed(item.question, &value) {
        Ok(said) => Ok(asked(output, "Why? ")?.map(|reason| Move::Say(Word::Overrule(said, reason)))),
        Err(refusal) => {
            output.prompt(&format!("{refusal}\n"));
            Ok(None)
        }
    }
}

/// An answer as the reviewer sees it.
fn card(item: &Item<'_>, number: usize, total: usize, said: Option<&Word>, width: usize) -> String {
    let mut text = format!("\n[{number}/{total}] {}\n", item.question.id);
    let mut line = |lead: &str, content: &str, width: usize| text.push_str(&wrapped(width, lead, &clean(content)));
    line("", &item.question.ask, width);
    let value = match &item.answer.said {
        Said::Value(value) => value.to_string(),
        Said::NotApplicable => "does not apply".to_owned(),
    };
    line("  Answer: ", &value, width);
    line("  Said by: ", &format!("{} on {}", item.answer.by, item.answer.on), width);
    if let Some(because) = &item.answer.because {
        line("  Because: ", because, width);
    }
    for link in &item.answer.evidence {
        // A link that is broken into lines cannot be followed.
        line("  Evidence: ", link, width.max(link.len() + 20));
    }
    if let Some(evidence) = &item.question.evidence {
        line("  What counts as evidence: ", evidence, width);
    }
    if let Some(before) = item.before {
        let mut earlier = format!("{} by {} on {}", before.verdict.word(), before.by, before.on);
        if let Some(note) = &before.note {
            let _ = write!(earlier, ": {note}");
        }
        if item.has_changed() {
            earlier.push_str(" The answer has changed since.");
        }
        line("  Reviewed before: ", &earlier, width);
    }
    if let Some(word) = said {
        line("  You said: ", word_name(word), width);
    }
    text
}

fn word_name(word: &Word) -> &'static str {
    match word {
        Word::Accept(_) => "accept",
        Word::Challenge(_) => "challenge",
        Word::Overrule(..) => "overrule",
    }
}
