//! Smartcards.

use keyreeve_app::api::{
    CardSightView, MakeCardKeyRequest, MakeCardKeyResponse, WatchCardsRequest,
};
use keyreeve_app::cards;
use keyreeve_unlock::PcscCards;
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

#[tauri::command]
pub(crate) fn cancel_waiting(state: State<'_, AppState>) -> Answer<()> {
    state.let_go();
    Ok(())
}

#[tauri::command]
pub(crate) async fn make_card_key(
    state: State<'_, AppState>,
    request: MakeCardKeyRequest,
) -> Answer<MakeCardKeyResponse> {
    let attendant = state.attendant();
    let made = state
        .unlocked(move |session| {
            let proof = session.reauthenticate(&request.proof)?;
            cards::make_card_key(session, &PcscCards::attended(attendant), &request, &proof)
        })
        .await?;
    // The window knows of the key before it is told that there is one.
    state
        .run(|state| {
            state.cards().look_again();
            Ok(())
        })
        .await?;
    Ok(made)
}
