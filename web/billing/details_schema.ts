import type { UUID } from "../../client/index.ts";
import type { SaveOrganizationBillingMutationVariables } from "../documents/generated/operations.ts";
import type { Schema, Values } from "../schema_form/schema.ts";
import type { BilledAs } from "./billing.ts";
import { ZONE } from "./days.ts";

const text = (title: string, ro: string, maxLength: number): Schema => ({
  type: "string",
  title,
  "x-title-ro": ro,
  maxLength,
});

const cadences = {
  monthly: { ro: "în fiecare lună", en: "every month" },
  annual: { ro: "în fiecare an; consumul în fiecare lună", en: "every year; usage every month" },
};

/** What a clinic is billed as. The API decides what fits; this says what there is to say. */
export function detailsSchema(billedAs: BilledAs | null): Schema {
  return {
    type: "object",
    required: [
      "legalName",
      "street",
      "city",
      "county",
      "country",
      "billingEmail",
      "currency",
      "timezone",
      "cadence",
    ],
    properties: {
      legalName: text("Legal name", "Denumirea firmei", 200),
      taxId: {
        ...text("Tax id", "Codul fiscal", 30),
        ...(billedAs?.taxIdLastFour && {
          description: `Kept encrypted; it ends in ${billedAs.taxIdLastFour}. Leave it empty to keep it.`,
          "x-description-ro": `Se păstrează criptat; se termină în ${billedAs.taxIdLastFour}. Lăsați gol ca să rămână.`,
        }),
      },
      registrationNumber: text("Trade register number", "Numărul de la registrul comerțului", 50),
      street: text("Street and number", "Strada și numărul", 200),
      city: text("City", "Localitatea", 100),
      county: text("County", "Județul", 100),
      postalCode: text("Postal code", "Codul poștal", 20),
      country: {
        ...text("Country", "Țara", 2),
        description: "Its code of two letters, such as RO.",
        "x-description-ro": "Codul ei de două litere, ca RO.",
      },
      billingEmail: text("Email for invoices", "Emailul pentru facturi", 254),
      currency: { type: "string", enum: ["RON", "EUR"], title: "Currency", "x-title-ro": "Moneda" },
      timezone: {
        ...text("Time zone of billing days", "Fusul orar al zilelor de facturare", 60),
      },
      cadence: {
        type: "string",
        enum: Object.keys(cadences),
        "x-labels": cadences,
        title: "Billed",
        "x-title-ro": "Se plătește",
      },
    },
  };
}

/** What the form begins with. */
export function draftOf(billedAs: BilledAs | null): Values {
  if (!billedAs) return { country: "RO", currency: "RON", timezone: ZONE, cadence: "monthly" };
  const {
    __typename: _,
    taxIdLastFour: _ending,
    cadence,
    ...rest
  } = billedAs as BilledAs & { __typename?: string };
  const known = Object.entries(rest).filter(([, value]) => value !== null);
  return { ...Object.fromEntries(known), cadence: cadence.toLowerCase() };
}

/** The form as the API takes it; a tax id that is not entered stays what it was. */
export function inputOf(clinic: UUID, values: Values): SaveOrganizationBillingMutationVariables["input"] {
  const text = (field: string) => String(values[field] ?? "");
  const unless = (field: string) => text(field).trim() || null;
  return {
    organizationId: clinic,
    legalName: text("legalName"),
    street: text("street"),
    city: text("city"),
    county: text("county"),
    postalCode: unless("postalCode"),
    country: text("country"),
    registrationNumber: unless("registrationNumber"),
    taxId: unless("taxId"),
    billingEmail: text("billingEmail"),
    currency: text("currency"),
    timezone: text("timezone"),
    cadence: values.cadence === "annual" ? "ANNUAL" : "MONTHLY",
  };
}
