import { Button } from "@mantine/core";
import { IconMapPin } from "@tabler/icons-react";
import type { KeyView } from "../../../ipc/bindings";
import { EmptyState } from "../../../shared/EmptyState";
import { DefinitionList } from "../../../shared/Page";
import { whereUsedNames } from "../../../shared/words";

/** Where a key is used, as the person wrote it down. */
export function WhereUsedTab({ keyView, onEdit }: { keyView: KeyView; onEdit: () => void }) {
  if (keyView.whereUsed.length === 0) {
    return (
      <EmptyState
        icon={IconMapPin}
        title="Where is it used?"
        action={
          <Button variant="default" onClick={onEdit} data-testid="where-used-edit">
            Add a place…
          </Button>
        }
      >
        Write down hosts, programs, paths and addresses. Keyreeve shows them when you rotate, revoke or
        destroy the key, so that nothing breaks by surprise.
      </EmptyState>
    );
  }
  return (
    <>
      <DefinitionList
        items={keyView.whereUsed.map(({ kind, value }) => ({ term: whereUsedNames[kind], value }))}
      />
      <Button variant="default" mt="md" onClick={onEdit} data-testid="where-used-edit">
        Edit…
      </Button>
    </>
  );
}
