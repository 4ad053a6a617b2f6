//! Which licences a text holds, by comparing its words with the texts of the SPDX list.
//!
//! The comparison is of pairs of neighbouring words, so that line breaks, comment marks and punctuation do not matter.
//! A licence is recognised where nearly all of its pairs are there, and nearly nothing else is: names of holders and
//! titles may be added, terms may not. The result never depends on chance.

use std::collections::{BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::OnceLock;

use super::pattern::Pattern;

/// The commonest licences. They are tried first, and preferred where texts hardly differ. GNU licences bear their plain
/// id, since the text does not tell whether later versions may be chosen.
const COMMON: [&str; 22] = [
    "MIT",
    "Apache-2.0",
    "BSD-3-Clause",
    "BSD-2-Clause",
    "ISC",
    "GPL-3.0",
    "GPL-2.0",
    "LGPL-3.0",
    "LGPL-2.1",
    "AGPL-3.0",
    "MPL-2.0",
    "EPL-2.0",
    "Unlicense",
    "CC0-1.0",
    "0BSD",
    "Zlib",
    "BSL-1.0",
    "CC-BY-4.0",
    "CC-BY-SA-4.0",
    "MIT-0",
    "BlueOak-1.0.0",
    "Artistic-2.0",
];

/// A text is hardly longer than the longest licence; what is much longer is something else.
const MAX_BYTES: usize = 256 * 1024;

/// The most licences in one file.
const MAX_LICENCES: usize = 5;

/// Texts of fewer words, such as the empty one of `NOASSERTION`, prove nothing.
const SHORTEST: u32 = 15;

/// So close that no other licence can be meant.
const CLOSE: u32 = 8;

/// The ids of the licences that a text holds, where it holds these with certainty and nothing else of substance.
pub(super) fn recognise(text: &str) -> Option<BTreeSet<String>> {
    if text.len() > MAX_BYTES {
        return None;
    }
    let file = Pairs::of(text);
    if let Some(id) = whole(&file, text.len()) {
        return Some(BTreeSet::from([id.to_owned()]));
    }
    several(&file)
}

/// The one licence that the whole text is.
fn whole(file: &Pairs, length: usize) -> Option<&'static str> {
    let common = best(file, common());
    if let Some((distance, id)) = common
        && distance <= CLOSE
    {
        return Some(id);
    }
    let others: Vec<Licence> = spdx::text::LICENSE_TEXTS
        .iter()
        .filter(|(id, text)| is_of_like_length(text.len(), length) && !COMMON.contains(id))
        .filter(|(id, _)| spdx::license_id(id).is_some_and(|licence| !licence.is_deprecated()) && !is_gnu_choice(id))
        .map(|(id, text)| Licence::of(id, text))
        .collect();
    match (common, best(file, others.iter())) {
        (Some((common, id)), Some((other, _))) if common <= other + 3 => Some(id),
        (_, Some((_, id))) | (Some((_, id)), None) => Some(id),
        (None, None) => None,
    }
}

/// Whether texts may be of the same licence: titles, holders and indentation make some difference.
fn is_of_like_length(one: usize, other: usize) -> bool {
    let (short, long) = (one.min(other), one.max(other));
    long <= short + short / 3 + 500
}

/// `GPL-3.0-only` and the like, whose text is that of `GPL-3.0`.
fn is_gnu_choice(id: &str) -> bool {
    id.ends_with("-only") || id.ends_with("-or-later")
}

