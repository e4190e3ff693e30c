import type { TargetedInputEvent } from "preact";
import { useState } from "preact/hooks";
import { refusalOf } from "../../client/refused.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { FailureNotice } from "../components/notice.tsx";
import { StepHeading } from "../components/page.tsx";
import { useTexts } from "../components/texts.ts";
import { signingTexts } from "../texts/signing/index.ts";

/** Who one is, by the date of birth or by a code that was sent: nothing of the form is shown before. */
export function Identify({
  by,
  attemptsLeft,
  clinic,
  onIdentify,
  onEnded,
}: {
  by: "birth_date" | "code";
  attemptsLeft: number;
  clinic: string;
  onIdentify(shown: { birthDate: string } | { code: string }): Promise<void>;
  onEnded(error: unknown): void;
}) {
  const say = useTexts(signingTexts);
  const [typed, setTyped] = useState("");
  const [isAsking, setAsking] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);

  const submit = async (event: Event) => {
    event.preventDefault();
    if (isAsking || typed === "") return;
    setAsking(true);
    setFailure(null);
    try {
      await onIdentify(by === "code" ? { code: typed.replace(/\s/g, "") } : { birthDate: typed });
    } catch (error) {
      setAsking(false);
      if (refusalOf(error, "GONE") || refusalOf(error, "NOT_FOUND")) return onEnded(error);
      setFailure(failureOf(error, say("offline")));
    }
  };

  const ties = {
    id: "shown",
    class: "short",
    "aria-describedby": "shown-help",
    value: typed,
    onInput: ({ currentTarget }: TargetedInputEvent<HTMLInputElement>) => setTyped(currentTarget.value),
  };
  return (
    <form onSubmit={submit} noValidate>
      <StepHeading>{say("who_are_you")}</StepHeading>
      <p>{say(by === "code" ? "why_code" : "why_birth_date", { clinic })}</p>
      <FailureNotice failure={failure} />
      <div class="field">
        <label for="shown">{say(by === "code" ? "code" : "birth_date")}</label>
        <p class="help" id="shown-help">
          {/* What went wrong says it as well. */}
          {failure ? "" : say("attempts_left", { count: attemptsLeft })}
        </p>
        {by === "code" ? (
          <input type="text" inputMode="numeric" autocomplete="one-time-code" {...ties} />
        ) : (
          <input type="date" autocomplete="bday" {...ties} />
        )}
      </div>
      <button type="submit" class="main" aria-disabled={isAsking || typed === ""}>
        {say(isAsking ? "checking" : "go_on")}
      </button>
    </form>
  );
}
