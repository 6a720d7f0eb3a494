import { screen, waitFor, within } from "@testing-library/react";
import type { UserEvent } from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import type { KeptCertificateView } from "../../../ipc/bindings";
import type { FakeCore } from "../../../test/fakeCore";
import { accessibilityProblems, fill, renderInVault } from "../../../test/render";
import { sampleCore, samplePassphrase } from "../../../test/sampleVault";
import { withSizes } from "../../../test/sizes";
import { KeysScreen } from "..";

withSizes();

async function withKey(name: string, core: FakeCore = sampleCore()) {
  const view = await renderInVault(core, <KeysScreen />, { place: { section: "keys" } });
  await view.user.click(await screen.findByTestId(`key-row-${name}`));
  await screen.findByTestId("key-summary");
  return { core, ...view };
}

async function fromMenu(user: UserEvent, act: string) {
  await user.click(screen.getByTestId("key-menu"));
  await user.click(await screen.findByTestId(`act-${act}`));
  return screen.findByRole("dialog");
}

/** Certificates of OpenSSH: a host's and a user's, or `many` of hosts, the newest first. */
function issueForOpenSsh(core: FakeCore, many?: number) {
  const both = {
    issuedAt: "2026-11-20T08:00:00Z",
    validUntil: "2027-01-20T08:00:00Z",
    publicKey: "SHA256:a",
  };
  const host = { ...both, principals: ["web-1"], host: true, state: "valid" as const };
  if (many === undefined) {
    const user = { ...both, principals: ["ann", "root"], host: false, state: "valid" as const };
    core.sshCertificates.push({ ...host, serial: "4712", keyId: "Zoe, phone" });
    core.sshCertificates.push({ ...user, serial: "4711", keyId: "Ann, laptop" });
    return;
  }
  for (let number = many; number > 0; number -= 1) {
    core.sshCertificates.push({ ...host, serial: `${number}`, keyId: `Host ${number}` });
  }
}

const confirm = (dialog: HTMLElement, verb: string) => within(dialog).getByRole("button", { name: verb });

describe("rotating", () => {
  it("shows first what will become of both versions, and changes nothing by that", async () => {
    const { user, core } = await withKey("payments-dek");
    await user.click(screen.getByTestId("key-primary-act"));
    const dialog = await screen.findByRole("dialog", { name: "Rotate payments-dek" });
    expect(await within(dialog).findByTestId("rotation-preview")).toHaveTextContent(
      /Version 2 becomes primary and encrypts new data.*Version 1 is deactivated at once/,
    );
    expect(core.requests("rotate_key")).toEqual([expect.objectContaining({ dryRun: true })]);
    expect(await accessibilityProblems()).toEqual([]);
    await user.click(confirm(dialog, "Rotate"));
    await waitFor(() => expect(screen.getByTestId("key-summary")).toHaveTextContent("version 2 is primary"));
    await waitFor(() => expect(screen.getByTestId("key-primary-act")).toHaveFocus());
  });

  it("shows why the core refuses, and does not offer to go on", async () => {
    const core = sampleCore();
    core.failNext("rotate_key", "refused_by_policy", "The policy does not allow it.");
    const { user } = await withKey("payments-dek", core);
    await user.click(screen.getByTestId("key-primary-act"));
    const dialog = await screen.findByRole("dialog");
    expect(await within(dialog).findByTestId("error")).toHaveAttribute("data-code", "refused_by_policy");
    expect(confirm(dialog, "Rotate")).toBeDisabled();
  });
});

