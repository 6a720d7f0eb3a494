import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";

afterEach(cleanup);

// A bound for what never comes, not a measure: the machine may be busy with other things.
configure({ asyncUtilTimeout: 10_000 });

// jsdom lacks what Mantine asks the browser for: media queries, sizes and scrolling.
window.matchMedia = (query: string): MediaQueryList => ({
  matches: false,
  media: query,
  onchange: null,
  addEventListener: () => {},
  removeEventListener: () => {},
  addListener: () => {},
  removeListener: () => {},
  dispatchEvent: () => false,
});

class NoResizeObserver implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}
window.ResizeObserver = NoResizeObserver;
window.HTMLElement.prototype.scrollIntoView = () => {};
// Text areas that grow wait for fonts.
Object.defineProperty(document, "fonts", { configurable: true, value: new EventTarget() });
