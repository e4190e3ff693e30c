import { useState } from "preact/hooks";
import { StepHeading, Waiting } from "../../components/page.tsx";
import { useTexts } from "../../components/texts.ts";
import { sessionTexts } from "../../texts/session/index.ts";
import { Pain } from "./pain.tsx";

/** After a session: how much it hurts now. */
export function After({ known, onDone }: { known: number | null; onDone(pain: number): Promise<void> }) {
  const say = useTexts(sessionTexts);
  const [pain, setPain] = useState(known);
  const [isTried, setTried] = useState(false);
  const [isWaiting, setWaiting] = useState(false);
  return (
    <form
      noValidate
      onSubmit={async (event) => {
        event.preventDefault();
        setTried(true);
        if (pain === null || isWaiting) return;
        setWaiting(true);
        await onDone(pain);
        setWaiting(false);
      }}
    >
      <StepHeading>{say("after_title")}</StepHeading>
      <Pain
        legend={say("pain_after")}
        value={pain}
        problem={isTried && pain === null ? say("choose_pain") : ""}
        onValue={setPain}
      />
      <p class="soft">{say("pain_words")}</p>
      {isWaiting && <Waiting>{say("sending")}</Waiting>}
      <p class="actions">
        <button type="submit" class="main" aria-disabled={isWaiting}>
          {say("complete")}
        </button>
      </p>
    </form>
  );
}
