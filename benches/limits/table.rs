//! The tables: medians of rounds, and the ratio to the limit beside which they were measured.

use crate::load::Measured;

/// Rounds of what is measured, and of its limit, in turns.
pub struct Beside {
    name: String,
    pub limit: Vec<Measured>,
    pub measured: Vec<Measured>,
}

impl Beside {
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            limit: Vec::new(),
            measured: Vec::new(),
        }
    }
}

/// The middle one of some numbers.
pub fn median(numbers: impl Iterator<Item = f64>) -> f64 {
    let mut numbers: Vec<f64> = numbers.collect();
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}

fn of(rounds: &[Measured], value: fn(&Measured) -> f64) -> f64 {
    median(rounds.iter().map(value))
}

/// A table in Markdown.
pub struct Table;

impl Table {
    /// Prints rows, each beside its limit. Ratios are the medians of the rounds' own ratios.
    pub fn print(title: &str, limit: &str, rows: &[Beside]) {
        println!("\n## {title}\n");
        println!("| | {limit} /s | /s | ratio | p99 of {limit} ms | p99 ms | ratio of p99 | CPU µs |");
        println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        for row in rows {
            let ratio = |value: fn(&Measured) -> f64| {
                let pairs = row.measured.iter().zip(&row.limit);
                median(pairs.map(|(measured, limit)| value(measured) / value(limit)))
            };
            println!(
                "| {} | {:.0} | {:.0} | **{:.2}** | {:.2} | {:.2} | {:.2} | {:.1} |",
                row.name,
                of(&row.limit, |m| m.rate),
                of(&row.measured, |m| m.rate),
                ratio(|m| m.rate),
                of(&row.limit, |m| m.p99),
                of(&row.measured, |m| m.p99),
                ratio(|m| m.p99),
                of(&row.measured, |m| m.cpu),
            );
        }
    }
}
