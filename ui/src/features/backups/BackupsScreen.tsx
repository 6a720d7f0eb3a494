import { Button } from "@mantine/core";
import { IconArchive } from "@tabler/icons-react";
import { useCallback } from "react";
import type { BackupView } from "../../ipc/bindings";
import { asCoreError } from "../../ipc/call";
import { EmptyState } from "../../shared/EmptyState";
import { ErrorPanel } from "../../shared/ErrorPanel";
import { plural } from "../../shared/format";
import { useIntent } from "../../shared/navigation";
import { Page, Section } from "../../shared/Page";
import { useBackups } from "../../shared/queries";
import { useDialog } from "../../shared/useDialog";
import { BackupItem } from "./BackupItem";
import "./BackupsScreen.css";
import { BackUpDialog } from "./BackUpDialog";
import { RestoreDialog } from "./RestoreDialog";
import { useBackupActions } from "./useBackupActions";
import { VerifyBackupDialog } from "./VerifyBackupDialog";

type BackupsDialog = { kind: "create" } | { kind: "verify"; backup: BackupView | null } | { kind: "restore" };

/** The copies of the vault: which there are, whether they hold, and how to make one. */
export function BackupsScreen() {
  const { data, error, refetch } = useBackups();
  const { shown, open, close } = useDialog<BackupsDialog>();
  const create = useCallback(() => open({ kind: "create" }), [open]);
  const verify = useCallback(() => open({ kind: "verify", backup: null }), [open]);
  const restore = useCallback(() => open({ kind: "restore" }), [open]);
  useBackupActions(create, verify, restore);
  useIntent("backups", (intent) => (intent === "create" ? create() : verify()));
  const backups = data?.backups ?? [];
  return (
    <Page
      title="Backups"
      summary={summaryOf(data?.backups, data?.eventsSince ?? 0)}
      actions={
        <>
          <Button variant="default" onClick={restore} data-testid="backup-restore">
            Restore…
          </Button>
          <Button variant="default" onClick={verify} data-testid="backup-verify">
            Verify…
          </Button>
          <Button onClick={create} data-testid="backup-create">
            Back up…
          </Button>
        </>
      }
    >
      {error !== null && <ErrorPanel error={asCoreError(error)} onRetry={() => void refetch()} />}
      {data !== undefined && backups.length === 0 && (
        <EmptyState
          icon={IconArchive}
          title="No backup yet"
          action={<Button onClick={create}>Back up…</Button>}
        >
          A lost disk takes every key with it. A backup is one encrypted file with all keys, their history and
          the audit log; the stock program “age” can open it, without Keyreeve. It is test-restored before it
          is called good.
        </EmptyState>
      )}
      {backups.length > 0 && (
        <Section flush>
          <ol className="kr-backups" aria-label="Backups, newest first" data-testid="backup-list">
            {backups.map((backup) => (
              <BackupItem key={backup.id} backup={backup} onVerify={() => open({ kind: "verify", backup })} />
            ))}
          </ol>
        </Section>
      )}
      {shown?.kind === "create" && <BackUpDialog onClose={close} />}
      {shown?.kind === "verify" && <VerifyBackupDialog backup={shown.backup} onClose={close} />}
      {shown?.kind === "restore" && <RestoreDialog onClose={close} />}
    </Page>
  );
}

function summaryOf(backups: readonly BackupView[] | undefined, changes: number): string | undefined {
  if (backups === undefined || backups.length === 0) {
    return undefined;
  }
  return changes === 0
    ? "Nothing has changed since the last one"
    : `${plural(changes, "change")} since the last one`;
}
