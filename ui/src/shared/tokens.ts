/** The colours of the two looks. Every colour in the interface is one of these. A test measures their contrast. */
export interface Tokens {
  background: string;
  panel: string;
  sidebar: string;
  line: string;
  text: string;
  dim: string;
  ink: string;
  inkHover: string;
  inkSoft: string;
  onInk: string;
  brass: string;
  ok: string;
  info: string;
  warn: string;
  bad: string;
  badSoft: string;
  badHover: string;
  onBad: string;
  hover: string;
  /** The border of a field: 3 : 1 against what lies around it. */
  field: string;
  /** The glow around the field that one types in. */
  halo: string;
}

export const light: Tokens = {
  background: "#f7f7f5",
  panel: "#ffffff",
  sidebar: "#efeeea",
  line: "#e2e0da",
  text: "#1d2433",
  dim: "#656b78",
  ink: "#27447a",
  inkHover: "#1f3763",
  inkSoft: "#e6ecf7",
  onInk: "#ffffff",
  brass: "#a8781c",
  // A touch darker than drawn: a state must also be read on a chosen row and on the sidebar (docs/adr).
  ok: "#1e774b",
  info: "#2463a6",
  warn: "#916100",
  bad: "#b42318",
  badSoft: "#fbeceb",
  badHover: "#97190f",
  onBad: "#ffffff",
  hover: "#f1f0ec",
  field: "#8a8f9b",
  halo: "#ccd9ef",
};

export const dark: Tokens = {
  background: "#14171d",
  panel: "#1b1f27",
  sidebar: "#171a21",
  line: "#2b303b",
  text: "#e7e9ee",
  dim: "#a2a8b5",
  ink: "#8fb0f0",
  inkHover: "#a5c0f4",
  inkSoft: "#24304a",
  onInk: "#14171d",
  brass: "#d9a94a",
  ok: "#5cc48d",
  info: "#79b0ee",
  warn: "#e0b04a",
  bad: "#f08a80",
  badSoft: "#3a2326",
  badHover: "#f4a39b",
  onBad: "#14171d",
  hover: "#222731",
  field: "#697182",
  halo: "#2f4370",
};

/** The tokens as CSS variables: `inkSoft` is `--kr-ink-soft`. */
export function asVariables(tokens: Tokens): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tokens).map(([name, colour]) => [
      `--kr-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
      colour,
    ]),
  );
}
