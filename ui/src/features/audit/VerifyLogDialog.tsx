import { Button, Group, Modal, Stack } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import { type AuditVerifyResponse, commands } from "../../ipc/bindings";
import { asCoreError, type CoreError } from "../../ipc/call";
import { useAnnounce } from "../../shared/Announcer";
import { ErrorPanel } from "../../shared/ErrorPanel";
import { useJob } from "../../shared/job";
import { tellLocked } from "../../shared/locked";
import { rememberVerification, vaultChanged } from "../../shared/queries";
import { RunningJob } from "../../shared/RunningJob";
import { VerifyResult } from "./VerifyResult";

/** What means that the log or the keys are not what was written, and not only that looking failed. */
const ALARMS: readonly string[] = [
  "audit_alarm",
  "tampered",
  "database_damaged",
  "header_tampered",
  "rollback",
];

/** Verifies the whole log at once, with progress; the outcome is remembered for the status bar. */
export function VerifyLogDialog({ onClose }: { onClose: () => void }) {
  const [result, setResult] = useState<AuditVerifyResponse | null>(null);
  const [error, setError] = useState<CoreError | null>(null);
  const client = useQueryClient();
  const announce = useAnnounce();
  const job = useJob();
  const { start } = job;

  const begin = useCallback(() => {
    setError(null);
    start((jobId) => commands.verifyAudit({ job: jobId })).then(
      (response) => {
        rememberVerification(client, { outcome: "verified", response });
        vaultChanged(client);
        announce("The audit log is verified");
        setResult(response);
      },
      (reason: unknown) => {
        const failure = asCoreError(reason);
        if (failure.code === "locked") {
          tellLocked();
          return;
        }
        if (ALARMS.includes(failure.code)) {
          rememberVerification(client, { outcome: "alarm", error: failure });
        }
        setError(failure);
      },
    );
  }, [start, client, announce]);
  useEffect(() => {
    // A moment later, so that React's rehearsal of effects while developing does not begin it twice.
    const timer = window.setTimeout(begin, 0);
    return () => window.clearTimeout(timer);
  }, [begin]);

  const isDone = result !== null || error !== null;
  const isAlarm = error !== null && ALARMS.includes(error.code);
  return (
    <Modal
      opened
      onClose={isDone ? onClose : job.cancel}
      title={isAlarm ? "The audit log does not verify" : "Verify the audit log"}
      size={520}
      closeOnClickOutside={false}
    >
      <Stack gap="md">
        {!isDone && (
          <>
            <p>
              Every entry is hashed again, every checkpoint's signature checked, and every key compared with
              what the log says of it.
            </p>
            <RunningJob job={job} what="Verifying the audit log" />
          </>
        )}
        {error !== null && (
          <div className={isAlarm ? "kr-verification-alarm" : undefined}>
            {isAlarm ? <ErrorPanel error={error} /> : <ErrorPanel error={error} onRetry={begin} />}
          </div>
        )}
        {result !== null && <VerifyResult result={result} />}
        {isDone && (
          <Group justify="flex-end" className="kr-dialog-foot">
            <Button onClick={onClose} data-autofocus>
              Done
            </Button>
          </Group>
        )}
      </Stack>
    </Modal>
  );
}
