//! Who may call what: asked of Tauri itself, with the capabilities and permissions that the app is built with.

use std::sync::{Arc, Mutex};

use tauri::ipc::{CallbackFn, InvokeBody, InvokeResponseBody};
use tauri::test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder};
use tauri::webview::InvokeRequest;
use tauri::{App, WebviewWindow, WebviewWindowBuilder};

use super::NAMES;

const OWN_PAGE: &str = "tauri://localhost/";

/// Which commands came through, of all that were called.
type Reached = Arc<Mutex<Vec<String>>>;

/// The app with its real permissions; its commands only note that they were reached.
fn app() -> (App<MockRuntime>, Reached) {
    let reached = Reached::default();
    let noted = Arc::clone(&reached);
    let app = mock_builder()
        .plugin(tauri_plugin_dialog::init())
        .invoke_handler(move |invoke| {
            noted.lock().unwrap().push(invoke.message.command().to_owned());
            invoke.resolver.resolve(());
            true
        })
        .build(tauri::generate_context!())
        .unwrap();
    (app, reached)
}

fn window(app: &App<MockRuntime>, label: &str) -> WebviewWindow<MockRuntime> {
    WebviewWindowBuilder::new(app, label, tauri::WebviewUrl::default()).build().unwrap()
}

fn call(
    window: &WebviewWindow<MockRuntime>,
    command: &str,
    page: &str,
) -> Result<InvokeResponseBody, String> {
    let request = InvokeRequest {
        cmd: command.to_owned(),
        callback: CallbackFn(0),
        error: CallbackFn(1),
        url: page.parse().unwrap(),
        body: InvokeBody::default(),
        headers: Default::default(),
        invoke_key: INVOKE_KEY.to_owned(),
    };
    get_ipc_response(window, request).map_err(|refusal| refusal.to_string())
}

#[test]
fn the_one_window_reaches_each_command() {
    let (app, reached) = app();
    let main = window(&app, "main");
    for command in NAMES {
        call(&main, command, OWN_PAGE).unwrap();
    }
    assert_eq!(*reached.lock().unwrap(), NAMES);
}

#[test]
fn a_window_without_the_capability_is_refused_each_command() {
    let (app, reached) = app();
    for label in ["other", "main2", "Main"] {
        let other = window(&app, label);
        for command in NAMES {
            let refusal = call(&other, command, OWN_PAGE).unwrap_err();
            assert!(refusal.contains("not allowed"), "{label} {command}: {refusal}");
        }
        for command in ["plugin:dialog|open", "plugin:dialog|save", "plugin:event|listen"] {
            let refusal = call(&other, command, OWN_PAGE).unwrap_err();
            assert!(refusal.contains("not allowed"), "{label} {command}: {refusal}");
        }
    }
    assert_eq!(*reached.lock().unwrap(), [""; 0]);
}

#[test]
fn a_page_from_elsewhere_is_refused_each_command_even_in_the_one_window() {
    let (app, reached) = app();
    let main = window(&app, "main");
    for page in
        ["https://example.org/", "http://tauri.localhost.example.org/", "file:///index.html"]
    {
        for command in NAMES {
            let refusal = call(&main, command, page).unwrap_err();
            assert!(refusal.contains("not allowed"), "{page} {command}: {refusal}");
        }
    }
    assert_eq!(*reached.lock().unwrap(), [""; 0]);
}
