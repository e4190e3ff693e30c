import type { Content } from "../../forms/content.ts";

/** A form with a field of every type, a condition and a group that repeats. */
export const example: Content = {
  format: 1,
  title: { ro: "Evaluare inițială", en: "First assessment" },
  intro: {
    ro: "Câteva întrebări înainte de prima ședință.\nDurează cinci minute.",
    en: "A few questions before the first session.\nIt takes five minutes.",
  },
  items: [
    {
      key: "about",
      type: "group",
      label: { ro: "Despre dumneavoastră", en: "About you" },
      items: [
        {
          key: "full_name",
          type: "text",
          label: { ro: "Numele complet", en: "Full name" },
          required: true,
          max_length: 60,
        },
        { key: "email", type: "email", label: { ro: "Adresa de e-mail", en: "Email address" } },
        { key: "phone", type: "phone", label: { ro: "Telefon", en: "Telephone" } },
        {
          key: "birth_date",
          type: "date",
          label: { ro: "Data nașterii", en: "Date of birth" },
          required: true,
          max: "2026-12-31",
        },
        {
          key: "height",
          type: "integer",
          label: { ro: "Înălțimea (cm)", en: "Height (cm)" },
          min: 40,
          max: 260,
        },
        {
          key: "weight",
          type: "number",
          label: { ro: "Greutatea (kg)", en: "Weight (kg)" },
          min: 2,
          max: 400,
        },
      ],
    },
    {
      key: "pain_now",
      type: "scale",
      label: { ro: "Cât de tare vă doare acum?", en: "How strong is your pain now?" },
      required: true,
      min: 0,
      max: 10,
      min_label: { ro: "deloc", en: "none" },
      max_label: { ro: "cât se poate de tare", en: "as bad as can be" },
    },
    {
      key: "pain_where",
      type: "choices",
      label: { ro: "Unde vă doare?", en: "Where does it hurt?" },
      help: { ro: "Alegeți una sau două zone.", en: "Choose one or two places." },
      required: true,
      max_chosen: 2,
      visible_if: { field: "pain_now", op: "greater", value: 0 },
      options: [
        { value: "back", label: { ro: "Spate", en: "Back" } },
        { value: "neck", label: { ro: "Ceafă", en: "Neck" } },
        { value: "knee", label: { ro: "Genunchi", en: "Knee" } },
      ],
    },
    {
      key: "surgery",
      type: "boolean",
      label: { ro: "Ați fost operat(ă) în ultimul an?", en: "Have you had surgery in the last year?" },
      required: true,
    },
    {
      key: "surgery_what",
      type: "long_text",
      label: { ro: "Ce operație?", en: "Which surgery?" },
      required: true,
      visible_if: { field: "surgery", op: "equals", value: true },
    },
    {
      key: "medicines",
      type: "group",
      label: { ro: "Medicament", en: "Medicine" },
      repeat: { min: 0, max: 3 },
      items: [
        { key: "name", type: "text", label: { ro: "Denumire", en: "Name" }, required: true },
        {
          key: "how_often",
          type: "choice",
          label: { ro: "Cât de des?", en: "How often?" },
          options: [
            { value: "daily", label: { ro: "Zilnic", en: "Daily" } },
            { value: "sometimes", label: { ro: "Uneori", en: "Sometimes" } },
          ],
        },
      ],
    },
    { key: "report", type: "file", label: { ro: "Scrisoarea medicală", en: "Medical letter" }, max_files: 2 },
    {
      key: "notice",
      type: "statement",
      text: {
        ro: "Răspunsurile sunt citite numai de echipa care vă tratează.",
        en: "Your answers are read by the team that treats you and nobody else.",
      },
    },
  ],
};
