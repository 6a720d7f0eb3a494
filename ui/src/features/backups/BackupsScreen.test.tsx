import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";
import { takeAfterLock } from "../../ipc/afterLock";
import type { FakeCore } from "../../test/fakeCore";
import { accessibilityProblems, fill, renderInVault } from "../../test/render";
import { emptyCore, sampleCore, samplePassphrase } from "../../test/sampleVault";
import { BackupsScreen } from ".";

async function shown(core: FakeCore = sampleCore()) {
  const view = await renderInVault(
    core,
    <main>
      <BackupsScreen />
    </main>,
    {
      place: { section: "backups" },
    },
  );
  return { core, ...view };
}

it("lists backups with what they hold and whether they hold", async () => {
  await shown();
  const list = await screen.findByTestId("backup-list");
  expect(list).toHaveTextContent(/14 keys/);
  expect(list).toHaveTextContent(/Verified/);
  expect(await accessibilityProblems()).toEqual([]);
});

it("teaches when there is none", async () => {
  const { user } = await shown(emptyCore());
  expect(await screen.findByTestId("empty")).toHaveTextContent("No backup yet");
  expect(await accessibilityProblems()).toEqual([]);
  await user.click(within(screen.getByTestId("empty")).getByRole("button", { name: "Back up…" }));
  expect(await screen.findByRole("dialog", { name: /^Back up/ })).toBeVisible();
});

it("says what the core said when it cannot list", async () => {
  const core = sampleCore();
  core.failNext("list_backups", "io");
  await shown(core);
  expect(await screen.findByTestId("error")).toHaveAttribute("data-code", "io");
});

it("backs up with a passphrase typed twice, and says that it was restore-tested", async () => {
  const { user, core } = await shown();
  await user.click(screen.getByTestId("backup-create"));
  const dialog = await screen.findByRole("dialog", { name: "Back up Team vault" });
  const button = within(dialog).getByRole("button", { name: "Back up" });
  const file = within(dialog).getByTestId("backup-file");
  expect((file as HTMLInputElement).value).toMatch(
    /^\/home\/me\/Backups\/Team vault .*\.keyreeve-backup\.age$/,
  );
  await fill(user, within(dialog).getByLabelText("Passphrase of the backup"), "four unrelated words here");
  await fill(user, within(dialog).getByLabelText("Passphrase of the backup, again"), "four unrelated wrods");
  expect(button).toBeDisabled();
  expect(within(dialog).getByText("The two are not the same.")).toBeVisible();
  await user.clear(within(dialog).getByLabelText("Passphrase of the backup, again"));
  await fill(
    user,
    within(dialog).getByLabelText("Passphrase of the backup, again"),
    "four unrelated words here",
  );
  expect(await accessibilityProblems()).toEqual([]);
  await user.click(button);
  expect(await screen.findByTestId("result")).toHaveTextContent("Restore-tested");
  expect(document.body.innerHTML).not.toContain("four unrelated words here");
  expect(core.requests("create_backup")[0]).toEqual(
    expect.objectContaining({ backupPassphrase: "four unrelated words here" }),
  );
});

it("backs up to keys, and asks for the passphrase again for standard files", async () => {
  const { user, core } = await shown();
  await user.click(screen.getByTestId("backup-create"));
  const dialog = await screen.findByRole("dialog");
  await user.click(within(dialog).getByRole("radio", { name: "Opens with keys" }));
  await user.type(
    within(dialog).getByTestId("backup-recipients"),
    "# mine{Enter}age1abc{Enter}ssh-ed25519 AAAA",
  );
  await user.click(within(dialog).getByRole("checkbox", { name: "Put standard files inside" }));
  const button = within(dialog).getByRole("button", { name: "Back up" });
  expect(button).toBeDisabled();
  await fill(user, within(dialog).getByLabelText("Your passphrase"), samplePassphrase);
  await user.click(button);
  await screen.findByTestId("result");
  expect(core.requests("create_backup")[0]).toEqual(
    expect.objectContaining({
      recipients: ["age1abc", "ssh-ed25519 AAAA"],
      withStandardFiles: true,
      proof: { passphrase: samplePassphrase },
    }),
  );
});

it("can be stopped, and says that nothing was changed", async () => {
  const core = sampleCore();
  const { user } = await shown(core);
  await user.click(screen.getByTestId("backup-create"));
  const dialog = await screen.findByRole("dialog");
  await fill(user, within(dialog).getByLabelText("Passphrase of the backup"), "four unrelated words here");
  await fill(
    user,
    within(dialog).getByLabelText("Passphrase of the backup, again"),
    "four unrelated words here",
  );
  const release = core.hold("create_backup");
  await user.click(within(dialog).getByRole("button", { name: "Back up" }));
  await user.click(await within(dialog).findByRole("button", { name: "Stop" }));
  core.failNext("create_backup", "cancelled", "You cancelled it.", "Nothing was changed.");
  release();
  await waitFor(() => expect(core.requests("cancel_job")).toHaveLength(1));
});

it.each(["exists", "disk_full", "read_only"] as const)("shows %s where the file is chosen", async (code) => {
  const core = sampleCore();
  core.failNext("create_backup", code);
  const { user } = await shown(core);
  await user.click(screen.getByTestId("backup-create"));
  const dialog = await screen.findByRole("dialog");
  await fill(user, within(dialog).getByLabelText("Passphrase of the backup"), "four unrelated words here");
  await fill(
    user,
    within(dialog).getByLabelText("Passphrase of the backup, again"),
    "four unrelated words here",
  );
  await user.click(within(dialog).getByRole("button", { name: "Back up" }));
  expect(await within(dialog).findByTestId("error")).toHaveAttribute("data-code", code);
});

it("verifies a backup of the list, and forgets its passphrase", async () => {
  const core = sampleCore();
  core.failNext("verify_backup", "wrong_passphrase", "The passphrase does not open the backup.");
  const { user } = await shown(core);
  await user.click(screen.getByTestId("backup-verify"));
  const dialog = await screen.findByRole("dialog", { name: "Verify a backup" });
  await fill(user, within(dialog).getByLabelText("Backup file"), "/home/me/Backups/team.keyreeve-backup.age");
  await fill(
    user,
    within(dialog).getByLabelText("Backup passphrase", { selector: "input[type=password]" }),
    "wrong",
  );
  await user.click(within(dialog).getByRole("button", { name: "Verify" }));
  expect(await within(dialog).findByText(/The passphrase does not open the backup/)).toBeVisible();
  expect(await accessibilityProblems()).toEqual([]);
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.getByTestId("backup-verify")).toHaveFocus());
});

it("explains what restoring is, and locks before it leads there", async () => {
  const { user, core } = await shown();
  await user.click(screen.getByTestId("backup-restore"));
  const dialog = await screen.findByRole("dialog", { name: "Restore a backup" });
  expect(dialog).toHaveTextContent("into a new vault");
  expect(await accessibilityProblems()).toEqual([]);
  await user.click(within(dialog).getByRole("button", { name: "Lock and restore…" }));
  await waitFor(() => expect(core.requests("lock_vault")).toHaveLength(1));
  expect(takeAfterLock()).toEqual({ locked: false, next: { kind: "restore" } });
});
