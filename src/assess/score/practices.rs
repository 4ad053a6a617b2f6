//! The arithmetic of OWASP SAMM v2: averages of activities, practices and functions, in exact fractions.
//!
//! An activity is worth 0, 1/4, 1/2 or 1. A practice has two streams of three activities, one a level; a level is worth
//! the mean of its two activities and the practice the sum of its three levels, from 0 to 3. A function is worth the
//! mean of its practices, the whole the mean of its functions. Levels do not gate: an activity of level 3 counts
//! whatever stands below it. Source: the SAMM toolbox, sheets Interview and Scorecard.

use num_rational::Ratio;

/// An exact number.
pub(crate) type Exact = Ratio<u32>;

/// Streams of a practice.
const STREAMS: u32 = 2;

/// The score of a practice, from what each of its activities is worth.
pub(crate) fn practice(activities: &[Exact]) -> Exact {
    activities.iter().sum::<Exact>() / STREAMS
}

/// The mean; none of nothing.
pub(crate) fn mean(scores: &[Exact]) -> Option<Exact> {
    let count = u32::try_from(scores.len()).ok().filter(|count| *count > 0)?;
    Some(scores.iter().sum::<Exact>() / count)
}

/// How much of the way to the targets is gone: what is above a target makes up for nothing. None without a target.
pub(crate) fn to_target(scores: &[(Exact, Exact)]) -> Option<Exact> {
    let wanted: Exact = scores.iter().map(|(_, target)| *target).sum();
    if wanted == Exact::from_integer(0) {
        return None;
    }
    let missing: Exact =
        scores.iter().filter(|(score, target)| target > score).map(|(score, target)| *target - *score).sum();
    Some(Exact::from_integer(1) - missing / wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(n: u32, d: u32) -> Exact {
        Exact::new(n, d)
    }

    #[test]
    fn all_activities_done_make_three() {
        let one = exact(1, 1);
        let practices = [practice(&[one; 6]); 3];
        assert_eq!(practices[0], exact(3, 1));
        assert_eq!(mean(&[mean(&practices).unwrap(); 5]), Some(exact(3, 1)));
    }

    #[test]
    fn levels_do_not_gate() {
        let none = exact(0, 1);
        assert_eq!(practice(&[none, none, exact(1, 1), none, none, none]), exact(1, 2));
    }

    /// The example of the article on relative scoring.
    #[test]
    fn a_practice_on_its_way_to_a_target() {
        let (none, half, one) = (exact(0, 1), exact(1, 2), exact(1, 1));
        let now = [exact(1, 4), none, none, one, none, none];
        let wanted = [one, one, none, one, half, none];
        assert_eq!(practice(&now), exact(5, 8));
        assert_eq!(practice(&wanted), exact(7, 4));
        let pairs: Vec<(Exact, Exact)> = now.into_iter().zip(wanted).collect();
        // 1 - 2.25 / 3.5
        assert_eq!(to_target(&pairs), Some(exact(5, 14)));
        assert_eq!(to_target(&[(one, none)]), None);
    }

    /// SAMMwise's own example.
    #[test]
    fn functions_and_the_whole_are_means() {
        let practices = [12, 0, 3, 6, 12, 0, 3, 6, 12, 0, 3, 6, 12, 0, 3].map(|quarters| exact(quarters, 4));
        let functions: Vec<Exact> = practices.chunks(3).filter_map(mean).collect();
        assert_eq!(functions, [exact(5, 4), exact(3, 2), exact(7, 4), exact(3, 4), exact(5, 4)]);
        assert_eq!(mean(&functions), Some(exact(13, 10)));
    }
}
