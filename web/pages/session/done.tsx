import type { RecordingState } from "../../capture/recording.ts";
import { StepHeading } from "../../components/page.tsx";
import { useTexts } from "../../components/texts.ts";
import { sessionTexts } from "../../texts/session/index.ts";
import { AskedForms } from "./asked_forms.tsx";
import type { AskedForm } from "./door.ts";

/** The session is done; what was recorded of it may still be on its way, and a form may be asked about it. */
export function Done({
  state,
  form,
  onLeave,
}: {
  state: RecordingState;
  form: AskedForm | null;
  onLeave(): void;
}) {
  const say = useTexts(sessionTexts);
  return (
    <>
      <StepHeading>{say("done_title")}</StepHeading>
      <p>{say("done_words")}</p>
      <p role="status">{say(state.hasEnded ? "all_arrived" : "on_its_way")}</p>
      <AskedForms forms={form ? [form] : []} />
      <p class="actions">
        <button type="button" class={form ? "" : "main"} onClick={onLeave}>
          {say("to_list")}
        </button>
      </p>
    </>
  );
}
