//! `seaworthy assess`: the main job.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use clap::Args;
use clap::builder::{OsStringValueParser, TypedValueParser as _};

use super::Common;
use super::answers;
use super::collect::Limits;
use super::declared;
use super::failure::Failure;
use super::ledger::folder_to_write;
use super::maintain::with_changes_since;
use super::output::Output;
use super::report::{FileFormat, Target};
use super::subject::{Subject, now};
use crate::answers::Answers;
use crate::assess::assess;
use crate::assess::record::{Assessment, Maturity};
use crate::collect::Collected;
use crate::disk;
use crate::evidence::{self, Evidence};
use crate::ledger::{self, Appended, Inputs, Recording};
use crate::questionnaire::{Model, Outline, Questionnaires};
use crate::report::escape::clean;
use crate::report::{self, Format, Terminal};
use crate::yaml::nearest;

/// Assess a project and print a summary; -o writes reports.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
    seaworthy assess . -o report.html
    seaworthy assess owner/name --answers answers.yaml --require osps-baseline=1
    seaworthy assess . --record                      adds to the ledger in .seaworthy/assessments
    for tag in v1.0 v1.1; do seaworthy assess . --at $tag --record; done
The token comes from GITHUB_TOKEN, GH_TOKEN or `gh auth token`. Without one the assessment is anonymous.")]
pub(super) struct Arguments {
    /// owner/name, the address of a repository, or a path to a checkout; may be left out with --evidence
    #[arg(required_unless_present = "evidence")]
    subject: Option<String>,
    /// Write a report; may be repeated. The format follows from the ending (.html .md .json .txt .sarif .csv .xml .svg), or stands
    /// before the name
    #[arg(short, long, value_name = "[FORMAT=]FILE", value_parser = OsStringValueParser::new().map(Target::of))]
    output: Vec<Target>,
    /// Write this document of a model, such as self-assessment, to the .md and .html files of -o instead of the report
    #[arg(long, value_name = "ID", requires = "output")]
    document: Option<String>,
    /// Format of reports whose ending does not tell it, and of what is printed
    #[arg(long, value_name = "FORMAT")]
    format: Option<FileFormat>,
    /// Model to assess under; may be repeated; `all` means all of them
    #[arg(long, value_name = "ID", default_value = "osps-baseline")]
    model: Vec<String>,
    /// Answers of the maintainers; by default .seaworthy/answers.yaml of the subject
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,
    /// Reviews of the answers, in a file of your own: they count, and stand before those in the answers file
    #[arg(long, value_name = "FILE")]
    reviews: Option<PathBuf>,
    /// Count the reviews in the subject's own answers file too
    #[arg(long)]
    trust_reviews: bool,
    /// Do not count what the subject declares in other files, such as its Security Insights
    #[arg(long)]
    no_declared: bool,
    /// Use this evidence snapshot instead of collecting
    #[arg(long, value_name = "FILE")]
    evidence: Option<PathBuf>,
    /// An earlier evidence snapshot, or a ledger, of which the newest counts: answers given before what changed since are
    /// suspect, and no review counts for them
    #[arg(long, value_name = "FILE")]
    since: Option<PathBuf>,
    /// Also keep the evidence that was collected
    #[arg(long, value_name = "FILE", conflicts_with = "evidence")]
    save_evidence: Option<PathBuf>,
    /// Add the assessment, with all that it rests on, to the ledger in a folder; by default .seaworthy/assessments of a
    /// checkout
    #[arg(long, value_name = "DIR", num_args = 0..=1, require_equals = true)]
    #[expect(clippy::option_option, reason = "clap tells `--record` from `--record=DIR` so")]
    record: Option<Option<PathBuf>>,
    /// Assess a checkout as of an earlier commit, tag or branch: its files and history, for the day of the commit. What came
    /// later is not read
    #[arg(long, value_name = "REV", conflicts_with = "evidence")]
    at: Option<String>,
    /// The day for which to assess, such as 2026-11-24; by default today in UTC, or the day of the commit with --at
    #[arg(long, value_name = "DATE")]
    as_of: Option<NaiveDate>,
    /// End with status 3 unless this level is reached, as MODEL=LEVEL or MODEL=LEVEL:READING, where READING is verified
    /// (the default), claimed or possible; may be repeated
    #[arg(long, value_name = "MODEL=LEVEL", value_parser = parse_requirement)]
    require: Vec<Required>,
    #[command(flatten)]
    limits: Limits,
}

