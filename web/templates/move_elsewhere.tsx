import { useContext, useId, useMemo } from "preact/hooks";
import { LanguageContext, useTexts } from "../components/texts.ts";
import { templateTexts } from "../texts/templates/index.ts";
import { useEditor } from "./context.ts";
import type { Block } from "./contract.ts";
import { type BlockList, blocksOnTheWay, listsOf, movedTo, valueAt } from "./places.ts";

/** Moves a block into another list, or out of one: every list that there is, but those inside of the block itself. */
export function MoveElsewhere({ block, list, index }: { block: Block; list: string; index: number }) {
  const say = useTexts(templateTexts);
  const language = useContext(LanguageContext);
  const { contract, state, onState, onOpened, onFocus, onSaid } = useEditor();
  const id = useId();
  const own = `${list}[${index}]`;
  const lists = useMemo(
    () => listsOf(contract, state).filter(({ path }) => path !== list && !path.startsWith(`${own}.`)),
    [contract, state, list, own],
  );
  if (lists.length === 0) return null;
  const nameOf = ({ owner, words, places }: BlockList) => {
    if (!owner) return say("whole");
    const type = contract.blocks.find((known) => known.type === owner.type)?.label[language] ?? owner.type;
    const inside = words
      .map((word) => word[language === "ro" ? "x-title-ro" : "title"] ?? "")
      .filter((word) => word !== "");
    return [`${type} (${owner.id})`, ...inside, ...places.map(String)].join(" › ");
  };
  return (
    <p class="field">
      <label for={id}>{say("move_elsewhere")}</label>
      <select
        id={id}
        value=""
        onChange={({ currentTarget }) => {
          const to = lists.find(({ path }) => path === currentTarget.value);
          if (!to) return;
          const moved = movedTo(state, list, index, to.path);
          onState(moved);
          const way = blocksOnTheWay(state, to.path).map((path) => (valueAt(state, path) as Block).id);
          onOpened(way, true);
          onFocus(`block-${block.id}`);
          onSaid(say("moved_elsewhere", { place: nameOf(to) }));
        }}
      >
        <option value="">{say("stays")}</option>
        {lists.map((one) => (
          <option key={one.path} value={one.path}>
            {nameOf(one)}
          </option>
        ))}
      </select>
    </p>
  );
}
