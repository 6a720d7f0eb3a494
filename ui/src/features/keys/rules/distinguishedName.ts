/** The parts of a name that the dialog asks for. */
export interface NameParts {
  commonName: string;
  organisation: string;
  country: string;
}

/** A distinguished name as RFC 4514 writes it; parts that are empty are left out. */
export function distinguishedName({ commonName, organisation, country }: NameParts): string {
  return [
    ["CN", commonName],
    ["O", organisation],
    ["C", country.toUpperCase()],
  ]
    .map(([type, value = ""]) => [type, value.trim()] as const)
    .filter(([, value]) => value !== "")
    .map(([type, value]) => `${type}=${escaped(value)}`)
    .join(",");
}

/** RFC 4514 section 2.4. */
function escaped(value: string): string {
  return value.replace(/["+,;<>\\]|^#/g, (character) => `\\${character}`);
}

/** The alternative name that a common name is at once, if it is one: that of a host or of a mailbox. */
export function proposedNames(commonName: string): string {
  const name = commonName.trim();
  if (/^[^\s@]+@[\w-]+(\.[\w-]+)+$/.test(name)) return `email:${name}`;
  return /^(\*\.)?[\w-]+(\.[\w-]+)+$/.test(name) ? `dns:${name}` : "";
}
