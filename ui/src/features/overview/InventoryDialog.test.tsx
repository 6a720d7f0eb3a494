import { screen, within } from "@testing-library/react";
import { expect, it } from "vitest";
import { accessibilityProblems, renderInVault } from "../../test/render";
import { sampleCore } from "../../test/sampleVault";
import { OverviewScreen } from ".";

it("writes an inventory in the chosen format, and says how much it tells of", async () => {
  const core = sampleCore();
  const { user } = await renderInVault(
    core,
    <main>
      <OverviewScreen />
    </main>,
    { place: { section: "overview" } },
  );
  await user.click(await screen.findByRole("button", { name: "Inventory…" }));
  const dialog = await screen.findByRole("dialog", { name: "Write an inventory" });
  const file = within(dialog).getByLabelText<HTMLInputElement>("File");
  expect(file.value).toMatch(/inventory\.cdx\.json$/);
  await user.click(within(dialog).getByLabelText("Table"));
  expect(file.value).toMatch(/inventory\.csv$/);
  expect(await accessibilityProblems()).toEqual([]);
  core.failNext("export_inventory", "exists");
  await user.click(within(dialog).getByRole("button", { name: "Write" }));
  expect(await within(dialog).findByTestId("error")).toHaveAttribute("data-code", "exists");
  await user.click(within(dialog).getByRole("button", { name: "Write" }));
  const done = await screen.findByRole("dialog", { name: "Inventory written" });
  expect(done).toHaveTextContent("3 keys, 0 certificates, 0 public keys");
  expect(core.requests("export_inventory").at(-1)).toMatchObject({ format: "csv", out: file.value });
});

it("writes reminders for a calendar, and says how many", async () => {
  const core = sampleCore();
  const { user } = await renderInVault(
    core,
    <main>
      <OverviewScreen />
    </main>,
    { place: { section: "overview", intent: "reminders" } },
  );
  const dialog = await screen.findByRole("dialog", { name: "Write reminders" });
  expect(within(dialog).getByRole("radio", { name: /Reminders/ })).toBeChecked();
  expect(within(dialog).getByLabelText<HTMLInputElement>("File").value).toMatch(/ reminders\.ics$/);
  expect(await accessibilityProblems()).toEqual([]);
  await user.click(within(dialog).getByRole("button", { name: "Write" }));
  const done = await screen.findByRole("dialog", { name: "Reminders written" });
  expect(done).toHaveTextContent("4 reminders");
  expect(core.requests("export_inventory").at(-1)).toMatchObject({ format: "ics" });
});
