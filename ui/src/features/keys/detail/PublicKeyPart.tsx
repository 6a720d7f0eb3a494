import { Button, Menu } from "@mantine/core";
import { IconCopy, IconQrcode } from "@tabler/icons-react";
import { useRef } from "react";
import { commands, type KeyView, type VersionView } from "../../../ipc/bindings";
import { asCoreError } from "../../../ipc/call";
import { useAnnounce } from "../../../shared/Announcer";
import { copyPublicText } from "../../../shared/clipboard";
import { useErrorNotification } from "../../../shared/ErrorPanel";
import { useDialog } from "../../../shared/useDialog";
import { formatsFor, formatWords } from "../rules/formats";
import { QrDialog } from "./QrDialog";
import "./PublicKeyPart.css";

/** Longer text makes a code that cameras do not read from a screen. */
const MOST_FOR_QR = 800;

/** The public half: to copy in the format that the other side reads, and as a code to photograph. */
export function PublicKeyPart({ keyView, version }: { keyView: KeyView; version: VersionView }) {
  const formats = formatsFor("share", keyView);
  const qr = useDialog<string>();
  const copyButton = useRef<HTMLButtonElement>(null);
  const announce = useAnnounce();
  const tell = useErrorNotification();
  const ask = async (format: string, then: (text: string) => void) => {
    try {
      then((await commands.publicKey({ key: keyView.id, version: version.version, format })).text);
    } catch (reason) {
      tell(asCoreError(reason));
    }
  };
  const copy = (format: string) =>
    ask(format, async (text) => {
      const done = await copyPublicText(text);
      announce(done ? "Public key copied" : "Copying failed", done ? "polite" : "assertive");
      copyButton.current?.focus();
    });
  const [first] = formats;
  // The PEM text is about as long as the code's content would be.
  const fitsQr = (version.publicKey?.length ?? 0) <= MOST_FOR_QR;
  return (
    <div className="kr-public">
      <span>Public key</span>
      <div>
        <Menu position="bottom-start" withinPortal>
          <Menu.Target>
            <Button
              ref={copyButton}
              variant="default"
              size="compact-sm"
              leftSection={<IconCopy size={14} aria-hidden />}
              data-testid="public-copy"
            >
              Copy
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {formats.map((format) => (
              <Menu.Item key={format} onClick={() => void copy(format)}>
                {formatWords(format).label}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
        {fitsQr && first !== undefined && (
          <Button
            variant="default"
            size="compact-sm"
            leftSection={<IconQrcode size={14} aria-hidden />}
            onClick={() => void ask(first, qr.open)}
          >
            QR code
          </Button>
        )}
      </div>
      {qr.shown !== null && (
        <QrDialog title={`Public key of ${keyView.name}`} text={qr.shown} onClose={qr.close} />
      )}
    </div>
  );
}
