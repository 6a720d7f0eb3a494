import type { ReactNode } from "react";
import "./Page.css";

/** A screen with its heading: padded, as wide as there is room, and scrolling by itself. */
export function Page({
  title,
  summary,
  actions,
  children,
}: {
  title: string;
  /** Dim words beside the title. */
  summary?: ReactNode;
  /** Buttons at the right; one of them primary. */
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <div className="kr-page">
      <PageHeader title={title} summary={summary} actions={actions} />
      {children}
    </div>
  );
}

export function PageHeader({
  title,
  summary,
  actions,
}: {
  title: string;
  summary?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <header className="kr-page-header">
      <div className="kr-page-title">
        <h1>{title}</h1>
        {summary !== undefined && <span className="kr-dim">{summary}</span>}
      </div>
      {actions !== undefined && <div className="kr-page-actions">{actions}</div>}
    </header>
  );
}

/** A panel with a small heading. */
export function Section({
  title,
  actions,
  flush = false,
  className = "",
  children,
}: {
  title?: string;
  actions?: ReactNode;
  /** The content reaches the panel's edges, as lists and tables do. */
  flush?: boolean;
  className?: string;
  children: ReactNode;
}) {
  return (
    <section className={`kr-section ${flush ? "kr-section-flush" : ""} ${className}`} aria-label={title}>
      {(title !== undefined || actions !== undefined) && (
        <div className="kr-section-head">
          {title !== undefined && <h2>{title}</h2>}
          {actions}
        </div>
      )}
      {children}
    </section>
  );
}

export interface Definition {
  term: string;
  /** Left out when `null`. */
  value: ReactNode | null;
}

/** Terms on the left, what they are on the right. */
export function DefinitionList({ items }: { items: Definition[] }) {
  return (
    <dl className="kr-definitions">
      {items
        .filter(({ value }) => value !== null)
        .map(({ term, value }) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
