//! `seaworthy import`: take over what was declared or measured elsewhere, as proposed answers.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use clap::{Args, ValueEnum};

use super::Common;
use super::answers;
use super::failure::Failure;
use super::github::block_on;
use super::maintain::AnswersFile;
use super::output::Output;
use super::subject::now;
use crate::answers::Audit;
use crate::answers::edit::{Edit, apply as apply_edits, as_comments};
use crate::collect::document;
use crate::disk;
use crate::import::{
    Applied, Confidence, Format, Imported, Input, Proposal, Refused, answers_file, apply, import, new_audits,
};
use crate::questionnaire::Questionnaires;
use crate::report::escape::clean;

/// Take over what was declared or measured elsewhere: prints an answers file. What is not certain stands in it as a comment.
#[derive(Args, Debug)]
#[command(after_help = "\
An answer that exists is never replaced: with --into or --answers, questions answered there are left out, and differences are told.
An address is fetched without any token, over an encrypted connection only. An import is a claim with its source named; it counts as somebody's word, never as something seen.")]
pub(super) struct Arguments {
    /// What the file is
    format: Name,
    /// The file to read, or its https:// address
    #[arg(value_name = "FILE|URL")]
    file: PathBuf,
    /// Write the answers file here instead of printing it; a file that exists is not replaced
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Put what is taken over into this answers file, and the rest as comments; its own answers and layout stay
    #[arg(long, value_name = "ANSWERS", conflicts_with_all = ["output", "answers"])]
    into: Option<PathBuf>,
    /// Answers that exist: their questions are left out
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,
    /// Take over as answers what is at least this sure; the rest becomes comments
    #[arg(long, value_name = "CONFIDENCE", default_value = "certain")]
    confirm: Sure,
    /// Who vouches for what is taken over, such as @alice; by default the source
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// The day of the declarations, where the file does not give it
    #[arg(long, value_name = "DATE")]
    on: Option<NaiveDate>,
    /// Where the file is published, to be named as the source instead of its name
    #[arg(long, value_name = "URL")]
    source: Option<String>,
    /// The parent of a Security Insights file that names one
    #[arg(long, value_name = "FILE|URL")]
    parent: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Name {
    /// security-insights.yml, version 1 or 2
    SecurityInsights,
    /// .bestpractices.json, or the JSON of a project from bestpractices.dev
    BestPractices,
    /// JSON of OpenSSF Scorecard: checks or probes
    Scorecard,
    /// .clomonitor.yml
    Clomonitor,
    /// A CNCF security self-assessment in Markdown
    Cncf,
    /// OSCAL assessment results in JSON about the OSPS Baseline
    Oscal,
    /// An assessment record or an answers file of Seaworthy
    Seaworthy,
}

impl From<Name> for Format {
    fn from(name: Name) -> Self {
        match name {
            Name::SecurityInsights => Self::SecurityInsights,
            Name::BestPractices => Self::BestPractices,
            Name::Scorecard => Self::Scorecard,
            Name::Clomonitor => Self::Clomonitor,
            Name::Cncf => Self::Cncf,
            Name::Oscal => Self::Oscal,
            Name::Seaworthy => Self::Seaworthy,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Sure {
    /// The project itself says just what the question asks
    Certain,
    /// Nearly the same, or a part of it
    Likely,
    /// It speaks for the answer, and no more
    Guess,
}

impl From<Sure> for Confidence {
    fn from(sure: Sure) -> Self {
        match sure {
            Sure::Certain => Self::Certain,
            Sure::Likely => Self::Likely,
            Sure::Guess => Self::Guess,
        }
    }
}

pub(super) fn run(arguments: &Arguments, common: &Common, output: &Output) -> Result<(), Failure> {
    if let Some(path) = arguments.output.as_ref().filter(|path| path.exists()) {
        let help = "name another file, and give this one with --answers to leave out what it answers";
        return Err(Failure::Invalid(format!("`{}` exists and is not replaced; {help}", path.display())));
    }
    let today = now().date_naive();
    if let Some(on) = arguments.on.filter(|on| *on > today) {
        return Err(Failure::Invalid(format!("--on {on} has not come yet")));
    }
    let questionnaires = common.load_questionnaires()?;
    let existing =
        arguments.answers.as_deref().map(|path| answers::from_file(path, &questionnaires, output)).transpose()?;
    let text = read(&arguments.file)?;
    let parent = arguments.parent.as_deref().map(|path| Ok::<_, Failure>((name(path), read(path)?))).transpose()?;
    let file_name = name(&arguments.file);
    let input = Input {
        name: arguments.source.as_deref().unwrap_or(&file_name),
        text: &text,
        parent: parent.as_ref().map(|(name, text)| (name.as_str(), text.as_str())),
        today,
        on: arguments.on,
        by: arguments.by.as_deref(),
        questionnaires: &questionnaires,
    };
    let imported = import(arguments.format.into(), &input).map_err(|Refused(reason)| Failure::Invalid(reason))?;
    if let Some(path) = &arguments.into {
        return into(path, arguments, &imported, &questionnaires, output);
    }
    let existing = existing.unwrap_or_default();
    let applied = apply(&imported.proposals, &existing.answers, arguments.confirm.into());
    tell(&imported, &applied, output);
    let subject = existing.subject.as_deref().or(imported.subject.as_deref());
    let audits = new_audits(&imported, &existing.audits);
    let file = answers_file(&imported, &applied, subject);
    let file = apply_edits(&file, &as_edits(&audits), &questionnaires)
        .map_err(|error| Failure::Invalid(format!("the audits cannot be written: {error}")))?;
    match &arguments.output {
        Some(path) => disk::write(path, &file).map_err(|error| Failure::io("write", path, &error)),
        None => output.result(&file),
    }
}

/// Puts what is taken over into an answers file, and what waits for a person's word as comments.
fn into(
    path: &Path,
    arguments: &Arguments,
    imported: &Imported,
    questionnaires: &Questionnaires,
    output: &Output,
) -> Result<(), Failure> {
    let mut file = AnswersFile::open(path.to_owned())?;
    let existing = file.answers(questionnaires)?;
    let about = imported.subject.as_deref();
    if let (Some(own), Some(other)) = (&existing.subject, about)
        && !own.eq_ignore_ascii_case(other)
    {
        return Err(Failure::Invalid(format!(
            "`{}` is about {own}, and {} about {}",
            path.display(),
            imported.name,
            clean(other)
        )));
    }
    let applied = apply(&imported.proposals, &existing.answers, arguments.confirm.into());
    let taken = applied
        .taken
        .iter()
        .map(|proposal| Edit::Answer { question: proposal.question.clone(), answer: proposal.answer.clone() });
    let audits = new_audits(imported, &existing.audits);
    let mut edits: Vec<Edit> = taken.chain(as_edits(&audits)).collect();
    let text = file.text(about.unwrap_or_default());
    let mut comments = String::new();
    for proposal in &applied.waiting {
        let block = waiting(proposal, imported, questionnaires)?;
        // What stands there from an import before is not put again.
        if !block.lines().all(|line| text.lines().any(|known| known.trim() == line.trim())) {
            comments += &format!("\n{block}");
        }
    }
    if !comments.is_empty() {
        edits.push(Edit::Comments(comments));
    }
    tell(imported, &applied, output);
    if edits.is_empty() {
        return output.result(&format!("Nothing is new to {}; it was not changed.\n", path.display()));
    }
    file.change(&edits, about.unwrap_or_default(), questionnaires)?;
    let waiting = match applied.waiting.len() {
        0 => String::new(),
        1 => " 1 proposal stands there as a comment and waits for your word.".to_owned(),
        more => format!(" {more} proposals stand there as comments and wait for your word."),
    };
    let answers = number(applied.taken.len(), "answer", "answers");
    let audits = match audits.len() {
        0 => String::new(),
        more => format!(" and {}", number(more, "audit", "audits")),
    };
    output.result(&format!("{answers}{audits} put into {}.{waiting}\n", path.display()))
}

/// The edits that put audits into a register.
fn as_edits(audits: &[&(String, Audit)]) -> Vec<Edit> {
    audits.iter().map(|(id, audit)| Edit::Audit { id: id.clone(), audit: audit.clone() }).collect()
}

/// A proposal as comments, ready to be uncommented.
fn waiting(proposal: &Proposal, imported: &Imported, questionnaires: &Questionnaires) -> Result<String, Failure> {
    let ask = questionnaires.question(&proposal.question).map(|question| question.ask.clone());
    let source = format!(
        "Proposed by {}, {}; {}. It does not count. To take it over, uncomment it, and put your name and day.",
        imported.name,
        proposal.place,
        proposal.confidence.word()
    );
    let explanation: Vec<String> = ask.into_iter().chain([source]).map(|text| clean(&text)).collect();
    as_comments(&proposal.question, &proposal.answer, &explanation)
        .map_err(|error| Failure::Invalid(format!("`{}`: {error}", proposal.question)))
}

fn read(path: &Path) -> Result<String, Failure> {
    match address(path) {
        Some(address) => block_on(document::fetch(address))?.map_err(|error| Failure::Error(clean(&error.to_string()))),
        None => disk::read_text(path).map_err(|error| Failure::io("read", path, &error)),
    }
}

/// The address of the web that stands in the place of a file.
fn address(path: &Path) -> Option<&str> {
    path.to_str().filter(|name| document::is_address(name))
}

/// The address, or the name without its folder: where a file lies on this machine is nobody's business.
fn name(path: &Path) -> String {
    if let Some(address) = address(path) {
        return address.to_owned();
    }
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

/// Says what became of the file, on stderr.
fn tell(imported: &Imported, applied: &Applied<'_>, output: &Output) {
    for remark in &imported.remarks {
        output.remark(remark);
    }
    for fault in &imported.faults {
        output.remark(&format!("{}: {} {}", imported.name, fault.place, fault.message));
    }
    for proposal in &applied.differing {
        output.remark(&format!(
            "{} is answered already, and differently from {}; your answer stays.",
            proposal.question, proposal.place
        ));
    }
    if output.is_verbose() {
        for entry in &imported.not_taken {
            output.remark(&format!("not taken over: {}: {}", entry.place, entry.why));
        }
    }
    let more = if output.is_verbose() || imported.not_taken.is_empty() { "" } else { " (-v lists them)" };
    output.remark(&format!(
        "{}: {}, {}, {}, {} not taken over{more}.",
        imported.name,
        number(applied.taken.len(), "answer taken over", "answers taken over"),
        number(applied.waiting.len(), "proposal waits for a person's word", "proposals wait for a person's word"),
        number(
            applied.agreeing.len() + applied.differing.len(),
            "question was answered already",
            "questions were answered already"
        ),
        number(imported.not_taken.len(), "entry", "entries"),
    ));
}

fn number(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
