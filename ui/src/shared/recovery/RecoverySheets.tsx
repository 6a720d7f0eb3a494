import { Button, Group, Stack, TextInput } from "@mantine/core";
import { QRCodeSVG } from "qrcode.react";
import { useState } from "react";
import { createPortal } from "react-dom";
import { ConfirmDialog } from "../ConfirmDialog";
import { useSession } from "../gate";
import "./RecoverySheets.css";

/** The pages, and the words that show that they reached paper. */
export function RecoverySheets({
  texts,
  threshold,
  pending,
  error,
  onDone,
  onClose,
}: {
  texts: string[];
  threshold: number | null;
  pending: boolean;
  error: Parameters<typeof ConfirmDialog>[0]["error"];
  onDone: () => void;
  onClose: () => void;
}) {
  const [asked] = useState(() => texts.map((text) => askedWord(text, threshold !== null)));
  const [answers, setAnswers] = useState<string[]>(() => texts.map(() => ""));
  const right = asked.every(({ word }, at) => answers[at]?.trim().toLowerCase() === word.toLowerCase());
  return (
    <ConfirmDialog
      opened
      size={720}
      title="Print them, then let them count"
      verb="They are on paper"
      disabled={!right}
      pending={pending}
      error={error ?? null}
      onConfirm={onDone}
      onClose={onClose}
    >
      <Stack gap="md">
        <p>Keyreeve keeps no copy. Nothing counts until the words below are typed from the paper.</p>
        <Pages texts={texts} threshold={threshold} />
        {createPortal(
          <div className="kr-paper" aria-hidden="true">
            <Pages texts={texts} threshold={threshold} forPaper />
          </div>,
          document.body,
        )}
        <Group>
          <Button variant="default" onClick={() => window.print()}>
            Print…
          </Button>
        </Group>
        {asked.map(({ place }, at) => (
          <TextInput
            // biome-ignore lint/suspicious/noArrayIndexKey: one field for each sheet
            key={at}
            label={threshold === null ? `Group ${place} of the code` : `Word ${place} of share ${at + 1}`}
            autoComplete="off"
            spellCheck={false}
            value={answers[at] ?? ""}
            onChange={(event) => {
              const typed = event.currentTarget.value;
              setAnswers((before) => before.map((old, index) => (index === at ? typed : old)));
            }}
            data-testid={`sheet-check-${at + 1}`}
            data-place={place}
          />
        ))}
      </Stack>
    </ConfirmDialog>
  );
}

/** The pages, one for each share: on the screen, and once more for the printer. */
function Pages({
  texts,
  threshold,
  forPaper = false,
}: {
  texts: string[];
  threshold: number | null;
  forPaper?: boolean;
}) {
  const { vault } = useSession();
  return (
    <div className="kr-sheets">
      {texts.map((text, at) => (
        <section key={text} className="kr-sheet" {...(forPaper ? {} : { "data-testid": `sheet-${at + 1}` })}>
          <h3>{threshold === null ? "Recovery code" : `Share ${at + 1} of ${texts.length}`}</h3>
          <p>
            Keyreeve vault <strong>{vault.name}</strong> · {vault.id}
            <br />
            {threshold === null
              ? "This code alone opens the vault."
              : `Any ${threshold} of the ${texts.length} shares together open the vault.`}
          </p>
          <div className="kr-sheet-secret">
            <ol {...(forPaper ? {} : { "data-testid": `sheet-text-${at + 1}` })}>
              {text.split(threshold === null ? "-" : " ").map((word, place) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: words repeat, their places do not
                <li key={place}>{word}</li>
              ))}
            </ol>
            <QRCodeSVG value={text} size={132} marginSize={2} title="The same as a QR code" />
          </div>
        </section>
      ))}
    </div>
  );
}

/** A word to type back, and its place from 1. It proves nothing to an attacker, so any choice will do. */
function askedWord(text: string, isShare: boolean): { place: number; word: string } {
  const words = text.split(isShare ? " " : "-");
  // The first words are the same on every share.
  const from = isShare ? 4 : 1;
  const place = from + Math.floor(Math.random() * (words.length - from));
  return { place: place + 1, word: words[place] ?? "" };
}
