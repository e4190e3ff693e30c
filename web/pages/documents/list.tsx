import { useTexts } from "../../components/texts.ts";
import { templateTexts } from "../../texts/templates/index.ts";
import type { Listed } from "./listed.ts";

/** Templates or shared parts, each with its kind, its state and its version; pressed, it is opened. */
export function List({ listed, onOpen }: { listed: Listed[]; onOpen(what: Listed): void }) {
  const say = useTexts(templateTexts);
  if (listed.length === 0) return <p>{say("none")}</p>;
  return (
    <ul class="choices">
      {listed.map((one) => (
        <li key={one.id}>
          <button type="button" onClick={() => onOpen(one)}>
            {one.drafted.title}{" "}
            <span class="soft">
              {[
                say(`kind_${one.drafted.kind}`),
                ...(one.drafted.isComponent
                  ? []
                  : [say(`locale_${one.drafted.locale}`), say(`state_${one.state}`)]),
                ...(one.version > 0 ? [say("version", { version: one.version })] : []),
              ].join(" · ")}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
