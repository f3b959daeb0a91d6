//! Charts, drawn as SVG: what they show stands beside them in words, for those who do not see them.

use maud::{Markup, html};

use super::layout::{both, number, words};
use crate::domain::text::Text;

/// The width of a drawing, in its own units.
const WIDTH: f64 = 600.0;
/// The height of a bar.
const HEIGHT: f64 = 28.0;

/// A part of a whole.
pub(super) struct Part {
    title: Text,
    count: i64,
    /// Its colour, as a class of the stylesheet.
    class: &'static str,
}

impl Part {
    pub(super) fn new(bn: &str, en: &str, count: i64, class: &'static str) -> Self {
        Self {
            title: Text::new(bn, en),
            count,
            class,
        }
    }
}

/// A whole in one bar, with a legend that has the numbers.
pub(super) fn parts(bn: &str, en: &str, parts: &[Part]) -> Markup {
    let total: i64 = parts.iter().map(|part| part.count).sum();
    let mut drawn = Vec::new();
    let mut from = 0.0;
    for part in parts.iter().filter(|part| part.count > 0) {
        let width = WIDTH * part.count as f64 / total.max(1) as f64;
        drawn.push((from, width, part.class));
        from += width;
    }
    html! {
        figure {
            figcaption { (words(bn, en)) }
            svg.chart viewBox={"0 0 " (WIDTH) " " (HEIGHT)} preserveAspectRatio="none" aria-hidden="true" focusable="false" {
                @for (from, width, class) in drawn {
                    rect class=(class) x=(rounded(from)) y="0" width=(rounded(width)) height=(HEIGHT) {}
                }
            }
            ul.legend { @for part in parts {
                li { svg.key viewBox="0 0 10 10" aria-hidden="true" focusable="false" { rect class=(part.class) width="10" height="10" {} }
                    " " (both(&part.title)) ": " strong { (number(part.count)) } }
            } }
        }
    }
}

/// A bar of a chart.
pub(super) struct Bar<'a> {
    pub(super) name: &'a Text,
    /// From 0 to 1.
    pub(super) part: f64,
}

/// One bar below the other. The table beside has the numbers.
pub(super) fn bars(bn: &str, en: &str, bars: &[Bar<'_>]) -> Markup {
    html! {
        figure {
            figcaption { (words(bn, en)) }
            ul.bars { @for bar in bars {
                li {
                    span { (both(bar.name)) }
                    svg.chart viewBox={"0 0 " (WIDTH) " " (HEIGHT)} preserveAspectRatio="none" aria-hidden="true" focusable="false" {
                        rect.ground x="0" y="0" width=(WIDTH) height=(HEIGHT) {}
                        rect.good x="0" y="0" width=(rounded(WIDTH * bar.part.clamp(0.0, 1.0))) height=(HEIGHT) {}
                    }
                }
            } }
        }
    }
}

fn rounded(length: f64) -> String {
    format!("{length:.1}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_fill_the_bar() {
        let drawn = parts(
            "ক",
            "a",
            &[
                Part::new("ক", "a", 3, "good"),
                Part::new("খ", "b", 0, "late"),
                Part::new("গ", "c", 1, "open"),
            ],
        )
        .into_string();
        assert!(
            drawn.contains(r#"<rect class="good" x="0.0" y="0" width="450.0""#),
            "{drawn}"
        );
        assert!(
            drawn.contains(r#"<rect class="open" x="450.0" y="0" width="150.0""#),
            "{drawn}"
        );
        assert!(!drawn.contains(r#"<rect class="late" x"#), "{drawn}");
        // nothing at all is no bar, and no division by nothing
        assert!(
            !parts("ক", "a", &[Part::new("ক", "a", 0, "good")])
                .into_string()
                .contains("NaN")
        );
    }
}
