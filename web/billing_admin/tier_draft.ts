import type { UUID } from "../../client/index.ts";
import { Untyped } from "../billing/asked.tsx";
import { nameOfMeter } from "../billing/billing.ts";
import { priceIn, typed } from "../billing/money.ts";
import type { TierVersion } from "../billing/tier.tsx";
import type { Language } from "../components/language.ts";
import type {
  EditPlatformTierVersionMutationVariables,
  PlatformTiersQuery,
} from "../documents/generated/operations.ts";
import { asValues, type Schema, type Values } from "../schema_form/schema.ts";

type Meters = PlatformTiersQuery["meters"]["nodes"];
type Input = EditPlatformTierVersionMutationVariables["input"];

const GIGABYTE = 2n ** 30n;
/** How many digits behind the smallest coin the price of one unit may have, as the API takes it. */
const FRACTION = 9;
const MOST_DAYS = 365;

const text = (title: string, ro: string): Schema => ({
  type: "string",
  title,
  "x-title-ro": ro,
  maxLength: 30,
});
const currency = { ...text("Currency", "Moneda"), maxLength: 3 };
const words = (title: string, ro: string, labels: Record<string, { ro: string; en: string }>): Schema => ({
  type: "string",
  enum: Object.keys(labels),
  "x-labels": labels,
  title,
  "x-title-ro": ro,
});

/** What a version of a tier says, as people write it: amounts in whole units of their currency, bytes in gigabytes. */
export function versionSchema(meters: Meters): Schema {
  const named = Object.fromEntries(
    meters.map(({ key }) => [
      key,
      { ro: nameOfMeter(meters, key, "ro"), en: nameOfMeter(meters, key, "en") },
    ]),
  );
  return {
    type: "object",
    required: ["trialDays", "aiMarkup", "prices", "limits"],
    properties: {
      trialDays: {
        type: "integer",
        minimum: 0,
        maximum: MOST_DAYS,
        title: "Days of trial",
        "x-title-ro": "Zile de probă",
      },
      aiMarkup: {
        ...text("Markup on AI, %", "Adaos la inteligența artificială, %"),
      },
      prices: {
        type: "array",
        title: "Prices",
        "x-title-ro": "Prețuri",
        items: {
          type: "object",
          title: "Price",
          "x-title-ro": "Preț",
          required: ["currency", "tenancyMode", "monthly", "annual", "setup"],
          properties: {
            currency,
            tenancyMode: words("Server", "Serverul", {
              SHARED: { ro: "server comun", en: "shared server" },
              DEDICATED: { ro: "server propriu", en: "server of its own" },
            }),
            monthly: text("A month", "Pe lună"),
            annual: text("A year", "Pe an"),
            setup: text("Setup", "Instalarea"),
          },
        },
      },
      limits: {
        type: "array",
        title: "What it includes",
        "x-title-ro": "Ce include",
        items: {
          type: "object",
          title: "Limit",
          "x-title-ro": "Limită",
          required: ["meter", "enforcement", "overage"],
          properties: {
            meter: words("What is counted", "Ce se numără", named),
            enforcement: words("Beyond it", "Peste limită", {
              HARD: { ro: "nu se mai poate", en: "refused" },
              SOFT: { ro: "se facturează", en: "billed" },
            }),
            included: {
              ...text("Included", "Inclus"),
              description: "A whole number, of storage in GB. Empty: without limit.",
              "x-description-ro": "Un număr întreg, la spațiu în GB. Gol: fără limită.",
            },
            overage: {
              type: "array",
              title: "Price of one beyond it",
              "x-title-ro": "Prețul fiecărei unități peste limită",
              "x-when": { enforcement: ["SOFT"] },
              items: {
                type: "object",
                title: "Price",
                "x-title-ro": "Preț",
                required: ["currency", "unitPrice"],
                properties: { currency, unitPrice: text("Price", "Prețul") },
              },
            },
          },
        },
      },
    },
  };
}

const isBytes = (meters: Meters, meter: string) => meters.find(({ key }) => key === meter)?.unit === "byte";

