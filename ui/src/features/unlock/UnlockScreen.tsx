import { Anchor, Button, Checkbox, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { commands, type SlotView, type UnlockVaultRequest, type VaultStatus } from "../../ipc/bindings";
import { asCoreError } from "../../ipc/call";
import {
  CredentialFields,
  credentialsOf,
  isComplete,
  NOTHING_TYPED,
  type Typed,
} from "../../shared/CredentialFields";
import { DoorCard } from "../../shared/DoorCard";
import { ErrorPanel } from "../../shared/ErrorPanel";
import { vaultName } from "../../shared/format";
import { useGate, useHome } from "../../shared/gate";
import { likelyFirst } from "../../shared/slotKinds";
import { useCommand } from "../../shared/useCommand";
import { roleNames } from "../../shared/words";
import "./UnlockScreen.css";
import { SwitchVault } from "./SwitchVault";
import { WayIn } from "./WayIn";

/** The locked door of one vault. */
export function UnlockScreen({ path }: { path: string }) {
  const status = useQuery({
    queryKey: ["vault-status", path],
    queryFn: () => commands.vaultStatus({ path }),
  });
  return (
    <DoorCard testId="unlock">
      <header className="kr-unlock-head">
        <div>
          <h1>{status.data?.name ?? vaultName(path)}</h1>
          <p className="kr-dim" data-selectable>
            {status.data?.path ?? path}
          </p>
        </div>
        <SwitchVault path={path} />
      </header>
      {status.error !== null && (
        <NoDoor path={path} error={status.error} onRetry={() => void status.refetch()} />
      )}
      {status.error === null && status.data !== undefined && <Unlock path={path} status={status.data} />}
      <OtherWays />
    </DoorCard>
  );
}

function Unlock({ path, status }: { path: string; status: VaultStatus }) {
  const { enter } = useGate();
  const slots = likelyFirst(status.slots);
  const [slotId, setSlotId] = useState(slots[0]?.id);
  const [typed, setTyped] = useState<Typed>(NOTHING_TYPED);
  const field = useRef<HTMLInputElement>(null);
  const unlock = useCommand((request: UnlockVaultRequest) => commands.unlockVault(request), {
    changes: false,
    onDone: (session) => {
      setTyped(NOTHING_TYPED);
      enter(session);
    },
  });
  const slot = slots.find(({ id }) => id === slotId);
  const others = slots.filter(({ id }) => id !== slotId);
  const wrong = unlock.error?.code === "wrong_passphrase";

  useEffect(() => {
    if (!wrong) return;
    field.current?.focus();
    field.current?.select();
  }, [wrong]);

  const attempt = (accepted: Pick<UnlockVaultRequest, "acceptClock" | "acceptRollback"> = {}) =>
    slot !== undefined &&
    void unlock.run({ path, slot: slot.id, credentials: credentialsOf(slot, typed), ...accepted });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (slot === undefined || !isComplete(slot, typed)) field.current?.focus();
    else attempt();
  };

  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        {slot !== undefined && others.length > 0 && <WayIn slot={slot} chosen />}
        {slot !== undefined && (
          <CredentialFields
            ref={field}
            slot={slot}
            typed={typed}
            onChange={(now) => {
              setTyped(now);
              unlock.clear();
            }}
            error={wrong && unlock.error !== null ? `${unlock.error.message} ${unlock.error.cure}` : null}
            testId="unlock"
          />
        )}
        <Button type="submit" fullWidth loading={unlock.pending} data-testid="unlock-submit">
          Unlock
        </Button>
        {unlock.error !== null && !wrong && (
          <ErrorPanel error={unlock.error}>
            {unlock.error.code === "clock_behind" && (
              <Accept
                what="The clock was wrong earlier and is right now. Unlock, and note this in the log."
                pending={unlock.pending}
                onAccept={() => attempt({ acceptClock: true })}
              />
            )}
            {unlock.error.code === "rollback" && (
              <Accept
                what="I put an older copy of this vault here on purpose. Unlock, and note this in the log."
                pending={unlock.pending}
                onAccept={() => attempt({ acceptRollback: true })}
              />
            )}
          </ErrorPanel>
        )}
        {others.length > 0 && (
          <OtherSlots
            slots={others}
            onChoose={(id) => {
              setSlotId(id);
              setTyped(NOTHING_TYPED);
              unlock.clear();
              field.current?.focus();
            }}
          />
        )}
      </Stack>
    </form>
  );
}

/** Goes on although the core warned: one says first that one knows why. */
function Accept({ what, pending, onAccept }: { what: string; pending: boolean; onAccept: () => void }) {
  const [sure, setSure] = useState(false);
  return (
    <Stack gap="xs" align="flex-start">
      <Checkbox
        size="xs"
        label={what}
        checked={sure}
        onChange={(event) => setSure(event.currentTarget.checked)}
      />
      <Button size="xs" variant="default" disabled={!sure} loading={pending} onClick={onAccept}>
        Unlock anyway
      </Button>
    </Stack>
  );
}

function OtherSlots({ slots, onChoose }: { slots: SlotView[]; onChoose: (id: string) => void }) {
  return (
    <section aria-label="Other ways in">
      <div className="kr-unlock-others">Other ways in</div>
      <Stack gap="xs">
        {slots.map((slot) => (
          <WayIn key={slot.id} slot={slot} note={roleNames[slot.role]} onChoose={() => onChoose(slot.id)} />
        ))}
      </Stack>
    </section>
  );
}

function NoDoor({ path, error, onRetry }: { path: string; error: Error; onRetry: () => void }) {
  const { goToStart } = useGate();
  const { preferences, changePreferences } = useHome();
  const forget = async () => {
    await changePreferences({ recentVaults: preferences.recentVaults.filter((recent) => recent !== path) });
    goToStart();
  };
  return (
    <ErrorPanel error={asCoreError(error)} onRetry={onRetry}>
      <Button variant="default" size="xs" onClick={() => void forget()}>
        Remove from the list
      </Button>
    </ErrorPanel>
  );
}

function OtherWays() {
  const { goToStart } = useGate();
  return (
    <footer className="kr-unlock-foot">
      <Anchor component="button" type="button" size="sm" c="dimmed" onClick={() => goToStart("choose")}>
        Open another vault…
      </Anchor>
      <Anchor component="button" type="button" size="sm" c="dimmed" onClick={() => goToStart("restore")}>
        Restore a backup…
      </Anchor>
    </footer>
  );
}
