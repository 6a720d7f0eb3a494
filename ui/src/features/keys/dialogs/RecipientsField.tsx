import { Button, Textarea } from "@mantine/core";
import { asCoreError } from "../../../ipc/call";
import { pickFile } from "../../../ipc/dialogs";
import { useErrorNotification } from "../../../shared/ErrorPanel";

interface RecipientsFieldProps {
  value: string;
  onChange: (recipients: string) => void;
  /** Something was changed: an error about what was there is out of date. */
  onInput: () => void;
}

/** To whom a key is encrypted: public keys as text, or files with them. */
export function RecipientsField({ value, onChange, onInput }: RecipientsFieldProps) {
  const tell = useErrorNotification();
  const put = (text: string) => {
    onChange(text);
    onInput();
  };
  const browse = async () => {
    try {
      const picked = await pickFile({ title: "Choose a public key or certificate" });
      if (picked !== null) put(value.trim() === "" ? picked : `${value.trimEnd()}\n${picked}`);
    } catch (reason) {
      tell(asCoreError(reason));
    }
  };
  return (
    <div>
      <Textarea
        label="For whom"
        description="One a line: an age recipient, an SSH public key, or a file with one of these, with a certificate (X.509 or OpenPGP) or with a public key. A certificate may be pasted too. To a bare RSA, EC or X25519 public key, choose JSON Web Key as the format: it becomes a JWE."
        placeholder="age1… or ssh-ed25519 …"
        autosize
        minRows={2}
        maxRows={6}
        spellCheck={false}
        data-testid="export-recipients"
        value={value}
        onChange={(event) => put(event.currentTarget.value)}
      />
      <Button
        variant="default"
        size="xs"
        mt={6}
        onClick={() => void browse()}
        data-testid="export-pick-recipient"
      >
        Add a file…
      </Button>
    </div>
  );
}
