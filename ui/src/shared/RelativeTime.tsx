import { Tooltip } from "@mantine/core";
import { formatDate, formatDateTime, formatRelative } from "./format";
import { useNow } from "./useNow";

interface RelativeTimeProps {
  /** RFC 3339. */
  time: string;
  /** `relative`: "in 16 days"; `date`: "12 Sep 2027". */
  show?: "relative" | "date";
  /** Lets the keyboard reach it, and with that the exact time. Not in tables: every row would stop the Tab key. */
  focusable?: boolean;
  className?: string;
}

/** A time as people say it; the exact time on hover and focus. */
export function RelativeTime({ time, show = "relative", focusable = false, className }: RelativeTimeProps) {
  const now = useNow();
  const relative = formatRelative(time, now);
  const exact = formatDateTime(time);
  return (
    <Tooltip label={show === "relative" ? exact : `${exact} (${relative})`}>
      <time dateTime={time} className={className} {...(focusable ? { tabIndex: 0 } : {})}>
        {show === "relative" ? relative : formatDate(time)}
      </time>
    </Tooltip>
  );
}
