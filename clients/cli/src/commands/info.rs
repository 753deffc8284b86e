use crate::{context::Context, exit::Exit, failure::Failure};

/// Shows the server's version and limits. Needs role OPS or ADMIN.
pub async fn run(context: &Context) -> Result<Exit, Failure> {
    let info = context.connect().await?.admin().server_info().await?;
    let (version, endpoint) = (env!("CARGO_PKG_VERSION"), context.endpoint());
    context.output.note(&format!("umpirectl {version} at {endpoint}"));
    context.output.one(&info)?;
    Ok(Exit::DONE)
}