/// A level that must be reached.
#[derive(Clone, Debug)]
struct Required {
    model: String,
    level: u32,
    reading: Reading,
}

#[derive(Clone, Copy, Debug)]
enum Reading {
    Verified,
    Claimed,
    Possible,
}

impl Reading {
    fn of(self, maturity: Maturity) -> (u32, &'static str) {
        match self {
            Self::Verified => (maturity.verified, "verified"),
            Self::Claimed => (maturity.claimed, "claimed"),
            Self::Possible => (maturity.possible, "possible"),
        }
    }
}

fn parse_requirement(text: &str) -> Result<Required, String> {
    let help = "write it as MODEL=LEVEL, such as osps-baseline=1 or osps-baseline=2:claimed";
    let (model, rest) = text.split_once('=').ok_or(help)?;
    let (level, reading) = rest.split_once(':').unwrap_or((rest, "verified"));
    let reading = match reading {
        "verified" => Reading::Verified,
        "claimed" => Reading::Claimed,
        "possible" => Reading::Possible,
        _ => return Err(help.to_owned()),
    };
    Ok(Required { model: model.to_owned(), level: level.parse().map_err(|_| help)?, reading })
}

pub(super) fn run(arguments: &Arguments, common: &Common, output: &Output) -> Result<(), Failure> {
    let questionnaires = common.load_questionnaires()?;
    let models = choose(arguments, &questionnaires)?;
    // What the command line promises is checked before the network is asked.
    let targets = targets(arguments)?;
    check_document(arguments, &models, &targets)?;
    let ledger = arguments.record.as_ref();
    let ledger = ledger.map(|folder| folder_to_write(folder.as_deref(), arguments.subject.as_deref())).transpose()?;
    let named =
        arguments.answers.as_deref().map(|path| answers::from_file(path, &questionnaires, output)).transpose()?;
    let Collected { evidence, answers: own, declared } = evidence(arguments, common, output)?;
    let evidence = match &arguments.since {
        Some(path) => with_changes_since(path, evidence, output)?,
        None => evidence,
    };
    let answers = match (named, &own) {
        (Some(answers), _) => Some(answers),
        (None, Some(text)) => {
            let folder = answers_folder(arguments);
            let trust = arguments.trust_reviews;
            Some(answers::of_subject(text.clone(), folder.as_deref(), trust, &questionnaires, output)?)
        }
        (None, None) => None,
    };
    let answers = match &arguments.reviews {
        Some(path) => Some(answers::with_reviews(answers, path, &questionnaires, output)?),
        None => answers,
    };
    check_subject(answers.as_ref(), &evidence, output);
    let today = || if arguments.at.is_some() { evidence.collected_on() } else { now().date_naive() };
    let as_of = arguments.as_of.unwrap_or_else(today);
    let answers = if arguments.no_declared {
        answers
    } else {
        let declared = declared::read(&declared, answers.as_ref(), &evidence, as_of, &questionnaires, output);
        declared::below(answers, &declared, output)
    };
    let record = assess(&evidence, answers.as_ref(), &questionnaires, &models, as_of)?;
    tell_ended(&record, output);
    let record = match ledger {
        Some(folder) => {
            let inputs = inputs(arguments, evidence.clone(), own, declared)?;
            let recording =
                Recording { record: &record, inputs: &inputs, questionnaires: &questionnaires, recorded_at: now() };
            keep(&folder, &recording, output)?
        }
        None => record,
    };
    if let Some(path) = &arguments.save_evidence {
        write(path, &evidence.to_json()?)?;
    }
    for (path, format) in &targets {
        let content = match &arguments.document {
            Some(id) => report::render_document(&record, id, None, *format)
                .map_err(|error| Failure::Invalid(error.to_string()))?,
            None => rendered(&record, *format)?,
        };
        write(path, &content)?;
    }
    print(&record, arguments, output)?;
    check_required(&arguments.require, &record)
}

