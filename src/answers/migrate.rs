//! Carrying answers over to the questions that took the place of old ones.

use super::edit::EditError;
use super::edit::entries::{comment_out, duplicate, has, rename, set_field};
use crate::evidence::Value;
use crate::questionnaire::{Carry, Questionnaires, Replacement, scalar};
use crate::yaml::{Document, Kind, Node, Problem, parse};

/// What became of the answer to an old question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    pub old: String,
    pub outcome: Outcome,
    /// What the questionnaires say of the change.
    pub note: Option<String>,
    /// A review that somebody must look at again too.
    pub review_lost: bool,
}

/// What became of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It stands under these ids now.
    Carried(Vec<String>),
    /// It is kept as a comment; these questions are to be answered.
    AskAgain(Vec<String>),
    /// It is kept as a comment; nothing took the place of the question.
    Gone,
    /// It is kept as a comment, since these were answered already.
    AlreadyAnswered(Vec<String>),
}

/// An answers file with all answers carried over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migration {
    pub text: String,
    pub moved: Vec<Moved>,
}

/// Why a file cannot be migrated.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    #[error("the answers file has errors")]
    Broken(Problem),
    #[error("`{id}` cannot be carried over: {obstacle}")]
    Obstacle { id: String, obstacle: EditError },
}

/// Carries the answers and reviews of old questions over.
pub fn migrate(document: &Document, questionnaires: &Questionnaires) -> Result<Migration, MigrateError> {
    let root = parse(document).map_err(MigrateError::Broken)?;
    let mut migration = Migration { text: document.text().to_owned(), moved: Vec::new() };
    let answers = field(&root, "answers");
    let reviews = field(&root, "reviews");
    for (id, node) in answers {
        if let Some(old) = questionnaires.replacement(id) {
            let moved = carry(&mut migration.text, old, node);
            migration.moved.push(moved.map_err(|obstacle| MigrateError::Obstacle { id: id.to_owned(), obstacle })?);
        }
    }
    // Reviews of answers that are not there stand alone and are of no use any more.
    for (id, _) in reviews {
        if let Some(old) = questionnaires.replacement(id)
            && !migration.moved.iter().any(|moved| moved.old == id)
        {
            let review_lost = carry_review(&mut migration.text, old, true);
            migration.moved.push(Moved {
                old: id.to_owned(),
                outcome: Outcome::AskAgain(old.by.clone()),
                note: old.note.clone(),
                review_lost: review_lost.map_err(|obstacle| MigrateError::Obstacle { id: id.to_owned(), obstacle })?,
            });
        }
    }
    Ok(migration)
}

fn field<'n>(root: &'n Node, name: &str) -> Vec<(&'n str, &'n Node)> {
    let entries = |node: &'n Node| match &node.kind {
        Kind::Map(entries) => entries.as_slice(),
        _ => &[],
    };
    let section = entries(root).iter().find(|(key, _)| key.text == name).map(|(_, node)| node);
    section.map_or_else(Vec::new, |node| entries(node).iter().map(|(key, node)| (key.text.as_str(), node)).collect())
}

/// What carrying an old answer over does to its value.
enum Carried {
    AsItIs,
    Becomes(Value),
    /// Somebody must answer anew.
    No,
}

fn carried(old: &Replacement, node: &Node) -> Carried {
    let Kind::Map(fields) = &node.kind else { return Carried::No };
    let value = fields.iter().find(|(key, _)| key.text == "value").and_then(|(_, value)| scalar(value));
    match (&old.carry, value.and_then(|value| old.carried(&value))) {
        (Carry::Same, _) => Carried::AsItIs,
        (Carry::Values(_), Some(value)) => Carried::Becomes(value),
        (Carry::Values(_), None) | (Carry::Again, _) => Carried::No,
    }
}

fn carry(text: &mut String, old: &Replacement, node: &Node) -> Result<Moved, EditError> {
    let mut moved = Moved { old: old.id.clone(), outcome: Outcome::Gone, note: old.note.clone(), review_lost: false };
    let mut answered = Vec::new();
    for new in &old.by {
        if has(text, "answers", new) {
            answered.push(new.clone());
        }
    }
    let carried = if answered.is_empty() { carried(old, node) } else { Carried::No };
    let stays = !matches!(carried, Carried::No);
    if let (true, Some((first, rest))) = (stays, old.by.split_first()) {
        if let Carried::Becomes(value) = carried {
            *text = set_field(text, "answers", &old.id, "value", &value)?;
        }
        *text = rename(text, "answers", &old.id, first)?;
        for new in rest.iter().rev() {
            *text = duplicate(text, "answers", first, new)?;
        }
        moved.outcome = Outcome::Carried(old.by.clone());
    } else {
        let names = old.by.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(" and ");
        let note = old.note.as_ref().map_or_else(String::new, |note| format!(" {note}"));
        let head = format!("`{}` was {}.{note}", old.id, old.phrase());
        let (what, outcome) = if old.by.is_empty() {
            ("Its answer was:".to_owned(), Outcome::Gone)
        } else if answered.is_empty() {
            (format!("Look at this again and answer {names}. The old answer was:"), Outcome::AskAgain(old.by.clone()))
        } else {
            (format!("{names} stands here already. The old answer was:"), Outcome::AlreadyAnswered(answered))
        };
        *text = comment_out(text, "answers", &old.id, &format!("{head}\n{what}"))?;
        moved.outcome = outcome;
    }
    moved.review_lost = carry_review(text, old, !stays)?;
    Ok(moved)
}

/// Carries a review over where the new question means the same; otherwise the reviewer has seen another one. Tells whether
/// one was lost.
fn carry_review(text: &mut String, old: &Replacement, lost: bool) -> Result<bool, EditError> {
    if !has(text, "reviews", &old.id) {
        return Ok(false);
    }
    match old.by.as_slice() {
        [new] if old.carry == Carry::Same && !lost && !has(text, "reviews", new) => {
            *text = rename(text, "reviews", &old.id, new)?;
            Ok(false)
        }
        _ => {
            let why = format!("`{}` was {}. Have the new answer reviewed. The old review was:", old.id, old.phrase());
            *text = comment_out(text, "reviews", &old.id, &why)?;
            Ok(true)
        }
    }
}
