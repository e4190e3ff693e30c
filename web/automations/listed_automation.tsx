import { useContext } from "preact/hooks";
import { LanguageContext, useTexts } from "../components/texts.ts";
import type { AutomationsOfClinicQuery } from "../documents/generated/operations.ts";
import { automationTexts } from "../texts/automations/index.ts";
import { type Contract, eventNamed, labelIn } from "./contract.ts";
import { Outcomes, toldOf } from "./outcome.tsx";

export type ListedAutomation = AutomationsOfClinicQuery["automationRules"]["nodes"][number];

/** The id of what is pressed of an automation in the list. */
export const controlOf = (automation: ListedAutomation, control: "open" | "up" | "down") =>
  `${control}-${automation.id}`;

/** An automation in its order: pressed it is opened, and it is moved by buttons, or from its name by Alt and an arrow. */
export function OneListed({
  contract,
  automation,
  place,
  count,
  isMoving,
  onOpen,
  onMove,
}: {
  contract: Contract;
  automation: ListedAutomation;
  /** From 0. */
  place: number;
  count: number;
  isMoving: boolean;
  onOpen(): void;
  onMove(by: -1 | 1, control: "open" | "up" | "down"): void;
}) {
  const say = useTexts(automationTexts);
  const language = useContext(LanguageContext);
  const event = eventNamed(contract, automation.eventName);
  const latest = automation.latest.nodes.flatMap(({ automationExecutions }) =>
    automationExecutions.nodes.map(toldOf),
  );
  const canMove = (by: -1 | 1) => place + by >= 0 && place + by < count;
  return (
    <>
      <button
        type="button"
        id={controlOf(automation, "open")}
        onClick={onOpen}
        onKeyDown={(pressed) => {
          const by = ({ ArrowUp: -1, ArrowDown: 1 } as const)[pressed.key as "ArrowUp" | "ArrowDown"];
          if (!pressed.altKey || !by) return;
          pressed.preventDefault();
          if (canMove(by)) onMove(by, "open");
        }}
      >
        {automation.name}{" "}
        <span class="soft">
          {event ? labelIn(language, event) : automation.eventName} ·{" "}
          {say(automation.isEnabled ? "on" : "off")} · {say("version", { version: automation.version })}
        </span>
      </button>
      {count > 1 && (
        <p class="actions">
          {([-1, 1] as const).filter(canMove).map((by) => {
            const control = by < 0 ? "up" : "down";
            return (
              <button
                key={control}
                type="button"
                class="plain"
                id={controlOf(automation, control)}
                aria-label={say(by < 0 ? "up_of" : "down_of", { name: automation.name })}
                aria-disabled={isMoving}
                onClick={() => onMove(by, control)}
              >
                {say(control)}
              </button>
            );
          })}
        </p>
      )}
      {latest.length > 0 && <Outcomes contract={contract} told={latest} label={say("did")} />}
    </>
  );
}
