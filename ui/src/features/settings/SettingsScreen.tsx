import { Button, Checkbox, NumberInput, SegmentedControl, Stack } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import type { Theme } from "../../ipc/bindings";
import { useAnnounce } from "../../shared/Announcer";
import { useHome, useSession } from "../../shared/gate";
import { defaultKeyColumns } from "../../shared/keyColumns";
import { DefinitionList, Page, Section } from "../../shared/Page";
import { queryKeys } from "../../shared/queries";
import { ShortcutList } from "../../shared/ShortcutList";
import "./SettingsScreen.css";

/** How Keyreeve looks and behaves on this computer. */
export function SettingsScreen() {
  return (
    <Page title="Settings" summary="for this computer">
      <div className="kr-settings">
        <div className="kr-settings-column">
          <Appearance />
          <Locking />
          <Columns />
          <About />
        </div>
        <Section title="Keyboard shortcuts">
          <ShortcutList />
        </Section>
      </div>
    </Page>
  );
}

const themes: { value: Theme; label: string }[] = [
  { value: "system", label: "As the system" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
];

function Appearance() {
  const { preferences, changePreferences } = useHome();
  return (
    <Section title="Look">
      <SegmentedControl
        aria-label="Look"
        fullWidth
        data={themes}
        value={preferences.theme}
        onChange={(theme) => void changePreferences({ theme: theme as Theme })}
        data-testid="settings-theme"
      />
    </Section>
  );
}

/** When one leaves, whether or not one thinks of it. */
const OCCASIONS = [
  {
    preference: "lockOnSleep",
    label: "Lock before the computer sleeps",
    words: "The computer waits until the keys are wiped.",
  },
  {
    preference: "lockWithScreen",
    label: "Lock when the screen is locked",
    words: "By you, or by the desktop after its own time.",
  },
  {
    preference: "lockOnUserSwitch",
    label: "Lock when another person takes over",
    words: "Another session comes to the front on this computer.",
  },
  {
    preference: "lockOnCardRemoval",
    label: "Lock when the card is pulled that opened the vault",
    words: "Also when its reader is unplugged, or the smartcard service ends.",
  },
] as const;

function Locking() {
  const { preferences, changePreferences } = useHome();
  const client = useQueryClient();
  const [typed, setTyped] = useState<number | string>(preferences.idleLockMinutes);
  const minutes =
    typeof typed === "number" && Number.isInteger(typed) && typed >= 1 && typed <= 240 ? typed : null;
  const store = async (wanted: number | null) => {
    if (wanted === null) {
      setTyped(preferences.idleLockMinutes);
    } else if (wanted !== preferences.idleLockMinutes) {
      await changePreferences({ idleLockMinutes: wanted });
      await client.invalidateQueries({ queryKey: queryKeys.session });
    }
  };
  return (
    <Section title="Lock">
      <Setting
        title="Lock the vault when nobody is there"
        words="Minutes without a key stroke or a move of the mouse, 1 to 240."
      >
        <NumberInput
          aria-label="Minutes until the vault locks"
          value={typed}
          onChange={setTyped}
          onBlur={() => void store(minutes)}
          onKeyDown={(event) => {
            if (event.key === "Enter") void store(minutes);
          }}
          min={1}
          max={240}
          allowDecimal={false}
          allowNegative={false}
          error={minutes === null}
          w={96}
          data-testid="settings-idle"
        />
      </Setting>
      <Stack gap="sm" mt="md" role="group" aria-label="Lock the vault">
        {OCCASIONS.map(({ preference, label, words }) => (
          <Checkbox
            key={preference}
            label={label}
            description={words}
            checked={preferences[preference]}
            onChange={(event) => void changePreferences({ [preference]: event.currentTarget.checked })}
            data-testid={`settings-${preference}`}
          />
        ))}
      </Stack>
    </Section>
  );
}

function Columns() {
  const { preferences, changePreferences } = useHome();
  const announce = useAnnounce();
  const usual = preferences.keyColumns.join() === defaultKeyColumns.join();
  return (
    <Section title="List of keys">
      <Setting title="Columns" words={usual ? "As Keyreeve comes." : "Chosen by you."}>
        <Button
          variant="default"
          disabled={usual}
          onClick={async () => {
            await changePreferences({ keyColumns: [...defaultKeyColumns] });
            announce("The columns are as Keyreeve comes");
          }}
        >
          Reset
        </Button>
      </Setting>
    </Section>
  );
}

function About() {
  const { app } = useHome();
  const { vault } = useSession();
  return (
    <Section title="About">
      <DefinitionList
        items={[
          { term: "Version", value: `Keyreeve ${app.version}${app.debug ? " (development)" : ""}` },
          { term: "Licence", value: "MIT or Apache 2.0, as you like" },
          { term: "Typeface", value: "Inter, SIL Open Font License 1.1" },
          { term: "Icons", value: "Tabler Icons, MIT" },
          { term: "This vault", value: <span className="kr-mono">{vault.path}</span> },
          { term: "Vault format", value: String(vault.format) },
        ]}
      />
    </Section>
  );
}

function Setting({ title, words, children }: { title: string; words: string; children: ReactNode }) {
  return (
    <div className="kr-setting">
      <div>
        <div>{title}</div>
        <div className="kr-dim kr-setting-words">{words}</div>
      </div>
      {children}
    </div>
  );
}
