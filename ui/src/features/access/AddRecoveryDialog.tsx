import { Button, Group, NumberInput, SegmentedControl, Stack, TextInput } from "@mantine/core";
import { QRCodeSVG } from "qrcode.react";
import { useState } from "react";
import { createPortal } from "react-dom";
import { commands } from "../../ipc/bindings";
import { useAnnounce } from "../../shared/Announcer";
import { ConfirmDialog } from "../../shared/ConfirmDialog";
import { useSession } from "../../shared/gate";
import { besideReauth, ReauthField, useReauth } from "../../shared/ReauthField";
import { useCommand } from "../../shared/useCommand";
import "./AddRecoveryDialog.css";

type Form = "shares" | "code";

/** Makes recovery shares or a code, has them printed and checked, and only then lets them count. */
export function AddRecoveryDialog({ onClose }: { onClose: () => void }) {
  const [form, setForm] = useState<Form>("shares");
  const [shares, setShares] = useState(3);
  const [threshold, setThreshold] = useState(2);
  const reauth = useReauth();
  const [texts, setTexts] = useState<string[]>([]);
  const announce = useAnnounce();
  const { proof } = reauth;
  const make = useCommand(commands.makeRecovery, {
    changes: false,
    onDone: (sheet) => setTexts(sheet.texts),
  });
  const add = useCommand(commands.addSlot, {
    onDone: ({ slot }) => {
      announce(`${slot.name} added`);
      onClose();
    },
  });
  if (texts.length > 0) {
    return (
      <Sheets
        texts={texts}
        threshold={form === "code" ? null : threshold}
        pending={add.pending}
        error={add.error}
        onDone={() =>
          void add.run({
            name: form === "code" ? "Recovery code" : "Recovery shares",
            role: "administrator",
            parts: [{ kind: "recovery", texts }],
            proof,
          })
        }
        onClose={onClose}
      />
    );
  }
  return (
    <ConfirmDialog
      opened
      title="Make recovery shares"
      verb="Make"
      disabled={!reauth.isComplete || (form === "shares" && threshold > shares)}
      pending={make.pending}
      error={besideReauth(make.error, reauth)}
      onConfirm={() => void make.run(form === "code" ? { proof } : { shares, threshold, proof })}
      onClose={onClose}
    >
      <Stack gap="md">
        <p>
          For the day when the passphrase is lost. Shares are given to several people or places; some of them
          together open the vault, one alone tells nothing. A code opens it alone.
        </p>
        <SegmentedControl
          value={form}
          onChange={(chosen) => setForm(chosen as Form)}
          data={[
            { value: "shares", label: "Shares" },
            { value: "code", label: "One code" },
          ]}
          aria-label="Form"
        />
        {form === "shares" && (
          <Group grow>
            <NumberInput
              label="Shares in all"
              min={2}
              max={16}
              clampBehavior="strict"
              allowDecimal={false}
              value={shares}
              onChange={(value) => setShares(Number(value))}
            />
            <NumberInput
              label="Needed together"
              min={2}
              max={shares}
              clampBehavior="strict"
              allowDecimal={false}
              value={threshold}
              onChange={(value) => setThreshold(Number(value))}
            />
          </Group>
        )}
        <ReauthField
          why="Changing access needs it"
          reauth={reauth}
          error={make.error}
          pending={make.pending}
          onChange={make.clear}
        />
      </Stack>
    </ConfirmDialog>
  );
}

/** The pages, and the words that show that they reached paper. */
function Sheets({
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
