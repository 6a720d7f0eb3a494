import { ActionIcon, Button } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import type { Ref } from "react";
import type { KeyView } from "../../../ipc/bindings";
import { useSession } from "../../../shared/gate";
import { algorithmNames } from "../../../shared/words";
import { type KeyAct, primaryAct, refusal } from "../rules/acts";
import { actWords } from "../rules/actWords";
import { ActMenu } from "./ActMenu";

interface DetailHeaderProps {
  keyView: KeyView;
  titleRef: Ref<HTMLHeadingElement>;
  onAct: (act: KeyAct) => void;
  onClose: () => void;
}

/** The key's name, what it is, and what one does with it. */
export function DetailHeader({ keyView, titleRef, onAct, onClose }: DetailHeaderProps) {
  const { role } = useSession().slot;
  const wanted = primaryAct(keyView);
  const first = wanted !== null && refusal(wanted, keyView, role) === null ? wanted : null;
  const mayExport = refusal("export", keyView, role) === null;
  return (
    <header className="kr-detail-header">
      <div className="kr-detail-title">
        <h2 ref={titleRef} tabIndex={-1} id="key-detail-title" data-selectable>
          {keyView.name}
        </h2>
        <ActionIcon aria-label="Close the details" onClick={onClose} data-testid="detail-close">
          <IconX size={16} aria-hidden />
        </ActionIcon>
      </div>
      <p className="kr-dim" data-testid="key-summary">
        {algorithmNames[keyView.algorithm]} · {keyView.purpose} · version {keyView.primaryVersion} is primary
      </p>
      <div className="kr-detail-acts">
        {first !== null && (
          <Button onClick={() => onAct(first)} data-testid="key-primary-act">
            {actWords[first].label}
          </Button>
        )}
        {mayExport && (
          <Button variant="default" onClick={() => onAct("export")} data-testid="key-export">
            Export…
          </Button>
        )}
        <ActMenu keyView={keyView} except={[first, "export"]} onAct={onAct} />
        {role === "auditor" && (
          <span className="kr-dim" data-testid="key-read-only">
            Unlocked as auditor: nothing can be changed.
          </span>
        )}
      </div>
    </header>
  );
}
