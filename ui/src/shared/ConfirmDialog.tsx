import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { type FormEvent, type ReactNode, useId, useState } from "react";
import type { CoreError } from "../ipc/call";
import { ErrorPanel } from "./ErrorPanel";

interface ConfirmDialogProps {
  opened: boolean;
  /** The act: "Rotate payments-dek". */
  title: string;
  /** The button repeats the verb: "Rotate". */
  verb: string;
  /** Danger is for what cannot be undone. */
  danger?: boolean;
  /** Has the person type this name before the button works. */
  typedName?: string;
  /** The form is not complete. */
  disabled?: boolean;
  pending?: boolean;
  error?: CoreError | null;
  /** Width in pixels. */
  size?: number;
  /** The consequences in the person's words, and fields. */
  children?: ReactNode;
  onConfirm: () => void;
  onClose: () => void;
}

/** A dialog that exists to decide. Focus goes back where it came from. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { opened, title, pending = false, size = 480, onClose } = props;
  return (
    <Modal
      opened={opened}
      onClose={() => {
        if (!pending) onClose();
      }}
      title={title}
      size={size}
      closeOnClickOutside={false}
    >
      <Decision {...props} />
    </Modal>
  );
}

// A component of its own, so that what was typed is gone when the dialog closes.
function Decision({
  verb,
  danger = false,
  typedName,
  disabled = false,
  pending = false,
  error = null,
  children,
  onConfirm,
  onClose,
}: ConfirmDialogProps) {
  const [typed, setTyped] = useState("");
  const nameId = useId();
  const ready = !disabled && (typedName === undefined || typed === typedName);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready && !pending) onConfirm();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {children !== undefined && <div className="kr-dialog-body">{children}</div>}
        {typedName !== undefined && (
          <TextInput
            label={
              <>
                Type <strong id={nameId}>{typedName}</strong> to confirm
              </>
            }
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
          />
        )}
        <Stack gap="md" className="kr-dialog-foot">
          {error !== null && <ErrorPanel error={error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose} disabled={pending}>
              Cancel
            </Button>
            <Button type="submit" loading={pending} disabled={!ready} {...(danger ? { color: "bad" } : {})}>
              {verb}
            </Button>
          </Group>
        </Stack>
      </Stack>
    </form>
  );
}
