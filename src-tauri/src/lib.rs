//! Keyreeve's desktop shell: the window, its commands and what they share.
//!
//! The shell translates and nothing more: a command takes the request from the window, runs one use case of
//! `keyreeve-app` and hands its view back. It wires the adapters (store, unlock, backup) into the use cases, which is
//! why it may name them. It must not hold a rule, a query or a cryptographic step of its own.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod background;
mod cards;
mod clock;
mod commands;
#[cfg(target_os = "linux")]
mod freed;
mod leaving;
mod opening;
mod preferences;
mod process;
mod state;
mod window;

use std::path::Path;
use std::process::ExitCode;

use state::AppState;
use tauri::{Emitter as _, Manager as _, RunEvent};

/// Runs the window until it is closed.
///
/// Refuses to start when core dumps cannot be switched off: one would hold the secrets of an unlocked vault; and when what
/// libraries free cannot be wiped, for that may be a secret.
#[must_use]
pub fn run() -> ExitCode {
    #[cfg(target_os = "linux")]
    if let Err(error) = freed::overwrite_always() {
        return fail(&format!(
            "Keyreeve did not start: it could not start itself anew with memory that is wiped when it is freed ({error}). Nothing was opened or changed."
        ));
    }
    if let Err(error) = process::forbid_core_dumps() {
        return fail(&format!(
            "Keyreeve did not start: it could not switch off core dumps, which would write secrets to the disk ({error}). Nothing was opened or changed."
        ));
    }
    if !process::has_display() {
        return fail(
            "Keyreeve did not start: there is no display (neither WAYLAND_DISPLAY nor DISPLAY is set). The `keyreeve` command does everything the window does; `keyreeve --help` shows how.",
        );
    }
    let outcome = tauri::Builder::default()
        // First of all plugins, so that a second start never gets as far as opening a vault.
        .plugin(tauri_plugin_single_instance::init(|app, arguments, folder| {
            window::bring_to_front(app);
            let arguments = arguments.into_iter().skip(1).map(Into::into);
            let asked = opening::asked_for(arguments, Path::new(&folder));
            if let Some(state) = app.try_state::<AppState>() {
                state.put_opening(asked);
            }
            // A window that is still being loaded asks by itself.
            _ = app.emit("opening", ());
        }))
        .plugin(tauri_plugin_dialog::init())
        .setup(|app| {
            let folder = app.path().app_config_dir()?;
            let state = AppState::new(folder.join("preferences.json"));
            let here = std::env::current_dir().unwrap_or_default();
            state.put_opening(opening::asked_for(std::env::args_os().skip(1), &here));
            // A name without a folder, typed into a field, means the same whatever started the app.
            std::env::set_current_dir(app.path().home_dir()?)?;
            state.pads().tell(app.handle());
            app.manage(state.clone());
            leaving::start(app.handle(), &state);
            background::start(app.handle().clone(), state);
            window::open(app).map_err(Into::into)
        })
        .invoke_handler(commands::handler())
        .build(tauri::generate_context!());
    match outcome {
        Ok(app) => {
            app.run(|app, event| {
                if matches!(event, RunEvent::Exit) {
                    app.state::<AppState>().lock(app, "exit");
                }
            });
            ExitCode::SUCCESS
        }
        Err(error) => {
            fail(&format!("Keyreeve's window could not be opened: {error}. No vault was touched."))
        }
    }
}

#[expect(
    clippy::print_stderr,
    reason = "there is no window yet to say it in, and a start from a terminal or the journal shows it"
)]
fn fail(message: &str) -> ExitCode {
    eprintln!("{message}");
    ExitCode::FAILURE
}
