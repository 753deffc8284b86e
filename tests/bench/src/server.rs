//! The server that is measured, in a process of its own.

use crate::material;
use std::{
    env, fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};
use tonic::transport::{Channel, Endpoint};
use umpire_proto::v1::{ImportWordListRequest, rule_service_client::RuleServiceClient};

/// Clock ticks a second of `/proc`; fixed on Linux.
const TICKS: u64 = 100;

pub struct Server {
    child: Child,
    pub endpoint: String,
}

impl Server {
    /// Starts `umpire serve` from this program's folder on a data folder, with
    /// `wrapper` before it.
    pub fn start(data: &Path, wrapper: &[String]) -> Self {
        Self::start_with(data, wrapper, &[])
    }

    /// As [`start`](Self::start), with these in its environment too.
    pub fn start_with(data: &Path, wrapper: &[String], environment: &[(&str, &str)]) -> Self {
        let binary = binary().into_os_string().into_string().unwrap();
        let data = data.to_str().unwrap();
        let serve = ["serve", "--grpc", "127.0.0.1:0", "--http", "127.0.0.1:0", "--data-dir", data];
        let line: Vec<_> =
            wrapper.iter().cloned().chain([binary]).chain(serve.map(str::to_owned)).collect();
        let mut child = Command::new(&line[0])
            .args(&line[1..])
            .envs(environment.iter().copied())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}", line[0]));
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let address = loop {
            let line = lines.next().expect("the server ended").unwrap();
            if let Some((_, rest)) = line.split_once("grpc=") {
                break rest.split_whitespace().next().unwrap().to_owned();
            }
        };
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, endpoint: format!("http://{address}") }
    }

    pub fn channel(&self) -> Channel {
        Endpoint::from_shared(self.endpoint.clone()).unwrap().tcp_nodelay(true).connect_lazy()
    }

    pub async fn load_rules(&self, words: usize, patterns: usize) {
        let mut client = RuleServiceClient::new(self.channel());
        for request in material::rules(words, patterns) {
            client.create_rule(request).await.unwrap();
        }
    }

    /// Imports a list of words, and makes the rule that looks for them.
    pub async fn load_list(&self, words: usize) {
        if words == 0 {
            return;
        }
        let mut client = RuleServiceClient::new(self.channel());
        let import = ImportWordListRequest {
            parent: "tenants/default".into(),
            word_list_id: "public".into(),
            content: material::list(words).into(),
            ..ImportWordListRequest::default()
        };
        client.import_word_list(import).await.unwrap();
        client.create_rule(material::list_rule("public")).await.unwrap();
    }

    /// Makes a rule for each detector.
    pub async fn load_detectors(&self) {
        let mut client = RuleServiceClient::new(self.channel());
        for request in material::detector_rules() {
            client.create_rule(request).await.unwrap();
        }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// SIGTERM, and wait.
    pub fn stop(mut self) {
        let pid = self.pid().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        self.child.wait().unwrap();
    }
}

/// `umpire` beside this program.
fn binary() -> PathBuf {
    let path = env::current_exe().unwrap().with_file_name("umpire");
    assert!(path.is_file(), "build it first: cargo build --release -p umpire --features bench");
    path
}

/// CPU time a process has used, user and system.
pub fn cpu(pid: u32) -> Duration {
    let [user, system] = times(pid);
    user + system
}

/// CPU time a process has used outside of the kernel.
pub fn user_cpu(pid: u32) -> Duration {
    let [user, _] = times(pid);
    user
}

fn times(pid: u32) -> [Duration; 2] {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let (_, fields) = stat.rsplit_once(") ").unwrap();
    // utime and stime are fields 14 and 15, counted from 1 at the pid.
    [11, 12].map(|index| {
        let ticks: u64 = fields.split(' ').nth(index).unwrap().parse().unwrap();
        Duration::from_millis(ticks * 1_000 / TICKS)
    })
}
