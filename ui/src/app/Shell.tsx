import { useMemo } from "react";
import { useNavigation } from "../shared/navigation";
import { CommandPalette } from "./CommandPalette";
import { Sidebar } from "./Sidebar";
import "./Shell.css";
import { useKeepAwake } from "../shared/useKeepAwake";
import { StatusBar } from "./StatusBar";
import { sections } from "./sections";
import { useAppActions } from "./useAppActions";
import { useDueDone } from "./useDueDone";

/** The open vault: sidebar, the section's screen, status bar. */
export function Shell() {
  const { place } = useNavigation();
  const sheet = useAppActions();
  useKeepAwake();
  useDueDone();
  const Screen = useMemo(
    () => sections.find(({ section }) => section === place.section)?.screen,
    [place.section],
  );
  return (
    <div className="kr-shell" data-testid="shell" data-section={place.section}>
      <a className="kr-skip" href="#content">
        Skip to the content
      </a>
      <Sidebar />
      <main id="content" className="kr-main" tabIndex={-1}>
        {Screen !== undefined && <Screen />}
      </main>
      <StatusBar />
      <CommandPalette />
      {sheet}
    </div>
  );
}
