import type { RecordingState } from "../../capture/recording.ts";
import type { Stream } from "../../capture/sending.ts";
import { useTexts } from "../../components/texts.ts";
import { sessionTexts } from "../../texts/session/index.ts";

/** What is recorded now, where everybody sees it, how it can be stopped, and whether it arrives. */
export function Recorded({
  state,
  followsBody,
  onStop,
}: {
  state: RecordingState;
  /** Whether a camera is on: without one no movement is recorded, whatever was agreed. */
  followsBody: boolean;
  onStop(stream: Stream): void;
}) {
  const say = useTexts(sessionTexts);
  const streams = (["pose", "media"] as const).filter(
    (one) => state[one] && (one === "media" || followsBody),
  );
  const stopped = state.stops.filter(({ stream }) => stream === "media" || followsBody);
  return (
    <section class="recorded" aria-label={say("recorded")}>
      {streams.length === 0 && <p>{say("records_nothing")}</p>}
      {streams.map((stream) => (
        <p key={stream} class="line">
          <span>{say(`records_${stream}`)}</span>
          <button type="button" onClick={() => onStop(stream)}>
            {say(`stop_${stream}`)}
          </button>
        </p>
      ))}
      <div role="status">
        {stopped.map(({ stream, reason }) => (
          <p key={stream}>
            {say(reason === "consent_withdrawn" ? `withdrawn_${stream}` : `ended_${stream}`)}{" "}
            <span class="code">{reason}</span>
          </p>
        ))}
        {state.isOffline && (
          <p>{say("offline_recording", { seconds: Math.round(state.waitingMs / 1000) })}</p>
        )}
        {state.leftOut > 0 && <p>{say("left_out", { count: state.leftOut })}</p>}
      </div>
    </section>
  );
}
