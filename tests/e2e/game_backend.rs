//! The example of a game backend does what its README says.

use std::{
    env,
    io::Write,
    path::PathBuf,
    process::{Command, Stdio},
};
use tempfile::TempDir;
use umpire_testkit::ServerProcess;

const SAID: &str = "\
in anna
anna: hello
anna: cheap gold here
anna: cheap gold here
anna: cheap gold here
wait anna
anna: hello?
in ben
ben: stolen account for sale
wait ben
ben: still there
in ben
";

/// In this order, with others in between.
const SHOWN: [&str; 11] = [
    "anna is in",
    "anna: hello",
    "(anna is not heard)",
    "  to anna: that was the first of 3; then comes a mute",
    "  to anna: that was the second of 3; then comes a mute",
    "  to anna: you are muted: selling gold",
    "(anna is muted)",
    "ben is in",
    "ben is kicked",
    "(ben is not in)",
    "ben is not let in: selling accounts",
];

/// The binary, beside the folder of test binaries.
fn binary() -> PathBuf {
    let tests = env::current_exe().unwrap();
    let path = tests.ancestors().nth(2).unwrap().join("game-backend");
    let hint = "run `cargo build -p umpire-example-game-backend` first";
    assert!(path.is_file(), "{} is missing: {hint}", path.display());
    path
}

#[test]
fn players_are_warned_muted_kicked_and_kept_out() {
    let folder = TempDir::new().unwrap();
    let server = ServerProcess::start(folder.path());
    let mut game = Command::new(binary())
        .arg("--set-up")
        .env("UMPIRE_ENDPOINT", format!("http://{}", server.grpc()))
        .env_remove("UMPIRE_API_KEY")
        .env_remove("UMPIRE_TENANT")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    game.stdin.take().unwrap().write_all(SAID.as_bytes()).unwrap();
    let ended = game.wait_with_output().unwrap();
    let shown = String::from_utf8(ended.stdout).unwrap();
    assert!(ended.status.success(), "{shown}");
    let mut lines = shown.lines();
    for expected in SHOWN {
        assert!(
            lines.any(|line| line == expected),
            "{expected:?} is not, or not in order, in\n{shown}"
        );
    }
    assert!(server.terminate().success());
}
