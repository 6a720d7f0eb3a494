import type { ComponentType, ReactNode } from "react";
import type { ActionIconProps } from "./actions";
import "./EmptyState.css";

/** What an empty place is for, and the one button that fills it. */
export function EmptyState({
  icon: Icon,
  title,
  children,
  action,
}: {
  icon: ComponentType<ActionIconProps>;
  title: string;
  children: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="kr-empty" data-testid="empty">
      <Icon size={32} stroke={1.4} aria-hidden />
      <h2>{title}</h2>
      <p>{children}</p>
      {action}
    </div>
  );
}
