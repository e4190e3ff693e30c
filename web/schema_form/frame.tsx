import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { useTexts } from "../components/texts.ts";
import { schemaFormTexts } from "../texts/schema_form/index.ts";
import { type FieldOfSchema, useSchemaForm } from "./context.ts";
import { descriptionOf, titleOf } from "./schema.ts";

/** What ties a control to its title, description and problem. */
export type Ties = {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": boolean;
  "aria-required": boolean;
};

/** What people read of a field, and the problem that stands at its path. */
export function useTies({ schema, path, isRequired }: FieldOfSchema) {
  const { language, problems } = useSchemaForm();
  const say = useTexts(schemaFormTexts);
  const id = useId();
  const description = descriptionOf(schema, language);
  const problem = problems.get(path);
  const described = [description && `${id}-help`, problem && `${id}-problem`].filter(Boolean).join(" ");
  const ties: Ties = {
    id,
    "aria-describedby": described || undefined,
    "aria-invalid": problem !== undefined,
    "aria-required": isRequired,
  };
  return {
    ties,
    className: problem ? "field wrong" : "field",
    title: (
      <>
        {titleOf(schema, language)}{" "}
        {!isRequired && schema.default === undefined && <span class="soft">{say("optional")}</span>}
      </>
    ),
    help: description && (
      <p class="help" id={`${id}-help`}>
        {description}
      </p>
    ),
    problem: problem && (
      <p class="problem" id={`${id}-problem`}>
        {problem}
      </p>
    ),
  };
}

/** A field of one control: its title above, what it means below that, what is wrong below the control. */
export function FieldFrame({
  field,
  children,
}: {
  field: FieldOfSchema;
  children(ties: Ties): ComponentChildren;
}) {
  const { ties, className, title, help, problem } = useTies(field);
  return (
    <div class={className} data-place={field.path}>
      <label for={ties.id}>{title}</label>
      {help}
      {children(ties)}
      {problem}
    </div>
  );
}

/** A field of several controls: a legend names them together. */
export function FieldGroup({
  field,
  className = "group",
  children,
}: {
  field: FieldOfSchema;
  className?: string;
  children: ComponentChildren;
}) {
  const { ties, title, help, problem } = useTies(field);
  return (
    <fieldset
      class={problem ? `${className} wrong` : className}
      id={ties.id}
      data-place={field.path}
      aria-describedby={ties["aria-describedby"]}
    >
      <legend>{title}</legend>
      {help}
      {children}
      {problem}
    </fieldset>
  );
}
