import type { KeyView } from "../../../ipc/bindings";
import type { VersionAct } from "../rules/acts";
import { VersionItem } from "./VersionItem";
import "./VersionsTab.css";

interface VersionsTabProps {
  keyView: KeyView;
  onAct: (act: VersionAct | "export", version: number) => void;
}

/** Every version: what it may do now, where it came from, which backups hold it. */
export function VersionsTab({ keyView, onAct }: VersionsTabProps) {
  return (
    <ol className="kr-versions" aria-label="Versions" data-testid="versions">
      {keyView.versions.map((version) => (
        <VersionItem key={version.version} keyView={keyView} version={version} onAct={onAct} />
      ))}
    </ol>
  );
}
