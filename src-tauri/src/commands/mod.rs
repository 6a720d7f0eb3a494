//! The commands of the window. Each takes its request, runs one use case and hands back its view.
//!
//! To add one: write it in the module of its area, add a line to the list below and its name to
//! `permissions/commands.toml`.

mod app;

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
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::NAMES;

    #[test]
    fn the_permissions_file_lists_exactly_the_commands() {
        let commands: BTreeSet<&str> = NAMES.iter().copied().collect();
        assert_eq!(commands.len(), NAMES.len(), "a command is listed twice");

        let file: toml::Table = include_str!("../../permissions/commands.toml")
            .parse()
            .unwrap();
        let permitted: Vec<&str> = file["permission"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|permission| permission["commands"]["allow"].as_array().unwrap())
            .map(|name| name.as_str().unwrap())
            .collect();
        assert_eq!(permitted.iter().copied().collect::<BTreeSet<_>>(), commands);
        assert_eq!(
            permitted.len(),
            commands.len(),
            "a command is permitted twice"
        );
    }

    #[test]
    fn the_window_has_every_permission_of_the_file_and_no_wide_one() {
        let file: toml::Table = include_str!("../../permissions/commands.toml")
            .parse()
            .unwrap();
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
            assert!(
                !permission.ends_with("default"),
                "{permission} grants more than is used"
            );
        }
    }
}
