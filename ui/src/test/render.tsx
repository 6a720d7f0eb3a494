import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import userEvent, { type UserEvent } from "@testing-library/user-event";
import axe from "axe-core";
import type { ReactNode } from "react";
import { App } from "../app/App";
import type { SessionView } from "../ipc/bindings";
import { setPlatform } from "../ipc/platform";
import { Announcer } from "../shared/Announcer";
import { ActionsProvider } from "../shared/actions";
import { type Gate, GateContext, type Home, HomeContext, SessionContext } from "../shared/gate";
import { NavigationProvider, type Place } from "../shared/navigation";
import { makeQueryClient } from "../shared/queries";
import { cssVariables, theme } from "../shared/theme";
import { appInfo } from "./core/app";
import type { FakeCore } from "./fakeCore";

/** Shows the whole interface before a core of play, and waits until it has decided what to show. */
export async function renderApp(core: FakeCore) {
  setPlatform(core);
  const user = userEvent.setup({ delay: null });
  const view = render(<App env="test" />);
  await screen.findByRole("main");
  return { user, ...view };
}

/** Shows one part of an open vault: a screen, a dialog, a component. The core must have a vault open. */
export async function renderInVault(
  core: FakeCore,
  children: ReactNode,
  {
    place = { section: "overview" },
    gate = {},
    home = {},
  }: { place?: Place; gate?: Partial<Gate>; home?: Partial<Home> } = {},
) {
  setPlatform(core);
  const { session } = (await core.invoke("current_session")) as { session: SessionView };
  const user = userEvent.setup({ delay: null });
  const client = makeQueryClient();
  const view = render(
    <Around gate={gate} core={core} home={home}>
      <QueryClientProvider client={client}>
        <SessionContext value={session}>
          <NavigationProvider start={place}>
            <ActionsProvider>{children}</ActionsProvider>
          </NavigationProvider>
        </SessionContext>
      </QueryClientProvider>
    </Around>,
  );
  return { user, client, ...view };
}

/** Shows something that needs no open vault. */
export function renderOutside(
  core: FakeCore,
  children: ReactNode,
  { gate = {}, home = {} }: { gate?: Partial<Gate>; home?: Partial<Home> } = {},
) {
  setPlatform(core);
  const user = userEvent.setup({ delay: null });
  const client = makeQueryClient();
  const view = render(
    <Around gate={gate} core={core} home={home}>
      <QueryClientProvider client={client}>{children}</QueryClientProvider>
    </Around>,
  );
  return { user, client, ...view };
}

/** Puts a text into a field at once, as pasting does: each letter that is typed draws the whole dialog anew. */
export async function fill(user: UserEvent, field: Element, text: string) {
  await user.click(field);
  await user.paste(text);
}

/** What axe finds wrong with the document; colours are measured on the tokens, for jsdom paints nothing. */
export async function accessibilityProblems(): Promise<string[]> {
  const { violations } = await axe.run(document.body, {
    rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
  });
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html }) => `${id}: ${help}: ${html.slice(0, 200)}`),
  );
}

function Around({
  core,
  gate,
  home,
  children,
}: {
  core: FakeCore;
  gate: Partial<Gate>;
  home: Partial<Home>;
  children: ReactNode;
}) {
  const nowhere: Gate = {
    enter: () => {},
    remember: () => {},
    chooseVault: () => {},
    goToStart: () => {},
    lock: () => {},
    ...gate,
  };
  const around: Home = {
    app: { ...appInfo, debug: false },
    preferences: core.preferences,
    changePreferences: async () => {},
    ...home,
  };
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} env="test">
      <Announcer>
        <HomeContext value={around}>
          <GateContext value={nowhere}>{children}</GateContext>
        </HomeContext>
      </Announcer>
      <Notifications />
    </MantineProvider>
  );
}
