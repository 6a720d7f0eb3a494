import type { KeyboardEvent } from "react";

/** Goes with the arrow keys from one row's button to the next. */
export function moveFocus(event: KeyboardEvent<HTMLTableElement>): void {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  const buttons = [...event.currentTarget.querySelectorAll("button")];
  const at = buttons.indexOf(event.target as HTMLButtonElement);
  const next = buttons[at + step];
  if (step === 0 || at < 0 || next === undefined) return;
  event.preventDefault();
  next.focus();
}
