import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Answer } from "./content.ts";

/** What the fields of a form share. */
export type FormContext = {
  /** What is wrong, in words, by the path of the answer. */
  problems: ReadonlyMap<string, string>;
  files: FilePort | undefined;
};

/** Where files go. It resolves to the file's id, which is the answer, and knows the names of those it took. */
export type FilePort = {
  send(file: File): Promise<string>;
  nameOf(id: string): string | undefined;
};

export const FormContext = createContext<FormContext | null>(null);

export function useForm(): FormContext {
  const form = useContext(FormContext);
  if (!form) throw new Error("A field stands in a form.");
  return form;
}

/** What each kind of field is given. Nothing as an answer takes the answer away. */
export type FieldProps<F, A extends Answer = Answer> = {
  field: F;
  path: string;
  answer: A | undefined;
  onAnswer(answer: A | undefined): void;
};

/** The id of a field's control, by the path of its answer: a list of problems leads to it. */
export function idOf(path: string): string {
  return `field-${path}`;
}
