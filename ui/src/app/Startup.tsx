import { notifications } from "@mantine/notifications";
import { spotlight } from "@mantine/spotlight";
import { QueryClientProvider } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { StartScreen } from "../features/start";
import { UnlockScreen } from "../features/unlock";
import { type AfterLock, takeAfterLock } from "../ipc/afterLock";
import {
  type AppInfo,
  commands,
  type Opening,
  type Preferences,
  type SessionView,
  type Theme,
} from "../ipc/bindings";
import { asCoreError, type CoreError } from "../ipc/call";
import { onOpening, onVaultLocked } from "../ipc/events";
import { useAnnounce } from "../shared/Announcer";
import { ActionsProvider } from "../shared/actions";
import { ErrorPanel, useErrorNotification } from "../shared/ErrorPanel";
import {
  type Gate,
  GateContext,
  type Home,
  HomeContext,
  SessionContext,
  type StartTask,
} from "../shared/gate";
import { onLockedAnswer } from "../shared/locked";
import { NavigationProvider, type Place } from "../shared/navigation";
import { closeQueryClient, makeQueryClient } from "../shared/queries";
import { OpeningDialog } from "./OpeningDialog";
import { Shell } from "./Shell";
import "./Startup.css";

type Phase =
  | { at: "start"; task: StartTask; backup?: string | undefined }
  | { at: "unlock"; path: string }
  | { at: "open"; session: SessionView; place: Place };

interface FirstAnswers {
  app: AppInfo;
  preferences: Preferences;
  session: SessionView | null;
  opening: Opening | null;
  /** Whether a lock made this page. */
  locked: boolean;
  /** What it was to begin with then. */
  next: AfterLock | null;
}

/** Asks the core what there is, and shows the right side of the door. */
export function Startup({ onLook }: { onLook: (theme: Theme) => void }) {
  const [answers, setAnswers] = useState<FirstAnswers | null>(null);
  const [error, setError] = useState<CoreError | null>(null);
  const ask = useCallback(async () => {
    setError(null);
    try {
      const [app, preferences, { session }, { opening }] = await Promise.all([
        commands.appInfo(),
        commands.getPreferences(),
        commands.currentSession(),
        commands.takeOpening(),
      ]);
      onLook(preferences.theme);
      setAnswers({ app, preferences, session, opening, ...takeAfterLock() });
    } catch (reason) {
      setError(asCoreError(reason));
    }
  }, [onLook]);
  useEffect(() => void ask(), [ask]);
  if (error !== null) {
    return (
      <main className="kr-startup">
        <h1 className="kr-hidden">Keyreeve</h1>
        <ErrorPanel error={error} onRetry={() => void ask()} />
      </main>
    );
  }
  // It takes a few milliseconds: an empty window flashes less than a spinner.
  return answers === null ? null : <Door answers={answers} onLook={onLook} />;
}

