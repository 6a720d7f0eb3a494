import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";
import type { KnownKeyView } from "../../../ipc/bindings";
import type { FakeCore } from "../../../test/fakeCore";
import { accessibilityProblems, fill, renderInVault } from "../../../test/render";
import { emptyCore, sampleCore } from "../../../test/sampleVault";
import { PublicKeysScreen } from "..";

const ann: KnownKeyView = {
  ...{
    id: "00000000-0000-4000-8000-0000000000a1",
    name: "ann@desk",
    algorithm: "ed25519",
    strengthBits: 128,
  },
  foreign: null,
  ...{ quantumSafe: false, fingerprints: { "ssh-sha256": "SHA256:abc" }, pem: "-----BEGIN PUBLIC KEY-----" },
  ...{ form: "openssh-public", createdAt: "2026-01-01T00:00:00Z" },
  description: { owner: "Ann", note: "", tags: ["partners"] },
};
const old: KnownKeyView = {
  ...ann,
  ...{
    id: "00000000-0000-4000-8000-0000000000a2",
    name: "old vpn",
    algorithm: "rsa-2048",
    strengthBits: 112,
  },
};

const weak: KnownKeyView = {
  ...ann,
  ...{ id: "00000000-0000-4000-8000-0000000000a3", name: "lift", algorithm: "rsa-1024", strengthBits: 80 },
  foreign: { name: "rsa-1024", title: "RSA-1024", weakness: "RSA with 1024 bits is too weak to be used" },
};

async function shown(core: FakeCore = withPublicKeys()) {
  const view = await renderInVault(
    core,
    <main>
      <PublicKeysScreen />
    </main>,
    { place: { section: "public-keys" } },
  );
  return { core, ...view };
}

function withPublicKeys() {
  const core = sampleCore();
  core.knownKeys.push(structuredClone(ann), structuredClone(old));
  return core;
}

it("lists them with algorithm, strength and owner, and opens one from the keyboard", async () => {
  const { user } = await shown();
  const table = await screen.findByTestId("public-key-table");
  expect(table).toHaveTextContent(/ann@desk.*Ed25519 128 bits.*Ann.*partners/);
  within(table).getByRole("button", { name: "ann@desk" }).focus();
  await user.keyboard("{ArrowDown}{Enter}");
  const detail = await screen.findByTestId("public-key-detail");
  expect(within(detail).getByRole("heading", { name: "old vpn" })).toHaveFocus();
  expect(detail).toHaveTextContent("Its private half is not in this vault.");
  expect(await accessibilityProblems()).toEqual([]);
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByTestId("public-key-detail")).toBeNull());
});

it("edits what is said of one, and removes one", async () => {
  const { user, core } = await shown();
  await user.click(await screen.findByRole("button", { name: "ann@desk" }));
  await user.click(screen.getByRole("button", { name: "Edit…" }));
  const edit = await screen.findByRole("dialog", { name: "Edit ann@desk" });
  expect(within(edit).getByRole("button", { name: "Save" })).toBeDisabled();
  await fill(user, within(edit).getByLabelText("Note"), "left in May");
  await user.click(within(edit).getByRole("button", { name: "Save" }));
  await waitFor(() => expect(core.knownKeys[0]?.description.note).toBe("left in May"));
  expect(await screen.findByText("left in May")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Remove…" }));
  const remove = await screen.findByRole("dialog", { name: "Remove ann@desk" });
  await user.click(within(remove).getByRole("button", { name: "Remove" }));
  await waitFor(() => expect(core.knownKeys.map(({ name }) => name)).toEqual(["old vpn"]));
  await waitFor(() => expect(screen.queryByTestId("public-key-detail")).toBeNull());
});

it("teaches when there is none, and says when none fits", async () => {
  const { user } = await shown(emptyCore());
  expect(await screen.findByTestId("empty")).toHaveTextContent("No public key yet");
  expect(await accessibilityProblems()).toEqual([]);
  await fill(user, screen.getByLabelText("Search public keys"), "nothing");
  expect(await screen.findByText("No public key is like that.")).toBeVisible();
});

it("says what the core said when it cannot list", async () => {
  const core = withPublicKeys();
  core.failNext("list_known_keys", "io");
  await shown(core);
  expect(await screen.findByTestId("error")).toHaveAttribute("data-code", "io");
});

it("marks what is weak, in the list and in its details, with the reason", async () => {
  const core = withPublicKeys();
  core.knownKeys.push(structuredClone(weak));
  const { user } = await shown(core);
  const table = await screen.findByTestId("public-key-table");
  expect(table).toHaveTextContent(/RSA-1024 80 bits Weak/);
  expect(table).toHaveTextContent(/RSA-2048 112 bits(?! Weak)/);
  await user.click(screen.getByRole("button", { name: "lift" }));
  expect(await screen.findByTestId("public-key-detail")).toHaveTextContent(
    /RSA-1024.*80 bits Weak\s*RSA with 1024 bits is too weak to be used\./,
  );
  expect(await accessibilityProblems()).toEqual([]);
});
