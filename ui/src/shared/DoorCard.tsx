import type { ReactNode } from "react";
import { Mark } from "./Brand";
import "./DoorCard.css";

/** The card in the middle of the window, below the mark: everything before a vault is open. */
export function DoorCard({
  wide = false,
  testId,
  children,
}: {
  wide?: boolean;
  testId: string;
  children: ReactNode;
}) {
  return (
    <main className="kr-door" data-testid={testId}>
      <div className="kr-door-inner" data-wide={wide}>
        <div className="kr-door-brand">
          <Mark size={26} />
          <span>Keyreeve</span>
        </div>
        <div className="kr-door-card">{children}</div>
      </div>
    </main>
  );
}
