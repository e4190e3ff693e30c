import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { useTexts } from "../../components/texts.ts";
import { sessionTexts } from "../../texts/session/index.ts";
import type { Prescription } from "./door.ts";
import { wholeIn } from "./whole.ts";

export type Amounts = { sets: number; reps: number | null; seconds: number | null };

/** What was done of an exercise, by the patient's own word; what the camera counts stands beside it and changes nothing here. */
export function Entered({
  prescription,
  sets,
  onEntered,
  onBack,
}: {
  prescription: Prescription;
  sets: number;
  onEntered(amounts: Amounts): void;
  onBack: (() => void) | null;
}) {
  const say = useTexts(sessionTexts);
  const isCounted = Boolean(prescription.reps);
  const each = (isCounted ? prescription.reps : prescription.seconds) ?? 0;
  const [typed, setTyped] = useState({ sets: String(sets), amount: String(sets * each) });
  const [wrong, setWrong] = useState<{ sets: boolean; amount: boolean }>({ sets: false, amount: false });
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => heading.current?.focus(), []);

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const [setsDone, amount] = [
          wholeIn(typed.sets, 100),
          wholeIn(typed.amount, isCounted ? 10_000 : 86_400),
        ];
        setWrong({ sets: setsDone === null, amount: amount === null });
        if (setsDone === null || amount === null) return;
        onEntered({
          sets: setsDone,
          reps: isCounted ? amount : null,
          seconds: isCounted ? null : amount,
        });
      }}
    >
      <h2 ref={heading} tabIndex={-1}>
        {say("what_was_done")}
      </h2>
      <Whole
        label={say("sets_done")}
        value={typed.sets}
        problem={wrong.sets ? say("whole_number", { most: 100 }) : ""}
        onValue={(value) => setTyped({ ...typed, sets: value })}
      />
      <Whole
        label={say(isCounted ? "reps_done" : "seconds_done")}
        value={typed.amount}
        problem={wrong.amount ? say("whole_number", { most: isCounted ? 10_000 : 86_400 }) : ""}
        onValue={(value) => setTyped({ ...typed, amount: value })}
      />
      <p class="actions">
        <button type="submit" class="main">
          {say("save_and_go_on")}
        </button>
        {onBack && (
          <button type="button" onClick={onBack}>
            {say("back")}
          </button>
        )}
      </p>
    </form>
  );
}

function Whole({
  label,
  value,
  problem,
  onValue,
}: {
  label: string;
  value: string;
  problem: string;
  onValue(value: string): void;
}) {
  const id = useId();
  return (
    <div class={problem ? "entry wrong" : "entry"}>
      <label for={id}>{label}</label>
      <input
        id={id}
        class="short"
        type="text"
        inputMode="numeric"
        value={value}
        aria-invalid={problem !== ""}
        aria-describedby={`${id}-problem`}
        onInput={({ currentTarget }) => onValue(currentTarget.value)}
      />
      <p class="problem" id={`${id}-problem`} role="alert">
        {problem}
      </p>
    </div>
  );
}
