import "./TagList.css";

/** Tags as small outlined labels. */
export function TagList({ tags }: { tags: readonly string[] }) {
  return (
    <span className="kr-tags">
      {tags.map((tag) => (
        <span key={tag} className="kr-tag">
          {tag}
        </span>
      ))}
    </span>
  );
}
