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

/// Ends everything that the page may still know: what was typed and shown stays in a web view's memory for as long as
/// its process lives, whatever the page does. On Linux the process ends, and another one shows the page; elsewhere the
/// page is loaded anew. Its address tells it that there was a lock. Says whether it could be done.
pub(crate) fn forget(app: &AppHandle) -> bool {
    let Some(window) = app.get_webview_window(LABEL) else { return false };
    let Ok(mut address) = window.url() else { return false };
    address.query_pairs_mut().append_pair("locked", "");
    #[cfg(target_os = "linux")]
    let forgotten = window.with_webview(move |webview| {
        use webkit2gtk::WebViewExt as _;

        let view = webview.inner();
        view.terminate_web_process();
        view.load_uri(address.as_str());
    });
    #[cfg(not(target_os = "linux"))]
    let forgotten = window.navigate(address);
    forgotten.is_ok()
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
