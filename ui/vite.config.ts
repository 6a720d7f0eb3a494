import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const uiFolder = fileURLToPath(new URL(".", import.meta.url));

/** Stops a build for people that would carry the core of play, or anything else that is for tests. */
const noTestCode: Plugin = {
  name: "no-test-code",
  apply: (config, { command }) => command === "build" && config.mode === "production",
  generateBundle(_options, bundle) {
    for (const output of Object.values(bundle)) {
      const found = output.type === "chunk" && output.moduleIds.find((id) => id.includes("/src/test/"));
      if (found) this.error(`${found} is for tests and must not be in the app`);
    }
  },
};

export default defineConfig({
  root: uiFolder,
  plugins: [react(), noTestCode],
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
    // Without this one core of two stays idle.
    maxWorkers: "100%",
  },
});
