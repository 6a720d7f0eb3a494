import { Select, TextInput } from "@mantine/core";
import type { ByokResponse, KeyServiceView } from "../../../ipc/bindings";
import { CommandLine } from "../../../shared/CommandLine";
import { FilePath } from "../../../shared/FilePath";
import { formatBytes } from "../../../shared/format";
import { PathField } from "../../../shared/PathField";
import { ResultPanel } from "../../../shared/ResultPanel";
import { serviceWords } from "../rules/services";

/** What was chosen for a key service. */
export interface ServiceChoice {
  target: string | null;
  method: string | null;
  wrappingKey: string;
  keyIdentifier: string;
}

/** Nothing chosen yet. */
export const NO_SERVICE: ServiceChoice = { target: null, method: null, wrappingKey: "", keyIdentifier: "" };

/** The service and the way of wrapping that a choice means: the first of each unless another was chosen. */
export function chosenOf(services: readonly KeyServiceView[], choice: ServiceChoice) {
  const service = services.find(({ target }) => target === choice.target) ?? services[0];
  const method = service?.methods.find(({ name }) => name === choice.method) ?? service?.methods[0];
  return service === undefined || method === undefined ? null : { service, method };
}

/** Asks for a key service, and for the key that it gave out to wrap with. */
export function ServiceFields({
  services,
  choice,
  onChange,
}: {
  services: readonly KeyServiceView[];
  choice: ServiceChoice;
  onChange: (choice: ServiceChoice) => void;
}) {
  const chosen = chosenOf(services, choice);
  if (chosen === null) return null;
  const { service, method } = chosen;
  const { hint } = serviceWords(service);
  return (
    <>
      <Select
        label="Key service"
        data-testid="service"
        data={services.map((one) => ({ value: one.target, label: serviceWords(one).label }))}
        value={service.target}
        onChange={(target) => target !== null && onChange({ ...choice, target, method: null })}
      />
      {service.methods.length > 1 && (
        <Select
          label="Wrapped by"
          inputWrapperOrder={["label", "input", "description", "error"]}
          description={
            method.legacy ? (
              <span className="kr-warn">Outdated, for it uses SHA-1. The service offers better.</span>
            ) : (
              "The wrapping key must have been given out for it."
            )
          }
          data-testid="service-method"
          data={service.methods.map(({ name, legacy }) => ({
            value: name,
            label: legacy ? `${name} (outdated)` : name,
          }))}
          value={method.name}
          onChange={(name) => name !== null && onChange({ ...choice, target: service.target, method: name })}
        />
      )}
      <CommandLine label="The service gives out its wrapping key with" command={method.wrappingKeyCommand} />
      <PathField
        label="Wrapping key"
        description={hint ?? "The file that you got: a public RSA key in PEM or DER."}
        pick="file"
        data-testid="service-wrapping-key"
        value={choice.wrappingKey}
        onChange={(wrappingKey) => onChange({ ...choice, wrappingKey })}
      />
      {service.namesWrappingKey && (
        <TextInput
          label="Key identifier of the wrapping key"
          description="The package names it."
          placeholder="https://VAULT.vault.azure.net/keys/KEK/VERSION"
          autoComplete="off"
          spellCheck={false}
          data-testid="service-key-identifier"
          value={choice.keyIdentifier}
          onChange={(event) => onChange({ ...choice, keyIdentifier: event.currentTarget.value })}
        />
      )}
    </>
  );
}

/** What was written for a key service, and what to do with it. */
export function ServiceResult({ result }: { result: ByokResponse }) {
  return (
    <ResultPanel title={`Package for ${serviceWords(result).label}, ${formatBytes(result.bytes)}`}>
      <FilePath path={result.file} />
      {result.beside !== null && (
        <>
          <p>The import token, which goes with it and is taken for a day:</p>
          <FilePath path={result.beside} />
        </>
      )}
      <p>
        Only the service can open it. Wrapped by <code>{result.method}</code>
        {result.legacy && <span className="kr-warn">, which is outdated</span>}.
      </p>
      <CommandLine label="Import it with" command={result.command} />
    </ResultPanel>
  );
}
