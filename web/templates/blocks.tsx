import { useContext, useId, useState } from "preact/hooks";
import { LanguageContext, useTexts } from "../components/texts.ts";
import { templateTexts } from "../texts/templates/index.ts";
import { BlockCard } from "./block_card.tsx";
import { useEditor } from "./context.ts";
import { type Block, newBlock } from "./contract.ts";

/** A list of blocks, wherever it stands: each of them, and what may be added. */
export function Blocks({
  blocks,
  path,
  name,
  onChange,
}: {
  blocks: Block[];
  path: string;
  /** What the list is, for ears. */
  name: string;
  onChange(blocks: Block[]): void;
}) {
  const say = useTexts(templateTexts);
  const language = useContext(LanguageContext);
  const { contract, state, onOpened, onFocus, onSaid } = useEditor();
  const id = useId();
  const [type, setType] = useState(contract.blocks[0]?.type ?? "");
  const labelOf = (block: Block) =>
    contract.blocks.find(({ type }) => type === block.type)?.label[language] ?? block.type;

  const add = () => {
    const block = newBlock(contract, state, type);
    onChange([...blocks, block]);
    onOpened([block.id], true);
    onFocus(`block-${block.id}`);
    onSaid(say("added", { block: labelOf(block) }));
  };
  const move = (index: number, by: -1 | 1, control: string) => {
    const to = index + by;
    const [block, other] = [blocks[index], blocks[to]];
    if (!block || !other) return;
    onChange(blocks.map((one, i) => (i === index ? other : i === to ? block : one)));
    onFocus(`${control}-${block.id}`);
    onSaid(say("moved", { block: labelOf(block), place: to + 1, count: blocks.length }));
  };
  const remove = (index: number) => {
    const block = blocks[index];
    if (!block) return;
    onChange(blocks.filter((_, i) => i !== index));
    const next = blocks[index + 1] ?? blocks[index - 1];
    onFocus(next ? `block-${next.id}` : `${id}-type`);
    onSaid(say("removed", { block: labelOf(block) }));
  };

  return (
    <section class="blocks" aria-label={name} data-place={path}>
      {blocks.length === 0 && <p class="soft">{say("no_blocks")}</p>}
      <ol class="plain">
        {blocks.map((block, index) => (
          <li key={block.id}>
            <BlockCard
              block={block}
              index={index}
              count={blocks.length}
              list={path}
              onMove={(by, control) => move(index, by, control)}
              onRemove={() => remove(index)}
              onChange={(changed) => onChange(blocks.map((one, i) => (i === index ? changed : one)))}
            />
          </li>
        ))}
      </ol>
      <p class="actions">
        <label class="unseen" for={`${id}-type`}>
          {say("block_to_add")}
        </label>
        <select
          id={`${id}-type`}
          class="short"
          value={type}
          onChange={({ currentTarget }) => setType(currentTarget.value)}
        >
          {contract.blocks.map((known) => (
            <option key={known.type} value={known.type}>
              {known.label[language]}
            </option>
          ))}
        </select>
        <button type="button" onClick={add}>
          {say("add_block")}
        </button>
      </p>
    </section>
  );
}
