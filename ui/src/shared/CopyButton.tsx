import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useAnnounce } from "./Announcer";
import { copyPublicText } from "./clipboard";

interface CopyButtonProps {
  /** Something public: a fingerprint, a public key, a path. Never a secret. */
  text: string;
  /** What is copied, as in "Copy fingerprint". */
  what: string;
  /** Shows the words beside the icon. */
  wide?: boolean;
}

/** Copies something public and says so. */
export function CopyButton({ text, what, wide = false }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  const announce = useAnnounce();
  useEffect(() => {
    if (!copied) return;
    const timer = window.setTimeout(() => setCopied(false), 2_000);
    return () => window.clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    const done = await copyPublicText(text);
    setCopied(done);
    announce(done ? "Copied" : "Copying failed", done ? "polite" : "assertive");
  };
  const icon = copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />;
  if (wide) {
    return (
      <Button variant="default" leftSection={icon} onClick={() => void copy()}>
        {copied ? "Copied" : `Copy ${what}`}
      </Button>
    );
  }
  return (
    <Tooltip label={copied ? "Copied" : `Copy ${what}`}>
      <ActionIcon aria-label={`Copy ${what}`} onClick={() => void copy()}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}
