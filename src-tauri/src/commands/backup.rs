//! Backups.

use keyreeve_app::api::*;
use keyreeve_app::backup;
use tauri::{AppHandle, State};

use crate::commands::{job_commands, session_commands};
use crate::state::{Answer, AppState};

session_commands! {
    list_backups() -> BackupListResponse = |session| backup::list_backups(session);
}

job_commands! {
    create_backup(CreateBackupRequest) -> CreateBackupResponse = backup::create_backup;
}

#[tauri::command]
pub(crate) async fn verify_backup(
    app: AppHandle,
    state: State<'_, AppState>,
    request: VerifyBackupRequest,
) -> Answer<VerifyBackupResponse> {
    let job = state.begin_job(&app, request.job.clone());
    let work = move |state: &AppState| {
        state.with_any_session(|session| {
            backup::verify_backup(state.world(), session, &request, &job)
        })
    };
    state.run(work).await
}

#[tauri::command]
pub(crate) async fn examine_identity(
    state: State<'_, AppState>,
    request: IdentityFileRequest,
) -> Answer<IdentityFileResponse> {
    state.run(move |state| backup::examine_identity(state.world(), &request)).await
}

#[tauri::command]
pub(crate) async fn restore_backup(
    app: AppHandle,
    state: State<'_, AppState>,
    request: RestoreBackupRequest,
) -> Answer<RestoreBackupResponse> {
    let job = state.begin_job(&app, request.job.clone());
    state.run(move |state| backup::restore_backup(state.world(), &request, &job)).await
}
