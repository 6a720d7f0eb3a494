import { IconKey } from "@tabler/icons-react";
import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { useState } from "react";
import { describe, expect, test, vi } from "vitest";
import { type Credentials, KeyStateValues } from "../ipc/bindings";
import { asCoreError } from "../ipc/call";
import { refusal } from "../test/core/refusal";
import { accessibilityProblems, renderInVault } from "../test/render";
import { emptyCore, sampleCore, samplePath } from "../test/sampleVault";
import { ConfirmDialog } from "./ConfirmDialog";
import { CopyButton } from "./CopyButton";
import { CardPin } from "./cards/CardPin";
import { PinPad } from "./cards/PinPad";
import { DateTimeField } from "./DateTimeField";
import { EmptyState } from "./EmptyState";
import { ErrorPanel, useErrorNotification } from "./ErrorPanel";
import { JobDialog, useJob } from "./job";
import { DefinitionList, Page, Section } from "./Page";
import { PassphraseField } from "./PassphraseField";
import { PathField } from "./PathField";
import { ReauthField, useReauth } from "./ReauthField";
import { RelativeTime } from "./RelativeTime";
import { StateBadge } from "./StateBadge";
import { TagInput } from "./TagInput";

function AskedAgain() {
  return <ReauthField reauth={useReauth()} error={null} onChange={() => {}} why="Exporting needs it" />;
}

function AskedFor({ onProof }: { onProof: (proof: Credentials) => void }) {
  const reauth = useReauth();
  if (reauth.isComplete) onProof(reauth.proof);
  return <ReauthField reauth={reauth} error={null} onChange={() => {}} why="Exporting needs it" />;
}

const later = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

describe("CardPin", () => {
  test("asks for a touch of a card that takes long, and at once of one that tells that it wants one", async () => {
    const card = {
      application: "piv",
      serial: "0a0b0c0d",
      pinSet: true,
      triesLeft: 3,
      adminTriesLeft: null,
      key: "p256",
      usable: true,
      makes: [],
      touch: false,
      pinPad: null,
    };
    const field = { value: "", onChange: () => {}, pending: true };
    await renderInVault(
      emptyCore(),
      <>
        <CardPin {...field} awaited={{ card, problem: null }} testId="late" />
        <CardPin {...field} awaited={{ card: { ...card, touch: true }, problem: null }} testId="told" />
      </>,
    );
    expect(screen.getByTestId("told-card-touch")).toHaveTextContent("Touch the card when it blinks.");
    expect(await screen.findByTestId("late-card-touch")).toHaveTextContent("If the card blinks, touch it.");
    expect(screen.getAllByRole("button", { name: "Cancel" })).toHaveLength(2);
    expect(screen.getByTestId("late-card-touch").parentElement).toHaveAttribute("role", "status");
    expect(await accessibilityProblems()).toEqual([]);
  });
});

describe("PinPad", () => {
  test("says which PIN is to be typed on which reader while that waits, and only while the card is at work", async () => {
    const core = emptyCore();
    const reader = { reader: "Desk reader", tries: "3 tries left" };
    const { user } = await renderInVault(
      core,
      <>
        <PinPad {...reader} pending testId="pin" />
        <PinPad {...reader} pending admin testId="admin" />
        <PinPad {...reader} pending={false} testId="idle" />
        <PinPad {...reader} pending reader="Another" testId="other" error="The PIN is wrong." />
      </>,
    );
    const waiting = () =>
      ["pin", "admin", "idle", "other"].filter((id) =>
        screen.getByTestId(`${id}-pad`).textContent?.startsWith("Type the"),
      );
    expect(waiting()).toEqual([]);
    expect(screen.getByTestId("admin-pad")).toHaveTextContent(
      /The admin PIN is typed on the reader “Desk reader”/,
    );
    act(() => core.padWaits({ reader: "Desk reader", admin: false, triesLeft: 3 }));
    expect(waiting()).toEqual(["pin"]);
    expect(screen.getByTestId("pin-pad")).toHaveTextContent(/reader “Desk reader” now/);
    await user.click(screen.getByRole("button", { name: "Cancel" }));
    expect(core.requests("cancel_waiting")).toHaveLength(1);
    act(() => core.padWaits({ reader: "Desk reader", admin: true, triesLeft: null }));
    expect(waiting()).toEqual(["admin"]);
    act(() => core.padWaits(null));
    expect(waiting()).toEqual([]);
    expect(screen.getByRole("alert")).toHaveTextContent("The PIN is wrong.");
    expect(await accessibilityProblems()).toEqual([]);
  });
});

