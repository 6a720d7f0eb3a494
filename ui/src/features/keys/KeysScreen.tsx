import { Button, Group } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconKey, IconPlus, IconSearchOff } from "@tabler/icons-react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { KeyRowView, KeyView } from "../../ipc/bindings";
import { asCoreError } from "../../ipc/call";
import { onFileDrag } from "../../ipc/events";
import { EmptyState } from "../../shared/EmptyState";
import { ErrorPanel } from "../../shared/ErrorPanel";
import { useHome, useSession } from "../../shared/gate";
import { type KeysIntent, useIntent, usePlace } from "../../shared/navigation";
import { useDialog } from "../../shared/useDialog";
import { DetailPane } from "./detail/DetailPane";
import { type KeyDecision, type KeyDialog, KeyDialogs } from "./dialogs/KeyDialogs";
import "./KeysScreen.css";
import { columnsOf } from "./list/columns";
import { FilterBar } from "./list/FilterBar";
import { KeyGrid, type KeyGridHandle } from "./list/KeyGrid";
import { isNarrowed, questionOf, type Sort } from "./list/question";
import { SearchBox } from "./list/SearchBox";
import { SelectionBar } from "./list/SelectionBar";
import { EVERYTHING, NOTHING, type Selection, selectedCount, toBulkSelection } from "./list/selection";
import { useFilters } from "./list/useFilters";
import { useKeyRows } from "./list/useKeyRows";
import { roleRefusal } from "./rules/roles";
import { useKey } from "./useKey";
import { useKeyActions, useListActions } from "./useKeyActions";

const INTENTS: Partial<Record<KeysIntent, KeyDecision>> = {
  rotate: "rotate",
  revoke: "revoke",
  rename: "rename",
  export: "export",
  "cancel-destruction": "cancelDestroy",
};

