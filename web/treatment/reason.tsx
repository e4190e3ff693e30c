import { useId } from "preact/hooks";
import { useTexts } from "../components/texts.ts";
import { treatmentTexts } from "../texts/treatment/index.ts";

/** Why something is done, which is kept. */
export function Reason({
  reason,
  problem,
  onChange,
  onGo,
  onCancel,
}: {
  reason: string;
  problem: string | undefined;
  onChange(reason: string): void;
  onGo(): void;
  onCancel(): void;
}) {
  const say = useTexts(treatmentTexts);
  const id = useId();
  return (
    <form
      noValidate
      onSubmit={(submitted) => {
        submitted.preventDefault();
        onGo();
      }}
    >
      <div class={problem ? "field wrong" : "field"}>
        <label for={id}>{say("reason")}</label>
        <input
          id={id}
          type="text"
          maxLength={500}
          aria-invalid={problem !== undefined}
          aria-describedby={problem ? `${id}-problem` : undefined}
          value={reason}
          onInput={({ currentTarget }) => onChange(currentTarget.value)}
        />
        {problem && (
          <p class="problem" id={`${id}-problem`}>
            {problem}
          </p>
        )}
      </div>
      <p class="actions">
        <button type="submit" class="danger">
          {say("do_it")}
        </button>
        <button type="button" onClick={onCancel}>
          {say("do_not")}
        </button>
      </p>
    </form>
  );
}
