import { Checkbox, Stack } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { commands, type SlotView } from "../../ipc/bindings";
import { useAnnounce } from "../../shared/Announcer";
import { ConfirmDialog } from "../../shared/ConfirmDialog";
import { useSession } from "../../shared/gate";
import { useJob } from "../../shared/job";
import { queryKeys } from "../../shared/queries";
import { besideReauth, ReauthField, useReauth } from "../../shared/ReauthField";
import { RunningJob } from "../../shared/RunningJob";
import { useCommand } from "../../shared/useCommand";

/** Removes a way in, and offers to take from it what its old copies still reach. */
export function RemoveSlotDialog({ slot, onClose }: { slot: SlotView; onClose: () => void }) {
  const session = useSession();
  const client = useQueryClient();
  const reauth = useReauth();
  const announce = useAnnounce();
  const job = useJob();
  const reachesMaterial = slot.role !== "auditor";
  const [rotate, setRotate] = useState(reachesMaterial);
  const { run, pending, error, clear } = useCommand(
    () =>
      job.start((jobId) =>
        commands.removeSlot({
          slot: slot.id,
          proof: reauth.proof,
          job: jobId,
          ...(rotate ? { rotateMaterialKey: true } : {}),
        }),
      ),
    {
      onDone: () => {
        announce(`${slot.name} removed`);
        // Every key has another revision once it is wrapped anew.
        if (rotate) void client.invalidateQueries({ queryKey: queryKeys.keys });
        onClose();
      },
    },
  );
  return (
    <ConfirmDialog
      opened
      title={`Remove “${slot.name}”`}
      verb="Remove"
      danger
      disabled={!reauth.isComplete}
      pending={pending}
      error={besideReauth(error, reauth)}
      onConfirm={() => void run()}
      onClose={onClose}
    >
      <Stack gap="md">
        <p>
          It no longer opens this vault.
          {slot.id === session.slot.id && " It is the one you are using: next time you need another one."}
        </p>
        {reachesMaterial && (
          <Checkbox
            label="Rotate the material key too"
            description={
              rotate
                ? "Every key is wrapped anew: with an old copy of the header this way in still reads names and the log, but no key's material. The other ways in need not be at hand."
                : "With an old copy of the header this way in still reaches the material of every key, also of those made from now on."
            }
            checked={rotate}
            onChange={(event) => setRotate(event.currentTarget.checked)}
            data-testid="remove-rotate"
          />
        )}
        <p>
          It still opens older copies of the whole vault and the backups made until now. If someone should no
          longer have a key, rotate that key too.
        </p>
        <ReauthField
          why="Changing access needs it"
          reauth={reauth}
          error={error}
          pending={pending}
          onChange={clear}
        />
        {job.running && rotate && <RunningJob job={job} what="Wrapping keys anew" />}
      </Stack>
    </ConfirmDialog>
  );
}
