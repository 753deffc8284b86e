//! What becomes of events, told in small stories; `random` tells the rest.

mod groups;
mod held;
mod levels;
mod notices;
mod people;
mod random;
mod rates;
mod routes;
mod stage;
mod windows;
