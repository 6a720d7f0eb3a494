import { act, screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";
import type { CardApplicationView, CardReaderView, ErrorView } from "../../ipc/bindings";
import type { FakeCore } from "../../test/fakeCore";
import { accessibilityProblems, fill, renderInVault } from "../../test/render";
import { lockedSampleCore, sampleCore, samplePassphrase, samplePath } from "../../test/sampleVault";
import { AccessScreen } from ".";

const PIN = "123456";
const badge: CardApplicationView = {
  application: "piv",
  serial: "0a0b0c0d6b657972656576652d726967",
  pinSet: true,
  triesLeft: 3,
  adminTriesLeft: null,
  makes: [],
  key: "p256",
  usable: true,
  touch: false,
  pinPad: null,
};
const token: CardApplicationView = {
  ...badge,
  application: "openpgp",
  serial: "0000:0A0B0C0D",
  key: "x25519",
};
const missing: ErrorView = {
  code: "card_missing",
  message: "No card is in any reader.",
  cure: "Put the card in.",
};

function reader(...applications: CardApplicationView[]): CardReaderView {
  return { name: "Virtual PCD 00 00", card: { atr: "3b80", applications }, problem: null };
}

async function shown(core: FakeCore) {
  const view = await renderInVault(
    core,
    <main>
      <AccessScreen />
    </main>,
    { place: { section: "access" } },
  );
  await screen.findByTestId("slot-list");
  return view;
}

async function addCard(core: FakeCore) {
  const { user } = await shown(core);
  await user.click(screen.getByTestId("slot-add-other"));
  await user.click(await screen.findByTestId("slot-add-card"));
  return { user, dialog: within(await screen.findByRole("dialog", { name: "Add a smartcard" })) };
}

it("waits for a card, and adds the one that is put in, with its tries said before its PIN is typed", async () => {
  const core = sampleCore();
  core.seeCards({ problem: missing });
  const { user, dialog } = await addCard(core);
  expect(await dialog.findByTestId("cards-problem")).toHaveTextContent("Put the card in.");
  expect(dialog.queryByLabelText("PIN of the card")).toBeNull();
  expect(await accessibilityProblems()).toEqual([]);
  act(() => core.seeCards({ problem: null, readers: [reader(badge)] }));
  expect(dialog.queryByTestId("cards-problem")).toBeNull();
  expect(dialog.getByLabelText("PIN of the card")).toHaveAccessibleDescription("3 tries left");
  expect(await accessibilityProblems()).toEqual([]);
  await fill(user, dialog.getByLabelText("PIN of the card"), PIN);
  await fill(user, dialog.getByTestId("slot-name"), "Badge");
  await fill(user, dialog.getByLabelText("Your passphrase"), samplePassphrase);
  await user.click(dialog.getByRole("button", { name: "Add" }));
  expect(await screen.findByTestId("slot-Badge")).toHaveTextContent(/PIV card 0a0b0c0d.….6967/);
  expect(core.requests("add_slot")[0]).toEqual({
    name: "Badge",
    role: "operator",
    parts: [{ kind: "piv_card", serial: badge.serial, pin: PIN }],
    proof: { passphrase: samplePassphrase },
  });
  expect(document.body.innerHTML).not.toContain(PIN);
  await waitFor(() => expect(core.watchesCards).toBe(false));
});

it("lets a card without a key make one, after a warning, and adds it", async () => {
  const core = sampleCore();
  core.seeCards({ readers: [reader({ ...badge, key: null, usable: false, makes: ["p256", "rsa-2048"] })] });
  const { user, dialog } = await addCard(core);
  expect(await dialog.findByText(/no copy of it exists anywhere/)).toBeVisible();
  expect(dialog.getByText(/the card can make one/)).toBeVisible();
  expect(dialog.getByTestId("slot-card-kind")).toHaveValue("P-256");
  expect(dialog.getByLabelText("Management key of the card")).toHaveAccessibleDescription(/empty/);
  expect(await accessibilityProblems()).toEqual([]);
  await user.click(dialog.getByTestId("slot-card-kind"));
  await user.click(await screen.findByRole("option", { name: "RSA-2048" }));
  await fill(user, dialog.getByLabelText("PIN of the card"), PIN);
  await fill(user, dialog.getByTestId("slot-name"), "Badge");
  await fill(user, dialog.getByLabelText("Your passphrase"), samplePassphrase);
  await user.click(dialog.getByRole("button", { name: "Make the key and add" }));
  await screen.findByTestId("slot-Badge");
  expect(core.requests("make_card_key")).toEqual([
    {
      application: "piv",
      serial: badge.serial,
      kind: "rsa-2048",
      pin: PIN,
      authority: "",
      proof: { passphrase: samplePassphrase },
    },
  ]);
  expect(core.requests("add_slot")[0]).toMatchObject({
    parts: [{ kind: "piv_card", serial: badge.serial, pin: PIN }],
  });
});

it("says a wrong admin PIN at its field, which is emptied, and makes no way in", async () => {
  const core = sampleCore();
  const empty = { ...token, key: null, usable: false, makes: ["x25519"], adminTriesLeft: 1 };
  core.seeCards({ readers: [reader(empty)] });
  core.failNext("make_card_key", "admin_pin_wrong", "The admin PIN is wrong; no try is left.");
  const { user, dialog } = await addCard(core);
  const admin = await dialog.findByLabelText("Admin PIN of the card");
  expect(admin).toHaveAccessibleDescription("One try left: another wrong PIN blocks the card.");
  await fill(user, dialog.getByLabelText("PIN of the card"), PIN);
  await fill(user, dialog.getByTestId("slot-name"), "Token");
  await fill(user, dialog.getByLabelText("Your passphrase"), samplePassphrase);
  expect(dialog.getByRole("button", { name: "Make the key and add" })).toBeDisabled();
  await fill(user, admin, "12345678");
  await user.click(dialog.getByRole("button", { name: "Make the key and add" }));
  expect(await dialog.findByText(/The admin PIN is wrong; no try is left/)).toBeVisible();
  expect(admin).toHaveValue("");
  expect(admin).toHaveFocus();
  expect(core.requests("add_slot")).toEqual([]);
  expect(await accessibilityProblems()).toEqual([]);
  act(() => core.seeCards({ readers: [reader({ ...empty, adminTriesLeft: 0 })] }));
  expect(dialog.getByText(/its admin PIN, which making one needs, is blocked/)).toBeVisible();
});

it("has no field for PINs that are typed on the reader", async () => {
  const core = sampleCore();
  const pinPad = "Virtual PCD 00 00";
  const empty = { ...token, key: null, usable: false, makes: ["x25519"], adminTriesLeft: 2, pinPad };
  core.seeCards({ readers: [reader(empty)] });
  const { user, dialog } = await addCard(core);
  expect(await dialog.findByTestId("slot-card-pad")).toHaveTextContent("once you go on.3 tries left");
  expect(dialog.getByTestId("slot-card-admin-pad")).toHaveTextContent("2 tries left");
  expect(dialog.queryByLabelText(/PIN of/)).toBeNull();
  expect(await accessibilityProblems()).toEqual([]);
  await fill(user, dialog.getByTestId("slot-name"), "Token");
  await fill(user, dialog.getByLabelText("Your passphrase"), samplePassphrase);
  await user.click(dialog.getByRole("button", { name: "Make the key and add" }));
  await screen.findByTestId("slot-Token");
  expect(core.requests("make_card_key")[0]).toMatchObject({ pin: "", authority: "" });
  expect(core.requests("add_slot")[0]).toMatchObject({ parts: [{ kind: "openpgp_card", pin: "" }] });
});

it("goes on with the key that the card made, where it did not become a way in", async () => {
  const core = sampleCore();
  core.seeCards({ readers: [reader({ ...badge, key: null, usable: false, makes: ["p256"] })] });
  core.failNext("add_slot", "card_removed", "The card was pulled out while it was in use.");
  const { user, dialog } = await addCard(core);
  await fill(user, await dialog.findByLabelText("PIN of the card"), PIN);
  await fill(user, dialog.getByTestId("slot-name"), "Badge");
  await fill(user, dialog.getByLabelText("Your passphrase"), samplePassphrase);
  await user.click(dialog.getByRole("button", { name: "Make the key and add" }));
  expect(await dialog.findByText(/The card was pulled out/)).toBeVisible();
  await user.click(dialog.getByRole("button", { name: "Add" }));
  await screen.findByTestId("slot-Badge");
  expect(core.requests("make_card_key")).toHaveLength(1);
});

it("lets one of several cards be chosen, and says which cannot be and why", async () => {
  const core = sampleCore();
  core.seeCards({
    readers: [
      reader(
        badge,
        { ...token, key: null, usable: false },
        { ...token, serial: "0000:00000009", pinSet: false },
      ),
      { ...reader({ ...token, serial: "0000:00000007" }), name: "Second" },
    ],
  });
  const { user, dialog } = await addCard(core);
  const choices = await dialog.findAllByRole("radio");
  expect(choices).toHaveLength(4);
  expect(choices[1]).toBeDisabled();
  expect(choices[2]).toBeDisabled();
  expect(dialog.getByText(/It has no PIN yet/)).toBeVisible();
  expect(dialog.getByText("It has no decryption key.")).toBeVisible();
  expect(dialog.queryByLabelText("PIN of the card")).toBeNull();
  await user.click(dialog.getByRole("radio", { name: /0000:00000007/ }));
  expect(dialog.getByLabelText("PIN of the card")).toBeVisible();
  expect(await accessibilityProblems()).toEqual([]);
});

it("a wrong PIN is said at its field, which is emptied", async () => {
  const core = sampleCore();
  core.seeCards({ readers: [reader(token)] });
  core.failNext("add_slot", "pin_wrong", "The PIN is wrong; 2 tries are left.");
  const { user, dialog } = await addCard(core);
  await fill(user, await dialog.findByLabelText("PIN of the card"), "000000");
  await fill(user, dialog.getByTestId("slot-name"), "Token");
  await fill(user, dialog.getByLabelText("Your passphrase"), samplePassphrase);
  await user.click(dialog.getByRole("button", { name: "Add" }));
  expect(await dialog.findByText(/The PIN is wrong; 2 tries are left/)).toBeVisible();
  expect(dialog.getByLabelText("PIN of the card")).toHaveValue("");
  expect(dialog.getByRole("button", { name: "Add" })).toBeDisabled();
  expect(await accessibilityProblems()).toEqual([]);
});

it("adds a card that is asked for together with a passphrase and the keyring", async () => {
  const core = sampleCore();
  core.seeCards({ readers: [reader(token)] });
  const { user, dialog } = await addCard(core);
  const second = "plum harbour violet ladder";
  await fill(user, await dialog.findByLabelText("PIN of the card"), PIN);
  await fill(user, dialog.getByTestId("slot-name"), "Both");
  await user.click(dialog.getByTestId("slot-with-passphrase"));
  await user.click(dialog.getByTestId("slot-with-keyring"));
  await fill(user, dialog.getByLabelText("New passphrase"), second);
  await fill(user, dialog.getByLabelText("New passphrase, again"), second);
  await fill(user, dialog.getByLabelText("Your passphrase"), samplePassphrase);
  expect(await accessibilityProblems()).toEqual([]);
  await user.click(dialog.getByRole("button", { name: "Add" }));
  await screen.findByTestId("slot-Both");
  expect(core.requests("add_slot")[0]).toMatchObject({
    parts: [
      { kind: "passphrase", passphrase: second },
      { kind: "openpgp_card", serial: token.serial, pin: PIN },
      { kind: "os_keyring" },
    ],
  });
});

it("tests a card, with the same care", async () => {
  const core = lockedSampleCore();
  const slot = core.addCardSlot(samplePath, "Token", PIN).id;
  core.openVault(samplePath);
  core.seeCards({ slots: [{ slot, card: null, problem: missing }] });
  const { user } = await shown(core);
  await user.click(within(screen.getByTestId("slot-Token")).getByRole("button", { name: /^Test/ }));
  const dialog = within(await screen.findByRole("dialog"));
  expect(await dialog.findByTestId("test-card-problem")).toHaveAttribute("data-code", "card_missing");
  act(() => core.seeCards({ slots: [{ slot, card: token, problem: null }] }));
  await user.type(dialog.getByLabelText("PIN of the card"), "000000{Enter}");
  expect(await dialog.findByText(/The PIN is wrong/)).toBeVisible();
  expect(dialog.getByLabelText("PIN of the card")).toHaveValue("");
  expect(await accessibilityProblems()).toEqual([]);
  await user.type(dialog.getByLabelText("PIN of the card"), `${PIN}{Enter}`);
  expect(await screen.findByTestId("result")).toHaveTextContent("opens the vault");
});

it("asks for the PIN again where the vault was opened with a card, or for a passphrase", async () => {
  const core = lockedSampleCore();
  const opened = core.addCardSlot(samplePath, "Token", PIN);
  opened.role = "administrator";
  core.openVault(samplePath, "Token");
  core.seeCards({ slots: [{ slot: opened.id, card: token, problem: null }] });
  const { user } = await shown(core);
  const remove = async () => {
    await user.click(within(screen.getByTestId("slot-Token")).getByRole("button", { name: /^Remove/ }));
    return within(await screen.findByRole("dialog"));
  };
  let dialog = await remove();
  expect(dialog.queryByLabelText("Your passphrase")).toBeNull();
  await user.type(await dialog.findByLabelText("PIN of your card"), "000000{Enter}");
  expect(await dialog.findByText(/The PIN is wrong; 2 tries are left/)).toBeVisible();
  expect(dialog.getByLabelText("PIN of your card")).toHaveValue("");
  expect(await accessibilityProblems()).toEqual([]);
  await user.click(dialog.getByRole("button", { name: "Use another way in" }));
  expect(dialog.getByLabelText("Your passphrase")).toBeVisible();
  await user.click(dialog.getByRole("button", { name: "Cancel" }));
  dialog = await remove();
  await user.type(await dialog.findByLabelText("PIN of your card"), `${PIN}{Enter}`);
  await waitFor(() => expect(screen.queryByTestId("slot-Token")).not.toBeInTheDocument());
  expect(core.requests("remove_slot").at(-1)).toMatchObject({ proof: { pin: PIN, card: token.serial } });
});