describe("the plain changes", () => {
  it("tell a key that someone changed meanwhile", async () => {
    const core = sampleCore();
    core.failNext("suspend_key", "stale", "The key was changed.", "Look at it again.");
    const { user } = await withKey("payments-dek", core);
    const dialog = await fromMenu(user, "suspend");
    await user.click(confirm(dialog, "Suspend"));
    expect(await within(dialog).findByTestId("error")).toHaveAttribute("data-code", "stale");
  });

  it("suspend with the reason, and resume", async () => {
    const { user, core } = await withKey("payments-dek");
    let dialog = await fromMenu(user, "suspend");
    await fill(user, within(dialog).getByRole("textbox", { name: "Reason" }), "Audit");
    await user.click(confirm(dialog, "Suspend"));
    await waitFor(() => expect(screen.getByTestId("key-primary-act")).toHaveTextContent("Resume…"));
    expect(core.requests("suspend_key")[0]).toEqual(expect.objectContaining({ reason: "Audit" }));
    await user.click(screen.getByTestId("key-primary-act"));
    dialog = await screen.findByRole("dialog", { name: "Resume payments-dek" });
    expect(confirm(dialog, "Resume")).toBeDisabled();
    await fill(user, within(dialog).getByLabelText("Your passphrase"), "not the one");
    await user.click(confirm(dialog, "Resume"));
    expect(await within(dialog).findByText("That is not the passphrase.")).toBeVisible();
    await user.clear(within(dialog).getByLabelText("Your passphrase"));
    await fill(user, within(dialog).getByLabelText("Your passphrase"), samplePassphrase);
    await user.click(confirm(dialog, "Resume"));
    await waitFor(() => expect(screen.getByTestId("key-primary-act")).toHaveTextContent("Rotate…"));
  });

  it("give the focus back to the menu's button", async () => {
    const { user } = await withKey("payments-dek");
    await fromMenu(user, "deactivate");
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.getByTestId("key-menu")).toHaveFocus());
  });
});

describe("revoking", () => {
  it("wants to know what happened, and proposes a rotation next", async () => {
    const { user, core } = await withKey("payments-dek");
    const dialog = await fromMenu(user, "revoke");
    expect(confirm(dialog, "Revoke")).toBeDisabled();
    await fill(user, within(dialog).getByRole("textbox", { name: /What happened/ }), "Laptop stolen");
    expect(await accessibilityProblems()).toEqual([]);
    await user.click(confirm(dialog, "Revoke"));
    expect(await screen.findByRole("dialog", { name: "Rotate payments-dek" })).toBeVisible();
    expect(core.requests("revoke_key")).toEqual([
      expect.objectContaining({ reason: "Laptop stolen", version: 1 }),
    ]);
  });
});

describe("scheduling destruction", () => {
  it("shows what it hits, wants the name typed and a waiting period in bounds", async () => {
    const { user, core } = await withKey("payments-dek-2023");
    const dialog = await fromMenu(user, "destroy");
    expect(dialog).toHaveTextContent(/used/);
    expect(dialog).toHaveTextContent(/backup/i);
    const button = confirm(dialog, "Schedule destruction");
    expect(button).toBeDisabled();
    await fill(user, within(dialog).getByRole("textbox", { name: /Type/ }), "payments-dek-2023");
    expect(button).toBeEnabled();
    const wait = within(dialog).getByRole("textbox", { name: "Wait" });
    await user.clear(wait);
    await user.type(wait, "6");
    expect(button).toBeDisabled();
    await user.clear(wait);
    await user.type(wait, "14");
    expect(await accessibilityProblems()).toEqual([]);
    await user.click(button);
    await waitFor(() => expect(screen.getByTestId("key-primary-act")).toHaveTextContent("Keep…"));
    expect(core.requests("destroy_key")[0]).toEqual(expect.objectContaining({ waitDays: 14 }));
  });
});

describe("renaming", () => {
  it("says at the field that the name is taken", async () => {
    const core = sampleCore();
    core.failNext("rename_key", "name_taken");
    const { user } = await withKey("payments-dek", core);
    const dialog = await fromMenu(user, "rename");
    const field = within(dialog).getByRole("textbox", { name: "New name" });
    expect(field).toHaveFocus();
    await user.clear(field);
    await fill(user, field, "backup-kek");
    await user.click(confirm(dialog, "Rename"));
    expect(await within(dialog).findByText("Another key has this name.")).toBeVisible();
  });
});

