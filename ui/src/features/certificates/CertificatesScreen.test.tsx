import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";
import type { KeptCertificateView } from "../../ipc/bindings";
import type { FakeCore } from "../../test/fakeCore";
import { accessibilityProblems, fill, renderInVault } from "../../test/render";
import { emptyCore, sampleCore } from "../../test/sampleVault";
import { CertificatesScreen } from ".";

const root: KeptCertificateView = {
  ...{
    id: "00000000-0000-4000-8000-00000000000a",
    subject: "CN=Root,O=Example",
    issuer: "CN=Root,O=Example",
  },
  ...{ serial: "4f01", notBefore: "2026-01-01T00:00:00Z", notAfter: "2036-01-01T00:00:00Z" },
  ...{ state: "valid", sha256: "aa".repeat(32), authority: true, origin: "self_signed" },
  ...{ key: { id: "k1", name: "root-ca", version: 1 }, issuedBy: { id: "k1", name: "root-ca", version: 1 } },
  ...{
    revokedAt: null,
    revocationReason: null,
    replacedBy: null,
    description: { owner: "", note: "", tags: [] },
    createdAt: "2026-01-01T00:00:00Z",
  },
};
const leaf: KeptCertificateView = {
  ...root,
  ...{ id: "00000000-0000-4000-8000-00000000000b", subject: "CN=www.example.org", origin: "issued" },
  ...{ authority: false, state: "expiring_soon", key: null, notAfter: "2026-12-01T00:00:00Z" },
};

async function shown(core: FakeCore = withCertificates()) {
  const view = await renderInVault(
    core,
    <main>
      <CertificatesScreen />
    </main>,
    { place: { section: "certificates" } },
  );
  return { core, ...view };
}

function withCertificates() {
  const core = sampleCore();
  core.certificates.push({ ...leaf }, { ...root });
  return core;
}

it("lists certificates with their state in words, and opens one from the keyboard", async () => {
  const { user } = await shown();
  const table = await screen.findByTestId("certificate-table");
  expect(table).toHaveTextContent(/www\.example\.org.*Expires soon.*until 1 Dec 2026.*not in this vault/);
  expect(await accessibilityProblems()).toEqual([]);
  within(table).getByRole("button", { name: "www.example.org" }).focus();
  await user.keyboard("{ArrowDown}");
  expect(within(table).getByRole("button", { name: "Root" })).toHaveFocus();
  await user.keyboard("{Enter}");
  const detail = await screen.findByTestId("certificate-detail");
  expect(await within(detail).findByRole("heading", { name: "Root" })).toHaveFocus();
  expect(within(detail).getByTestId("certificate-chain")).toHaveTextContent("www.example.org");
  expect(await accessibilityProblems()).toEqual([]);
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByTestId("certificate-detail")).toBeNull());
});

it("teaches when there is none, and says when none fits", async () => {
  const { user } = await shown(emptyCore());
  expect(await screen.findByTestId("empty")).toHaveTextContent("No certificate yet");
  expect(await accessibilityProblems()).toEqual([]);
  await fill(user, screen.getByLabelText("Search certificates"), "nothing");
  expect(await screen.findByText("No certificate is like that.")).toBeVisible();
});

it("says what the core said when it cannot list", async () => {
  const core = withCertificates();
  core.failNext("list_certificates", "io");
  await shown(core);
  expect(await screen.findByTestId("error")).toHaveAttribute("data-code", "io");
});

it("revokes only with a reason, and renews into the newer one", async () => {
  const { user, core } = await shown();
  await user.click(await screen.findByRole("button", { name: "www.example.org" }));
  await user.click(await screen.findByTestId("certificate-more"));
  await user.click(await screen.findByRole("menuitem", { name: "Revoke…" }));
  const dialog = await screen.findByRole("dialog", { name: /^Revoke the certificate/ });
  expect(within(dialog).getByRole("button", { name: "Revoke" })).toBeDisabled();
  await user.click(within(dialog).getByTestId("revocation-code"));
  await user.click(await screen.findByRole("option", { name: /Its private key is known/ }));
  await user.click(within(dialog).getByRole("button", { name: "Revoke" }));
  await waitFor(() => expect(core.certificates[0]?.revocationReason).toBe("key-compromise"));
  expect(await screen.findByText(/its private key is known to others/)).toBeVisible();
});
