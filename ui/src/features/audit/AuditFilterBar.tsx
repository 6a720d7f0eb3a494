import { Button, Select, TextInput } from "@mantine/core";
import { DatePickerInput } from "@mantine/dates";
import { useEffect, useState } from "react";
import { type AuditAction, AuditActionValues } from "../../ipc/bindings";
import { actionNames } from "../../shared/words";
import "./AuditFilterBar.css";
import { type AuditFilters, isNarrowed, NO_FILTERS } from "./auditFilters";

const ACTIONS = AuditActionValues.map((action) => ({ value: action, label: actionNames[action] }));
/** Milliseconds after the last keystroke before the key's name is asked for. */
const PAUSE = 120;

/** Narrows the log by what was done, to which key, and when. */
export function AuditFilterBar({
  filters,
  onChange,
}: {
  filters: AuditFilters;
  onChange: (filters: AuditFilters) => void;
}) {
  const set = (part: Partial<AuditFilters>) => onChange({ ...filters, ...part });
  return (
    <search className="kr-audit-filters" aria-label="Narrow the log">
      <Select
        aria-label="Action"
        placeholder="Every action"
        data={ACTIONS}
        searchable
        clearable
        clearButtonProps={{ "aria-label": "Every action" }}
        allowDeselect
        w={190}
        data-testid="audit-action"
        value={filters.action}
        onChange={(action) => set({ action: action as AuditAction | null })}
      />
      <KeyField value={filters.key} onChange={(key) => set({ key })} />
      <DatePickerInput
        aria-label="From day"
        placeholder="From"
        valueFormat="D MMM YYYY"
        clearable
        clearButtonProps={{ "aria-label": "From any day" }}
        w={128}
        value={filters.from}
        onChange={(from) => set({ from })}
        {...(filters.to === null ? {} : { maxDate: filters.to })}
      />
      <DatePickerInput
        aria-label="To day"
        placeholder="To"
        valueFormat="D MMM YYYY"
        clearable
        clearButtonProps={{ "aria-label": "To any day" }}
        w={128}
        value={filters.to}
        onChange={(to) => set({ to })}
        {...(filters.from === null ? {} : { minDate: filters.from })}
      />
      {isNarrowed(filters) && (
        <Button variant="subtle" onClick={() => onChange(NO_FILTERS)}>
          Clear
        </Button>
      )}
    </search>
  );
}

function KeyField({ value, onChange }: { value: string; onChange: (key: string) => void }) {
  const [typed, setTyped] = useState(value);
  const [seen, setSeen] = useState(value);
  if (seen !== value) {
    setSeen(value);
    setTyped(value);
  }
  useEffect(() => {
    if (typed === value) {
      return;
    }
    const timer = window.setTimeout(() => onChange(typed), PAUSE);
    return () => window.clearTimeout(timer);
  }, [typed, value, onChange]);
  return (
    <TextInput
      aria-label="Key"
      placeholder="Key: its full name, or its identifier"
      autoComplete="off"
      spellCheck={false}
      flex={1}
      miw={150}
      data-testid="audit-key"
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
    />
  );
}
