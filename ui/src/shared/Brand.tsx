/** Keyreeve's mark: the key of the app's icon, in brass, without its ground. */
export function Mark({ size = 20 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
      <g transform="rotate(45 8 8)" fill="none" stroke="var(--kr-brass)" strokeLinecap="round">
        <circle cx="8" cy="3.8" r="3.1" strokeWidth="1.5" />
        <circle cx="8" cy="3.8" r="0.9" fill="var(--kr-brass)" stroke="none" />
        <path d="M8 6.9v8.1" strokeWidth="1.6" />
        <path d="M8 11.3h2.8M8 14.3h2.8" strokeWidth="1.4" />
      </g>
    </svg>
  );
}
