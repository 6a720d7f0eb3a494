import { Button, Textarea } from "@mantine/core";
import { asCoreError } from "../../../ipc/call";
import { pickFile } from "../../../ipc/dialogs";
import { useErrorNotification } from "../../../shared/ErrorPanel";

/** Files with public keys, typed or picked. */
export function PublicKeyFilesField({
  value,
  onChange,
}: {
  value: string;
  onChange: (files: string) => void;
}) {
  const tell = useErrorNotification();
  const browse = async () => {
    try {
      const picked = await pickFile({ title: "Choose a public key" });
      if (picked !== null) onChange(value.trim() === "" ? picked : `${value.trimEnd()}\n${picked}`);
    } catch (reason) {
      tell(asCoreError(reason));
    }
  };
  return (
    <div>
      <Textarea
        label="Public keys to revoke"
        description="One file in each line, such as id_ed25519.pub. Such a key is let in no more, whichever certificate it comes with, and also without one."
        data-testid="ssh-revoke-keys"
        autosize
        minRows={1}
        maxRows={4}
        autoComplete="off"
        spellCheck={false}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <Button variant="default" size="xs" mt={6} onClick={() => void browse()}>
        Add a file…
      </Button>
    </div>
  );
}
