import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconAlertCircle, IconAlertTriangle, IconInfoCircle } from "@tabler/icons-react";
import { type ReactNode, useCallback } from "react";
import type { CoreError } from "../ipc/call";
import "./ErrorPanel.css";
import { errorWords, messageBelow, type Severity } from "./errors";

const icons: Record<Severity, typeof IconAlertCircle> = {
  bad: IconAlertCircle,
  warn: IconAlertTriangle,
  info: IconInfoCircle,
};

/** An error in its place: what happened, what to do, and the button that tries again. Announced when it appears. */
export function ErrorPanel({
  error,
  onRetry,
  children,
  live = true,
  testId = "error",
}: {
  error: CoreError;
  onRetry?: () => void;
  /** Whether it is announced when it appears; no where it stands in a place that is announced itself. */
  live?: boolean;
  testId?: string;
  /** More buttons, or more words. */
  children?: ReactNode;
}) {
  const { severity, title } = errorWords(error.code);
  const message = messageBelow(title, error.message);
  const Icon = icons[severity];
  return (
    <div
      {...(live ? { role: "alert" } : {})}
      className="kr-error"
      data-severity={severity}
      data-code={error.code}
      data-testid={testId}
    >
      <Icon size={18} aria-hidden className={`kr-${severity}`} />
      <div className="kr-error-words" data-selectable>
        <strong>{title}</strong>
        {message !== "" && <p>{message}</p>}
        {error.cure !== "" && <p className="kr-error-cure">{error.cure}</p>}
        {(onRetry !== undefined || (children !== undefined && children !== false)) && (
          <div className="kr-error-buttons">
            {onRetry !== undefined && (
              <Button variant="default" size="xs" onClick={onRetry}>
                Try again
              </Button>
            )}
            {children}
          </div>
        )}
      </div>
    </div>
  );
}

/** Tells an error that has no place on the screen. */
export function useErrorNotification(): (error: CoreError) => void {
  return useCallback((error: CoreError) => {
    const { severity, title } = errorWords(error.code);
    notifications.show({
      title,
      message: `${messageBelow(title, error.message)} ${error.cure}`.trim(),
      color: severity === "bad" ? "bad" : "ink",
      role: "alert",
      autoClose: severity === "info" ? 6_000 : false,
      closeButtonProps: { "aria-label": "Dismiss" },
    });
  }, []);
}
