import { TextInput } from "@mantine/core";
import { vaultName } from "../../shared/format";
import { PathField } from "../../shared/PathField";

/** Where a vault is to be made: a folder, and in it the vault under its name. */
export interface VaultPlace {
  name: string;
  folder: string;
}

/** Takes the core's proposal apart. */
export function placeOf(path: string): VaultPlace {
  const cut = Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\"));
  return { name: vaultName(path), folder: cut > 0 ? path.slice(0, cut) : path.slice(0, cut + 1) };
}

export function pathOf({ name, folder }: VaultPlace): string {
  const slash = folder.includes("\\") ? "\\" : "/";
  return `${folder.replace(/[\\/]+$/, "")}${slash}${name.trim().replace(/\.keyreeve$/, "")}.keyreeve`;
}

/** What is wrong with a name, or `null`. */
export function nameProblem(name: string): string | null {
  if (name.trim() === "") return "Give the vault a name.";
  if (/[\\/]/.test(name)) return "A name has no slashes.";
  if (name.trim().startsWith(".")) return "A name does not begin with a dot.";
  return null;
}

/** The fields for it. */
export function VaultPlaceFields({
  place,
  onChange,
  autoFocus = false,
  disabled = false,
}: {
  place: VaultPlace;
  onChange: (place: VaultPlace) => void;
  autoFocus?: boolean;
  disabled?: boolean;
}) {
  return (
    <div className="kr-place">
      <TextInput
        label="Name"
        value={place.name}
        onChange={(event) => onChange({ ...place, name: event.currentTarget.value })}
        error={nameProblem(place.name)}
        autoComplete="off"
        spellCheck={false}
        autoFocus={autoFocus}
        disabled={disabled}
        data-testid="vault-name"
      />
      <PathField
        label="Folder"
        pick="folder"
        value={place.folder}
        onChange={(folder) => onChange({ ...place, folder })}
        error={place.folder.trim() === "" ? "Choose a folder." : null}
        disabled={disabled}
        data-testid="vault-folder"
      />
      <p className="kr-place-result kr-dim">
        The vault will be <span className="kr-mono">{pathOf(place)}</span>
      </p>
    </div>
  );
}
