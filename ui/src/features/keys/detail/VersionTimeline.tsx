import { UnstyledButton } from "@mantine/core";
import type { KeyView, VersionView } from "../../../ipc/bindings";
import { formatDate, plural } from "../../../shared/format";
import { StateIcon } from "../../../shared/StateBadge";
import { stateNames } from "../../../shared/words";
import { purposeVerbs } from "../rules/purposeVerbs";
import { stateSince } from "../rules/stateSince";
import "./VersionTimeline.css";

interface VersionTimelineProps {
  keyView: KeyView;
  /** How many of the newest to show. */
  limit: number;
  onMore: () => void;
}

/** The life of a key, newest version first. */
export function VersionTimeline({ keyView, limit, onMore }: VersionTimelineProps) {
  const shown = keyView.versions.slice(0, limit);
  const rest = keyView.versions.length - shown.length;
  return (
    <>
      <ol className="kr-timeline" aria-label="Versions">
        {shown.map((version) => (
          <li key={version.version}>
            <StateIcon state={version.state} />
            <VersionLine keyView={keyView} version={version} />
          </li>
        ))}
      </ol>
      {rest > 0 && (
        <UnstyledButton className="kr-timeline-more" onClick={onMore}>
          {plural(rest, "older version")}
        </UnstyledButton>
      )}
    </>
  );
}

function VersionLine({ keyView, version }: { keyView: KeyView; version: VersionView }) {
  const isPrimary = version.version === keyView.primaryVersion;
  const since = stateSince(version);
  return (
    <span>
      {isPrimary ? <strong>Version {version.version}</strong> : `Version ${version.version}`}{" "}
      {isPrimary && "primary, "}
      {versionWords(keyView, version)}
      {since !== null && (
        <span className="kr-dim">
          {"\u00a0· "}
          {formatDate(since)}
        </span>
      )}
    </span>
  );
}

function versionWords(keyView: KeyView, version: VersionView): string {
  if (version.destroyScheduledAt !== null) {
    return `to be destroyed on ${formatDate(version.destroyScheduledAt)}`;
  }
  const state = stateNames[version.state].toLowerCase();
  if (version.state === "deactivated" && version.recipientUsageEnd !== null) {
    const { processes } = purposeVerbs(keyView.purpose);
    return `${state}, ${processes.split(" ")[0]} until ${formatDate(version.recipientUsageEnd)}`;
  }
  if (version.state === "active" && version.deactivateAt !== null) {
    return `${state} until ${formatDate(version.deactivateAt)}`;
  }
  return state;
}
