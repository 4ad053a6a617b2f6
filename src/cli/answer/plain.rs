//! The interview in plain lines, for screen readers and pipes: nothing is drawn again, replies come from stdin.

use std::io::{self, BufRead as _, Read as _};
use std::path::Path;

use super::{Front, WHO, text_of_file};
use crate::answers::CriteriaHeld;
use crate::cli::failure::Failure;
use crate::cli::output::Output;
use crate::cli::table::wrapped;
use crate::interview::{Choice, Prompt, Reply};
use crate::report::escape::clean;

/// The longest reply that is read, in bytes.
const MAX_REPLY: u64 = 64 * 1024;
/// The longest text of many lines, in bytes.
const MAX_TEXT: usize = 64 * 1024;

/// Plain lines on stdout, replies from stdin.
pub(super) struct Plain<'o> {
    output: &'o Output,
}

impl<'o> Plain<'o> {
    pub(super) fn new(output: &'o Output) -> Self {
        Self { output }
    }

    /// A line of stdin without space around it; None at the end of the input.
    fn line() -> Result<Option<String>, Failure> {
        Ok(Self::raw_line()?.map(|line| line.trim().to_owned()))
    }

    /// A line of stdin without its end; None at the end of the input.
    fn raw_line() -> Result<Option<String>, Failure> {
        let mut bytes = Vec::new();
        let failed = |error: io::Error| Failure::Error(format!("cannot read the reply: {error}"));
        io::stdin().lock().take(MAX_REPLY).read_until(b'\n', &mut bytes).map_err(failed)?;
        if bytes.is_empty() {
            return Ok(None);
        }
        let text = String::from_utf8(bytes).map_err(|_| Failure::Invalid("a reply is not UTF-8".to_owned()))?;
        Ok(Some(text.trim_end().to_owned()))
    }
}

impl Front for Plain<'_> {
    fn show(&mut self, text: &str) -> Result<(), Failure> {
        self.output.result(text)
    }

    fn show_question(&mut self, text: &str) -> Result<(), Failure> {
        self.output.result(&format!("\n{text}"))
    }

    fn ask(&mut self, prompt: &Prompt) -> Result<Reply, Failure> {
        match prompt {
            Prompt::Choose(choices) => self.choose(choices),
            Prompt::Name { proposed } => self.text(WHO, proposed, true),
            Prompt::Mark { ask, criteria, said } => self.mark(ask, criteria, said.as_ref()),
            Prompt::Text { ask, initial, required, long: true, .. } => self.long_text(ask, initial, *required),
            Prompt::Text { ask, initial, required, .. } => self.text(ask, initial, *required),
        }
    }

    fn width(&self) -> usize {
        self.output.width()
    }
}

