import type { Handlers } from "./handlers";
import { matches, oneOf, takeOut } from "./lists";
import type { CoreState } from "./state";

const what = "public key";

/** The public keys of others, which are kept alone. */
export const knownKeyCommands = (core: CoreState) =>
  ({
    listKnownKeys: ({ search = "" }) => {
      const publicKeys = core.knownKeys.filter(({ name }) => matches(search, name));
      return { publicKeys, total: publicKeys.length };
    },
    showKnownKey: ({ publicKey }) => oneOf(core.knownKeys, publicKey, what),
    editKnownKey: ({ publicKey, name, description }) => {
      const found = oneOf(core.knownKeys, publicKey, what);
      const said = { ...found.description, ...description };
      return Object.assign(found, { name: name ?? found.name, description: said });
    },
    removeKnownKey: ({ publicKey }) => takeOut(core.knownKeys, publicKey, what),
  }) satisfies Partial<Handlers>;
