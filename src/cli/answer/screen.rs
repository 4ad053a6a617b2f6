//! The interview on a terminal: a question a screen, with `inquire`.

use std::fmt;
use std::io::{self, Write as _};

use inquire::{Editor, InquireError, MultiSelect, Select, Text};

use super::{Front, WHO};
use crate::answers::CriteriaHeld;
use crate::cli::failure::Failure;
use crate::cli::output::Output;
use crate::interview::{Choice, Prompt, Reply};
use crate::report::escape::clean;

/// Clears the screen and goes to its first line.
const CLEAN_PAGE: &str = "\u{1b}[2J\u{1b}[H";

/// Clears what an interrupted prompt leaves, and begins a new line.
const CLEAN_REST: &str = "\r\u{1b}[J\n";

/// A terminal.
pub(super) struct Screen<'o> {
    output: &'o Output,
}

impl<'o> Screen<'o> {
    pub(super) fn new(output: &'o Output) -> Self {
        let colours = if output.colours_results() {
            inquire::ui::RenderConfig::default_colored()
        } else {
            inquire::ui::RenderConfig::empty()
        };
        inquire::set_global_render_config(colours);
        Self { output }
    }
}

/// Sends a command to the terminal, whatever the colours.
fn command(command: &str) -> Result<(), Failure> {
    let written = io::stdout().write_all(command.as_bytes());
    written.map_err(|error| Failure::Error(format!("cannot write to stdout: {error}")))
}

/// A choice as the list shows it.
struct Line<'c>(&'c (Choice, String));

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.1)
    }
}

/// The line from which on a text that comes back from the editor is left out.
const GUIDANCE_BEGINS: &str = "<!-- Write above this line, in Markdown. All below it is left out.";

/// A text for the editor, with what to keep in mind below it.
fn with_guidance(text: &str, guidance: &str) -> String {
    let wrapped: Vec<String> =
        guidance.lines().map(|line| textwrap::fill(&clean(line), 78).replace("-->", "--")).collect();
    format!("{text}\n\n{GUIDANCE_BEGINS}\n\n{}\n-->\n", wrapped.join("\n"))
}

fn without_guidance(text: &str) -> &str {
    text.split_once(GUIDANCE_BEGINS).map_or(text, |(text, _)| text).trim()
}

impl Front for Screen<'_> {
    fn show(&mut self, text: &str) -> Result<(), Failure> {
        self.output.result(text)
    }

    fn show_question(&mut self, text: &str) -> Result<(), Failure> {
        command(CLEAN_PAGE)?;
        self.output.result(&format!("{text}\n"))
    }

    fn ask(&mut self, prompt: &Prompt) -> Result<Reply, Failure> {
        let replied = match prompt {
            Prompt::Choose(choices) => Select::new("Your answer:", choices.iter().map(Line).collect())
                .with_help_message("arrows and Enter choose, typing filters, Esc saves and quits")
                .with_page_size(choices.len())
                .prompt()
                .map(|Line((choice, _))| Reply::Chosen(choice.clone())),
            Prompt::Name { proposed } => {
                let ask = format!("{WHO}:");
                let text = Text::new(&ask).with_help_message("Esc leaves; nothing was changed yet");
                let text = if proposed.is_empty() { text } else { text.with_default(proposed) };
                text.prompt().map(Reply::Typed)
            }
            Prompt::Mark { ask, criteria, said } => {
                let before = said.as_ref().map(|held| held.positions(criteria.len())).unwrap_or_default();
                MultiSelect::new(&format!("{ask}:"), criteria.iter().map(|criterion| clean(criterion)).collect())
                    .with_default(&before)
                    .with_help_message("space marks, right marks all, Enter takes them, Esc goes back")
                    .with_page_size(criteria.len())
                    .raw_prompt()
                    .map(|marked| marked.into_iter().map(|option| option.index + 1).collect())
                    .map(|numbers| Reply::Marked(CriteriaHeld::of(numbers, criteria.len())))
            }
            Prompt::Text { ask, initial, long: true, guidance, .. } => Editor::new(&format!("{ask}:"))
                .with_predefined_text(&with_guidance(initial, guidance))
                .with_file_extension(".md")
                .with_help_message("e opens your editor, Enter takes the text, Esc goes back")
                .prompt()
                .map(|text| Reply::Typed(without_guidance(&text).to_owned())),
            Prompt::Text { ask, initial, required, .. } => Text::new(&format!("{ask}:"))
                .with_initial_value(initial)
                .with_help_message(if *required {
                    "required; Esc goes back"
                } else {
                    "Enter alone leaves it out, Esc goes back"
                })
                .prompt()
                .map(Reply::Typed),
        };
        match replied {
            Ok(reply) => Ok(reply),
            Err(InquireError::OperationInterrupted) => {
                command(CLEAN_REST)?;
                Ok(Reply::Quit)
            }
            Err(InquireError::OperationCanceled) => Ok(match prompt {
                Prompt::Choose(_) => Reply::Quit,
                Prompt::Name { .. } | Prompt::Text { .. } | Prompt::Mark { .. } => Reply::Back,
            }),
            Err(InquireError::NotTTY) => Err(Failure::Invalid("an interview needs a terminal; use --plain".to_owned())),
            Err(error) => Err(Failure::Error(format!("the terminal failed: {error}"))),
        }
    }

    fn width(&self) -> usize {
        self.output.width().min(80)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guidance_stays_out_of_the_text() {
        let shown = with_guidance("# One\n\nTwo", "Which?\n\nWhy: --> x");
        assert!(shown.contains("Which?"));
        assert_eq!(shown.matches("-->").count(), 1);
        assert_eq!(without_guidance(&shown), "# One\n\nTwo");
        assert_eq!(without_guidance("bare text\n"), "bare text");
    }
}
