import { useContext } from "preact/hooks";
import { LanguageContext } from "../../components/texts.ts";
import { type StatementItem, textIn } from "../content.ts";

/** Something to read. Lines are kept as they were written. */
export function Statement({ item }: { item: StatementItem }) {
  const language = useContext(LanguageContext);
  const label = textIn(item.label, language);
  return (
    <div class="statement">
      {label && <h3>{label}</h3>}
      <p class="lines">{textIn(item.text, language)}</p>
    </div>
  );
}
