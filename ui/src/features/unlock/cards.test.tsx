import { act, screen, waitFor } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import type { CardApplicationView, ErrorCode, SlotCardView } from "../../ipc/bindings";
import type { FakeCore } from "../../test/fakeCore";
import { accessibilityProblems, renderOutside } from "../../test/render";
import { lockedSampleCore, samplePath } from "../../test/sampleVault";
import { UnlockScreen } from ".";

const PIN = "123456";
const token: CardApplicationView = {
  application: "openpgp",
  serial: "0000:0A0B0C0D",
  pinSet: true,
  triesLeft: 3,
  adminTriesLeft: null,
  makes: [],
  key: "x25519",
  usable: true,
  touch: false,
  pinPad: null,
};

/** A locked vault with a card as a way in, and what is seen of it. */
function coreWithCard(seen: Partial<SlotCardView>): {
  core: FakeCore;
  see: (now: Partial<SlotCardView>) => void;
} {
  const core = lockedSampleCore();
  const slot = core.addCardSlot(samplePath, "Token", PIN).id;
  const slots = (now: Partial<SlotCardView>) => [{ slot, card: null, problem: null, ...now }];
  core.seeCards({ slots: slots(seen) });
  return { core, see: (now) => act(() => core.seeCards({ slots: slots(now), reading: false })) };
}

function problem(code: ErrorCode) {
  return { problem: { code, message: `Made up: ${code}.`, cure: "Do something." } };
}

async function renderUnlock(core: FakeCore) {
  const enter = vi.fn();
  const view = renderOutside(core, <UnlockScreen path={samplePath} />, { gate: { enter } });
  await screen.findByTestId("unlock-submit");
  return { ...view, enter };
}

test("a card that is in is asked for first, and its tries are said before its PIN is typed", async () => {
  const { core } = coreWithCard({ card: token });
  const { user, enter } = await renderUnlock(core);
  const field = screen.getByLabelText("PIN of the card");
  await waitFor(() => expect(field).toHaveFocus());
  expect(field).toHaveAccessibleDescription("3 tries left");
  expect(screen.getByTestId("unlock")).toHaveTextContent("in reader");
  expect(await accessibilityProblems()).toEqual([]);
  await user.keyboard(`${PIN}{Enter}`);
  await waitFor(() => expect(enter).toHaveBeenCalledOnce());
  expect(core.requests("unlock_vault")[0]).toMatchObject({
    credentials: { pin: PIN, card: "0000:0A0B0C0D" },
  });
});

test("without its card a slot comes last, and comes first when the card is put in", async () => {
  const { core, see } = coreWithCard(problem("card_missing"));
  const { user } = await renderUnlock(core);
  await waitFor(() => expect(screen.getByLabelText("Passphrase")).toHaveFocus());
  see({ card: token });
  await waitFor(() => expect(screen.getByLabelText("PIN of the card")).toHaveFocus());
  await user.keyboard("123");
  see(problem("card_missing"));
  expect(screen.getByTestId("unlock-card-problem")).toHaveAttribute("data-code", "card_missing");
  expect(screen.getByRole("button", { name: "Unlock" })).toBeDisabled();
  expect(await accessibilityProblems()).toEqual([]);
  see({ card: token });
  // What was typed for the card that was pulled is gone.
  expect(screen.getByLabelText("PIN of the card")).toHaveValue("");
});

test("where the reader has a PIN pad the PIN is typed there, unless one wants it here", async () => {
  const onReader = { card: { ...token, pinPad: "Virtual PCD 00 00" } };
  const { core, see } = coreWithCard(onReader);
  const { user } = await renderUnlock(core);
  expect(screen.getByTestId("unlock-pad")).toHaveTextContent(
    "“Virtual PCD 00 00”, once you go on.3 tries left",
  );
  expect(screen.queryByLabelText("PIN of the card")).toBeNull();
  await waitFor(() => expect(screen.getByTestId("unlock-submit")).toHaveFocus());
  core.failNext("unlock_vault", "pad_cancelled", "The PIN entry was cancelled on the reader.");
  await user.keyboard("{Enter}");
  expect(await screen.findByText(/was cancelled on the reader/)).toBeVisible();
  expect(core.requests("unlock_vault")).toMatchObject([{ credentials: { pin: "" } }]);
  expect(await accessibilityProblems()).toEqual([]);
  // What is typed for a card is not sent as if it had been typed on the reader, and not kept for it.
  see({ card: token });
  await user.type(screen.getByLabelText("PIN of the card"), "123");
  see(onReader);
  see({ card: token });
  expect(screen.getByLabelText("PIN of the card")).toHaveValue("");
  await user.keyboard("{Enter}");
  expect(core.requests("unlock_vault")).toHaveLength(1);
});

test("a PIN pad can be passed over", async () => {
  const { core } = coreWithCard({ card: { ...token, pinPad: "Virtual PCD 00 00" } });
  core.preferences = { ...core.preferences, usePinPad: false };
  await renderUnlock(core);
  await waitFor(() => expect(screen.getByLabelText("PIN of the card")).toHaveFocus());
  expect(screen.getByRole("button", { name: "Type it on the reader instead" })).toBeVisible();
  expect(await accessibilityProblems()).toEqual([]);
});

test("a passphrase that is being typed is left alone", async () => {
  const { core, see } = coreWithCard(problem("card_missing"));
  const { user } = await renderUnlock(core);
  await user.keyboard("half");
  see({ card: token });
  expect(screen.getByLabelText("Passphrase")).toHaveValue("half");
  await waitFor(() => expect(screen.getByLabelText("Passphrase")).toHaveFocus());
});

