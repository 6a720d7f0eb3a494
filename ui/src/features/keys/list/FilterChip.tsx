import { Menu } from "@mantine/core";
import { IconChevronDown, IconX } from "@tabler/icons-react";
import "./FilterBar.css";

interface FilterChipProps<T extends string> {
  /** What it narrows by: "State". */
  label: string;
  value: T | undefined;
  options: readonly { value: T; label: string }[];
  onChange: (value: T | undefined) => void;
}

/** One way to narrow the list: says what it is set to, and lets go of it with one press. */
export function FilterChip<T extends string>({ label, value, options, onChange }: FilterChipProps<T>) {
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
              onChange={() => onChange(option.value === value ? undefined : option.value)}
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
          onClick={() => onChange(undefined)}
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
