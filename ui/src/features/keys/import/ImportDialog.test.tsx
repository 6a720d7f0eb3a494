import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { FakeCore } from "../../../test/fakeCore";
import { accessibilityProblems, fill, renderInVault } from "../../../test/render";
import { found, foundLocked, foundSymmetric } from "../../../test/sampleFound";
import { sampleCore } from "../../../test/sampleVault";
import { withSizes } from "../../../test/sizes";
import { KeysScreen } from "..";

withSizes();

async function openImport(core: FakeCore) {
  const view = await renderInVault(core, <KeysScreen />, { place: { section: "keys" } });
  await view.user.click(await screen.findByTestId("import-keys"));
  const dialog = await screen.findByRole("dialog", { name: "Import keys" });
  return { ...view, dialog };
}

async function chooseFile(core: FakeCore) {
  core.picked = "/home/me/.ssh";
  const view = await openImport(core);
  await view.user.click(within(view.dialog).getByRole("button", { name: "Choose files…" }));
  await within(view.dialog).findByTestId("import-summary");
  return view;
}

const button = (dialog: HTMLElement, name: string) => within(dialog).getByRole("button", { name });

describe("choosing what to look into", () => {
  it("shows what is found before anything is stored", async () => {
    const core = sampleCore();
    core.found = {
      items: [
        found(0),
        found(1, { outcome: "duplicate", problem: "the vault has it as “deploy”", name: "copy" }),
        found(2, {
          outcome: "problem",
          problem: "RSA with 1024 bits is too weak",
          kind: "other",
          name: "old",
        }),
        found(3, {
          outcome: "unsupported",
          problem: "PuTTY: not yet",
          kind: "other",
          algorithm: null,
          purpose: null,
          name: "k.ppk",
        }),
      ],
      skipped: 2,
    };
    const { dialog } = await chooseFile(core);
    expect(core.requests("stage_import")).toEqual([expect.objectContaining({ paths: ["/home/me/.ssh"] })]);
    expect(within(dialog).getByTestId("import-summary")).toHaveTextContent(
      "1 new · 1 duplicate · 1 problem · 1 not kept · 2 files without a key",
    );
    expect(within(dialog).getByText("RSA with 1024 bits is too weak.")).toBeVisible();
    expect(within(dialog).getByText("The vault has it as “deploy”.")).toBeVisible();
    expect(core.requests("import_keys")).toEqual([]);
    expect(await accessibilityProblems()).toEqual([]);
  });

  it("takes what is dropped on the list of keys, and on the dialog", async () => {
    const core = sampleCore();
    core.found = { items: [found(0)], skipped: 0 };
    const { user } = await renderInVault(core, <KeysScreen />, { place: { section: "keys" } });
    await screen.findByTestId("import-keys");
    core.emit("tauri://drag-drop", { paths: ["/tmp/a", "/tmp/b"] });
    const dialog = await screen.findByRole("dialog", { name: "Import keys" });
    await within(dialog).findByTestId("import-row-0");
    await user.click(button(dialog, "Choose others"));
    core.emit("tauri://drag-enter", { paths: ["/tmp/c"] });
    await waitFor(() => expect(screen.getByTestId("import-sources")).toHaveAttribute("data-over", "true"));
    core.emit("tauri://drag-drop", { paths: ["/tmp/c"] });
    await within(dialog).findByTestId("import-row-0");
    const paths = core.requests("stage_import").map(({ paths: asked }) => asked);
    expect(paths).toEqual([["/tmp/a", "/tmp/b"], ["/tmp/c"]]);
  });

  it("takes a path that is typed", async () => {
    const core = sampleCore();
    const { user, dialog } = await openImport(core);
    await user.type(within(dialog).getByLabelText("Path of a file or folder"), "~/.ssh {Enter}");
    expect(await within(dialog).findByText("There is no key in it.")).toBeVisible();
    expect(core.requests("stage_import")).toEqual([expect.objectContaining({ paths: ["~/.ssh"] })]);
  });

  it("hands what is pasted to the core and shows none of it", async () => {
    const core = sampleCore();
    core.found = { items: [found(0, { file: "" })], skipped: 0 };
    const { dialog } = await openImport(core);
    const secret = "-----BEGIN PRIVATE KEY-----\nMC4CAQ\n-----END PRIVATE KEY-----";
    fireEvent.paste(document, { clipboardData: { getData: () => secret } });
    await within(dialog).findByTestId("import-row-0");
    expect(core.requests("stage_import")).toEqual([expect.objectContaining({ text: secret })]);
    expect(document.body.innerHTML).not.toContain("MC4CAQ");
  });

  it("says in its place why a file cannot be looked into, and lets go of what it has when it closes", async () => {
    const core = sampleCore();
    core.failNext("stage_import", "invalid_request", "At most 10000 files are looked at at once.");
    core.picked = "/";
    const { user, dialog } = await openImport(core);
    await user.click(button(dialog, "Choose a folder…"));
    expect(await within(dialog).findByTestId("error")).toHaveAttribute("data-code", "invalid_request");
    await user.click(button(dialog, "Cancel"));
    await waitFor(() => expect(core.requests("discard_import")).toHaveLength(1));
  });
});

