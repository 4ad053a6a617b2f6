//! Writing answers in the formats of others.
