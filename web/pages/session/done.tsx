import type { RecordingState } from "../../capture/recording.ts";
import { StepHeading } from "../../components/page.tsx";
import { useTexts } from "../../components/texts.ts";
import { sessionTexts } from "../../texts/session/index.ts";

/** The session is done; what was recorded of it may still be on its way. */
export function Done({ state, onLeave }: { state: RecordingState; onLeave(): void }) {
  const say = useTexts(sessionTexts);
  return (
    <>
      <StepHeading>{say("done_title")}</StepHeading>
      <p>{say("done_words")}</p>
      <p role="status">{say(state.hasEnded ? "all_arrived" : "on_its_way")}</p>
      <p class="actions">
        <button type="button" class="main" onClick={onLeave}>
          {say("to_list")}
        </button>
      </p>
    </>
  );
}
