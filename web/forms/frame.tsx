import type { ComponentChildren } from "preact";
import { useContext } from "preact/hooks";
import { LanguageContext, useTexts } from "../components/texts.ts";
import { formTexts } from "../texts/forms/index.ts";
import { type Field, textIn } from "./content.ts";
import { idOf, useForm } from "./context.ts";

/** What ties a control to its label, help and problem. */
export type Ties = {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": boolean;
  "aria-required": boolean;
};

type FrameProps = { field: Field; path: string };

/** A field of one control: its label above, help below the label, what is wrong below the control. */
export function FieldFrame({
  field,
  path,
  children,
}: FrameProps & { children(ties: Ties): ComponentChildren }) {
  const language = useContext(LanguageContext);
  const { ties, help, problem } = useTies({ field, path });
  return (
    <div class={problem ? "field wrong" : "field"}>
      <label for={ties.id}>
        {textIn(field.label, language)} <Optional field={field} />
      </label>
      {help}
      {children(ties)}
      {problem}
    </div>
  );
}

/** A field of several controls, such as the options of a choice: a legend names them together. */
export function FieldSet({ field, path, children }: FrameProps & { children: ComponentChildren }) {
  const language = useContext(LanguageContext);
  const { ties, help, problem } = useTies({ field, path });
  return (
    <fieldset
      class={problem ? "field wrong" : "field"}
      id={ties.id}
      tabIndex={-1}
      aria-describedby={ties["aria-describedby"]}
    >
      <legend>
        {textIn(field.label, language)} <Optional field={field} />
      </legend>
      {help}
      {children}
      {problem}
    </fieldset>
  );
}

function useTies({ field, path }: FrameProps) {
  const language = useContext(LanguageContext);
  const wrong = useForm().problems.get(path);
  const id = idOf(path);
  const help = textIn(field.help, language);
  const described = [help && `${id}-help`, wrong && `${id}-problem`].filter(Boolean).join(" ");
  const ties: Ties = {
    id,
    "aria-describedby": described || undefined,
    "aria-invalid": wrong !== undefined,
    "aria-required": field.required === true,
  };
  return {
    ties,
    help: help && (
      <p class="help" id={`${id}-help`}>
        {help}
      </p>
    ),
    problem: wrong && (
      <p class="problem" id={`${id}-problem`}>
        {wrong}
      </p>
    ),
  };
}

function Optional({ field }: { field: Field }) {
  const say = useTexts(formTexts);
  return field.required ? null : <span class="soft">{say("optional")}</span>;
}
