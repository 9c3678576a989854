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
        let mut all = Vec::new();
        self.each_word(&mut |word| {
            all.push(word.to_owned());
            true
        });
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Whether every word that somebody asks for finds one of the document's.
    /// Lists ask this of many documents: no word is kept.
    pub fn has_all(&self, asked: &[Asked]) -> bool {
        let mut missing: Vec<&Asked> = asked.iter().collect();
        self.each_word(&mut |word| {
            missing.retain(|asked| !asked.is_meant(word));
            !missing.is_empty()
        });
        missing.is_empty()
    }

    /// Every word, until `visit` has enough.
    fn each_word(&self, visit: &mut dyn FnMut(&str) -> bool) {
        let texts = [
            Some(self.receiver_name),
            Some(self.receiver_id),
            self.external_id,
        ];
        let mut words = Words::new(visit);
        for text in texts.into_iter().flatten() {
            words.read(text);
        }
        let series = [self.establishment, self.point].concat();
        words.whole(&series);
        words.whole(&self.sequential.to_string());
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
        words.iter().any(|word| self.is_meant(word))
    }

    fn is_meant(&self, word: &str) -> bool {
        word.starts_with(&self.beginning) || self.number.as_deref() == Some(word)
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
    let mut found = Vec::new();
    let mut visit = |word: &str| {
        found.push(word.to_owned());
        true
    };
    Words::new(&mut visit).read(text);
    found
}

/// Hands on one word after another.
struct Words<'a> {
    /// Answers whether it wants more.
    visit: &'a mut dyn FnMut(&str) -> bool,
    wants_more: bool,
    current: String,
    characters: usize,
    /// A hyphen came after three digits.
    joins: bool,
}

impl<'a> Words<'a> {
    fn new(visit: &'a mut dyn FnMut(&str) -> bool) -> Self {
        Self {
            visit,
            wants_more: true,
            current: String::new(),
            characters: 0,
            joins: false,
        }
    }

    /// The words of a text.
    fn read(&mut self, text: &str) {
        for character in text.chars() {
            if !self.wants_more {
                return;
            }
            match character.is_ascii() {
                true => self.take(character.to_ascii_lowercase()),
                false => character.to_lowercase().for_each(|lower| self.take(lower)),
            }
        }
        self.end();
    }

    /// A text that is one word as it is.
    fn whole(&mut self, word: &str) {
        if self.wants_more {
            self.wants_more = (self.visit)(word);
        }
    }

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
            self.wants_more = (self.visit)(&self.current);
            self.current.clear();
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
        let finds = |text| {
            let asked = asked(text);
            let found = asked.iter().all(|asked| asked.finds(&words));
            assert_eq!(document.has_all(&asked), found, "{text}");
            found
        };
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
