import { IconAlertTriangleFilled, IconCircleFilled, IconKey } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useAnnounce } from "../shared/Announcer";
import { formatCountdown, plural } from "../shared/format";
import { useSession } from "../shared/gate";
import { useNavigation } from "../shared/navigation";
import { useCurrentSession, useOverview, useVerification } from "../shared/queries";
import { RelativeTime } from "../shared/RelativeTime";
import { useNow } from "../shared/useNow";
import { roleNames } from "../shared/words";
import "./StatusBar.css";

/** What must never be out of sight: which vault, whether its log and backups are well, and when it locks. */
export function StatusBar() {
  const session = useSession();
  return (
    <footer className="kr-status">
      <span className="kr-status-part kr-status-vault" title={session.vault.path}>
        <IconKey size={13} stroke={1.7} aria-hidden />
        <span className="kr-cut">{session.vault.name}</span>
      </span>
      <LogHealth />
      <LastBackup />
      <span className="kr-status-space" />
      <LockCountdown />
      <span className="kr-status-part kr-status-slot kr-cut">
        Unlocked with {session.slot.name}
        {session.slot.role !== "administrator" && ` · ${roleNames[session.slot.role].toLowerCase()}`}
      </span>
    </footer>
  );
}

function LogHealth() {
  const session = useSession();
  const { go } = useNavigation();
  const overview = useOverview().data;
  const verification = useVerification();
  const size = Math.max(
    overview?.auditSize ?? session.auditSize,
    verification?.outcome === "verified" ? verification.response.size : 0,
  );
  const events = plural(size, "event");
  return (
    <button
      type="button"
      className="kr-status-part kr-status-button"
      onClick={() => go({ section: "audit" })}
      data-testid="status-log"
    >
      {verification?.outcome === "alarm" ? (
        <span className="kr-bad">
          <IconAlertTriangleFilled size={11} aria-hidden /> Log does not verify
        </span>
      ) : verification?.outcome === "verified" ? (
        <span className="kr-ok">
          <IconCircleFilled size={9} aria-hidden /> Log verified · {events}
        </span>
      ) : (
        <span>Log · {events}</span>
      )}
    </button>
  );
}

function LastBackup() {
  const session = useSession();
  const { go } = useNavigation();
  const overview = useOverview().data;
  const at = overview === undefined ? session.lastBackupAt : overview.lastBackupAt;
  return (
    <button
      type="button"
      className="kr-status-part kr-status-button"
      onClick={() => go({ section: "backups" })}
      data-testid="status-backup"
    >
      {at === null ? (
        <span className="kr-warn">No backup yet</span>
      ) : (
        <span>
          Backup <RelativeTime time={at} />
        </span>
      )}
    </button>
  );
}

function LockCountdown() {
  const answer = useCurrentSession().data;
  const announce = useAnnounce();
  const [warned, setWarned] = useState(false);
  const now = useNow(1_000).getTime();
  const locksInMs = answer?.locksInMs ?? null;
  const left =
    locksInMs === null || answer === undefined ? null : locksInMs - Math.max(0, now - answer.askedAt);
  const soon = left !== null && left <= 30_000;
  const last = useRef(announce);
  useEffect(() => {
    last.current = announce;
  });
  useEffect(() => {
    if (soon && !warned)
      last.current("The vault locks in 30 seconds. Press a key to keep it open.", "assertive");
    setWarned(soon);
  }, [soon, warned]);
  if (left === null) return null;
  return (
    <span className={`kr-status-part kr-numbers ${soon ? "kr-warn" : ""}`} data-testid="status-lock">
      Locks in {formatCountdown(left)}
    </span>
  );
}
