import type { Texts } from "./text.ts";

/** What a clinic automates. */
export const automationTexts = {
  "VALIDATION automation_not_valid": {
    ro:
      "{count, plural, one {Un loc din automatizare nu este bun} few {# locuri din automatizare nu sunt bune} " +
      "other {# de locuri din automatizare nu sunt bune}}. Corectați ce este marcat.",
    en: "{count, plural, one {One place in the automation is not right} other {# places in the automation are not right}}. Correct what is marked.",
    details: { count: "number", fields: "data" },
  },
  "VALIDATION most_out_of_bounds": {
    ro: "Alegeți un număr de la 1 la {most}.",
    en: "Choose a number from 1 to {most}.",
    details: { field: "text", most: "number" },
  },
  "VALIDATION simulation_too_long": {
    ro: "Alegeți de la 1 la {most} de zile.",
    en: "Choose from 1 to {most} days.",
    details: { field: "text", most: "number" },
  },
  "CONFLICT too_many_automations": {
    ro: "Clinica are deja {most} de automatizări. Ștergeți una înainte de a adăuga alta.",
    en: "The clinic has {most} automations already. Remove one before you add another.",
    details: { most: "number" },
  },
  "CONFLICT automations_have_changed": {
    ro: "Automatizările s-au schimbat între timp. Reîncărcați lista și ordonați-le din nou.",
    en: "The automations have changed meanwhile. Load the list again and put them in order once more.",
  },
} satisfies Texts;
