//! Where output goes: results to stdout, everything else to stderr.

use std::io::{self, IsTerminal as _, Write as _};

use anstream::{AutoStream, ColorChoice};

use super::Colour;
use super::failure::Failure;
use crate::yaml::{Document, Problem};

/// The terminal, and how much to say.
pub(super) struct Output {
    colour: ColorChoice,
    quiet: bool,
    verbose: bool,
    width: usize,
}

impl Output {
    pub(super) fn new(colour: Colour, quiet: bool, verbose: bool) -> Self {
        let colour = match colour {
            Colour::Auto => ColorChoice::Auto,
            Colour::Always => ColorChoice::AlwaysAnsi,
            Colour::Never => ColorChoice::Never,
        };
        let width = if io::stdout().is_terminal() { textwrap::termwidth().clamp(40, 100) } else { 80 };
        Self { colour, quiet, verbose, width }
    }

    pub(super) fn is_verbose(&self) -> bool {
        self.verbose
    }

    /// Whether results are coloured.
    pub(super) fn colours_results(&self) -> bool {
        AutoStream::new(io::stdout(), self.colour).current_choice() != ColorChoice::Never
    }

    /// The width to print for: that of the terminal, at most 100 columns, or 80 where there is none.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// Prints a result. A reader that has closed the pipe has seen enough.
    pub(super) fn result(&self, text: &str) -> Result<(), Failure> {
        let mut stream = AutoStream::new(io::stdout(), self.colour).lock();
        match stream.write_all(text.as_bytes()).and_then(|()| stream.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Failure::Error(format!("cannot write to stdout: {error}")))
            }
            _ => Ok(()),
        }
    }

    /// Says what is being done, where somebody watches.
    pub(super) fn progress(&self, text: &str) {
        if !self.quiet && (self.verbose || io::stderr().is_terminal()) {
            self.say("", text);
        }
    }

    /// Says what is being done, from wherever it is done.
    pub(super) fn progress_line(&self) -> impl Fn(&str) + Send + Sync + 'static {
        let output = Self { ..*self };
        move |text| output.progress(text)
    }

    /// Says something that a reader of the results should know.
    pub(super) fn remark(&self, text: &str) {
        if !self.quiet {
            self.say("note: ", text);
        }
    }

    /// Says what went wrong.
    pub(super) fn error(&self, text: &str) {
        self.say("error: ", text);
    }

    /// Shows problems beside their lines.
    pub(super) fn problems(&self, document: &Document, problems: &[Problem]) {
        let colour = AutoStream::new(io::stderr(), self.colour).current_choice() != ColorChoice::Never;
        let mut problems: Vec<&Problem> = problems.iter().collect();
        problems.sort_by_key(|problem| problem.span.start);
        for problem in problems {
            self.say("", &format!("{}\n", problem.render(document, colour)));
        }
    }

    fn say(&self, lead: &str, text: &str) {
        // Nothing can be done about a stderr that does not take what is said.
        let _ = writeln!(AutoStream::new(io::stderr(), self.colour).lock(), "{lead}{text}");
    }
}
