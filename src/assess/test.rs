//! Whether a value passes a test.

use chrono::NaiveDate;

use super::logic::Truth;
pub(super) use super::logic::passes;
use crate::evidence::{Evidence, Observation, State, Value};
use crate::questionnaire::{Leaf, Test};

/// Whether an observation passes a leaf's test. Unknown observations are unknown; what is absent passes no test of a value.
pub(super) fn observation_passes(leaf: &Leaf, evidence: &Evidence, as_of: NaiveDate) -> Truth {
    let Some(observation) = evidence.get(&leaf.name) else { return Truth::Unknown };
    match (&observation.state, &leaf.test) {
        (State::Observed(value), Test::SharesWith(other)) => shares(leaf, value, evidence.get(other), as_of),
        (State::Observed(value), test) => passes(test, value, as_of, None),
        (State::Absent, Test::Present(wanted)) => Truth::from(!wanted),
        (State::Absent | State::NotApplicable { .. }, Test::Applicable(wanted)) => {
            Truth::from(*wanted == (observation.state == State::Absent))
        }
        (State::Absent, _) => Truth::False,
        (State::NotApplicable { .. }, _) => Truth::NotApplicable,
        (State::NotPermitted { .. } | State::Unavailable { .. } | State::Failed { .. }, _) => Truth::Unknown,
    }
}

fn shares(leaf: &Leaf, value: &Value, other: Option<&Observation>, as_of: NaiveDate) -> Truth {
    match other.map(|observation| &observation.state) {
        Some(State::Observed(Value::List(items))) => passes(&leaf.test, value, as_of, Some(items)),
        Some(State::Absent) => Truth::False,
        _ => Truth::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Truth::{False as F, NotApplicable as N, True as T, Unknown as U};

    fn evidence(states: Vec<(&str, State)>) -> Evidence {
        let mut sheet = crate::evidence::Sheet::new();
        for (key, state) in states {
            sheet.put(Observation::new(key, state));
        }
        sheet.into_evidence(
            crate::evidence::Subject::default(),
            crate::evidence::Access::Read,
            0,
            chrono::DateTime::UNIX_EPOCH,
            |_| State::Unavailable { reason: "test".into() },
        )
    }

    #[test]
    fn each_state_meets_each_test() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
        let na = State::NotApplicable { reason: "r".into() };
        let hidden = State::NotPermitted { permission: "p".into() };
        let list = |items: &[&str]| State::Observed(Value::List(items.iter().map(ToString::to_string).collect()));
        let evidence = evidence(vec![
            ("repo.archived", State::Observed(true.into())),
            ("policy.security", State::Absent),
            ("org.two_factor_required", na),
            ("actions.enabled", hidden),
            ("releases.count", State::Observed(Value::Count(3))),
            ("releases.latest_on", State::Observed("2026-10-24".into())),
            ("workflows.sca_checks", list(&["audit"])),
            ("default_branch.required_checks", list(&["test", "audit"])),
            ("repo.owner_type", State::Observed("user".into())),
        ]);
        let rows = [
            ("repo.archived", Test::Is(true.into()), T),
            ("repo.archived", Test::Is(false.into()), F),
            ("policy.security", Test::Present(false), T),
            ("policy.security", Test::Present(true), F),
            ("policy.security", Test::Is("SECURITY.md".into()), F),
            ("org.two_factor_required", Test::Is(true.into()), N),
            ("org.two_factor_required", Test::Applicable(false), T),
            ("org.two_factor_required", Test::Applicable(true), F),
            ("actions.enabled", Test::Is(true.into()), U),
            ("actions.enabled", Test::Present(true), U),
            ("releases.count", Test::AtLeast(3), T),
            ("releases.count", Test::AtMost(2), F),
            ("releases.latest_on", Test::WithinDays(31), T),
            ("releases.latest_on", Test::WithinDays(30), F),
            ("workflows.sca_checks", Test::SharesWith("default_branch.required_checks".into()), T),
            ("workflows.sca_checks", Test::SharesWith("workflows.sast_checks".into()), U),
            ("workflows.sca_checks", Test::Contains("test".into()), F),
            ("workflows.sca_checks", Test::AtLeast(1), T),
            ("repo.owner_type", Test::OneOf(vec!["user".into(), "organization".into()]), T),
            ("no.such-key", Test::Present(true), U),
        ];
        for (name, test, expected) in rows {
            let leaf = Leaf { name: name.into(), test, span: 0..0 };
            assert_eq!(observation_passes(&leaf, &evidence, day), expected, "{leaf:?}");
        }
    }
}
