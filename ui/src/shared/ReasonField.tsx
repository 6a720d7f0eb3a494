import { Textarea } from "@mantine/core";

/** Takes why something is done; it goes into the audit log. */
export function ReasonField({
  value,
  onChange,
  required = false,
  label = "Reason",
}: {
  value: string;
  onChange: (reason: string) => void;
  required?: boolean;
  label?: string;
}) {
  return (
    <Textarea
      label={label}
      description={`Kept in the audit log${required ? "" : "; may stay empty"}.`}
      required={required}
      autosize
      minRows={2}
      maxRows={6}
      maxLength={500}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
