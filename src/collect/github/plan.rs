//! How many requests a collection may make, and which settings are worth asking for.

use super::Depth;
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
}
