import type { Texts } from "./text.ts";

/** Rules of segments and conditions of automations. */
export const ruleTexts = {
  "VALIDATION rule_not_valid": {
    ro:
      "{count, plural, one {O condiție nu este bună} few {# condiții nu sunt bune} other {# de condiții nu sunt bune}}. " +
      "Corectați ce este marcat.",
    en: "{count, plural, one {One condition is not right} other {# conditions are not right}}. Correct what is marked.",
    details: { count: "number", fields: "data" },
  },
} satisfies Texts;
