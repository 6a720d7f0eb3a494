import { screen, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { asCoreError } from "../../ipc/call";
import { useNavigation } from "../../shared/navigation";
import { rememberVerification } from "../../shared/queries";
import { refusal } from "../../test/core/refusal";
import { accessibilityProblems, renderInVault } from "../../test/render";
import { emptyCore, sampleCore, samplePath } from "../../test/sampleVault";
import { OverviewScreen } from ".";

function WhereAmI() {
  return <output data-testid="place">{JSON.stringify(useNavigation().place)}</output>;
}

async function renderOverview(core = sampleCore()) {
  const view = await renderInVault(
    core,
    <>
      <OverviewScreen />
      <WhereAmI />
    </>,
  );
  const place = () => JSON.parse(screen.getByTestId("place").textContent ?? "") as unknown;
  return { core, ...view, place };
}

const id = (core: ReturnType<typeof sampleCore>, name: string) =>
  core.keys.find((key) => key.name === name)?.id;

test("says in four numbers how the vault is", async () => {
  await renderOverview();
  expect(await screen.findByRole("region", { name: "Active" })).toHaveTextContent("9of 14 keys");
  expect(screen.getByRole("region", { name: "Rotate soon" })).toHaveTextContent("31 overdue");
  expect(screen.getByRole("region", { name: "Audit log" })).toHaveTextContent(
    "not verified since the unlock",
  );
  expect(screen.getByRole("region", { name: "Last backup" })).toHaveTextContent("2 daysrestore-tested");
  expect(await accessibilityProblems()).toEqual([]);
});

test("says in words when no rotation falls due", async () => {
  const core = sampleCore();
  for (const key of core.keys) key.rotateBy = null;
  await renderOverview(core);
  expect(await screen.findByText("None falls due in this time.")).toBeVisible();
  expect(screen.queryByRole("figure", { name: /^Rotations due/ })).toBeNull();
});

describe("what needs you", () => {
  test("names recovery that nobody tried for a year, and leads to its test", async () => {
    const core = sampleCore();
    const slot = core.openWithRecovery(samplePath, ["alpha", "beta"]);
    const { user, place, unmount } = await renderOverview(core);
    await screen.findByTestId("needs");
    expect(screen.queryByText("Recovery shares")).toBeNull();
    unmount();
    slot.createdAt = new Date(Date.now() - 366 * 86_400_000).toISOString();
    await renderOverview(core);
    await user.click(await screen.findByRole("button", { name: /^Test: Recovery shares were last tried/ }));
    expect(place()).toEqual({ section: "access", intent: "test", slot: slot.id });
  });

  test("comes with the worst first", async () => {
    await renderOverview();
    const lines = within(await screen.findByTestId("needs")).getAllByRole("listitem");
    expect(lines.map((line) => line.querySelector("strong")?.textContent)).toEqual([
      "staging-ca",
      "legacy-vpn",
      "edge-tls-2026",
      "webhook-hmac",
      "ci-deploy",
      "old-laptop-ssh",
    ]);
  });

  test.each([
    ["Rotate: legacy-vpn rotation 12 days overdue", "legacy-vpn", "rotate"],
    ["Rotate: edge-tls-2026 rotation due in 16 days", "edge-tls-2026", "rotate"],
    ["Review: staging-ca is compromised and has no successor", "staging-ca", "review"],
    ["Keep: old-laptop-ssh will be destroyed in 21 days", "old-laptop-ssh", "cancel-destruction"],
  ])("“%s” leads to the key with its dialog", async (button, name, intent) => {
    const { user, core, place } = await renderOverview();
    await user.click(await screen.findByRole("button", { name: button }));
    expect(place()).toEqual({ section: "keys", key: id(core, name), intent });
  });

  test("a vault without a backup is told so, with the button that makes one", async () => {
    const core = sampleCore();
    core.backups.length = 0;
    const { user, place } = await renderOverview(core);
    await user.click(await screen.findByRole("button", { name: /^Back up: No backup yet/ }));
    expect(place()).toEqual({ section: "backups", intent: "create" });
  });

  test("a backup that no restore has proven is told, too", async () => {
    const core = sampleCore();
    for (const backup of core.backups) backup.verifiedAt = null;
    const { user, place } = await renderOverview(core);
    await user.click(await screen.findByRole("button", { name: /^Test: The newest backup/ }));
    expect(place()).toEqual({ section: "backups", intent: "verify" });
  });

  test("more than five of a kind are summed up", async () => {
    const core = sampleCore();
    for (let number = 1; number <= 7; number += 1) {
      const key = core.addKey({ name: `late-${number}`, algorithm: "ed25519", purpose: "sign" });
      for (const version of key.versions) version.originatorUsageEnd = "2020-01-01T00:00:00Z";
      key.rotateBy = "2020-01-01T00:00:00Z";
    }
    const { user, place } = await renderOverview(core);
    await user.click(await screen.findByRole("button", { name: "Show: 3 more keys overdue for rotation" }));
    expect(place()).toEqual({ section: "keys", filter: "overdue" });
  });

  test("a log that does not verify comes first of all, and the card says alarm", async () => {
    const core = sampleCore();
    const { client } = await renderOverview(core);
    await screen.findByTestId("needs");
    rememberVerification(client, {
      outcome: "alarm",
      error: asCoreError(refusal("audit_alarm", "Entry 7 is not what its leaf says.")),
    });
    expect(await screen.findByText("Alarm")).toBeVisible();
    const [first] = within(screen.getByTestId("needs")).getAllByRole("listitem");
    expect(first).toHaveTextContent("The audit log does not verify");
  });

  test("when nothing needs one, it says so", async () => {
    const core = emptyCore();
    core.addKey({ name: "one", algorithm: "ed25519", purpose: "sign" });
    await core.invoke("create_backup", { request: { out: "/b" } });
    await renderOverview(core);
    expect(await screen.findByTestId("nothing-needed")).toHaveTextContent("Nothing needs you now.");
  });
});

test("the chart is a table for those who do not see it", async () => {
  const { core } = await renderOverview();
  const table = await screen.findByRole("table", { name: "Rotations due" });
  const rows = within(table).getAllByRole("row").slice(1);
  expect(rows).toHaveLength(12);
  const sum = rows.reduce((total, row) => total + Number(within(row).getByRole("cell").textContent), 0);
  const year = new Date();
  year.setUTCFullYear(year.getUTCFullYear() + 1, year.getUTCMonth(), 1);
  const due = core.keys.filter(
    ({ rotateBy }) =>
      rotateBy !== null &&
      rotateBy >= `${new Date().toISOString().slice(0, 7)}-01` &&
      rotateBy < `${year.toISOString().slice(0, 7)}-01`,
  );
  expect(sum).toBe(due.length);
  expect(sum).toBeGreaterThan(5);
});

test("the buttons on top verify and back up", async () => {
  const { user, place } = await renderOverview();
  await user.click(screen.getByRole("button", { name: "Verify now" }));
  expect(place()).toEqual({ section: "audit", intent: "verify" });
  await user.click(screen.getByRole("button", { name: "Back up" }));
  expect(place()).toEqual({ section: "backups", intent: "create" });
});

test("an empty vault is told what to do first", async () => {
  const { user, place } = await renderOverview(emptyCore());
  expect(await screen.findByText("This vault is empty")).toBeVisible();
  expect(await accessibilityProblems()).toEqual([]);
  await user.click(screen.getByRole("button", { name: "New key" }));
  expect(place()).toEqual({ section: "keys", intent: "create" });
});

test("an error has its cure and another try", async () => {
  const core = sampleCore();
  core.failNext("overview", "database_damaged", "The database is damaged.", "Restore the newest backup.");
  const { user } = await renderOverview(core);
  expect(await screen.findByRole("alert")).toHaveTextContent("Restore the newest backup.");
  expect(await accessibilityProblems()).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByTestId("needs")).toBeVisible();
});
