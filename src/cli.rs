//! The command line: reads arguments, calls the library, prints. A file a verb.

mod annual;
mod answer;
mod answers;
mod assess;
mod collect;
mod coverage_page;
mod credentials;
mod declared;
mod diff;
mod doctor;
mod export;
mod failure;
mod github;
mod github_page;
mod history;
mod import;
mod init;
mod ledger;
mod lint;
mod maintain;
mod migrate;
mod models;
mod models_map;
mod new;
mod observations;
mod output;
mod pages;
mod questions;
mod rejudge;
mod report;
mod review;
mod schema;
mod seal;
mod status;
mod subject;
mod table;
mod usage;
mod verify;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::questionnaire::Questionnaires;
use failure::Failure;
use output::Output;

/// Assess the security maturity of a software project: what maintainers say, joined with what can be seen.
#[derive(Debug, Parser)]
#[command(name = "seaworthy", version, about, max_term_width = 100, after_help = AFTER_HELP)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    verb: Verb,
}

const AFTER_HELP: &str = "\
Start with a local checkout, which needs no network and no token:
    seaworthy assess . -o report.html

Exit status: 0 done; 1 an error of the program or of input and output; 2 wrong use or an invalid input file;
3 assessed, but not what --require demands, or a ledger that does not hold; 4 the subject could not be assessed.";

/// Options of every verb.
#[derive(Args, Debug)]
#[command(next_help_heading = "Options of every verb")]
struct Common {
    /// Address of the GitHub API; for GitHub Enterprise Server `https://HOST/api/v3`
    #[arg(
        long,
        value_name = "URL",
        env = "GITHUB_API_URL",
        default_value = "https://api.github.com",
        global = true,
        hide_env_values = true
    )]
    api_url: String,
    /// Folder with questions and models of one's own, beside the built-in ones
    #[arg(long, value_name = "DIR", global = true)]
    questionnaires: Option<PathBuf>,
    /// When to use colours
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true)]
    color: Colour,
    /// Print no progress and no remarks
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Tell more: all findings in the summary, each request on stderr
    #[arg(short, long, global = true)]
    verbose: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Colour {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Assess a project: collect evidence, join it with answers, judge, and report
    Assess(assess::Arguments),
    /// Collect the evidence alone, as a snapshot to assess later
    Collect(collect::Arguments),
    /// Write an answers file with the open questions, ready to fill in
    Init(init::Arguments),
    /// Answer open questions, in an interview or by options
    Answer(answer::Arguments),
    /// List the assessments of a ledger
    History(history::Arguments),
    /// Verify a ledger: digests, chain, and that each record can be made again
    Verify(verify::Arguments),
    /// Sign the newest record of a ledger
    Seal(seal::Arguments),
    /// Judge an old record again under the questionnaires of today
    Rejudge(rejudge::Arguments),
    /// Render a stored assessment record again
    Report(report::Arguments),
    /// Say what still holds, what broke it, and the least work that makes it whole
    Status(status::Arguments),
    /// Show what changed between two assessments, and why
    Diff(diff::Arguments),
    /// Tell what a year brought, from the ledger
    Annual(annual::Arguments),
    /// Say whether GitHub is reached, who the token is, and what it can see
    Doctor(doctor::Arguments),
    /// List the maturity models, or explain one
    Models(models::Arguments),
    /// List the questions, or explain one
    Questions(questions::Arguments),
    /// List what can be observed, or explain one observation
    Observations(observations::Arguments),
    /// Take over what was declared or measured elsewhere, as proposed answers
    Import(import::Arguments),
    /// Write answers as security-insights.yml or .bestpractices.json
    Export(export::Arguments),
    /// Check questionnaires, models and answers files
    Lint(lint::Arguments),
    /// Write the start of a questionnaire or a model of one's own
    New(new::Arguments),
    /// Review answers: accept, challenge or overrule each
    Review(review::Arguments),
    /// Carry answers over to the questions that took the place of old ones
    Migrate(migrate::Arguments),
    /// Print the JSON Schema of a format
    Schema(schema::Arguments),
}

/// Runs the program with its arguments, the first of which is its name.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(error) => {
            let error = usage::explained(error, &arguments);
            // Help and version are results and go to stdout; wrong use goes to stderr. Clap knows which is which.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { failure::WRONG_USE } else { 0 });
        }
    };
    let output = Output::new(cli.common.color, cli.common.quiet, cli.common.verbose);
    let done = match cli.verb {
        Verb::Assess(arguments) => assess::run(&arguments, &cli.common, &output),
        Verb::Collect(arguments) => collect::run(&arguments, &cli.common, &output),
        Verb::Init(arguments) => init::run(&arguments, &cli.common, &output),
        Verb::Answer(arguments) => answer::run(&arguments, &cli.common, &output),
        Verb::History(arguments) => history::run(&arguments, &output),
        Verb::Verify(arguments) => verify::run(&arguments, &output),
        Verb::Seal(arguments) => seal::run(&arguments, &output),
        Verb::Rejudge(arguments) => rejudge::run(&arguments, &cli.common, &output),
        Verb::Report(arguments) => report::run(&arguments, &output),
        Verb::Status(arguments) => status::run(&arguments, &cli.common, &output),
        Verb::Diff(arguments) => diff::run(&arguments, &output),
        Verb::Annual(arguments) => annual::run(&arguments, &output),
        Verb::Doctor(arguments) => doctor::run(&arguments, &cli.common, &output),
        Verb::Models(arguments) => models::run(&arguments, &cli.common, &output),
        Verb::Questions(arguments) => questions::run(&arguments, &cli.common, &output),
        Verb::Observations(arguments) => observations::run(&arguments, &output),
        Verb::Import(arguments) => import::run(&arguments, &cli.common, &output),
        Verb::Export(arguments) => export::run(&arguments, &cli.common, &output),
        Verb::Lint(arguments) => lint::run(&arguments, &cli.common, &output),
        Verb::New(arguments) => new::run(&arguments, &output),
        Verb::Review(arguments) => review::run(&arguments, &cli.common, &output),
        Verb::Migrate(arguments) => migrate::run(&arguments, &cli.common, &output),
        Verb::Schema(arguments) => schema::run(&arguments, &output),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.show(&output);
            ExitCode::from(failure.status())
        }
    }
}

impl Common {
    /// The questions and models that this run knows.
    fn load_questionnaires(&self) -> Result<Questionnaires, Failure> {
        let loaded = match &self.questionnaires {
            Some(folder) => Questionnaires::with_folder(folder),
            None => Questionnaires::built_in(),
        };
        loaded.map_err(Failure::from)
    }
}
