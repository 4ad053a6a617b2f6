//! The head against what is there: whether records were taken off the end, and whether seals are as they were.

use super::Kind;
use super::record::Walk;
use crate::ledger::error::LedgerError;
use crate::ledger::folder::Listing;
use crate::ledger::head::{HEAD, Head};
use crate::ledger::layout;
use crate::ledger::objects::read_file;
use crate::ledger::seal::MAX_SEAL;

impl Walk<'_> {
    /// Looks at the head, after all records.
    pub(super) fn head(&mut self, listing: &Listing) {
        match Head::read(self.ledger) {
            Err(error) => self.tell_error(HEAD, &error),
            Ok(None) => self.tell(
                HEAD,
                Kind::NoHead,
                "is not there, so that records taken off the end are not found; the next `--record` or `seal` writes it",
            ),
            Ok(Some(head)) => {
                self.newest(&head, listing);
                self.seals(&head, listing);
            }
        }
    }

    fn newest(&mut self, head: &Head, listing: &Listing) {
        let Some(place) = head.place(&listing.records) else {
            let what = format!("is missing; {HEAD} names it as the newest of {} records", head.records);
            return self.tell(&head.newest, Kind::Missing, what);
        };
        let known = self.digests.iter().find(|(_, file)| **file == head.newest).map(|(digest, _)| digest.clone());
        // A record that cannot be read is told already.
        if known.is_some_and(|digest| digest != head.record) {
            self.tell(&head.newest, Kind::Chain, format!("is not the record that {HEAD} names as the newest"));
        }
        if place + 1 != head.records {
            let what =
                format!("names {} as the record number {}, it is number {}", head.newest, head.records, place + 1);
            self.tell(HEAD, Kind::Chain, what);
        }
        // A run writes the head after its record, so that one that was ended in between leaves one more.
        match listing.records.len() - place - 1 {
            0 => {}
            1 => self.tell(
                HEAD,
                Kind::LeftBehind,
                "is one record behind, as a run that was ended leaves it; the next `--record` or `seal` writes it",
            ),
            more => self.tell(HEAD, Kind::Chain, format!("does not know of the {more} newest records")),
        }
    }

    fn seals(&mut self, head: &Head, listing: &Listing) {
        for (file, digest) in &head.seals {
            let is_seal = listing.seals.iter().any(|name| name.seal_file() == *file);
            // A name in the head must not lead out of the folder.
            let read = is_seal.then(|| read_file(&self.ledger.join(file), MAX_SEAL));
            match read {
                None => self.tell(file, Kind::Missing, format!("is missing; {HEAD} names it")),
                Some(Ok(bytes)) if layout::digest(&bytes) == *digest => {}
                Some(Ok(_)) => {
                    self.tell(file, Kind::Changed, format!("is not the seal that {HEAD} names: it was changed"));
                }
                Some(Err(LedgerError::Io { .. } | LedgerError::Broken { .. })) => {
                    self.tell(file, Kind::Changed, "cannot be read");
                }
                Some(Err(error)) => self.tell_error(file, &error),
            }
        }
        for file in listing.seals.iter().map(|name| name.seal_file()) {
            if !head.seals.contains_key(&file) {
                let what = format!("is not named by {HEAD} yet; the next `--record` or `seal` does that");
                self.tell(&file, Kind::LeftBehind, what);
            }
        }
    }
}
