//! What becomes of sanctions, told in small stories; `random` tells the rest.

mod ending;
mod random;
mod sending;
mod streams;
mod webhooks;
mod world;
