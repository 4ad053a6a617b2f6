//! The relations between the findings of several models.

use super::record::{AlsoShown, ModelResult};
use crate::questionnaire::{Link, Model, Related, Relation};

/// The most relations that a finding shows.
const MOST: usize = 40;

/// Says of each finding to which requirements of the other models assessed it relates. Those that only speak of the same
/// matter are left to `models map`. Of several origins the surest is named.
pub(super) fn add(result: &mut ModelResult, assessed: &[&Model], related: &Related) {
    let Some(of_model) = related.get(&result.id) else { return };
    for finding in &mut result.findings {
        let links = of_model.get(&finding.requirement).map(Vec::as_slice).unwrap_or_default();
        for link in links.iter().filter(|link| link.relation != Relation::Related) {
            let known =
                finding.also.iter().any(|also| also.model == link.to.model && also.requirement == link.to.requirement);
            let is_assessed = assessed.iter().any(|model| model.id == link.to.model);
            if !known && is_assessed && finding.also.len() < MOST {
                finding.also.push(shown(link));
            }
        }
    }
}

fn shown(link: &Link) -> AlsoShown {
    AlsoShown {
        model: link.to.model.clone(),
        requirement: link.to.requirement.clone(),
        relation: link.relation,
        confidence: link.confidence,
        source: link.source.clone(),
    }
}
