//! The audit log and the inventory.

use keyreeve_app::api::*;
use keyreeve_app::audit;

use crate::commands::{job_commands, session_commands};

session_commands! {
    list_events(EventListRequest) -> EventListResponse = audit::list_events;
    prove_audit(AuditProveRequest) -> AuditProveResponse = audit::prove_audit;
}

job_commands! {
    verify_audit(JobRequest) -> AuditVerifyResponse = audit::verify_audit;
    export_audit(AuditExportRequest) -> AuditExportResponse = audit::export_audit;
    export_inventory(InventoryRequest) -> InventoryResponse = keyreeve_app::export_inventory;
}
