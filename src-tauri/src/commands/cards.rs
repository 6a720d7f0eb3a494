//! Smartcards.

use keyreeve_app::api::{CardSightView, WatchCardsRequest};
use tauri::{AppHandle, State};

use crate::state::{Answer, AppState};

#[tauri::command]
pub(crate) async fn watch_cards(
    app: AppHandle,
    state: State<'_, AppState>,
    request: WatchCardsRequest,
) -> Answer<CardSightView> {
    state
        .run(move |state| {
            Ok(state.cards().watch(&app, state.world(), request.vault.map(Into::into)))
        })
        .await
}

#[tauri::command]
pub(crate) async fn unwatch_cards(state: State<'_, AppState>) -> Answer<()> {
    state
        .run(|state| {
            state.cards().unwatch();
            Ok(())
        })
        .await
}
