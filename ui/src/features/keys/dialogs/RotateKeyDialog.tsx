import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { commands, type KeyView } from "../../../ipc/bindings";
import { asCoreError } from "../../../ipc/call";
import { useAnnounce } from "../../../shared/Announcer";
import { ConfirmDialog } from "../../../shared/ConfirmDialog";
import { ReasonField } from "../../../shared/ReasonField";
import { useCommand } from "../../../shared/useCommand";
import type { KeyDialogProps } from "./ChangeKeyDialog";
import { RotationPreview } from "./RotationPreview";
import { WhereUsedWords } from "./WhereUsedWords";

/** Makes a new version of a key, after showing what becomes of the old one. */
export function RotateKeyDialog({ keyView, onClose }: KeyDialogProps) {
  const [reason, setReason] = useState("");
  const announce = useAnnounce();
  const preview = useRotationPreview(keyView);
  const { run, pending, error } = useCommand(commands.rotateKey, {
    onDone: ({ key }) => {
      announce(`${key.name} rotated to version ${key.primaryVersion}`);
      onClose();
    },
  });
  const refused = preview.error === null ? null : asCoreError(preview.error);
  return (
    <ConfirmDialog
      opened
      title={`Rotate ${keyView.name}`}
      verb="Rotate"
      disabled={preview.data === undefined}
      pending={pending}
      error={error ?? refused}
      onConfirm={() =>
        void run({
          key: keyView.id,
          expectedRevision: keyView.revision,
          ...(reason.trim() === "" ? {} : { reason: reason.trim() }),
        })
      }
      onClose={onClose}
    >
      <Stack gap="sm">
        {preview.data !== undefined && <RotationPreview before={keyView} after={preview.data} />}
        {preview.data !== undefined && (
          <WhereUsedWords keyView={keyView} lead="Bring the new version to:" quiet />
        )}
        {refused === null && <ReasonField value={reason} onChange={setReason} />}
      </Stack>
    </ConfirmDialog>
  );
}

/** What the core says would come of it; nothing is changed. */
function useRotationPreview(key: KeyView) {
  return useQuery({
    queryKey: ["rotation-preview", key.id, key.revision],
    queryFn: async () =>
      (await commands.rotateKey({ key: key.id, expectedRevision: key.revision, dryRun: true })).key,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
}
