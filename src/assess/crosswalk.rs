//! The relations between the findings of several models.

use super::record::{AlsoShown, ModelResult};
use crate::questionnaire::{Link, Questionnaires, Relation};

/// The most relations that a finding shows.
const MOST: usize = 40;

/// Says of each finding to which requirements of the other models it relates. Those that only speak of the same matter are
/// left to `models map`. Of several origins the surest is named.
pub(super) fn add(models: &mut [ModelResult], questionnaires: &Questionnaires) {
    let present: Vec<String> = models.iter().map(|model| model.id.clone()).collect();
    if present.len() < 2 {
        return;
    }
    for model in models {
        for finding in &mut model.findings {
            let links = questionnaires.related(&model.id, &finding.requirement);
            for link in links.iter().filter(|link| link.relation != Relation::Related) {
                let known = finding
                    .also
                    .iter()
                    .any(|also| also.model == link.to.model && also.requirement == link.to.requirement);
                if !known && present.contains(&link.to.model) && finding.also.len() < MOST {
                    finding.also.push(shown(link));
                }
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
