//! Documents spoiled in one known way.

use tagua_sri_xml::Element;

use super::Random;

/// An element whose texts and attribute values are XML source, so that a
/// mutation can put anything there.
#[derive(Clone)]
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) text: String,
    pub(crate) children: Vec<Node>,
}

impl Node {
    pub(crate) fn of(element: &Element<'_>) -> Self {
        let pair = |a: &tagua_sri_xml::Attribute<'_>| (a.name.to_string(), escaped(&a.value));
        Self {
            name: element.name.to_string(),
            attributes: element.attributes.iter().map(pair).collect(),
            text: escaped(&element.text),
            children: element.children.iter().map(Self::of).collect(),
        }
    }

    pub(crate) fn leaf(name: &str, text: &str) -> Self {
        Self {
            name: name.to_owned(),
            attributes: Vec::new(),
            text: text.to_owned(),
            children: Vec::new(),
        }
    }

    pub(crate) fn source(&self) -> String {
        let mut out = format!("<{}", self.name);
        for (name, value) in &self.attributes {
            out.push_str(&format!(" {name}=\"{value}\""));
        }
        out.push('>');
        out.push_str(&self.text);
        for child in &self.children {
            out.push_str(&child.source());
        }
        out.push_str(&format!("</{}>", self.name));
        out
    }

    /// This element and all below it that `wanted` wants, as ways of child numbers.
    pub(crate) fn ways(&self, wanted: fn(&Self) -> bool) -> Vec<Vec<usize>> {
        let mut found = Vec::new();
        self.collect(wanted, &mut Vec::new(), &mut found);
        found
    }

    fn collect(
        &self,
        wanted: fn(&Self) -> bool,
        way: &mut Vec<usize>,
        found: &mut Vec<Vec<usize>>,
    ) {
        if wanted(self) {
            found.push(way.clone());
        }
        for (at, child) in self.children.iter().enumerate() {
            way.push(at);
            child.collect(wanted, way, found);
            way.pop();
        }
    }

    pub(crate) fn at(&mut self, way: &[usize]) -> &mut Self {
        way.iter().fold(self, |node, at| &mut node.children[*at])
    }

    /// Leaves the first of elements of the same name, everywhere.
    pub(crate) fn keep_one_of_each(&mut self) {
        self.children
            .dedup_by(|one, before| one.name == before.name);
        self.children.iter_mut().for_each(Self::keep_one_of_each);
    }

    /// The names on the way, for reports.
    pub(crate) fn path(&self, way: &[usize]) -> String {
        let mut node = self;
        let mut path = node.name.clone();
        for at in way {
            node = &node.children[*at];
            path = format!("{path}/{}", node.name);
        }
        path
    }

    fn random(&self, wanted: fn(&Self) -> bool, random: &mut Random) -> Vec<usize> {
        let ways = self.ways(wanted);
        assert!(!ways.is_empty(), "no element of the kind wanted");
        random.pick(&ways).clone()
    }
}

pub(crate) fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    let text = text.replace('>', "&gt;").replace('"', "&quot;");
    let text = text.replace('\n', "&#10;").replace('\t', "&#9;");
    text.replace('\r', "&#13;")
}

fn is_leaf(node: &Node) -> bool {
    node.children.is_empty() && !node.text.is_empty()
}

fn is_parent(node: &Node) -> bool {
    !node.children.is_empty()
}

fn has_attributes(node: &Node) -> bool {
    !node.attributes.is_empty()
}

fn any(_: &Node) -> bool {
    true
}

fn is_amount(node: &Node) -> bool {
    is_leaf(node) && node.text.contains('.') && node.text.parse::<f64>().is_ok()
}

/// A way to spoil a document: gives what it did.
pub(crate) type Mutation = fn(&mut Node, &mut Random) -> String;

