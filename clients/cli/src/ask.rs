//! The one question this program asks.

use crate::failure::Failure;
use std::io::{self, BufRead, IsTerminal, Write};

/// Asks on the terminal, taking anything but `y` and `yes` for a no. Without a
/// terminal nobody can be asked, and it is a mistake not to have said `--yes`.
pub fn confirm(question: &str) -> Result<bool, Failure> {
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Err(Failure::usage(format!("{question}: say so with --yes")));
    }
    write!(io::stderr(), "{question}? [y/N] ")?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}
