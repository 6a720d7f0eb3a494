import "@fontsource-variable/inter";
import "@mantine/core/styles.css";
import "@mantine/dates/styles.css";
import "@mantine/notifications/styles.css";
import "@mantine/spotlight/styles.css";
import { setNonce } from "get-nonce";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import { hasCore } from "./ipc/window";

// Without this nonce the content security policy drops every style that is added while running.
const styleNonce = document.getElementById("style-nonce")?.nonce ?? "";
setNonce(styleNonce);

const root = document.getElementById("root");
if (root === null) {
  throw new Error("index.html has no element with the id root");
}

// In a plain browser, while developing, a core of play stands in. The condition is a constant: a built app has no trace
// of it.
if (import.meta.env.DEV && !hasCore()) {
  const { installBrowserCore } = await import("./test/browserCore");
  installBrowserCore();
}

createRoot(root).render(
  <StrictMode>
    <App styleNonce={styleNonce} />
  </StrictMode>,
);
