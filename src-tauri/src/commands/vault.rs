//! Vaults.

use keyreeve_app::api::{
    CheckPassphraseRequest, CreateVaultRequest, OverviewResponse, PassphraseStrength,
    RunDueResponse, SessionView, UnlockVaultRequest, VaultPathRequest, VaultStatus,
};
use keyreeve_app::vault;
use keyreeve_domain::audit::Source;
use tauri::{AppHandle, State};

use crate::commands::session_commands;
use crate::state::{Answer, AppState};

#[tauri::command]
pub(crate) async fn check_passphrase(
    state: State<'_, AppState>,
    request: CheckPassphraseRequest,
) -> Answer<PassphraseStrength> {
    state.run(move |_| Ok(vault::check_passphrase(&request))).await
}

#[tauri::command]
pub(crate) async fn vault_status(
    state: State<'_, AppState>,
    request: VaultPathRequest,
) -> Answer<VaultStatus> {
    state.run(move |state| vault::vault_status(state.world(), &request)).await
}

#[tauri::command]
pub(crate) async fn create_vault(
    state: State<'_, AppState>,
    request: CreateVaultRequest,
) -> Answer<SessionView> {
    state
        .run(move |state| {
            let create = |world: &_| vault::create_vault(world, &request, Source::Gui);
            state.open(create, vault::session_view)
        })
        .await
}

#[tauri::command]
pub(crate) async fn unlock_vault(
    app: AppHandle,
    state: State<'_, AppState>,
    request: UnlockVaultRequest,
) -> Answer<SessionView> {
    state
        .run(move |state| {
            let unlock = |world: &_| vault::unlock_vault(world, &request, Source::Gui);
            let view = state.open(unlock, vault::session_view)?;
            if !state.guard_card(&app) {
                // It was pulled in the moment in which it opened the vault.
                state.lock(&app, "card");
            }
            Ok(view)
        })
        .await
}

session_commands! {
    run_due() -> RunDueResponse = |session| vault::run_due(session);
    overview() -> OverviewResponse = |session| keyreeve_app::overview(session);
}
