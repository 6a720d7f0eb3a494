//! The page with recovery shares or a code, for paper.

use std::fmt::Write as _;

use keyreeve_app::UnlockedSession;
use keyreeve_app::api::{ErrorCode, RecoverySheetResponse};
use keyreeve_app::vault;
use qrcodegen_no_heap::{QrCode, QrCodeEcc, Version};
use zeroize::Zeroizing;

use crate::failure::Failure;

/// The largest QR code: 666 bytes, and a share is 33 words of up to 8 letters.
const LARGEST: Version = Version::new(20);
/// Its modules on each side.
const SIDE: usize = 97;
/// The most that a drawing takes, in bytes: a run in every second place.
const DRAWING: usize = SIDE * SIDE.div_ceil(2) * "M96 96H97v1H96z".len() + 200;

/// A page of HTML for each share, which any browser prints.
pub(super) fn page(
    session: &UnlockedSession,
    sheet: &RecoverySheetResponse,
    threshold: Option<u8>,
) -> Result<Zeroizing<String>, Failure> {
    let view = vault::session_view(session)?;
    let (name, id) = (escaped(&view.vault.name), &view.vault.id);
    let of = sheet.texts.len();
    let room =
        sheet.texts.iter().map(|text| text.len() * 2 + 2_048 + DRAWING).sum::<usize>() + 4_096;
    let mut html = Zeroizing::new(String::with_capacity(room));
    html.push_str(HEAD);
    for (at, text) in sheet.texts.iter().enumerate() {
        let (title, words) = match threshold {
            Some(needed) => (
                format!("Recovery share {} of {of}", at + 1),
                format!("Any {needed} of the {of} shares together open the vault."),
            ),
            None => ("Recovery code".to_owned(), "This code alone opens the vault.".to_owned()),
        };
        _ = write!(
            html,
            "<section><h1>{title}</h1><p>Keyreeve vault <b>{name}</b><br><small>{id}</small></p>\
             <p>{words} Keep it on paper, apart from the computer and from the other shares.</p><ol>"
        );
        let separator = if threshold.is_some() { ' ' } else { '-' };
        for word in text.split(separator) {
            _ = write!(html, "<li>{word}</li>");
        }
        html.push_str("</ol>");
        draw(&mut html, text)?;
        html.push_str("</section>\n");
    }
    html.push_str("</body></html>\n");
    Ok(html)
}

const HEAD: &str = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Keyreeve recovery</title>\n\
<style>body{font:14pt/1.5 sans-serif;margin:2cm}section{page-break-after:always}\
ol{columns:3;font-family:monospace}svg{width:5cm}</style></head><body>\n";

fn escaped(text: &str) -> String {
    text.chars().fold(String::new(), |mut out, c| {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            other => out.push(other),
        }
        out
    })
}

/// Draws the same as a QR code, in buffers that are wiped.
fn draw(html: &mut String, text: &str) -> Result<(), Failure> {
    let buffer = || Zeroizing::new(vec![0; LARGEST.buffer_len()]);
    let (mut work, mut modules) = (buffer(), buffer());
    let (least, mask) = (Version::MIN, None);
    let code = QrCode::encode_text(
        text,
        &mut work,
        &mut modules,
        QrCodeEcc::Medium,
        least,
        LARGEST,
        mask,
        true,
    )
    .map_err(|_too_long| Failure::of(ErrorCode::Internal, "A share is too long for a QR code."))?;
    let size = code.size();
    // Scanners want four empty modules around it.
    _ = write!(
        html,
        "<svg viewBox=\"-4 -4 {0} {0}\" role=\"img\" aria-label=\"The same as a QR code\"><path d=\"",
        size + 8
    );
    for y in 0..size {
        let mut x = 0;
        while x < size {
            let end = (x..size).find(|&at| !code.get_module(at, y)).unwrap_or(size);
            if end > x {
                _ = write!(html, "M{x} {y}H{end}v1H{x}z");
            }
            x = end + 1;
        }
    }
    html.push_str("\"/></svg>");
    Ok(())
}
