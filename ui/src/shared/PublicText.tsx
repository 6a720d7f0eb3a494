import { Textarea } from "@mantine/core";
import "./PublicText.css";

/** Text to read, mark and hand on, such as a proof: never a secret. The keyboard reaches it and scrolls it. */
export function PublicText({ label, text }: { label: string; text: string }) {
  return (
    <Textarea
      label={label}
      readOnly
      autosize
      maxRows={8}
      spellCheck={false}
      classNames={{ input: "kr-public-text" }}
      value={text}
    />
  );
}
