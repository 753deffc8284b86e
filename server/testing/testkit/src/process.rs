use crate::Clients;
use std::{
    env,
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex},
};

/// `umpire serve` in a process of its own.
pub struct ServerProcess {
    child: Child,
    grpc: SocketAddr,
    said: Arc<Mutex<String>>,
}

impl ServerProcess {
    /// Starts on free ports and waits until it serves.
    #[must_use]
    pub fn start(folder: &Path) -> Self {
        Self::start_with(folder, &[])
    }

    /// As [`start`](Self::start), with these in its environment too.
    #[must_use]
    pub fn start_with(folder: &Path, environment: &[(&str, &str)]) -> Self {
        let mut child = Command::new(binary())
            .args(["serve", "--grpc", "127.0.0.1:0", "--http", "127.0.0.1:0", "--data-dir"])
            .arg(folder)
            .envs(environment.iter().copied())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let said = Arc::new(Mutex::new(String::new()));
        let grpc = loop {
            let line = lines.next().expect("the server ended before it served").unwrap();
            note(&said, &line);
            if let Some((_, rest)) = line.split_once("grpc=") {
                break rest.split_whitespace().next().unwrap().parse().unwrap();
            }
        };
        // Keeps the pipe open and empty; ends with the process.
        let rest = said.clone();
        std::thread::spawn(move || {
            for line in lines {
                line.iter().for_each(|line| note(&rest, line));
            }
        });
        Self { child, grpc, said }
    }

    /// Clients without a key.
    #[must_use]
    pub fn clients(&self) -> Clients {
        Clients::connect(self.grpc, None)
    }

    /// Where gRPC is served.
    #[must_use]
    pub fn grpc(&self) -> SocketAddr {
        self.grpc
    }

    /// What it logged so far.
    #[must_use]
    pub fn log(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    /// Whether it ended by itself.
    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// SIGKILL.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM; gives the exit status.
    pub fn terminate(mut self) -> ExitStatus {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        self.child.wait().unwrap()
    }
}

impl Drop for ServerProcess {
    /// A test that fails leaves no server behind.
    fn drop(&mut self) {
        // One that has ended already cannot be killed, which is as good.
        let _over = self.child.kill().and_then(|()| self.child.wait());
    }
}

fn note(said: &Mutex<String>, line: &str) {
    let mut said = said.lock().unwrap();
    said.push_str(line);
    said.push('\n');
}

/// The server's binary, beside the folder of test binaries.
fn binary() -> PathBuf {
    let tests = env::current_exe().unwrap();
    let path = tests.ancestors().nth(2).unwrap().join("umpire");
    assert!(path.is_file(), "{} is missing: run `cargo build -p umpire` first", path.display());
    path
}
