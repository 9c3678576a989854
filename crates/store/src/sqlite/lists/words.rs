//! The words by which lists find a document: folded here, for the index and
//! for what is compared without it alike, so that both find the same.

use tagua_fiscal::{Sequential, Series};

/// Characters of a word; what is longer is cut.
const CHARACTERS_MAX: usize = 48;

/// The words of a text: letters and digits without case and accents. A hyphen
/// between digits joins them, so that `001-002-000000123` is one word.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut words = Words::default();
    for character in text.chars().flat_map(char::to_lowercase) {
        words.take(character);
    }
    words.end();
    words.found
}

/// Every word of a document.
pub(super) fn of_document(
    receiver_id: &str,
    receiver_name: &str,
    series: Series,
    sequential: Sequential,
    external_id: Option<&str>,
) -> Vec<String> {
    let mut all = words(receiver_name);
    all.extend(words(receiver_id));
    all.extend(words(&format!("{series}-{sequential}")));
    all.push(sequential.to_string());
    all.push(sequential.get().to_string());
    all.extend(external_id.into_iter().flat_map(words));
    all.sort_unstable();
    all.dedup();
    all
}

#[derive(Default)]
struct Words {
    found: Vec<String>,
    current: String,
    characters: usize,
    /// A hyphen came after a digit.
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
        } else if character == '-' && self.current.ends_with(|c: char| c.is_ascii_digit()) {
            self.joins = true;
        } else {
            self.end();
        }
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
    fn hyphens_join_digits_only() {
        assert_eq!(words("001-002-000000123"), ["001002000000123"]);
        assert_eq!(words("001-002-"), ["001002"]);
        assert_eq!(words("1-A 2--3 ORD-7-8"), ["1", "a", "2", "3", "ord", "78"]);
    }

    #[test]
    fn long_words_are_cut() {
        let cut = words(&"ñ".repeat(10_000));
        assert_eq!(cut, ["n".repeat(CHARACTERS_MAX)]);
    }

    #[test]
    fn a_document_is_found_by_number_in_three_ways() {
        let series = "001-002".parse().unwrap();
        let number = Sequential::new(123).unwrap();
        let words = of_document("0999", "Ana", series, number, Some("Pedido 7"));
        let expected = [
            "000000123",
            "001002000000123",
            "0999",
            "123",
            "7",
            "ana",
            "pedido",
        ];
        assert_eq!(words, expected);
    }
}
