import { Button, TextInput, type TextInputProps } from "@mantine/core";
import { asCoreError } from "../ipc/call";
import { type PickRequest, pickFile, pickFolder, pickNewFile } from "../ipc/dialogs";
import { useErrorNotification } from "./ErrorPanel";
import "./PathField.css";

interface PathFieldProps extends Omit<TextInputProps, "value" | "onChange" | "label"> {
  label: string;
  value: string;
  onChange: (path: string) => void;
  /** What is picked: a file that exists, a folder that exists, or a place for a new file. */
  pick: "file" | "folder" | "new-file";
  filters?: NonNullable<PickRequest["filters"]>;
  /** Makes a path of the folder that was picked; the folder itself if absent. */
  fromPicked?: (picked: string) => string;
}

const pickers = { file: pickFile, folder: pickFolder, "new-file": pickNewFile };

/** A path to type, beside the button that opens the system's picker. */
export function PathField({ label, value, onChange, pick, filters, fromPicked, ...rest }: PathFieldProps) {
  const tell = useErrorNotification();
  const browse = async () => {
    try {
      const picked = await pickers[pick]({
        title: label,
        ...(value === "" ? {} : { start: value }),
        ...(filters === undefined ? {} : { filters }),
      });
      if (picked !== null) onChange(fromPicked === undefined ? picked : fromPicked(picked));
    } catch (reason) {
      tell(asCoreError(reason));
    }
  };
  return (
    <div className="kr-path">
      <TextInput
        {...rest}
        label={label}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        autoComplete="off"
        spellCheck={false}
      />
      <Button
        variant="default"
        onClick={() => void browse()}
        aria-label={`Browse for ${label.toLowerCase()}`}
      >
        Browse…
      </Button>
    </div>
  );
}
