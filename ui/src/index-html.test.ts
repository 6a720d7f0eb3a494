import { expect, test } from "vitest";
import html from "../index.html?raw";

test("index.html carries an empty style element for the nonce, ahead of every script", () => {
  const page = new DOMParser().parseFromString(html, "text/html");
  const style = page.getElementById("style-nonce");
  expect(style?.tagName).toBe("STYLE");
  expect(style?.textContent).toBe("");
  expect(html.indexOf("style-nonce")).toBeLessThan(html.indexOf("<script"));
});

test("index.html fetches nothing from the network", () => {
  expect(html).not.toMatch(/(src|href)="(https?:)?\/\//);
});
