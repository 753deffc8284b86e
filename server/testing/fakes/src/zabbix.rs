//! The trapper of a Zabbix proxy: takes values of the items it knows, counts the others.

use crate::smtp_sink::kept::Kept;
use serde_json::{Value, json};
use std::{
    collections::{HashSet, VecDeque},
    future::pending,
    net::SocketAddr,
    sync::{Arc, Mutex},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

const START: &[u8] = b"ZBXD\x01";

/// What goes wrong with a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TrapperFault {
    /// Values are read and nothing is answered.
    Hang,
    /// The connection is closed once the values are read, which are not kept.
    Close,
    /// These bytes are answered.
    Say(Vec<u8>),
}

/// A value that an item took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Name of the item's host.
    pub host: String,
    /// The item's key.
    pub key: String,
    /// What is shown.
    pub value: String,
    /// Seconds since the Unix epoch, and nanoseconds.
    pub time: (i64, i64),
}

/// What all connections share.
struct Shared {
    items: Mutex<HashSet<(String, String)>>,
    taken: Kept<Taken>,
    faults: Mutex<VecDeque<TrapperFault>>,
}

/// A trapper at work. Dropped, it takes no more connections.
pub struct Trapper {
    address: SocketAddr,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

impl Trapper {
    /// Starts one that knows these items, hosts with keys, on a free port of this machine.
    pub async fn start<'a>(items: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let faults = Mutex::default();
        let shared = Shared { items: Mutex::default(), taken: Kept::default(), faults };
        let shared = Arc::new(shared);
        let task = tokio::spawn(listen(listener, shared.clone()));
        let trapper = Self { address, shared, task };
        items.into_iter().for_each(|(host, key)| trapper.add(host, key));
        trapper
    }

    /// From now on it knows this item, too.
    pub fn add(&self, host: &str, key: &str) {
        self.shared.items.lock().unwrap().insert((host.into(), key.into()));
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The next connections meet these faults, one each.
    pub fn fail_next(&self, faults: impl IntoIterator<Item = TrapperFault>) {
        self.shared.faults.lock().unwrap().extend(faults);
    }

    /// Every value it took so far.
    #[must_use]
    pub fn taken(&self) -> Vec<Taken> {
        self.shared.taken.all()
    }

    /// Waits until it has taken at least so many values, and gives them all.
    pub async fn wait_for(&self, values: usize) -> Vec<Taken> {
        self.shared.taken.wait_for(values).await
    }
}

impl Drop for Trapper {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn listen(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        let shared = shared.clone();
        tokio::spawn(async move {
            // Whoever is not understood is told nothing.
            let _ = serve(stream, &shared).await;
        });
    }
}

async fn serve(mut stream: TcpStream, shared: &Shared) -> Option<()> {
    let request = read(&mut stream).await?;
    let fault = shared.faults.lock().unwrap().pop_front();
    let answer = match fault {
        Some(TrapperFault::Hang) => pending().await,
        Some(TrapperFault::Close) => return None,
        Some(TrapperFault::Say(bytes)) => bytes,
        None => framed(&shared.take(&request)?.to_string()),
    };
    stream.write_all(&answer).await.ok()
}

async fn read(stream: &mut TcpStream) -> Option<Value> {
    let mut start = [0; START.len()];
    stream.read_exact(&mut start).await.ok()?;
    let length = stream.read_u32_le().await.ok()?;
    let reserved = stream.read_u32_le().await.ok()?;
    if start != START || reserved != 0 || length > 1 << 20 {
        return None;
    }
    let mut json = vec![0; length as usize];
    stream.read_exact(&mut json).await.ok()?;
    serde_json::from_slice(&json).ok()
}

fn framed(json: &str) -> Vec<u8> {
    let length = u32::try_from(json.len()).unwrap();
    [START, &length.to_le_bytes(), &[0; 4], json.as_bytes()].concat()
}

impl Shared {
    fn take(&self, request: &Value) -> Option<Value> {
        if request["request"] != "sender data" {
            return None;
        }
        let values = request["data"].as_array()?;
        let processed = values.iter().filter(|value| self.take_value(value).is_some()).count();
        let (failed, total) = (values.len() - processed, values.len());
        let info = format!(
            "processed: {processed}; failed: {failed}; total: {total}; seconds spent: 0.000207"
        );
        Some(json!({ "response": "success", "info": info }))
    }

    fn take_value(&self, value: &Value) -> Option<()> {
        let text = |name: &str| Some(value[name].as_str()?.to_owned());
        let (host, key) = (text("host")?, text("key")?);
        let known = self.items.lock().unwrap().contains(&(host.clone(), key.clone()));
        let (clock, ns) = (value["clock"].as_i64()?, value["ns"].as_i64()?);
        let sound = known && (0..1_000_000_000).contains(&ns);
        let taken = Taken { host, key, value: text("value")?, time: (clock, ns) };
        sound.then(|| self.taken.add(taken))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn answer(trapper: &Trapper, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(trapper.address()).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        String::from_utf8_lossy(answer.get(13..).unwrap_or_default()).into_owned()
    }

    #[tokio::test]
    async fn values_of_known_items_are_taken() {
        let trapper = Trapper::start([("h", "k")]).await;
        let value = |key: &str| json!({"host": "h", "key": key, "value": "v", "clock": 1, "ns": 2});
        let request =
            json!({ "request": "sender data", "data": [value("k"), value("other")] }).to_string();
        let said = answer(&trapper, &framed(&request)).await;
        assert!(
            said.contains("success") && said.contains("processed: 1; failed: 1; total: 2"),
            "{said}"
        );
        let taken = Taken { host: "h".into(), key: "k".into(), value: "v".into(), time: (1, 2) };
        assert_eq!(trapper.wait_for(1).await, [taken]);
    }

    #[tokio::test]
    async fn whoever_is_not_understood_is_told_nothing() {
        let trapper = Trapper::start([("h", "k")]).await;
        let mut wrong = framed("{}");
        wrong[0] = b'X';
        for bytes in [framed("{}"), framed("no JSON"), framed(r#"{"request":"x"}"#), wrong] {
            assert_eq!(answer(&trapper, &bytes).await, "");
        }
    }
}
