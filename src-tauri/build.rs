//! Tells Tauri where this layout keeps its capabilities and permissions, and cargo what to watch.

use std::path::Path;

fn main() {
    // A hand-written permissions file lists every command. Without it Tauri would check no permission at all for
    // the app's own commands, and `AppManifest::commands()` would write a folder into the root.
    let app_manifest =
        tauri_build::AppManifest::new().permissions_path_pattern("src-tauri/permissions/**/*.toml");
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("src-tauri/capabilities/**/*.json")
        .app_manifest(app_manifest);

    for path in ["src-tauri/capabilities", "src-tauri/permissions", "src-tauri/isolation"] {
        println!("cargo:rerun-if-changed={path}");
    }
    // The interface is embedded, so a new build of it must be a new build of the window. A missing path would count
    // as changed each time, so it is named only once it is there.
    if Path::new("ui/dist").exists() {
        println!("cargo:rerun-if-changed=ui/dist");
    }

    if let Err(error) = tauri_build::try_build(attributes) {
        for line in format!("{error:#}").lines() {
            println!("cargo::error={line}");
        }
    }
}