/** A version as it stands in the form. */
export function valuesOf(version: TierVersion, meters: Meters, language: Language): Values {
  const comma = (decimal: string) => (language === "ro" ? decimal.replace(".", ",") : decimal);
  return {
    trialDays: version.trialDays,
    aiMarkup: comma(String(version.aiMarkupBasisPoints / 100)),
    prices: version.prices.nodes.map(
      ({ currency, tenancyMode, monthlyAmount, annualAmount, setupAmount }) => ({
        currency,
        tenancyMode,
        monthly: typed(monthlyAmount, currency, language),
        annual: typed(annualAmount, currency, language),
        setup: typed(setupAmount, currency, language),
      }),
    ),
    limits: version.limits.nodes.map(({ meter, enforcement, included, overagePrices }) => ({
      meter,
      enforcement,
      ...(included !== null && {
        included: isBytes(meters, meter) ? String(BigInt(included) / GIGABYTE) : included,
      }),
      ...(enforcement === "SOFT" && {
        overage: overagePrices.nodes.map(({ currency, unitPrice }) => ({
          currency,
          unitPrice: typed(unitPrice, currency, language),
        })),
      }),
    })),
  };
}

/** What was written, as the API takes it. Throws Untyped with what is no price or no number, at its field. */
export function inputOf(
  version: UUID,
  values: Values,
  meters: Meters,
  say: { noPrice: string; noNumber: string },
): Input {
  const problems: Record<string, string> = {};
  const codeOf = (value: unknown) =>
    String(value ?? "")
      .trim()
      .toUpperCase();
  const price = (path: string, { currency, ...written }: Values, field: string, fraction = 0): string => {
    const code = codeOf(currency);
    const amount = /^[A-Z]{3}$/.test(code) ? priceIn(String(written[field] ?? ""), code, fraction) : null;
    if (amount === null) problems[`${path}.${field}`] = say.noPrice;
    return amount ?? "0";
  };
  const listed = (value: unknown) => (Array.isArray(value) ? value.map(asValues) : []);

  const markup = priceIn(String(values.aiMarkup ?? ""), "EUR"); // two digits behind the comma, as hundredths of a percent are
  if (markup === null) problems["$.aiMarkup"] = say.noNumber;
  const trialDays = Number(values.trialDays);
  if (!Number.isInteger(trialDays)) problems["$.trialDays"] = say.noNumber;
  const limits = listed(values.limits);
  const input: Input = {
    tierVersionId: version,
    trialDays,
    aiMarkupBasisPoints: Number(markup ?? 0),
    prices: listed(values.prices).map((one, i) => ({
      currency: codeOf(one.currency),
      tenancyMode: one.tenancyMode as Input["prices"][number]["tenancyMode"],
      monthlyAmount: BigInt(price(`$.prices[${i}]`, one, "monthly")),
      annualAmount: BigInt(price(`$.prices[${i}]`, one, "annual")),
      setupAmount: BigInt(price(`$.prices[${i}]`, one, "setup")),
    })),
    limits: limits.map(({ meter, enforcement, included }, i) => {
      const written = String(included ?? "").replace(/\s/g, "");
      if (!/^\d{0,15}$/.test(written)) problems[`$.limits[${i}].included`] = say.noNumber;
      const many = /^\d{1,15}$/.test(written) ? BigInt(written) : null;
      return {
        meter: String(meter ?? ""),
        enforcement: enforcement as Input["limits"][number]["enforcement"],
        included: many !== null && isBytes(meters, String(meter)) ? many * GIGABYTE : many,
      };
    }),
    overagePrices: limits.flatMap(({ meter, overage }, i) =>
      listed(overage).map((one, n) => ({
        meter: String(meter ?? ""),
        currency: codeOf(one.currency),
        unitPrice: price(`$.limits[${i}].overage[${n}]`, one, "unitPrice", FRACTION) as never,
      })),
    ),
  };
  if (Object.keys(problems).length > 0) throw new Untyped(problems);
  return input;
}
