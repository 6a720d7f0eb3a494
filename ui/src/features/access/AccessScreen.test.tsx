import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";
import type { SessionView } from "../../ipc/bindings";
import type { FakeCore } from "../../test/fakeCore";
import { accessibilityProblems, fill, renderInVault } from "../../test/render";
import { sampleCore, samplePassphrase, samplePath } from "../../test/sampleVault";
import { AccessScreen } from ".";

const NEW = "plum harbour violet ladder";

async function shown(core: FakeCore = sampleCore()) {
  const view = await renderInVault(
    core,
    <main>
      <AccessScreen />
    </main>,
    { place: { section: "access" } },
  );
  await screen.findByTestId("slot-list");
  return { core, ...view };
}

it("lists the ways in, says which one is in use, and that the last administrator stays", async () => {
  await shown();
  const list = screen.getByTestId("slot-list");
  expect(list).toHaveTextContent("in use now");
  expect(list).toHaveTextContent("The last administrator cannot be removed");
  expect(screen.getByRole("button", { name: /^Remove/ })).toBeDisabled();
  expect(await accessibilityProblems()).toEqual([]);
});

it("adds a passphrase, and leaves neither passphrase behind", async () => {
  const { user, core } = await shown();
  await user.click(screen.getByTestId("slot-add"));
  const dialog = await screen.findByRole("dialog", { name: "Add a passphrase" });
  await fill(user, within(dialog).getByTestId("slot-name"), "Deputy");
  await fill(user, within(dialog).getByLabelText("New passphrase"), NEW);
  await fill(user, within(dialog).getByLabelText("New passphrase, again"), NEW);
  const button = within(dialog).getByRole("button", { name: "Add" });
  expect(button).toBeDisabled();
  await fill(user, within(dialog).getByLabelText("Your passphrase"), samplePassphrase);
  expect(await accessibilityProblems()).toEqual([]);
  await user.click(button);
  expect(await screen.findByTestId("slot-Deputy")).toBeVisible();
  expect(document.body.innerHTML).not.toContain(NEW);
  expect(core.requests("add_slot")[0]).toEqual(
    expect.objectContaining({
      role: "administrator",
      parts: [{ kind: "passphrase", passphrase: NEW }],
      proof: { passphrase: samplePassphrase },
    }),
  );
  await waitFor(() => expect(screen.getByTestId("slot-add")).toHaveFocus());
});

it("shows that a passphrase is too weak", async () => {
  const core = sampleCore();
  core.failNext("add_slot", "weak_passphrase");
  const { user } = await shown(core);
  await user.click(screen.getByTestId("slot-add"));
  const dialog = await screen.findByRole("dialog");
  await fill(user, within(dialog).getByTestId("slot-name"), "Deputy");
  await user.type(within(dialog).getByLabelText("New passphrase"), "abc");
  await user.type(within(dialog).getByLabelText("New passphrase, again"), "abc");
  await fill(user, within(dialog).getByLabelText("Your passphrase"), samplePassphrase);
  await user.click(within(dialog).getByRole("button", { name: "Add" }));
  expect(await within(dialog).findByTestId("error")).toHaveAttribute("data-code", "weak_passphrase");
});

it("changes a passphrase, and says at the field when the old one is wrong", async () => {
  const core = sampleCore();
  core.failNext("change_passphrase", "wrong_passphrase");
  const { user } = await shown(core);
  await user.click(screen.getByRole("button", { name: /^Change the passphrase/ }));
  const dialog = await screen.findByRole("dialog", { name: /^Change the passphrase/ });
  expect(dialog).toHaveTextContent("older copies");
  await fill(user, within(dialog).getByLabelText("Your passphrase"), "wrong");
  await fill(user, within(dialog).getByLabelText("New passphrase"), NEW);
  await fill(user, within(dialog).getByLabelText("New passphrase, again"), NEW);
  await user.click(within(dialog).getByRole("button", { name: "Change" }));
  expect(await within(dialog).findByText("That is not the passphrase.")).toBeVisible();
  expect(within(dialog).getByLabelText("Your passphrase")).toHaveFocus();
  await user.keyboard("r");
  expect(within(dialog).getByLabelText("Your passphrase")).toHaveValue("r");
  expect(await accessibilityProblems()).toEqual([]);
});

