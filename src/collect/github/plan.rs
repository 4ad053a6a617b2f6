//! How many requests a collection may make, and which settings are worth asking for.

use super::Depth;
use super::installation::Granted;
use crate::evidence::Access;

/// Requests that count against the rate limit, with a token, in standard depth.
const WITH_TOKEN: u32 = 8;
/// The same, where administrator rights make the settings readable.
const ADMINISTRATOR: u32 = 16;
/// The same, without a token, and in full depth: there are 60 an hour.
const ANONYMOUS: u32 = 12;
const ANONYMOUS_FULL: u32 = 40;
/// With a token, in full depth: there are 5,000 an hour.
const FULL: u32 = 60;

/// Settings that are asked for only where the role can see them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) budget: u32,
    /// Settings of the repository and of its organisation.
    pub(super) administration: bool,
    pub(super) collaborators: bool,
    /// Whether all is asked for that the role can see.
    pub(super) full: bool,
}

/// What a role makes worth asking for.
pub(super) fn plan(access: Access, depth: Depth) -> Plan {
    let budget = match (access, depth) {
        (Access::Anonymous | Access::Checkout, Depth::Standard) => ANONYMOUS,
        (Access::Anonymous | Access::Checkout, Depth::Full) => ANONYMOUS_FULL,
        (_, Depth::Full) => FULL,
        (Access::Admin, Depth::Standard) => ADMINISTRATOR,
        (Access::Read | Access::Write, Depth::Standard) => WITH_TOKEN,
    };
    Plan {
        budget,
        administration: access == Access::Admin,
        collaborators: access >= Access::Write,
        full: depth == Depth::Full,
    }
}

impl Plan {
    /// The same where an app asks, which has no role, but permissions that its installation was granted.
    pub(super) fn of_app(self, granted: Option<&Granted>) -> Self {
        let administration = granted.is_some_and(|granted| granted.contains_key("administration"));
        let budget = self.budget.max(ADMINISTRATOR);
        if administration { Self { budget, administration, ..self } } else { self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_role_cannot_see_is_not_asked() {
        let of = |access| {
            let Plan { budget, administration, collaborators, full } = plan(access, Depth::Standard);
            (budget, administration, collaborators, full)
        };
        assert_eq!(of(Access::Anonymous), (12, false, false, false));
        assert_eq!(of(Access::Read), (8, false, false, false));
        assert_eq!(of(Access::Write), (8, false, true, false));
        assert_eq!(of(Access::Admin), (16, true, true, false));
    }

    #[test]
    fn full_depth_asks_more_of_the_same() {
        for access in [Access::Anonymous, Access::Read, Access::Write, Access::Admin] {
            let (standard, full) = (plan(access, Depth::Standard), plan(access, Depth::Full));
            assert!(full.budget > standard.budget && full.budget <= 60);
            assert_eq!(Plan { budget: standard.budget, full: false, ..full }, standard);
        }
    }

    #[test]
    fn an_app_sees_what_it_was_granted() {
        let granted = |name: &str| Granted::from([(name.to_owned(), "read".to_owned())]);
        let read = plan(Access::Read, Depth::Standard);
        assert_eq!(read.of_app(None), read);
        assert_eq!(read.of_app(Some(&granted("contents"))), read);
        let plan = read.of_app(Some(&granted("administration")));
        assert_eq!((plan.budget, plan.administration, plan.collaborators), (16, true, false));
    }
}
