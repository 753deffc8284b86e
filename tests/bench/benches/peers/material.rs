//! Words and lines: real ones under `UMPIRE_TEST_DATA`, else made up; the same every time.

use fastrand::Rng;
use std::{
    collections::BTreeSet,
    env, fs, io,
    path::{Path, PathBuf},
};

const MOST_CHINESE_WORDS: usize = 60_000;
const MOST_LINES: usize = 50_000;
/// Characters of a line of Chinese.
const CHINESE_LINE: std::ops::RangeInclusive<usize> = 10..=60;
/// One made-up line in so many holds a word.
const LINES_A_WORD: usize = 3;
/// Characters made-up words consist of, none of which is in [`ALPHABET`].
const WORD_ALPHABET: &str =
    "赌博彩票外挂代练金币充值返利兼职刷单诈骗贷款套现发票枪支弹毒品色情约炮私服脚本盗号";
/// Characters made-up lines consist of.
const ALPHABET: &str = "今天晚上我们一起去公会大厅集合请带好药水和装备听指挥打完这把就睡觉明白吗好的没问题队友呢快来中路有人掉线了等他两分钟";

/// Lines one behind the other in memory, as a server has just received them: what is
/// measured is the engine, not how long a line takes to come from afar.
pub struct Lines {
    text: String,
    ends: Vec<usize>,
}

impl Lines {
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| &self.text[start..end])
    }

    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Bytes of all of them.
    pub fn bytes(&self) -> usize {
        self.text.len()
    }
}

impl FromIterator<String> for Lines {
    fn from_iter<I: IntoIterator<Item = String>>(lines: I) -> Self {
        let mut all = Self { text: String::new(), ends: Vec::new() };
        for line in lines {
            all.text.push_str(&line);
            all.ends.push(all.text.len());
        }
        all
    }
}

pub struct Material {
    /// Where it comes from, for people.
    pub origin: String,
    /// In random order, so that its beginning is a sample.
    pub chinese_words: Vec<String>,
    pub chinese_lines: Lines,
    pub english_words: Vec<String>,
    pub english_lines: Lines,
    /// Traditional characters with their simplified ones.
    pub simplified: Vec<(char, char)>,
}

impl Material {
    pub fn load() -> Self {
        let mut rng = Rng::with_seed(42);
        let Some(root) = env::var_os("UMPIRE_TEST_DATA") else {
            let why = "UMPIRE_TEST_DATA is not set: words and lines are made up.";
            return made_up(why.into(), &mut rng);
        };
        match real(&Path::new(&root).join("data"), &mut rng) {
            Ok(material) => material,
            Err(cause) => made_up(format!("{cause}: words and lines are made up."), &mut rng),
        }
    }
}

fn real(root: &Path, rng: &mut Rng) -> io::Result<Material> {
    let chinese_words = lines(root, "words/zh/houbb_dict_v20240407.txt")?;
    let long = |word: &String| word.trim().chars().count() >= 2 && !word.contains(char::is_control);
    let mut chinese_words = each_once(chinese_words.into_iter().filter(long));
    rng.shuffle(&mut chinese_words);
    chinese_words.truncate(MOST_CHINESE_WORDS);

    let mut chinese_lines = column(root, "labelled/zh/cold.tsv", "text")?;
    chinese_lines.extend(column(root, "labelled/zh/reviews_spam.tsv", "text")?);
    chinese_lines.retain(|line| CHINESE_LINE.contains(&line.chars().count()));
    rng.shuffle(&mut chinese_lines);
    chinese_lines.truncate(MOST_LINES);

    let mut english_lines = column(root, "labelled/game/conda_dota2.tsv", "utterance")?;
    english_lines.extend(column(root, "labelled/game/gametox_wot.tsv", "message")?);
    rng.shuffle(&mut english_lines);
    english_lines.truncate(MOST_LINES);
    Ok(Material {
        origin: format!("Words and lines from {}.", root.display()),
        chinese_words,
        chinese_lines: chinese_lines.into_iter().collect(),
        english_words: english_words(root)?,
        english_lines: english_lines.into_iter().collect(),
        simplified: simplified(root)?,
    })
}

