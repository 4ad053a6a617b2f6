//! How many requests a collection may make, and which settings are worth asking for.

use crate::evidence::Access;

/// Requests that count against the rate limit, with a token.
pub(super) const WITH_TOKEN: u32 = 8;
/// The same, where administrator rights make the settings readable.
pub(super) const ADMINISTRATOR: u32 = 16;
/// The same, without a token.
pub(super) const ANONYMOUS: u32 = 12;

/// The same, with a token, where all is asked for.
pub(super) const FULL: u32 = 60;

/// Settings that are asked for only where the role can see them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) budget: u32,
    /// Settings of the repository and of its organisation.
    pub(super) administration: bool,
    pub(super) collaborators: bool,
    /// Whether questions are asked that take a request of their own.
    pub(super) full: bool,
}

/// What a role makes worth asking for.
pub(super) fn plan(access: Access, full: bool) -> Plan {
    let administration = access == Access::Admin;
    let budget = match access {
        Access::Admin | Access::Write | Access::Read if full => FULL,
        Access::Admin => ADMINISTRATOR,
        Access::Read | Access::Write => WITH_TOKEN,
        Access::Anonymous | Access::Checkout => ANONYMOUS,
    };
    Plan { budget, administration, collaborators: access >= Access::Write, full }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_role_cannot_see_is_not_asked() {
        let of = |access| {
            let Plan { budget, administration, collaborators, .. } = plan(access, false);
            (budget, administration, collaborators)
        };
        assert_eq!(of(Access::Anonymous), (12, false, false));
        assert_eq!(of(Access::Read), (8, false, false));
        assert_eq!(of(Access::Write), (8, false, true));
        assert_eq!(of(Access::Admin), (16, true, true));
        assert_eq!((plan(Access::Read, true).budget, plan(Access::Anonymous, true).budget), (60, 12));
    }
}