it("tests a way in", async () => {
  const { user } = await shown();
  await user.click(screen.getByRole("button", { name: /^Test/ }));
  const dialog = await screen.findByRole("dialog", { name: /^Test/ });
  await fill(user, within(dialog).getByLabelText(/^Passphrase of/), samplePassphrase);
  await user.click(within(dialog).getByRole("button", { name: "Test" }));
  expect(await screen.findByTestId("result")).toHaveTextContent("opens the vault");
  expect(document.body.innerHTML).not.toContain(samplePassphrase);
});

it("removes a second way in, and shows the core's refusal with its cure", async () => {
  const { user, core } = await shown();
  await core.invoke("add_slot", {
    request: {
      name: "Deputy",
      role: "administrator",
      parts: [{ kind: "passphrase", passphrase: NEW }],
      proof: { passphrase: samplePassphrase },
    },
  });
  await user.click(screen.getByTestId("slot-add"));
  await user.keyboard("{Escape}");
  await renderInVault(
    core,
    <main>
      <AccessScreen />
    </main>,
    { place: { section: "access" } },
  );
  const deputy = await screen.findByTestId("slot-Deputy");
  core.failNext(
    "remove_slot",
    "last_slot",
    "It is the last way in.",
    "Add another administrator passphrase first.",
  );
  await user.click(within(deputy).getByRole("button", { name: /^Remove/ }));
  const dialog = await screen.findByRole("dialog", { name: "Remove “Deputy”" });
  await fill(user, within(dialog).getByLabelText("Your passphrase"), samplePassphrase);
  await user.click(within(dialog).getByRole("button", { name: "Remove" }));
  expect(await within(dialog).findByTestId("error")).toHaveTextContent(
    "Add another administrator passphrase first.",
  );
  await user.click(within(dialog).getByRole("button", { name: "Remove" }));
  await waitFor(() => expect(screen.queryByTestId("slot-Deputy")).not.toBeInTheDocument());
});

it("removes a way in and, unless told otherwise, rotates the material key with it", async () => {
  const core = sampleCore();
  const { user, unmount } = await shown(core);
  for (const name of ["Deputy", "Spare"]) {
    await core.invoke("add_slot", {
      request: {
        name,
        role: "administrator",
        parts: [{ kind: "passphrase", passphrase: NEW }],
        proof: { passphrase: samplePassphrase },
      },
    });
  }
  expect(screen.getByTestId("material-key")).toHaveTextContent("never rotated");
  unmount();
  const remove = async (name: string, rotate: boolean) => {
    const dialog = await screen.findByRole("dialog", { name: `Remove “${name}”` });
    expect(await accessibilityProblems()).toEqual([]);
    if (!rotate) await user.click(within(dialog).getByLabelText("Rotate the material key too"));
    expect(dialog).toHaveTextContent(rotate ? "no key's material" : "still reaches the material");
    await fill(user, within(dialog).getByLabelText("Your passphrase"), samplePassphrase);
    await user.click(within(dialog).getByRole("button", { name: "Remove" }));
    await waitFor(() => expect(screen.queryByTestId(`slot-${name}`)).not.toBeInTheDocument());
  };
  await renderInVault(
    core,
    <main>
      <AccessScreen />
    </main>,
    { place: { section: "access" } },
  );
  await user.click(within(await screen.findByTestId("slot-Deputy")).getByRole("button", { name: /^Remove/ }));
  await remove("Deputy", false);
  await user.click(within(screen.getByTestId("slot-Spare")).getByRole("button", { name: /^Remove/ }));
  await remove("Spare", true);
  expect(core.requests("remove_slot")).toEqual([
    expect.not.objectContaining({ rotateMaterialKey: true }),
    expect.objectContaining({ rotateMaterialKey: true }),
  ]);
});