/// Two published lists together, in small letters.
fn english_words(root: &Path) -> io::Result<Vec<String>> {
    let surge = lines(root, "words/en/surge_profanity_en.csv")?.into_iter().skip(1);
    let first = |line: String| line.split(',').next().unwrap_or_default().to_owned();
    let mut words: Vec<String> = surge.map(first).collect();
    for line in lines(root, "words/multi/ldnoobw.tsv")? {
        if let Some((word, "en")) = line.split_once('\t') {
            words.push(word.to_owned());
        }
    }
    let words = words.iter().map(|word| word.trim().to_lowercase());
    Ok(each_once(words.filter(|word| !word.is_empty())))
}

fn simplified(root: &Path) -> io::Result<Vec<(char, char)>> {
    let pair = |line: String| {
        let (from, to) = line.split_once('\t')?;
        Some((from.chars().next()?, to.chars().next()?))
    };
    Ok(lines(root, "tables/opencc_TSCharacters.txt")?.into_iter().filter_map(pair).collect())
}

fn each_once(words: impl Iterator<Item = String>) -> Vec<String> {
    words.collect::<BTreeSet<_>>().into_iter().collect()
}

fn lines(root: &Path, file: &str) -> io::Result<Vec<String>> {
    let path: PathBuf = root.join(file);
    let text = fs::read_to_string(&path)
        .map_err(|cause| io::Error::new(cause.kind(), format!("{}: {cause}", path.display())))?;
    Ok(text.lines().map(str::to_owned).collect())
}

/// One column of a file with a header and tabs.
fn column(root: &Path, file: &str, name: &str) -> io::Result<Vec<String>> {
    let lines = lines(root, file)?;
    let header = lines.first().map_or("", String::as_str);
    let place = header.split('\t').position(|column| column == name).unwrap();
    let field = |line: &String| line.split('\t').nth(place).unwrap_or_default().to_owned();
    Ok(lines.iter().skip(1).map(field).filter(|text| !text.is_empty()).collect())
}

fn made_up(origin: String, rng: &mut Rng) -> Material {
    let [chinese, chinese_word]: [Vec<char>; 2] =
        [ALPHABET, WORD_ALPHABET].map(|letters| letters.chars().collect());
    let latin: Vec<char> = ('a'..='z').collect();
    let mut chinese_words = unlike(MOST_CHINESE_WORDS, || text(&chinese_word, 2..7, rng));
    rng.shuffle(&mut chinese_words);
    let english_words = unlike(1_905, || text(&latin, 4..10, rng));
    let chinese_lines = lines_with(&chinese_words, rng, |rng| text(&chinese, 10..54, rng));
    let english_lines = lines_with(&english_words, rng, |rng| {
        let words = (0..rng.usize(1..9)).map(|_| text(&latin, 2..8, rng));
        words.collect::<Vec<_>>().join(" ")
    });
    let simplified = vec![('來', '来'), ('會', '会'), ('隊', '队'), ('沒', '没')];
    Material { origin, chinese_words, chinese_lines, english_words, english_lines, simplified }
}

/// Made-up lines, some of which end with a word.
fn lines_with(words: &[String], rng: &mut Rng, make: impl Fn(&mut Rng) -> String) -> Lines {
    let line = |number: usize| {
        let mut line = make(rng);
        if number.is_multiple_of(LINES_A_WORD) {
            line.push_str(&words[rng.usize(..words.len())]);
        }
        line
    };
    (0..MOST_LINES).map(line).collect()
}

/// So many different ones, in order.
fn unlike(count: usize, mut make: impl FnMut() -> String) -> Vec<String> {
    let mut made = BTreeSet::new();
    while made.len() < count {
        made.insert(make());
    }
    made.into_iter().collect()
}

fn text(letters: &[char], length: std::ops::Range<usize>, rng: &mut Rng) -> String {
    (0..rng.usize(length)).map(|_| letters[rng.usize(..letters.len())]).collect()
}