describe("StateBadge", () => {
  test("every state has a word and a shape of its own", async () => {
    const { container } = await renderInVault(
      emptyCore(),
      KeyStateValues.map((state) => <StateBadge key={state} state={state} />),
    );
    for (const word of ["Pre-active", "Active", "Suspended", "Deactivated", "Compromised", "Destroyed"]) {
      expect(screen.getByText(word)).toBeVisible();
    }
    const shapes = [...container.querySelectorAll("svg[data-state]")].map((svg) => svg.innerHTML);
    expect(new Set(shapes).size).toBe(6);
  });

  test("a scheduled destruction lies over the state", async () => {
    await renderInVault(emptyCore(), <StateBadge state="deactivated" destroyScheduledAt={later(20.5)} />);
    expect(screen.getByText("Destroyed in 21 days")).toBeVisible();
    expect(screen.queryByText("Deactivated")).toBeNull();
  });

  test("what is destroyed is not scheduled any more", async () => {
    await renderInVault(emptyCore(), <StateBadge state="destroyed" destroyScheduledAt={later(-1)} />);
    expect(screen.getByText("Destroyed")).toBeVisible();
  });
});

describe("RelativeTime", () => {
  test("the keyboard reaches the exact time", async () => {
    const { user } = await renderInVault(emptyCore(), <RelativeTime time={later(16.1)} focusable />);
    await user.tab();
    expect(screen.getByText("in 16 days")).toHaveFocus();
    expect(await screen.findByText(/^\d+ [A-Z][a-z]{2} \d{4}, \d\d:\d\d:\d\d$/)).toBeInTheDocument();
  });
});

describe("ErrorPanel", () => {
  test("says what happened and what to do, and tries again", async () => {
    const retry = vi.fn();
    const { user } = await renderInVault(
      emptyCore(),
      <ErrorPanel error={asCoreError(refusal("exists", "There is something there."))} onRetry={retry} />,
    );
    const panel = screen.getByRole("alert");
    expect(panel).toHaveTextContent("Something is there already");
    expect(panel).toHaveTextContent("There is something there.");
    expect(panel).toHaveTextContent("Choose another place or name; what is there was not touched.");
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(retry).toHaveBeenCalledOnce();
  });

  test("an error without a place on the screen is told as a notification", async () => {
    const { user } = await renderInVault(emptyCore(), <Teller />);
    await user.click(screen.getByRole("button", { name: "Tell" }));
    const alert = await screen.findByRole("alert");
    expect(alert).toHaveTextContent("The disk is full");
    await user.click(within(alert).getByRole("button", { name: "Dismiss" }));
    await waitFor(() => expect(screen.queryByRole("alert")).toBeNull());
  });
});

describe("CopyButton", () => {
  test("copies and says so", async () => {
    const { user } = await renderInVault(emptyCore(), <CopyButton text="SHA256:abc" what="fingerprint" />);
    await user.click(screen.getByRole("button", { name: "Copy fingerprint" }));
    expect(await navigator.clipboard.readText()).toBe("SHA256:abc");
    expect(screen.getByTestId("announcer")).toHaveTextContent("Copied");
  });
});

describe("PassphraseField", () => {
  test("is hidden until shown", async () => {
    const { user } = await renderInVault(emptyCore(), <Passphrase />);
    const field = screen.getByLabelText("Passphrase");
    expect(field).toHaveAttribute("type", "password");
    await user.click(screen.getByRole("button", { name: "Show or hide the passphrase" }));
    expect(field).toHaveAttribute("type", "text");
  });

  test("says when Caps Lock is on", async () => {
    await renderInVault(emptyCore(), <Passphrase />);
    const field = screen.getByLabelText("Passphrase");
    fireEvent.keyDown(field, { key: "A", modifierCapsLock: true });
    expect(screen.getByText("Caps Lock is on")).toBeVisible();
    fireEvent.keyUp(field, { key: "a", modifierCapsLock: false });
    expect(screen.queryByText("Caps Lock is on")).toBeNull();
  });

  test("shows how good it is, and asks only for what was typed last", async () => {
    const core = emptyCore();
    const { user } = await renderInVault(core, <Passphrase withStrength />);
    await user.type(screen.getByLabelText("Passphrase"), "hello");
    expect(await screen.findByText("Very weak")).toBeVisible();
    expect(core.requests("check_passphrase")).toEqual([{ passphrase: "hello" }]);
    await user.clear(screen.getByLabelText("Passphrase"));
    expect(screen.queryByText("Very weak")).toBeNull();
  });
});

