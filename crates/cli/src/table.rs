//! Words in columns, aligned by how wide characters are shown.

use unicode_width::UnicodeWidthStr as _;

/// No column is padded wider: one long name does not push everything off the screen.
const MAX_PADDING: usize = 40;
/// What stands between columns.
const GAP: &str = "  ";

/// A table with a heading.
pub(crate) fn table(heading: &[&str], rows: &[Vec<String>]) -> String {
    let heading: Vec<String> = heading.iter().map(|title| title.to_uppercase()).collect();
    let mut widths: Vec<usize> = heading.iter().map(|title| title.width()).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width().min(MAX_PADDING));
        }
    }
    let mut out = line(&heading, &widths);
    for row in rows {
        out.push_str(&line(row, &widths));
    }
    out
}

/// Labels and values, one pair a line; pairs without a value are left out.
pub(crate) fn pairs(pairs: &[(&str, String)]) -> String {
    let shown = || pairs.iter().filter(|(_, value)| !value.is_empty());
    let width = shown().map(|(label, _)| label.width()).max().unwrap_or(0);
    shown().map(|(label, value)| line(&[(*label).into(), value.clone()], &[width, 0])).collect()
}

fn line(cells: &[String], widths: &[usize]) -> String {
    let mut out = String::new();
    for (at, (cell, width)) in cells.iter().zip(widths).enumerate() {
        if at > 0 {
            out.push_str(GAP);
        }
        out.push_str(cell);
        out.extend(std::iter::repeat_n(' ', width.saturating_sub(cell.width())));
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_align_whatever_the_script() {
        let rows = [vec!["鍵".into(), "active".into()], vec!["key-1".into(), "active".into()]];
        assert_eq!(
            table(&["name", "state"], &rows),
            "NAME   STATE\n鍵     active\nkey-1  active\n"
        );
    }

    #[test]
    fn a_long_cell_does_not_widen_the_column_without_end() {
        let rows = [vec!["x".repeat(200), "a".into()], vec!["y".into(), "b".into()]];
        let shown = table(&["name", "state"], &rows);
        let last = shown.lines().last().unwrap();
        assert_eq!(last.find('b'), Some(MAX_PADDING + GAP.len()));
    }

    #[test]
    fn pairs_without_a_value_are_left_out() {
        let shown =
            pairs(&[("name", "a".into()), ("note", String::new()), ("long label", "b".into())]);
        assert_eq!(shown, "name        a\nlong label  b\n");
    }
}
