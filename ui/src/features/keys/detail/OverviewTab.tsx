import type { ReactNode } from "react";
import type { KeyView } from "../../../ipc/bindings";
import { CheckValue, fingerprintItems } from "../../../shared/Fingerprints";
import { formatDate, formatNumber } from "../../../shared/format";
import { type Definition, DefinitionList } from "../../../shared/Page";
import { RelativeTime } from "../../../shared/RelativeTime";
import { StateBadge } from "../../../shared/StateBadge";
import { useNow } from "../../../shared/useNow";
import { primaryVersion } from "../rules/acts";
import { heldWords } from "../rules/backups";
import { encryptionShare } from "../rules/encryptions";
import { rotationWords } from "../rules/period";
import { stateSince } from "../rules/stateSince";
import { strengthWords } from "../rules/strength";
import { PublicKeyPart } from "./PublicKeyPart";
import { RotateByWords } from "./RotateByWords";
import { TagList } from "./TagList";
import { VersionTimeline } from "./VersionTimeline";

/** What one wants to know of a key first. */
export function OverviewTab({ keyView, onVersions }: { keyView: KeyView; onVersions: () => void }) {
  const now = useNow();
  const primary = primaryVersion(keyView);
  if (primary === undefined) {
    return null;
  }
  const since = stateSince(primary);
  const strength = strengthWords(keyView.strengthBits, keyView.quantumSafe);
  const held = heldWords(keyView, now);
  const items: Definition[] = [
    {
      term: "State",
      value: (
        <>
          <StateBadge state={primary.state} destroyScheduledAt={primary.destroyScheduledAt} />
          {since !== null && <span className="kr-dim"> since {formatDate(since)}</span>}
        </>
      ),
    },
    { term: "Reason", value: primary.compromiseReason },
    {
      term: "Activates",
      value: primary.activateAt === null ? null : <RelativeTime time={primary.activateAt} focusable />,
    },
    { term: "Check value", value: primary.kcv === null ? null : <CheckValue kcv={primary.kcv} /> },
    {
      term: "Strength",
      value: <span className={strength.warn ? "kr-warn" : undefined}>{strength.words}</span>,
    },
    {
      term: "Policy",
      value: `${keyView.policy.title} · ${rotationWords(keyView.policy.originatorUsage)}`,
    },
    { term: "Rotate by", value: <RotateByWords keyView={keyView} /> },
    { term: "Encryptions", value: encryptionWords(keyView) },
    { term: "Exportable", value: keyView.exportable ? "Yes" : "No" },
    { term: "Owner", value: keyView.owner || null },
    {
      term: "Backups",
      value: <span className={held.missing ? "kr-warn" : undefined}>{held.words}</span>,
    },
    {
      term: "Last used",
      value: keyView.lastUsedAt === null ? "Never" : <RelativeTime time={keyView.lastUsedAt} focusable />,
    },
    { term: "Tags", value: keyView.tags.length === 0 ? null : <TagList tags={keyView.tags} /> },
    { term: "Note", value: keyView.note === "" ? null : <span className="kr-note">{keyView.note}</span> },
    ...keyView.fields.map(({ name, value }) => ({ term: name, value })),
    ...fingerprintItems(primary),
  ];
  return (
    <>
      <DefinitionList items={items} />
      {primary.publicKey !== null && <PublicKeyPart keyView={keyView} version={primary} />}
      <VersionTimeline keyView={keyView} limit={4} onMore={onVersions} />
    </>
  );
}

function encryptionWords(keyView: KeyView): ReactNode {
  const primary = primaryVersion(keyView);
  const share = primary === undefined ? null : encryptionShare(keyView.algorithm, primary.encryptions);
  if (primary === undefined || share === null) {
    return null;
  }
  if (primary.encryptions === 0) {
    return "None yet";
  }
  return (
    <span className="kr-numbers">
      {formatNumber(primary.encryptions)}{" "}
      <span className={share.warn ? "kr-warn" : "kr-dim"}>{share.words} of the limit</span>
    </span>
  );
}
