/** The locked door of one vault. */
export function UnlockScreen({ path }: { path: string }) {
  return <main data-testid="unlock" data-path={path} />;
}
