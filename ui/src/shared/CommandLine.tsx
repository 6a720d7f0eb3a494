import { CopyButton } from "./CopyButton";
import "./CommandLine.css";

/** A command to run elsewhere, to read and to copy: never with a secret in it. */
export function CommandLine({ label, command }: { label: string; command: string }) {
  return (
    <div>
      <span className="kr-command-label">{label}</span>
      <div className="kr-command">
        <code data-selectable>{command}</code>
        <CopyButton text={command} what="command" />
      </div>
    </div>
  );
}
