import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";
import { accessibilityProblems, fill, renderInVault } from "../../../test/render";
import { sampleCore, samplePassphrase } from "../../../test/sampleVault";
import { withSizes } from "../../../test/sizes";
import { KeysScreen } from "..";

withSizes();

async function exportOf(name: string) {
  const core = sampleCore();
  const { user } = await renderInVault(core, <KeysScreen />, { place: { section: "keys" } });
  await user.click(await screen.findByTestId(`key-row-${name}`));
  await screen.findByTestId("key-summary");
  await user.click(screen.getByTestId("key-export"));
  const dialog = within(await screen.findByRole("dialog"));
  return { core, user, dialog };
}

it("leads to a package: the service, how to get its key, the key, and how to import", async () => {
  const { core, user, dialog } = await exportOf("acme-release-signing");
  await user.click(dialog.getByTestId("export-service"));
  expect(await dialog.findByText(/--wrapping-algorithm RSAES_OAEP_SHA_256/)).toBeInTheDocument();
  // Nothing of it is in the clear, and there is no format to choose.
  expect(dialog.queryByTestId("export-format")).not.toBeInTheDocument();
  expect(dialog.queryByTestId("export-plaintext")).not.toBeInTheDocument();

  const wrap = dialog.getByRole("button", { name: "Wrap and write" });
  expect(wrap).toBeDisabled();
  core.picked = "/home/me/parameters.json";
  await user.click(dialog.getByRole("button", { name: "Browse for wrapping key" }));
  await waitFor(() => expect(dialog.getByTestId("service-wrapping-key")).toHaveValue(core.picked));
  expect(wrap).toBeDisabled();
  await user.click(dialog.getByLabelText("Your passphrase"));
  await user.paste(samplePassphrase);
  expect(await accessibilityProblems()).toEqual([]);
  await user.click(wrap);

  const result = await screen.findByTestId("result");
  const [request] = core.requests("bring_key");
  expect(request).toMatchObject({
    target: "aws-kms",
    method: "RSAES_OAEP_SHA_256",
    wrappingKey: core.picked,
  });
  expect(request).not.toHaveProperty("keyIdentifier");
  expect(result).toHaveTextContent(".aws.bin.import-token");
  expect(result).toHaveTextContent("aws kms import-key-material");
});

it("says which way is outdated, and asks Azure's wrapping key for its name", async () => {
  const { core, user, dialog } = await exportOf("acme-release-signing");
  await user.click(dialog.getByTestId("export-service"));
  await user.click(await dialog.findByTestId("service-method"));
  await user.click(screen.getByRole("option", { name: "RSAES_OAEP_SHA_1 (outdated)" }));
  expect(dialog.getByText(/The service offers better/)).toBeInTheDocument();

  await user.click(dialog.getByTestId("service"));
  await user.click(screen.getByRole("option", { name: "Azure Key Vault" }));
  expect(dialog.queryByTestId("service-method")).not.toBeInTheDocument();
  await fill(user, dialog.getByTestId("service-wrapping-key"), "kek.pem");
  await user.click(dialog.getByLabelText("Your passphrase"));
  await user.paste(samplePassphrase);
  const wrap = dialog.getByRole("button", { name: "Wrap and write" });
  expect(wrap).toBeDisabled();
  await fill(user, dialog.getByTestId("service-key-identifier"), "https://v.vault.azure.net/keys/kek/1");
  await user.click(wrap);
  await screen.findByTestId("result");
  expect(core.requests("bring_key")).toMatchObject([
    { target: "azure-key-vault", keyIdentifier: "https://v.vault.azure.net/keys/kek/1" },
  ]);
});
