//! `seaworthy status`: what still holds, what broke it, and the least work that makes it whole again.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::Common;
use super::answers;
use super::failure::Failure;
use super::maintain::Place;
use super::output::Output;
use crate::answers::Answers;
use crate::disk;
use crate::report::{self, Terminal};
use crate::validity::{Standing, Validity, superseded};
use crate::yaml::Document;

/// Say what still holds of the answers, what is due, what broke it, and the least work that makes it whole again.
#[derive(Args, Debug)]
#[command(
    after_help = "In a checkout the history of git tells what changed since each answer, and by which commit. Elsewhere an \
        earlier snapshot does, with --since.\n\nExamples:\n    seaworthy status\n    seaworthy status --fail-on suspect\n    \
        seaworthy status owner/name --since evidence-2025.json --ics due.ics\n\nExit status 3: --fail-on found something. \
        docs/validity.md tells the rules."
)]
pub(super) struct Arguments {
    #[command(flatten)]
    place: Place,
    /// Use this evidence snapshot, as `collect` writes it, instead of collecting
    #[arg(long, value_name = "FILE")]
    evidence: Option<PathBuf>,
    /// Reviews of the answers, in a file of your own
    #[arg(long, value_name = "FILE")]
    reviews: Option<PathBuf>,
    /// Count the reviews in the subject's own answers file too
    #[arg(long)]
    trust_reviews: bool,
    /// End with status 3 where something is like this or worse; the worst is expired
    #[arg(long, value_name = "WHAT")]
    fail_on: Option<FailOn>,
    /// Print one line, for a badge or a shell
    #[arg(long, conflicts_with = "format")]
    line: bool,
    /// Write a calendar with the days on which answers and waivers are due
    #[arg(long, value_name = "FILE")]
    ics: Option<PathBuf>,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// Somebody should look at it again
    Due,
    /// Something on which it rests changed
    Suspect,
    /// What was observed says otherwise
    Contradicted,
    /// It ran out and does not count
    Expired,
}

impl From<FailOn> for Validity {
    fn from(fail_on: FailOn) -> Self {
        match fail_on {
            FailOn::Due => Self::Due,
            FailOn::Suspect => Self::Suspect,
            FailOn::Contradicted => Self::Contradicted,
            FailOn::Expired => Self::Expired,
        }
    }
}

pub(super) fn run(arguments: &Arguments, common: &Common, output: &Output) -> Result<(), Failure> {
    let session = arguments.place.open(arguments.evidence.as_deref(), common, output)?;
    let session = if arguments.place.names_models() { session } else { session.under_all_models() };
    let trusted = arguments.trust_reviews || arguments.place.names_answers();
    let said = Answers { reviews_trusted: trusted, ..session.answers()? };
    let said = match &arguments.reviews {
        Some(path) => answers::with_reviews(Some(said), path, &session.questionnaires, output)?,
        None => said,
    };
    let gone = session.file.present().map_or_else(Vec::new, |text| {
        superseded(&Document::new(session.file.path.display().to_string(), text), &session.questionnaires)
    });
    let standing = Standing::of(&session.assess(&said)?, gone);
    if let Some(path) = &arguments.ics {
        disk::write(path, report::calendar(&standing)).map_err(|error| Failure::io("write", path, &error))?;
    }
    output.result(&shown(&standing, arguments, output)?)?;
    let worst = standing.worst();
    match arguments.fail_on.map(Validity::from) {
        Some(limit) if worst >= limit => Err(Failure::NotReached(standing.line())),
        _ => Ok(()),
    }
}

fn shown(standing: &Standing, arguments: &Arguments, output: &Output) -> Result<String, Failure> {
    if arguments.line {
        return Ok(standing.line() + "\n");
    }
    Ok(match arguments.format {
        Format::Json => serde_json::to_string_pretty(standing)? + "\n",
        Format::Text => {
            let terminal = Terminal {
                width: output.width(),
                colour: output.colours_results(),
                unicode: true,
                verbose: output.is_verbose(),
            };
            let models = if arguments.place.names_models() { "" } else { " --model all" };
            report::summary_of_standing(standing, &format!("{}{models}", arguments.place.again()), &terminal)
        }
    })
}
