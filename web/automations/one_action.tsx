import { useContext, useId, useMemo } from "preact/hooks";
import { LanguageContext, useTexts } from "../components/texts.ts";
import { type FieldOfSchema, useSchemaForm } from "../schema_form/context.ts";
import { SchemaForm } from "../schema_form/form.tsx";
import { emptyValue, type Schema } from "../schema_form/schema.ts";
import { automationTexts } from "../texts/automations/index.ts";
import { actionNamed, actionsAfter, type Contract, choicesIn, configSchema, labelIn } from "./contract.ts";
import { type Action, actionOf, changed } from "./draft.ts";

/** One action: which, with what, how much later, and until when; the forms are made of the contract's schemas alone. */
export function OneAction({
  contract,
  event,
  action,
  path,
  problems,
  onChange,
}: {
  contract: Contract;
  event: string;
  action: Action;
  path: string;
  problems: ReadonlyMap<string, string>;
  onChange(action: Action): void;
}) {
  const say = useTexts(automationTexts);
  const language = useContext(LanguageContext);
  const id = useId();
  const known = actionNamed(contract, action.action);
  const offered = actionsAfter(contract, event);
  const problem = problems.get(`${path}.action`);
  const custom = useMemo(() => ({ "x-schema-of": configOfBeside(contract) }), [contract]);
  const form = { language, problems, choices: choicesIn(contract, language), custom };
  return (
    <>
      <div class={problem ? "field wrong" : "field"}>
        <label for={id}>{say("what")}</label>
        {known && (
          <p class="help" id={`${id}-help`}>
            {language === "ro" ? known.descriptionRo : known.descriptionEn}
          </p>
        )}
        <select
          id={id}
          aria-invalid={problem !== undefined}
          aria-describedby={[known && `${id}-help`, problem && `${id}-problem`].filter(Boolean).join(" ")}
          value={action.action}
          onChange={({ currentTarget }) => onChange(changed(action, actionOf(contract, currentTarget.value)))}
        >
          {/* What is there and cannot follow this event stays to be seen, and is refused with its path. */}
          {!offered.some(({ code }) => code === action.action) && (
            <option value={action.action}>{known ? labelIn(language, known) : action.action}</option>
          )}
          {offered.map((one) => (
            <option key={one.code} value={one.code}>
              {labelIn(language, one)}
            </option>
          ))}
        </select>
        {problem && (
          <p class="problem" id={`${id}-problem`}>
            {problem}
          </p>
        )}
      </div>
      {/* Another action is another form: nothing of the one before stays in it. */}
      <SchemaForm
        key={action.action}
        {...form}
        schema={configSchema(contract, action.action) ?? {}}
        value={action.config}
        path={`${path}.config`}
        onChange={(config) => onChange(changed(action, { config }))}
      />
      {(["after", "expires"] as const).map((part) => (
        <SchemaForm
          key={part}
          {...form}
          schema={contract[`${part}Schema`] as Schema}
          value={action[part]}
          path={`${path}.${part}`}
          isRequired={false}
          onChange={(value) => onChange(changed(action, { [part]: value }))}
        />
      ))}
    </>
  );
}

/** The config of an action that another action names: its schema is that of what stands beside it. */
function configOfBeside(contract: Contract) {
  return function ConfigOfBeside(field: FieldOfSchema) {
    const { Field } = useSchemaForm();
    const { "x-schema-of": property, ...own } = field.schema;
    const named = field.beside[property ?? ""];
    const schema = configSchema(contract, named);
    if (!schema) return null;
    const { title, "x-title-ro": titleRo } = own;
    return (
      <Field
        {...field}
        key={String(named)}
        isRequired
        schema={{ ...schema, ...(title && { title }), ...(titleRo && { "x-title-ro": titleRo }) }}
        value={field.value ?? emptyValue(schema)}
      />
    );
  };
}
