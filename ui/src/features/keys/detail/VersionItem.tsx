import type { KeyView, VersionView } from "../../../ipc/bindings";
import { CheckValue, fingerprintItems } from "../../../shared/Fingerprints";
import { formatDate, plural } from "../../../shared/format";
import { DefinitionList } from "../../../shared/Page";
import { StateBadge, StateIcon } from "../../../shared/StateBadge";
import type { VersionAct } from "../rules/acts";
import { stateSince } from "../rules/stateSince";
import { Permissions } from "./Permissions";
import { VersionMenu } from "./VersionMenu";

interface VersionItemProps {
  keyView: KeyView;
  version: VersionView;
  onAct: (act: VersionAct | "export", version: number) => void;
}

/** One version in the timeline. */
export function VersionItem({ keyView, version, onAct }: VersionItemProps) {
  const isPrimary = version.version === keyView.primaryVersion;
  const since = stateSince(version);
  const date = (time: string | null) => (time === null ? null : formatDate(time));
  return (
    <li className="kr-version" data-testid={`version-${version.version}`}>
      <StateIcon state={version.state} />
      <div className="kr-version-body">
        <div className="kr-version-head">
          <h3>
            Version {version.version}
            {isPrimary && <span className="kr-version-primary">primary</span>}
          </h3>
          <VersionMenu keyView={keyView} version={version} onAct={(act) => onAct(act, version.version)} />
        </div>
        <p>
          <StateBadge state={version.state} destroyScheduledAt={version.destroyScheduledAt} />
          {since !== null && <span className="kr-dim"> since {formatDate(since)}</span>}
        </p>
        <Permissions purpose={keyView.purpose} permissions={version.permissions} />
        <DefinitionList
          items={[
            { term: "Check value", value: version.kcv === null ? null : <CheckValue kcv={version.kcv} /> },
            { term: "Made", value: `${formatDate(version.createdAt)}, ${version.origin}` },
            { term: "Activates", value: date(version.activateAt) },
            { term: "Protects until", value: date(version.deactivateAt ?? version.originatorUsageEnd) },
            { term: "Processes until", value: date(version.recipientUsageEnd) },
            { term: "Compromised", value: date(version.compromisedAt) },
            { term: "Reason", value: version.compromiseReason },
            { term: "Destroyed on", value: date(version.destroyScheduledAt) },
            {
              term: "Replaced by",
              value: version.replacedBy === null ? null : `Version ${version.replacedBy}`,
            },
            {
              term: "Backups",
              value:
                version.backups.length === 0 ? (
                  <span className={version.state === "destroyed" ? "kr-dim" : "kr-warn"}>None holds it</span>
                ) : (
                  `${plural(version.backups.length, "backup")} ${version.backups.length === 1 ? "holds" : "hold"} it`
                ),
            },
            ...fingerprintItems(version),
          ]}
        />
      </div>
    </li>
  );
}