describe("ConfirmDialog", () => {
  test("the title says the act and the button repeats the verb", async () => {
    const confirm = vi.fn();
    const { user } = await renderInVault(emptyCore(), <Deciding onConfirm={confirm} />);
    await user.click(screen.getByRole("button", { name: "Destroy…" }));
    const dialog = await screen.findByRole("dialog", { name: "Destroy payments-dek" });
    expect(await accessibilityProblems()).toEqual([]);
    await user.click(within(dialog).getByRole("button", { name: "Destroy" }));
    expect(confirm).toHaveBeenCalledOnce();
  });

  test("works only once the name is typed", async () => {
    const confirm = vi.fn();
    const { user } = await renderInVault(
      emptyCore(),
      <Deciding onConfirm={confirm} typedName="payments-dek" />,
    );
    await user.click(screen.getByRole("button", { name: "Destroy…" }));
    const field = await screen.findByLabelText(/to confirm/);
    await user.type(field, "payments-de{Enter}");
    expect(confirm).not.toHaveBeenCalled();
    await user.type(field, "k{Enter}");
    expect(confirm).toHaveBeenCalledOnce();
  });

  test("Escape closes it, gives the focus back and forgets what was typed", async () => {
    const { user } = await renderInVault(emptyCore(), <Deciding onConfirm={() => {}} typedName="x" />);
    const button = screen.getByRole("button", { name: "Destroy…" });
    await user.click(button);
    await user.type(await screen.findByLabelText(/to confirm/), "x");
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    await waitFor(() => expect(button).toHaveFocus());
    await user.click(button);
    expect(await screen.findByLabelText(/to confirm/)).toHaveValue("");
  });
});

