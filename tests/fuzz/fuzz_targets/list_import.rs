//! A file of words, in every form, of whatever bytes. What was read is written and read
//! again: no word may be lost or changed on the way.
#![no_main]

use libfuzzer_sys::fuzz_target;
use umpire_rules::lists::{
    Entry,
    file::{FileFormat, MAX_REJECTED, read, write},
};

const FORMATS: [FileFormat; 4] =
    [FileFormat::Plain, FileFormat::Tsv, FileFormat::Csv, FileFormat::Json];

fuzz_target!(|data: &[u8]| {
    for format in FORMATS {
        let Ok(content) = read(format, data) else { continue };
        assert!(content.rejected.len() <= MAX_REJECTED);
        assert!(content.rejected.len() as u64 <= content.rejected_count);
        let entries = content.entries.as_slice();
        for entry in entries {
            assert_eq!(entry.check(), Ok(()), "{entry:?}");
        }
        comes_back(entries);
    }
});

fn comes_back(entries: &[Entry]) {
    // At the start of a file it would be a byte order mark.
    if entries.iter().any(|entry| entry.word.contains('\u{feff}')) {
        return;
    }
    for format in FORMATS {
        let again = read(format, &write(format, entries, true, true)).expect("our own file");
        assert_eq!(again.rejected_count, 0, "{format:?} {:?}", again.rejected);
        let [before, after] = [entries, again.entries.as_slice()].map(words);
        assert_eq!(before, after, "{format:?}");
    }
}

fn words(entries: &[Entry]) -> Vec<&str> {
    entries.iter().map(|entry| &*entry.word).collect()
}
