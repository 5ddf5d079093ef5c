//! A race behind its screen: the thread that ranks and writes, and what it shows.

pub mod board;
pub mod referee;

#[cfg(test)]
pub(super) mod tests;
