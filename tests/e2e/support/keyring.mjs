// A session bus and a GNOME Keyring of a test's own.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";

const BUS = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/>
<allow own="*"/></policy></busconfig>`;

/** Starts them for `home`, whose programs use them from then on. */
export async function startKeyring(home) {
  const config = join(home.path, "bus.conf");
  writeFileSync(config, BUS);
  const bus = spawn("dbus-daemon", [`--config-file=${config}`, "--nofork", "--print-address=1"], {
    env: home.environment,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [address] = await once(createInterface({ input: bus.stdout }), "line");
  home.environment.DBUS_SESSION_BUS_ADDRESS = address;
  const keyring = spawn("gnome-keyring-daemon", ["--foreground", "--components=secrets", "--unlock"], {
    env: home.environment,
    stdio: ["pipe", "ignore", "ignore"],
  });
  keyring.stdin.end("the keyring's own");
  while (!(await answers(home.environment))) {
    if (keyring.exitCode !== null) throw new Error("gnome-keyring-daemon ended by itself");
    await pause(20);
  }
  const end = async (program) => {
    const ended = once(program, "exit");
    if (program.exitCode === null && program.signalCode === null && program.kill()) await ended;
  };
  return {
    /** Lets the keyring answer nothing, or go on. */
    pause: () => keyring.kill("SIGSTOP"),
    goOn: () => keyring.kill("SIGCONT"),
    /** Ends the keyring alone; nothing starts another on this bus. */
    stopKeyring: () => end(keyring),
    async stop() {
      for (const program of [keyring, bus]) await end(program);
    },
  };
}

async function answers(environment) {
  const asked = spawn(
    "dbus-send",
    [
      "--session",
      "--print-reply=literal",
      "--dest=org.freedesktop.DBus",
      "/org/freedesktop/DBus",
      "org.freedesktop.DBus.NameHasOwner",
      "string:org.freedesktop.secrets",
    ],
    { env: environment, stdio: ["ignore", "pipe", "ignore"] },
  );
  let said = "";
  for await (const part of asked.stdout) said += part;
  return said.includes("true");
}