/// The folder of the subject's own answers, unless they are those of an earlier commit.
fn answers_folder(arguments: &Arguments) -> Option<PathBuf> {
    let subject = Subject::parse(arguments.subject.as_deref().unwrap_or("."));
    arguments.at.is_none().then(|| subject.folder_of_answers()).flatten()
}

/// What the assessment rests on, to be kept with it.
fn inputs(
    arguments: &Arguments,
    evidence: Evidence,
    own: Option<String>,
    declared: Vec<(String, String)>,
) -> Result<Inputs, Failure> {
    let read = |path: &PathBuf| disk::read_text(path).map_err(|error| Failure::io("read", path, &error));
    let named = arguments.answers.as_ref().map(read).transpose()?;
    Ok(Inputs {
        evidence,
        reviews_trusted: named.is_some() || arguments.trust_reviews && own.is_some(),
        answers: named.or(own),
        reviews: arguments.reviews.as_ref().map(read).transpose()?,
        declared: if arguments.no_declared { Vec::new() } else { declared },
    })
}

/// Adds the record to the ledger, and says where it stands.
fn keep(folder: &Path, recording: &Recording<'_>, output: &Output) -> Result<Assessment, Failure> {
    let Appended { record, path, is_new } = ledger::append(folder, recording)?;
    let done = if is_new { "Recorded in" } else { "The same assessment stands already in" };
    output.remark(&format!("{done} {}.", path.display()));
    Ok(record)
}

fn choose<'q>(arguments: &Arguments, questionnaires: &'q Questionnaires) -> Result<Vec<&'q Model>, Failure> {
    let all = arguments.model.iter().any(|id| id == "all");
    let mut models: Vec<&Model> = if all { questionnaires.models().iter().collect() } else { Vec::new() };
    let required = arguments.require.iter().map(|required| &required.model);
    for id in arguments.model.iter().filter(|id| *id != "all").chain(required) {
        let model = questionnaires.model(id).ok_or_else(|| unknown_model(id, questionnaires))?;
        if !models.iter().any(|chosen| chosen.id == model.id) {
            models.push(model);
        }
    }
    for required in &arguments.require {
        let highest = questionnaires.model(&required.model).map_or(0, Model::highest);
        if !(1..=highest).contains(&required.level) {
            return Err(Failure::Invalid(match highest {
                0 => format!("{} has no levels that can be required", required.model),
                _ => format!("{} has the levels 1 to {highest}, not {}", required.model, required.level),
            }));
        }
    }
    Ok(models)
}

/// There is no such model; says which there are.
pub(super) fn unknown_model(id: &str, questionnaires: &Questionnaires) -> Failure {
    let ids: Vec<&str> = questionnaires.models().iter().map(|model| model.id.as_str()).collect();
    let help = match nearest(id, ids.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are: {}", ids.join(", ")),
    };
    Failure::Invalid(format!("there is no model `{id}`; {help}"))
}

/// Whether the models have the document, and the files can hold it.
fn check_document(arguments: &Arguments, models: &[&Model], targets: &[(PathBuf, Format)]) -> Result<(), Failure> {
    let Some(id) = &arguments.document else { return Ok(()) };
    let named = |model: &Model, outline: &Outline| outline.id == *id || format!("{}/{}", model.id, outline.id) == *id;
    if !models.iter().any(|model| model.documents.iter().any(|outline| named(model, outline))) {
        return Err(Failure::Invalid(format!(
            "no model of this assessment has a document `{id}`; name one that has with --model, such as cncf-self-assessment"
        )));
    }
    if targets.iter().any(|(_, format)| *format == Format::Text) {
        return Err(Failure::Invalid("a document is written as .md or .html".to_owned()));
    }
    Ok(())
}

