import { expect, test } from "vitest";
import { FakeCore } from "../test/fakeCore";
import { commands } from "./bindings";
import { asCoreError, CoreError, call } from "./call";
import { onJobProgress, onVaultLocked } from "./events";
import { setPlatform } from "./platform";

test("a refusal arrives with its code, message and cure", async () => {
  const core = new FakeCore();
  setPlatform(core);
  core.failNext("overview", "locked", "The vault is locked.", "Unlock the vault first.");
  const error = await commands.overview().catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(CoreError);
  expect(error).toMatchObject({
    code: "locked",
    message: "The vault is locked.",
    cure: "Unlock the vault first.",
  });
});

test("whatever else is thrown becomes a fault with a cure", async () => {
  setPlatform(new FakeCore());
  const error = await call("no_such_command").catch((reason: unknown) => reason);
  expect(error).toMatchObject({ name: "CoreError", code: "internal" });
  expect(asCoreError("plain text")).toMatchObject({ code: "internal", message: "plain text" });
  expect(asCoreError({ code: 7 }).code).toBe("internal");
  expect(asCoreError({ code: "busy", message: "Busy." })).toMatchObject({ code: "busy", cure: "" });
});

test("an event reaches its listener until that one stops, even when it stops before listening has begun", async () => {
  const core = new FakeCore();
  setPlatform(core);
  const told: number[] = [];
  const stop = onJobProgress(({ done }) => told.push(done));
  const early = onVaultLocked(() => told.push(-1));
  early();
  await Promise.resolve();
  core.emit("vault-locked", { why: "user" });
  core.emit("job-progress", { job: "a", done: 1, total: 2 });
  stop();
  core.emit("job-progress", { job: "a", done: 2, total: 2 });
  expect(told).toEqual([1]);
});
