import { screen, waitFor, within } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { FakeCore } from "../../test/fakeCore";
import { accessibilityProblems, renderInVault } from "../../test/render";
import { emptyCore, sampleCore } from "../../test/sampleVault";
import { withSizes } from "../../test/sizes";
import { KeysScreen } from ".";

withSizes();

async function shown(core: FakeCore = sampleCore()) {
  const view = await renderInVault(core, <KeysScreen />, { place: { section: "keys" } });
  await screen.findByTestId("keys-grid");
  return { core, ...view };
}

const row = (name: string) => screen.getByTestId(`key-row-${name}`);

describe("the list", () => {
  it("is a grid whose rows and columns are numbered in full, with one tab stop", async () => {
    await shown();
    const grid = screen.getByRole("grid", { name: "Keys" });
    expect(grid).toHaveAttribute("aria-rowcount", "15");
    expect(grid).toHaveAttribute("aria-multiselectable", "true");
    expect(row("acme-release-signing")).toHaveAttribute("aria-rowindex", "2");
    expect(
      within(grid)
        .getAllByRole("row")
        .filter((element) => element.tabIndex === 0),
    ).toEqual([row("acme-release-signing")]);
    expect(screen.getByTestId("keys-total")).toHaveTextContent("14 keys");
    expect(await accessibilityProblems()).toEqual([]);
  });

  it("searches at every keystroke", async () => {
    const { user, core } = await shown();
    await user.type(screen.getByTestId("keys-search"), "pay");
    await waitFor(() => expect(screen.queryByTestId("key-row-backup-kek")).not.toBeInTheDocument());
    expect(row("payments-dek")).toBeVisible();
    const words = core.requests("list_keys").map(({ search }) => search);
    expect(words).toEqual(expect.arrayContaining(["p", "pa", "pay"]));
  });

  it("shows the answer to the last question, however late an older one comes", async () => {
    const core = sampleCore();
    const { user } = await shown(core);
    const release = core.hold("list_keys");
    await user.type(screen.getByTestId("keys-search"), "web");
    // The old rows stay while the new ones are on the way.
    expect(row("backup-kek")).toBeInTheDocument();
    release();
    await waitFor(() => expect(screen.getByTestId("keys-total")).toHaveTextContent("1 key"));
    expect(row("webhook-hmac")).toBeInTheDocument();
  });

  it("says what the core said when it cannot list, and tries again", async () => {
    const core = sampleCore();
    core.failNext("list_keys", "database_damaged", "The database is damaged.");
    const { user } = await renderInVault(core, <KeysScreen />, { place: { section: "keys" } });
    expect(await screen.findByTestId("error")).toHaveAttribute("data-code", "database_damaged");
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByTestId("keys-grid")).toBeVisible();
  });

  it("teaches when it is empty", async () => {
    const { user } = await renderInVault(emptyCore(), <KeysScreen />, { place: { section: "keys" } });
    expect(await screen.findByTestId("empty")).toHaveTextContent("Your keys will be here");
    expect(await accessibilityProblems()).toEqual([]);
    await user.click(within(screen.getByTestId("empty")).getByRole("button", { name: "New key" }));
    expect(await screen.findByRole("dialog", { name: "Create a key" })).toBeVisible();
  });

  it("sorts by a header and says so", async () => {
    const { user, core } = await shown();
    const header = screen.getByRole("columnheader", { name: "Algorithm" });
    expect(header).toHaveAttribute("aria-sort", "none");
    await user.click(within(header).getByRole("button"));
    expect(header).toHaveAttribute("aria-sort", "ascending");
    await user.click(within(header).getByRole("button"));
    expect(header).toHaveAttribute("aria-sort", "descending");
    expect(core.requests("list_keys").at(-1)).toEqual(
      expect.objectContaining({ sortBy: "algorithm", descending: true }),
    );
  });

  it("narrows by a chip and lets go of it", async () => {
    const { user } = await shown();
    await user.click(screen.getByTestId("keys-filter-state"));
    await user.click(await screen.findByRole("menuitemradio", { name: "Suspended" }));
    await waitFor(() => expect(screen.getByTestId("keys-total")).toHaveTextContent("1 key"));
    await user.click(screen.getByRole("button", { name: "Remove the filter State: Suspended" }));
    await waitFor(() => expect(screen.getByTestId("keys-total")).toHaveTextContent("14 keys"));
  });
});

