//! Certificates, and public keys that are kept alone.

use keyreeve_app::api::*;
use keyreeve_app::{certificates, known_keys};

use crate::commands::session_commands;

session_commands! {
    request_certificate(CertificateWish) -> CertificateRequestResponse =
        certificates::request_certificate;
    self_sign(SelfSignKeyRequest) -> CertificateResponse = certificates::self_sign;
    issue_certificate(IssueCertificateRequest) -> CertificateResponse =
        certificates::issue_certificate;
    issue_ssh_certificate(IssueSshCertificateRequest) -> SshCertificateResponse =
        certificates::issue_ssh_certificate;
    list_ssh_certificates(SshCertificateListRequest) -> SshCertificateListResponse =
        certificates::list_ssh_certificates;
    write_krl(WriteKrlRequest) -> WriteKrlResponse = certificates::write_krl;
    list_certificates(CertificateListRequest) -> CertificateListResponse =
        certificates::list_certificates;
    show_certificate(CertificateRequest) -> CertificateDetailResponse =
        certificates::show_certificate;
    import_certificates(ImportCertificatesRequest) -> ImportCertificatesResponse =
        certificates::import_certificates;
    export_certificate(ExportCertificateRequest) -> ExportCertificateResponse =
        certificates::export_certificate;
    edit_certificate(EditCertificateRequest) -> KeptCertificateView =
        certificates::edit_certificate;
    remove_certificate(RemoveCertificateRequest) -> KeptCertificateView =
        certificates::remove_certificate;
    renew_certificate(RenewCertificateRequest) -> CertificateResponse =
        certificates::renew_certificate;
    revoke_certificate(RevokeCertificateRequest) -> KeptCertificateView =
        certificates::revoke_certificate;
    write_crl(WriteCrlRequest) -> WriteCrlResponse = certificates::write_crl;
    list_known_keys(KnownKeyListRequest) -> KnownKeyListResponse = known_keys::list_known_keys;
    show_known_key(KnownKeyRequest) -> KnownKeyView = known_keys::show_known_key;
    edit_known_key(EditKnownKeyRequest) -> KnownKeyView = known_keys::edit_known_key;
    remove_known_key(RemoveKnownKeyRequest) -> KnownKeyView = known_keys::remove_known_key;
}
