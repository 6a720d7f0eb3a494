import { screen, waitFor } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { accessibilityProblems, renderOutside } from "../../test/render";
import { lockedSampleCore, samplePassphrase, samplePath } from "../../test/sampleVault";
import { UnlockScreen } from ".";

async function renderUnlock(core = lockedSampleCore(), path = samplePath) {
  const gate = { enter: vi.fn(), chooseVault: vi.fn(), goToStart: vi.fn() };
  const changePreferences = vi.fn(async () => {});
  const view = renderOutside(core, <UnlockScreen path={path} />, { gate, home: { changePreferences } });
  return { core, ...view, ...gate, changePreferences };
}

test("the passphrase has the focus at once, and Enter unlocks", async () => {
  const { user, enter, core } = await renderUnlock();
  const field = await screen.findByLabelText("Passphrase");
  expect(field).toHaveFocus();
  await user.keyboard(`${samplePassphrase}{Enter}`);
  await waitFor(() => expect(enter).toHaveBeenCalledOnce());
  expect(enter.mock.calls[0]?.[0]).toMatchObject({ vault: { path: samplePath } });
  expect(core.isOpen).toBe(true);
  expect(field).toHaveValue("");
});

test("a wrong passphrase is said at the field, which keeps the focus and what was typed", async () => {
  const { user, enter } = await renderUnlock();
  const field = await screen.findByLabelText("Passphrase");
  await user.type(field, "nope{Enter}");
  expect(await screen.findByText(/Nothing opens with this passphrase/)).toBeVisible();
  expect(field).toHaveFocus();
  expect(field).toHaveAttribute("aria-invalid", "true");
  expect(field).toHaveAccessibleDescription(/Check the keyboard layout and Caps Lock/);
  expect(field).toHaveValue("nope");
  expect(enter).not.toHaveBeenCalled();
  expect(await accessibilityProblems()).toEqual([]);
  await user.type(field, "x");
  expect(screen.queryByText(/Nothing opens/)).toBeNull();
});

test("nothing is asked of the core with an empty passphrase", async () => {
  const { user, core } = await renderUnlock();
  await screen.findByLabelText("Passphrase");
  await user.click(screen.getByRole("button", { name: "Unlock" }));
  expect(core.requests("unlock_vault")).toEqual([]);
  expect(screen.getByLabelText("Passphrase")).toHaveFocus();
});

test("with several slots one chooses by name", async () => {
  const core = lockedSampleCore();
  core.openVault(samplePath);
  await core.invoke("add_slot", {
    request: {
      name: "Safe",
      role: "auditor",
      parts: [{ kind: "passphrase", passphrase: "another long passphrase" }],
      proof: { passphrase: samplePassphrase },
    },
  });
  await core.invoke("lock_vault");
  const { user, enter } = await renderUnlock(core);
  await user.click(await screen.findByRole("button", { name: /Safe/ }));
  expect(screen.getByLabelText("Passphrase")).toHaveFocus();
  expect(await accessibilityProblems()).toEqual([]);
  await user.keyboard("another long passphrase{Enter}");
  await waitFor(() => expect(enter).toHaveBeenCalledOnce());
  expect(enter.mock.calls[0]?.[0]).toMatchObject({ slot: { name: "Safe", role: "auditor" } });
});

test("a clock behind the log is accepted only after one has said so", async () => {
  const core = lockedSampleCore();
  core.failNext("unlock_vault", "clock_behind", "The clock is behind the log.");
  const { user, enter } = await renderUnlock(core);
  await user.type(await screen.findByLabelText("Passphrase"), `${samplePassphrase}{Enter}`);
  const anyway = await screen.findByRole("button", { name: "Unlock anyway" });
  expect(anyway).toBeDisabled();
  await user.click(screen.getByRole("checkbox"));
  await user.click(anyway);
  await waitFor(() => expect(enter).toHaveBeenCalledOnce());
  expect(core.requests("unlock_vault").at(-1)).toMatchObject({ acceptClock: true });
});

test("an older vault is accepted only after one has said so", async () => {
  const core = lockedSampleCore();
  core.failNext("unlock_vault", "rollback", "The vault is older than the one last used here.");
  const { user } = await renderUnlock(core);
  await user.type(await screen.findByLabelText("Passphrase"), `${samplePassphrase}{Enter}`);
  await user.click(await screen.findByRole("checkbox"));
  await user.click(screen.getByRole("button", { name: "Unlock anyway" }));
  await waitFor(() => expect(core.requests("unlock_vault")).toHaveLength(2));
  expect(core.requests("unlock_vault").at(-1)).toMatchObject({ acceptRollback: true });
});

test("a vault that is gone can be taken off the list", async () => {
  const { user, changePreferences, goToStart } = await renderUnlock(lockedSampleCore(), "/gone.keyreeve");
  expect(await screen.findByRole("alert")).toHaveTextContent("There is no vault there");
  expect(screen.queryByLabelText("Passphrase")).toBeNull();
  expect(await accessibilityProblems()).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Remove from the list" }));
  expect(changePreferences).toHaveBeenCalledOnce();
  await waitFor(() => expect(goToStart).toHaveBeenCalledOnce());
});

test("the menu and the links lead to other vaults and to the restore", async () => {
  const { user, chooseVault, goToStart } = await renderUnlock();
  await user.click(await screen.findByRole("button", { name: "Switch" }));
  await user.click(await screen.findByRole("menuitem", { name: /Home/ }));
  expect(chooseVault).toHaveBeenCalledWith("/home/me/Home.keyreeve");
  await user.click(screen.getByRole("button", { name: "Restore a backup…" }));
  expect(goToStart).toHaveBeenLastCalledWith("restore");
  await user.click(screen.getByRole("button", { name: "Open another vault…" }));
  expect(goToStart).toHaveBeenLastCalledWith("choose");
});
