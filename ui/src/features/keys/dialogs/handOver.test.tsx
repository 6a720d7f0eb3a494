import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";
import { accessibilityProblems, renderInVault } from "../../../test/render";
import { sampleCore, samplePassphrase } from "../../../test/sampleVault";
import { withSizes } from "../../../test/sizes";
import { KeysScreen } from "..";

withSizes();

async function withKey(name: string) {
  const core = sampleCore();
  const view = await renderInVault(core, <KeysScreen />, { place: { section: "keys" } });
  await view.user.click(await screen.findByTestId(`key-row-${name}`));
  await screen.findByTestId("key-summary");
  return { core, ...view };
}

type Scene = Awaited<ReturnType<typeof withKey>>;

async function handOver({ user, core }: Scene, recipients: string) {
  await user.click(screen.getByTestId("key-export"));
  const dialog = await screen.findByRole("dialog");
  await user.click(screen.getByTestId("export-send"));
  await user.click(screen.getByTestId("export-recipients"));
  await user.paste(recipients);
  const write = within(dialog).getByRole("button", { name: "Encrypt and write" });
  expect(write).toBeDisabled();
  await user.click(within(dialog).getByLabelText("Your passphrase"));
  await user.paste(samplePassphrase);
  await user.click(write);
  const result = await screen.findByTestId("result");
  return { result, request: core.requests("export_key").at(-1) };
}

async function close({ user }: Scene) {
  await user.click(screen.getByRole("button", { name: "Close" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
}

it("takes recipients as files too, and never offers the clear", async () => {
  const scene = await withKey("acme-release-signing");
  await scene.user.click(screen.getByTestId("key-export"));
  const dialog = await screen.findByRole("dialog");
  await scene.user.click(screen.getByTestId("export-send"));
  expect(within(dialog).queryByRole("radio", { name: "In the clear" })).not.toBeInTheDocument();
  expect(within(dialog).queryByTestId("export-plaintext")).not.toBeInTheDocument();
  scene.core.picked = "/home/me/web-1.crt";
  await scene.user.click(screen.getByTestId("export-pick-recipient"));
  await waitFor(() => expect(screen.getByTestId("export-recipients")).toHaveValue("/home/me/web-1.crt"));
  expect(await accessibilityProblems()).toEqual([]);
});

it("encrypts to those who are named", async () => {
  const scene = await withKey("acme-release-signing");
  const { result, request } = await handOver(scene, "age1ann\n# a remark\nssh-ed25519 AAAA web-1");
  expect(request).toEqual(
    expect.objectContaining({
      to: ["age1ann", "ssh-ed25519 AAAA web-1"],
      proof: { passphrase: samplePassphrase },
    }),
  );
  expect(request).not.toHaveProperty("plaintext");
  expect(within(result).getByTestId("export-recipients-list")).toHaveTextContent("age1ann");
  expect(result).toHaveTextContent("age --decrypt");
});

it("after a rotation the check-list says who has the old version, and is ticked off", async () => {
  const scene = await withKey("acme-release-signing");
  const { user, core } = scene;
  await handOver(scene, "age1ann\nage1ben");
  await close(scene);
  await user.click(screen.getByRole("tab", { name: "Distribution" }));
  expect(await screen.findByTestId("distribution-summary")).toHaveTextContent("All have version");

  await user.click(screen.getByTestId("key-primary-act"));
  const dialog = await screen.findByRole("dialog");
  expect(await within(dialog).findByTestId("where-used-list")).toHaveTextContent("age1ann");
  await user.click(within(dialog).getByRole("button", { name: "Rotate" }));
  await waitFor(() =>
    expect(screen.getByTestId("distribution-summary")).toHaveTextContent("2 holders not known to have"),
  );
  expect(await accessibilityProblems()).toEqual([]);

  await user.click(screen.getByRole("button", { name: /^age1ann has version/ }));
  await waitFor(() =>
    expect(screen.getByTestId("distribution-summary")).toHaveTextContent("1 holder not known"),
  );
  await user.click(screen.getByRole("button", { name: "age1ben needs it no more" }));
  await waitFor(() =>
    expect(screen.getByTestId("distribution-summary")).toHaveTextContent("All have version"),
  );
  expect(screen.getAllByTestId("holder")).toHaveLength(1);
  expect(core.requests("note_roll_out")).toHaveLength(2);
});
