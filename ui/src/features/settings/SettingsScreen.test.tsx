import { screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { accessibilityProblems, renderInVault } from "../../test/render";
import { sampleCore } from "../../test/sampleVault";
import { SettingsScreen } from ".";

async function renderSettings(core = sampleCore()) {
  const changePreferences = vi.fn(async () => {});
  return {
    core,
    changePreferences,
    ...(await renderInVault(core, <SettingsScreen />, { home: { changePreferences } })),
  };
}

test("the look is chosen from three", async () => {
  const { user, changePreferences } = await renderSettings();
  await user.click(screen.getByText("Dark"));
  expect(changePreferences).toHaveBeenCalledWith({ theme: "dark" });
  expect(await accessibilityProblems()).toEqual([]);
});

test("the minutes are stored on Enter or on leaving, and only when they are allowed", async () => {
  const { user, changePreferences } = await renderSettings();
  const field = screen.getByLabelText("Minutes until the vault locks");
  await user.clear(field);
  await user.type(field, "15{Enter}");
  expect(changePreferences.mock.calls).toEqual([[{ idleLockMinutes: 15 }]]);
  await user.clear(field);
  await user.tab();
  expect(changePreferences).toHaveBeenCalledTimes(1);
  expect(field).toHaveValue("5");
});

test.each([
  ["Lock before the computer sleeps", "lockOnSleep"],
  ["Lock when the screen is locked", "lockWithScreen"],
  ["Lock when another person takes over", "lockOnUserSwitch"],
])("“%s” can be switched off", async (label, preference) => {
  const { user, changePreferences } = await renderSettings();
  expect(screen.getByLabelText(label)).toBeChecked();
  await user.click(screen.getByLabelText(label));
  expect(changePreferences.mock.calls).toEqual([[{ [preference]: false }]]);
});

test("the vault locks with its card only once one wants that", async () => {
  const { user, changePreferences } = await renderSettings();
  const box = screen.getByLabelText("Lock when the card is pulled that opened the vault");
  expect(box).not.toBeChecked();
  await user.click(box);
  expect(changePreferences.mock.calls).toEqual([[{ lockOnCardRemoval: true }]]);
});

test("the columns go back to how Keyreeve comes", async () => {
  const core = sampleCore();
  core.preferences.keyColumns = ["owner"];
  const { user, changePreferences } = await renderSettings(core);
  await user.click(screen.getByRole("button", { name: "Reset" }));
  expect(changePreferences).toHaveBeenCalledWith({
    keyColumns: ["algorithm", "purpose", "state", "rotateBy"],
  });
});

test("nothing is to reset when the columns are as they come", async () => {
  await renderSettings();
  expect(screen.getByRole("button", { name: "Reset" })).toBeDisabled();
});

test("it says which Keyreeve this is, and under which licences", async () => {
  await renderSettings();
  expect(screen.getByText("Keyreeve 0.1.0")).toBeVisible();
  expect(screen.getByText(/MIT or Apache 2\.0/)).toBeVisible();
});
