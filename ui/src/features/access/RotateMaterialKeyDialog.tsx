import { Stack, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { commands, type RotateMaterialKeyResponse } from "../../ipc/bindings";
import { useAnnounce } from "../../shared/Announcer";
import { ConfirmDialog } from "../../shared/ConfirmDialog";
import { DoneDialog } from "../../shared/DoneDialog";
import { plural } from "../../shared/format";
import { useJob } from "../../shared/job";
import { queryKeys } from "../../shared/queries";
import { besideReauth, ReauthField, useReauth } from "../../shared/ReauthField";
import { ResultPanel } from "../../shared/ResultPanel";
import { RunningJob } from "../../shared/RunningJob";
import { useCommand } from "../../shared/useCommand";

/** Makes a new material key and wraps every key anew. */
export function RotateMaterialKeyDialog({ onClose }: { onClose: () => void }) {
  const [reason, setReason] = useState("");
  const [done, setDone] = useState<RotateMaterialKeyResponse | null>(null);
  const client = useQueryClient();
  const reauth = useReauth();
  const announce = useAnnounce();
  const job = useJob();
  const { run, pending, error, clear } = useCommand(
    () =>
      job.start((jobId) =>
        commands.rotateMaterialKey({
          proof: reauth.proof,
          job: jobId,
          ...(reason.trim() === "" ? {} : { reason: reason.trim() }),
        }),
      ),
    {
      onDone: (response) => {
        announce("The material key is rotated");
        void client.invalidateQueries({ queryKey: queryKeys.keys });
        setDone(response);
      },
    },
  );
  if (done !== null) {
    return (
      <DoneDialog title="Material key rotated" onClose={onClose}>
        <ResultPanel title={`${plural(done.keys, "key")} wrapped anew`}>
          <p>Every way in has the new material key. Make a backup: those made until now hold the old one.</p>
        </ResultPanel>
      </DoneDialog>
    );
  }
  return (
    <ConfirmDialog
      opened
      title="Rotate the material key"
      verb="Rotate"
      disabled={!reauth.isComplete}
      pending={pending}
      error={besideReauth(error, reauth)}
      onConfirm={() => void run()}
      onClose={onClose}
    >
      <Stack gap="md">
        <p>
          For when a way in was removed or became known: with an old copy of the header it then still reads
          names and the log, but reaches no key's material in this vault any more.
        </p>
        <p>
          Every key is wrapped anew in one step; the keys themselves stay as they are. The other ways in keep
          working and need not be at hand. Whoever kept a copy of the whole vault still has that copy: rotate
          the keys that could be reached, too.
        </p>
        <TextInput
          label="Reason, for the audit log"
          data-autofocus
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <ReauthField
          why="Changing access needs it"
          reauth={reauth}
          error={error}
          pending={pending}
          onChange={clear}
        />
        {job.running && <RunningJob job={job} what="Wrapping keys anew" />}
      </Stack>
    </ConfirmDialog>
  );
}
