//! People as an answer: handles, and where it is said names and roles.

use serde::Serialize;

use crate::interview::is_mail_address;
use crate::yaml::{Fields, Kind, Node, Problem};

/// Somebody who is named in an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Person {
    /// Such as `@alice`.
    pub handle: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
}

impl Person {
    /// Whether there is more than a handle.
    pub(super) fn is_described(&self) -> bool {
        self.name.is_some() || self.role.is_some()
    }
}

/// Reads a list of handles, or of `{ handle, name, role }`. E-mail addresses are left out with a warning, since answers and
/// reports are public.
pub(super) fn read(node: &Node, problems: &mut Vec<Problem>) -> Vec<Person> {
    let Kind::List(items) = &node.kind else { return Vec::new() };
    items.iter().filter_map(|item| person(item, problems)).collect()
}

fn person(node: &Node, problems: &mut Vec<Problem>) -> Option<Person> {
    let person = match node.as_text().map(str::trim) {
        Some("") => {
            problems.push(Problem::error("this names nobody", node.span.clone()));
            return None;
        }
        Some(handle) => Person { handle: handle.to_owned(), name: None, role: None },
        None => described(node, problems)?,
    };
    let Person { handle, name, role } = &person;
    if [Some(handle), name.as_ref(), role.as_ref()].into_iter().flatten().any(|text| is_mail_address(text)) {
        problems.push(
            Problem::warning(
                "this person is left out: an e-mail address does not belong into a public file",
                node.span.clone(),
            )
            .help("name the account, such as \"@alice\""),
        );
        return None;
    }
    Some(person)
}

fn described(node: &Node, problems: &mut Vec<Problem>) -> Option<Person> {
    let mut fields = Fields::of(node, "a person", problems)?;
    let handle = fields.required_text("handle", problems);
    let name = fields.text("name", problems);
    let role = fields.text("role", problems);
    fields.finish(problems);
    Some(Person { handle: handle?, name, role })
}
