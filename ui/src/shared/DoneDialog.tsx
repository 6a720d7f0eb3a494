import { Button, Group, Modal, Stack } from "@mantine/core";
import type { ReactNode } from "react";

/** A dialog that only tells what came of it. */
export function DoneDialog({
  title,
  children,
  onClose,
}: {
  title: string;
  children: ReactNode;
  onClose: () => void;
}) {
  return (
    <Modal opened onClose={onClose} title={title} closeOnClickOutside={false}>
      <Stack gap="md">
        {children}
        <Group justify="flex-end" className="kr-dialog-foot">
          <Button onClick={onClose} data-autofocus>
            Done
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
