import { TextInput } from "@mantine/core";
import type { KeyboardEvent, Ref } from "react";
import { ShortcutKeys } from "../../../shared/actions";
import "./SearchBox.css";

interface SearchBoxProps {
  ref: Ref<HTMLInputElement>;
  value: string;
  onChange: (value: string) => void;
  /** The person goes on to the list with the arrow key. */
  onLeave: () => void;
  /** Escape in an empty box. */
  onEscape: () => void;
}

/** Searches as one types: every keystroke is a question of its own. */
export function SearchBox({ ref, value, onChange, onLeave, onEscape }: SearchBoxProps) {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "Enter") {
      event.preventDefault();
      onLeave();
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (value === "") {
        onEscape();
      } else {
        onChange("");
      }
    }
  };
  return (
    <TextInput
      ref={ref}
      type="search"
      role="searchbox"
      aria-label="Search keys"
      placeholder="Search name, tag, fingerprint, host…"
      data-testid="keys-search"
      autoComplete="off"
      spellCheck={false}
      classNames={{ root: "kr-search-root", input: "kr-search-input" }}
      rightSection={value === "" ? <ShortcutKeys shortcut="mod+F" /> : null}
      rightSectionWidth={72}
      rightSectionPointerEvents="none"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      onKeyDown={onKeyDown}
    />
  );
}
