import { Radio, Stack } from "@mantine/core";
import { useState } from "react";
import { commands, type InventoryResponse } from "../../ipc/bindings";
import { useAnnounce } from "../../shared/Announcer";
import { ConfirmDialog } from "../../shared/ConfirmDialog";
import { DoneDialog } from "../../shared/DoneDialog";
import { FilePath } from "../../shared/FilePath";
import { formatBytes, plural } from "../../shared/format";
import { useHome, useSession } from "../../shared/gate";
import { useJob } from "../../shared/job";
import { PathField } from "../../shared/PathField";
import { joinPath } from "../../shared/paths";
import { ResultPanel } from "../../shared/ResultPanel";
import { RunningJob } from "../../shared/RunningJob";
import { useCommand } from "../../shared/useCommand";

const FORMATS = [
  {
    name: "cdx",
    label: "Bill of materials",
    description: "CycloneDX 1.7, for tools that plan a migration",
    ending: "cdx.json",
  },
  { name: "csv", label: "Table", description: "CSV, for a spreadsheet", ending: "csv" },
  { name: "json", label: "JSON", description: "For scripts", ending: "json" },
  {
    name: "ics",
    label: "Reminders",
    description: "iCalendar, for a calendar: rotations that are due, and what expires",
    ending: "ics",
  },
] as const;

const REMINDERS = FORMATS[3];

interface InventoryDialogProps {
  /** Whether reminders are what is wanted. */
  reminders: boolean;
  onClose: () => void;
}

/** Writes what the vault holds into a file; never a value. */
export function InventoryDialog({ reminders, onClose }: InventoryDialogProps) {
  const { app } = useHome();
  const { vault } = useSession();
  const [format, setFormat] = useState<(typeof FORMATS)[number]>(reminders ? REMINDERS : FORMATS[0]);
  const isCalendar = format === REMINDERS;
  const what = isCalendar ? "reminders" : "inventory";
  const [typed, setTyped] = useState<string>();
  const [result, setResult] = useState<InventoryResponse | null>(null);
  const out = typed ?? joinPath(app.defaultBackupFolder, `${vault.name} ${what}.${format.ending}`);
  const announce = useAnnounce();
  const job = useJob();
  const { run, pending, error } = useCommand(
    () => job.start((name) => commands.exportInventory({ format: format.name, out: out.trim(), job: name })),
    {
      onDone: (done) => {
        announce(isCalendar ? "The reminders are written" : "The inventory is written");
        setResult(done);
      },
    },
  );
  if (result !== null) {
    const told = [
      plural(result.keys, "key"),
      plural(result.certificates, "certificate"),
      plural(result.publicKeys, "public key"),
    ];
    return (
      <DoneDialog title={isCalendar ? "Reminders written" : "Inventory written"} onClose={onClose}>
        <ResultPanel
          title={`${result.reminders === undefined ? told.join(", ") : plural(result.reminders, "reminder")}; ${formatBytes(result.bytes)}`}
        >
          <FilePath path={result.file} />
          {isCalendar && (
            <p>
              Open it with your calendar. A file that you write and open later changes the same entries; what
              is no longer due stays in the calendar until you remove it there.
            </p>
          )}
        </ResultPanel>
      </DoneDialog>
    );
  }
  return (
    <ConfirmDialog
      opened
      title={isCalendar ? "Write reminders" : "Write an inventory"}
      verb="Write"
      disabled={out.trim() === ""}
      pending={pending}
      error={error}
      onConfirm={() => void run()}
      onClose={onClose}
    >
      {job.running ? (
        <RunningJob job={job} what={`Writing the ${what}`} />
      ) : (
        <Stack gap="md">
          <p>
            {isCalendar
              ? "When keys are to be rotated, when replaced versions end or are destroyed, and when certificates expire."
              : "Every version of every key, every certificate and public key, with algorithm, strength, state and dates."}{" "}
            No key material, and no notes. The log tells that {isCalendar ? "they were" : "it was"} written.
          </p>
          <Radio.Group
            label="As"
            value={format.name}
            onChange={(name) => setFormat(FORMATS.find((known) => known.name === name) ?? FORMATS[0])}
          >
            <Stack gap={6} mt={6}>
              {FORMATS.map(({ name, label, description }) => (
                <Radio key={name} value={name} label={label} description={description} />
              ))}
            </Stack>
          </Radio.Group>
          <PathField
            label="File"
            description="It must not exist yet."
            pick="new-file"
            value={out}
            onChange={setTyped}
            filters={[{ name: format.label, extensions: [format.name === "cdx" ? "json" : format.name] }]}
          />
        </Stack>
      )}
    </ConfirmDialog>
  );
}
