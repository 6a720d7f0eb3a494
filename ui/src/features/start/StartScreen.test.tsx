import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test, vi } from "vitest";
import type { StartTask } from "../../shared/gate";
import { FakeCore } from "../../test/fakeCore";
import { accessibilityProblems, fill, renderOutside } from "../../test/render";
import { lockedSampleCore, sampleCore, samplePath } from "../../test/sampleVault";
import { StartScreen } from ".";
import { nameProblem, pathOf, placeOf } from "./vaultPlace";

const good = "correct horse battery staple";

function renderStart(task: StartTask = "choose", core = new FakeCore()) {
  const gate = { enter: vi.fn(), chooseVault: vi.fn() };
  return { core, ...renderOutside(core, <StartScreen task={task} />, { gate }), ...gate };
}

describe("choosing", () => {
  test("there are three tiles, reached by the keyboard", async () => {
    const { user } = renderStart();
    expect(await accessibilityProblems()).toEqual([]);
    await user.tab();
    expect(screen.getByRole("button", { name: /Create a vault/ })).toHaveFocus();
    await user.tab();
    expect(screen.getByRole("button", { name: /Open a vault/ })).toHaveFocus();
    await user.tab();
    expect(screen.getByRole("button", { name: /Restore a backup/ })).toHaveFocus();
    await user.keyboard("{Enter}");
    expect(screen.getByRole("heading", { name: "Restore a backup" })).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Back" }));
    expect(screen.getByTestId("start")).toBeVisible();
  });

  test("opens a vault by its path, and says when there is none", async () => {
    const { user, chooseVault } = renderStart("choose", lockedSampleCore());
    await user.click(screen.getByTestId("tile-open"));
    const field = screen.getByLabelText("Vault folder");
    expect(field).toHaveFocus();
    await user.keyboard("/nowhere{Enter}");
    expect(await screen.findByRole("alert")).toHaveTextContent("There is no vault at /nowhere.");
    expect(chooseVault).not.toHaveBeenCalled();
    await user.clear(field);
    await user.type(field, "/home/me/Home{Enter}");
    await waitFor(() => expect(chooseVault).toHaveBeenCalledWith("/home/me/Home.keyreeve"));
  });

  test("recent vaults are one click away", async () => {
    const { user, chooseVault } = renderStart("choose", lockedSampleCore());
    await user.click(screen.getByRole("button", { name: /Team vault/ }));
    expect(chooseVault).toHaveBeenCalledWith(samplePath);
  });
});

