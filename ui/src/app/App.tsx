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

interface AppProps {
  styleNonce?: string;
  /** In a test nothing has a size and nothing moves. */
  env?: "default" | "test";
}

/** The whole interface. */
export function App({ styleNonce = "", env = "default" }: AppProps) {
  const [look, setLook] = useState<Theme>("system");
  return (
    <Look look={look} styleNonce={styleNonce} env={env}>
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
  env,
  children,
}: Required<AppProps> & {
  look: Theme;
  children: React.ReactNode;
}) {
  const scheme = schemes[look];
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      {...(scheme === "auto" ? {} : { forceColorScheme: scheme })}
      colorSchemeManager={noStorage}
      getStyleNonce={() => styleNonce}
      env={env}
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
