import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const uiFolder = fileURLToPath(new URL(".", import.meta.url));

export default defineConfig({
  root: uiFolder,
  plugins: [react()],
  // Rust's own messages must stay readable beside Vite's.
  clearScreen: false,
  server: { port: 5173, strictPort: true, host: "127.0.0.1" },
  build: {
    // WebKitGTK 2.40 and WKWebView 16.4 are the oldest web views that Keyreeve runs in.
    target: "safari16.4",
    outDir: "dist",
    emptyOutDir: true,
    // The content security policy has no data: for fonts and styles, so nothing may be inlined as one.
    assetsInlineLimit: 0,
    // The whole interface lies on the disk beside the program: one chunk loads fastest.
    chunkSizeWarningLimit: 3000,
  },
  test: {
    environment: "jsdom",
    setupFiles: ["./src/test-setup.ts"],
    include: ["src/**/*.test.{ts,tsx}"],
    css: false,
    restoreMocks: true,
    // A bound for what hangs, not a measure: the machine may be busy with other things.
    testTimeout: 30_000,
  },
});
