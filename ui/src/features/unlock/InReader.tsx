/** Whether a way in's card is in a reader, in shape, word and colour. */
export function InReader({ there }: { there: boolean }) {
  return (
    <span className={there ? "kr-wayin-there kr-ok" : "kr-wayin-there kr-dim"}>
      <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
        <circle cx="5" cy="5" r="4" fill={there ? "currentColor" : "none"} stroke="currentColor" />
      </svg>
      {there ? "in reader" : "not in a reader"}
    </span>
  );
}
