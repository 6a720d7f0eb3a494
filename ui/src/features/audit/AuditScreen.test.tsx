import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";
import { useVerification } from "../../shared/queries";
import type { FakeCore } from "../../test/fakeCore";
import { accessibilityProblems, fill, renderInVault } from "../../test/render";
import { sampleCore } from "../../test/sampleVault";
import { AuditScreen } from ".";

async function shown(core: FakeCore = sampleCore()) {
  const view = await renderInVault(
    core,
    <main>
      <AuditScreen />
      <Verified />
    </main>,
    { place: { section: "audit" } },
  );
  await screen.findByTestId("audit-events");
  return { core, ...view };
}

/** What the status bar and the overview read. */
function Verified() {
  return <output data-testid="remembered">{useVerification()?.outcome ?? "never"}</output>;
}

it("tells events in sentences and unfolds what the log holds of them", async () => {
  const { user } = await shown();
  const first = within(screen.getByTestId("audit-events")).getAllByRole("button")[0];
  expect(first).toHaveTextContent(/^Created old-laptop-ssh/);
  expect(first).toHaveAttribute("aria-expanded", "false");
  await user.click(first as HTMLElement);
  expect(screen.getByText("Key created (key.create)")).toBeVisible();
  expect(await accessibilityProblems()).toEqual([]);
});

it("narrows by a key, and shows everything again", async () => {
  const { user, core } = await shown();
  await fill(user, screen.getByTestId("audit-key"), "payments-dek");
  await waitFor(() =>
    expect(core.requests("list_events").at(-1)).toEqual(expect.objectContaining({ key: "payments-dek" })),
  );
  await user.click(screen.getByRole("button", { name: "Clear" }));
  expect(screen.getByTestId("audit-key")).toHaveValue("");
  await screen.findByText("old-laptop-ssh");
});

it("says that no key is called like that", async () => {
  const { user } = await shown();
  await fill(user, screen.getByTestId("audit-key"), "nobody");
  expect(await screen.findByTestId("error")).toHaveAttribute("data-code", "not_found");
});

it("loads older events on demand", async () => {
  const core = sampleCore();
  for (let number = 0; number < 100; number += 1) {
    await core.invoke("create_key", {
      request: { name: `more-${number}`, algorithm: "aes-256-gcm", purpose: "encrypt" },
    });
  }
  const { user } = await shown(core);
  const count = () => within(screen.getByTestId("audit-events")).getAllByTestId(/^event-/).length;
  expect(count()).toBe(100);
  await user.click(screen.getByTestId("audit-older"));
  await waitFor(() => expect(count()).toBe(116));
  expect(screen.queryByTestId("audit-older")).not.toBeInTheDocument();
});

it("verifies everything, tells what it looked at, and remembers it", async () => {
  const { user } = await shown();
  await user.click(screen.getByTestId("audit-verify"));
  const dialog = await screen.findByRole("dialog", { name: "Verify the audit log" });
  expect(await within(dialog).findByTestId("result")).toHaveTextContent(/14 keys compared with the log/);
  expect(await accessibilityProblems()).toEqual([]);
  expect(screen.getByTestId("remembered")).toHaveTextContent("verified");
  await user.click(within(dialog).getByRole("button", { name: "Done" }));
  await waitFor(() => expect(screen.getByTestId("audit-verify")).toHaveFocus());
});

it.each(["audit_alarm", "tampered"] as const)(
  "raises the alarm at %s and keeps it on the screen",
  async (code) => {
    const core = sampleCore();
    core.failNext("verify_audit", code, "Entry 7 is not what its hash says.", "Keep a copy of the vault.");
    const { user } = await shown(core);
    await user.click(screen.getByTestId("audit-verify"));
    const dialog = await screen.findByRole("dialog", { name: "The audit log does not verify" });
    expect(within(dialog).getByRole("alert")).toHaveAttribute("data-code", code);
    expect(within(dialog).queryByRole("button", { name: "Try again" })).not.toBeInTheDocument();
    expect(screen.getByTestId("remembered")).toHaveTextContent("alarm");
    await user.click(within(dialog).getByRole("button", { name: "Done" }));
    expect(await screen.findByTestId("audit-alarm")).toHaveTextContent("Entry 7");
  },
);

it("raises no alarm when looking failed, and tries again", async () => {
  const core = sampleCore();
  core.failNext("verify_audit", "io", "The disk did not answer.");
  const { user } = await shown(core);
  await user.click(screen.getByTestId("audit-verify"));
  const dialog = await screen.findByRole("dialog");
  await user.click(await within(dialog).findByRole("button", { name: "Try again" }));
  expect(await within(dialog).findByTestId("result")).toBeVisible();
  expect(screen.getByTestId("remembered")).toHaveTextContent("verified");
});

it("can be stopped while it verifies", async () => {
  const core = sampleCore();
  const release = core.hold("verify_audit");
  const { user } = await shown(core);
  await user.click(screen.getByTestId("audit-verify"));
  await user.click(await screen.findByRole("button", { name: "Stop" }));
  await waitFor(() => expect(core.requests("cancel_job")).toHaveLength(1));
  release();
});

it("proves an entry", async () => {
  const { user, core } = await shown();
  const list = screen.getByTestId("audit-events");
  await user.click(within(list).getAllByRole("button")[0] as HTMLElement);
  await user.click(screen.getByRole("button", { name: "Prove this entry…" }));
  const dialog = await screen.findByRole("dialog", { name: /^Proof of entry/ });
  expect(await within(dialog).findByLabelText("The proof")).toHaveDisplayValue(/"kind": "inclusion"/);
  expect(await accessibilityProblems()).toEqual([]);
  expect(core.requests("prove_audit")).toHaveLength(1);
});

it("exports the log, and names the file", async () => {
  const { user, core } = await shown();
  await user.click(screen.getByTestId("audit-export"));
  const dialog = await screen.findByRole("dialog", { name: "Export the audit log" });
  expect(await accessibilityProblems()).toEqual([]);
  await user.click(within(dialog).getByRole("button", { name: "Export" }));
  expect(await screen.findByTestId("result")).toHaveTextContent("Team vault audit log.jsonl");
  expect(core.requests("export_audit")[0]).toEqual(
    expect.objectContaining({ out: "/home/me/Backups/Team vault audit log.jsonl" }),
  );
});