describe("the keyboard", () => {
  it("moves with the arrows, and goes from the search to the list", async () => {
    const { user } = await shown();
    await user.click(screen.getByTestId("keys-search"));
    await user.keyboard("{ArrowDown}");
    expect(row("acme-release-signing")).toHaveFocus();
    await user.keyboard("{ArrowDown}{ArrowDown}{ArrowUp}");
    expect(row("backup-kek")).toHaveFocus();
    await user.keyboard("{End}");
    expect(row("webhook-hmac")).toHaveFocus();
    await user.keyboard("{Home}");
    expect(row("acme-release-signing")).toHaveFocus();
  });

  it("selects with Space, extends with Shift, clears with Escape", async () => {
    const { user } = await shown();
    row("acme-release-signing").focus();
    await user.keyboard(" ");
    expect(row("acme-release-signing")).toHaveAttribute("aria-selected", "true");
    await user.keyboard("{Shift>}{ArrowDown}{ArrowDown}{/Shift}");
    expect(screen.getByTestId("selection-bar")).toHaveTextContent("3 keys selected");
    await user.keyboard("{Escape}");
    expect(screen.queryByTestId("selection-bar")).not.toBeInTheDocument();
  });

  it("selects everything that the question has, and changes it by that question", async () => {
    const { user, core } = await shown();
    row("acme-release-signing").focus();
    await user.keyboard("{Control>}a{/Control}");
    expect(screen.getByTestId("selection-bar")).toHaveTextContent("All 14 keys selected");
    await user.click(within(screen.getByTestId("selection-bar")).getByRole("button", { name: "Tag…" }));
    const dialog = await screen.findByRole("dialog", { name: "Tag 14 keys" });
    await user.type(within(dialog).getByTestId("bulk-tag"), "q4");
    expect(await accessibilityProblems()).toEqual([]);
    await user.click(within(dialog).getByRole("button", { name: "Tag 14 keys" }));
    await waitFor(() => expect(core.requests("bulk_change")).toHaveLength(1));
    expect(core.requests("bulk_change")[0]).toEqual(
      expect.objectContaining({
        selection: { kind: "query", query: expect.objectContaining({ sortBy: "name" }) },
        change: { kind: "add_tag", tag: "q4" },
      }),
    );
  });

  it("opens the details with Enter, moves into them, and comes back with Escape", async () => {
    const { user } = await shown();
    row("acme-release-signing").focus();
    await user.keyboard("{ArrowDown}{Enter}");
    const pane = await screen.findByTestId("key-detail");
    await waitFor(() => expect(within(pane).getByRole("heading", { name: "backup-kek" })).toHaveFocus());
    await user.keyboard("{Escape}");
    expect(screen.queryByTestId("key-detail")).not.toBeInTheDocument();
    expect(row("backup-kek")).toHaveFocus();
  });

  it("renames with F2 and gives the focus back to the row", async () => {
    const { user } = await shown();
    row("acme-release-signing").focus();
    await user.keyboard("{F2}");
    expect(await screen.findByRole("dialog", { name: "Rename acme-release-signing" })).toBeVisible();
    await user.keyboard("{Escape}");
    await waitFor(() => expect(row("acme-release-signing")).toHaveFocus());
  });
});