describe("creating", () => {
  test("goes from place to passphrase to recovery to the audit key, by keyboard alone", async () => {
    const { user, core, enter } = renderStart("create");
    expect(screen.getByLabelText("Name")).toHaveFocus();
    expect(await accessibilityProblems()).toEqual([]);
    await user.clear(screen.getByLabelText("Name"));
    await user.keyboard("Clinic{Enter}");

    expect(screen.getByLabelText("Passphrase")).toBeVisible();
    expect(await accessibilityProblems()).toEqual([]);
    await fill(user, screen.getByLabelText("Passphrase"), good);
    await fill(user, screen.getByLabelText("The same passphrase again"), good);
    await waitFor(() => expect(screen.getByRole("button", { name: "Create the vault" })).toBeEnabled());
    await user.keyboard("{Enter}");

    expect(await screen.findByRole("heading", { name: "If the passphrase gets lost" })).toHaveFocus();
    expect(core.requests("create_vault")).toEqual([{ path: "/home/me/Clinic.keyreeve", passphrase: good }]);
    expect(screen.queryByRole("button", { name: "Back" })).toBeNull();
    expect(await accessibilityProblems()).toEqual([]);
    expect(screen.getByRole("button", { name: "Continue" })).toBeDisabled();
    await user.click(screen.getByRole("checkbox"));
    await user.click(screen.getByRole("button", { name: "Continue" }));

    expect(screen.getByTestId("audit-public-key")).toHaveTextContent(/^keyreeve\.local\//);
    expect(await accessibilityProblems()).toEqual([]);
    await user.click(screen.getByRole("button", { name: "Copy audit public key" }));
    expect(await navigator.clipboard.readText()).toMatch(/^keyreeve\.local\//);
    await user.click(screen.getByRole("button", { name: "Go to the vault" }));
    expect(enter).toHaveBeenCalledOnce();
  });

  test("offers recovery sheets, which count once their words came back from paper", async () => {
    const { user, core } = await toPassphrase();
    await fill(user, screen.getByLabelText("Passphrase"), good);
    await fill(user, screen.getByLabelText("The same passphrase again"), good);
    await waitFor(() => expect(screen.getByRole("button", { name: "Create the vault" })).toBeEnabled());
    await user.keyboard("{Enter}");
    await user.click(await screen.findByTestId("create-recovery"));
    const form = await screen.findByRole("dialog", { name: "Make recovery shares" });
    await fill(user, within(form).getByLabelText("Your passphrase"), good);
    await user.click(within(form).getByRole("button", { name: "Make" }));
    const sheets = await screen.findByRole("dialog", { name: "Print them, then let them count" });
    expect(core.requests("make_recovery")).toEqual([
      { shares: 3, threshold: 2, proof: { passphrase: good } },
    ]);
    // Closed before a word was typed back: nothing counts, and nothing is claimed.
    await user.click(within(sheets).getByRole("button", { name: "Cancel" }));
    expect(core.requests("add_slot")).toEqual([]);
    expect(screen.getByRole("button", { name: "Continue" })).toBeDisabled();
    await user.click(screen.getByTestId("create-recovery"));
    const again = await screen.findByRole("dialog", { name: "Make recovery shares" });
    await fill(user, within(again).getByLabelText("Your passphrase"), good);
    await user.click(within(again).getByRole("button", { name: "Make" }));
    const printed = await screen.findByRole("dialog", { name: "Print them, then let them count" });
    for (const share of [1, 2, 3]) {
      const field = within(printed).getByTestId(`sheet-check-${share}`);
      const words = within(printed).getByTestId(`sheet-text-${share}`).querySelectorAll("li");
      await fill(user, field, words[Number(field.getAttribute("data-place")) - 1]?.textContent ?? "");
    }
    await user.click(within(printed).getByRole("button", { name: "They are on paper" }));
    expect(await screen.findByTestId("create-recovery-made")).toBeVisible();
    expect(core.requests("add_slot")).toHaveLength(1);
    expect(await accessibilityProblems()).toEqual([]);
    await user.click(screen.getByRole("button", { name: "Continue" }));
    expect(screen.getByTestId("audit-public-key")).toBeVisible();
    expect(document.body.innerHTML).not.toContain("word1x9");
  });

  async function toPassphrase(core = new FakeCore()) {
    const view = renderStart("create", core);
    await view.user.click(screen.getByTestId("create-next"));
    return view;
  }

  test("two passphrases that differ do not make a vault", async () => {
    const { user, core } = await toPassphrase();
    await fill(user, screen.getByLabelText("Passphrase"), good);
    await fill(user, screen.getByLabelText("The same passphrase again"), `${good}x`);
    await waitFor(() => expect(screen.getByRole("button", { name: "Create the vault" })).toBeEnabled());
    await user.keyboard("{Enter}");
    expect(await screen.findByText("The two are not the same.")).toBeVisible();
    expect(core.requests("create_vault")).toEqual([]);
  });

  test("a weak passphrase is accepted only as an expert's choice", async () => {
    const { user, core } = await toPassphrase();
    await fill(user, screen.getByLabelText("Passphrase"), "hello");
    await fill(user, screen.getByLabelText("The same passphrase again"), "hello");
    await screen.findByText("Very weak");
    expect(screen.getByRole("button", { name: "Create the vault" })).toBeDisabled();
    await user.click(screen.getByText("Expert options"));
    await user.click(screen.getByLabelText("Accept a weak passphrase"));
    await user.click(screen.getByRole("button", { name: "Create the vault" }));
    await screen.findByRole("heading", { name: "If the passphrase gets lost" });
    expect(core.requests("create_vault")[0]).toMatchObject({ acceptWeakPassphrase: true });
  });

  test("when something is there already, it says so, and the way back keeps what was typed", async () => {
    const core = new FakeCore();
    core.addVault("/home/me/Keyreeve.keyreeve", good);
    const { user } = await toPassphrase(core);
    await fill(user, screen.getByLabelText("Passphrase"), good);
    await fill(user, screen.getByLabelText("The same passphrase again"), good);
    await waitFor(() => expect(screen.getByRole("button", { name: "Create the vault" })).toBeEnabled());
    await user.click(screen.getByRole("button", { name: "Create the vault" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("Choose another place or name");
    await user.click(screen.getByRole("button", { name: "Back" }));
    expect(screen.getByLabelText("Name")).toHaveValue("Keyreeve");
  });

  test("the last step leads to the first backup, too", async () => {
    const { user, enter } = await toPassphrase();
    await fill(user, screen.getByLabelText("Passphrase"), good);
    await fill(user, screen.getByLabelText("The same passphrase again"), good);
    await waitFor(() => expect(screen.getByRole("button", { name: "Create the vault" })).toBeEnabled());
    await user.click(screen.getByRole("button", { name: "Create the vault" }));
    await user.click(await screen.findByRole("checkbox"));
    await user.click(screen.getByRole("button", { name: "Continue" }));
    await user.click(screen.getByRole("button", { name: "Make an encrypted backup…" }));
    expect(enter.mock.calls[0]?.[1]).toEqual({ section: "backups", intent: "create" });
  });

  test("a folder and a name make a path, on both kinds of system", () => {
    expect(placeOf("/home/me/Keyreeve.keyreeve")).toEqual({ folder: "/home/me", name: "Keyreeve" });
    expect(pathOf({ folder: "/home/me/", name: " Team vault " })).toBe("/home/me/Team vault.keyreeve");
    expect(pathOf(placeOf("C:\\Users\\me\\Keyreeve.keyreeve"))).toBe("C:\\Users\\me\\Keyreeve.keyreeve");
    expect(pathOf(placeOf("/Keyreeve.keyreeve"))).toBe("/Keyreeve.keyreeve");
    expect(pathOf({ folder: "/a", name: "B.keyreeve" })).toBe("/a/B.keyreeve");
    expect(nameProblem("../x")).not.toBeNull();
    expect(nameProblem(".hidden")).not.toBeNull();
    expect(nameProblem(" ")).not.toBeNull();
    expect(nameProblem("Clinic 🏥")).toBeNull();
  });
});

describe("restoring", () => {
  const backup = "/home/me/Backups/b.keyreeve-backup.age";

  async function coreWithBackup() {
    const core = sampleCore();
    await core.invoke("create_backup", { request: { out: backup, backupPassphrase: "for the backup" } });
    await core.invoke("lock_vault");
    return core;
  }

  test("makes a vault of a backup and leads to its door", async () => {
    const { user, core, chooseVault } = renderStart("restore", await coreWithBackup());
    expect(screen.getByLabelText("Backup file")).toHaveFocus();
    expect(await accessibilityProblems()).toEqual([]);
    await user.keyboard(backup);
    await fill(
      user,
      screen.getByLabelText("Backup passphrase", { selector: "input[type=password]" }),
      "for the backup",
    );
    await user.click(screen.getByRole("button", { name: "Restore" }));
    expect(await screen.findByText(/14 keys are in/)).toBeVisible();
    expect(screen.getByText("/home/me/Keyreeve restored.keyreeve")).toBeVisible();
    expect(await accessibilityProblems()).toEqual([]);
    expect(core.requests("restore_backup")[0]).toMatchObject({
      file: backup,
      backupPassphrase: "for the backup",
    });
    await user.click(screen.getByRole("button", { name: "Unlock" }));
    expect(chooseVault).toHaveBeenCalledWith("/home/me/Keyreeve restored.keyreeve");
  });

  test("shows how far it is, and can be cancelled", async () => {
    const core = await coreWithBackup();
    const release = core.hold("work");
    const { user } = renderStart("restore", core);
    await fill(user, screen.getByLabelText("Backup file"), backup);
    await fill(
      user,
      screen.getByLabelText("Backup passphrase", { selector: "input[type=password]" }),
      "for the backup",
    );
    await user.click(screen.getByRole("button", { name: "Restore" }));
    expect(await screen.findByRole("progressbar", { name: "Restoring the backup" })).toBeVisible();
    expect(screen.queryByRole("button", { name: "Back" })).toBeNull();
    await user.click(screen.getByRole("button", { name: "Cancel" }));
    release();
    expect(await screen.findByRole("alert")).toHaveTextContent("Nothing was changed.");
  });

  test("a wrong passphrase is said at its field; a file that is no backup in the panel", async () => {
    const { user } = renderStart("restore", await coreWithBackup());
    await fill(user, screen.getByLabelText("Backup file"), backup);
    const field = screen.getByLabelText("Backup passphrase", { selector: "input[type=password]" });
    await user.type(field, "wrong{Enter}");
    expect(await screen.findByText(/Nothing opens with this passphrase/)).toBeVisible();
    expect(field).toHaveAttribute("aria-invalid", "true");
    await user.clear(screen.getByLabelText("Backup file"));
    await user.type(screen.getByLabelText("Backup file"), "/etc/hosts{Enter}");
    expect(await screen.findByRole("alert")).toHaveTextContent("That is not a backup");
  });

  test("an identity file opens it as well", async () => {
    const core = sampleCore();
    await core.invoke("create_backup", { request: { out: backup, recipients: ["age1x"] } });
    await core.invoke("lock_vault");
    const { user } = renderStart("restore", core);
    await fill(user, screen.getByLabelText("Backup file"), backup);
    await user.click(screen.getByText("Identity file"));
    await user.type(screen.getByRole("textbox", { name: "Identity file" }), "/home/me/key.txt{Enter}");
    await screen.findByText(/14 keys are in/);
    expect(core.requests("restore_backup")[0]).toMatchObject({ identityFile: "/home/me/key.txt" });
  });

  test("an identity file with a passphrase of its own asks for it", async () => {
    const core = sampleCore();
    core.lockedIdentities.set("/home/me/id_ed25519", "for the key");
    await core.invoke("create_backup", { request: { out: backup, recipients: ["age1x"] } });
    await core.invoke("lock_vault");
    const { user } = renderStart("restore", core);
    await user.click(screen.getByLabelText("Backup file"));
    await user.paste(backup);
    await user.click(screen.getByText("Identity file"));
    await user.click(screen.getByRole("textbox", { name: "Identity file" }));
    await user.paste("/home/me/id_ed25519");
    const field = await screen.findByLabelText("Passphrase of the identity file");
    expect(screen.getByRole("button", { name: "Restore" })).toBeDisabled();
    await user.type(field, "wrong{Enter}");
    expect(await screen.findByText(/does not open the identity file/)).toBeVisible();
    expect(field).toHaveAttribute("aria-invalid", "true");
    expect(await accessibilityProblems()).toEqual([]);
    await user.clear(field);
    await user.type(field, "for the key{Enter}");
    await screen.findByText(/14 keys are in/);
    expect(core.requests("restore_backup").at(-1)).toMatchObject({
      identityFile: "/home/me/id_ed25519",
      identityPassphrase: "for the key",
    });
  });
});