test("while a card is read one waits, and a card that is not the slot's gives way to the passphrase", async () => {
  const { core, see } = coreWithCard({});
  core.seeCards({ reading: true });
  await renderUnlock(core);
  expect(screen.getByTestId("unlock-card-reading")).toHaveTextContent("Reading the card…");
  expect(await accessibilityProblems()).toEqual([]);
  see(problem("card_wrong"));
  expect(screen.getByLabelText("Passphrase")).toBeVisible();
});

test("what is picked while a card is read stays picked", async () => {
  const { core, see } = coreWithCard({});
  core.seeCards({ reading: true });
  const { user } = await renderUnlock(core);
  await user.click(screen.getByRole("button", { name: /passphrase/i }));
  see({ card: token });
  await waitFor(() => expect(screen.getByLabelText("Passphrase")).toHaveFocus());
  see(problem("card_missing"));
  see({ card: token });
  await waitFor(() => expect(screen.getByLabelText("PIN of the card")).toHaveFocus());
});

test("a wrong PIN is said at the field, which is emptied, and nothing is tried again", async () => {
  const { core } = coreWithCard({ card: token });
  const { user } = await renderUnlock(core);
  await user.keyboard("000000{Enter}");
  const field = screen.getByLabelText("PIN of the card");
  expect(await screen.findByText(/The PIN is wrong; 2 tries are left/)).toBeVisible();
  expect(field).toHaveValue("");
  await waitFor(() => expect(field).toHaveFocus());
  expect(field).toHaveAttribute("aria-invalid", "true");
  expect(await accessibilityProblems()).toEqual([]);
  await user.keyboard("{Enter}{Enter}");
  expect(core.requests("unlock_vault")).toHaveLength(1);
});

test("the last try is said as what it is", async () => {
  const { core } = coreWithCard({ card: { ...token, triesLeft: 1 } });
  await renderUnlock(core);
  expect(screen.getByLabelText("PIN of the card")).toHaveAccessibleDescription(/One try left/);
});

test("a card that does not tell its tries is said to be so", async () => {
  const { core } = coreWithCard({ card: { ...token, triesLeft: null } });
  await renderUnlock(core);
  expect(screen.getByLabelText("PIN of the card")).toHaveAccessibleDescription(/does not say how many/);
});

test.each<ErrorCode>([
  "card_service_absent",
  "card_reader_missing",
  "card_missing",
  "card_wrong",
  "card_held",
  "card_still_at_work",
  "card_mute",
  "card_ambiguous",
  "card_unsupported",
  "pin_blocked",
])("%s is said with its cure, and no PIN is asked for", async (code) => {
  const { core } = coreWithCard({ ...problem(code), card: code === "pin_blocked" ? token : null });
  const { user } = await renderUnlock(core);
  await user.click(screen.getByRole("button", { name: /Token/ }));
  expect(screen.getByTestId("unlock-card-problem")).toHaveAttribute("data-code", code);
  expect(screen.getByTestId("unlock-card-problem")).toHaveTextContent("Do something.");
  expect(screen.queryByLabelText("PIN of the card")).toBeNull();
  expect(await accessibilityProblems()).toEqual([]);
});

test("a card whose reader still waits is not said to be elsewhere", async () => {
  const { core } = coreWithCard(problem("card_still_at_work"));
  const { user } = await renderUnlock(core);
  await user.click(screen.getByRole("button", { name: /Token/ }));
  expect(screen.getByTestId("unlock-card-problem")).toBeVisible();
  expect(screen.queryByText("not in a reader")).toBeNull();
});

test("a touch that is awaited is visible and announced", async () => {
  const { core } = coreWithCard({ card: { ...token, touch: true } });
  const release = core.hold("unlock_vault");
  const { user, enter } = await renderUnlock(core);
  await user.keyboard(`${PIN}{Enter}`);
  const touch = await screen.findByText("Touch the card when it blinks.");
  expect(touch.closest('[role="status"]')).not.toBeNull();
  expect(await accessibilityProblems()).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Cancel" }));
  expect(core.requests("cancel_waiting")).toHaveLength(1);
  release();
  await waitFor(() => expect(enter).toHaveBeenCalledOnce());
});

test("a card that was pulled in use is named until it is back", async () => {
  const { core, see } = coreWithCard({ card: token });
  const { user } = await renderUnlock(core);
  core.failNext("unlock_vault", "card_removed", "The card was pulled out while it was in use.");
  await user.keyboard(`${PIN}{Enter}`);
  expect(await screen.findByTestId("error")).toHaveAttribute("data-code", "card_removed");
  see(problem("card_missing"));
  expect(screen.queryByTestId("unlock-card-problem")).toBeNull();
  expect(screen.getByTestId("error")).toBeVisible();
  see({ card: token });
  expect(screen.queryByTestId("error")).toBeNull();
});

test("the cards are watched only while the door of such a vault is shown", async () => {
  const { core } = coreWithCard({ card: token });
  const { unmount } = await renderUnlock(core);
  expect(core.watchesCards).toBe(true);
  unmount();
  await waitFor(() => expect(core.watchesCards).toBe(false));
  const other = lockedSampleCore();
  await renderUnlock(other);
  expect(other.requests("watch_cards")).toEqual([]);
});
