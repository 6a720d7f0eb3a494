// What another program of the same user, without rights of its own, can reach of the running app.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { startApp } from "./support/app.mjs";
import { nameOf } from "./support/processes.mjs";

/** Root may reach everything; as root without its capabilities a program is one user among others. */
const without =
  process.getuid() === 0 ? ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--ambient-caps=-all"] : [];
let app;
before(async () => {
  app = await startApp({ under: without });
});
after(() => app?.stop());

/** Tries to look at a process, to open its memory and to attach to it; answers what was refused. */
const neighbour = `
import ctypes, json, os, sys
process = int(sys.argv[1])
refused = []
for part in ("environ", "maps", "mem"):
    try:
        with open(f"/proc/{process}/{part}", "rb") as file:
            if part != "mem":
                file.read()
    except PermissionError:
        refused.append(part)
PTRACE_ATTACH, PTRACE_DETACH = 16, 17
ptrace = ctypes.CDLL(None, use_errno=True).ptrace
if ptrace(PTRACE_ATTACH, process, None, None) != 0:
    refused.append("attach")
else:
    os.waitpid(process, 0x40000000)
    ptrace(PTRACE_DETACH, process, None, None)
print(json.dumps(refused))
`;

function refusedOf(process) {
  const [program, ...args] = [...without, "python3", "-c", neighbour, String(process)];
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8" });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

test("a program that keeps nothing to itself can be looked into: the neighbour knows how", async () => {
  const [program, ...args] = [...without, "sleep", "60"];
  const open = spawn(program, args);
  try {
    await app.eventually("sleep", () => nameOf(open.pid) === "sleep");
    const refused = refusedOf(open.pid);
    assert.ok(!refused.includes("environ") && !refused.includes("maps"), refused.join());
  } finally {
    open.kill();
  }
});

test("the app, which holds the keys, lets nobody in", () => {
  const [core] = app.processes;
  assert.equal(nameOf(core), "keyreeve-deskto");
  assert.deepEqual(refusedOf(core), ["environ", "maps", "mem", "attach"]);
});

test("neither the app nor its web view leaves a core dump", () => {
  const names = app.processes.map((process) => {
    const limits = readFileSync(`/proc/${process}/limits`, "utf8");
    assert.match(limits, /^Max core file size\s+0\s+0\s+bytes/m, nameOf(process));
    return nameOf(process);
  });
  assert.deepEqual(names.sort(), ["WebKitNetworkPr", "WebKitWebProces", "keyreeve-deskto"]);
});

test("the web view's processes keep an allocator of their own", () => {
  const views = app.processes.filter((process) => nameOf(process).startsWith("WebKit"));
  assert.equal(views.length, 2);
  for (const view of views) {
    const given = readFileSync(`/proc/${view}/environ`, "utf8").split("\0");
    const names = given.map((pair) => pair.split("=")[0]);
    assert.ok(names.includes("WEBKIT_INSPECTOR_SERVER"), "they have what the app was given");
    for (const name of ["GLIBC_TUNABLES", "Malloc", "KEYREEVE_STARTED_ANEW"]) {
      assert.ok(!names.includes(name), `${nameOf(view)} has ${name}`);
    }
  }
});
