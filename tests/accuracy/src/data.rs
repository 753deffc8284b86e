//! Reads the files under `UMPIRE_TEST_DATA`.

use std::{
    env, fmt, fs, io,
    path::{Path, PathBuf},
};

/// The folder of labelled files.
pub struct Data {
    root: PathBuf,
}

/// A file cannot be read, so its set is left out.
pub struct Absent {
    path: PathBuf,
    cause: io::Error,
}

impl fmt::Display for Absent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} cannot be read ({}): left out", self.path.display(), self.cause)
    }
}

impl Data {
    /// The folder `data` in the one the variable names, if it is set.
    pub fn from_env() -> Option<Self> {
        env::var_os("UMPIRE_TEST_DATA").map(|root| Self { root: Path::new(&root).join("data") })
    }

    /// A whole file.
    pub fn read(&self, file: &str) -> Result<String, Absent> {
        let path = self.root.join(file);
        fs::read_to_string(&path).map_err(|cause| Absent { path, cause })
    }

    /// The lines of a file that are not blank.
    pub fn lines(&self, file: &str) -> Result<Vec<String>, Absent> {
        let text = self.read(file)?;
        Ok(text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect())
    }

    /// Columns of a file with a header whose fields stand between tabs, without quotes.
    pub fn tsv<const N: usize>(
        &self,
        file: &str,
        columns: [&str; N],
    ) -> Result<Vec<[String; N]>, Absent> {
        let text = self.read(file)?;
        let mut lines = text.lines();
        let header: Vec<&str> = lines.next().unwrap_or_default().split('\t').collect();
        let places = columns.map(|column| place(&header, column, file));
        let row = |line: &str| {
            let fields: Vec<&str> = line.split('\t').collect();
            places.map(|place| fields.get(place).copied().unwrap_or_default().to_owned())
        };
        Ok(lines.map(row).collect())
    }

    /// Columns of a CSV file with a header.
    pub fn csv<const N: usize>(
        &self,
        file: &str,
        columns: [&str; N],
    ) -> Result<Vec<[String; N]>, Absent> {
        let text = self.read(file)?;
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let header = reader.headers().unwrap().clone();
        let header: Vec<&str> = header.iter().collect();
        let places = columns.map(|column| place(&header, column, file));
        let row = |record: Result<csv::StringRecord, csv::Error>| {
            let record = record.unwrap();
            places.map(|place| record.get(place).unwrap_or_default().to_owned())
        };
        Ok(reader.records().map(row).collect())
    }
}

fn place(header: &[&str], column: &str, file: &str) -> usize {
    let place = header.iter().position(|name| *name == column);
    place.unwrap_or_else(|| panic!("{file}: no column `{column}` in {header:?}"))
}
