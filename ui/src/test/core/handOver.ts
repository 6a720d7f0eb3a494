import type { KeyView } from "../../ipc/bindings";
import { distributionOf } from "./distribution";
import type { Handlers } from "./handlers";
import { broughtTo, keyServicesOf } from "./keyServices";
import { refusal } from "./refusal";
import type { CoreState } from "./state";

/** What takes a key out of the vault, and who has it since. */
export function handOverCommands(core: CoreState) {
  function record(key: KeyView, reason: string | undefined, details: Record<string, string>): void {
    core.record("key.hand_over", "key", { object: key.id, version: key.primaryVersion, reason, details });
  }

  return {
    publicKey: ({ key, version }) => ({ text: core.version(core.find(key), version).publicKey ?? "" }),
    exportKey: (request) => {
      const { slot } = core.opened();
      const key = core.find(request.key);
      const { out, format, to = [] } = request;
      const isPublic = request.public === true;
      if (!isPublic) {
        if (slot.role === "auditor")
          throw refusal("refused_by_role", "An auditor's slot does not reach key material.");
        if (!key.exportable)
          throw refusal("refused_by_policy", `${key.name} was made not to leave the vault.`);
        core.reauthenticate(request.proof);
        const isProtected = request.encryptPassphrase !== undefined || request.to !== undefined;
        if (!isProtected && request.plaintext !== true) {
          throw refusal("plaintext_not_confirmed", "The material would be written in the clear.");
        }
      }
      if (to.length > 0) {
        for (const recipient of to) record(key, request.reason, { recipient, how: "age", format });
        const recipients = to.map((fingerprint) => ({ fingerprint, name: null }));
        const openedWith = "age --decrypt --identity IDENTITY --output KEY FILE";
        return { file: out, format, bytes: 512, handedOver: { envelope: "age", openedWith, recipients } };
      }
      const action = isPublic ? "key.export_public" : "key.export";
      core.record(action, "key", { object: key.id, version: key.primaryVersion });
      const beside =
        format === "openpgp" && !isPublic
          ? ["pub.asc", "rev.asc"].map((ending) => out.replace(/asc$/, ending))
          : [];
      return { file: out, format, bytes: 241, beside };
    },
    keyServices: ({ key }) => ({ services: keyServicesOf(core.find(key)) }),
    bringKey: (request) => {
      const key = core.find(request.key);
      core.reauthenticate(request.proof);
      record(key, request.reason, { recipient: request.target, how: "byok" });
      return broughtTo(request);
    },
    distribution: ({ key }) => distributionOf(core.find(key), core.opened().vault.events),
    noteRollOut: ({ key: id, holder, version, ended, reason }) => {
      core.mayChange();
      const key = core.find(id);
      const { events } = core.opened().vault;
      const { holders } = distributionOf(key, events);
      const found = holders.find((one) => one.id === holder || one.name === holder);
      if (found === undefined) throw refusal("not_found", `${key.name} has no holder ${holder}.`);
      const details = {
        [found.kind === "place" ? "place" : "recipient"]: found.id,
        ...(ended === true ? { ended: "yes" } : {}),
      };
      const said = { object: id, version: version ?? key.primaryVersion, reason, details };
      core.record("key.roll_out", "key", said);
      return distributionOf(key, events);
    },
  } satisfies Partial<Handlers>;
}
