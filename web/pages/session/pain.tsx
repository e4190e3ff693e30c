import { useId } from "preact/hooks";
import { useTexts } from "../../components/texts.ts";
import { sessionTexts } from "../../texts/session/index.ts";

const values = Array.from({ length: 11 }, (_, value) => value);

/** How much it hurts, from 0 to 10, in the patient's own word; arrow keys walk along. */
export function Pain({
  legend,
  value,
  problem,
  onValue,
}: {
  legend: string;
  value: number | null;
  problem: string;
  onValue(value: number): void;
}) {
  const say = useTexts(sessionTexts);
  const id = useId();
  return (
    <fieldset class={problem ? "entry wrong" : "entry"} aria-describedby={`${id}-problem`}>
      <legend>{legend}</legend>
      <div class="scale">
        {values.map((one) => (
          <label key={one}>
            <input
              type="radio"
              name={id}
              checked={one === value}
              onChange={() => onValue(one)}
              aria-label={
                one === 0 ? `0, ${say("pain_none")}` : one === 10 ? `10, ${say("pain_worst")}` : undefined
              }
            />
            <span>{one}</span>
          </label>
        ))}
      </div>
      <p class="ends" aria-hidden="true">
        <span>{say("pain_none")}</span>
        <span>{say("pain_worst")}</span>
      </p>
      <p class="problem" id={`${id}-problem`} role="alert">
        {problem}
      </p>
    </fieldset>
  );
}
