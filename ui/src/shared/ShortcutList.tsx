import { ShortcutKeys, useAllActions } from "./actions";
import "./ShortcutList.css";

/** Shortcuts of lists and dialogs, which work where the focus is. */
const fixed = [
  { title: "Move in a list", shortcut: "↑ ↓" },
  { title: "Show the details of a key", shortcut: "Enter" },
  { title: "Rename a key", shortcut: "F2" },
  { title: "Close a dialog or pane", shortcut: "Esc" },
] as const;

/** The keyboard shortcuts that work now. */
export function ShortcutList() {
  const actions = useAllActions().filter(({ shortcut }) => shortcut !== undefined);
  const taken = new Set(actions.map(({ shortcut }) => shortcut));
  const rows = [
    ...actions.map(({ title, shortcut }) => ({ title: title.replace(/…$/, ""), shortcut: shortcut ?? "" })),
    ...fixed.filter(({ shortcut }) => !taken.has(shortcut)),
  ];
  return (
    <dl className="kr-shortcuts">
      {rows.map(({ title, shortcut }) => (
        <div key={title}>
          <dt>{title}</dt>
          <dd>
            <ShortcutKeys shortcut={shortcut} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