function Door({ answers, onLook }: { answers: FirstAnswers; onLook: (theme: Theme) => void }) {
  const [preferences, setPreferences] = useState(answers.preferences);
  const [phase, setPhase] = useState<Phase>(() => firstPhase(answers));
  /** What someone asked to have opened while a vault is open. */
  const [opening, setOpening] = useState(() => (phase.at === "open" ? answers.opening : null));
  /** Grows whenever the door closes: everything behind it is made anew, nothing that was typed stays. */
  const [round, setRound] = useState(0);
  const [client, setClient] = useState(makeQueryClient);
  const announce = useAnnounce();
  const tell = useErrorNotification();
  const now = useRef({ phase, preferences, client });
  useEffect(() => {
    now.current = { phase, preferences, client };
  });

  const storePreferences = useCallback(
    async (changes: Partial<Preferences>) => {
      const before = now.current.preferences;
      const wanted = { ...before, ...changes };
      now.current.preferences = wanted;
      setPreferences(wanted);
      onLook(wanted.theme);
      try {
        setPreferences(await commands.putPreferences(wanted));
      } catch (reason) {
        setPreferences(before);
        onLook(before.theme);
        tell(asCoreError(reason));
      }
    },
    [onLook, tell],
  );

  const change = useCallback((next: Phase) => {
    closeQueryClient(now.current.client);
    setClient(makeQueryClient());
    setRound((count) => count + 1);
    setOpening(null);
    setPhase(next);
  }, []);

  useEffect(
    () =>
      onOpening(async () => {
        try {
          const { opening } = await commands.takeOpening();
          const { session } = await commands.currentSession();
          if (opening === null || opening.path === session?.vault.path) return;
          if (now.current.phase.at === "open") setOpening(opening);
          // A vault that was made a moment ago is open while its wizard still has something to say.
          else if (session === null) change(phaseOf(opening));
        } catch (reason) {
          tell(asCoreError(reason));
        }
      }),
    [change, tell],
  );

  const closed = useCallback(() => {
    const { phase, preferences } = now.current;
    spotlight.close();
    notifications.clean();
    if (phase.at === "unlock") return;
    const path = phase.at === "open" ? phase.session.vault.path : preferences.recentVaults[0];
    const { next } = takeAfterLock();
    change(next === null ? doorOf(path) : phaseOf(next));
    announce("The vault is locked", "assertive");
  }, [announce, change]);
  useEffect(() => {
    if (answers.locked) announce("The vault is locked", "assertive");
  }, [announce, answers.locked]);

  useEffect(() => onVaultLocked(closed), [closed]);
  useEffect(() => onLockedAnswer(closed), [closed]);

  const remember = useCallback(
    (path: string) => {
      const { recentVaults } = now.current.preferences;
      if (recentVaults[0] === path) return;
      const others = recentVaults.filter((recent) => recent !== path);
      void storePreferences({ recentVaults: [path, ...others].slice(0, 10) });
    },
    [storePreferences],
  );

  const gate = useMemo<Gate>(
    () => ({
      enter: (session, place = { section: "overview" }) => {
        remember(session.vault.path);
        change({ at: "open", session, place });
      },
      remember,
      chooseVault: (path) => change({ at: "unlock", path }),
      goToStart: (task = "choose", backup) => change({ at: "start", task, backup }),
      lock: () => {
        commands.lockVault().then(closed, (reason) => {
          const failure = asCoreError(reason);
          if (failure.code === "locked") closed();
          else tell(failure);
        });
      },
    }),
    [change, closed, remember, tell],
  );
  const home = useMemo<Home>(
    () => ({ app: answers.app, preferences, changePreferences: storePreferences }),
    [answers.app, preferences, storePreferences],
  );

  return (
    <HomeContext value={home}>
      <GateContext value={gate}>
        <QueryClientProvider client={client} key={round}>
          {phase.at === "start" && <StartScreen task={phase.task} backup={phase.backup} />}
          {phase.at === "unlock" && <UnlockScreen path={phase.path} />}
          {phase.at === "open" && (
            <SessionContext value={phase.session}>
              <NavigationProvider start={phase.place}>
                <ActionsProvider>
                  <Shell />
                  {opening !== null && <OpeningDialog opening={opening} onClose={() => setOpening(null)} />}
                </ActionsProvider>
              </NavigationProvider>
            </SessionContext>
          )}
        </QueryClientProvider>
      </GateContext>
    </HomeContext>
  );
}

function firstPhase({ session, preferences, opening, next }: FirstAnswers): Phase {
  if (session !== null) return { at: "open", session, place: { section: "overview" } };
  const asked = opening ?? next;
  return asked === null ? doorOf(preferences.recentVaults[0]) : phaseOf(asked);
}

function doorOf(path: string | undefined): Phase {
  return path === undefined ? { at: "start", task: "choose" } : { at: "unlock", path };
}

function phaseOf(asked: AfterLock): Phase {
  if (asked.kind === "vault") return { at: "unlock", path: asked.path };
  return { at: "start", task: "restore", backup: asked.kind === "backup" ? asked.path : undefined };
}