describe("exporting", () => {
  it("gives the public half without asking for a passphrase", async () => {
    const { user, core } = await withKey("acme-release-signing");
    await user.click(screen.getByTestId("key-export"));
    const dialog = await screen.findByRole("dialog", { name: "Export acme-release-signing" });
    expect(within(dialog).queryByLabelText("Your passphrase")).not.toBeInTheDocument();
    await user.click(confirm(dialog, "Export"));
    expect(await screen.findByTestId("result")).toHaveTextContent("you may give it to anyone");
    const [request] = core.requests("export_key");
    expect(request).toEqual(expect.objectContaining({ public: true }));
    expect(request).not.toHaveProperty("passphrase");
  });

  it("protects material by a passphrase unless someone decides and confirms otherwise", async () => {
    const { user, core } = await withKey("acme-release-signing");
    await user.click(screen.getByTestId("key-export"));
    const dialog = await screen.findByRole("dialog");
    await user.click(screen.getByTestId("export-deploy"));
    expect(screen.queryByTestId("export-plaintext")).not.toBeInTheDocument();
    await fill(user, within(dialog).getByLabelText("Your passphrase"), samplePassphrase);
    expect(confirm(dialog, "Export")).toBeDisabled();
    await user.click(within(dialog).getByRole("radio", { name: "In the clear" }));
    const inTheClear = confirm(dialog, "Export in the clear");
    expect(inTheClear).toBeDisabled();
    await user.click(screen.getByTestId("export-plaintext"));
    expect(await accessibilityProblems()).toEqual([]);
    await user.click(inTheClear);
    expect(await screen.findByTestId("result")).toHaveTextContent("in the clear");
    expect(core.requests("export_key")[0]).toEqual(
      expect.objectContaining({ plaintext: true, proof: { passphrase: samplePassphrase } }),
    );
  });

  it("stretches the passphrase with scrypt where the format has it, and never shows PKCS#12 in the clear", async () => {
    const { user, core } = await withKey("acme-release-signing");
    await user.click(screen.getByTestId("key-export"));
    const dialog = await screen.findByRole("dialog");
    await user.click(screen.getByTestId("export-deploy"));
    await user.click(screen.getByTestId("export-scrypt"));
    const choose = async (label: string) => {
      await user.click(screen.getByTestId("export-format"));
      await user.click(await screen.findByRole("option", { name: label }));
    };
    await choose("PKCS#12");
    expect(screen.queryByTestId("export-scrypt")).not.toBeInTheDocument();
    expect(within(dialog).queryByRole("radio", { name: "In the clear" })).not.toBeInTheDocument();
    await choose("PKCS#8 (DER)");
    expect(screen.getByTestId("export-scrypt")).toBeChecked();
    const phrase = "a file's own passphrase";
    await fill(user, within(dialog).getByLabelText("Passphrase of the file"), phrase);
    await fill(user, within(dialog).getByLabelText("Passphrase of the file, again"), phrase);
    await fill(user, within(dialog).getByLabelText("Your passphrase"), samplePassphrase);
    expect(await accessibilityProblems()).toEqual([]);
    await user.click(confirm(dialog, "Export"));
    await screen.findByTestId("result");
    expect(core.requests("export_key")[0]).toEqual(
      expect.objectContaining({ format: "pkcs8-der", encryptPassphrase: phrase, scrypt: true }),
    );
  });

  it("puts the certificate that lasts longest into PKCS#12, and marks the legacy protection", async () => {
    const core = sampleCore();
    const [key] = core.keys.filter(({ name }) => name === "acme-release-signing");
    const id = (last: string) => `00000000-0000-4000-8000-00000000000${last}`;
    const certificate = (last: string, over: Partial<KeptCertificateView>): KeptCertificateView => ({
      ...{ id: id(last), subject: `CN=${last}.example.org`, issuer: "CN=Root", serial: "4f01" },
      ...{ notBefore: "2026-01-01T00:00:00Z", notAfter: "2027-01-01T00:00:00Z", state: "valid" },
      ...{ sha256: "aa".repeat(32), authority: false, origin: "issued", issuedBy: null },
      ...{ key: { id: key?.id ?? "", name: "acme-release-signing", version: key?.primaryVersion ?? 0 } },
      ...{ revokedAt: null, revocationReason: null, replacedBy: null, createdAt: "2026-01-01T00:00:00Z" },
      description: { owner: "", note: "", tags: [] },
      ...over,
    });
    core.certificates.push(
      certificate("a", {}),
      certificate("b", { notAfter: "2029-01-01T00:00:00Z" }),
      certificate("c", { notAfter: "2031-01-01T00:00:00Z", state: "revoked" }),
    );
    const { user } = await withKey("acme-release-signing", core);
    await user.click(screen.getByTestId("key-export"));
    const dialog = await screen.findByRole("dialog");
    await user.click(screen.getByTestId("export-deploy"));
    expect(screen.queryByTestId("export-legacy")).not.toBeInTheDocument();
    await user.click(screen.getByTestId("export-format"));
    await user.click(await screen.findByRole("option", { name: "PKCS#12" }));
    const field = await screen.findByTestId<HTMLInputElement>("export-certificate");
    await waitFor(() => expect(field.value).toMatch(/^b\.example\.org, until/));
    await user.click(field);
    expect(screen.queryByRole("option", { name: /^c\./ })).not.toBeInTheDocument();
    await user.click(await screen.findByRole("option", { name: /^a\.example\.org/ }));
    await user.click(screen.getByTestId("export-legacy"));
    const phrase = "a file's own passphrase";
    await fill(user, within(dialog).getByLabelText("Passphrase of the file"), phrase);
    await fill(user, within(dialog).getByLabelText("Passphrase of the file, again"), phrase);
    await fill(user, within(dialog).getByLabelText("Your passphrase"), samplePassphrase);
    expect(await accessibilityProblems()).toEqual([]);
    await user.click(confirm(dialog, "Export"));
    await screen.findByTestId("result");
    expect(core.requests("export_key")[0]).toEqual(
      expect.objectContaining({ format: "pkcs12", keptCertificate: id("a"), legacy: true }),
    );
  });

  it("asks whose an OpenPGP key is, and shows the files beside it", async () => {
    const { user, core } = await withKey("acme-release-signing");
    await user.click(screen.getByTestId("key-export"));
    const dialog = await screen.findByRole("dialog");
    await user.click(screen.getByTestId("export-deploy"));
    expect(screen.queryByTestId("export-user-id")).not.toBeInTheDocument();
    await user.click(screen.getByTestId("export-format"));
    await user.click(await screen.findByRole("option", { name: "OpenPGP key (armoured)" }));
    const field = screen.getByTestId("export-user-id");
    expect(field).toHaveValue("acme-release-signing");
    await user.click(within(dialog).getByRole("radio", { name: "In the clear" }));
    await user.click(screen.getByTestId("export-plaintext"));
    await fill(user, within(dialog).getByLabelText("Your passphrase"), samplePassphrase);
    await user.clear(field);
    expect(confirm(dialog, "Export in the clear")).toBeDisabled();
    await fill(user, field, "Acme <release@example.org>");
    expect(await accessibilityProblems()).toEqual([]);
    await user.click(confirm(dialog, "Export in the clear"));
    const result = await screen.findByTestId("result");
    expect(result).toHaveTextContent("acme-release-signing.rev.asc");
    expect(result).toHaveTextContent("keep it apart");
    expect(core.requests("export_key")[0]).toEqual(
      expect.objectContaining({ format: "openpgp", userId: "Acme <release@example.org>" }),
    );
  });

  it("leaves no passphrase behind when it is done or closed", async () => {
    const { user } = await withKey("acme-release-signing");
    await user.click(screen.getByTestId("key-export"));
    const dialog = await screen.findByRole("dialog");
    await user.click(screen.getByTestId("export-keep"));
    await fill(user, within(dialog).getByLabelText("Passphrase of the file"), "a file's own passphrase");
    await fill(user, within(dialog).getByLabelText("Your passphrase"), samplePassphrase);
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
    await user.click(screen.getByTestId("key-export"));
    const again = await screen.findByRole("dialog");
    await user.click(screen.getByTestId("export-keep"));
    expect(within(again).getByLabelText("Your passphrase")).toHaveValue("");
    expect(within(again).getByLabelText("Passphrase of the file")).toHaveValue("");
  });

  it("says at the field that the passphrase is wrong", async () => {
    const core = sampleCore();
    core.failNext("export_key", "wrong_passphrase");
    const { user } = await withKey("acme-release-signing", core);
    await user.click(screen.getByTestId("key-export"));
    const dialog = await screen.findByRole("dialog");
    await user.click(screen.getByTestId("export-deploy"));
    await user.click(within(dialog).getByRole("radio", { name: "In the clear" }));
    await user.click(screen.getByTestId("export-plaintext"));
    await fill(user, within(dialog).getByLabelText("Your passphrase"), "wrong");
    await user.click(confirm(dialog, "Export in the clear"));
    expect(await within(dialog).findByText("That is not the passphrase.")).toBeVisible();
  });
});

