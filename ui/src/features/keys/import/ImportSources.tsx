import { Button, TextInput } from "@mantine/core";
import { IconFileImport } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import type { ExamineRequest } from "../../../ipc/bindings";
import { asCoreError } from "../../../ipc/call";
import { pickFiles, pickFolder } from "../../../ipc/dialogs";
import { onFileDrag } from "../../../ipc/events";
import { useErrorNotification } from "../../../shared/ErrorPanel";
import "./Import.css";

/** Takes files that are dropped or chosen, or a key that is pasted. What is pasted goes to the core and stays nowhere here. */
export function ImportSources({
  storesNothing = false,
  onSources,
}: {
  /** Whether it is for looking only. */
  storesNothing?: boolean;
  onSources: (request: ExamineRequest) => void;
}) {
  const [over, setOver] = useState(false);
  const [path, setPath] = useState("");
  const tell = useErrorNotification();
  useEffect(
    () =>
      onFileDrag((drag) => {
        setOver(drag.kind === "over");
        if (drag.kind === "drop" && drag.paths.length > 0) onSources({ paths: drag.paths });
      }),
    [onSources],
  );
  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      if (event.target instanceof HTMLInputElement) return;
      const text = event.clipboardData?.getData("text/plain") ?? "";
      event.preventDefault();
      if (text.trim() !== "") onSources({ text });
    };
    document.addEventListener("paste", paste);
    return () => document.removeEventListener("paste", paste);
  }, [onSources]);
  const pick = async (choose: () => Promise<string[] | string | null>) => {
    try {
      const paths = [(await choose()) ?? []].flat();
      if (paths.length > 0) onSources({ paths });
    } catch (reason) {
      tell(asCoreError(reason));
    }
  };
  const look = () => {
    if (path.trim() !== "") onSources({ paths: [path.trim()] });
  };
  return (
    <div className="kr-drop" data-over={over || undefined} data-testid="import-sources">
      <IconFileImport size={32} stroke={1.5} aria-hidden className="kr-dim" />
      <strong>Drop key files or folders here, or paste a key</strong>
      <p className="kr-dim">
        PEM, DER, certificates, OpenSSH, PuTTY, PKCS#12, JSON Web Keys, age, minisign, WireGuard, and
        symmetric keys as bytes, hexadecimal or base64. The format is found out, and{" "}
        {storesNothing ? "nothing is stored." : "nothing is stored before you have seen what there is."}
      </p>
      <div className="kr-drop-buttons">
        <Button
          variant="default"
          data-autofocus
          onClick={() => void pick(() => pickFiles({ title: "Files with keys" }))}
        >
          Choose files…
        </Button>
        <Button
          variant="default"
          onClick={() => void pick(() => pickFolder({ title: "A folder with keys" }))}
        >
          Choose a folder…
        </Button>
      </div>
      <div className="kr-drop-path">
        <TextInput
          aria-label="Path of a file or folder"
          placeholder="or type a path"
          autoComplete="off"
          spellCheck={false}
          value={path}
          onChange={(event) => setPath(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter") {
              event.preventDefault();
              look();
            }
          }}
        />
        <Button variant="default" onClick={look} disabled={path.trim() === ""}>
          Look
        </Button>
      </div>
    </div>
  );
}