/// The licence that differs least from a file, the first of several. One that does not differ ends the search.
fn best<'l>(file: &Pairs, licences: impl Iterator<Item = &'l Licence>) -> Option<(u32, &'static str)> {
    let mut best: Option<(u32, &'static str)> = None;
    for licence in licences {
        if let Some(distance) = licence.distance_from(file)
            && best.is_none_or(|(least, _)| distance < least)
        {
            best = Some((distance, licence.id));
        }
        if best.is_some_and(|(least, _)| least == 0) {
            break;
        }
    }
    best
}

/// Several common licences, one after the other.
fn several(file: &Pairs) -> Option<BTreeSet<String>> {
    let mut licences: Vec<&Licence> = common().collect();
    licences.sort_by_key(|licence| std::cmp::Reverse(licence.all.total));
    let mut rest = file.clone();
    let mut found = BTreeSet::new();
    for licence in licences {
        if found.len() < MAX_LICENCES && licence.missing_in(&rest) <= licence.tolerance(6) {
            rest = rest.without(&licence.all);
            found.insert(licence.id.to_owned());
        }
    }
    let is_all = rest.total <= 40 && !rest.restricts();
    (is_all && found.len() > 1).then_some(found)
}

/// The commonest licences, each read when it is first needed.
fn common() -> impl Iterator<Item = &'static Licence> {
    static READ: [OnceLock<Option<Licence>>; COMMON.len()] = [const { OnceLock::new() }; COMMON.len()];
    let read = |id: &str| {
        let (id, text) = spdx::text::LICENSE_TEXTS.iter().find(|(known, _)| *known == id)?;
        Some(Licence::of(id, text))
    };
    READ.iter().zip(COMMON).filter_map(move |(licence, id)| licence.get_or_init(|| read(id)).as_ref())
}

/// A licence of the list, cut where its terms end and the advice on how to apply it begins.
struct Licence {
    id: &'static str,
    all: Pairs,
    terms: Pairs,
}

impl Licence {
    fn of(id: &'static str, text: &str) -> Self {
        static END: Pattern = Pattern::new(r"end of terms and conditions");
        let terms = END.find(text).and_then(|end| text.get(..end.start)).unwrap_or(text);
        Self { id, all: Pairs::of(text), terms: Pairs::of(terms) }
    }

    /// How many pairs a file lacks and adds; none where it is another text.
    fn distance_from(&self, file: &Pairs) -> Option<u32> {
        let missing = self.missing_in(file);
        if self.all.total < SHORTEST || missing > self.tolerance(12) {
            return None;
        }
        let added = file.without(&self.all);
        let is_it = added.total <= self.tolerance(16) && !added.restricts();
        is_it.then_some(missing + added.total)
    }

    fn missing_in(&self, file: &Pairs) -> u32 {
        self.terms.without(file).total
    }

    /// How many pairs may differ: a few for names and titles, fewer in a short text.
    fn tolerance(&self, few: u32) -> u32 {
        few.min(self.all.total / 6).max(self.all.total * 3 / 100)
    }
}

/// How often each pair of neighbouring words, and each word that would restrict a licence, occurs.
#[derive(Clone, Default)]
struct Pairs {
    counts: HashMap<u64, u32>,
    restricting: HashMap<&'static str, u32>,
    total: u32,
}

/// Words that change the sense of a licence when they are added to it.
const RESTRICTING: [&str; 16] = [
    "commercial",
    "noncommercial",
    "noncommercially",
    "commercially",
    "evil",
    "military",
    "prohibited",
    "except",
    "exception",
    "exceptions",
    "unless",
    "not",
    "restrictions",
    "revocable",
    "academic",
    "ethical",
];

impl Pairs {
    fn of(text: &str) -> Self {
        static COPYRIGHT: Pattern = Pattern::new(
            r"(?m)^[^a-z0-9©\n]*((portions\s+)?copyright\s*(\(c\)|©|\d{4}|<|\[|\{|yyyy|by\b)|\(c\)\s*\d{4}|©|all rights reserved\.?\s*$).*$",
        );
        static PLACEHOLDER: Pattern = Pattern::new(r"<[^<>]{1,80}>|\[[^\[\]]{1,60}\]|\{[^{}]{1,60}\}");
        let text = PLACEHOLDER.replace_all(&COPYRIGHT.replace_all(text, " "), " ").to_lowercase();
        let mut pairs = Self::default();
        let mut before = "";
        for word in text.split(|letter: char| !letter.is_alphanumeric()) {
            if word.is_empty() || word == "http" || word == "https" {
                continue;
            }
            if let Some(known) = RESTRICTING.iter().find(|known| **known == word) {
                *pairs.restricting.entry(known).or_default() += 1;
            }
            let mut hasher = DefaultHasher::new();
            (before, word).hash(&mut hasher);
            *pairs.counts.entry(hasher.finish()).or_default() += 1;
            pairs.total += 1;
            before = word;
        }
        pairs
    }

