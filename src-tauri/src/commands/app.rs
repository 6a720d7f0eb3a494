//! The app itself: what it is, its preferences, its jobs, and locking.

use std::path::Path;

use keyreeve_app::api::{
    AppInfo, CancelJobRequest, CurrentSessionResponse, Preferences, TakeOpeningResponse,
};
use keyreeve_app::vault::session_view;
use tauri::{AppHandle, Manager as _, State};

use crate::state::{Answer, AppState};

#[tauri::command]
pub(crate) fn app_info(app: AppHandle) -> Answer<AppInfo> {
    let home = app.path().home_dir().unwrap_or_default();
    let documents = app.path().document_dir().unwrap_or_else(|_| home.clone());
    let text = |path: &Path| path.to_string_lossy().into_owned();
    Ok(AppInfo {
        version: env!("CARGO_PKG_VERSION").into(),
        default_vault_path: text(&home.join("Keys.keyreeve")),
        default_backup_folder: text(if documents.is_dir() { &documents } else { &home }),
        debug: cfg!(debug_assertions),
    })
}

#[tauri::command]
pub(crate) fn get_preferences(state: State<'_, AppState>) -> Answer<Preferences> {
    Ok(state.preferences())
}

#[tauri::command]
pub(crate) async fn put_preferences(
    app: AppHandle,
    state: State<'_, AppState>,
    request: Preferences,
) -> Answer<Preferences> {
    state
        .run(move |state| {
            let before = state.preferences().lock_on_card_removal;
            let kept = state.change_preferences(|preferences| *preferences = request)?;
            if kept.lock_on_card_removal != before {
                // A card that is not in now is not pulled either: it counts from the next unlock on.
                state.guard_card(&app);
            }
            Ok(kept)
        })
        .await
}

#[tauri::command]
pub(crate) fn cancel_job(state: State<'_, AppState>, request: CancelJobRequest) -> Answer<()> {
    state.cancel_job(&request.job);
    Ok(())
}

#[tauri::command]
pub(crate) async fn current_session(state: State<'_, AppState>) -> Answer<CurrentSessionResponse> {
    state
        .run(|state| {
            let session =
                state.with_any_session(|session| session.map(session_view).transpose())?;
            let locks_in_ms =
                state.locks_in().map(|left| u64::try_from(left.as_millis()).unwrap_or(u64::MAX));
            Ok(CurrentSessionResponse { session, locks_in_ms })
        })
        .await
}

#[tauri::command]
pub(crate) async fn lock_vault(app: AppHandle, state: State<'_, AppState>) -> Answer<()> {
    state
        .run(move |state| {
            state.lock(&app, "user");
            Ok(())
        })
        .await
}

#[tauri::command]
pub(crate) fn keep_awake(state: State<'_, AppState>) -> Answer<()> {
    state.note_input();
    Ok(())
}

#[tauri::command]
pub(crate) fn take_opening(state: State<'_, AppState>) -> Answer<TakeOpeningResponse> {
    Ok(TakeOpeningResponse { opening: state.take_opening() })
}
