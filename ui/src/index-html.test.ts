import { expect, test } from "vitest";
import html from "../index.html?raw";

test("index.html carries the style element for the nonce, ahead of every script, and hides the isolation frame", () => {
  const page = new DOMParser().parseFromString(html, "text/html");
  const style = page.getElementById("style-nonce");
  expect(style?.tagName).toBe("STYLE");
  expect(style?.textContent).toContain("#__tauri_isolation__");
  expect(html.indexOf("style-nonce")).toBeLessThan(html.indexOf("<script"));
});

test("index.html fetches nothing from the network", () => {
  expect(html).not.toMatch(/(src|href)="(https?:)?\/\//);
});
