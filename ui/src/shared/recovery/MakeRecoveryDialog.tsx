import { Group, NumberInput, SegmentedControl, Stack } from "@mantine/core";
import { useState } from "react";
import { commands } from "../../ipc/bindings";
import { useAnnounce } from "../Announcer";
import { ConfirmDialog } from "../ConfirmDialog";
import { besideReauth, ReauthField, useReauth } from "../ReauthField";
import { useCommand } from "../useCommand";
import { RecoverySheets } from "./RecoverySheets";

type Form = "shares" | "code";

/** Makes recovery shares or a code, has them printed and checked, and only then lets them count. */
export function MakeRecoveryDialog({ onMade, onClose }: { onMade?: () => void; onClose: () => void }) {
  const [form, setForm] = useState<Form>("shares");
  const [shares, setShares] = useState(3);
  const [threshold, setThreshold] = useState(2);
  const reauth = useReauth();
  const [texts, setTexts] = useState<string[]>([]);
  const announce = useAnnounce();
  const { proof } = reauth;
  const make = useCommand(commands.makeRecovery, {
    changes: false,
    onDone: (sheet) => setTexts(sheet.texts),
  });
  const add = useCommand(commands.addSlot, {
    onDone: ({ slot }) => {
      announce(`${slot.name} added`);
      onMade?.();
      onClose();
    },
  });
  if (texts.length > 0) {
    return (
      <RecoverySheets
        texts={texts}
        threshold={form === "code" ? null : threshold}
        pending={add.pending}
        error={add.error}
        onDone={() =>
          void add.run({
            name: form === "code" ? "Recovery code" : "Recovery shares",
            role: "administrator",
            parts: [{ kind: "recovery", texts }],
            proof,
          })
        }
        onClose={onClose}
      />
    );
  }
  return (
    <ConfirmDialog
      opened
      title="Make recovery shares"
      verb="Make"
      disabled={!reauth.isComplete || (form === "shares" && threshold > shares)}
      pending={make.pending}
      error={besideReauth(make.error, reauth)}
      onConfirm={() => void make.run(form === "code" ? { proof } : { shares, threshold, proof })}
      onClose={onClose}
    >
      <Stack gap="md">
        <p>
          For the day when the passphrase is lost. Shares are given to several people or places; some of them
          together open the vault, one alone tells nothing. A code opens it alone.
        </p>
        <SegmentedControl
          value={form}
          onChange={(chosen) => setForm(chosen as Form)}
          data={[
            { value: "shares", label: "Shares" },
            { value: "code", label: "One code" },
          ]}
          aria-label="Form"
        />
        {form === "shares" && (
          <Group grow>
            <NumberInput
              label="Shares in all"
              min={2}
              max={16}
              clampBehavior="strict"
              allowDecimal={false}
              value={shares}
              onChange={(value) => setShares(Number(value))}
            />
            <NumberInput
              label="Needed together"
              min={2}
              max={shares}
              clampBehavior="strict"
              allowDecimal={false}
              value={threshold}
              onChange={(value) => setThreshold(Number(value))}
            />
          </Group>
        )}
        <ReauthField
          why="Changing access needs it"
          reauth={reauth}
          error={make.error}
          pending={make.pending}
          onChange={make.clear}
        />
      </Stack>
    </ConfirmDialog>
  );
}
