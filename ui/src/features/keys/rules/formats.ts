import type { KeyServiceView, KeyView } from "../../../ipc/bindings";
import { serviceWords } from "./services";

/** A file format as the export dialog shows it. */
export interface FormatWords {
  label: string;
  /** Who reads it. */
  readBy: string;
  /** The usual ending of such a file. */
  ending: string;
}

const FORMATS: Record<string, FormatWords> = {
  "pkcs8-pem": { label: "PKCS#8 (PEM)", readBy: "openssl, web servers, most libraries", ending: ".pem" },
  "pkcs8-der": { label: "PKCS#8 (DER)", readBy: "Java, .NET, binary readers", ending: ".der" },
  "sec1-pem": { label: "SEC1 (PEM)", readBy: "older openssl, HAProxy", ending: ".pem" },
  openssh: { label: "OpenSSH private key", readBy: "ssh, git, sftp", ending: "" },
  putty: { label: "PuTTY private key", readBy: "PuTTY, WinSCP, FileZilla", ending: ".ppk" },
  jwk: { label: "JSON Web Key", readBy: "JOSE and JWT libraries", ending: ".jwk.json" },
  raw: { label: "Raw bytes", readBy: "programs that take the bare key", ending: ".bin" },
  hex: { label: "Hexadecimal text", readBy: "configuration files, HSM tools", ending: ".hex" },
  base64: { label: "Base64 text", readBy: "configuration files, Kubernetes secrets", ending: ".b64" },
  pkcs12: { label: "PKCS#12", readBy: "openssl, Java, .NET", ending: ".p12" },
  age: { label: "age identity", readBy: "age, sops", ending: ".txt" },
  openpgp: { label: "OpenPGP key (armoured)", readBy: "gpg, sq, mail programs, git", ending: ".asc" },
  wireguard: { label: "WireGuard key", readBy: "wg, wg-quick", ending: ".wg.txt" },
  "spki-pem": { label: "Public key (PEM)", readBy: "openssl, most libraries", ending: ".pub.pem" },
  "openssh-public": { label: "OpenSSH public key", readBy: "authorized_keys, git hosts", ending: ".pub" },
};

/** What to call a format, and who reads it. */
export function formatWords(format: string): FormatWords {
  return FORMATS[format] ?? { label: format, readBy: "", ending: "" };
}

/** Formats whose file can hold either half. */
const BOTH_WAYS = ["jwk", "age", "wireguard", "openpgp"];

/** What an export is for. */
export type ExportPurpose = "share" | "send" | "service" | "deploy" | "keep";

/** The formats that fit what the export is for, the most fitting first. A key service leaves no choice. */
export function formatsFor(purpose: ExportPurpose, key: KeyView): string[] {
  if (purpose === "service") return [];
  if (purpose === "share") {
    return preferring(key.publicFormats, key.purpose === "authenticate" ? ["openssh-public"] : ["spki-pem"]);
  }
  const wanted =
    purpose !== "keep"
      ? key.purpose === "authenticate"
        ? ["openssh", "pkcs8-pem", "base64"]
        : ["pkcs8-pem", "base64", "hex"]
      : ["pkcs8-pem", "jwk", "base64"];
  // What is encrypted to someone has no passphrase of its own.
  const fits = (format: string) => format !== "openpgp" && !key.protectedFormats.includes(format);
  return preferring(purpose === "send" ? key.privateFormats.filter(fits) : key.privateFormats, wanted);
}

/** What the ending of a file for recipients is before it is known who they are. */
const SEALED_ENDING = ".sealed";

/** The name of a file that only its recipients open. */
export function proposedSealedName(key: KeyView, version: number, format: string): string {
  return proposedFileName(key, version, format, false) + SEALED_ENDING;
}

/** A name for the file: the key's name made safe, its version, and the format's ending. */
export function proposedFileName(key: KeyView, version: number, format: string, isPublic: boolean): string {
  const ending = formatWords(format).ending;
  return fileNameOfVersion(key, version) + (isPublic && BOTH_WAYS.includes(format) ? ".pub" : "") + ending;
}

/** A name for the package that a key service takes. */
export function proposedPackageName(key: KeyView, version: number, service: KeyServiceView): string {
  return fileNameOfVersion(key, version) + serviceWords(service).ending;
}

function fileNameOfVersion(key: KeyView, version: number): string {
  const name = fileNameOf(key.name);
  return version === key.primaryVersion ? name : `${name}-v${version}`;
}

/** A key's name as a part of a file's. */
export function fileNameOf(name: string): string {
  return name.replace(/[^\p{L}\p{N}._-]+/gu, "-").slice(0, 80);
}

function preferring(formats: readonly string[], wanted: readonly string[]): string[] {
  const rank = (format: string): number => {
    const index = wanted.indexOf(format);
    return index < 0 ? wanted.length : index;
  };
  return [...formats].sort((a, b) => rank(a) - rank(b));
}
