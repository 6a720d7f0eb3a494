//! The commands of the window. Each takes its request, runs one use case and hands back its view.
//!
//! To add one: write it in the module of its area, add a line to the list below and its name to
//! `permissions/commands.toml`.

mod app;
mod audit;
mod backup;
mod cards;
mod certificates;
mod keys;
mod slots;
mod vault;

/// Makes commands that run one use case on the unlocked vault, off the window's thread.
macro_rules! session_commands {
    ($($name:ident($($request:ty)?) -> $response:ty = $use_case:expr;)+) => {
        $(
            $crate::commands::session_commands!(@one $name ($($request)?) $response, $use_case);
        )+
    };
    (@one $name:ident () $response:ty, $use_case:expr) => {
        #[tauri::command]
        pub(crate) async fn $name(
            state: tauri::State<'_, $crate::state::AppState>,
        ) -> $crate::state::Answer<$response> {
            let run: fn(&keyreeve_app::UnlockedSession) -> Result<$response, keyreeve_app::Error> =
                $use_case;
            state.unlocked(run).await
        }
    };
    (@one $name:ident ($request:ty) $response:ty, $use_case:expr) => {
        #[tauri::command]
        pub(crate) async fn $name(
            state: tauri::State<'_, $crate::state::AppState>,
            request: $request,
        ) -> $crate::state::Answer<$response> {
            type Session = keyreeve_app::UnlockedSession;
            let run: fn(&Session, &$request) -> Result<$response, keyreeve_app::Error> = $use_case;
            state.unlocked(move |session| run(session, &request)).await
        }
    };
}

/// Makes commands for long work: with progress, and with a name by which they can be stopped.
macro_rules! job_commands {
    ($($name:ident($request:ty) -> $response:ty = $use_case:expr;)+) => {
        $(
            #[tauri::command]
            pub(crate) async fn $name(
                app: tauri::AppHandle,
                state: tauri::State<'_, $crate::state::AppState>,
                request: $request,
            ) -> $crate::state::Answer<$response> {
                let job = state.begin_job(&app, request.job.clone());
                state.unlocked(move |session| $use_case(session, &request, &job)).await
            }
        )+
    };
}

pub(crate) use {job_commands, session_commands};

/// Makes the handler and the list of names from one list, so that they cannot differ.
macro_rules! commands {
    ($($area:ident::$name:ident),* $(,)?) => {
        /// Dispatches a call from the window.
        pub(crate) fn handler() -> impl Fn(tauri::ipc::Invoke<tauri::Wry>) -> bool + Send + Sync + 'static {
            tauri::generate_handler![$($area::$name),*]
        }

        /// The name of every command.
        #[cfg(test)]
        const NAMES: &[&str] = &[$(stringify!($name)),*];
    };
}

commands! {
    app::app_info,
    app::get_preferences,
    app::put_preferences,
    app::cancel_job,
    app::current_session,
    app::lock_vault,
    app::keep_awake,
    app::take_opening,
    vault::check_passphrase,
    vault::vault_status,
    vault::create_vault,
    vault::unlock_vault,
    vault::run_due,
    vault::overview,
    keys::catalogue,
    keys::counts,
    keys::list_keys,
    keys::show_key,
    keys::distribution,
    keys::note_roll_out,
    keys::create_key,
    keys::create_keys,
    keys::rotate_key,
    keys::activate_key,
    keys::suspend_key,
    keys::resume_key,
    keys::deactivate_key,
    keys::revoke_key,
    keys::destroy_key,
    keys::cancel_destroy_key,
    keys::rename_key,
    keys::edit_key,
    keys::bulk_change,
    keys::public_key,
    keys::export_key,
    keys::key_services,
    keys::bring_key,
    keys::stage_import,
    keys::examine_files,
    keys::unlock_import,
    keys::import_keys,
    keys::discard_import,
    certificates::request_certificate,
    certificates::self_sign,
    certificates::issue_certificate,
    certificates::issue_ssh_certificate,
    certificates::list_ssh_certificates,
    certificates::write_krl,
    certificates::list_certificates,
    certificates::show_certificate,
    certificates::import_certificates,
    certificates::export_certificate,
    certificates::edit_certificate,
    certificates::remove_certificate,
    certificates::renew_certificate,
    certificates::revoke_certificate,
    certificates::write_crl,
    certificates::list_known_keys,
    certificates::show_known_key,
    certificates::edit_known_key,
    certificates::remove_known_key,
    audit::list_events,
    audit::verify_audit,
    audit::export_audit,
    audit::prove_audit,
    audit::export_inventory,
    backup::list_backups,
    backup::create_backup,
    backup::verify_backup,
    backup::examine_identity,
    backup::restore_backup,
    cards::watch_cards,
    cards::unwatch_cards,
    cards::cancel_waiting,
    cards::make_card_key,
    slots::list_slots,
    slots::add_slot,
    slots::make_recovery,
    slots::rename_slot,
    slots::change_passphrase,
    slots::remove_slot,
    slots::rotate_material_key,
    slots::slot_costs,
    slots::recalibrate_slot,
    slots::test_slot,
}

#[cfg(test)]
mod refusal_tests;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::NAMES;

    macro_rules! names {
        ($($name:ident: $request:ty => $response:ty,)+) => { &[$(stringify!($name)),+] };
    }
    /// The catalogue from which the window's calls are generated.
    const CATALOGUE: &[&str] = keyreeve_app::for_each_command!(names);

    #[test]
    fn the_commands_are_exactly_those_of_the_catalogue() {
        let commands: BTreeSet<_> = NAMES.iter().collect();
        assert_eq!(commands, CATALOGUE.iter().collect());
        assert_eq!(NAMES.len(), CATALOGUE.len(), "a command is listed twice");
    }

    #[test]
    fn the_permissions_file_lists_exactly_the_commands() {
        let commands: BTreeSet<&str> = NAMES.iter().copied().collect();
        assert_eq!(commands.len(), NAMES.len(), "a command is listed twice");

        let file: toml::Table = include_str!("../../permissions/commands.toml").parse().unwrap();
        let permitted: Vec<&str> = file["permission"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|permission| permission["commands"]["allow"].as_array().unwrap())
            .map(|name| name.as_str().unwrap())
            .collect();
        assert_eq!(permitted.iter().copied().collect::<BTreeSet<_>>(), commands);
        assert_eq!(permitted.len(), commands.len(), "a command is permitted twice");
    }

    #[test]
    fn the_window_has_every_permission_of_the_file_and_no_wide_one() {
        let file: toml::Table = include_str!("../../permissions/commands.toml").parse().unwrap();
        let capability: serde_json::Value =
            serde_json::from_str(include_str!("../../capabilities/main.json")).unwrap();
        let granted: Vec<&str> = capability["permissions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|permission| permission.as_str().unwrap())
            .collect();
        for permission in file["permission"].as_array().unwrap() {
            let identifier = permission["identifier"].as_str().unwrap();
            assert!(granted.contains(&identifier), "{identifier} is not granted");
        }
        for permission in granted {
            assert!(!permission.ends_with("default"), "{permission} grants more than is used");
        }
    }
}
