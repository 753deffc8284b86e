//! Where log lines go.

use crate::config::{LogConfig, LogFormat};
use std::sync::Mutex;
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::{EnvFilter, filter::LevelFilter, fmt::writer::BoxMakeWriter};

/// Starts logging for the rest of the process.
///
/// # Errors
/// What is wrong with the configuration, naming its key.
pub fn start(config: &LogConfig) -> Result<(), String> {
    let filter = filter(config)?;
    let base = tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer(config)?);
    let started = match config.format {
        LogFormat::Text => base.with_ansi(false).try_init(),
        LogFormat::Json => base.json().flatten_event(true).try_init(),
    };
    started.map_err(|error| format!("log: {error}"))
}

/// The filter of `log.level`.
///
/// # Errors
/// What is wrong with it, naming its key.
pub fn filter(config: &LogConfig) -> Result<EnvFilter, String> {
    for directive in config.level.split(',').filter(|directive| !directive.contains('=')) {
        // The filter would take any other word for the name of a module.
        directive.trim().parse::<LevelFilter>().map_err(|_| {
            format!("log.level: `{directive}` is none of off, error, warn, info, debug, trace")
        })?;
    }
    EnvFilter::try_new(&config.level).map_err(|error| format!("log.level: {error}"))
}

fn writer(config: &LogConfig) -> Result<BoxMakeWriter, String> {
    let Some(folder) = &config.dir else { return Ok(BoxMakeWriter::new(std::io::stderr)) };
    std::fs::create_dir_all(folder).map_err(|error| format!("log.dir: {error}"))?;
    let files = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("umpire")
        .filename_suffix("log")
        .max_log_files(config.keep_files)
        .build(folder)
        .map_err(|error| format!("log.dir: {error}"))?;
    Ok(BoxMakeWriter::new(Mutex::new(files)))
}