describe("PathField", () => {
  test("takes a typed path and a picked one", async () => {
    const core = emptyCore();
    const { user } = await renderInVault(core, <BackupPath />);
    await user.type(screen.getByLabelText("Backup file"), "/a");
    core.picked = "/home/me/b.age";
    await user.click(screen.getByRole("button", { name: "Browse for backup file" }));
    await waitFor(() => expect(screen.getByLabelText("Backup file")).toHaveValue("/home/me/b.age"));
  });

  test("keeps what is there when nothing is picked, and says when picking fails", async () => {
    const core = emptyCore();
    const { user } = await renderInVault(core, <BackupPath />);
    await user.type(screen.getByLabelText("Backup file"), "/a");
    await user.click(screen.getByRole("button", { name: "Browse for backup file" }));
    expect(screen.getByLabelText("Backup file")).toHaveValue("/a");
    core.pickFile = () => Promise.reject(new Error("No portal."));
    await user.click(screen.getByRole("button", { name: "Browse for backup file" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("No portal.");
  });
});

describe("job", () => {
  test("shows how far it is, and can be cancelled", async () => {
    const core = sampleCore();
    const release = core.hold("work");
    const { user } = await renderInVault(
      core,
      <Working work={(job) => core.invoke("verify_audit", { request: { job } }) as Promise<unknown>} />,
    );
    await user.click(screen.getByRole("button", { name: "Work" }));
    const dialog = await screen.findByRole("dialog", { name: "Verifying the audit log" });
    expect(within(dialog).getByRole("progressbar")).toHaveTextContent("25 of 100");
    expect(await accessibilityProblems()).toEqual([]);
    await user.click(within(dialog).getByRole("button", { name: "Cancel" }));
    expect(core.requests("cancel_job")).toHaveLength(1);
    release();
    expect(await screen.findByText("cancelled")).toBeVisible();
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });

  test("what is done at once shows no dialog", async () => {
    const { user } = await renderInVault(emptyCore(), <Working work={() => Promise.resolve()} />);
    await user.click(screen.getByRole("button", { name: "Work" }));
    expect(await screen.findByText("done")).toBeVisible();
    expect(screen.queryByRole("dialog")).toBeNull();
  });
});

describe("forms and frames", () => {
  test("tags are taken with a comma, and known ones proposed", async () => {
    const { user } = await renderInVault(sampleCore(), <Tags />);
    await user.click(screen.getByRole("combobox", { name: "Tags" }));
    expect(await screen.findByRole("option", { name: "payments", hidden: true })).toBeInTheDocument();
    await user.type(screen.getByRole("combobox", { name: "Tags" }), "new,");
    expect(screen.getByText("new")).toBeVisible();
  });

  test("a time is shown in local time and the field says what it is", async () => {
    const time = new Date(2027, 8, 12, 14, 3);
    await renderInVault(
      emptyCore(),
      <DateTimeField label="Activate on" value={time.toISOString()} onChange={() => {}} />,
    );
    expect(screen.getByText("12 Sep 2027, 14:03")).toBeInTheDocument();
  });

  test("asking again names the slot that was used", async () => {
    await renderInVault(emptyCore(), <AskedAgain />);
    expect(screen.getByText(/Exporting needs it\. It is the one of “passphrase”/)).toBeVisible();
  });

  test("asking again wants paper only where no passphrase opens the vault", async () => {
    const core = sampleCore();
    const shares: [string, string] = ["first of the shares", "second of the shares"];
    core.openWithRecovery(samplePath, shares);
    const seen: Credentials[] = [];
    const { user, client } = await renderInVault(core, <AskedFor onProof={(proof) => seen.push(proof)} />);
    expect(await screen.findByLabelText("Your passphrase")).toBeVisible();
    expect(screen.queryByLabelText(/Recovery share/)).toBeNull();
    core.removeSlotsOfKind(samplePath, "passphrase");
    await client.invalidateQueries();
    const second = await screen.findByLabelText(/Recovery share 2 of 2/);
    expect(screen.getByText(/the paper of “Recovery shares” is asked for/)).toBeVisible();
    expect(screen.queryByLabelText("Your passphrase")).toBeNull();
    await user.type(second, shares[0]);
    expect(seen).toEqual([]);
    await user.type(screen.getByLabelText(/Recovery share 1 of 2/), shares[1]);
    expect(seen.at(-1)).toEqual({ recovery: [shares[1], shares[0]] });
    expect(await accessibilityProblems()).toEqual([]);
  });

  test("a page, its panels and an empty place read well to machines too", async () => {
    await renderInVault(
      emptyCore(),
      <Page title="Backups" summary="3 backups">
        <Section title="Details">
          <DefinitionList
            items={[
              { term: "Size", value: "31 kB" },
              { term: "Hidden", value: null },
            ]}
          />
        </Section>
        <EmptyState icon={IconKey} title="Nothing yet">
          What this is for.
        </EmptyState>
      </Page>,
    );
    expect(screen.getByRole("heading", { level: 1, name: "Backups" })).toBeVisible();
    expect(screen.getByRole("region", { name: "Details" })).toBeVisible();
    expect(screen.queryByText("Hidden")).toBeNull();
    expect(await accessibilityProblems()).toEqual([]);
  });
});

function Teller() {
  const tell = useErrorNotification();
  return (
    <button type="button" onClick={() => tell(asCoreError(refusal("disk_full", "The disk is full.")))}>
      Tell
    </button>
  );
}

function Passphrase({ withStrength = false }: { withStrength?: boolean }) {
  const [value, setValue] = useState("");
  return <PassphraseField label="Passphrase" value={value} onChange={setValue} withStrength={withStrength} />;
}

function Deciding({ onConfirm, typedName }: { onConfirm: () => void; typedName?: string }) {
  const [opened, setOpened] = useState(false);
  return (
    <>
      <button type="button" onClick={() => setOpened(true)}>
        Destroy…
      </button>
      <ConfirmDialog
        opened={opened}
        title="Destroy payments-dek"
        verb="Destroy"
        danger
        {...(typedName === undefined ? {} : { typedName })}
        onConfirm={onConfirm}
        onClose={() => setOpened(false)}
      >
        <p>Its material will be gone.</p>
      </ConfirmDialog>
    </>
  );
}

function BackupPath() {
  const [value, setValue] = useState("");
  return <PathField label="Backup file" pick="file" value={value} onChange={setValue} />;
}

function Working({ work }: { work: (job: string) => Promise<unknown> }) {
  const job = useJob();
  const [end, setEnd] = useState("");
  return (
    <>
      <button
        type="button"
        onClick={() =>
          void job.start(work).then(
            () => setEnd("done"),
            (reason: unknown) => setEnd(asCoreError(reason).code),
          )
        }
      >
        Work
      </button>
      <output>{end}</output>
      <JobDialog job={job} title="Verifying the audit log" />
    </>
  );
}

function Tags() {
  const [tags, setTags] = useState<string[]>([]);
  return <TagInput value={tags} onChange={setTags} />;
}
