import { Stack } from "@mantine/core";
import { useCallback, useEffect, useState } from "react";
import {
  commands,
  type ExamineRequest,
  type ExamineResponse,
  type ImportKeysResponse,
} from "../../../ipc/bindings";
import { useAnnounce } from "../../../shared/Announcer";
import { ConfirmDialog } from "../../../shared/ConfirmDialog";
import { DoneDialog } from "../../../shared/DoneDialog";
import { plural } from "../../../shared/format";
import { useJob } from "../../../shared/job";
import { useCatalogue } from "../../../shared/queries";
import { ResultPanel } from "../../../shared/ResultPanel";
import { RunningJob } from "../../../shared/RunningJob";
import { useCommand } from "../../../shared/useCommand";
import { ImportOptions } from "./ImportOptions";
import { ImportPassword } from "./ImportPassword";
import { ImportSources } from "./ImportSources";
import { ImportTable } from "./ImportTable";
import { asChanged, becomes, chosenOnes, importRequest, lockedOnes, startForm } from "./importForm";

interface ImportDialogProps {
  /** Files and folders that were dropped already. */
  paths: string[];
  onClose: () => void;
}

/** `2 keys, 1 certificate and 3 public keys`; what there is none of is left out. */
function countWords(keys: number, certificates: number, publicKeys: number): string {
  const words = [
    keys > 0 || certificates + publicKeys === 0 ? plural(keys, "key") : null,
    certificates > 0 ? plural(certificates, "certificate") : null,
    publicKeys > 0 ? plural(publicKeys, "public key") : null,
  ].filter((part) => part !== null);
  const last = words.pop();
  return words.length === 0 ? `${last}` : `${words.join(", ")} and ${last}`;
}

/** Brings keys in: what is found is shown before anything is stored. */
export function ImportDialog({ paths, onClose }: ImportDialogProps) {
  const [found, setFound] = useState<ExamineResponse | null>(null);
  const [form, setForm] = useState(startForm);
  const [imported, setImported] = useState<ImportKeysResponse | null>(null);
  const { data: catalogue } = useCatalogue();
  const announce = useAnnounce();
  const job = useJob();

  const { start } = job;
  const look = useCommand(
    (request: ExamineRequest) => start((name) => commands.stageImport({ ...request, job: name })),
    {
      changes: false,
      onDone: (answer) => {
        setForm(startForm());
        setFound(answer);
        announce(`${plural(answer.items.length, "item")} found`);
      },
    },
  );
  const store = useCommand(
    (request: Parameters<typeof commands.importKeys>[0]) =>
      start((name) => commands.importKeys({ ...request, job: name })),
    {
      onDone: (answer) => {
        announce(`${countWords(answer.imported, answer.certificates, answer.publicKeys)} imported`);
        setImported(answer);
      },
    },
  );

  const { run } = look;
  const [dropped] = useState(paths);
  useEffect(() => {
    if (dropped.length > 0) void run({ paths: dropped });
  }, [dropped, run]);
  // The core keeps what was found until it is stored or given up.
  useEffect(() => () => void commands.discardImport().catch(() => {}), []);
  const again = useCallback(() => setFound(null), []);

  if (imported !== null) {
    return (
      <DoneDialog
        title={`${countWords(imported.imported, imported.certificates, imported.publicKeys)} imported`}
        onClose={onClose}
      >
        <ResultPanel
          title={
            imported.imported === 0
              ? "What you chose is in the vault"
              : imported.imported === 1
                ? "The key is in the vault"
                : "The keys are in the vault"
          }
        >
          <p>What you brought in is still where it was: delete the files when nothing needs them any more.</p>
        </ResultPanel>
      </DoneDialog>
    );
  }
  const chosen = found === null ? [] : chosenOnes(found, form);
  const many = (what: ReturnType<typeof becomes>) => chosen.filter((item) => becomes(item) === what).length;
  const [keys, certificates, publicKeys] = [many("key"), many("certificate"), many("publicKey")];
  const named = chosen.every((item) => asChanged(item, form, catalogue).name.trim() !== "");
  const locked = found === null ? [] : lockedOnes(found);
  return (
    <ConfirmDialog
      opened
      title="Import keys"
      verb={chosen.length === 0 ? "Import" : `Import ${countWords(keys, certificates, publicKeys)}`}
      size={880}
      disabled={found === null || chosen.length === 0 || !named}
      pending={look.pending || store.pending}
      error={look.error ?? store.error}
      onConfirm={() => found !== null && void store.run(importRequest(found, form, catalogue))}
      onClose={onClose}
    >
      {job.running ? (
        <RunningJob job={job} what={store.pending ? "Importing keys" : "Looking into the files"} />
      ) : found === null ? (
        <ImportSources onSources={(request) => void run(request)} />
      ) : (
        <Stack gap="md">
          {locked.length > 0 && <ImportPassword locked={locked} onFound={setFound} />}
          <ImportTable found={found} form={form} catalogue={catalogue} onForm={setForm} onAgain={again} />
          {keys > 0 && <ImportOptions form={form} catalogue={catalogue} onForm={setForm} />}
        </Stack>
      )}
    </ConfirmDialog>
  );
}
