import { Button } from "@mantine/core";
import { IconArchive, IconFolderOpen, IconPlus } from "@tabler/icons-react";
import { type ComponentType, type FormEvent, useState } from "react";
import { commands } from "../../ipc/bindings";
import type { ActionIconProps } from "../../shared/actions";
import { Mark } from "../../shared/Brand";
import { ErrorPanel } from "../../shared/ErrorPanel";
import { vaultName } from "../../shared/format";
import { type StartTask, useGate } from "../../shared/gate";
import { PathField } from "../../shared/PathField";
import { useCommand } from "../../shared/useCommand";
import "./Choose.css";

/** Three tiles, and the vaults that were open lately. */
export function Choose({ recent, onChoose }: { recent: string[]; onChoose: (task: StartTask) => void }) {
  const { chooseVault } = useGate();
  const [opening, setOpening] = useState(false);
  return (
    <main className="kr-choose" data-testid="start">
      <div className="kr-choose-inner">
        <div className="kr-choose-brand">
          <Mark size={34} />
          <h1>Keyreeve</h1>
        </div>
        <p className="kr-choose-lead">
          Your keys in one encrypted vault, with their lifecycle and their history.
        </p>
        <div className="kr-tiles">
          <Tile
            icon={IconPlus}
            title="Create a vault"
            words="Begin with an empty vault, protected by a passphrase of yours."
            onClick={() => onChoose("create")}
            testId="tile-create"
          />
          <Tile
            icon={IconFolderOpen}
            title="Open a vault"
            words="One that is on this computer or on a drive already."
            pressed={opening}
            onClick={() => setOpening((before) => !before)}
            testId="tile-open"
          />
          <Tile
            icon={IconArchive}
            title="Restore a backup"
            words="Make a vault again from an encrypted backup."
            onClick={() => onChoose("restore")}
            testId="tile-restore"
          />
        </div>
        {opening && <OpenVault />}
        {recent.length > 0 && (
          <section className="kr-recent" aria-label="Recent vaults">
            <h2>Recent vaults</h2>
            <ul>
              {recent.map((path) => (
                <li key={path}>
                  <button type="button" onClick={() => chooseVault(path)}>
                    <strong>{vaultName(path)}</strong>
                    <span className="kr-dim kr-cut">{path}</span>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
    </main>
  );
}

function Tile({
  icon: Icon,
  title,
  words,
  pressed,
  onClick,
  testId,
}: {
  icon: ComponentType<ActionIconProps>;
  title: string;
  words: string;
  pressed?: boolean;
  onClick: () => void;
  testId: string;
}) {
  return (
    <button type="button" className="kr-tile" onClick={onClick} aria-expanded={pressed} data-testid={testId}>
      <Icon size={24} stroke={1.5} aria-hidden />
      <strong>{title}</strong>
      <span className="kr-dim">{words}</span>
    </button>
  );
}

function OpenVault() {
  const { chooseVault } = useGate();
  const [path, setPath] = useState("");
  const look = useCommand((wanted: string) => commands.vaultStatus({ path: wanted }), {
    changes: false,
    onDone: (status) => chooseVault(status.path),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (path !== "") void look.run(path);
  };
  return (
    <form className="kr-open" onSubmit={submit} noValidate>
      <PathField
        label="Vault folder"
        placeholder="/path/to/Name.keyreeve"
        pick="folder"
        value={path}
        onChange={(typed) => {
          setPath(typed);
          look.clear();
        }}
        autoFocus
        data-testid="open-path"
      />
      <Button type="submit" disabled={path === ""} loading={look.pending} data-testid="open-submit">
        Open
      </Button>
      {look.error !== null && <ErrorPanel error={look.error} />}
    </form>
  );
}
