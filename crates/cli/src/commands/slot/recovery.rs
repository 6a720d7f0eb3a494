//! `keyreeve slot add recovery`: shares or a code, and the page to print.

use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::Write as _;

use keyreeve_app::UnlockedSession;
use keyreeve_app::api::{
    AddSlotRequest, Credentials, ErrorCode, MakeRecoveryRequest, NewSlotPart,
    RecoverySheetResponse, RemoveSlotRequest,
};
use keyreeve_app::{slots, vault};
use keyreeve_crypto::SecretString;
use keyreeve_domain::ports::Silent;
use zeroize::Zeroizing;

use super::{RecoveryArgs, done, resolve};
use crate::context::Context;
use crate::failure::Failure;
use crate::output::{Answer, note};
use crate::world::world;

pub(super) fn add(context: &Context, args: RecoveryArgs) -> Result<Answer, Failure> {
    let world = world(None);
    let replaced = args.replaces.as_deref().map(|wanted| resolve(context, &world, wanted));
    let replaced = replaced.transpose()?;
    context.with_session(&world, |session| {
        let proof = session.just_authenticated()?;
        let (shares, threshold) =
            if args.code { (None, None) } else { (Some(args.shares), Some(args.threshold)) };
        let request = MakeRecoveryRequest { shares, threshold, proof: Credentials::default() };
        let sheet = slots::make_recovery(session, &request, &proof)?;
        write_new(&args.out, &page(session, &sheet, threshold)?)?;

        let texts = sheet.texts.iter().map(|text| SecretString::new(text.clone())).collect();
        let request = AddSlotRequest {
            name: args.name,
            role: args.role,
            parts: vec![NewSlotPart::Recovery { texts }],
            proof: Credentials::default(),
        };
        let added = slots::add_slot(session, &request, &proof).inspect_err(|error| {
            // A page that opens nothing would be kept in vain; one that opens the vault stays.
            if error.code() != ErrorCode::SlotNotLogged {
                _ = std::fs::remove_file(&args.out);
            }
        })?;
        if let Some(replaced) = &replaced {
            let request = RemoveSlotRequest {
                slot: replaced.id.clone(),
                rotate_material_key: false,
                proof: Credentials::default(),
                job: None,
            };
            slots::remove_slot(session, &request, &proof, &Silent)?;
        }
        note(&format!(
            "Print {}, check it against the screen, and delete the file: whoever reads it can open \
             the vault. Keyreeve keeps no copy.",
            args.out
        ));
        done(&added)
    })
}

/// A page of HTML for each share, which any browser prints.
fn page(
    session: &UnlockedSession,
    sheet: &RecoverySheetResponse,
    threshold: Option<u8>,
) -> Result<Zeroizing<String>, Failure> {
    let view = vault::session_view(session)?;
    let (name, id) = (escaped(&view.vault.name), &view.vault.id);
    let of = sheet.texts.len();
    let room = sheet.texts.iter().map(|text| text.len() * 2 + 2_048).sum::<usize>() + 4_096;
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
        html.push_str("</ol></section>\n");
    }
    html.push_str("</body></html>\n");
    Ok(html)
}

const HEAD: &str = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Keyreeve recovery</title>\n\
<style>body{font:14pt/1.5 sans-serif;margin:2cm}section{page-break-after:always}\
ol{columns:3;font-family:monospace}</style></head><body>\n";

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

fn write_new(path: &str, page: &str) -> Result<(), Failure> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options
        .open(path)
        .and_then(|mut file| file.write_all(page.as_bytes()).and_then(|()| file.sync_all()));
    written.map_err(|error| {
        let code = match error.kind() {
            std::io::ErrorKind::AlreadyExists => ErrorCode::Exists,
            std::io::ErrorKind::PermissionDenied => ErrorCode::ReadOnly,
            std::io::ErrorKind::StorageFull => ErrorCode::DiskFull,
            _ => ErrorCode::Io,
        };
        Failure::of(code, format!("The page could not be written to {path}: {error}."))
    })
}
