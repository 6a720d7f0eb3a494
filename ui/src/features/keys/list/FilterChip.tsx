import { Menu } from "@mantine/core";
import { IconChevronDown, IconX } from "@tabler/icons-react";
import { memo } from "react";
import "./FilterBar.css";

interface FilterChipProps<F extends string, T extends string> {
  /** Which part of the filters it is. */
  field: F;
  /** What it narrows by: "State". */
  label: string;
  value: T | undefined;
  options: readonly { value: T; label: string }[];
  /** Must stay the same function from render to render, or every keystroke of the search draws every chip anew. */
  onChange: (field: F, value: T | undefined) => void;
}

/** One way to narrow the list: says what it is set to, and lets go of it with one press. */
export const FilterChip = memo(Chip) as typeof Chip;

function Chip<F extends string, T extends string>({
  field,
  label,
  value,
  options,
  onChange,
}: FilterChipProps<F, T>) {
  const chosen =
    value === undefined ? undefined : (options.find((option) => option.value === value)?.label ?? value);
  return (
    <span className="kr-filter-chip" data-on={chosen !== undefined || undefined}>
      <Menu position="bottom-start" width="target" withinPortal>
        <Menu.Target>
          <button
            type="button"
            className="kr-filter-open"
            data-testid={`keys-filter-${label.toLowerCase()}`}
            aria-label={chosen === undefined ? `Filter by ${label.toLowerCase()}` : `${label}: ${chosen}`}
          >
            {chosen === undefined ? label : <ChosenWords label={label} chosen={chosen} />}
            {chosen === undefined && <IconChevronDown size={14} aria-hidden />}
          </button>
        </Menu.Target>
        <Menu.Dropdown className="kr-filter-dropdown">
          {options.length === 0 && <Menu.Item disabled>No {label.toLowerCase()} yet</Menu.Item>}
          {options.map((option) => (
            <Menu.RadioItem
              key={option.value}
              value={option.value}
              checked={option.value === value}
              closeMenuOnClick
              onChange={() => onChange(field, option.value === value ? undefined : option.value)}
            >
              {option.label}
            </Menu.RadioItem>
          ))}
        </Menu.Dropdown>
      </Menu>
      {chosen !== undefined && (
        <button
          type="button"
          className="kr-filter-clear"
          aria-label={`Remove the filter ${label}: ${chosen}`}
          onClick={() => onChange(field, undefined)}
        >
          <IconX size={13} aria-hidden />
        </button>
      )}
    </span>
  );
}

function ChosenWords({ label, chosen }: { label: string; chosen: string }) {
  return (
    <span>
      <span className="kr-filter-label">{label}:</span> {chosen}
    </span>
  );
}