    /// What is left when the other's pairs are taken away.
    fn without(&self, other: &Self) -> Self {
        let mut left = Self::default();
        for (pair, count) in &self.counts {
            let rest = count.saturating_sub(other.counts.get(pair).copied().unwrap_or_default());
            if rest > 0 {
                left.counts.insert(*pair, rest);
                left.total += rest;
            }
        }
        for (word, count) in &self.restricting {
            let rest = count.saturating_sub(other.restricting.get(word).copied().unwrap_or_default());
            if rest > 0 {
                left.restricting.insert(word, rest);
            }
        }
        left
    }

    fn restricts(&self) -> bool {
        !self.restricting.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(id: &str) -> &'static str {
        spdx::text::LICENSE_TEXTS.iter().find(|(known, _)| *known == id).unwrap().1
    }

    fn ids(text: &str) -> Vec<String> {
        recognise(text).unwrap_or_default().into_iter().collect()
    }

    const MIT: &str = "The MIT License (MIT)\n\nCopyright (c) 2019-2024 Ada Lovelace and the Widget contributors\n\n";

    fn mit() -> String {
        let body = text("MIT");
        format!("{MIT}{}", &body[body.find("Permission is").unwrap()..])
    }

    #[test]
    fn every_common_licence_is_recognised_as_itself() {
        for id in COMMON {
            assert_eq!(ids(text(id)), [id]);
        }
    }

    #[test]
    fn titles_holders_and_comment_marks_do_not_matter() {
        assert_eq!(ids(&mit()), ["MIT"]);
        let commented: String = mit().replace('\n', "\n// ");
        assert_eq!(ids(&commented), ["MIT"]);
        assert_eq!(ids(&mit().split_whitespace().collect::<Vec<_>>().join(" ")), ["MIT"]);
        let bsd = text("BSD-3-Clause").replace("the copyright holder nor", "Acme Corporation nor");
        assert_eq!(ids(&bsd), ["BSD-3-Clause"]);
        let apache = text("Apache-2.0");
        let end = apache.find("END OF TERMS").unwrap();
        assert_eq!(ids(&apache[..end]), ["Apache-2.0"]);
        let filled = textwrap::fill(apache, 72).replace("[yyyy] [name of copyright owner]", "2024 Acme");
        assert_eq!(ids(&filled), ["Apache-2.0"]);
    }

    #[test]
    fn rarer_licences_are_recognised_too() {
        for id in ["NCSA", "PostgreSQL", "Python-2.0", "WTFPL", "EUPL-1.2", "MulanPSL-2.0", "BSD-4-Clause", "JSON"] {
            assert_eq!(ids(text(id)), [id]);
        }
    }

    #[test]
    fn several_licences_in_one_file() {
        let both = format!("Dual licensed.\n\n{}\n\n---\n\n{}", mit(), text("Apache-2.0"));
        assert_eq!(ids(&both), ["Apache-2.0", "MIT"]);
    }

    #[test]
    fn what_is_cut_or_changed_is_not_recognised() {
        let apache = text("Apache-2.0");
        let mit = mit();
        for changed in [
            apache[..apache.len() / 3].to_owned(),
            mit[..mit.find("THE SOFTWARE IS").unwrap()].to_owned(),
            format!("{mit}\nThe Software may not be used for commercial purposes.\n"),
            format!("{mit}\nNon-commercial use.\n"),
            format!(
                "{apache}\nCommons Clause License Condition v1.0\nThe Software is provided to you by the Licensor under the License, as defined below, subject to the following condition. Without limiting other conditions in the License, the grant of rights under the License will not include, and the License does not grant to you, the right to Sell the Software.\n"
            ),
            "Licensed under the Apache License, Version 2.0.\n".to_owned(),
            "MIT\n".to_owned(),
            String::new(),
            "x ".repeat(MAX_BYTES),
        ] {
            assert_eq!(ids(&changed), Vec::<String>::new(), "{}", &changed[changed.len().saturating_sub(80)..]);
        }
    }
}
