//! Tables for spreadsheets (RFC 4180).

use std::borrow::Cow;

use super::answer::Answer;
use super::format::Format;
use super::problem::{Code, Problem};

/// The answer with a table.
pub(super) fn answer(rows: Vec<Vec<String>>) -> Result<Answer, Problem> {
    let table = table(rows, true)?;
    Ok(Answer::of(table.into(), Format::Csv.media_type()).not_kept())
}

/// A table, or a part of one that is not its beginning.
pub(super) fn table(rows: Vec<Vec<String>>, is_first: bool) -> Result<Vec<u8>, Problem> {
    written(rows, is_first).map_err(|error| {
        log::error!("a table could not be written: {error}");
        Problem::new(Code::Internal)
    })
}

fn written(rows: Vec<Vec<String>>, is_first: bool) -> Result<Vec<u8>, csv::Error> {
    // without the mark spreadsheets take Bangla for Latin-1
    let mut writer = csv::WriterBuilder::new()
        .flexible(true)
        .terminator(csv::Terminator::CRLF)
        .from_writer(if is_first { "\u{FEFF}" } else { "" }.as_bytes().to_vec());
    for row in rows {
        writer.write_record(row.iter().map(|cell| harmless(cell).into_owned()))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

/// A cell that no spreadsheet takes for a formula, whatever a complainant wrote. A telephone number stays what it is.
fn harmless(cell: &str) -> Cow<'_, str> {
    let is_number = cell.strip_prefix('+').is_some_and(|digits| {
        let mut digits = digits.chars();
        digits.all(|c| crate::domain::bangla::digit(c).is_some())
    });
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell != "-" && !is_number {
        return Cow::Owned(format!("'{cell}"));
    }
    Cow::Borrowed(cell)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read_by_spreadsheets_and_does_nothing_there() {
        let rows = vec![
            vec!["নাম".to_owned(), "মোবাইল".to_owned()],
            vec![
                "=HYPERLINK(\"http://example.org\")".to_owned(),
                "+৮৮০১৭১১১২৩৪৫৬".to_owned(),
            ],
            vec!["-".to_owned()],
        ];
        let table = String::from_utf8(written(rows, true).unwrap()).unwrap();
        assert_eq!(
            table,
            "\u{FEFF}নাম,মোবাইল\r\n\"'=HYPERLINK(\"\"http://example.org\"\")\",+৮৮০১৭১১১২৩৪৫৬\r\n-\r\n"
        );
    }
}
