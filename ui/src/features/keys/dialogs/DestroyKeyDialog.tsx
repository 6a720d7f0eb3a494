import { NumberInput, Stack } from "@mantine/core";
import { useState } from "react";
import { commands } from "../../../ipc/bindings";
import { useAnnounce } from "../../../shared/Announcer";
import { ConfirmDialog } from "../../../shared/ConfirmDialog";
import { formatDate, formatRelative } from "../../../shared/format";
import { ReasonField } from "../../../shared/ReasonField";
import { useCommand } from "../../../shared/useCommand";
import { useNow } from "../../../shared/useNow";
import { backupWords, versionsWithMaterial } from "../rules/backups";
import { type KeyDialogProps, named } from "./ChangeKeyDialog";
import { WhereUsedWords } from "./WhereUsedWords";

const MIN_WAIT = 7;
const MAX_WAIT = 90;
const USUAL_WAIT = 30;
const DAY = 24 * 60 * 60 * 1000;

/** Schedules the destruction of a key's material, after showing what it hits. */
export function DestroyKeyDialog({ keyView, version, onClose }: KeyDialogProps) {
  const [waitDays, setWaitDays] = useState<number | "">(USUAL_WAIT);
  const [reason, setReason] = useState("");
  const now = useNow();
  const announce = useAnnounce();
  const versions = versionsWithMaterial(keyView, version);
  // A version that was never active protects nothing, so the core destroys it without a waiting period.
  const atOnce = versions.length > 0 && versions.every(({ state }) => state === "pre_active");
  const { run, pending, error } = useCommand(commands.destroyKey, {
    onDone: ({ key }) => {
      announce(
        atOnce
          ? `${named(key, version)} is destroyed`
          : `The destruction of ${named(key, version)} is scheduled`,
        "assertive",
      );
      onClose();
    },
  });
  const waitIsGood = waitDays !== "" && waitDays >= MIN_WAIT && waitDays <= MAX_WAIT;
  const due = new Date(now.getTime() + (waitDays === "" ? USUAL_WAIT : waitDays) * DAY);
  return (
    <ConfirmDialog
      opened
      title={`${atOnce ? "Destroy" : "Schedule the destruction of"} ${named(keyView, version)}`}
      verb={atOnce ? "Destroy" : "Schedule destruction"}
      danger
      typedName={keyView.name}
      disabled={!atOnce && !waitIsGood}
      pending={pending}
      error={error}
      onConfirm={() =>
        void run({
          key: keyView.id,
          expectedRevision: keyView.revision,
          ...(version === undefined ? {} : { version }),
          ...(waitDays === "" ? {} : { waitDays }),
          ...(reason.trim() === "" ? {} : { reason: reason.trim() }),
        })
      }
      onClose={onClose}
    >
      <Stack gap="sm">
        <p>
          {atOnce
            ? "It was never active, so it is destroyed at once. The record stays; the material is gone for good."
            : `The material will be destroyed on ${formatDate(due)}. Until then it cannot be used, and you can still keep it. After that, nothing it protected can ever be opened with it.`}
        </p>
        <WhereUsedWords keyView={keyView} />
        <p>
          {keyView.lastUsedAt === null
            ? "It was never used here."
            : `Last used ${formatRelative(keyView.lastUsedAt, now)}.`}{" "}
          {backupWords(keyView, version, now)}
        </p>
        {!atOnce && (
          <NumberInput
            label="Wait"
            description={`${MIN_WAIT} to ${MAX_WAIT} days`}
            suffix=" days"
            min={MIN_WAIT}
            max={MAX_WAIT}
            allowDecimal={false}
            allowNegative={false}
            clampBehavior="none"
            w={160}
            value={waitDays}
            error={waitIsGood ? null : `Between ${MIN_WAIT} and ${MAX_WAIT} days.`}
            onChange={(days) => setWaitDays(typeof days === "number" ? days : "")}
          />
        )}
        <ReasonField value={reason} onChange={setReason} />
      </Stack>
    </ConfirmDialog>
  );
}
