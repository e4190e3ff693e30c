import type { Schema } from "../schema_form/schema.ts";

const reason: Schema = { type: "string", title: "Reason", "x-title-ro": "Motivul", maxLength: 500 };
const tierId: Schema = { type: "string", title: "Plan", "x-title-ro": "Planul", "x-choices": "tiers" };
const cadences = {
  monthly: { ro: "în fiecare lună", en: "every month" },
  annual: { ro: "în fiecare an; consumul în fiecare lună", en: "every year; usage every month" },
};

/** The fields of a verb about the plan; why is said by the platform always, by a clinic where it wants to. */
const asking = (properties: Record<string, Schema>, isOurs: boolean): Schema => ({
  type: "object",
  required: [...Object.keys(properties), ...(isOurs ? ["reason"] : [])],
  properties: { ...properties, reason },
});

export const subscribeSchema = (isOurs: boolean) =>
  asking(
    {
      tierId,
      cadence: {
        type: "string",
        enum: Object.keys(cadences),
        "x-labels": cadences,
        title: "Billed",
        "x-title-ro": "Se plătește",
      },
    },
    isOurs,
  );

export const changeSchema = (isOurs: boolean) => asking({ tierId }, isOurs);

export const cancelSchema = (isOurs: boolean) =>
  asking(
    {
      atPeriodEnd: {
        type: "boolean",
        title: "Go on to the end of what is paid for",
        "x-title-ro": "Continuă până la sfârșitul perioadei plătite",
        description: "Otherwise it ends now, and what was paid is not given back by that.",
        "x-description-ro": "Altfel se încheie acum, iar ce s-a plătit nu se întoarce prin asta.",
      },
    },
    isOurs,
  );

/** Nothing but why. */
export const reasonSchema = (isOurs: boolean) => asking({}, isOurs);