describe("a new key", () => {
  async function opened(core: FakeCore = sampleCore()) {
    const view = await renderInVault(core, <KeysScreen />, {
      place: { section: "keys", intent: "create" },
    });
    const dialog = await screen.findByRole("dialog", { name: "Create a key" });
    await waitFor(() => expect(within(dialog).getByTestId("new-key-algorithm")).toHaveValue("AES-256-GCM"));
    return { core, dialog, ...view };
  }

  it("follows from its purpose, and is not exportable unless someone says so", async () => {
    const { user, core, dialog } = await opened();
    await user.click(within(dialog).getByRole("radio", { name: /^Authenticate/ }));
    expect(within(dialog).getByTestId("new-key-algorithm")).toHaveValue("Ed25519");
    await fill(user, within(dialog).getByTestId("new-key-name"), "my-laptop");
    expect(await accessibilityProblems()).toEqual([]);
    await user.click(confirm(dialog, "Create"));
    expect(await screen.findByRole("heading", { name: "my-laptop" })).toBeVisible();
    expect(core.requests("create_key")[0]).toEqual(
      expect.objectContaining({
        name: "my-laptop",
        purpose: "authenticate",
        algorithm: "ed25519",
        exportable: false,
        policy: { template: "nist-sp-800-57" },
      }),
    );
  });

  it("makes many with numbered names", async () => {
    const { user, core, dialog } = await opened();
    await user.type(within(dialog).getByTestId("new-key-name"), "box");
    await user.click(within(dialog).getByRole("button", { name: /several at once/ }));
    const count = within(dialog).getByTestId("new-key-count");
    await user.clear(count);
    await user.type(count, "3");
    await user.click(confirm(dialog, "Create 3 keys"));
    await waitFor(() => expect(core.requests("create_keys")).toHaveLength(1));
    expect(core.requests("create_keys")[0]).toEqual(expect.objectContaining({ name: "box", count: 3 }));
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
  });
});

