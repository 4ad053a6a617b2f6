//! Asking maintainers: which questions are open, an answers file to fill in, and the interview.
//!
//! Everything here is pure. The interview is a state machine: it says what to ask ([`Interview::prompt`]) and takes what
//! was replied ([`Interview::reply`]); terminals, files and the clock belong to those who drive it.

mod card;
mod near;
mod open;
mod state;
mod template;
mod typed;

pub use card::{card, standing};
pub use near::near;
pub use open::{Only, Open, open_questions, put_in_order};
pub use state::{Choice, Interview, Item, Prompt, Reply, Step};
pub use template::{beginning, blocks};
pub use typed::{is_mail_address, links, said};