impl Plain<'_> {
    fn choose(&self, choices: &[(Choice, String)]) -> Result<Reply, Failure> {
        let line =
            |(at, (_, words)): (usize, &(Choice, String))| wrapped(self.width(), &format!("{}. ", at + 1), words);
        let list: String = choices.iter().enumerate().map(line).collect();
        self.output.result(&list)?;
        loop {
            self.output.result(&format!("Number or word (1 to {}):\n", choices.len()))?;
            let Some(reply) = Self::line()? else { return Ok(Reply::Quit) };
            match chosen(choices, &reply) {
                Some(choice) => return Ok(Reply::Chosen(choice.clone())),
                None => self.output.result(&format!("! there is no choice `{reply}`\n"))?,
            }
        }
    }

    fn mark(&self, ask: &str, criteria: &[String], said: Option<&CriteriaHeld>) -> Result<Reply, Failure> {
        let width = self.width();
        let now = said.map(CriteriaHeld::words);
        let empty = now.as_ref().map_or("", |_| ", empty keeps what stands");
        self.output.result(&wrapped(width, "", &format!("{ask}:")))?;
        for (number, criterion) in (1_usize..).zip(criteria) {
            self.output.result(&wrapped(width, &format!("{number}. "), &clean(criterion)))?;
        }
        if let Some(now) = &now {
            self.output.result(&wrapped(width, "Now: ", now))?;
        }
        loop {
            self.output.result(&wrapped(
                width,
                "",
                &format!("all, none, or the numbers of those that hold, such as 1, 2{empty} (< goes back):"),
            ))?;
            let reply = Self::line()?;
            let typed = match (reply.as_deref(), said) {
                (None, _) => return Ok(Reply::Quit),
                (Some("<"), _) => return Ok(Reply::Back),
                (Some(""), Some(said)) => Ok(said.clone()),
                (Some(text), _) => CriteriaHeld::typed(text, criteria.len()),
            };
            match typed {
                Ok(held) => return Ok(Reply::Marked(held)),
                Err(expected) => self.output.result(&format!("! {expected}\n"))?,
            }
        }
    }

    fn text(&self, ask: &str, initial: &str, required: bool) -> Result<Reply, Failure> {
        let empty = match (initial, required) {
            ("", true) => "required",
            ("", false) => "empty leaves it out",
            _ => "empty keeps what stands",
        };
        let clear = if initial.is_empty() { "" } else { "; - clears it" };
        let width = self.width();
        if !initial.is_empty() {
            self.output.result(&wrapped(width, "Now: ", &clean(initial)))?;
        }
        self.output.result(&wrapped(width, "", &format!("{ask} ({empty}{clear}; < goes back):")))?;
        Ok(match Self::line()?.as_deref() {
            None => Reply::Quit,
            Some("<") => Reply::Back,
            Some("-") if !initial.is_empty() => Reply::Typed(String::new()),
            Some("") => Reply::Typed(initial.to_owned()),
            Some(text) => Reply::Typed(text.to_owned()),
        })
    }
}

impl Plain<'_> {
    /// A text of many lines, up to a line with a full stop alone, or that of a file.
    fn long_text(&self, ask: &str, initial: &str, required: bool) -> Result<Reply, Failure> {
        let how = "write as many lines as it takes, and end with a line that is a single full stop; @FILE takes a file";
        let first = match self.text(&format!("{ask}: {how}"), initial, required)? {
            Reply::Typed(first) if first != initial => first,
            other => return Ok(other),
        };
        if let Some(file) = first.strip_prefix('@') {
            return match text_of_file(Path::new(file)) {
                Ok(text) => Ok(Reply::Typed(text)),
                Err(Failure::Invalid(reason) | Failure::Error(reason)) => {
                    self.output.result(&format!("! {reason}\n"))?;
                    self.long_text(ask, initial, required)
                }
                Err(other) => Err(other),
            };
        }
        let mut text = first;
        while !text.is_empty() && text.len() < MAX_TEXT {
            match Self::raw_line()?.as_deref() {
                None | Some(".") => break,
                Some(line) => {
                    text.push('\n');
                    text.push_str(line);
                }
            }
        }
        Ok(Reply::Typed(text))
    }
}

/// The choice that a reply names, by its number or by its word.
fn chosen<'c>(choices: &'c [(Choice, String)], reply: &str) -> Option<&'c Choice> {
    let reply = reply.to_lowercase();
    let by_number = reply.parse::<usize>().ok().and_then(|number| choices.get(number.checked_sub(1)?));
    let word = |choice: &Choice| match choice {
        Choice::Value(value) => value.to_string(),
        Choice::Type => "answer".to_owned(),
        Choice::NotApplicable => "not-applicable".to_owned(),
        Choice::Skip => "skip".to_owned(),
        Choice::Back => "back".to_owned(),
        Choice::Quit => "quit".to_owned(),
    };
    by_number
        .or_else(|| choices.iter().find(|(choice, _)| word(choice).to_lowercase() == reply))
        .map(|(choice, _)| choice)
}