/** The keys of the vault: search, list, details, and everything one does with them. */
export function KeysScreen() {
  const place = usePlace("keys");
  const home = useHome();
  const { slot } = useSession();
  const [filters, setFilters] = useFilters();
  const [sort, setSort] = useState<Sort>({ by: "name", descending: false });
  const [columnIds, setColumnIds] = useState<readonly string[]>(home.preferences.keyColumns);
  const [selection, setSelection] = useState<Selection>(NOTHING);
  const [openId, setOpenId] = useState<string | null>(place.key ?? null);
  const [focusTurn, setFocusTurn] = useState(0);
  const dialog = useDialog<KeyDialog>();
  const search = useRef<HTMLInputElement>(null);
  const grid = useRef<KeyGridHandle>(null);
  const isOverlay = useMediaQuery("(max-width: 1099px)") ?? false;

  const question = useMemo(() => questionOf(filters, sort), [filters, sort]);
  const startOver = useMemo(() => JSON.stringify(question), [question]);
  const list = useKeyRows(question);
  const columns = useMemo(() => columnsOf(columnIds), [columnIds]);
  const mayChange = roleRefusal("create", slot.role) === null;

  const [lastStart, setLastStart] = useState(startOver);
  if (lastStart !== startOver) {
    // What was chosen belonged to the question before.
    setLastStart(startOver);
    setSelection(NOTHING);
  }

  const [lastPlace, setLastPlace] = useState(place);
  if (lastPlace !== place) {
    setLastPlace(place);
    if (place.key !== undefined) {
      setOpenId(place.key);
    }
  }

  const { open, close, shown } = dialog;
  const create = useCallback(() => open({ kind: "create" }), [open]);
  const goSearch = useCallback(() => {
    search.current?.focus();
    search.current?.select();
  }, []);
  const bringIn = useCallback((paths: string[] = []) => open({ kind: "import", paths }), [open]);
  const examine = useCallback(() => open({ kind: "examine" }), [open]);
  const takesFiles = mayChange && shown === null;
  useEffect(() => {
    if (!takesFiles) return;
    return onFileDrag((drag) => {
      if (drag.kind === "drop" && drag.paths.length > 0) bringIn(drag.paths);
    });
  }, [takesFiles, bringIn]);
  useListActions(mayChange, create, bringIn, examine, goSearch);
  useIntent("keys", (intent, { key }) => {
    if (intent === "create") {
      create();
    } else if (intent === "import") {
      bringIn();
    } else if (intent === "examine") {
      examine();
    } else if (intent === "search") {
      goSearch();
    } else if (key !== undefined) {
      const decision = INTENTS[intent];
      setOpenId(key);
      if (decision === undefined) {
        setFocusTurn((turn) => turn + 1);
      } else {
        open({ kind: "key", decision, keyId: key });
      }
    }
  });

  const closePane = useCallback(() => {
    setOpenId(null);
    grid.current?.focusActive();
  }, []);
  const onOpen = useCallback((row: KeyRowView, how: "pointer" | "keyboard") => {
    setOpenId(row.id);
    if (how === "keyboard") {
      setFocusTurn((turn) => turn + 1);
    }
  }, []);
  const decide = useCallback(
    (decision: KeyDecision, key: KeyView, version?: number) =>
      open({ kind: "key", decision, keyId: key.id, version }),
    [open],
  );
  const { data: openKey } = useKeyIfOpen(openId);
  useKeyActions(openKey, decide);

  const { changePreferences } = home;
  const changeColumns = useCallback(
    (ids: string[]) => {
      setColumnIds(ids);
      void changePreferences({ keyColumns: ids });
    },
    [changePreferences],
  );
  const onEscape = () => {
    if (selection.kind !== "none") {
      setSelection(NOTHING);
    } else if (openId !== null) {
      closePane();
    }
  };
  const count = selectedCount(selection, list.total);
  const isEmpty = !list.isPending && list.error === null && list.total === 0 && !list.isStale;

  return (
    <div className="kr-keyscreen" data-testid="keys-screen">
      <h1 className="kr-hidden">Keys</h1>
      <div className="kr-keyscreen-top">
        <SearchBox
          ref={search}
          value={filters.search}
          onChange={(words) => {
            setFilters({ ...filters, search: words });
            // The pane lies over the rows that one is searching.
            if (isOverlay) {
              setOpenId(null);
            }
          }}
          onLeave={() => grid.current?.focusActive()}
          onEscape={onEscape}
        />
        <div className="kr-keyscreen-acts">
          <Button variant="default" onClick={examine} data-testid="examine-files">
            Examine…
          </Button>
          {mayChange && (
            <>
              <Button variant="default" onClick={() => bringIn()} data-testid="import-keys">
                Import…
              </Button>
              <Button onClick={create} data-testid="new-key">
                New key
              </Button>
            </>
          )}
        </div>
      </div>
      <div className="kr-keyscreen-body" data-selecting={selection.kind !== "none" || undefined}>
        <div className="kr-keyscreen-list">
          {selection.kind === "none" ? (
            <FilterBar
              filters={filters}
              onChange={setFilters}
              total={list.isPending || list.error !== null ? null : list.total}
              isStale={list.isStale}
              columns={columnIds}
              onColumns={changeColumns}
            />
          ) : (
            <SelectionBar
              count={count}
              total={list.total}
              everything={selection.kind === "query"}
              onAll={() => setSelection(EVERYTHING)}
              onClear={() => setSelection(NOTHING)}
              onBulk={(change) =>
                open({ kind: "bulk", change, selection: toBulkSelection(selection, question), count })
              }
            />
          )}
          {list.error !== null && (
            <div className="kr-keyscreen-error">
              <ErrorPanel error={asCoreError(list.error)} onRetry={list.retry} />
            </div>
          )}
          {isEmpty && (
            <Nothing
              narrowed={isNarrowed(filters)}
              mayCreate={mayChange}
              onClear={() => setFilters({ search: "" })}
              onCreate={create}
              onImport={() => bringIn()}
            />
          )}
          {list.total > 0 && (
            <KeyGrid
              ref={grid}
              rows={list.rows}
              total={list.total}
              columns={columns}
              sort={sort}
              onSort={setSort}
              selection={selection}
              onSelect={mayChange ? setSelection : null}
              openId={openId}
              onOpen={onOpen}
              onFollow={(row) => {
                if (openId !== null && !isOverlay) {
                  setOpenId(row.id);
                }
              }}
              onRename={(row) => mayChange && open({ kind: "key", decision: "rename", keyId: row.id })}
              onEscape={onEscape}
              onReach={list.reach}
              isStale={list.isStale}
              startOver={startOver}
            />
          )}
        </div>
        {openId !== null && (
          <DetailPane keyId={openId} focusTurn={focusTurn} onAct={decide} onClose={closePane} />
        )}
      </div>
      <KeyDialogs
        dialog={shown}
        open={open}
        close={close}
        onCreated={(key) => {
          if (key !== null) {
            setOpenId(key.id);
          }
          close();
        }}
        onBulkDone={() => setSelection(NOTHING)}
      />
    </div>
  );
}

function useKeyIfOpen(id: string | null): { data: KeyView | undefined } {
  const { data } = useKey(id ?? "", id !== null);
  return { data: id === null || data?.id !== id ? undefined : data };
}

function Nothing(props: {
  narrowed: boolean;
  mayCreate: boolean;
  onClear: () => void;
  onCreate: () => void;
  onImport: () => void;
}) {
  const { narrowed, mayCreate, onClear, onCreate, onImport } = props;
  if (narrowed) {
    return (
      <EmptyState
        icon={IconSearchOff}
        title="No key is like that"
        action={
          <Button variant="default" onClick={onClear}>
            Show all keys
          </Button>
        }
      >
        The search looks at names, tags, owners, notes, places of use, your own fields and fingerprints. Each
        word must begin one of theirs.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={IconKey}
      title="Your keys will be here"
      action={
        mayCreate && (
          <Group gap="xs" justify="center">
            <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={onCreate}>
              New key
            </Button>
            <Button variant="default" onClick={onImport}>
              Import…
            </Button>
          </Group>
        )
      }
    >
      A key has a name and one purpose. Keyreeve makes it inside the vault, reminds you before its time ends,
      and keeps a log of everything that happens to it.
    </EmptyState>
  );
}
