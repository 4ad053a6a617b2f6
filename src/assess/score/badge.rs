//! The arithmetic of the OpenSSF Best Practices Badge, exactly as the badge's own site does it.
//!
//! A criterion counts towards the percentage of a level when it is met (with the justification or address that the
//! level demands), does not apply (likewise), or is unmet where the level only suggests it. All criteria weigh the same.
//! Source: best-practices-badge, app/models/project.rb at 074ec3d3 (2026-06-11).

/// What is said of a criterion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Unknown,
    Unmet,
    NotApplicable,
    Met,
}

/// How strongly a level demands a criterion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    Must,
    Should,
    Suggested,
}

/// What a level demands of a criterion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    pub strength: Strength,
    /// *Met* needs a justification with an address.
    pub met_url: bool,
    /// *Met* needs a justification.
    pub met_justification: bool,
    /// *Not applicable* is an answer at all.
    pub na_allowed: bool,
    /// *Not applicable* needs a justification.
    pub na_justification: bool,
}

/// The shortest text that is a justification.
const SHORTEST: usize = 5;
/// A text that begins so is a remark to oneself.
const REMARK: &str = "// ";

fn is_justification(text: &str) -> bool {
    !text.starts_with(REMARK) && text.chars().count() >= SHORTEST
}

/// Whether a text names a web address: a scheme, a host with a dot in it, and something after the dot.
fn has_address(text: &str) -> bool {
    let after_scheme = |scheme: &str| {
        text.match_indices(scheme).any(|(at, _)| {
            let rest = text.get(at + scheme.len()..).unwrap_or_default();
            let host = rest.find(['/', '.', ' ']).unwrap_or(rest.len());
            let mut after = rest.get(host..).unwrap_or_default().chars();
            host > 0 && after.next() == Some('.') && after.next().is_some_and(|next| next != ' ')
        })
    };
    !text.starts_with(REMARK) && (after_scheme("http://") || after_scheme("https://"))
}

/// Whether a criterion counts as done at a level.
pub(crate) fn counts(status: Status, rules: Rules, justification: &str) -> bool {
    match status {
        Status::Unknown => false,
        Status::Met if rules.met_url => has_address(justification),
        Status::Met => !rules.met_justification || is_justification(justification),
        Status::NotApplicable => rules.na_allowed && (!rules.na_justification || is_justification(justification)),
        Status::Unmet => match rules.strength {
            Strength::Must => false,
            Strength::Should => is_justification(justification),
            Strength::Suggested => true,
        },
    }
}

/// The percentage of a level: rounded, but 100 only where every criterion counts.
pub(crate) fn percentage(counting: u32, criteria: u32) -> u32 {
    match (counting, criteria) {
        (_, 0) | (0, _) => 0,
        (counting, criteria) if counting >= criteria => 100,
        // Rounded half away from zero, in whole numbers.
        (counting, criteria) => ((200 * counting + criteria) / (2 * criteria)).min(99),
    }
}

/// The percentage over all levels, each of which counts only once the one before is complete.
pub(crate) fn tiered(levels: &[u32]) -> u32 {
    let mut sum = 0;
    for percentage in levels {
        sum += percentage;
        if *percentage < 100 {
            break;
        }
    }
    sum
}

#[cfg(test)]
mod tests;
