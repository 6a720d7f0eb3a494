import { Button } from "@mantine/core";
import { useState } from "react";
import { commands, type ExamineResponse, type FoundView } from "../../../ipc/bindings";
import { useAnnounce } from "../../../shared/Announcer";
import { ErrorPanel } from "../../../shared/ErrorPanel";
import { plural } from "../../../shared/format";
import { useJob } from "../../../shared/job";
import { PassphraseField } from "../../../shared/PassphraseField";
import { RunningJob } from "../../../shared/RunningJob";
import { useCommand } from "../../../shared/useCommand";
import "./Import.css";

interface ImportPasswordProps {
  locked: FoundView[];
  /** Gets what is known after a password opened something. */
  onFound: (found: ExamineResponse) => void;
}

/** Asks for the password of what is encrypted. One is tried on all of it. */
export function ImportPassword({ locked, onFound }: ImportPasswordProps) {
  const [password, setPassword] = useState("");
  const [wrong, setWrong] = useState(false);
  const announce = useAnnounce();
  const job = useJob();
  const { run, pending, error } = useCommand(
    (tried: string) => job.start((name) => commands.unlockImport({ password: tried, job: name })),
    {
      changes: false,
      onDone: ({ opened, found }) => {
        setPassword("");
        setWrong(opened === 0);
        if (opened > 0) announce(`${plural(opened, "item")} opened`);
        onFound(found);
      },
    },
  );
  const attempt = () => {
    if (password !== "") void run(password);
  };
  const names = locked.slice(0, 3).map(({ name }) => name);
  const more = locked.length - names.length;
  const which = more > 0 ? `${names.join(", ")} and ${more} more` : names.join(" and ");
  return (
    <div className="kr-import-password" data-testid="import-password">
      <div className="kr-import-password-row">
        <PassphraseField
          label={locked.length === 1 ? `Password of ${which}` : "Password"}
          description={
            locked.length === 1 ? undefined : `${which} are encrypted. A password is tried on all of them.`
          }
          value={password}
          disabled={pending}
          error={wrong ? "It opens none of them." : null}
          data-testid="import-password-field"
          onChange={(typed) => {
            setPassword(typed);
            setWrong(false);
          }}
          onKeyDown={(event) => {
            if (event.key === "Enter") {
              event.preventDefault();
              attempt();
            }
          }}
        />
        <Button variant="default" onClick={attempt} loading={pending} disabled={password === ""}>
          Open
        </Button>
      </div>
      {job.running && <RunningJob job={job} what="Opening" />}
      {error !== null && <ErrorPanel error={error} />}
    </div>
  );
}