describe("the details", () => {
  it.each(["Overview", "Versions", "Policy", "Distribution", "Activity"])(
    "have nothing that axe objects to in %s",
    async (tab) => {
      const { user } = await shown();
      await user.click(row("acme-release-signing"));
      await user.click(await screen.findByRole("tab", { name: tab }));
      expect(await screen.findByRole("tabpanel")).toBeVisible();
      expect(await accessibilityProblems()).toEqual([]);
    },
  );

  it("offer first what the state asks for", async () => {
    const { user } = await shown();
    await user.click(row("legacy-vpn"));
    expect(await screen.findByTestId("key-primary-act")).toHaveTextContent("Resume…");
    await user.click(row("jwt-issuer"));
    await waitFor(() => expect(screen.getByTestId("key-primary-act")).toHaveTextContent("Activate…"));
    await user.click(row("old-laptop-ssh"));
    await waitFor(() => expect(screen.getByTestId("key-primary-act")).toHaveTextContent("Keep…"));
  });

  it("keep open when a menu in them is closed with Escape", async () => {
    const { user } = await shown();
    await user.click(row("payments-dek"));
    await user.click(await screen.findByTestId("key-menu"));
    await screen.findByRole("menu");
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("menu")).not.toBeInTheDocument());
    expect(screen.getByTestId("key-detail")).toBeVisible();
  });

  it("say why destruction is not offered yet", async () => {
    const { user } = await shown();
    await user.click(row("payments-dek"));
    await user.click(await screen.findByTestId("key-menu"));
    expect(await screen.findByTestId("act-destroy")).toHaveTextContent("Deactivate it first.");
    expect(screen.getByTestId("act-destroy")).toBeDisabled();
  });
});

describe("where the details lie over the list", () => {
  afterEach(() => void vi.restoreAllMocks());

  it("searching closes them, so that the rows found are in sight", async () => {
    const { matchMedia } = window;
    vi.spyOn(window, "matchMedia").mockImplementation((query) => ({
      ...matchMedia(query),
      matches: query === "(max-width: 1099px)",
    }));
    const { user } = await shown();
    await user.click(row("payments-dek"));
    expect(await screen.findByTestId("key-detail")).toBeVisible();
    await user.type(screen.getByTestId("keys-search"), "web");
    expect(screen.queryByTestId("key-detail")).toBeNull();
  });
});

describe("someone who came in as auditor", () => {
  it("reads everything, and is offered no change", async () => {
    const { user, core } = await shown(sampleCore("auditor"));
    expect(screen.queryByTestId("new-key")).toBeNull();
    expect(screen.queryByRole("button", { name: "Select all keys" })).toBeNull();
    expect(screen.getByRole("grid")).toHaveAttribute("aria-multiselectable", "false");
    await user.click(row("edge-tls-2026"));
    expect(await screen.findByTestId("key-read-only")).toBeVisible();
    expect(screen.queryByTestId("key-primary-act")).toBeNull();
    expect(screen.queryByTestId("key-menu")).toBeNull();
    await user.keyboard("{F2} {Control>}a{/Control}");
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(screen.queryByTestId("selection-bar")).toBeNull();
    await user.click(screen.getByRole("tab", { name: "Policy" }));
    expect(screen.queryByTestId("policy-edit")).toBeNull();
    expect(screen.getByText("An auditor changes nothing.")).toBeVisible();
    await user.click(screen.getByTestId("key-export"));
    expect(await screen.findByTestId("export-deploy")).toHaveTextContent(/auditor/);
    expect(screen.getByTestId("export-share")).toBeEnabled();
    expect(screen.getByTestId("export-deploy")).toBeDisabled();
    expect(await accessibilityProblems()).toEqual([]);
    expect(core.requests("rename_key")).toEqual([]);
  });

  it("is told by the empty list what will be here, without a button that would be refused", async () => {
    const core = emptyCore("auditor");
    await renderInVault(core, <KeysScreen />, { place: { section: "keys" } });
    expect(await screen.findByText("Your keys will be here")).toBeVisible();
    expect(screen.queryByRole("button", { name: "New key" })).toBeNull();
  });
});

it("an operator changes keys, and no policies", async () => {
  const { user } = await shown(sampleCore("operator"));
  await user.click(row("payments-dek"));
  expect(await screen.findByTestId("key-primary-act")).toHaveTextContent("Rotate…");
  await user.click(screen.getByRole("tab", { name: "Policy" }));
  expect(screen.getByText("Only an administrator changes policies.")).toBeVisible();
  await user.click(screen.getByTestId("key-menu"));
  expect(await screen.findByTestId("act-edit")).toBeVisible();
  expect(screen.queryByTestId("act-editPolicy")).toBeNull();
});
