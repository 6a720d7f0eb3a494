import { Button } from "@mantine/core";
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconFileAlert,
  IconLock,
} from "@tabler/icons-react";
import type { BackupView } from "../../ipc/bindings";
import { fileName, formatBytes, plural } from "../../shared/format";
import { RelativeTime } from "../../shared/RelativeTime";
import { opensWithPassphrase } from "./backupForm";

/** One backup: when, what is in it, for whom, and whether it holds. */
export function BackupItem({ backup, onVerify }: { backup: BackupView; onVerify: () => void }) {
  return (
    <li className="kr-backup" data-testid={`backup-${backup.id}`}>
      <div>
        <h2>
          <RelativeTime time={backup.time} show="date" />
          <span className="kr-dim">
            {" "}
            · {plural(backup.keys, "key")} · {formatBytes(backup.bytes)}
          </span>
        </h2>
        <p data-selectable title={backup.file}>
          {fileName(backup.file)} <span className="kr-dim">in {folderOf(backup.file)}</span>
        </p>
        <ul className="kr-backup-marks">
          {backup.present ? (
            <Verified at={backup.verifiedAt} />
          ) : (
            <li className="kr-bad">
              <IconFileAlert size={15} aria-hidden />
              The file is not there any more
            </li>
          )}
          <li className="kr-dim">
            <IconLock size={15} aria-hidden />
            {opensWithPassphrase(backup)
              ? "opens with a passphrase"
              : `for ${backup.recipients.map(shortRecipient).join(", ")}`}
          </li>
          {backup.standardFiles && (
            <li className="kr-warn">
              <IconAlertTriangle size={15} aria-hidden />
              with standard files
            </li>
          )}
        </ul>
      </div>
      <Button
        variant="default"
        size="xs"
        onClick={onVerify}
        disabled={!backup.present}
        aria-label={`Verify ${fileName(backup.file)}…`}
      >
        Verify…
      </Button>
    </li>
  );
}

function Verified({ at }: { at: string | null }) {
  return at === null ? (
    <li className="kr-warn">
      <IconCircleDashed size={15} aria-hidden />
      Never verified
    </li>
  ) : (
    <li className="kr-ok">
      <IconCircleCheck size={15} aria-hidden />
      <span>
        Verified <RelativeTime time={at} focusable />
      </span>
    </li>
  );
}

function folderOf(path: string): string {
  const name = fileName(path);
  return path.slice(0, path.length - name.length).replace(/[\\/]+$/, "") || path;
}

/** Recipients are long; their ends tell them apart. */
function shortRecipient(recipient: string): string {
  return recipient.length > 28 ? `${recipient.slice(0, 14)}…${recipient.slice(-6)}` : recipient;
}
