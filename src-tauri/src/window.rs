//! The one window.

use tauri::{App, AppHandle, Manager, Url, WebviewWindowBuilder, webview::NewWindowResponse};

const LABEL: &str = "main";

/// Opens the window that `tauri.conf.json` describes, and keeps it on Keyreeve's own pages.
///
/// # Errors
/// When the web view cannot be made, or the configuration has no such window.
pub(crate) fn open(app: &mut App) -> tauri::Result<()> {
    let config = app
        .config()
        .app
        .windows
        .iter()
        .find(|window| window.label == LABEL)
        .cloned()
        .ok_or(tauri::Error::WindowNotFound)?;
    WebviewWindowBuilder::from_config(app.handle(), &config)?
        .initialization_script(include_str!("freeze.js"))
        // Nothing that is shown may lead the window elsewhere, or open another one.
        .on_navigation(is_own_page)
        .on_new_window(|_url, _features| NewWindowResponse::Deny)
        .build()?;
    Ok(())
}

/// Shows the window to someone who started Keyreeve a second time.
pub(crate) fn bring_to_front(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(LABEL) {
        // Each of these is a wish to the window manager; one that refuses leaves the window as it was.
        let _ = window.unminimize();
        let _ = window.show();
        let _ = window.set_focus();
    }
}

fn is_own_page(url: &Url) -> bool {
    match url.scheme() {
        "tauri" | "isolation" => true,
        "http" | "https" => match url.host_str() {
            // Windows serves Tauri's own schemes under these names.
            Some("tauri.localhost") => true,
            Some("127.0.0.1") => tauri::is_dev() && url.port() == Some(5173),
            Some(host) => host.starts_with("isolation-") && host.ends_with(".localhost"),
            None => false,
        },
        scheme => scheme.starts_with("isolation-") || url.as_str() == "about:blank",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_stays_on_its_own_pages() {
        for (address, allowed) in [
            ("tauri://localhost/", true),
            ("tauri://localhost/index.html#/keys", true),
            ("https://tauri.localhost/", true),
            ("https://example.org/", false),
            ("http://127.0.0.1:8080/", false),
            ("https://isolation-x.localhost.example.org/", false),
            ("file:///etc/passwd", false),
            ("data:text/html,x", false),
            ("javascript:alert(1)", false),
        ] {
            let url = Url::parse(address).unwrap();
            assert_eq!(is_own_page(&url), allowed, "{address}");
        }
    }
}
