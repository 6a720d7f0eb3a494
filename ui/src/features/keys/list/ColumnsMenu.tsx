import { ActionIcon, Menu } from "@mantine/core";
import { IconColumns3 } from "@tabler/icons-react";
import { memo } from "react";
import { OPTIONAL_COLUMNS } from "./columns";

interface ColumnsMenuProps {
  columns: readonly string[];
  onChange: (columns: string[]) => void;
}

/** Which columns the list has besides the name. */
export const ColumnsMenu = memo(function ColumnsMenu({ columns, onChange }: ColumnsMenuProps) {
  const toggle = (id: string) =>
    onChange(
      OPTIONAL_COLUMNS.map((column) => column.id).filter((other) =>
        other === id ? !columns.includes(id) : columns.includes(other),
      ),
    );
  return (
    <Menu position="bottom-end" closeOnItemClick={false} withinPortal>
      <Menu.Target>
        <ActionIcon size={26} aria-label="Choose columns" data-testid="keys-columns">
          <IconColumns3 size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Columns</Menu.Label>
        {OPTIONAL_COLUMNS.map((column) => (
          <Menu.CheckboxItem
            key={column.id}
            checked={columns.includes(column.id)}
            onChange={() => toggle(column.id)}
          >
            {column.label}
          </Menu.CheckboxItem>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
});
