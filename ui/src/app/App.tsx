import type { MantineColorScheme } from "@mantine/core";
import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { useState } from "react";
import type { Theme } from "../ipc/bindings";
import { Announcer } from "../shared/Announcer";
import "../shared/base.css";
import { cssVariables, theme } from "../shared/theme";
import { Startup } from "./Startup";

const schemes: Record<Theme, MantineColorScheme> = { system: "auto", light: "light", dark: "dark" };

/** The whole interface. */
export function App({ styleNonce = "" }: { styleNonce?: string }) {
  const [look, setLook] = useState<Theme>("system");
  return (
    <Look look={look} styleNonce={styleNonce}>
      <Announcer>
        <Startup onLook={setLook} />
      </Announcer>
      <Notifications position="bottom-right" transitionDuration={120} zIndex={300} />
    </Look>
  );
}

function Look({
  look,
  styleNonce,
  children,
}: {
  look: Theme;
  styleNonce: string;
  children: React.ReactNode;
}) {
  const scheme = schemes[look];
  return (
    <MantineProvider
      // The preference lives in the core, not in the web view's storage, and a new one takes effect by a new key.
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      {...(scheme === "auto" ? {} : { forceColorScheme: scheme })}
      colorSchemeManager={noStorage}
      getStyleNonce={() => styleNonce}
    >
      {children}
    </MantineProvider>
  );
}

/** The look is a preference, and preferences are the core's to keep. */
const noStorage = {
  get: (fallback: MantineColorScheme) => fallback,
  set: () => {},
  subscribe: () => {},
  unsubscribe: () => {},
  clear: () => {},
};
