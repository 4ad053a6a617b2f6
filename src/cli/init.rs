//! `seaworthy init`: an answers file with all open questions, to fill in.

use std::path::{Path, PathBuf};

use clap::Args;

use super::Common;
use super::failure::Failure;
use super::maintain::{Place, Session};
use super::output::Output;
use crate::answers::Answers;
use crate::answers::edit::{Edit, apply, as_comments, has_comment_for, leave_out};
use crate::assess::record::Assessment;
use crate::disk;
use crate::interview::{Only, Open, blocks, open_questions};
use crate::report::escape::clean;

/// Write an answers file with the questions that only people can settle, ready to fill in.
#[derive(Args, Debug)]
#[command(after_help = "Run it again whenever you like: it adds what is new, and changes and removes nothing.")]
pub(super) struct Arguments {
    #[command(flatten)]
    place: Place,
    /// Use this evidence snapshot instead of collecting
    #[arg(long, value_name = "FILE")]
    evidence: Option<PathBuf>,
    /// Who answers, such as @alice; by default github.user or user.name of the git configuration
    #[arg(long, value_name = "NAME", env = "SEAWORTHY_BY")]
    by: Option<String>,
    /// Write to this file instead, and leave the answers file alone; `-` prints it
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(arguments: &Arguments, common: &Common, output: &Output) -> Result<(), Failure> {
    let mut session = arguments.place.open(arguments.evidence.as_deref(), common, output)?;
    let subject = session.evidence.subject.id.clone();
    let answers = session.answers()?;
    let record = session.assess(&answers)?;
    let text = session.file.text(&subject);
    let open = open_questions(&record, Only::Open, session.on);
    let new: Vec<&Open> = open
        .iter()
        .filter(|open| !answers.answers.contains_key(&open.question))
        .filter(|open| !has_comment_for(&text, "answers", &open.question))
        .collect();
    let by = arguments.by.clone().or_else(|| arguments.place.git_user());
    let mut comments = blocks(&new, &record, &answers, &session.questionnaires, by.as_deref(), session.on);
    let declared = declared(&session, &answers, &record, &text)?;
    comments += &declared.iter().map(String::as_str).collect::<String>();
    let edits: Vec<Edit> = if comments.is_empty() { Vec::new() } else { vec![Edit::Comments(comments)] };
    if let Some(target) = &arguments.output {
        // A copy goes to where others may read it.
        let invalid = |reason: String| Failure::Invalid(format!("{}: {reason}", session.file.path.display()));
        let text = leave_out(&text, "this copy").map_err(invalid)?.unwrap_or(text);
        let changed = apply(&text, &edits, &session.questionnaires).map_err(|error| invalid(error.to_string()))?;
        return match target {
            path if path == Path::new("-") => output.result(&changed),
            path => disk::write(path, &changed).map_err(|error| Failure::io("write", path, &error)),
        };
    }
    let made = !session.file.exists();
    if !arguments.dry_run {
        if made || !edits.is_empty() {
            session.change(&edits)?;
        }
        session.file.write_schema()?;
    }
    output.result(&told(arguments, &session, made, [new.len(), declared.len(), answers.answers.len()]))
}

/// The comments of what other files declare: it counts without a word here, and can be made one's own.
fn declared(session: &Session, answers: &Answers, record: &Assessment, text: &str) -> Result<Vec<String>, Failure> {
    let mut blocks = Vec::new();
    for (id, declared) in &answers.declared {
        let Some(question) = session.questionnaires.question(id).filter(|_| record.question(id).is_some()) else {
            continue;
        };
        if answers.declaration(id).is_none() || has_comment_for(text, "answers", id) {
            continue;
        }
        let source = format!(
            "Declared in {}, field {}: it counts. Uncomment it, and put your name and day, to say it yourself.",
            clean(&declared.path),
            clean(&declared.place)
        );
        let block = as_comments(id, &declared.answer, &[question.ask.clone(), source])
            .map_err(|error| Failure::Invalid(format!("`{id}`: {error}")))?;
        let heading = if blocks.is_empty() { "\n## == Declared in other files ==\n" } else { "" };
        blocks.push(format!("{heading}\n{block}"));
    }
    Ok(blocks)
}

fn told(arguments: &Arguments, session: &Session, made: bool, counts: [usize; 3]) -> String {
    let [new, declared, answered] = counts;
    let path = session.file.path.display();
    let questions = |count: usize| format!("{count} question{}", if count == 1 { "" } else { "s" });
    let declared_too = match declared {
        0 => String::new(),
        1 => " 1 answer that is declared in another file stands there as a comment too.".to_owned(),
        more => format!(" {more} answers that are declared in other files stand there as comments too."),
    };
    let done = match (made, new + declared, arguments.dry_run) {
        (true, _, false) => format!("Wrote {path} with {} to answer.", questions(new)),
        (true, _, true) => format!("Would write {path} with {} to answer.", questions(new)),
        (false, 0, _) => format!("{path} has every open question already; nothing was changed."),
        (false, _, false) => format!("Added {} to {path}; all else stays as it was.", questions(new)),
        (false, _, true) => format!("Would add {} to {path}.", questions(new)),
    };
    let have = if answered == 0 { String::new() } else { format!("It answers {}.\n", questions(answered)) };
    let again = arguments.place.again();
    format!(
        "{done}{declared_too}\n{have}Next: `seaworthy answer{again}`, or fill it in with an editor; then `seaworthy assess{}`.\n",
        if again.is_empty() { " ." } else { &again }
    )
}