describe("certificates", () => {
  it("proposes a server's other name, writes the subject as the standard does, and says where the request is", async () => {
    const { user, core } = await withKey("edge-tls-2026");
    const dialog = await fromMenu(user, "certificate");
    const button = confirm(dialog, "Write the request");
    expect(button).toBeDisabled();
    await fill(user, within(dialog).getByTestId("certificate-name"), "www.example.org");
    expect(within(dialog).getByTestId("certificate-names")).toHaveValue("dns:www.example.org");
    await fill(user, within(dialog).getByRole("textbox", { name: "Organisation" }), "Example, Inc.");
    expect(await accessibilityProblems()).toEqual([]);
    await user.click(button);
    expect(await screen.findByRole("dialog", { name: /signed it/ })).toHaveTextContent(
      "edge-tls-2026.csr.pem",
    );
    expect(core.requests("request_certificate")).toEqual([
      expect.objectContaining({
        subject: "CN=www.example.org,O=Example\\, Inc.",
        alternativeNames: ["dns:www.example.org"],
      }),
    ]);
  });

  it("lets the key sign for itself, for as long as one says", async () => {
    const { user, core } = await withKey("edge-tls-2026");
    const dialog = await fromMenu(user, "certificate");
    await user.click(within(dialog).getByText("Signed by the key itself"));
    await fill(user, within(dialog).getByTestId("certificate-name"), "Release team");
    const days = within(dialog).getByRole("textbox", { name: "Valid for, in days" });
    await user.clear(days);
    expect(confirm(dialog, "Sign the certificate")).toBeDisabled();
    await user.type(days, "30");
    await user.click(confirm(dialog, "Sign the certificate"));
    expect(await screen.findByRole("dialog", { name: /signed it/ })).toHaveTextContent(/Valid until/);
    expect(core.requests("self_sign")).toEqual([
      expect.objectContaining({ days: 30, wish: expect.objectContaining({ alternativeNames: [] }) }),
    ]);
  });

  it("makes a CA's own certificate, without names or uses", async () => {
    const { user, core } = await withKey("edge-tls-2026");
    const dialog = await fromMenu(user, "certificate");
    await user.click(within(dialog).getByText("A CA’s own"));
    await fill(user, within(dialog).getByTestId("certificate-name"), "Example root");
    expect(within(dialog).queryByTestId("certificate-names")).toBeNull();
    expect(within(dialog).getByRole("textbox", { name: "Valid for, in days" })).toHaveValue("3650");
    expect(await accessibilityProblems()).toEqual([]);
    await user.click(confirm(dialog, "Sign the certificate"));
    expect(await screen.findByRole("dialog", { name: /signed it/ })).toHaveTextContent(/Valid until/);
    expect(core.requests("self_sign")).toEqual([
      expect.objectContaining({
        ...{ days: 3650, authority: true, pathLength: 0 },
        wish: expect.objectContaining({ alternativeNames: [], extendedKeyUsage: [] }),
      }),
    ]);
  });

  it("issues one of OpenSSH: a user's with limits, a host's without", async () => {
    const { user, core } = await withKey("edge-tls-2026");
    const dialog = await fromMenu(user, "sshCertificate");
    const button = confirm(dialog, "Sign the certificate");
    await fill(user, within(dialog).getByTestId("ssh-public-key"), "/home/me/ann.pub");
    expect(within(dialog).getByRole("textbox", { name: "File" })).toHaveValue(
      "/home/me/Backups/ann-cert.pub",
    );
    await fill(user, within(dialog).getByTestId("ssh-identifier"), "Ann, laptop");
    expect(button).toBeDisabled();
    await user.type(within(dialog).getByTestId("ssh-principals"), "ann{Enter} {Enter}root");
    await fill(user, within(dialog).getByTestId("ssh-networks"), "192.0.2.0/24");
    expect(await accessibilityProblems()).toEqual([]);
    await user.click(within(dialog).getByText("Of a host"));
    expect(within(dialog).getByRole("textbox", { name: "Valid for, in days" })).toHaveValue("90");
    expect(within(dialog).queryByTestId("ssh-networks")).toBeNull();
    await user.click(within(dialog).getByText("Of a user"));
    core.failNext("issue_ssh_certificate", "bad_input_file", "No public key is in it.");
    await user.click(button);
    expect(await within(dialog).findByTestId("error")).toHaveAttribute("data-code", "bad_input_file");
    await user.click(within(dialog).getByText("Of a host"));
    await user.click(button);
    expect(await screen.findByRole("dialog", { name: /signed it/ })).toHaveTextContent(/number 4711/);
    const [ofUser, ofHost] = core.requests("issue_ssh_certificate");
    const both = { publicKey: "/home/me/ann.pub", keyId: "Ann, laptop", principals: ["ann", "root"] };
    expect(ofUser).toMatchObject({
      ...{ ...both, days: 30, permissions: ["pty"], sourceAddresses: ["192.0.2.0/24"] },
    });
    expect(ofHost).toMatchObject({ ...both, days: 90, host: true });
    expect(ofHost).not.toHaveProperty("permissions");
    expect(ofHost).not.toHaveProperty("sourceAddresses");
  });

  it("lists what was issued for OpenSSH, revokes what is ticked and named, and writes the list", async () => {
    const core = sampleCore();
    issueForOpenSsh(core);
    const { user } = await withKey("edge-tls-2026", core);
    const dialog = await fromMenu(user, "sshRevocation");
    const issued = await within(dialog).findByTestId("ssh-issued");
    expect(issued).toHaveTextContent(/Zoe, phone.*Host web-1.*number 4712.*Ann, laptop/);
    expect(within(dialog).getByTestId("ssh-revoked")).toHaveTextContent("which is nothing yet");
    // Nothing was ever revoked: there is no list to write.
    expect(confirm(dialog, "Write the list")).toBeDisabled();
    expect(within(dialog).getByRole("textbox", { name: "File" })).toHaveValue(
      "/home/me/Backups/edge-tls-2026.krl",
    );
    await user.click(within(dialog).getByRole("checkbox", { name: "Ann, laptop" }));
    expect(dialog).toHaveTextContent("1 ticked");
    await user.type(within(dialog).getByTestId("ssh-revoke-identifiers"), "Bob{Enter} {Enter}Eve, desk");
    await user.click(within(dialog).getByRole("button", { name: "Numbers and public keys" }));
    await user.type(within(dialog).getByTestId("ssh-revoke-numbers"), "99");
    await fill(user, within(dialog).getByTestId("ssh-revoke-keys"), "/home/me/eve.pub");
    expect(await accessibilityProblems()).toEqual([]);
    core.failNext("write_krl", "bad_input_file", "No public key is in it.");
    await user.click(confirm(dialog, "Revoke and write the list"));
    expect(await within(dialog).findByTestId("error")).toHaveAttribute("data-code", "bad_input_file");
    // What was ticked and typed is still there.
    expect(within(dialog).getByRole("checkbox", { name: "Ann, laptop" })).toBeChecked();
    await user.type(within(dialog).getByTestId("ssh-revoke-keys"), "2");
    expect(within(dialog).queryByTestId("error")).not.toBeInTheDocument();
    await user.click(confirm(dialog, "Revoke and write the list"));
    const done = await screen.findByRole("dialog", { name: "Revocation list written" });
    expect(done).toHaveTextContent("On it: 2 certificates, 2 identifiers, 1 public key");
    expect(done).toHaveTextContent(/RevokedKeys/);
    expect(core.requests("write_krl")[1]).toMatchObject({
      ...{ version: 1, serials: ["4711", "99"], keyIds: ["Bob", "Eve, desk"] },
      ...{ publicKeys: ["/home/me/eve.pub2"], out: "/home/me/Backups/edge-tls-2026.krl" },
    });
  });

  it("writes the same list again where nothing more is revoked, and ticks nothing twice", async () => {
    const core = sampleCore();
    issueForOpenSsh(core);
    core.sshRevoked.keyIds.push("Ann, laptop");
    for (const one of core.sshCertificates) if (one.keyId === "Ann, laptop") one.state = "revoked";
    const { user } = await withKey("edge-tls-2026", core);
    const dialog = await fromMenu(user, "sshRevocation");
    expect(await within(dialog).findByRole("checkbox", { name: "Ann, laptop" })).toBeDisabled();
    expect(within(dialog).getByTestId("ssh-revoked")).toHaveTextContent("until now 1 identifier");
    await user.click(confirm(dialog, "Write the list"));
    await screen.findByRole("dialog", { name: "Revocation list written" });
    expect(core.requests("write_krl").at(-1)).toMatchObject({ serials: [], keyIds: [], publicKeys: [] });
  });

  it("searches, and remembers what was ticked before", async () => {
    const core = sampleCore();
    issueForOpenSsh(core, 6);
    const { user } = await withKey("edge-tls-2026", core);
    const dialog = await fromMenu(user, "sshRevocation");
    await user.click(await within(dialog).findByLabelText("Host 6"));
    const search = within(dialog).getByLabelText("Search certificates");
    await user.type(search, "t 5{Enter}");
    await user.click(await within(dialog).findByLabelText("Host 5"));
    expect(dialog).toHaveTextContent("2 ticked");
    await user.type(search, "x");
    expect(await within(dialog).findByText("None is called so.")).toBeVisible();
    await user.click(within(dialog).getByText("Revoke and write the list"));
    await waitFor(() => expect(core.requests("write_krl")).toHaveLength(1));
    expect(core.requests("write_krl")[0]).toMatchObject({ serials: ["6", "5"] });
  });

  it("tells how many are not shown", async () => {
    const core = sampleCore();
    issueForOpenSsh(core, 102);
    const { user } = await withKey("edge-tls-2026", core);
    await user.click(screen.getByTestId("key-menu"));
    await user.click(await screen.findByTestId("act-sshRevocation"));
    expect(await screen.findByText(/and 2 more, older ones/)).toBeVisible();
  });

  it("says what the core said when it cannot list what was issued", async () => {
    const core = sampleCore();
    core.failNext("list_ssh_certificates", "database_damaged", "The database is damaged.");
    const { user } = await withKey("edge-tls-2026", core);
    const dialog = await fromMenu(user, "sshRevocation");
    expect(await within(dialog).findByTestId("error")).toHaveAttribute("data-code", "database_damaged");
    await user.click(within(dialog).getByRole("button", { name: "Try again" }));
    expect(await within(dialog).findByText(/tells of no certificate/)).toBeVisible();
  });

  it("shows in the key's details what it issued for OpenSSH, also to an auditor", async () => {
    const core = sampleCore();
    issueForOpenSsh(core);
    const { user } = await withKey("edge-tls-2026", core);
    await user.click(screen.getByRole("tab", { name: "Certificates" }));
    const part = await screen.findByTestId("ssh-issued-part");
    expect(part).toHaveTextContent(/Zoe, phone host web-1.*Valid until.*Ann, laptop user ann, root/);
    expect(await accessibilityProblems()).toEqual([]);
    await user.click(within(part).getByTestId("ssh-revoke"));
    expect(
      await screen.findByRole("dialog", { name: "The OpenSSH revocation list of edge-tls-2026" }),
    ).toBeVisible();
  });

  it("leaves the button out for an auditor", async () => {
    const core = sampleCore("auditor");
    core.sshCertificates.push({
      ...{ serial: "1", keyId: "Ann", principals: ["ann"], host: false, publicKey: null },
      ...{ issuedAt: "2026-01-01T00:00:00Z", validUntil: "2026-02-01T00:00:00Z", state: "expired" },
    });
    const { user } = await withKey("edge-tls-2026", core);
    await user.click(screen.getByRole("tab", { name: "Certificates" }));
    expect(await screen.findByTestId("ssh-issued-part")).toHaveTextContent(/Expired on/);
    expect(screen.queryByTestId("ssh-revoke")).toBeNull();
  });

  it("shows why the core refuses, and keeps what was typed", async () => {
    const core = sampleCore();
    core.failNext("request_certificate", "invalid_request", "The alternative name is none.");
    const { user } = await withKey("edge-tls-2026", core);
    const dialog = await fromMenu(user, "certificate");
    await user.type(within(dialog).getByTestId("certificate-name"), "x");
    await user.click(confirm(dialog, "Write the request"));
    expect(await within(dialog).findByTestId("error")).toHaveAttribute("data-code", "invalid_request");
    expect(within(dialog).getByTestId("certificate-name")).toHaveValue("x");
    await user.type(within(dialog).getByTestId("certificate-name"), "y");
    expect(within(dialog).queryByTestId("error")).not.toBeInTheDocument();
  });

  it("are not offered for a key that signs none", async () => {
    const { user } = await withKey("payments-dek");
    await user.click(screen.getByTestId("key-menu"));
    await screen.findByTestId("act-suspend");
    expect(screen.queryByTestId("act-certificate")).not.toBeInTheDocument();
  });
});
