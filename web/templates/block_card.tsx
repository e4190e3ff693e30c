import { useContext, useMemo } from "preact/hooks";
import { LanguageContext, useTexts } from "../components/texts.ts";
import { SchemaForm } from "../schema_form/form.tsx";
import type { Schema } from "../schema_form/schema.ts";
import { templateTexts } from "../texts/templates/index.ts";
import { collectionIn, ScopeContext, useEditor, useLabels } from "./context.ts";
import { type Block, fieldsAt } from "./contract.ts";
import { MoveElsewhere } from "./move_elsewhere.tsx";
import { problemsUnder } from "./problems.tsx";
import { inWords } from "./runs.ts";

/** One block: what it is and says in a line, what moves and removes it, and its properties once it is opened. */
export function BlockCard({
  block,
  index,
  count,
  list,
  onMove,
  onRemove,
  onChange,
}: {
  block: Block;
  index: number;
  count: number;
  /** The path of the list that it stands in. */
  list: string;
  onMove(by: -1 | 1, control: string): void;
  onRemove(): void;
  onChange(block: Block): void;
}) {
  const say = useTexts(templateTexts);
  const language = useContext(LanguageContext);
  const { contract, custom, problems, opened, onOpened } = useEditor();
  const around = useContext(ScopeContext);
  const words = useWordsOf(block);
  const known = contract.blocks.find(({ type }) => type === block.type);
  const path = `${list}[${index}]`;
  const under = useMemo(() => problemsUnder(problems, path), [problems, path]);
  const scope = useMemo(
    () => ({
      block: block.type,
      over: typeof block.over === "string" ? block.over : null,
      collection: around.collection,
    }),
    [block.type, block.over, around.collection],
  );
  const { type, id, ...properties } = block;
  const label = known?.label[language] ?? type;
  const isOpen = opened.has(id);
  // What is wrong with the whole is told among its properties, once they are shown.
  const own = (isOpen ? ["$.type", "$.id"] : ["$", "$.type", "$.id"]).flatMap(
    (place) => under.get(place) ?? [],
  );
  return (
    <div class={under.size > 0 ? "block wrong" : "block"} data-place={path}>
      <p class="actions">
        <button
          type="button"
          class="plain"
          id={`block-${id}`}
          aria-expanded={isOpen}
          onClick={() => onOpened([id], !isOpen)}
          onKeyDown={(event) => {
            const by = ({ ArrowUp: -1, ArrowDown: 1 } as const)[event.key as "ArrowUp" | "ArrowDown"];
            if (!event.altKey || !by) return;
            event.preventDefault();
            onMove(by, "block");
          }}
        >
          {label}
          {words && <span class="soft">: {words}</span>}
          {under.size > 0 && <span class="problem"> {say("has_problems")}</span>}
        </button>
        {([-1, 1] as const).map((by) => {
          const control = by < 0 ? "up" : "down";
          const isLast = index + by < 0 || index + by >= count;
          return (
            <button
              key={control}
              type="button"
              id={`${control}-${id}`}
              aria-label={`${say(control)}: ${label}`}
              aria-disabled={isLast}
              onClick={() => !isLast && onMove(by, control)}
            >
              {say(control)}
            </button>
          );
        })}
        <button type="button" aria-label={`${say("remove")}: ${label}`} onClick={onRemove}>
          {say("remove")}
        </button>
      </p>
      {own.map((text) => (
        <p class="problem" key={text}>
          {text}
        </p>
      ))}
      {isOpen && known && (
        <ScopeContext.Provider value={scope}>
          <SchemaForm
            schema={known.schema}
            value={properties}
            path={path}
            problems={problems}
            language={language}
            choices={{}}
            custom={custom}
            onChange={(changed) => onChange({ type, id, ...(changed as object) })}
          />
          <MoveElsewhere block={block} list={list} index={index} />
        </ScopeContext.Provider>
      )}
    </div>
  );
}

/** What a block says, in a few words: its first text, or what it goes through. */
function useWordsOf(block: Block): string {
  const { contract, state } = useEditor();
  const scope = useContext(ScopeContext);
  const labels = useLabels();
  const fields = fieldsAt(contract, state, collectionIn(scope, {}));
  const of = (schema: Schema, value: unknown): string => {
    if (schema.format === "runs") return inWords(value, (code) => labels.field(fields, code));
    if (schema.format === "collection") return typeof value === "string" ? labels.collection(value) : "";
    if (schema.format === "blocks") return "";
    if (schema.items) return Array.isArray(value) ? of(schema.items, value[0]) : "";
    const properties = Object.entries(schema.properties ?? {});
    const inside = (value ?? {}) as Record<string, unknown>;
    return properties.map(([name, inner]) => of(inner, inside[name])).find((words) => words !== "") ?? "";
  };
  const schema = contract.blocks.find(({ type }) => type === block.type)?.schema;
  const said = schema ? of(schema, block) : "";
  return said.length > 60 ? `${said.slice(0, 60)}…` : said;
}
