import type { Handlers } from "./handlers";
import { matches } from "./lists";
import type { CoreState } from "./state";
import { afterPeriod } from "./time";

export const sshCertificateCommands = (core: CoreState) =>
  ({
    issueSshCertificate: ({ key, out, keyId, principals, days = 30, host = false }) => {
      core.record("key.issue_ssh_certificate", "key", { object: core.find(key).id });
      const issuedAt = core.now();
      const validUntil = afterPeriod(issuedAt, `P${days}D`);
      const serial = String(4711 + core.sshCertificates.length);
      const said = { serial, keyId, principals, validUntil };
      core.sshCertificates.unshift({ ...said, host, issuedAt, publicKey: "SHA256:abc", state: "valid" });
      return { file: out, bytes: 700, ...said };
    },
    listSshCertificates: ({ key, search = "", limit = 100 }) => {
      const found = core.sshCertificates.filter(({ keyId, principals }) =>
        matches(search, keyId, ...principals),
      );
      return {
        ...{ version: core.find(key).primaryVersion, certificates: found.slice(0, limit) },
        ...{ total: found.length, revoked: core.sshRevoked },
      };
    },
    writeKrl: ({ key, out, serials = [], keyIds = [], publicKeys = [] }) => {
      const revoked = core.sshRevoked;
      core.record("key.write_krl", "key", { object: core.find(key).id });
      revoked.serials.push(...serials);
      revoked.keyIds.push(...keyIds);
      revoked.keys.push(...publicKeys.map((file) => `SHA256:${file}`));
      revoked.number = String(Number(revoked.number ?? 0) + 1);
      for (const one of core.sshCertificates) {
        if (serials.includes(one.serial) || keyIds.includes(one.keyId)) one.state = "revoked";
      }
      return {
        ...{ file: out, bytes: 80, number: revoked.number, serials: revoked.serials.length },
        ...{ keyIds: revoked.keyIds.length, keys: revoked.keys.length },
      };
    },
  }) satisfies Partial<Handlers>;