pub(crate) const MUTATIONS: [(&str, Mutation); 21] = [
    ("dropped", drop_element),
    ("repeated", repeat_element),
    ("moved", move_in_parent),
    ("moved away", move_to_another_parent),
    ("renamed", rename),
    ("renamed alike", rename_to_known),
    ("long text", long_text),
    ("text", replace_text),
    ("digits", add_digits),
    ("blanks", add_blanks),
    ("attribute", spoil_attribute),
    ("extra attribute", add_attribute),
    ("line feed", break_line),
    ("unknown element", add_unknown),
    ("nested", nest),
    ("text between", add_text),
    ("comment", add_comment),
    ("other version", add_block),
    ("too many", repeat_often),
    ("emptied", empty),
    ("two at once", two),
];

fn drop_element(root: &mut Node, random: &mut Random) -> String {
    let way = root.random(any, random);
    let Some((last, parents)) = way.split_last() else {
        root.children.clear();
        return "root emptied".to_owned();
    };
    let what = root.path(&way);
    root.at(parents).children.remove(*last);
    what
}

fn repeat_element(root: &mut Node, random: &mut Random) -> String {
    let way = root.random(any, random);
    let Some((last, parents)) = way.split_last() else {
        return "nothing".to_owned();
    };
    let parent = root.at(parents);
    let copy = parent.children[*last].clone();
    parent.children.insert(*last, copy);
    root.path(&way)
}

fn move_in_parent(root: &mut Node, random: &mut Random) -> String {
    let way = root.random(is_parent, random);
    let parent = root.at(&way);
    let from = random.below(parent.children.len());
    let child = parent.children.remove(from);
    let to = random.below(parent.children.len() + 1);
    let what = format!("{} from {from} to {to}", child.name);
    parent.children.insert(to, child);
    what
}

fn move_to_another_parent(root: &mut Node, random: &mut Random) -> String {
    let from = root.random(is_parent, random);
    let parent = root.at(&from);
    let at = random.below(parent.children.len());
    let child = parent.children.remove(at);
    let way = root.random(any, random);
    let what = format!("{} into {}", child.name, root.path(&way));
    let parent = root.at(&way);
    let to = random.below(parent.children.len() + 1);
    parent.children.insert(to, child);
    what
}

fn rename(root: &mut Node, random: &mut Random) -> String {
    let way = root.random(any, random);
    let what = root.path(&way);
    let node = root.at(&way);
    node.name = match random.below(5) {
        0 => node.name.to_uppercase(),
        1 => format!("{}s", node.name),
        2 => format!("x:{}", node.name),
        3 => format!("{}.", node.name),
        _ => "otro".to_owned(),
    };
    if node.name.starts_with("x:") {
        node.attributes
            .push(("xmlns:x".to_owned(), "urn:x".to_owned()));
    }
    what
}

fn rename_to_known(root: &mut Node, random: &mut Random) -> String {
    let (from, to) = (root.random(any, random), root.random(any, random));
    let name = root.at(&from).name.clone();
    let what = format!("{} to {name}", root.path(&to));
    root.at(&to).name = name;
    what
}

fn long_text(root: &mut Node, random: &mut Random) -> String {
    let way = root.random(is_leaf, random);
    let lengths = [
        2, 3, 5, 10, 11, 13, 14, 15, 16, 20, 21, 25, 26, 30, 31, 50, 51, 64, 65, 100, 101, 300, 301,
    ];
    let length = *random.pick(&lengths);
    let letter = *random.pick(&["a", "ñ", "😀", "7", "A", "&amp;", "e\u{301}"]);
    root.at(&way).text = letter.repeat(length);
    format!("{} {letter}*{length}", root.path(&way))
}

