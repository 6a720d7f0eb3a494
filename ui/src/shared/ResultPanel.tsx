import { IconCircleCheck } from "@tabler/icons-react";
import type { ReactNode } from "react";
import "./ResultPanel.css";

/** What came of it, in the place where it was asked for. */
export function ResultPanel({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="kr-result" role="status" data-testid="result">
      <IconCircleCheck size={20} aria-hidden className="kr-ok" />
      <div data-selectable>
        <strong>{title}</strong>
        {children}
      </div>
    </div>
  );
}
