//! The latest commits as GitHub gives them.

use super::{query, rest};
use crate::collect::history::{Commit, author, signed_off};

impl From<query::Commit> for Commit {
    fn from(from: query::Commit) -> Self {
        let actor = from.author.as_ref();
        let login = actor.and_then(|actor| actor.user.as_ref()).map(|user| user.login.as_str());
        let (author, by_bot) =
            author(login, actor.and_then(|a| a.name.as_deref()), actor.and_then(|a| a.email.as_deref()));
        Self {
            committed_at: from.committed_date,
            author,
            by_bot,
            merge: from.parents.is_some_and(|parents| parents.total_count > 1),
            signed: from.signature.is_some_and(|signature| signature.is_valid),
            signed_off: signed_off(&from.message),
        }
    }
}

impl From<rest::Commit> for Commit {
    fn from(from: rest::Commit) -> Self {
        let account = from.author.as_ref();
        let named = from.detail.author.as_ref();
        let (author, by_bot) = author(
            account.and_then(|account| account.login.as_deref()),
            named.and_then(|named| named.name.as_deref()),
            named.and_then(|named| named.email.as_deref()),
        );
        let is_bot = account.is_some_and(|account| account.kind.as_deref() == Some("Bot"));
        Self {
            committed_at: from.detail.committer.and_then(|committer| committer.date),
            author,
            by_bot: by_bot || is_bot,
            merge: from.parents.len() > 1,
            signed: from.detail.verification.is_some_and(|verification| verification.verified),
            signed_off: signed_off(&from.detail.message),
        }
    }
}
