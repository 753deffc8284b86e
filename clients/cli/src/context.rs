use crate::{
    arguments::Global,
    exit::Exit,
    failure::Failure,
    input,
    output::{Output, tell},
};
use umpire_client::Umpire;

/// What every command stands on: the way to the server and the way to the screen.
pub struct Context {
    /// Where answers go.
    pub output: Output,
    global: Global,
}

impl Context {
    /// As the global flags say.
    pub fn new(global: Global) -> Self {
        Self { output: Output::new(&global), global }
    }

    /// Connects.
    pub async fn connect(&self) -> Result<Umpire, Failure> {
        let mut builder = Umpire::builder(&self.global.endpoint);
        if let Some(key) = self.global.api_key.as_ref().filter(|key| !key.is_empty()) {
            builder = builder.api_key(key);
        }
        if let Some(tenant) = &self.global.tenant {
            builder = builder.tenant(tenant);
        }
        if let Some(path) = &self.global.ca_certificate {
            builder = builder.ca_certificate(input::bytes(path)?);
        }
        Ok(builder.connect().await?)
    }

    /// Where the server is said to be.
    pub fn endpoint(&self) -> &str {
        &self.global.endpoint
    }

    /// Tells on standard error why a command failed, and gives the exit code.
    pub fn report(&self, failure: &Failure) -> Exit {
        tell(&format!("umpirectl: {failure}"));
        for line in failure.details() {
            tell(&format!("  {line}"));
        }
        failure.exit()
    }
}
