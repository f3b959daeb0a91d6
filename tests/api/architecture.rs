//! The layers stay layers, and the papers stay true.

use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(directory: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

/// Files of `src` whose code mentions a word, without comments.
fn files_that_mention(word: &str) -> Vec<String> {
    let src = root().join("src");
    let mut names: Vec<String> = rust_files(&src)
        .into_iter()
        .filter(|path| {
            let code = std::fs::read_to_string(path).unwrap();
            code.lines()
                .any(|line| !line.trim_start().starts_with("//") && line.contains(word))
        })
        .map(|path| path.strip_prefix(&src).unwrap().display().to_string())
        .collect();
    names.sort();
    names
}

#[test]
fn each_library_is_known_to_one_layer() {
    for (word, allowed) in [
        ("diesel", &["store/"][..]),
        ("r2d2", &["store/"]),
        ("utoipa", &["http/"]),
        // the command line starts the runtime that the server runs on
        ("actix", &["http/", "cli.rs"]),
        ("reqwest", &["outbound/"]),
        ("lettre", &["outbound/"]),
        // routes are made of the list of operations; pages for people and what others specify are none
        (
            "web::resource",
            &["http/operation.rs", "http/open311/mod.rs", "http/pages/mod.rs"],
        ),
        (
            ".service(",
            &[
                "http/operation.rs",
                "http/docs.rs",
                "http/open311/mod.rs",
                "http/pages/mod.rs",
            ],
        ),
        (
            ".route(",
            &[
                "http/operation.rs",
                "http/docs.rs",
                "http/open311/mod.rs",
                "http/pages/mod.rs",
            ],
        ),
    ] {
        for file in files_that_mention(word) {
            assert!(
                allowed.iter().any(|place| file.starts_with(place)),
                "{file} mentions {word}"
            );
        }
    }
}

#[test]
fn the_domain_knows_no_outer_layer_and_no_clock() {
    for word in [
        "crate::store",
        "crate::app",
        "crate::http",
        "Utc::now",
        "std::fs",
        "std::env",
    ] {
        for file in files_that_mention(word) {
            assert!(!file.starts_with("domain/"), "{file} mentions {word}");
        }
    }
    for file in files_that_mention("crate::http") {
        assert!(
            ["http/", "cli.rs", "config.rs"]
                .iter()
                .any(|place| file.starts_with(place)),
            "{file} mentions http"
        );
    }
}

/// The README's table of settings is the one that the program itself writes.
#[test]
fn the_readme_lists_every_setting() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    for row in citizens_charter::cli::settings() {
        assert!(readme.contains(&row), "the README's table lacks:\n{row}");
    }
}

#[test]
fn no_room_is_too_large() {
    for directory in ["src", "tests"] {
        for path in rust_files(&root().join(directory)) {
            let lines = std::fs::read_to_string(&path).unwrap().lines().count();
            assert!(
                lines <= 450,
                "{} has {lines} lines: does it still hold one thing?",
                path.display()
            );
        }
    }
}
