import { Page } from "../../shared/Page";

/** What needs the person, first of all. */
export function OverviewScreen() {
  return <Page title="Overview">{null}</Page>;
}
