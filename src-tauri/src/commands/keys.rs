//! Keys.

use keyreeve_app::api::*;
use keyreeve_app::keys;

use crate::commands::{job_commands, session_commands};

session_commands! {
    catalogue() -> CatalogueResponse = |_session| Ok(keys::catalogue());
    counts() -> CountsView = |session| keys::counts(session);
    list_keys(KeyListRequest) -> KeyListResponse = keys::list_keys;
    show_key(KeyRequest) -> KeyResponse = keys::show_key;
    distribution(DistributionRequest) -> DistributionResponse = keys::distribution;
    note_roll_out(NoteRollOutRequest) -> DistributionResponse = keys::note_roll_out;
    create_key(CreateKeyRequest) -> KeyResponse = keys::create_key;
    rotate_key(ChangeKeyRequest) -> KeyResponse = keys::rotate_key;
    activate_key(ChangeKeyRequest) -> KeyResponse = keys::activate_key;
    suspend_key(ChangeKeyRequest) -> KeyResponse = keys::suspend_key;
    resume_key(ResumeKeyRequest) -> KeyResponse = keys::resume_key;
    deactivate_key(ChangeKeyRequest) -> KeyResponse = keys::deactivate_key;
    revoke_key(RevokeKeyRequest) -> KeyResponse = keys::revoke_key;
    destroy_key(DestroyKeyRequest) -> KeyResponse = keys::destroy_key;
    cancel_destroy_key(ChangeKeyRequest) -> KeyResponse = keys::cancel_destroy_key;
    rename_key(RenameKeyRequest) -> KeyResponse = keys::rename_key;
    edit_key(EditKeyRequest) -> KeyResponse = keys::edit_key;
    public_key(PublicKeyRequest) -> PublicKeyResponse = keys::public_key;
    export_key(ExportKeyRequest) -> ExportKeyResponse = keys::export_key;
    key_services(KeyServicesRequest) -> KeyServicesResponse = keys::key_services;
    bring_key(ByokRequest) -> ByokResponse = keys::byok;
    discard_import() -> () = |session| {
        keys::discard_import(session);
        Ok(())
    };
}

job_commands! {
    create_keys(CreateKeyRequest) -> CreateKeysResponse = keys::create_keys;
    stage_import(ExamineRequest) -> ExamineResponse = keys::stage_import;
    examine_files(ExamineRequest) -> ExamineResponse = keys::examine_files;
    unlock_import(UnlockImportRequest) -> UnlockImportResponse = keys::unlock_import;
    import_keys(ImportKeysRequest) -> ImportKeysResponse = keys::import_keys;
    bulk_change(BulkChangeRequest) -> BulkChangeResponse = keys::bulk_change;
}