/// Texts that are right for one type and wrong for most others.
const TEXTS: [&str; 75] = [
    "0",
    "1",
    "2",
    "3",
    "4",
    "5",
    "6",
    "9",
    "00",
    "01",
    "02",
    "03",
    "04",
    "08",
    "09",
    "10",
    "19",
    "20",
    "21",
    "22",
    "41",
    "593",
    "5931",
    "ABC",
    "abc",
    "Á1",
    "AbC09",
    "SI",
    "NO",
    "si",
    "EXPORTADOR",
    "CONTRIBUYENTE NEGOCIO POPULAR - RÉGIMEN RIMPE",
    "CONTRIBUYENTE REGIMEN RIMPE",
    "CONTRIBUYENTE RÉGIMEN RIMPE ",
    "1790012345001",
    "1790012345002",
    "000000000",
    "123456789",
    "001-001-000000001",
    "001-001-1",
    "٠١",
    "29/02/2024",
    "31/02/2024",
    "32/01/2024",
    "00/01/2024",
    "01/13/2024",
    "01/00/2024",
    "01/01/1999",
    "01/01/2100",
    "1/1/2024",
    "2024-01-01",
    "01-01-2024",
    "0.00",
    "-0.00",
    "+1.5",
    "007.50",
    ".5",
    "5.",
    ".",
    "-",
    "+",
    "",
    " ",
    "1,00",
    "1e3",
    "NaN",
    "INF",
    "-1",
    "-0.01",
    "1.234",
    "1.2000",
    "999999999999.99",
    "1000000000000.00",
    "99.99",
    "100.00",
];

/// All of these, and texts of every length that a schema counts.
pub(crate) fn texts() -> Vec<String> {
    let texts = TEXTS.map(str::to_owned);
    texts.into_iter().chain(lengths()).collect()
}

/// Letters and digits on both sides of every length and number of digits there is.
fn lengths() -> impl Iterator<Item = String> {
    let letters = [
        2, 3, 10, 11, 13, 14, 15, 16, 20, 21, 25, 26, 30, 31, 50, 51, 64, 65, 100, 101, 300, 301,
    ];
    let digits = [3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 15, 18, 19, 48, 49, 50];
    let fractions = [
        "7.123456",
        "7.1234567",
        "777777777777.12",
        "7777777777777.12",
        "7777.1",
        "777.12",
    ];
    let letters = letters.into_iter().map(|count| "A".repeat(count));
    let digits = digits.into_iter().map(|count| "7".repeat(count));
    letters.chain(digits).chain(fractions.map(str::to_owned))
}

fn replace_text(root: &mut Node, random: &mut Random) -> String {
    let way = root.random(is_leaf, random);
    let text = random.pick(&TEXTS);
    root.at(&way).text = (*text).to_owned();
    format!("{} '{text}'", root.path(&way))
}

fn add_digits(root: &mut Node, random: &mut Random) -> String {
    if root.ways(is_amount).is_empty() {
        return "nothing".to_owned();
    }
    let way = root.random(is_amount, random);
    let node = root.at(&way);
    let digits =
        (*random.pick(&["0", "00", "1", "0001", "000000", "123456", "1234567"])).to_owned();
    node.text = match random.below(3) {
        0 => digits + &node.text,
        1 => node.text.clone() + &digits,
        _ => "9".repeat(8 + random.below(8)) + &node.text,
    };
    let text = node.text.clone();
    format!("{} '{text}'", root.path(&way))
}

fn add_blanks(root: &mut Node, random: &mut Random) -> String {
    let way = root.random(is_leaf, random);
    let blank = *random.pick(&[" ", "  ", "\n", "\t", "&#10;", "&#13;", "\u{A0}", "\r\n"]);
    let node = root.at(&way);
    node.text = match random.below(3) {
        0 => format!("{blank}{}", node.text),
        1 => format!("{}{blank}", node.text),
        _ => format!("{blank}{}{blank}", node.text),
    };
    format!("{} {blank:?}", root.path(&way))
}

fn spoil_attribute(root: &mut Node, random: &mut Random) -> String {
    let way = root.random(has_attributes, random);
    let what = root.path(&way);
    let attributes = &mut root.at(&way).attributes;
    let at = random.below(attributes.len());
    let (name, value) = &mut attributes[at];
    match random.below(10) {
        0 => drop(attributes.remove(at)),
        1 => value.clear(),
        2 => *value = "ñ".repeat(300),
        3 => *value = "😀".repeat(301),
        4 => name.push('x'),
        5 => *name = name.to_uppercase(),
        6 => value.push_str("\n&#10;"),
        7 => *value = " ".to_owned(),
        8 => value.push(' '),
        _ => *value = "comprobantes".to_owned(),
    }
    what
}

