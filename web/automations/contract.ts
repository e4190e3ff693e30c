import type { Language } from "../components/language.ts";
import type { AutomationBuilderQuery } from "../documents/generated/operations.ts";
import type { Choice, Schema } from "../schema_form/schema.ts";

/** Of what an automation is composed, as the API says it; nothing else is known here. */
export type Contract = AutomationBuilderQuery["automationBuilder"];
type Labelled = { labelRo: string; labelEn: string };

export function labelIn(language: Language, { labelRo, labelEn }: Labelled): string {
  return language === "ro" ? labelRo : labelEn;
}

/** The lists that schemas name, in a language. */
export function choicesIn(contract: Contract, language: Language): Record<string, Choice[]> {
  return Object.fromEntries(
    contract.lists.map(({ code, choices }) => [
      code,
      choices.map((choice) => ({ value: choice.value, label: labelIn(language, choice) })),
    ]),
  );
}

export function eventNamed(contract: Contract, name: string) {
  return contract.events.find((event) => event.name === name);
}

export function actionNamed(contract: Contract, code: unknown) {
  return contract.actions.find((action) => action.code === code);
}

/** What can follow an event: an action that needs no more than the event has. */
export function actionsAfter(contract: Contract, eventName: string) {
  const has = eventNamed(contract, eventName)?.has ?? [];
  return contract.actions.filter(({ needs }) => needs.every((one) => has.includes(one)));
}

/** The config of an action as a form is made of it; null of an action that is not there any more. */
export function configSchema(contract: Contract, code: unknown): Schema | null {
  return (actionNamed(contract, code)?.configSchema as Schema | undefined) ?? null;
}

/** A reason in words; by itself where the contract has none for it. */
export function reasonIn(contract: Contract, language: Language, reason: string): string {
  const reasons = contract.lists.find(({ code }) => code === "reasons")?.choices;
  const known = reasons?.find(({ value }) => value === reason);
  return known ? labelIn(language, known) : reason;
}
