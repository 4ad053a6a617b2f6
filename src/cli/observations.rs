//! `seaworthy observations`: list what can be observed, or explain one observation.

use clap::{Args, Subcommand};

use super::failure::Failure;
use super::output::Output;
use super::table::{table, wrapped};
use crate::evidence::{KeyInfo, NotCollected, Vocabulary};
use crate::yaml::nearest;

/// List what can be observed, or explain one observation.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(subcommand)]
    what: Option<What>,
    /// Print the whole list as the page of the documentation
    #[arg(long)]
    markdown: bool,
}

#[derive(Debug, Subcommand)]
enum What {
    /// List the observations
    List,
    /// Show an observation: what it means, where it is read, and what that needs
    Show {
        /// Key of the observation, such as `default_branch.required_approvals`
        key: String,
    },
}

pub(super) fn run(arguments: &Arguments, output: &Output) -> Result<(), Failure> {
    let vocabulary = Vocabulary::built_in();
    match &arguments.what {
        _ if arguments.markdown => output.result(&page(vocabulary)),
        None | Some(What::List) => output.result(&list(vocabulary, output.width())),
        Some(What::Show { key }) => match vocabulary.get(key) {
            Some(info) => output.result(&show(info, output.width())),
            None => Err(unknown(key, vocabulary)),
        },
    }
}

fn unknown(key: &str, vocabulary: &Vocabulary) -> Failure {
    let help = match nearest(key, vocabulary.keys().map(|info| info.key.as_str())) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`seaworthy observations` lists them".to_owned(),
    };
    Failure::Invalid(format!("there is no observation `{key}`; {help}"))
}

fn list(vocabulary: &Vocabulary, width: usize) -> String {
    let row = |info: &KeyInfo| [info.key.clone(), info.kind.word().to_owned(), info.title.clone()];
    table(width, ["key", "type", "title"], vocabulary.keys().map(row))
}

fn show(info: &KeyInfo, width: usize) -> String {
    let mut text = format!("{}\n\n", info.key);
    text.push_str(&wrapped(width, "", &format!("{}. {}", info.title, info.meaning)));
    text.push_str(&wrapped(width, "  Type: ", &kind(info)));
    text.push_str(&wrapped(width, "  States: ", &info.states().join(", ")));
    if let Some(when) = &info.not_applicable {
        text.push_str(&wrapped(width, "  Not applicable when ", when));
    }
    for source in &info.sources {
        text.push_str(&wrapped(width, &format!("  Read by {}: ", source.by), &source.read));
        if let Some(permission) = &source.permission {
            text.push_str(&wrapped(width, "    Needs: ", permission));
        }
    }
    text
}

fn kind(info: &KeyInfo) -> String {
    if info.values.is_empty() {
        info.kind.word().to_owned()
    } else {
        format!("{}: {}", info.kind.word(), info.values.join(", "))
    }
}

/// The page of the documentation.
fn page(vocabulary: &Vocabulary) -> String {
    let mut text = String::from(
        "# Observations\n\n<!-- Made by `seaworthy observations --markdown`; a test compares. -->\n\n\
         Everything that Seaworthy can observe. *Needs* names the least permission beyond reading a public repository.\n\
         Without it the observation is *not permitted*, which is unknown and never no. What the states mean stands in\n\
         [the method](method.md).\n",
    );
    for group in vocabulary.groups() {
        text.push_str(&format!("\n## {}\n", group.title));
        for info in &group.observations {
            text.push_str(&format!("\n### `{}`\n\n**{}.** {}\n\n", info.key, info.title, info.meaning));
            text.push_str(&format!("- Type: {}\n- States: {}\n", kind(info), info.states().join(", ")));
            if let Some(when) = &info.not_applicable {
                text.push_str(&format!("- Not applicable when {when}\n"));
            }
            for source in &info.sources {
                let needs =
                    source.permission.as_ref().map_or_else(String::new, |permission| format!(". Needs: {permission}"));
                text.push_str(&format!("- Read by {}: `{}`{needs}\n", source.by, source.read));
            }
        }
    }
    text.push_str(&left_out(NotCollected::built_in()));
    text
}

/// The end of the page: what is not collected, by topic.
fn left_out(entries: &[NotCollected]) -> String {
    let mut text = String::from("\n## What is not collected\n\nAnd why not.\n");
    for entries in entries.chunk_by(|left, right| left.topic == right.topic) {
        let topic = entries.first().map(|entry| entry.topic.as_str()).unwrap_or_default();
        text.push_str(&format!("\n### {topic}\n\n"));
        for entry in entries {
            text.push_str(&format!("- **{}.** {}\n", entry.what, entry.why));
        }
    }
    text
}
