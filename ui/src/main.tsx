import "@fontsource-variable/inter";
import "@mantine/core/styles.css";
import { createTheme, MantineProvider, Title } from "@mantine/core";
import { setNonce } from "get-nonce";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

// Without this nonce the content security policy drops every style that is added while running.
const styleNonce = document.getElementById("style-nonce")?.nonce ?? "";
setNonce(styleNonce);

const theme = createTheme({ fontFamily: "'Inter Variable', sans-serif" });

const root = document.getElementById("root");
if (root === null) {
  throw new Error("index.html has no element with the id root");
}
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => styleNonce}>
      <main data-testid="app">
        <Title order={1}>Keyreeve</Title>
      </main>
    </MantineProvider>
  </StrictMode>,
);
