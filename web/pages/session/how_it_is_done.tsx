import { useTexts } from "../../components/texts.ts";
import { sessionTexts } from "../../texts/session/index.ts";
import type { ToDo } from "./door.ts";

/** How an exercise is done, and for whom it is not: as the clinic's plan and the library say, in their words. */
export function HowItIsDone({ todo, isOpen }: { todo: ToDo; isOpen: boolean }) {
  const say = useTexts(sessionTexts);
  return (
    <details open={isOpen}>
      <summary>{say("how_it_is_done")}</summary>
      <p>{todo.description}</p>
      <ol class="plain">
        {todo.instructions.map(({ kind, text }) => (
          <li key={text}>
            {kind !== "step" && <strong>{say(`instruction_${kind}`)} </strong>}
            {text}
          </li>
        ))}
      </ol>
      {todo.warnings.length > 0 && (
        <>
          <h2>{say("contraindications")}</h2>
          <ul class="plain">
            {todo.warnings.map(({ id, severity, text }) => (
              <li key={id}>
                <strong>{say(`severity_${severity}`)}</strong> {text}
              </li>
            ))}
          </ul>
        </>
      )}
      {todo.view && todo.joints && <p class="soft">{say(`view_${todo.view}`)}</p>}
    </details>
  );
}
