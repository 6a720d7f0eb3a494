import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { FakeCore } from "../../../test/fakeCore";
import { accessibilityProblems, fill, renderInVault } from "../../../test/render";
import { found, foundCertificate, foundLocked } from "../../../test/sampleFound";
import { sampleCore } from "../../../test/sampleVault";
import { withSizes } from "../../../test/sizes";
import { KeysScreen } from "..";
import { branches, compared, factsOf, titleOf } from "./facts";

withSizes();

const root = foundCertificate(2, {
  subject: "CN=Example root,O=Example\\, Inc.",
  issuer: "CN=Example root,O=Example\\, Inc.",
  authority: true,
  pathLength: 2,
});
const middle = foundCertificate(1, { subject: "CN=Example middle", issuedBy: 2 });
const leaf = foundCertificate(
  0,
  { issuedBy: 1, validity: "expired" },
  { outcome: "problem", problem: "it expired on 2026-11-01" },
);

async function openExamine(core: FakeCore) {
  const view = await renderInVault(core, <KeysScreen />, { place: { section: "keys" } });
  await view.user.click(await screen.findByTestId("examine-files"));
  const dialog = await screen.findByRole("dialog", { name: "Examine files" });
  core.picked = "/home/me/chain.pem";
  await view.user.click(within(dialog).getByRole("button", { name: "Choose files…" }));
  return { ...view, dialog };
}

describe("examining files", () => {
  it("shows a chain as a tree, all of an item, and two side by side, and stores nothing", async () => {
    const core = sampleCore();
    core.found = { items: [leaf, middle, root], skipped: 1 };
    const { user, dialog } = await openExamine(core);
    const list = await within(dialog).findByRole("navigation", { name: "What was found" });
    const under = (name: string) => within(list).getByRole("button", { name }).closest("li") as HTMLElement;
    expect(within(under("Example root")).getByRole("button", { name: "Example middle" })).toBeVisible();
    expect(within(under("Example middle")).getByRole("button", { name: /^example.org/ })).toBeVisible();
    expect(list).toHaveTextContent("1 file without a key");

    const said = within(dialog).getByTestId("examined");
    expect(said).toHaveTextContent("It expired on 2026-11-01");
    expect(said).toHaveTextContent("DNS:example.org, DNS:www.example.org");
    expect(said).toHaveTextContent("0A:1B:2C");
    expect(said).toHaveTextContent("No signature is verified");
    expect(await accessibilityProblems()).toEqual([]);

    await user.click(within(said).getByRole("combobox", { name: "Compare with" }));
    await user.click(await screen.findByRole("option", { name: "Example middle" }));
    expect(await within(dialog).findByText("1 difference")).toBeVisible();
    expect(await accessibilityProblems()).toEqual([]);
    expect(core.requests("import_keys")).toEqual([]);
    expect(core.requests("stage_import")).toEqual([]);

    await user.click(within(dialog).getByRole("button", { name: "Done" }));
    await waitFor(() => expect(core.requests("discard_import").length).toBeGreaterThan(0));
  });

  it("opens what is encrypted, and tells an error in its place", async () => {
    const core = sampleCore();
    core.found = { items: [foundLocked(0)], skipped: 0 };
    core.opens.set("pebble", [found(0, { outcome: "sound" })]);
    const { user, dialog } = await openExamine(core);
    await fill(user, await within(dialog).findByTestId("import-password-field"), "pebble");
    await user.click(within(dialog).getByRole("button", { name: "Open" }));
    await waitFor(() => expect(within(dialog).getByTestId("examined")).toHaveTextContent("Private key"));
    core.failNext("examine_files", "invalid_request", "At most 10000 files are looked at at once.");
    await user.click(within(dialog).getByRole("button", { name: "Choose others" }));
    await user.click(within(dialog).getByRole("button", { name: "Choose files…" }));
    expect(await within(dialog).findByText(/At most 10000 files/)).toBeVisible();
  });
});

describe("what is said of an item", () => {
  it("names a certificate by its common name, also where it holds a comma", () => {
    expect(titleOf(root)).toBe("Example root");
    expect(titleOf(foundCertificate(3, { subject: "O=x,CN=a\\, b" }))).toBe("a, b");
    expect(titleOf(found(3))).toBe("id_ed25519");
    expect(factsOf(root).find(({ label }) => label === "Authority")?.value).toBe(
      "Yes, with at most 2 below it",
    );
  });

  it("shows certificates that name each other once each", () => {
    const one = foundCertificate(0, { issuedBy: 1 });
    const other = foundCertificate(1, { issuedBy: 0 });
    const [tree, ...rest] = branches([one, other]);
    expect(rest).toEqual([]);
    expect([tree?.item.number, tree?.issued[0]?.item.number, tree?.issued[0]?.issued]).toEqual([0, 1, []]);
  });

  it("compares items of different kinds line by line", () => {
    const lines = compared(found(0), leaf);
    expect(lines.find(({ label }) => label === "Subject")).toEqual(
      expect.objectContaining({ left: "", right: "CN=example.org", same: false }),
    );
    expect(new Set(lines.map(({ label }) => label)).size).toBe(lines.length);
    expect(compared(leaf, leaf).every(({ same }) => same)).toBe(true);
  });
});
