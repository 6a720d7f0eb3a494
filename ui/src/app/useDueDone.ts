import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { onDueDone } from "../ipc/events";
import { plural } from "../shared/format";
import { queryKeys, vaultChanged } from "../shared/queries";
import { doneWords } from "../shared/words";

/** Tells what the core did by itself because it was due, and looks again at what is shown. */
export function useDueDone(): void {
  const client = useQueryClient();
  useEffect(
    () =>
      onDueDone(({ done }) => {
        const [first] = done;
        if (first === undefined) return;
        vaultChanged(client);
        void client.invalidateQueries({ queryKey: queryKeys.keys });
        notifications.show({
          title: done.length === 1 ? "Something was due" : `${plural(done.length, "thing")} were due`,
          message: `${first.name} ${doneWords(first.action)}${done.length > 1 ? `, and ${plural(done.length - 1, "more", "more")}` : ""}.`,
          role: "status",
          closeButtonProps: { "aria-label": "Dismiss" },
        });
      }),
    [client],
  );
}
