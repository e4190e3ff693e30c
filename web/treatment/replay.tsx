import { useContext, useEffect, useId, useRef, useState } from "preact/hooks";
import { drawSkeleton } from "../capture/skeleton.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { FailureNotice } from "../components/notice.tsx";
import { Waiting } from "../components/page.tsx";
import { LanguageContext, useTexts } from "../components/texts.ts";
import { textIn } from "../exercises/draft.ts";
import { prescribedIn } from "../exercises/prescribed.ts";
import { treatmentTexts } from "../texts/treatment/index.ts";
import { beginningsIn, frameAt, lengthOf, type Movement, movementIn } from "./movement.ts";
import type { Prescribed } from "./plan.ts";

/**
 * The movement of a session once more, as a skeleton, beside what was prescribed. It begins when somebody lets it: by the button, and
 * by the slider, which the arrows move.
 */
export function Replay({
  load,
  exercises,
}: {
  /** The bytes of the recording; asked for anew each time, since an address is good for minutes. */
  load(): Promise<Uint8Array>;
  exercises: readonly Prescribed[];
}) {
  const say = useTexts(treatmentTexts);
  const language = useContext(LanguageContext);
  const id = useId();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [movement, setMovement] = useState<Movement | null>(null);
  const [ms, setMs] = useState(0);
  const [isPlaying, setPlaying] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const length = movement ? lengthOf(movement) : 0;

  useEffect(() => {
    load()
      .then(movementIn)
      .then(setMovement)
      .catch((error: unknown) =>
        setFailure(
          error instanceof RangeError
            ? { message: say("replay_unreadable"), code: "REPLAY", isNetwork: false }
            : failureOf(error, say("offline")),
        ),
      );
  }, []);
  useEffect(() => {
    if (!isPlaying) return;
    let [before, waiting] = [performance.now(), 0];
    const step = (now: number) => {
      const passed = now - before;
      before = now;
      setMs((at) => Math.min(at + passed, length));
      waiting = requestAnimationFrame(step);
    };
    waiting = requestAnimationFrame(step);
    return () => cancelAnimationFrame(waiting);
  }, [isPlaying, length]);
  useEffect(() => {
    if (ms >= length) setPlaying(false);
    if (movement && canvas.current) drawSkeleton(canvas.current, frameAt(movement, ms)?.landmarks ?? null);
  }, [movement, ms, length]);

  if (!movement)
    return failure ? <FailureNotice failure={failure} /> : <Waiting>{say("replay_loading")}</Waiting>;
  const now = beginningsIn(movement).findLast((one) => one.ms <= ms)?.exercise ?? 1;
  const shown = exercises[now - 1];
  const clock = (at: number) => {
    const seconds = Math.floor(at / 1000);
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  };
  return (
    <div class="replay">
      <canvas
        ref={canvas}
        width={movement.image.width}
        height={movement.image.height}
        role="img"
        aria-label={say("replay_of", { exercise: shown ? textIn(shown.names, language) : "" })}
      />
      <div>
        {shown && (
          <>
            <p>
              <strong>{textIn(shown.names, language)}</strong>
            </p>
            <p>
              {say("prescribed")}: {prescribedIn(shown.prescription, language)}
            </p>
          </>
        )}
        <div class="field">
          <label for={id}>{say("replay_place")}</label>
          <input
            id={id}
            type="range"
            min={0}
            max={Math.ceil(length)}
            step={100}
            value={ms}
            aria-valuetext={say("replay_at", { at: clock(ms), of: clock(length) })}
            onInput={({ currentTarget }) => setMs(Number(currentTarget.value))}
          />
          <p class="soft">{say("replay_at", { at: clock(ms), of: clock(length) })}</p>
        </div>
        <p class="actions">
          <button
            type="button"
            class="main"
            onClick={() => {
              if (!isPlaying && ms >= length) setMs(0);
              setPlaying(!isPlaying);
            }}
          >
            {say(isPlaying ? "replay_pause" : "replay_play")}
          </button>
          {beginningsIn(movement).map(({ exercise, ms: begins }) => (
            <button type="button" key={begins} onClick={() => setMs(begins)}>
              {say("replay_exercise", { place: exercise })}
            </button>
          ))}
        </p>
      </div>
    </div>
  );
}