fn add_attribute(root: &mut Node, random: &mut Random) -> String {
    const INSTANCE: (&str, &str) = ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance");
    let way = root.random(any, random);
    let choices = [
        ("id", "comprobante"),
        ("nombre", "x"),
        ("valor", "x"),
        ("version", "2.1.0"),
        ("xml:lang", "es"),
        ("xml:space", "preserve"),
        ("xmlns:q", "urn:q"),
        ("xmlns", "urn:q"),
        ("xmlns:ds", "http://www.w3.org/2000/09/xmldsig#"),
        ("xsi:nil", "true"),
        ("xsi:nil", "false"),
        ("xsi:type", "valor"),
        ("xsi:otro", "x"),
        ("xsi:schemaLocation", "urn:q q.xsd"),
    ];
    let (name, value) = random.pick(&choices);
    let what = format!("{name}={value} on {}", root.path(&way));
    let attributes = &mut root.at(&way).attributes;
    if name.starts_with("xsi") {
        attributes.push((INSTANCE.0.to_owned(), INSTANCE.1.to_owned()));
    }
    attributes.retain(|(other, _)| other != name);
    attributes.push(((*name).to_owned(), (*value).to_owned()));
    what
}

fn break_line(root: &mut Node, random: &mut Random) -> String {
    let way = root.random(is_leaf, random);
    let node = root.at(&way);
    let feed = *random.pick(&[
        "\n", "\r\n", "\r", "&#10;", "&#13;", "&#x9;", "\u{85}", "\u{2028}",
    ]);
    let middle = node.text.char_indices().nth(node.text.chars().count() / 2);
    let inside_reference = node.text.contains('&');
    let at = middle.map_or(0, |(at, _)| if inside_reference { 0 } else { at });
    node.text.insert_str(at, feed);
    format!("{} {feed:?}", root.path(&way))
}

fn add_unknown(root: &mut Node, random: &mut Random) -> String {
    let way = root.random(is_parent, random);
    let what = root.path(&way);
    let parent = root.at(&way);
    let at = random.below(parent.children.len() + 1);
    let choices = [
        "<regimenMicroempresas>x</regimenMicroempresas>",
        "<otro></otro>",
        "<ds:Signature xmlns:ds=\"urn:otra\"></ds:Signature>",
        "<Signature></Signature>",
    ];
    let source = *random.pick(&choices);
    let name = source[1..].split(['>', ' ']).next().expect("a name");
    let mut unknown = Node::leaf(name, "");
    if source.contains("urn:otra") {
        let declaration = ("xmlns:ds".to_owned(), "urn:otra".to_owned());
        unknown.attributes.push(declaration);
    }
    parent.children.insert(at, unknown);
    format!("{source} in {what} at {at}")
}

fn nest(root: &mut Node, random: &mut Random) -> String {
    let way = root.random(is_leaf, random);
    let node = root.at(&way);
    let inner = match random.below(3) {
        0 => Node::leaf(&node.name, &node.text),
        1 => Node::leaf("b", ""),
        _ => Node::leaf("b", "x"),
    };
    if random.below(2) == 0 {
        node.text.clear();
    }
    node.children.push(inner);
    root.path(&way)
}

fn add_text(root: &mut Node, random: &mut Random) -> String {
    let way = root.random(
        |node| is_parent(node) || node.name == "detAdicional",
        random,
    );
    let text = *random.pick(&[
        "x",
        " ",
        "\n\t",
        "&#10;",
        "<![CDATA[ ]]>",
        "<![CDATA[x]]>",
        "&amp;",
        "\u{A0}",
    ]);
    root.at(&way).text = text.to_owned();
    format!("{text:?} in {}", root.path(&way))
}

