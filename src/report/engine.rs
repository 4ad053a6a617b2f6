//! Runs templates: the built-in ones and those of users, with the same limits.

use minijinja::value::{Serde, Value, ValueKind};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior};
use serde::Serialize;

use super::escape;
use super::narrative;
use super::{Format, ReportError};

/// What a template may use up; about an instruction each, or 64 bytes of text.
const FUEL: u64 = 10_000_000;

/// The built-in templates, with the parts that they include.
const BUILT_IN: &[(&str, &str)] = &[
    ("base.html", include_str!("../../templates/base.html")),
    ("report.html", include_str!("../../templates/report.html")),
    ("model.html", include_str!("../../templates/model.html")),
    ("overview.html", include_str!("../../templates/overview.html")),
    ("questions.html", include_str!("../../templates/questions.html")),
    ("parts.html", include_str!("../../templates/parts.html")),
    ("style.css", include_str!("../../templates/style.css")),
    ("report.md", include_str!("../../templates/report.md")),
    ("junit.xml", include_str!("../../templates/junit.xml")),
    ("badge.svg", include_str!("../../templates/badge.svg")),
    ("annual.html", include_str!("../../templates/annual.html")),
    ("annual.css", include_str!("../../templates/annual.css")),
    ("annual.md", include_str!("../../templates/annual.md")),
    ("document.html", include_str!("../../templates/document.html")),
    ("document.css", include_str!("../../templates/document.css")),
    ("document.md", include_str!("../../templates/document.md")),
    ("diff.html", include_str!("../../templates/diff.html")),
    ("diff.md", include_str!("../../templates/diff.md")),
];

/// Renders a template under a name, with the escaping of a format.
pub(super) fn run(view: &impl Serialize, name: &str, source: &str, escaping: Format) -> Result<String, ReportError> {
    render(view, name, source, escaping).map_err(|error| ReportError::template(name, source, &error))
}

/// Renders a built-in template.
pub(super) fn run_built_in(view: &impl Serialize, name: &str, escaping: Format) -> Result<String, ReportError> {
    let source = BUILT_IN.iter().find(|entry| entry.0 == name).map_or("", |entry| entry.1);
    run(view, name, source, escaping)
}

fn render(view: &impl Serialize, name: &str, source: &str, escaping: Format) -> Result<String, Error> {
    let mut environment = environment(escaping)?;
    environment.add_template_owned(name.to_owned(), source.to_owned())?;
    environment.get_template(name)?.render(Value::from(Serde(view)))
}

fn environment(escaping: Format) -> Result<Environment<'static>, Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    environment.set_debug(true);
    let syntax =
        environment.syntax().to_builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build()?;
    environment.set_syntax(syntax);
    environment.set_auto_escape_callback(move |_| match escaping {
        Format::Html => AutoEscape::Html,
        Format::Markdown => AutoEscape::Custom("markdown".into()),
        Format::Json => AutoEscape::Json,
        Format::Text | Format::Exchange(_) => AutoEscape::Custom("text".into()),
    });
    environment.set_formatter(write_escaped);
    environment.add_filter("address", |address: &str| Value::from_safe_string(escape::markdown_address(address)));
    environment.add_filter("code", |text: &str| Value::from_safe_string(escape::markdown_code(text)));
    environment.add_filter("prose", prose);
    environment.add_filter("narrative", narrated);
    environment.add_filter("truncate_to", shortened);
    for (name, source) in BUILT_IN {
        environment.add_template(name, source)?;
    }
    Ok(environment)
}

/// Writes a value as the format needs it. None writes nothing.
fn write_escaped(out: &mut Output, state: &mut State, value: &Value) -> Result<(), Error> {
    if value.is_undefined() || matches!(state.auto_escape(), AutoEscape::Json) {
        return minijinja::escape_formatter(out, state, value);
    }
    if value.is_none() {
        return Ok(());
    }
    if matches!(value.kind(), ValueKind::Seq | ValueKind::Map) {
        return Err(Error::new(
            ErrorKind::InvalidOperation,
            format!("a {} can't be printed; loop over it or name one of its fields", value.kind()),
        ));
    }
    let text = value.to_string();
    let escaped = match state.auto_escape() {
        _ if value.is_safe() => text,
        AutoEscape::Html => escape::html(&text),
        AutoEscape::Custom(format) if format == "markdown" => escape::markdown(&text),
        _ => escape::clean(&text),
    };
    out.write_str(&escaped).map_err(Error::from)
}

/// The first characters of a text, with an ellipsis where something is cut off.
fn shortened(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest {
        return text.to_owned();
    }
    text.chars().take(longest.saturating_sub(1)).chain(['…']).collect()
}

/// Markdown of people, as the format writes it; its highest headings get the level `level`, or 3.
fn narrated(state: &State, text: &str, level: Option<usize>) -> Value {
    let level = level.unwrap_or(3);
    match state.auto_escape() {
        AutoEscape::Html => Value::from_safe_string(narrative::to_html(text, level)),
        AutoEscape::Custom(format) if format == "markdown" => {
            Value::from_safe_string(narrative::to_markdown(text, level))
        }
        _ => Value::from(text),
    }
}

/// Text in which backticks mark code, as the format writes it.
fn prose(state: &State, text: &str) -> Value {
    match state.auto_escape() {
        AutoEscape::Html => Value::from_safe_string(escape::html_prose(text)),
        AutoEscape::Custom(format) if format == "markdown" => Value::from_safe_string(escape::markdown_prose(text)),
        _ => Value::from(text),
    }
}
