import { Modal } from "@mantine/core";
import { QRCodeSVG } from "qrcode.react";

/** Shows public text as a code to photograph, and as text. */
export function QrDialog({ title, text, onClose }: { title: string; text: string; onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title={title} size={420}>
      <div className="kr-qr">
        <QRCodeSVG value={text} title={`${title} as a QR code`} marginSize={0} level="L" size={320} />
        <pre data-selectable>{text}</pre>
      </div>
    </Modal>
  );
}
