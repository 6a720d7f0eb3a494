//! `keyreeve slot add recovery`: shares or a code, and the page to print.

use std::fs::OpenOptions;
use std::io::Write as _;

use keyreeve_app::api::{
    AddSlotRequest, Credentials, ErrorCode, MakeRecoveryRequest, NewSlotPart, RemoveSlotRequest,
};
use keyreeve_app::slots;
use keyreeve_crypto::SecretString;
use keyreeve_domain::ports::Silent;

use super::recovery_page::page;
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
