use super::{Format, Purpose};
use crate::{
    context::Context,
    exit::Exit,
    failure::Failure,
    input,
    output::{counted, id_of},
};
use clap::Args;
use std::path::{Path, PathBuf};
use umpire_client::v1::ImportWordListResponse;

/// Most characters of an id.
const MAX_ID: usize = 63;

/// Fills a word list from a file.
#[derive(Args)]
pub struct Import {
    /// The file; `-` is standard input
    file: PathBuf,

    /// Id of the list; when absent the file's name without its extension, with `-` for
    /// what no id may hold
    #[arg(long)]
    id: Option<String>,

    /// Form of the file; by its extension when absent
    #[arg(long, short)]
    format: Option<Format>,

    /// Make the list exactly the file
    #[arg(long)]
    replace: bool,

    /// What a list that is made is for
    #[arg(long)]
    purpose: Option<Purpose>,

    /// Refuse the whole file when one line is bad
    #[arg(long)]
    strict: bool,

    /// Check everything and change nothing
    #[arg(long)]
    dry_run: bool,

    /// Why; kept in the history
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    reason: String,
}

impl Import {
    /// Sends the file. Exit code 1 if a line was not taken.
    pub async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let id = self.id.clone().or_else(|| id_from(&self.file));
        let id = id.ok_or_else(|| Failure::usage("give the list an id with --id"))?;
        let format = self.format.unwrap_or_else(|| by_extension(&self.file)).proto();
        let content = input::bytes(&self.file)?;
        let lists = context.connect().await?.lists();
        let mut import = lists.import(id, format, content).replace(self.replace);
        import = import.strict(self.strict).validate_only(self.dry_run).reason(self.reason);
        if let Some(purpose) = self.purpose {
            import = import.purpose(purpose.proto());
        }
        let waiting = context.output.waiting("importing");
        let imported = import.await?;
        drop(waiting);
        told(&imported, self.dry_run, context)
    }
}

fn told(
    imported: &ImportWordListResponse,
    dry_run: bool,
    context: &Context,
) -> Result<Exit, Failure> {
    context.output.changed(&summary(imported, dry_run), imported)?;
    for rejected in &imported.rejected {
        context.output.note(&format!("line {}: {}", rejected.line, rejected.reason));
    }
    let told = i64::try_from(imported.rejected.len()).unwrap_or(imported.rejected_count);
    if imported.rejected_count > told {
        let untold = counted(imported.rejected_count - told, "more line");
        context.output.note(&format!("and {untold}"));
    }
    Ok(Exit::negative_if(imported.rejected_count > 0))
}

fn summary(imported: &ImportWordListResponse, dry_run: bool) -> String {
    let list = imported.word_list.as_ref();
    let (id, words) = list.map_or(("", 0), |list| (id_of(&list.name), list.entry_count));
    let ImportWordListResponse { added, updated, removed, duplicates, rejected_count, .. } =
        imported;
    let (duplicates, words) = (counted(*duplicates, "duplicate"), counted(words, "word"));
    let sentence = format!(
        "word list {id}: {added} added, {updated} updated, {removed} removed, \
         {duplicates}, {rejected_count} rejected; {words}"
    );
    if dry_run {
        format!("{sentence} (not changed)")
    } else {
        format!("{sentence}, revision {}", imported.revision)
    }
}

/// The file's name without its extension, made an id, where anything is left of it.
fn id_from(path: &Path) -> Option<String> {
    let stem = path.file_stem()?.to_string_lossy();
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let id: String = stem.chars().map(|c| if allowed(c) { c } else { '-' }).collect();
    // Ids begin with a letter or digit.
    let id = id.trim_start_matches(['-', '_']);
    let id = id.get(..MAX_ID).unwrap_or(id).trim_end_matches('-');
    (!id.is_empty()).then(|| id.to_owned())
}

fn by_extension(path: &Path) -> Format {
    let extension = path.extension().and_then(|extension| extension.to_str());
    match extension.map(str::to_ascii_lowercase).as_deref() {
        Some("tsv" | "tab") => Format::Tsv,
        Some("csv") => Format::Csv,
        Some("json") => Format::Json,
        _ => Format::Plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_id_and_form() {
        let check = |path: &str, id: Option<&str>, format| {
            assert_eq!(id_from(Path::new(path)).as_deref(), id, "{path}");
            assert_eq!(by_extension(Path::new(path)), format, "{path}");
        };
        check("lists/insults.txt", Some("insults"), Format::Plain);
        check("a.TSV", Some("a"), Format::Tsv);
        check("b.csv", Some("b"), Format::Csv);
        check("c.json", Some("c"), Format::Json);
        check("my words.txt", Some("my-words"), Format::Plain);
        check("_(bad) words!.v2.txt", Some("bad--words--v2"), Format::Plain);
        check(&"x".repeat(64), Some("x".repeat(63).as_str()), Format::Plain);
        check("脏话.txt", None, Format::Plain);
        check("-", None, Format::Plain);
    }
}
