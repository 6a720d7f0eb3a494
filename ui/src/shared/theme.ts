import {
  ActionIcon,
  Button,
  type CSSVariablesResolver,
  createTheme,
  Loader,
  type MantineColorsTuple,
  Menu,
  Modal,
  Popover,
  Select,
  Tooltip,
  type VariantColorsResolver,
} from "@mantine/core";
import { asVariables, dark, light, type Tokens } from "./tokens";

// Mantine wants ten shades; only those that the two looks use are ever seen.
const ink: MantineColorsTuple = [
  "#e6ecf7",
  "#cbd8ee",
  "#adc3ea",
  "#8fb0f0",
  "#6c8ed0",
  "#4f72b3",
  "#375793",
  "#27447a",
  "#1f3763",
  "#182b4e",
];

const bad: MantineColorsTuple = [
  "#fbeceb",
  "#f7d4d1",
  "#f4b3ad",
  "#f08a80",
  "#e0635a",
  "#d0473c",
  "#c2342a",
  "#b42318",
  "#97190f",
  "#7a130b",
];

// Mantine's own greys, in the tone of the tokens: what a component paints without asking is then ours too.
const gray: MantineColorsTuple = [
  light.background,
  light.hover,
  light.sidebar,
  light.line,
  "#d0cdc5",
  "#b3b1ab",
  "#8a8f9b",
  light.dim,
  "#434958",
  light.text,
];

const darkGrays: MantineColorsTuple = [
  dark.text,
  "#c9cdd6",
  dark.dim,
  dark.dim,
  dark.line,
  dark.hover,
  dark.panel,
  dark.panel,
  dark.sidebar,
  dark.background,
];

/** Buttons speak with two voices only: ink for what one acts on, and the colour of danger for what cannot be undone. */
const variantColours: VariantColorsResolver = ({ variant, color }) => {
  const danger = color === "bad" || color === "red";
  const voice = danger ? "bad" : "ink";
  switch (variant) {
    case "filled":
      return {
        background: `var(--kr-${voice})`,
        hover: `var(--kr-${voice}-hover)`,
        color: `var(--kr-on-${voice})`,
        border: "1px solid transparent",
      };
    case "light":
      return {
        background: `var(--kr-${voice}-soft)`,
        hover: `var(--kr-${voice}-soft)`,
        color: `var(--kr-${voice})`,
        border: "1px solid transparent",
      };
    case "subtle":
    case "transparent":
      return {
        background: "transparent",
        hover: "var(--kr-hover)",
        color: color === "gray" || color === "dim" ? "var(--kr-dim)" : `var(--kr-${voice})`,
        border: "1px solid transparent",
      };
    default:
      return {
        background: "var(--kr-panel)",
        hover: "var(--kr-hover)",
        color: danger ? "var(--kr-bad)" : "var(--kr-text)",
        border: "1px solid var(--kr-line)",
      };
  }
};

const brief = { duration: 120 };

export const theme = createTheme({
  fontFamily: "'Inter Variable', Inter, system-ui, sans-serif",
  fontFamilyMonospace: "ui-monospace, 'DejaVu Sans Mono', 'Liberation Mono', Menlo, Consolas, monospace",
  fontSizes: { xs: "12px", sm: "13px", md: "14px", lg: "16px", xl: "20px" },
  lineHeights: { xs: "1.35", sm: "1.4", md: "1.45", lg: "1.4", xl: "1.3" },
  spacing: { xs: "6px", sm: "10px", md: "16px", lg: "22px", xl: "32px" },
  radius: { xs: "4px", sm: "6px", md: "8px", lg: "10px", xl: "14px" },
  defaultRadius: "md",
  headings: {
    fontWeight: "650",
    sizes: {
      h1: { fontSize: "20px", lineHeight: "1.3" },
      h2: { fontSize: "16px", lineHeight: "1.35" },
      h3: { fontSize: "14px", lineHeight: "1.4" },
    },
  },
  white: "#ffffff",
  black: light.text,
  colors: { ink, bad, gray, dark: darkGrays },
  primaryColor: "ink",
  primaryShade: { light: 7, dark: 3 },
  cursorType: "pointer",
  focusRing: "auto",
  respectReducedMotion: true,
  variantColorResolver: variantColours,
  components: {
    Button: Button.extend({
      defaultProps: { size: "sm", fw: 500, fz: "md" },
      vars: (_theme, { size }) => ({ root: size === "xs" ? { "--button-height": "32px" } : {} }),
    }),
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: "subtle", color: "gray" } }),
    Modal: Modal.extend({
      defaultProps: {
        centered: true,
        radius: "lg",
        size: 480,
        padding: "lg",
        transitionProps: brief,
        overlayProps: { backgroundOpacity: 0.4 },
        closeButtonProps: { "aria-label": "Close" },
      },
    }),
    Tooltip: Tooltip.extend({
      defaultProps: {
        openDelay: 250,
        transitionProps: brief,
        events: { hover: true, focus: true, touch: true },
      },
    }),
    Menu: Menu.extend({
      // The placeholder for the first focus is an element that a menu must not have; the menu itself takes it.
      defaultProps: { transitionProps: brief, shadow: "md", withInitialFocusPlaceholder: false },
    }),
    Popover: Popover.extend({ defaultProps: { transitionProps: brief } }),
    Select: Select.extend({
      defaultProps: { allowDeselect: false, comboboxProps: { transitionProps: brief } },
    }),
    Loader: Loader.extend({ defaultProps: { size: "sm" } }),
  },
});

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: { ...asVariables(light), ...mantineColours(light) },
  dark: { ...asVariables(dark), ...mantineColours(dark) },
});

function mantineColours(tokens: Tokens): Record<string, string> {
  return {
    "--mantine-color-text": tokens.text,
    "--mantine-color-bright": tokens.text,
    "--mantine-color-body": tokens.panel,
    "--mantine-color-error": tokens.bad,
    // The library takes this shade for dangerous entries of menus, in both looks.
    "--mantine-color-bad-6": tokens.bad,
    "--mantine-color-success": tokens.ok,
    "--mantine-color-placeholder": tokens.dim,
    "--mantine-color-anchor": tokens.ink,
    "--mantine-color-default": tokens.panel,
    "--mantine-color-default-hover": tokens.hover,
    "--mantine-color-default-color": tokens.text,
    "--mantine-color-default-border": tokens.line,
    "--mantine-color-dimmed": tokens.dim,
    "--mantine-color-disabled": tokens.hover,
    "--mantine-color-disabled-color": tokens.dim,
    "--mantine-color-disabled-border": tokens.line,
    "--mantine-primary-color-contrast": tokens.onInk,
    "--mantine-primary-color-filled": tokens.ink,
    "--mantine-primary-color-filled-hover": tokens.inkHover,
    "--mantine-primary-color-light": tokens.inkSoft,
    "--mantine-primary-color-light-hover": tokens.inkSoft,
    "--mantine-primary-color-light-color": tokens.ink,
  };
}
