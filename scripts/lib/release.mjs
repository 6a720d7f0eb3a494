// How a release is built, so that no path of this machine comes into it and two places make the same bytes.
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { outputOf } from "./run.mjs";

/** The environment of a release build of the clone in `folder`. */
export function releaseEnvironment(folder) {
  const cargoHome = process.env.CARGO_HOME ?? join(homedir(), ".cargo");
  const sysroot = outputOf("rustc", ["--print", "sysroot"]).trim();
  const names = [
    [folder, "/keyreeve"],
    [cargoHome, "/cargo"],
    [sysroot, "/rust"],
  ];
  return {
    RUSTC_WRAPPER: fileURLToPath(new URL("rustc-renamed.sh", import.meta.url)),
    KEYREEVE_SOURCE: folder,
    KEYREEVE_CARGO_HOME: cargoHome,
    KEYREEVE_SYSROOT: sysroot,
    CFLAGS: names.map(([from, to]) => `-ffile-prefix-map=${from}=${to}`).join(" "),
    SOURCE_DATE_EPOCH: outputOf("git", ["-C", folder, "log", "-1", "--format=%ct"]).trim(),
  };
}
