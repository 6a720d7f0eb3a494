import { Button, Group, Modal, Stack } from "@mantine/core";
import { useEffect, useState } from "react";
import { commands, type ExamineRequest, type ExamineResponse } from "../../../ipc/bindings";
import { useAnnounce } from "../../../shared/Announcer";
import { ErrorPanel } from "../../../shared/ErrorPanel";
import { plural } from "../../../shared/format";
import { useJob } from "../../../shared/job";
import { RunningJob } from "../../../shared/RunningJob";
import { useCommand } from "../../../shared/useCommand";
import { ImportPassword } from "../import/ImportPassword";
import { ImportSources } from "../import/ImportSources";
import { lockedOnes } from "../import/importForm";
import { ExamineView } from "./ExamineView";

/** Looks into files without bringing anything in. */
export function ExamineDialog({ onClose }: { onClose: () => void }) {
  const [found, setFound] = useState<ExamineResponse | null>(null);
  const announce = useAnnounce();
  const job = useJob();
  const { start } = job;
  const { run, error, clear } = useCommand(
    (request: ExamineRequest) => start((name) => commands.examineFiles({ ...request, job: name })),
    {
      changes: false,
      onDone: (answer) => {
        setFound(answer);
        announce(`${plural(answer.items.length, "item")} found`);
      },
    },
  );
  // The core keeps what was found for a password to open.
  useEffect(() => () => void commands.discardImport().catch(() => {}), []);
  const again = () => {
    setFound(null);
    clear();
  };
  const locked = found === null ? [] : lockedOnes(found);
  return (
    <Modal opened onClose={onClose} title="Examine files" size={960} closeOnClickOutside={false}>
      <Stack gap="md">
        {job.running ? (
          <RunningJob job={job} what="Looking into the files" />
        ) : found === null ? (
          <ImportSources storesNothing onSources={(request) => void run(request)} />
        ) : (
          <>
            {locked.length > 0 && <ImportPassword locked={locked} onFound={setFound} />}
            <ExamineView found={found} />
          </>
        )}
        {error !== null && <ErrorPanel error={error} />}
        <Group justify="flex-end" gap="xs" className="kr-dialog-foot">
          {found !== null && (
            <Button variant="default" onClick={again}>
              Choose others
            </Button>
          )}
          <Button onClick={onClose}>Done</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
