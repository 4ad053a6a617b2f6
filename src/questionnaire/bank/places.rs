//! Where ids stand first, so that none is given twice without saying so.

use std::collections::BTreeMap;
use std::ops::Range;

use super::files::File;
use crate::questionnaire::lint::field_at;
use crate::yaml::{Problem, nearest};

/// Where ids stand first: file, line and column.
pub(super) type Places = BTreeMap<String, String>;

/// Notes where the id of a model stands.
pub(super) fn claim_model(file: &File, id: &str, places: &mut Places) -> Vec<Problem> {
    let at = field_at(&file.document, &(0..0), "id");
    claim(file, [(id, at)].into_iter(), places)
}

/// Notes where the ids of a file stand. An id of an earlier file may be used again only where the file says so.
pub(super) fn claim<'q>(
    file: &File,
    ids: impl Iterator<Item = (&'q str, Range<usize>)>,
    places: &mut Places,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    let lines = file.document.lines();
    let mut own: BTreeMap<&str, String> = BTreeMap::new();
    for (id, span) in ids {
        let (line, column) = lines.position(span.start);
        let overridden = file.overrides.iter().any(|(name, _)| name == id);
        if let Some(first) = places.get(id).filter(|_| !overridden) {
            problems
                .push(Problem::error(format!("`{id}` is already there"), span).help(format!(
                    "it stands at {first}; say `overrides: [{id}]` at the top to replace it on purpose"
                )));
        }
        own.insert(id, format!("{}:{line}:{column}", file.document.name()));
    }
    for (id, span) in &file.overrides {
        if !own.contains_key(id.as_str()) {
            let problem = Problem::error(format!("`{id}` is to be overridden, but is not in this file"), span.clone());
            problems.push(problem.help("write it below, or leave it out of `overrides`"));
        } else if !places.contains_key(id) {
            let problem = Problem::error(format!("there is no `{id}` to override"), span.clone());
            problems.push(match nearest(id, places.keys().map(String::as_str)) {
                Some(near) => problem.help(format!("did you mean `{near}`?")),
                None => problem,
            });
        }
    }
    for (id, place) in own {
        places.entry(id.to_owned()).or_insert(place);
    }
    problems
}
