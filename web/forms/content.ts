import type { Language } from "../components/language.ts";

/** What a form asks, as it was published: version 1 of the format. The database validates it; here it is shown. */
export type Content = {
  format: 1;
  title: Localized;
  intro?: Localized;
  intent?: Localized;
  items: Item[];
};

export type Localized = Partial<Record<Language, string>>;

type Common = { key: string; label: Localized; help?: Localized; required?: boolean; visible_if?: Condition };
type Option = { value: string; label: Localized };

export type TextItem = Common & {
  type: "text" | "long_text";
  min_length?: number;
  max_length?: number;
  /** What of a person it is, as browsers fill it in; of our own forms, not of templates. */
  autocomplete?: string;
};
export type ContactItem = Common & { type: "email" | "phone" };
export type NumberItem = Common & { type: "integer" | "number"; min?: number; max?: number };
export type ScaleItem = Common & {
  type: "scale";
  min: number;
  max: number;
  min_label?: Localized;
  max_label?: Localized;
};
export type BooleanItem = Common & { type: "boolean" };
export type DateItem = Common & { type: "date"; min?: string; max?: string };
export type ChoiceItem = Common & { type: "choice"; options: Option[] };
export type ChoicesItem = Common & {
  type: "choices";
  options: Option[];
  min_chosen?: number;
  max_chosen?: number;
};
export type FileItem = Common & { type: "file"; max_files?: number };
export type StatementItem = Omit<Common, "label" | "required"> & {
  type: "statement";
  label?: Localized;
  text: Localized;
};
export type GroupItem = Omit<Common, "required"> & {
  type: "group";
  items: Item[];
  repeat?: { min?: number; max?: number };
};

/** What has an answer of its own. */
export type Field =
  | TextItem
  | ContactItem
  | NumberItem
  | ScaleItem
  | BooleanItem
  | DateItem
  | ChoiceItem
  | ChoicesItem
  | FileItem;
export type Item = Field | StatementItem | GroupItem;

export type Condition =
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition }
  | { field: string; op: Operator; value?: unknown };
export type Operator =
  | "equals"
  | "not_equals"
  | "in"
  | "contains"
  | "greater"
  | "less"
  | "at_least"
  | "at_most"
  | "answered"
  | "not_answered";

export type Answer = string | number | boolean | string[] | Answers[];
export type Answers = { [key: string]: Answer };

/** A text in the language of the page, or in the one that it was written in. */
export function textIn(text: Localized | undefined, language: Language): string {
  return text?.[language] ?? text?.ro ?? text?.en ?? "";
}