describe("encrypted files", () => {
  it("are opened by a password that is tried on all of them and forgotten", async () => {
    const core = sampleCore();
    core.found = { items: [foundLocked(0), foundLocked(1, { name: "id_home" })], skipped: 0 };
    core.opens.set("right", [found(0, { name: "id_work" })]);
    const { user, dialog } = await chooseFile(core);
    expect(button(dialog, "Import")).toBeDisabled();
    const field = within(dialog).getByTestId("import-password-field");
    await user.type(field, "wrong{Enter}");
    expect(await within(dialog).findByText("It opens none of them.")).toBeVisible();
    expect(field).toHaveValue("");
    await fill(user, field, "right");
    await user.click(button(dialog, "Open"));
    await within(dialog).findByText("1 new · 1 problem");
    expect(within(dialog).getByText("Password of id_home")).toBeVisible();
    expect(button(dialog, "Import 1 key")).toBeEnabled();
    expect(await accessibilityProblems()).toEqual([]);
  });
});

describe("bringing keys in", () => {
  it("stores the chosen ones under their names, purposes and algorithms", async () => {
    const core = sampleCore();
    core.found = { items: [found(0), foundSymmetric(1), foundSymmetric(2, { name: "keys 2" })], skipped: 0 };
    const { user, dialog } = await chooseFile(core);
    await user.click(within(dialog).getByRole("checkbox", { name: "Import keys 2" }));
    const name = within(dialog).getByRole("textbox", { name: "Name of id_ed25519" });
    await user.clear(name);
    expect(button(dialog, "Import 2 keys")).toBeDisabled();
    await fill(user, name, "bastion");
    await user.click(within(dialog).getByRole("combobox", { name: "Algorithm of keys" }));
    await user.click(await screen.findByRole("option", { name: "HMAC-SHA-256" }));
    expect(within(dialog).getByRole("combobox", { name: "Purpose of keys" })).toHaveValue("MAC");
    await user.click(button(dialog, "Import 2 keys"));
    await screen.findByRole("dialog", { name: "2 keys imported" });
    expect(core.requests("import_keys")).toEqual([
      expect.objectContaining({
        choices: [
          { number: 0, name: "bastion", algorithm: "ed25519", purpose: "authenticate" },
          { number: 1, name: "keys", algorithm: "hmac-sha256", purpose: "mac" },
        ],
        exportable: true,
      }),
    ]);
    await user.click(screen.getByRole("button", { name: "Done" }));
    expect(await screen.findByTestId("key-row-bastion")).toBeVisible();
  });

  it("keeps everything as it was when the core refuses", async () => {
    const core = sampleCore();
    core.found = { items: [found(0)], skipped: 0 };
    core.failNext("import_keys", "name_taken", "There is already a key named “id_ed25519”.");
    const { user, dialog } = await chooseFile(core);
    await user.click(button(dialog, "Import 1 key"));
    expect(await within(dialog).findByTestId("error")).toHaveAttribute("data-code", "name_taken");
    await user.click(button(dialog, "Import 1 key"));
    await screen.findByRole("dialog", { name: "1 key imported" });
  });

  it("is not offered to an auditor", async () => {
    const core = sampleCore("auditor");
    await renderInVault(core, <KeysScreen />, { place: { section: "keys" } });
    await screen.findByTestId("keys-screen");
    expect(screen.queryByTestId("import-keys")).toBeNull();
    core.emit("tauri://drag-drop", { paths: ["/tmp/a"] });
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(core.requests("stage_import")).toEqual([]);
  });
});
