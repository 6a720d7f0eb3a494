import { Stack } from "@mantine/core";
import { useState } from "react";
import { commands } from "../../../ipc/bindings";
import { useAnnounce } from "../../../shared/Announcer";
import { ConfirmDialog } from "../../../shared/ConfirmDialog";
import { useCatalogue } from "../../../shared/queries";
import { besideReauth, ReauthField, useReauth } from "../../../shared/ReauthField";
import { useCommand } from "../../../shared/useCommand";
import { formOfPolicy, policyRequest } from "../rules/policyForm";
import type { KeyDialogProps } from "./ChangeKeyDialog";
import { PolicyFields } from "./PolicyFields";

/** Changes the policy of a key. */
export function EditPolicyDialog({ keyView, onClose }: KeyDialogProps) {
  const [form, setForm] = useState(() => formOfPolicy(keyView.policy));
  const reauth = useReauth();
  const { data: catalogue } = useCatalogue();
  const announce = useAnnounce();
  const { run, pending, error, clear } = useCommand(commands.editKey, {
    onDone: ({ key }) => {
      announce(`The policy of ${key.name} is changed`);
      onClose();
    },
  });
  const unchanged =
    JSON.stringify(policyRequest(form)) === JSON.stringify(policyRequest(formOfPolicy(keyView.policy)));
  return (
    <ConfirmDialog
      opened
      title={`Change the policy of ${keyView.name}`}
      verb="Change"
      disabled={unchanged || !reauth.isComplete}
      pending={pending}
      error={besideReauth(error, reauth)}
      onConfirm={() =>
        void run({
          key: keyView.id,
          expectedRevision: keyView.revision,
          policy: policyRequest(form),
          proof: reauth.proof,
        })
      }
      onClose={onClose}
    >
      <Stack gap="sm">
        <p>
          It applies to every version, from now on: dates may move, and a period that is over ends at once.
        </p>
        <PolicyFields catalogue={catalogue} form={form} onChange={setForm} unfolded />
        <ReauthField
          why="Changing a policy needs it"
          reauth={reauth}
          error={error}
          pending={pending}
          onChange={clear}
        />
      </Stack>
    </ConfirmDialog>
  );
}
