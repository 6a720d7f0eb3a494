import { useCallback, useEffect, useMemo, useRef } from "react";
import {
  type Algorithm,
  AlgorithmValues,
  type KeyState,
  KeyStateValues,
  type Purpose,
  PurposeValues,
  type SmartFilter,
  SmartFilterValues,
} from "../../../ipc/bindings";
import { plural } from "../../../shared/format";
import { useCounts } from "../../../shared/queries";
import { algorithmNames, filterNames, purposeNames, stateNames } from "../../../shared/words";
import { ColumnsMenu } from "./ColumnsMenu";
import "./FilterBar.css";
import { FilterChip } from "./FilterChip";
import { type Filters, isNarrowed } from "./question";

interface FilterBarProps {
  filters: Filters;
  onChange: (filters: Filters) => void;
  /** How many there are; `null` while unknown. */
  total: number | null;
  /** Whether the number still belongs to the question before. */
  isStale: boolean;
  columns: readonly string[];
  onColumns: (columns: string[]) => void;
}

/** What narrows the list, and how many keys are left. */
export function FilterBar({ filters, onChange, total, isStale, columns, onColumns }: FilterBarProps) {
  const { data: counts } = useCounts();
  const tags = useMemo(() => counts?.tags.map(({ tag }) => ({ value: tag, label: tag })) ?? [], [counts]);
  const latest = useRef({ filters, onChange });
  useEffect(() => {
    latest.current = { filters, onChange };
  });
  const set = useCallback(
    (field: keyof Filters, value: string | undefined) =>
      latest.current.onChange({ ...latest.current.filters, [field]: value }),
    [],
  );
  return (
    <div className="kr-filter-bar" role="toolbar" aria-label="Filters">
      <FilterChip field="state" label="State" value={filters.state} options={STATES} onChange={set} />
      <FilterChip
        field="algorithm"
        label="Algorithm"
        value={filters.algorithm}
        options={ALGORITHMS}
        onChange={set}
      />
      <FilterChip field="purpose" label="Purpose" value={filters.purpose} options={PURPOSES} onChange={set} />
      <FilterChip field="tag" label="Tag" value={filters.tag} options={tags} onChange={set} />
      <FilterChip field="filter" label="Attention" value={filters.filter} options={FILTERS} onChange={set} />
      {isNarrowed(filters) && (
        <button type="button" className="kr-filter-clear-all" onClick={() => onChange({ search: "" })}>
          Clear all
        </button>
      )}
      <output className="kr-filter-total" data-testid="keys-total" aria-busy={isStale}>
        {total !== null && plural(total, "key")}
      </output>
      <ColumnsMenu columns={columns} onChange={onColumns} />
    </div>
  );
}

const STATES = KeyStateValues.map((value: KeyState) => ({ value, label: stateNames[value] }));
const ALGORITHMS = AlgorithmValues.map((value: Algorithm) => ({ value, label: algorithmNames[value] }));
const PURPOSES = PurposeValues.map((value: Purpose) => ({ value, label: purposeNames[value] }));
const FILTERS = SmartFilterValues.map((value: SmartFilter) => ({ value, label: filterNames[value] }));
