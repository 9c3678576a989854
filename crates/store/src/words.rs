//! The words by which lists find a document: folded here, for the index and
//! for what is compared without it alike, so that both find the same.

/// Characters of a word; what is longer is cut.
const CHARACTERS_MAX: usize = 48;

/// What lists search a document by.
pub struct Searched<'a> {
    /// The receiver's identification.
    pub receiver_id: &'a str,
    /// The receiver's name.
    pub receiver_name: &'a str,
    /// Three digits.
    pub establishment: &'a str,
    /// Three digits.
    pub point: &'a str,
    /// The number within the series.
    pub sequential: u32,
    /// The client's own name for the document.
    pub external_id: Option<&'a str>,
}

impl Searched<'_> {
    /// Every word of the document, each once.
    pub fn words(&self) -> Vec<String> {
        let mut all = words(self.receiver_name);
        all.extend(words(self.receiver_id));
        all.push(format!("{}{}", self.establishment, self.point));
        all.push(self.sequential.to_string());
        all.extend(self.external_id.into_iter().flat_map(words));
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// A word that somebody looks for.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Asked {
    /// Begins the word it finds.
    pub beginning: String,
    /// Is the word it finds: a sequential that was written with its zeros.
    pub number: Option<String>,
}

impl Asked {
    /// `None` for zeros alone, the beginning of a sequential still being typed.
    fn new(word: String) -> Option<Self> {
        let digits = word.bytes().all(|b| b.is_ascii_digit());
        let number = word.trim_start_matches('0');
        if !digits || word.len() > 9 || number.len() == word.len() {
            return Some(Self {
                beginning: word,
                number: None,
            });
        }
        let number = (!number.is_empty()).then(|| number.to_owned())?;
        Some(Self {
            beginning: word,
            number: Some(number),
        })
    }

    /// Whether one of a document's words is meant.
    pub fn finds(&self, words: &[String]) -> bool {
        let is_found =
            |word: &String| word.starts_with(&self.beginning) || Some(word) == self.number.as_ref();
        words.iter().any(is_found)
    }
}

/// The words of a question, each once.
pub fn asked(text: &str) -> Vec<Asked> {
    let mut all: Vec<_> = words(text).into_iter().filter_map(Asked::new).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// The words of a text: letters and digits without case and accents. A series,
/// `001-002`, is one word without its hyphen.
pub fn words(text: &str) -> Vec<String> {
    let mut words = Words::default();
    for character in text.chars().flat_map(char::to_lowercase) {
        words.take(character);
    }
    words.end();
    words.found
}

#[derive(Default)]
struct Words {
    found: Vec<String>,
    current: String,
    characters: usize,
    /// A hyphen came after three digits.
    joins: bool,
}

impl Words {
    fn take(&mut self, character: char) {
        if is_combining(character) {
            return;
        }
        if self.joins && !character.is_ascii_digit() {
            self.end();
        }
        self.joins = false;
        if character.is_alphanumeric() {
            self.push(character);
        } else if character == '-' && self.is_establishment() {
            self.joins = true;
        } else {
            self.end();
        }
    }

    fn is_establishment(&self) -> bool {
        self.current.len() == 3 && self.current.bytes().all(|b| b.is_ascii_digit())
    }

    fn push(&mut self, character: char) {
        if self.characters < CHARACTERS_MAX {
            self.current.push(without_accent(character));
            self.characters += 1;
        }
    }

    fn end(&mut self) {
        self.joins = false;
        self.characters = 0;
        if !self.current.is_empty() {
            self.found.push(std::mem::take(&mut self.current));
        }
    }
}

/// Accents as characters of their own (Unicode's decomposed forms).
fn is_combining(character: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&character)
}

/// For the letters of Latin alphabets that names here come in.
fn without_accent(character: char) -> char {
    match character {
        'à'..='å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'è'..='ë' | 'ē' | 'ė' | 'ę' | 'ě' => 'e',
        'ì'..='ï' | 'ī' | 'į' | 'ı' => 'i',
        'ł' => 'l',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò'..='ö' | 'ø' | 'ō' | 'ő' => 'o',
        'ř' => 'r',
        'ś' | 'š' | 'ş' => 's',
        'ù'..='ü' | 'ū' | 'ů' | 'ű' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_accents_are_folded() {
        assert_eq!(words("José  Ñandú"), ["jose", "nandu"]);
        assert_eq!(words("Jose\u{301} N\u{303}andu\u{301}"), ["jose", "nandu"]);
        assert_eq!(
            words("İSTANBUL, Müller & Søn S.A."),
            ["istanbul", "muller", "son", "s", "a"]
        );
        assert_eq!(words("日本"), ["日本"]);
        assert!(words(" - \u{0} \u{301} '\" * ( ").is_empty());
    }

    #[test]
    fn hyphens_join_a_series() {
        assert_eq!(words("001-002-000000123"), ["001002", "000000123"]);
        assert_eq!(words("001-002-"), ["001002"]);
        assert_eq!(words("001- 2"), ["001", "2"]);
        assert_eq!(
            words("1-A 2--3 ORD-7-8 123--4"),
            ["1", "a", "2", "3", "ord", "7", "8", "123", "4"]
        );
    }

    #[test]
    fn long_words_are_cut() {
        let cut = words(&"ñ".repeat(10_000));
        assert_eq!(cut, ["n".repeat(CHARACTERS_MAX)]);
    }

    #[test]
    fn a_document_is_found_by_each_of_its_words() {
        let document = Searched {
            receiver_id: "0912345678",
            receiver_name: "Ana Núñez",
            establishment: "001",
            point: "002",
            sequential: 123,
            external_id: Some("Pedido-7"),
        };
        let words = document.words();
        let expected = ["001002", "0912345678", "123", "7", "ana", "nunez", "pedido"];
        assert_eq!(words, expected);
        let finds = |text| asked(text).iter().all(|asked| asked.finds(&words));
        for text in [
            "",
            "NUÑEZ ana",
            "nu",
            "0912",
            "09123456",
            "123",
            "12",
            "000000123",
        ] {
            assert!(finds(text), "{text}");
        }
        for text in [
            "001-002",
            "001-002-000",
            "001-002-000000123",
            "pedido 7",
            "pedido-7",
        ] {
            assert!(finds(text), "{text}");
        }
        for text in ["unez", "912", "000000012", "002", "0000001234", "ana otra"] {
            assert!(!finds(text), "{text}");
        }
    }
}
