import { Page } from "../../shared/Page";

export function BackupsScreen() {
  return <Page title="Backups">{null}</Page>;
}
