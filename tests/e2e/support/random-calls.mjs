// Calls commands with what nobody meant. It runs inside the page, and so sees nothing of this module.

/**
 * Calls each of `commands` so many `times` with variations of its sample, from a seed. Answers how they were answered,
 * and every answer that is none: a command that is silent, or an error without a code, words and a cure.
 */
export function makeRandomCalls(seed, times, commands, samples, done) {
  let state = seed >>> 0;
  const dice = (sides) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
  };
  const one = (list) => list[dice(list.length)];
  // No number is a count of keys that would take long to make, and no text a path to elsewhere.
  const numbers = [-1, 0, 1, 2, 3, 1.5, -0.1, 2 ** 31, 2 ** 32, 2 ** 53, 2 ** 64, 1e300, -(2 ** 63)];
  const texts = [
    ...["", " ", "a", "../..", "\u0000", "\ud800", "\u202e", "e\u0301", "%s%n", "'; --", "<b>", "{}", "null"],
    ...[
      "__proto__",
      "constructor",
      "passphrase",
      "active",
      "1",
      "P1D",
      "2026-11-24T00:00:00Z",
      "é".repeat(300),
    ],
  ];
  const names = [
    ...["key", "version", "proof", "passphrase", "path", "kind", "job", "dryRun", "out", "limit", "after"],
    ...["__proto__", "toString", "", "request", "state", "plaintext", "public", "keyring", "texts"],
  ];
  const huge = () => "x".repeat(one([5_000, 100_000, 1_000_000]));
  const deep = () => {
    const [open, close] = one([
      ["[", "]"],
      ['{"a":', "}"],
    ]);
    const depth = one([20, 127, 128, 1_000]);
    return JSON.parse(`${open.repeat(depth)}1${close.repeat(depth)}`);
  };
  const value = (depth) => {
    const kind = dice(depth > 2 ? 5 : 8);
    if (kind === 0) return null;
    if (kind === 1) return dice(2) === 0;
    if (kind === 2) return one(numbers);
    if (kind < 5) return dice(40) === 0 ? huge() : one(texts);
    if (kind === 5) return dice(10) === 0 ? deep() : Array.from({ length: dice(4) }, () => value(depth + 1));
    if (kind === 6) return dice(20) === 0 ? Array.from({ length: 20_000 }, () => one(texts)) : [];
    return Object.fromEntries(Array.from({ length: dice(5) }, () => [one(names), value(depth + 1)]));
  };
  const vary = (request) => {
    let place = request;
    for (;;) {
      const inside = Object.keys(place).filter(
        (name) => typeof place[name] === "object" && place[name] !== null,
      );
      if (inside.length === 0 || dice(2) === 0) break;
      place = place[one(inside)];
    }
    const known = Object.keys(place);
    const name = known.length === 0 || dice(5) === 0 ? one(names) : one(known);
    if (dice(4) === 0) delete place[name];
    else
      Object.defineProperty(place, name, {
        value: value(0),
        enumerable: true,
        configurable: true,
        writable: true,
      });
  };
  const argumentsOf = (command) => {
    const form = dice(20);
    if (form === 0) {
      const given = value(0) ?? undefined;
      // The platform takes a list for bytes. Where one of them is no number it fails in its isolation frame, silently.
      return Array.isArray(given) ? given.map(() => dice(256)) : given;
    }
    if (form === 1) return { request: value(0) };
    if (form === 2) return new Uint8Array(dice(1_000)).map(() => dice(256));
    const request = structuredClone(samples[command] ?? {});
    for (let changes = dice(4); changes > 0; changes -= 1) vary(request);
    // A vault that was made in earnest would be open.
    if (command === "create_vault" && request.passphrase?.length < 5_000) request.passphrase = "abc";
    return form === 3 ? { request, [one(names)]: value(3), more: value(1) } : { request };
  };

  const outcome = { answers: {}, answered: 0, refused: 0, misshapen: 0, problems: [] };
  const isText = (words) => typeof words === "string" && words !== "";
  const judge = (command, args, error) => {
    if (isText(error?.code) && isText(error.message) && isText(error.cure)) outcome.refused += 1;
    // What is no request at all is refused by the platform, in its own words.
    else if (
      isText(error) &&
      /^invalid args `request` for command `\w+`| at line \d+ column \d+$/.test(error)
    ) {
      outcome.misshapen += 1;
    } else {
      const called = JSON.stringify(ArrayBuffer.isView(args) ? [...args] : args)?.slice(0, 300);
      outcome.problems.push(`${command} called with ${called}: ${JSON.stringify(error)} ${error}`);
    }
  };
  const callOne = async (command) => {
    let clock;
    const args = argumentsOf(command);
    const silence = new Promise((_resolve, reject) => {
      clock = setTimeout(() => reject("no answer within a minute"), 60_000);
    });
    try {
      await Promise.race([window.__TAURI_INTERNALS__.invoke(command, args), silence]);
      outcome.answered += 1;
    } catch (error) {
      judge(command, args, error);
    } finally {
      clearTimeout(clock);
    }
    outcome.answers[command] = (outcome.answers[command] ?? 0) + 1;
  };
  const callAll = async () => {
    for (let round = 0; round < times; round += 1) {
      // Some at once, as no interface would.
      for (let start = 0; start < commands.length; start += 6) {
        await Promise.all(commands.slice(start, start + 6).map(callOne));
      }
    }
  };
  callAll().then(
    () => done(outcome),
    (error) => done({ failed: `${error} ${error?.stack}` }),
  );
}