it("rotates the material key, and says what is still open", async () => {
  const core = sampleCore();
  core.failNext(
    "rotate_material_key",
    "slot_too_old",
    "The slot “Old” is of an earlier Keyreeve.",
    "Change it.",
  );
  const { user } = await shown(core);
  await user.click(screen.getByRole("button", { name: "Rotate the material key…" }));
  const dialog = await screen.findByRole("dialog", { name: "Rotate the material key" });
  expect(await accessibilityProblems()).toEqual([]);
  await fill(user, within(dialog).getByLabelText("Reason, for the audit log"), "Deputy left");
  await fill(user, within(dialog).getByLabelText("Your passphrase"), samplePassphrase);
  await user.click(within(dialog).getByRole("button", { name: "Rotate" }));
  expect(await within(dialog).findByTestId("error")).toHaveTextContent("Change it.");
  await user.click(within(dialog).getByRole("button", { name: "Rotate" }));
  expect(await screen.findByTestId("result")).toHaveTextContent("wrapped anew");
  expect(core.requests("rotate_material_key")[1]).toMatchObject({
    reason: "Deputy left",
    proof: { passphrase: samplePassphrase },
  });
  await user.click(screen.getByRole("button", { name: "Done" }));
  expect(screen.getByTestId("material-key")).not.toHaveTextContent("never");
  expect(document.body.innerHTML).not.toContain(samplePassphrase);
});

it("makes recovery shares that count only once their words came back from paper", async () => {
  const { user, core } = await shown();
  await user.click(screen.getByTestId("slot-add-other"));
  await user.click(await screen.findByTestId("slot-add-recovery"));
  const form = await screen.findByRole("dialog", { name: "Make recovery shares" });
  await fill(user, within(form).getByLabelText("Your passphrase"), samplePassphrase);
  await user.click(within(form).getByRole("button", { name: "Make" }));
  const sheets = await screen.findByRole("dialog", { name: "Print them, then let them count" });
  expect(core.requests("make_recovery")).toEqual([
    { shares: 3, threshold: 2, proof: { passphrase: samplePassphrase } },
  ]);
  expect(core.requests("add_slot")).toEqual([]);
  const button = within(sheets).getByRole("button", { name: "They are on paper" });
  for (const share of [1, 2, 3]) {
    expect(button).toBeDisabled();
    const field = within(sheets).getByTestId(`sheet-check-${share}`);
    const place = Number(field.getAttribute("data-place"));
    const words = within(sheets).getByTestId(`sheet-text-${share}`).querySelectorAll("li");
    await fill(user, field, words[place - 1]?.textContent ?? "");
  }
  await user.click(button);
  expect(await screen.findByTestId("slot-Recovery shares")).toBeVisible();
  expect(document.body.innerHTML).not.toContain("word1x9");
});

it("adds the keyring, and says what it does not protect against", async () => {
  const { user, core } = await shown();
  await user.click(screen.getByTestId("slot-add-other"));
  await user.click(await screen.findByTestId("slot-add-keyring"));
  const dialog = await screen.findByRole("dialog", { name: "Add the keyring of this computer" });
  expect(dialog).toHaveTextContent("Any program that runs as you can ask");
  await fill(user, within(dialog).getByTestId("slot-name"), "Desk");
  await fill(user, within(dialog).getByLabelText("Your passphrase"), samplePassphrase);
  const answer = core.hold("add_slot");
  await user.click(within(dialog).getByRole("button", { name: "Add" }));
  await user.click(await within(dialog).findByTestId("slot-stop-waiting"));
  expect(core.requests("cancel_waiting")).toHaveLength(1);
  expect(dialog).toHaveTextContent("The keyring has not answered yet.");
  expect(await accessibilityProblems()).toEqual([]);
  answer();
  const desk = await screen.findByTestId("slot-Desk");
  expect(desk).toHaveTextContent("Keyring of this computer");
  expect(within(desk).queryByRole("button", { name: /^Change/ })).not.toBeInTheDocument();
  expect(core.requests("add_slot")[0]).toMatchObject({ role: "operator", parts: [{ kind: "os_keyring" }] });
});

