import type { ComponentType } from "preact";
import { useContext } from "preact/hooks";
import { LanguageContext } from "../components/texts.ts";
import { ChoiceField } from "../schema_form/choice.tsx";
import { type FieldOfSchema, useSchemaForm } from "../schema_form/context.ts";
import { FieldGroup, useTies } from "../schema_form/frame.tsx";
import { NumberField, TextField } from "../schema_form/scalars.tsx";
import { titleOf } from "../schema_form/schema.ts";
import { Blocks } from "./blocks.tsx";
import { collectionIn, ScopeContext, useEditor, useFields } from "./context.ts";
import { type Block, collectionsOf } from "./contract.ts";
import { ImageField } from "./image_field.tsx";
import { problemsUnder } from "./problems.tsx";
import type { Run } from "./runs.ts";
import { RunsEditor } from "./runs_editor.tsx";

/** How values are edited that documents know by themselves, by the formats of their schemas. */
export const customFormats: Record<string, ComponentType<FieldOfSchema>> = {
  runs: RunsField,
  blocks: BlocksField,
  field: FieldField,
  value: ValueField,
  collection: CollectionField,
  component: ComponentField,
  image: ImageField,
};

function RunsField(field: FieldOfSchema) {
  const { schema, value, path, isRequired, onChange } = field;
  const { problems } = useSchemaForm();
  const { ties, className, title, help } = useTies(field);
  // What is wrong with a piece of the text is told below the text.
  const wrong = [...new Set(problemsUnder(problems, path).values())];
  return (
    <div class={wrong.length > 0 ? "field wrong" : className}>
      <p class="label" id={`${ties.id}-title`}>
        {title}
      </p>
      {help}
      <RunsEditor
        schema={schema}
        runs={(value ?? []) as Run[]}
        labelledBy={`${ties.id}-title`}
        describedBy={`${ties.id}-help ${ties.id}-wrong`}
        place={path}
        onChange={(runs) => onChange(isEmpty(runs) && !isRequired ? undefined : runs)}
      />
      <div id={`${ties.id}-wrong`}>
        {wrong.map((words) => (
          <p class="problem" key={words}>
            {words}
          </p>
        ))}
      </div>
    </div>
  );
}

const isEmpty = (runs: Run[]) => runs.every((run) => "text" in run && run.text === "");

function BlocksField(field: FieldOfSchema) {
  const { schema, value, path, isRequired, onChange } = field;
  const language = useContext(LanguageContext);
  const scope = useContext(ScopeContext);
  return (
    <FieldGroup field={field}>
      <ScopeContext.Provider value={{ block: null, over: null, collection: collectionIn(scope, schema) }}>
        <Blocks
          blocks={(value ?? []) as Block[]}
          path={path}
          name={titleOf(schema, language)}
          onChange={(blocks) => onChange(blocks.length === 0 && !isRequired ? undefined : blocks)}
        />
      </ScopeContext.Provider>
    </FieldGroup>
  );
}

function FieldField(field: FieldOfSchema) {
  const language = useContext(LanguageContext);
  const fields = useFields(field.schema);
  const offered = fields.map(({ code, label }) => ({ value: code, label: label[language] }));
  return <ChoiceField {...field} offered={offered} />;
}

/** What a field is compared with: by the type of the field beside it. */
function ValueField(field: FieldOfSchema) {
  const type = useFields(field.schema).find(({ code }) => code === field.beside.field)?.type;
  if (type === "number") return <NumberField {...field} isRequired={true} />;
  const isDay = type === "date" || type === "instant";
  return (
    <TextField {...field} isRequired={true} schema={{ ...field.schema, format: isDay ? "date" : "text" }} />
  );
}

function CollectionField(field: FieldOfSchema) {
  const language = useContext(LanguageContext);
  const { contract, state } = useEditor();
  const offered = collectionsOf(contract, state).map(({ code, label }) => ({
    value: code,
    label: label[language],
  }));
  return <ChoiceField {...field} offered={offered} />;
}

/** A component of the kind that the block around is. */
function ComponentField(field: FieldOfSchema) {
  const { contract } = useEditor();
  const { block } = useContext(ScopeContext);
  const offered = contract.components
    .filter(({ kind }) => kind === block)
    .map(({ id, title }) => ({ value: id, label: title }));
  return <ChoiceField {...field} offered={offered} />;
}
