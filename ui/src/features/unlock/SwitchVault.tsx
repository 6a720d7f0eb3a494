import { Button, Menu } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { vaultName } from "../../shared/format";
import { useGate, useHome } from "../../shared/gate";

/** The vaults that were open lately, to go to another one. */
export function SwitchVault({ path }: { path: string }) {
  const { chooseVault, goToStart } = useGate();
  const { preferences } = useHome();
  const others = preferences.recentVaults.filter((recent) => recent !== path);
  return (
    <Menu position="bottom-end" width={280}>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          fw={400}
          mr={-8}
          rightSection={<IconChevronDown size={14} aria-hidden />}
        >
          Switch
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {others.map((other) => (
          <Menu.Item key={other} onClick={() => chooseVault(other)}>
            <div>{vaultName(other)}</div>
            <div className="kr-dim kr-cut kr-unlock-path">{other}</div>
          </Menu.Item>
        ))}
        {others.length > 0 && <Menu.Divider />}
        <Menu.Item onClick={() => goToStart("choose")}>Open another vault…</Menu.Item>
        <Menu.Item onClick={() => goToStart("create")}>Create a vault…</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
