import type { CertificateResponse, KeptCertificateView } from "../../ipc/bindings";
import type { Handlers } from "./handlers";
import { matches, oneOf, takeOut } from "./lists";
import type { CoreState } from "./state";
import { afterPeriod } from "./time";

/** The certificates of X.509: asking for them, issuing and keeping them. */
export function certificateCommands(core: CoreState) {
  const certificateOf = (id: string | undefined) => oneOf(core.certificates, id, "certificate");

  return {
    requestCertificate: (wish) => {
      core.record("key.request_certificate", "key", { object: core.find(wish.key).id });
      return { file: wish.out, bytes: 500 };
    },
    selfSign: ({ wish, days = 365 }) => {
      core.record("key.self_sign", "key", { object: core.find(wish.key).id });
      const begin = core.now();
      return {
        ...{ certificate: "00000000-0000-4000-8000-000000000001", file: wish.out },
        ...{ bytes: 900, subject: wish.subject, serial: "4f".repeat(16), notBefore: begin },
        notAfter: afterPeriod(begin, `P${days}D`),
      };
    },
    issueCertificate: ({ out }) => issued(certificateOf(core.certificates[0]?.id), out),
    listCertificates: ({ search = "", state, key }) => {
      const certificates = core.certificates.filter(
        (one) =>
          matches(search, one.subject, one.issuer) &&
          (state === undefined || one.state === state) &&
          (key === undefined || one.key?.id === key),
      );
      return { certificates, total: certificates.length };
    },
    showCertificate: ({ certificate: id }) => {
      const certificate = certificateOf(id);
      const chain = core.certificates.filter(
        ({ subject }) => subject === certificate.issuer && subject !== certificate.subject,
      );
      return {
        ...{ certificate, chain, chainComplete: true, pem: "-----BEGIN CERTIFICATE-----", fingerprints: {} },
        issued: core.certificates.filter(
          ({ issuer, id: its }) => issuer === certificate.subject && its !== id,
        ),
        renewable: certificate.issuedBy !== null && certificate.replacedBy === null,
        revocable: certificate.issuedBy !== null && certificate.state !== "revoked" && chain.length > 0,
        signsLists: certificate.authority && certificate.key !== null,
        removable: certificate.issuedBy === null,
        says: {
          ...{ subject: certificate.subject, issuer: certificate.issuer, serial: certificate.serial },
          ...{ notBefore: certificate.notBefore, notAfter: certificate.notAfter, validity: "valid" },
          ...{ signatureAlgorithm: "ecdsa-with-SHA256", alternativeNames: [], keyUsage: [] },
          ...{ extendedKeyUsage: [], authority: certificate.authority, pathLength: null },
          ...{ subjectKeyId: null, authorityKeyId: null, otherExtensions: [], issuedBy: null },
        },
      };
    },
    importCertificates: () => ({ certificates: core.certificates, known: 0, revoked: [], lists: 0 }),
    exportCertificate: ({ out }) => ({ file: out, bytes: 900, certificates: 1 }),
    editCertificate: ({ certificate, description }) => {
      const found = certificateOf(certificate);
      return Object.assign(found, { description: { ...found.description, ...description } });
    },
    removeCertificate: ({ certificate }) => takeOut(core.certificates, certificate, "certificate"),
    renewCertificate: ({ certificate }) => {
      const old = certificateOf(certificate);
      const newer = { ...old, id: old.id.replace(/.$/, "f"), state: "valid" as const };
      old.replacedBy = newer.id;
      core.certificates.push(newer);
      return issued(newer, null);
    },
    revokeCertificate: ({ certificate, code }) =>
      Object.assign(certificateOf(certificate), {
        state: "revoked" as const,
        revokedAt: core.now(),
        revocationReason: code,
      }),
    writeCrl: ({ out, days = 7 }) => ({
      ...{ file: out, bytes: 400, issuer: "CN=Root", number: "1", thisUpdate: core.now() },
      revoked: core.certificates.filter(({ state }) => state === "revoked").length,
      nextUpdate: afterPeriod(core.now(), `P${days}D`),
    }),
  } satisfies Partial<Handlers>;
}

function issued(certificate: KeptCertificateView, file: string | null): CertificateResponse {
  const { id, subject, serial, notBefore, notAfter } = certificate;
  return { certificate: id, file, bytes: 900, subject, serial, notBefore, notAfter };
}
