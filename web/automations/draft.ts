import type { AutomationOfClinicFragment } from "../documents/generated/operations.ts";
import type { Rule } from "../rules/rule.ts";
import { emptyValue, type Schema, type Values } from "../schema_form/schema.ts";
import { actionsAfter, type Contract, configSchema } from "./contract.ts";

/** An automation as the page edits it. */
export type Automation = AutomationOfClinicFragment;

/** What one action does, as it is saved. */
export type Action = { action: string; config: unknown; after?: unknown; expires?: unknown };

/** An automation as it is being written. */
export type Draft = { name: string; event: string; conditions: Rule; actions: Action[]; most: Values };

export function draftOf(automation: Automation): Draft {
  const [version] = automation.automationRuleVersions.nodes;
  return {
    name: automation.name,
    event: automation.eventName,
    conditions: (version?.conditions as Rule | undefined) ?? { all: [] },
    actions: (version?.actions as Action[] | undefined) ?? [],
    most: {
      mostPerDay: version?.mostPerDay,
      ...(version?.mostEver != null && { mostEver: version.mostEver }),
    },
  };
}

export function newDraft(contract: Contract): Draft {
  const event = contract.events[0]?.name ?? "";
  return {
    name: "",
    event,
    conditions: { all: [] },
    actions: [],
    most: emptyValue(contract.mostSchema as Schema) as Values,
  };
}

/** The first of what can follow the event, with what its config requires. */
export function newAction(contract: Contract, event: string): Action | null {
  const [first] = actionsAfter(contract, event);
  return first ? actionOf(contract, first.code) : null;
}

export function actionOf(contract: Contract, code: string): Action {
  return { action: code, config: emptyValue(configSchema(contract, code) ?? { type: "object" }) };
}

/** An action with something changed; what is not said any more is left out, as the API wants it. */
export function changed(action: Action, change: Partial<Record<keyof Action, unknown>>): Action {
  return Object.fromEntries(
    Object.entries({ ...action, ...change }).filter(([, value]) => value !== undefined),
  ) as Action;
}

/** What is sent to be saved, or to be tried. */
export function variablesOf({ name, event, conditions, actions, most }: Draft) {
  return {
    name,
    event,
    conditions,
    actions,
    mostPerDay: numberOrNull(most.mostPerDay),
    mostEver: numberOrNull(most.mostEver),
  };
}

/** What is no whole number is none, which the API says where it has to be one. */
function numberOrNull(value: unknown): number | null {
  return typeof value === "number" && Number.isInteger(value) ? value : null;
}
