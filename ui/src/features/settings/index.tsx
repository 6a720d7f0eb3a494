import { Page } from "../../shared/Page";

/** How Keyreeve looks and behaves on this computer. */
export function SettingsScreen() {
  return <Page title="Settings">{null}</Page>;
}
