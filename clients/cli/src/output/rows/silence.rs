use super::{id_of, time};
use crate::output::Row;
use umpire_client::v1::Silence;

impl Row for Silence {
    const NAME: &'static str = "Silence";
    const COLUMNS: &'static [&'static str] =
        &["id", "match", "start_time", "end_time", "author", "reason"];

    fn cells(&self) -> Vec<String> {
        vec![
            id_of(&self.name).to_owned(),
            self.r#match.clone(),
            time(self.start_time),
            time(self.end_time),
            self.author.clone(),
            self.reason.clone(),
        ]
    }
}
