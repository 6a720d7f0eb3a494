import { Page } from "../../shared/Page";

export function AccessScreen() {
  return <Page title="Access">{null}</Page>;
}