fn targets(arguments: &Arguments) -> Result<Vec<(PathBuf, Format)>, Failure> {
    let target = |target: &Target| Ok((target.path.clone(), target.format(arguments.format)?));
    arguments.output.iter().map(target).collect()
}

fn evidence(arguments: &Arguments, common: &Common, output: &Output) -> Result<Collected, Failure> {
    if let Some(path) = &arguments.evidence {
        let json = disk::read_text(path).map_err(|error| Failure::io("read", path, &error))?;
        let evidence =
            Evidence::from_json(&json).map_err(|error| Failure::Invalid(format!("`{}`: {error}", path.display())))?;
        let subject = arguments.subject.as_deref().map(Subject::parse);
        let answers = subject.as_ref().and_then(Subject::answers_on_disk);
        let declared = subject.as_ref().map_or_else(Vec::new, Subject::declared_on_disk);
        return Ok(Collected { evidence, answers, declared });
    }
    let subject = Subject::parse(arguments.subject.as_deref().unwrap_or("."));
    match &arguments.at {
        Some(revision) => subject.collect_at(revision, common, output),
        None => subject.collect(common, &arguments.limits, output),
    }
}

/// Says so when the answers are about another subject.
fn check_subject(answers: Option<&Answers>, evidence: &Evidence, output: &Output) {
    if let Some(subject) = answers.and_then(|answers| answers.subject.as_ref())
        && evidence::Subject::is_lasting(&evidence.subject.id)
        && !subject.eq_ignore_ascii_case(&evidence.subject.id)
    {
        output.remark(&format!("The answers are about {subject}, the evidence is about {}.", evidence.subject.id));
    }
}

/// Says which waivers have ended and which reviews no longer count, since nobody looks for what was settled once.
fn tell_ended(record: &Assessment, output: &Output) {
    for model in &record.models {
        for finding in &model.findings {
            if let Some(waiver) = finding.waiver.as_ref().filter(|waiver| waiver.ended) {
                output.remark(&format!(
                    "The waiver of {}/{} by {} ended on {}.",
                    model.id,
                    finding.requirement,
                    clean(&waiver.by),
                    waiver.until
                ));
            }
        }
    }
    for question in &record.questions {
        if let Some(review) = question.review.as_ref().filter(|review| review.outdated) {
            output.remark(&format!(
                "The review of {} by {} does not count: the answer has changed since.",
                question.id,
                clean(&review.by)
            ));
        }
    }
}

fn rendered(record: &Assessment, format: Format) -> Result<String, Failure> {
    report::render(record, format).map_err(|error| Failure::Error(error.to_string()))
}

fn write(path: &Path, content: &str) -> Result<(), Failure> {
    disk::write(path, content).map_err(|error| Failure::io("write", path, &error))
}

/// Prints the summary, or the format that was asked for where no file takes it.
fn print(record: &Assessment, arguments: &Arguments, output: &Output) -> Result<(), Failure> {
    if let (Some(format), true) = (arguments.format, arguments.output.is_empty()) {
        return output.result(&rendered(record, format.into())?);
    }
    let terminal = Terminal {
        width: output.width().min(100),
        colour: output.colours_results(),
        unicode: true,
        verbose: output.is_verbose(),
    };
    output.result(&report::summary(record, &terminal).map_err(|error| Failure::Error(error.to_string()))?)?;
    for target in &arguments.output {
        output.progress(&format!("wrote {}", target.path.display()));
    }
    Ok(())
}

fn check_required(required: &[Required], record: &Assessment) -> Result<(), Failure> {
    let mut missed = Vec::new();
    for required in required {
        let Some(model) = record.models.iter().find(|model| model.id == required.model) else { continue };
        let (level, reading) = required.reading.of(model.maturity);
        if level < required.level {
            missed.push(format!("{} level {} is required, level {level} is {reading}", model.title, required.level));
        }
    }
    if missed.is_empty() { Ok(()) } else { Err(Failure::NotReached(missed.join("; "))) }
}
