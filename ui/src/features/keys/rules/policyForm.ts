import type { PolicyRequest, PolicyTemplate, PolicyView } from "../../../ipc/bindings";
import { type PeriodParts, periodIso, periodParts } from "./period";

/** A period in the form: `null` is the template's own, text is one that the form cannot take apart. */
export type PeriodChoice = PeriodParts | string | null;

/** A policy as the form holds it; what is `null` is left to the template. */
export interface PolicyForm {
  template: PolicyTemplate;
  originatorUsage: PeriodChoice;
  recipientUsage: PeriodChoice;
  overlap: PeriodChoice;
  warnBefore: PeriodChoice;
  endsUse: boolean | null;
}

/** The template as it is. */
export function formOfTemplate(template: PolicyTemplate): PolicyForm {
  return {
    template,
    originatorUsage: null,
    recipientUsage: null,
    overlap: null,
    warnBefore: null,
    endsUse: null,
  };
}

/** A key's policy for editing: every part is named, so that saving without a change changes nothing. */
export function formOfPolicy(policy: PolicyView): PolicyForm {
  const choice = (iso: string | null): PeriodChoice => periodParts(iso) ?? iso;
  return {
    template: policy.template,
    originatorUsage: choice(policy.originatorUsage),
    recipientUsage: choice(policy.recipientUsage),
    overlap: choice(policy.overlap),
    warnBefore: choice(policy.warnBefore),
    endsUse: policy.endsUse,
  };
}

/** What the core is told. */
export function policyRequest(form: PolicyForm): PolicyRequest {
  const part = <K extends string>(name: K, choice: PeriodChoice) =>
    choice === null
      ? {}
      : ({ [name]: typeof choice === "string" ? choice : periodIso(choice) } as Record<K, string>);
  return {
    template: form.template,
    ...part("originatorUsage", form.originatorUsage),
    ...part("recipientUsage", form.recipientUsage),
    ...part("overlap", form.overlap),
    ...part("warnBefore", form.warnBefore),
    ...(form.endsUse === null ? {} : { endsUse: form.endsUse }),
  };
}
