// A chain of certificates by openssl.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Makes a folder with a chain of three certificates in one file, and answers that file. */
export function makeChain(folder) {
  mkdirSync(folder);
  const file = (name) => join(folder, name);
  const make = (name, subject, extensions, issuer) =>
    execFileSync(
      "openssl",
      [
        ...["req", "-x509", "-newkey", "ed25519", "-nodes", "-keyout", file(`${name}.key`), "-days", "90"],
        ...["-out", file(`${name}.pem`), "-subj", subject, ...extensions.flatMap((one) => ["-addext", one])],
        ...(issuer === undefined ? [] : ["-CA", file(`${issuer}.pem`), "-CAkey", file(`${issuer}.key`)]),
      ],
      { stdio: "ignore" },
    );
  const authority = ["keyUsage=critical,keyCertSign,cRLSign"];
  make("root", "/O=Example, Inc./CN=Example root", authority);
  make("middle", "/O=Example, Inc./CN=Example middle", authority, "root");
  const names = "subjectAltName=DNS:example.org,DNS:www.example.org,IP:192.0.2.7";
  const usage = ["keyUsage=critical,digitalSignature", "extendedKeyUsage=serverAuth"];
  make("leaf", "/CN=example.org", ["basicConstraints=critical,CA:FALSE", names, ...usage], "middle");
  const chain = ["leaf", "middle", "root"].map((name) => readFileSync(file(`${name}.pem`), "utf8"));
  writeFileSync(file("chain.pem"), chain.join(""));
  return file("chain.pem");
}
