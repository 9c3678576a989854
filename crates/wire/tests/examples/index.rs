//! The index of the folder.

use std::fmt::Write;

use tagua_wire::Collection;

use crate::cases::CASES;

const HEAD: &str = "\
# Examples

Each request lies beside what becomes of it:

- `.json` is the body to send, `.xml` the document before it is signed (indented for reading: what is signed has no
  white space between elements), `.txt` what a person would read.
- All are dated November 2026 and written for `ambiente` 1. The people and companies are invented; their numbers have
  right check digits. The series and numbers differ, so all of them can be sent to one server.
- On any other day leave `fecha_emision` out, which means today: `POST /R/validate` has something to say about a day of
  issue that is not today's.
- Tagua finds no error in any of them (`es_valida` is true), and SRI's schemas accept every XML.

```
curl -sS http://127.0.0.1:8080/invoices/issue -H \"X-Key: $KEY\" -H \"X-Password: $PASSWORD\" \\
  -H 'Content-Type: application/json' --data-binary @examples/invoices/plain.json
```

`tagua init` shows both secrets. The numeric code in the keys here is always 12345678; a server makes its own.

A test makes this page and the `.xml` and `.txt` files:
`TAGUA_REGENERATE=1 cargo test -p tagua-wire --test examples` after a change.
";

/// `README.md`.
pub(crate) fn text() -> String {
    let mut out = HEAD.to_owned();
    for collection in Collection::ALL {
        let rows = CASES.iter().filter(|case| case.collection == collection);
        let name = collection.as_str();
        write!(
            out,
            "\n## {name}\n\n| example | shows | send to |\n|---|---|---|\n"
        )
        .unwrap();
        for case in rows {
            writeln!(
                out,
                "| [{0}]({name}/{0}.json) ([xml]({name}/{0}.xml), [txt]({name}/{0}.txt)) | {1} | `{2}` |",
                case.name,
                case.shows,
                case.address()
            )
            .unwrap();
        }
    }
    out
}
