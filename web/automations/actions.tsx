import { useContext } from "preact/hooks";
import { LanguageContext, useTexts } from "../components/texts.ts";
import { PlaceInList } from "../schema_form/list.tsx";
import { moved } from "../schema_form/schema.ts";
import { automationTexts } from "../texts/automations/index.ts";
import { actionNamed, type Contract, labelIn } from "./contract.ts";
import { type Action, newAction } from "./draft.ts";
import { OneAction } from "./one_action.tsx";

/** What the automation does, in this order: each action is edited, moved or taken away, and another one is added. */
export function Actions({
  contract,
  event,
  actions,
  problems,
  onChange,
}: {
  contract: Contract;
  event: string;
  actions: Action[];
  /** What is wrong, in words, by path. */
  problems: ReadonlyMap<string, string>;
  onChange(actions: Action[]): void;
}) {
  const say = useTexts(automationTexts);
  const language = useContext(LanguageContext);
  const next = newAction(contract, event);
  const problem = problems.get("$.actions");
  return (
    <>
      {actions.length === 0 && <p class="soft">{say("no_action")}</p>}
      <ol class="plain">
        {actions.map((action, i) => {
          const known = actionNamed(contract, action.action);
          return (
            <li key={i}>
              <fieldset class="group">
                <legend>
                  {say("nth_action", { place: i + 1 })} {known && labelIn(language, known)}
                </legend>
                <OneAction
                  contract={contract}
                  event={event}
                  action={action}
                  path={`$.actions[${i}]`}
                  problems={problems}
                  onChange={(edited) => onChange(actions.map((one, at) => (at === i ? edited : one)))}
                />
                <PlaceInList
                  place={i}
                  length={actions.length}
                  onMove={(to) => onChange(moved(actions, i, to))}
                  onTakeAway={() => onChange(actions.filter((_, at) => at !== i))}
                />
              </fieldset>
            </li>
          );
        })}
      </ol>
      {problem && (
        <p class="problem" id="actions-problem">
          {problem}
        </p>
      )}
      {next && actions.length < contract.actionLimit && (
        <p class="actions">
          <button
            type="button"
            aria-describedby={problem ? "actions-problem" : undefined}
            onClick={() => onChange([...actions, next])}
          >
            {say("add_action")}
          </button>
        </p>
      )}
    </>
  );
}