fn add_comment(root: &mut Node, random: &mut Random) -> String {
    let way = root.random(any, random);
    let node = root.at(&way);
    let middle = node.text.char_indices().nth(node.text.chars().count() / 2);
    let plain = !node.text.contains('&');
    let at = middle.map_or(0, |(at, _)| if plain { at } else { 0 });
    let choice = random.below(5);
    match choice {
        0 => node.text.insert_str(at, "<!-- nota -->"),
        1 => node.text.insert_str(at, "<?pi a?>"),
        2 if plain => node.text = format!("<![CDATA[{}]]>", node.text),
        2 | 3 => node.text.insert_str(at, "<![CDATA[]]>"),
        _ => node.text.insert_str(at, "<!-- a -- b -->"),
    }
    format!("{choice} in {}", root.path(&way))
}

/// Blocks that only some versions have, at any place of the root.
fn add_block(root: &mut Node, random: &mut Random) -> String {
    if root.name == "comprobanteRetencion" {
        return add_block_of_withholding(root, random);
    }
    let name = *random.pick(&[
        "retenciones",
        "otrosRubrosTerceros",
        "compensaciones",
        "tipoNegociable",
    ]);
    let item = match name {
        "retenciones" => {
            let texts = [
                ("codigo", "4"),
                ("codigoPorcentaje", "327"),
                ("tarifa", "100.00"),
                ("valor", "1.00"),
            ];
            group("retencion", &texts)
        }
        "otrosRubrosTerceros" => group("rubro", &[("concepto", "Basura"), ("total", "1.00")]),
        "compensaciones" => group(
            "compensacion",
            &[("codigo", "1"), ("tarifa", "2"), ("valor", "1")],
        ),
        _ => Node::leaf("correo", "a@b.ec"),
    };
    let mut block = Node::leaf(name, "");
    block.children.push(item);
    let at = random.below(root.children.len() + 1);
    root.children.insert(at, block);
    format!("{name} at {at}")
}

fn add_block_of_withholding(root: &mut Node, random: &mut Random) -> String {
    let (name, text) = *random.pick(&[
        ("parteRel", "NO"),
        ("tipoSujetoRetenido", "01"),
        ("docsSustento", ""),
        ("impuestos", ""),
    ]);
    let parent = match text {
        "" => root,
        _ => root.children.get_mut(1).expect("infoCompRetencion"),
    };
    let at = random.below(parent.children.len() + 1);
    parent.children.insert(at, Node::leaf(name, text));
    format!("{name} at {at} of {}", parent.name)
}

fn group(name: &str, texts: &[(&str, &str)]) -> Node {
    let mut node = Node::leaf(name, "");
    node.children = texts
        .iter()
        .map(|(name, text)| Node::leaf(name, text))
        .collect();
    node
}

fn repeat_often(root: &mut Node, random: &mut Random) -> String {
    let way = root.random(has_attributes, random);
    let Some((last, parents)) = way.split_last() else {
        return "nothing".to_owned();
    };
    let what = root.path(&way);
    let parent = root.at(parents);
    let copy = parent.children[*last].clone();
    let count = 1 + random.below(16);
    parent.children.extend(std::iter::repeat_n(copy, count));
    format!("{what} {count} times more")
}

fn empty(root: &mut Node, random: &mut Random) -> String {
    let way = root.random(any, random);
    let node = root.at(&way);
    node.text.clear();
    node.children.clear();
    root.path(&way)
}

fn two(root: &mut Node, random: &mut Random) -> String {
    let (first, second) = (random.below(18), random.below(18));
    let first = (MUTATIONS[first].1)(root, random);
    // The first may have taken away what the second needs.
    let enough = !root.ways(is_amount).is_empty() && !root.ways(has_attributes).is_empty();
    let second = match enough {
        true => (MUTATIONS[second].1)(root, random),
        false => String::new(),
    };
    format!("{first}; {second}")
}
