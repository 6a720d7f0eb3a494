import { TextInput } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { screen } from "@testing-library/react";
import { useMemo } from "react";
import { expect, test, vi } from "vitest";
import { renderInVault } from "../test/render";
import { emptyCore } from "../test/sampleVault";
import { type Action, matches, shortcutKeys, useActions } from "./actions";

const nothing = () => {};

function Offering({
  id = "one",
  shortcut = "mod+J",
  enabled = true,
  always = false,
  run = nothing,
}: Partial<Action>) {
  const actions = useMemo<Action[]>(
    () => [{ id, title: "One", icon: IconKey, section: "Test", shortcut, enabled, always, run }],
    [id, shortcut, enabled, always, run],
  );
  useActions(actions);
  return <TextInput aria-label="Text" />;
}

test("a shortcut runs its action", async () => {
  const run = vi.fn();
  const { user } = await renderInVault(emptyCore(), <Offering run={run} />);
  await user.keyboard("{Control>}j{/Control}");
  expect(run).toHaveBeenCalledOnce();
});

test("a shortcut of an action that may not run does nothing", async () => {
  const run = vi.fn();
  const { user } = await renderInVault(emptyCore(), <Offering run={run} enabled={false} />);
  await user.keyboard("{Control>}j{/Control}");
  expect(run).not.toHaveBeenCalled();
});

test("a bare key is left to the field that one types in; Ctrl works there too", async () => {
  const f2 = vi.fn();
  const ctrl = vi.fn();
  const { user } = await renderInVault(
    emptyCore(),
    <>
      <Offering id="a" shortcut="F2" run={f2} />
      <Offering id="b" shortcut="mod+J" run={ctrl} />
    </>,
  );
  const [field] = screen.getAllByRole("textbox");
  await user.click(field as HTMLElement);
  await user.keyboard("{F2}{Control>}j{/Control}");
  expect(f2).not.toHaveBeenCalled();
  expect(ctrl).toHaveBeenCalledOnce();
});

test("while a dialog is open only the actions that always work do", async () => {
  const usual = vi.fn();
  const always = vi.fn();
  const { user } = await renderInVault(
    emptyCore(),
    <>
      <Offering id="a" shortcut="mod+J" run={usual} />
      <Offering id="b" shortcut="mod+L" always run={always} />
      <div role="dialog" aria-modal="true" aria-label="Dialog" />
    </>,
  );
  await user.keyboard("{Control>}jl{/Control}");
  expect(usual).not.toHaveBeenCalled();
  expect(always).toHaveBeenCalledOnce();
});

test("a screen's own action takes the place of the app's, until the screen goes", async () => {
  const app = vi.fn();
  const own = vi.fn();
  const { user, rerender } = await renderInVault(
    emptyCore(),
    <>
      <Offering run={app} />
      <Offering run={own} />
    </>,
  );
  await user.keyboard("{Control>}j{/Control}");
  expect([app.mock.calls.length, own.mock.calls.length]).toEqual([0, 1]);
  rerender(<div />);
  await user.keyboard("{Control>}j{/Control}");
  expect(own).toHaveBeenCalledOnce();
});

test("shortcuts are compared whole", () => {
  const press = (key: string, more: KeyboardEventInit = {}) => new KeyboardEvent("keydown", { key, ...more });
  expect(matches("mod+K", press("k", { ctrlKey: true }))).toBe(true);
  expect(matches("mod+K", press("k"))).toBe(false);
  expect(matches("mod+K", press("K", { ctrlKey: true, shiftKey: true }))).toBe(false);
  expect(matches("mod+K", press("k", { ctrlKey: true, altKey: true }))).toBe(false);
  // On a German keyboard the slash is Shift and 7.
  expect(matches("mod+/", press("/", { ctrlKey: true, shiftKey: true }))).toBe(true);
  expect(matches("F2", press("F2"))).toBe(true);
  expect(shortcutKeys("mod+shift+N")).toEqual(["Ctrl", "Shift", "N"]);
});
