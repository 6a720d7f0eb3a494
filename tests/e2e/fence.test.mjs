// What the window must not be able to do, tried from inside the page itself.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { startApp } from "./support/app.mjs";

let app;
before(async () => {
  app = await startApp();
});
after(() => app?.stop());

/** Calls the core the way the interface does; answers `{ value }` or `{ error }`. */
function invoke(command, args = {}) {
  return app.driver.executeAsyncScript(
    (name, given, done) => {
      window.__TAURI_INTERNALS__
        .invoke(name, given)
        .then((value) => done({ value }))
        .catch((error) => done({ error: String(error?.message ?? error) }));
    },
    command,
    args,
  );
}

test("a listed command answers through the isolation frame", async () => {
  const { value, error } = await invoke("app_info");
  assert.equal(error, undefined);
  assert.match(value.version, /^\d+\.\d+\.\d+$/);
});

test("a command that is not listed is refused", async () => {
  const { error } = await invoke("format_the_disk");
  assert.match(error, /not allowed|not found/i);
});

test("a platform command that the window was not given is refused", async () => {
  for (const [command, args] of [
    ["plugin:window|close", { label: "main" }],
    ["plugin:webview|create_webview_window", { options: { label: "other", url: "https://example.org" } }],
    ["plugin:event|emit", { event: "x" }],
    ["plugin:path|resolve_directory", { directory: 21 }],
  ]) {
    const { value, error } = await invoke(command, args);
    assert.equal(value, undefined, command);
    assert.match(error, /not allowed/i, command);
  }
});

test("what every object inherits cannot be changed, while each object may have its own", async () => {
  const outcome = await app.driver.executeScript(() => {
    const tries = {
      assigned: () => {
        Object.prototype.polluted = true;
      },
      defined: () => Object.defineProperty(Object.prototype, "polluted", { value: true }),
      merged: () => {
        JSON.parse('["__proto__"]').reduce((object, name) => object[name], {}).polluted = true;
      },
      replaced: () => {
        Object.prototype.toString = () => "polluted";
      },
      removed: () => delete Object.prototype.hasOwnProperty,
    };
    const refused = Object.entries(tries).filter(([, attempt]) => {
      try {
        attempt();
        return false;
      } catch {
        return true;
      }
    });
    const own = Object.create({});
    own.toString = () => "mine";
    return {
      refused: refused.map(([name]) => name),
      polluted: "polluted" in {} || String({}) !== "[object Object]" || !("hasOwnProperty" in {}),
      own: String(own),
    };
  });
  assert.equal(outcome.polluted, false);
  assert.equal(outcome.own, "mine");
  assert.ok(outcome.refused.includes("replaced"));
});

test("the page can neither run inline code nor reach the network", async () => {
  let requests = 0;
  const server = createServer((_request, response) => {
    requests += 1;
    response.setHeader("Access-Control-Allow-Origin", "*").end("reached");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const address = `http://127.0.0.1:${server.address().port}/`;
    const outcome = await app.driver.executeAsyncScript((url, done) => {
      const blocked = [];
      document.addEventListener("securitypolicyviolation", (event) => {
        blocked.push(event.effectiveDirective);
        if (new Set(blocked).size >= 4) done({ blocked, inlineRan: window.inlineRan === true });
      });
      const script = document.createElement("script");
      script.textContent = "window.inlineRan = true";
      document.body.append(script);
      const style = document.createElement("style");
      style.textContent = "body { opacity: 0.5 }";
      document.head.append(style);
      const image = document.createElement("img");
      image.src = url;
      document.body.append(image);
      fetch(url).catch(() => {});
    }, address);
    assert.equal(outcome.inlineRan, false);
    assert.deepEqual([...new Set(outcome.blocked)].sort(), [
      "connect-src",
      "img-src",
      "script-src-elem",
      "style-src-elem",
    ]);
    assert.equal(requests, 0, "nothing was asked of the network");
  } finally {
    server.close();
  }
});

test("the window does not leave its own pages, and opens no other", async () => {
  let requests = 0;
  const server = createServer((_request, response) => {
    requests += 1;
    response.end("reached");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const address = `http://127.0.0.1:${server.address().port}/`;
    await app.driver.executeScript((url) => {
      window.stillHere = true;
      location.href = url;
    }, address);
    // Each answer has been to the core and back, long after the web view decided about the page.
    for (let round = 0; round < 5; round += 1) {
      assert.ok((await invoke("app_info")).value);
    }
    assert.equal(await app.driver.executeScript(() => window.stillHere), true);
    assert.equal(await app.driver.executeScript((url) => window.open(url) === null, address), true);
    assert.equal((await app.driver.getAllWindowHandles()).length, 1);
    assert.equal(requests, 0);
  } finally {
    server.close();
  }
});