it("leads from recovery to a new passphrase and new sheets, and only then ends the old ones", async () => {
  const core = sampleCore();
  const shares: [string, string] = ["alpha one", "beta two"];
  core.openWithRecovery(samplePath, shares);
  const { user } = await renderInVault(
    core,
    <main>
      <AccessScreen />
    </main>,
    { place: { section: "access", intent: "recovered" } },
  );
  const dialog = await screen.findByRole("dialog", { name: "After recovery" });
  const button = within(dialog).getByRole("button", { name: "Set it and make new sheets" });
  await fill(user, within(dialog).getByLabelText("New passphrase"), NEW);
  await fill(user, within(dialog).getByLabelText("New passphrase, again"), NEW);
  await fill(user, within(dialog).getByTestId("recovered-recovery-1"), "alpha one");
  expect(button).toBeDisabled();
  await fill(user, within(dialog).getByTestId("recovered-recovery-2"), "beta two");
  expect(await accessibilityProblems()).toEqual([]);
  core.failNext("change_passphrase", "recovery_malformed", "Share 2 has a slip in it.", "Correct it.");
  await user.click(button);
  expect(await within(dialog).findByTestId("error")).toHaveTextContent("Correct it.");
  await user.click(button);
  const sheets = await screen.findByRole("dialog", { name: "Print them, then let them count" });
  expect(core.requests("change_passphrase")[1]).toMatchObject({ proof: { recovery: shares } });
  expect(core.requests("make_recovery")).toEqual([{ shares: 3, threshold: 2, proof: { passphrase: NEW } }]);
  expect(core.requests("remove_slot")).toEqual([]);
  for (const share of [1, 2, 3]) {
    const field = within(sheets).getByTestId(`sheet-check-${share}`);
    const words = within(sheets).getByTestId(`sheet-text-${share}`).querySelectorAll("li");
    await fill(user, field, words[Number(field.getAttribute("data-place")) - 1]?.textContent ?? "");
  }
  await user.click(within(sheets).getByRole("button", { name: "They are on paper" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
  expect(core.requests("add_slot")).toMatchObject([{ name: "Recovery shares", proof: { passphrase: NEW } }]);
  expect(core.requests("remove_slot")).toHaveLength(1);
  // The old sheets are no way in any more: nothing is left to be done.
  await waitFor(() => expect(screen.queryByTestId("recovered")).not.toBeInTheDocument());
  expect(document.body.innerHTML).not.toContain(NEW);
});

it("tests the way in that the overview led to", async () => {
  const core = sampleCore();
  const slot = core.openWithRecovery(samplePath, ["alpha one", "beta two"]);
  await renderInVault(
    core,
    <main>
      <AccessScreen />
    </main>,
    { place: { section: "access", intent: "test", slot: slot.id } },
  );
  expect(await screen.findByRole("dialog", { name: "Test “Recovery shares”" })).toBeVisible();
});

it("offers to make a passphrase costlier to guess where it is much cheaper than it would be today", async () => {
  const core = sampleCore();
  const { session } = (await core.invoke("current_session")) as { session: SessionView };
  const { unmount } = await shown(core);
  expect(screen.queryByRole("button", { name: /^Strengthen/ })).toBeNull();
  unmount();
  core.weakSlots.add(session.slot.id);
  const { user } = await shown(core);
  await user.click(await screen.findByRole("button", { name: /^Strengthen/ }));
  const dialog = await screen.findByRole("dialog", { name: /costlier to guess$/ });
  expect(await accessibilityProblems()).toEqual([]);
  await fill(user, within(dialog).getByLabelText(/^Passphrase of/), "wrong");
  await user.click(within(dialog).getByRole("button", { name: "Strengthen" }));
  expect(await within(dialog).findByText("That is not its passphrase.")).toBeVisible();
  await user.clear(within(dialog).getByLabelText(/^Passphrase of/));
  await fill(user, within(dialog).getByLabelText(/^Passphrase of/), samplePassphrase);
  await user.click(within(dialog).getByRole("button", { name: "Strengthen" }));
  await waitFor(() => expect(screen.queryByRole("button", { name: /^Strengthen/ })).toBeNull());
  expect(document.body.innerHTML).not.toContain(samplePassphrase);
});
