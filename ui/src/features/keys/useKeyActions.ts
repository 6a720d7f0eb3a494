import { IconFileImport, IconFileSearch, IconPlus, IconSearch } from "@tabler/icons-react";
import { useMemo } from "react";
import type { KeyView } from "../../ipc/bindings";
import { type Action, useActions } from "../../shared/actions";
import { useSession } from "../../shared/gate";
import { type KeyAct, refusal } from "./rules/acts";
import { actWords } from "./rules/actWords";

const ACTS = Object.keys(actWords) as KeyAct[];

/** Offers what can be done with the key that is shown, to the palette and the shortcuts. */
export function useKeyActions(key: KeyView | undefined, onAct: (act: KeyAct, key: KeyView) => void): void {
  const { role } = useSession().slot;
  const actions = useMemo<Action[]>(
    () =>
      key === undefined
        ? []
        : ACTS.map((act) => {
            const { label, icon, shortcut } = actWords[act];
            return {
              id: `key.${act}`,
              title: `${label.replace("…", "")} ${key.name}…`,
              icon,
              section: "This key",
              enabled: refusal(act, key, role) === null,
              ...(shortcut === undefined ? {} : { shortcut }),
              run: () => onAct(act, key),
            };
          }),
    [key, onAct, role],
  );
  useActions(actions);
}

/** What the screen does itself in place of the app, which would have to come here first. */
export function useListActions(
  mayCreate: boolean,
  create: () => void,
  bringIn: () => void,
  examine: () => void,
  search: () => void,
): void {
  const actions = useMemo<Action[]>(
    () => [
      {
        id: "key.create",
        title: "New key…",
        icon: IconPlus,
        shortcut: "mod+N",
        section: "Keys",
        enabled: mayCreate,
        keywords: "create generate add",
        run: create,
      },
      {
        id: "key.import",
        title: "Import keys…",
        icon: IconFileImport,
        shortcut: "mod+I",
        section: "Keys",
        enabled: mayCreate,
        keywords: "bring in add file pem ssh",
        run: bringIn,
      },
      {
        id: "key.examine",
        title: "Examine files…",
        icon: IconFileSearch,
        section: "Keys",
        enabled: true,
        keywords: "look certificate chain fingerprint compare pem",
        run: examine,
      },
      {
        id: "key.search",
        title: "Search keys",
        icon: IconSearch,
        shortcut: "mod+F",
        section: "Keys",
        enabled: true,
        keywords: "find filter",
        run: search,
      },
    ],
    [mayCreate, create, bringIn, examine, search],
  );
  useActions(actions);
}
