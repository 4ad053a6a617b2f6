//! Plain tables for lists on the terminal.

use comfy_table::{ColumnConstraint, ContentArrangement, Table, presets};

/// A table without borders that fits a width. The first column holds names, which are never broken.
pub(super) fn table<const COLUMNS: usize>(
    width: usize,
    head: [&str; COLUMNS],
    rows: impl Iterator<Item = [String; COLUMNS]>,
) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(width).unwrap_or(80));
    table.set_header(head);
    for row in rows {
        table.add_row(row);
    }
    if let Some(names) = table.column_mut(0) {
        names.set_constraint(ColumnConstraint::ContentWidth);
    }
    table.lines().fold(String::new(), |text, line| text + line.trim_end() + "\n")
}

/// Text wrapped to a width, its later lines indented under the first.
pub(super) fn wrapped(width: usize, lead: &str, text: &str) -> String {
    let indent = " ".repeat(lead.chars().count());
    let options = textwrap::Options::new(width).initial_indent(lead).subsequent_indent(&indent);
    textwrap::fill(text, options) + "\n"
}
