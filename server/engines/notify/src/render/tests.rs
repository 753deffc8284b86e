//! What is rendered: golden files for people to read, and what must hold of all of them.

mod bounds;
mod choice;
mod glance;
mod golden;
mod hostile;
mod notices;
mod saving;
