//! `keyreeve card …`: smartcards.

use clap::Subcommand;
use keyreeve_app::api::{CardApplicationView, CardListResponse, CardReaderView};
use keyreeve_app::cards::list_cards;

use crate::failure::Failure;
use crate::output::Answer;
use crate::pad;
use crate::table::table;

/// Smartcards.
#[derive(Debug, Subcommand)]
pub(crate) enum CardCommand {
    /// Lists the readers, the cards in them, and how many tries their PINs have left
    List,
}

pub(crate) fn run(command: &CardCommand) -> Result<Answer, Failure> {
    match command {
        CardCommand::List => {
            let list = list_cards(&pad::cards())?;
            let text = text(&list);
            Answer::new(&list, text)
        }
    }
}

fn text(list: &CardListResponse) -> String {
    if list.readers.is_empty() {
        return "No card reader is connected.".into();
    }
    let rows: Vec<_> = list.readers.iter().flat_map(rows).collect();
    table(&["reader", "card", "serial", "tries left", "key"], &rows)
}

fn rows(reader: &CardReaderView) -> Vec<Vec<String>> {
    let row = |card: &str| {
        let blank = String::new;
        vec![vec![reader.name.clone(), card.to_owned(), blank(), blank(), blank()]]
    };
    match (&reader.card, &reader.problem) {
        (_, Some(problem)) => row(&problem.message),
        (None, None) => row("empty"),
        (Some(card), None) if card.applications.is_empty() => row("of another kind"),
        (Some(card), None) => {
            card.applications.iter().map(|found| application_row(reader, found)).collect()
        }
    }
}

fn application_row(reader: &CardReaderView, found: &CardApplicationView) -> Vec<String> {
    let application = if found.application == "piv" { "PIV" } else { "OpenPGP" };
    let tries = match found.tries_left {
        _ if !found.pin_set => "no PIN yet".into(),
        None => "not told".into(),
        Some(0) => "0: blocked".into(),
        Some(left) => left.to_string(),
    };
    let key = match &found.key {
        None => "none".into(),
        Some(algorithm) if !found.usable => format!("{algorithm}: cannot unlock"),
        Some(algorithm) if found.touch => format!("{algorithm}, with a touch"),
        Some(algorithm) => algorithm.clone(),
    };
    vec![reader.name.clone(), application.into(), found.serial.clone(), tries, key]
}
