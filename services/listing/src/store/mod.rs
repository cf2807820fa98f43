//! All of listing's SQL, by what it is about.

pub mod lot;
pub mod papers;
pub mod registration;
pub mod rules;
pub mod search;
