import { Autocomplete, SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { useCounts } from "../../../shared/queries";
import { BulkChangeDialog, type BulkDialogProps } from "./BulkChangeDialog";

/** Gives many keys a tag, or takes one from them. */
export function BulkTagDialog(props: BulkDialogProps) {
  const [act, setAct] = useState<"add_tag" | "remove_tag">("add_tag");
  const [tag, setTag] = useState("");
  const { data: counts } = useCounts();
  const adds = act === "add_tag";
  return (
    <BulkChangeDialog
      {...props}
      verb={adds ? "Tag" : "Untag"}
      done={adds ? "tagged" : "untagged"}
      change={{ kind: act, tag: tag.trim() }}
      disabled={tag.trim() === ""}
    >
      <SegmentedControl
        aria-label="Add or remove"
        data={[
          { value: "add_tag", label: "Add a tag" },
          { value: "remove_tag", label: "Remove a tag" },
        ]}
        value={act}
        onChange={(chosen) => setAct(chosen as typeof act)}
      />
      <Autocomplete
        label="Tag"
        data-testid="bulk-tag"
        data-autofocus
        data={counts?.tags.map((entry) => entry.tag) ?? []}
        value={tag}
        onChange={setTag}
      />
    </BulkChangeDialog>
  );
}
