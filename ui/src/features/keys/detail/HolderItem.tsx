import { Button } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import { commands, type DistributionItem, type KeyView } from "../../../ipc/bindings";
import { useAnnounce } from "../../../shared/Announcer";
import { ErrorPanel } from "../../../shared/ErrorPanel";
import { RelativeTime } from "../../../shared/RelativeTime";
import { useCommand } from "../../../shared/useCommand";
import { holderWords } from "../rules/holders";

interface HolderItemProps {
  keyView: KeyView;
  holder: DistributionItem;
  mayEdit: boolean;
}

/** A place or a person, the version that is there, and the ways to say that this has changed. */
export function HolderItem({ keyView, holder, mayEdit }: HolderItemProps) {
  const words = holderWords(holder, keyView.primaryVersion);
  const announce = useAnnounce();
  const { run, pending, error } = useCommand(commands.noteRollOut, {
    onDone: ({ behind }) => announce(`Noted. ${behind} still to do`),
  });
  const note = (ended: boolean) =>
    void run({ key: keyView.id, holder: holder.id, ...(ended ? { ended: true } : {}) });
  const Icon = holder.upToDate ? IconCircleCheck : IconAlertTriangle;
  return (
    <li data-testid="holder">
      <Icon size={16} aria-hidden className={holder.upToDate ? "kr-ok" : "kr-warn"} />
      <div>
        <span className={holder.name === null && holder.kind === "recipient" ? "kr-mono" : undefined}>
          {words.name}
        </span>
        {words.fingerprint !== null && <code className="kr-dim">{words.fingerprint}</code>}
        <span className="kr-dim">
          {words.version}
          {holder.time !== null && (
            <>
              {" · "}
              <RelativeTime time={holder.time} focusable />
            </>
          )}
          {holder.reason !== null && `: ${holder.reason}`}
        </span>
        {error !== null && <ErrorPanel error={error} />}
        {mayEdit && (
          <span className="kr-holder-acts">
            {!holder.upToDate && (
              <Button
                size="compact-xs"
                variant="default"
                loading={pending}
                aria-label={`${words.name} has version ${keyView.primaryVersion} now`}
                data-testid="holder-done"
                onClick={() => note(false)}
              >
                Has version {keyView.primaryVersion} now
              </Button>
            )}
            {holder.kind === "recipient" && (
              <Button
                size="compact-xs"
                variant="subtle"
                loading={pending}
                aria-label={`${words.name} needs it no more`}
                data-testid="holder-ended"
                onClick={() => note(true)}
              >
                Needs it no more
              </Button>
            )}
          </span>
        )}
      </div>
    </li>
  );
}
