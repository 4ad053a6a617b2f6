//! How many requests a collection may make, and which settings are worth asking for.

use super::installation::Granted;
use crate::evidence::Access;

/// Requests that count against the rate limit, with a token.
pub(super) const WITH_TOKEN: u32 = 8;
/// The same, where administrator rights make the settings readable.
pub(super) const ADMINISTRATOR: u32 = 16;
/// The same, without a token.
pub(super) const ANONYMOUS: u32 = 12;

/// Settings that are asked for only where the role can see them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) budget: u32,
    /// Settings of the repository and of its organisation.
    pub(super) administration: bool,
    pub(super) collaborators: bool,
}

/// What a role makes worth asking for.
pub(super) fn plan(access: Access) -> Plan {
    let administration = access == Access::Admin;
    let budget = match access {
        Access::Admin => ADMINISTRATOR,
        Access::Read | Access::Write => WITH_TOKEN,
        Access::Anonymous | Access::Checkout => ANONYMOUS,
    };
    Plan { budget, administration, collaborators: access >= Access::Write }
}

impl Plan {
    /// The same where an app asks, which has no role, but permissions that its installation was granted.
    pub(super) fn of_app(self, granted: Option<&Granted>) -> Self {
        let administration = granted.is_some_and(|granted| granted.contains_key("administration"));
        if administration { Self { budget: ADMINISTRATOR, administration, ..self } } else { self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_role_cannot_see_is_not_asked() {
        let of = |access| {
            let Plan { budget, administration, collaborators } = plan(access);
            (budget, administration, collaborators)
        };
        assert_eq!(of(Access::Anonymous), (12, false, false));
        assert_eq!(of(Access::Read), (8, false, false));
        assert_eq!(of(Access::Write), (8, false, true));
        assert_eq!(of(Access::Admin), (16, true, true));
    }

    #[test]
    fn an_app_sees_what_it_was_granted() {
        let granted = |name: &str| Granted::from([(name.to_owned(), "read".to_owned())]);
        let read = plan(Access::Read);
        assert_eq!(read.of_app(None), read);
        assert_eq!(read.of_app(Some(&granted("contents"))), read);
        let plan = read.of_app(Some(&granted("administration")));
        assert_eq!((plan.budget, plan.administration, plan.collaborators), (16, true, false));
    }
}
