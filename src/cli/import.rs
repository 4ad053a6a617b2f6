//! `seaworthy import`: take over what was declared or measured elsewhere, as proposed answers.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use clap::{Args, ValueEnum};

use super::Common;
use super::answers;
use super::failure::Failure;
use super::output::Output;
use super::subject::now;
use crate::disk;
use crate::import::{Applied, Confidence, Format, Imported, Input, Refused, answers_file, apply, import};

/// Take over what was declared or measured elsewhere: prints an answers file. What is not certain stands in it as a comment.
#[derive(Args, Debug)]
#[command(after_help = "\
An answer that exists is never replaced: with --answers FILE, questions answered there are left out, and differences are told.
Nothing is fetched. An import is a claim with its source named; it counts as somebody's word, never as something seen.")]
pub(super) struct Arguments {
    /// What the file is
    format: Name,
    /// The file to read
    file: PathBuf,
    /// Write the answers file here instead of printing it; a file that exists is not replaced
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
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
    #[arg(long, value_name = "FILE")]
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
    let existing = existing.unwrap_or_default();
    let applied = apply(&imported.proposals, &existing.answers, arguments.confirm.into());
    tell(&imported, &applied, output);
    let subject = existing.subject.as_deref().or(imported.subject.as_deref());
    let file = answers_file(&imported, &applied, subject);
    match &arguments.output {
        Some(path) => disk::write(path, &file).map_err(|error| Failure::io("write", path, &error)),
        None => output.result(&file),
    }
}

fn read(path: &Path) -> Result<String, Failure> {
    disk::read_text(path).map_err(|error| Failure::io("read", path, &error))
}

/// The name without its folder: where a file lies on this machine is nobody's business.
fn name(path: &Path) -> String {
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
