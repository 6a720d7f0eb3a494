// How a release is built, so that no path of this machine comes into it. The same bytes from two places is the aim, and
// not reached yet: `npm run reproduce` says so.
import { homedir } from "node:os";
import { join } from "node:path";
import { outputOf } from "./run.mjs";

/** The environment of a release build of the clone in `folder`: no path of this machine comes into the programs. */
export function releaseEnvironment(folder) {
  const cargoHome = process.env.CARGO_HOME ?? join(homedir(), ".cargo");
  const sysroot = outputOf("rustc", ["--print", "sysroot"]).trim();
  const names = [
    [folder, "/keyreeve"],
    [cargoHome, "/cargo"],
    [sysroot, "/rust"],
  ];
  return {
    CARGO_ENCODED_RUSTFLAGS: names.map(([from, to]) => `--remap-path-prefix=${from}=${to}`).join("\x1f"),
    CFLAGS: names.map(([from, to]) => `-ffile-prefix-map=${from}=${to}`).join(" "),
    SOURCE_DATE_EPOCH: outputOf("git", ["log", "-1", "--format=%ct"]).trim(),
  };
}
