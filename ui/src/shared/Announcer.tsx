import { createContext, type ReactNode, useCallback, useContext, useState } from "react";

type Manner = "polite" | "assertive";
type Announce = (words: string, manner?: Manner) => void;

const AnnounceContext = createContext<Announce>(() => {});

/** Two invisible regions that a screen reader reads out when their words change. */
export function Announcer({ children }: { children: ReactNode }) {
  const [said, setSaid] = useState({ polite: "", assertive: "", turn: 0 });
  const announce = useCallback<Announce>((words, manner = "polite") => {
    setSaid((before) => ({ ...before, [manner]: words, turn: before.turn + 1 }));
  }, []);
  // A no-break space at every other turn makes the same words twice a change.
  const again = said.turn % 2 === 0 ? "" : " ";
  return (
    <AnnounceContext value={announce}>
      {children}
      <div className="kr-hidden" role="status" aria-live="polite" data-testid="announcer">
        {said.polite}
        {said.polite !== "" && again}
      </div>
      <div className="kr-hidden" aria-live="assertive">
        {said.assertive}
        {said.assertive !== "" && again}
      </div>
    </AnnounceContext>
  );
}

/** Says something to people who do not see the screen. */
export function useAnnounce(): Announce {
  return useContext(AnnounceContext);
}
