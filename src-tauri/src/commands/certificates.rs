//! Certificates.

use keyreeve_app::api::*;
use keyreeve_app::certificates;

use crate::commands::session_commands;

session_commands! {
    request_certificate(CertificateWish) -> CertificateRequestResponse =
        certificates::request_certificate;
    self_sign(SelfSignKeyRequest) -> CertificateResponse = certificates::self_sign;
    issue_certificate(IssueCertificateRequest) -> CertificateResponse =
        certificates::issue_certificate;
    list_certificates(CertificateListRequest) -> CertificateListResponse =
        certificates::list_certificates;
    show_certificate(CertificateRequest) -> CertificateDetailResponse =
        certificates::show_certificate;
    import_certificates(ImportCertificatesRequest) -> ImportCertificatesResponse =
        certificates::import_certificates;
    export_certificate(ExportCertificateRequest) -> ExportCertificateResponse =
        certificates::export_certificate;
    renew_certificate(RenewCertificateRequest) -> CertificateResponse =
        certificates::renew_certificate;
    revoke_certificate(RevokeCertificateRequest) -> KeptCertificateView =
        certificates::revoke_certificate;
    write_crl(WriteCrlRequest) -> WriteCrlResponse = certificates::write_crl;
}
