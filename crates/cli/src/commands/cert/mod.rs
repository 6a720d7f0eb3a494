//! `keyreeve cert …`: certificates of keys of the vault, and others that it keeps.

mod keep;
mod sign;
mod ssh;

use clap::Subcommand;

use crate::context::Context;
use crate::failure::Failure;
use crate::output::Answer;
use crate::world::world;

/// Certificates.
#[derive(Debug, Subcommand)]
pub(crate) enum CertCommand {
    /// Writes a request for a certificate (PKCS#10), signed by the key
    Csr(sign::WishArgs),
    /// Makes and keeps a certificate that the key signs for itself
    SelfSign(sign::SelfSignArgs),
    /// Issues and keeps a certificate for a request, with the key of a CA
    Issue(sign::IssueArgs),
    /// Lists the kept certificates, those that end first before the others
    List(keep::ListArgs),
    /// Shows a certificate in full, with those above and below it
    Show(keep::ShowArgs),
    /// Brings certificates in, each to the key that it is of
    Import(keep::ImportArgs),
    /// Takes a certificate out into a file
    Export(keep::ExportArgs),
    /// Changes a certificate's owner, note or tags; what is not named stays
    Edit(keep::EditArgs),
    /// Removes a certificate that no key of the vault issued
    Remove(keep::RemoveArgs),
    /// Makes a newer certificate that says the same, and keeps it in the older one's place
    Renew(sign::RenewArgs),
    /// Revokes a certificate that a key of the vault issued, for good
    Revoke(keep::RevokeArgs),
    /// Writes the list of the certificates that a CA revoked (CRL)
    Crl(sign::CrlArgs),
    /// Issues a certificate of OpenSSH with the key of a CA
    Ssh(ssh::SshArgs),
    /// Lists what a CA of OpenSSH issued, newest first, and what it revoked, as the log tells
    SshList(ssh::ListArgs),
    /// Revokes certificates or keys of OpenSSH, and writes the list of all that were revoked (KRL)
    Krl(ssh::KrlArgs),
}

pub(crate) fn run(context: &Context, command: CertCommand) -> Result<Answer, Failure> {
    use CertCommand as C;
    context.with_session(&world(None), |session| match command {
        C::Csr(args) => sign::csr(session, args),
        C::SelfSign(args) => sign::self_sign(session, args),
        C::Issue(args) => sign::issue(session, args),
        C::List(args) => keep::list(session, args),
        C::Show(args) => keep::show(session, args),
        C::Import(args) => keep::import(session, args),
        C::Export(args) => keep::export(session, args),
        C::Edit(args) => keep::edit(session, args),
        C::Remove(args) => keep::remove(context, session, args),
        C::Renew(args) => sign::renew(session, args),
        C::Revoke(args) => keep::revoke(context, session, args),
        C::Crl(args) => sign::crl(session, args),
        C::Ssh(args) => ssh::issue(session, args),
        C::SshList(args) => ssh::list(session, args),
        C::Krl(args) => ssh::krl(session, args),
    })
}
