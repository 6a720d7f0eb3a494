import { act, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { beginAfterLock } from "../ipc/afterLock";
import { FakeCore } from "../test/fakeCore";
import { accessibilityProblems, fill, renderApp } from "../test/render";
import { emptyCore, lockedSampleCore, sampleCore, samplePassphrase, samplePath } from "../test/sampleVault";

const shell = () => screen.findByTestId("shell");

async function type(user: Awaited<ReturnType<typeof renderApp>>["user"], keys: string) {
  await user.keyboard(keys);
}

test("the first start shows the three tiles", async () => {
  await renderApp(new FakeCore());
  expect(screen.getByTestId("start")).toBeVisible();
});

test("a known vault shows its door, and the passphrase opens it", async () => {
  const core = lockedSampleCore();
  const { user } = await renderApp(core);
  await user.type(await screen.findByLabelText("Passphrase"), `${samplePassphrase}{Enter}`);
  expect(await shell()).toHaveAttribute("data-section", "overview");
  expect(await accessibilityProblems()).toEqual([]);
});

test("a window that is loaded again goes on with the open vault", async () => {
  await renderApp(sampleCore());
  expect(await shell()).toBeVisible();
});

test("a core that does not answer is said, with another try", async () => {
  const core = sampleCore();
  core.failNext("get_preferences", "io", "The preferences could not be read.", "Check the disk.");
  const { user } = await renderApp(core);
  expect(await screen.findByRole("alert")).toHaveTextContent("The preferences could not be read.");
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(await shell()).toBeVisible();
});

test("the vault that was opened last is remembered first", async () => {
  const core = lockedSampleCore();
  core.preferences.recentVaults = ["/home/me/Home.keyreeve", samplePath];
  const { user } = await renderApp(core);
  await user.click(await screen.findByRole("button", { name: "Switch" }));
  await user.click(await screen.findByRole("menuitem", { name: /Team vault/ }));
  await user.type(await screen.findByLabelText("Passphrase"), `${samplePassphrase}{Enter}`);
  await shell();
  await waitFor(() => expect(core.preferences.recentVaults).toEqual([samplePath, "/home/me/Home.keyreeve"]));
});

test("the sidebar leads to every section and every filter, and says where one is", async () => {
  const core = sampleCore();
  const { user } = await renderApp(core);
  await shell();
  const sidebar = screen.getByRole("navigation", { name: "Sections" });
  expect(await within(sidebar).findByRole("button", { name: "Keys 14" })).toBeVisible();
  for (const [name, section] of [
    ["Audit", "audit"],
    ["Backups", "backups"],
    ["Access", "access"],
    ["Settings", "settings"],
    ["Keys 14", "keys"],
    ["Rotation overdue 1", "keys"],
    ["production 8", "keys"],
    ["Overview", "overview"],
  ] as const) {
    const button = within(sidebar).getByRole("button", { name });
    await user.click(button);
    expect(await shell()).toHaveAttribute("data-section", section);
    expect(button).toHaveAttribute("aria-current", "page");
    expect(sidebar.querySelectorAll("[aria-current]")).toHaveLength(1);
  }
});

test("Ctrl+comma goes to the settings and Ctrl+slash shows the shortcuts", async () => {
  const { user } = await renderApp(sampleCore());
  await shell();
  await type(user, "{Control>},{/Control}");
  expect(screen.getByTestId("shell")).toHaveAttribute("data-section", "settings");
  await type(user, "{Control>}/{/Control}");
  const sheet = await screen.findByRole("dialog", { name: "Keyboard shortcuts" });
  expect(within(sheet).getByText("Lock the vault")).toBeVisible();
  await type(user, "{Escape}");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
});

test("Ctrl+K finds an action and does it", async () => {
  const { user } = await renderApp(sampleCore());
  await shell();
  await type(user, "{Control>}k{/Control}");
  const search = await screen.findByLabelText("Search for an action");
  await waitFor(() => expect(search).toHaveFocus());
  expect(await accessibilityProblems()).toEqual([]);
  await type(user, "settings{Enter}");
  await waitFor(() => expect(screen.getByTestId("shell")).toHaveAttribute("data-section", "settings"));
});

test.each([
  ["add a passphrase", "Add a passphrase"],
  ["yubikey", "Add a smartcard"],
  ["secret service", "Add the keyring"],
  ["sheets", "Make recovery shares"],
  ["rotate the material", "Rotate the material key"],
])("access is changed from anywhere: %s", async (words, title) => {
  const { user } = await renderApp(sampleCore());
  await shell();
  await type(user, "{Control>}k{/Control}");
  const search = await screen.findByLabelText("Search for an action");
  await waitFor(() => expect(search).toHaveFocus());
  await type(user, `${words}{Enter}`);
  expect(await screen.findByRole("dialog", { name: new RegExp(title) })).toBeVisible();
  expect(screen.getByTestId("shell")).toHaveAttribute("data-section", "access");
});

test("the status bar says the vault, the log, the backup, the lock and the slot", async () => {
  await renderApp(sampleCore());
  await shell();
  const bar = screen.getByRole("contentinfo");
  expect(bar).toHaveTextContent("Team vault");
  expect(bar).toHaveTextContent("Log · 16 events");
  expect(bar).toHaveTextContent("Backup 2 days ago");
  await waitFor(() => expect(bar).toHaveTextContent(/Locks in [45]:\d\d/));
  expect(bar).toHaveTextContent("Unlocked with passphrase");
});

test("a vault without a backup is said in the status bar", async () => {
  await renderApp(emptyCore());
  await shell();
  expect(await screen.findByText("No backup yet")).toBeVisible();
});

test("Ctrl+L locks, and nothing of the vault stays", async () => {
  const core = sampleCore();
  const { user } = await renderApp(core);
  await screen.findByText("staging-ca");
  await type(user, "{Control>}l{/Control}");
  expect(await screen.findByLabelText("Passphrase")).toHaveValue("");
  expect(core.isOpen).toBe(false);
  expect(document.body).not.toHaveTextContent("staging-ca");
  expect(document.body).not.toHaveTextContent("production");
});

test("the idle lock closes dialogs, drops what was typed and shows the door", async () => {
  const core = sampleCore();
  const { user } = await renderApp(core);
  await shell();
  await type(user, "{Control>}k{/Control}");
  await fill(user, await screen.findByLabelText("Search for an action"), "secret words");
  act(() => core.lockByIdle());
  expect(await screen.findByLabelText("Passphrase")).toBeVisible();
  expect(screen.queryByRole("dialog")).toBeNull();
  expect(document.body.innerHTML).not.toContain("secret words");
  expect(screen.getByText("The vault is locked")).toBeInTheDocument();
});

test("a core that answers “locked” shows the door as well", async () => {
  const core = sampleCore();
  const { user } = await renderApp(core);
  await shell();
  core.failNext("list_events", "locked", "The vault is locked.");
  core.failNext("overview", "locked", "The vault is locked.");
  core.failNext("counts", "locked", "The vault is locked.");
  await user.click(screen.getByRole("button", { name: "Settings" }));
  act(() => {
    window.dispatchEvent(new Event("visibilitychange"));
  });
  await user.click(screen.getByRole("button", { name: "Audit" }));
  expect(await screen.findByLabelText("Passphrase")).toBeVisible();
});

test("an answer that comes after the lock does not bring the vault back", async () => {
  const core = sampleCore();
  const release = core.hold("overview");
  await renderApp(core);
  await shell();
  act(() => core.lockByIdle());
  await screen.findByLabelText("Passphrase");
  await act(async () => release());
  expect(document.body).not.toHaveTextContent("staging-ca");
  expect(screen.getByLabelText("Passphrase")).toBeVisible();
});

test("a passphrase that was typed at the door is gone after another vault was chosen", async () => {
  const { user } = await renderApp(lockedSampleCore());
  await fill(user, await screen.findByLabelText("Passphrase"), "half typed");
  await user.click(screen.getByRole("button", { name: "Switch" }));
  await user.click(await screen.findByRole("menuitem", { name: /Home/ }));
  expect(await screen.findByRole("heading", { name: "Home" })).toBeVisible();
  expect(await screen.findByLabelText("Passphrase")).toHaveValue("");
});

test("input keeps the vault awake, but not with every key stroke", async () => {
  const core = sampleCore();
  const { user } = await renderApp(core);
  await shell();
  await type(user, "abcdef");
  await user.click(screen.getByRole("button", { name: "Settings" }));
  expect(core.requests("keep_awake")).toHaveLength(1);
});

test("a first run goes from the tiles into the empty vault", async () => {
  const core = new FakeCore();
  const { user } = await renderApp(core);
  await user.click(screen.getByTestId("tile-create"));
  await user.click(screen.getByTestId("create-next"));
  await fill(user, screen.getByLabelText("Passphrase"), samplePassphrase);
  await fill(user, screen.getByLabelText("The same passphrase again"), samplePassphrase);
  await waitFor(() => expect(screen.getByTestId("create-submit")).toBeEnabled());
  await user.click(screen.getByTestId("create-submit"));
  await user.click(await screen.findByTestId("create-understood"));
  await user.click(screen.getByTestId("create-recovery-next"));
  await user.click(screen.getByTestId("create-done"));
  expect(await screen.findByText("This vault is empty")).toBeVisible();
  expect(core.preferences.recentVaults).toEqual(["/home/me/Keyreeve.keyreeve"]);
});

test("the vault that locks while its wizard still runs leads to its door", async () => {
  const core = new FakeCore();
  const { user } = await renderApp(core);
  await user.click(screen.getByTestId("tile-create"));
  await user.click(screen.getByTestId("create-next"));
  await fill(user, screen.getByLabelText("Passphrase"), samplePassphrase);
  await fill(user, screen.getByLabelText("The same passphrase again"), samplePassphrase);
  await waitFor(() => expect(screen.getByTestId("create-submit")).toBeEnabled());
  await user.click(screen.getByTestId("create-submit"));
  await screen.findByTestId("create-understood");
  act(() => core.lockByIdle());
  expect(await screen.findByRole("heading", { name: "Keyreeve" })).toBeVisible();
  expect(await screen.findByLabelText("Passphrase")).toBeVisible();
});

test("what falls due while the vault is open is told, and the numbers follow", async () => {
  const core = sampleCore();
  await renderApp(core);
  expect(await screen.findByRole("button", { name: "To be destroyed 1" })).toBeVisible();
  const key = core.keys.find(({ name }) => name === "old-laptop-ssh");
  for (const version of key?.versions ?? []) version.destroyScheduledAt = null;
  act(() =>
    core.emit("due-done", {
      done: [{ action: "key.destroy", key: key?.id, name: "old-laptop-ssh", version: 1 }],
    }),
  );
  expect(await screen.findByText("old-laptop-ssh was destroyed.")).toBeVisible();
  expect(await screen.findByRole("button", { name: "To be destroyed 0" })).toBeVisible();
});

test("a core that has no vault open any more shows the door, though nobody said so", async () => {
  const core = sampleCore();
  const { user } = await renderApp(core);
  await shell();
  await waitFor(() => expect(core.requests("current_session").length).toBeGreaterThan(1));
  core.closeSilently();
  await type(user, "a");
  expect(await screen.findByLabelText("Passphrase")).toBeVisible();
});

test("a backup that the app was started with is where the restore begins", async () => {
  const core = lockedSampleCore();
  core.opening = { kind: "backup", path: "/b/june.keyreeve-backup.age" };
  await renderApp(core);
  expect(await screen.findByTestId("restore-file")).toHaveValue("/b/june.keyreeve-backup.age");
});

test("a vault that the app was started with shows its door, and not that of the vault before", async () => {
  const core = lockedSampleCore();
  core.opening = { kind: "vault", path: "/home/me/Home.keyreeve" };
  await renderApp(core);
  expect(await screen.findByRole("heading", { name: "Home" })).toBeVisible();
});

test("a backup opened from outside while a vault is open asks before it locks", async () => {
  const core = sampleCore();
  const { user } = await renderApp(core);
  await shell();
  act(() => core.startAgainWith({ kind: "backup", path: "/b/june.keyreeve-backup.age" }));
  let dialog = await screen.findByRole("dialog", { name: "Restore june.keyreeve-backup.age" });
  await user.click(within(dialog).getByRole("button", { name: "Cancel" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(core.isOpen).toBe(true);
  act(() => core.startAgainWith({ kind: "backup", path: "/b/june.keyreeve-backup.age" }));
  dialog = await screen.findByRole("dialog", { name: "Restore june.keyreeve-backup.age" });
  await user.click(within(dialog).getByRole("button", { name: "Lock and restore…" }));
  expect(await screen.findByTestId("restore-file")).toHaveValue("/b/june.keyreeve-backup.age");
  expect(core.isOpen).toBe(false);
});

test("the vault that is open already is not asked about again; another one is", async () => {
  const core = sampleCore();
  const { user } = await renderApp(core);
  await shell();
  act(() => core.startAgainWith({ kind: "vault", path: samplePath }));
  await waitFor(() => expect(core.opening).toBeNull());
  act(() => core.startAgainWith({ kind: "vault", path: "/home/me/Home.keyreeve" }));
  const dialog = await screen.findByRole("dialog", { name: "Open Home" });
  await user.click(within(dialog).getByRole("button", { name: "Lock and open…" }));
  expect(await screen.findByRole("heading", { name: "Home" })).toBeVisible();
});

test("a page that a lock made says so, and shows the door", async () => {
  window.history.replaceState(null, "", "/?locked=");
  await renderApp(lockedSampleCore());
  expect(await screen.findByLabelText("Passphrase")).toBeVisible();
  expect(await screen.findByText("The vault is locked")).toBeInTheDocument();
  expect(window.location.search).toBe("");
});

test("a page that a lock made begins with what was asked for before", async () => {
  beginAfterLock({ kind: "backup", path: "/b/june & july.age" });
  window.history.replaceState(null, "", `${window.location.href}&locked=`);
  await renderApp(lockedSampleCore());
  expect(await screen.findByTestId("restore-file")).toHaveValue("/b/june & july.age");
  expect(await screen.findByText("The vault is locked")).toBeInTheDocument();
});
