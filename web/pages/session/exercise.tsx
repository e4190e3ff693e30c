import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { UUID } from "../../../client/index.ts";
import type { Camera } from "../../capture/camera.ts";
import type { PlayerEvent } from "../../capture/kept.ts";
import { StepHeading } from "../../components/page.tsx";
import { useTexts } from "../../components/texts.ts";
import { sessionTexts } from "../../texts/session/index.ts";
import { CameraView } from "./camera_view.tsx";
import { Demonstration } from "./demonstration.tsx";
import type { ToDo } from "./door.ts";
import { type Amounts, Entered } from "./entered.tsx";
import { HowItIsDone } from "./how_it_is_done.tsx";
import { prescribedIn } from "./prescribed.ts";
import { Timer } from "./timer.tsx";
import { type Following, useCount } from "./use_count.ts";

type Step = { at: "ready" } | { at: "set" | "rest"; number: number } | { at: "entering"; sets: number };

/** One exercise: how it is done, set by set with rests between, and then what was done of it. */
export function Exercise({
  todo,
  number,
  of,
  camera,
  following,
  urlOf,
  onEvent,
  onDone,
  onCameraFailed,
}: {
  todo: ToDo;
  number: number;
  of: number;
  camera: Camera | null;
  following: Following;
  urlOf(video: UUID): Promise<string>;
  onEvent(event: Omit<PlayerEvent, "id">): void;
  onDone(amounts: Amounts, times: { startedAt: number; endedAt: number } | null): void;
  onCameraFailed(): void;
}) {
  const say = useTexts(sessionTexts);
  const { prescription, place } = todo;
  const { sets, seconds, restSeconds } = prescription;
  const [step, setStep] = useState<Step>({ at: "ready" });
  const times = useRef<{ startedAt: number; endedAt: number } | null>(null);
  const isMoving = step.at === "set";
  const isFollowed = camera !== null && todo.joints !== null;
  const { counted, onFrame } = useCount({
    place,
    joints: todo.joints,
    isMoving: isMoving && isFollowed,
    following,
  });
  const acting = useRef<HTMLButtonElement>(null);
  // The step's own button takes the focus, so that a keyboard goes through an exercise by it alone.
  useLayoutEffect(() => {
    if (step.at === "set" || step.at === "rest") acting.current?.focus();
  }, [step]);

  function begin(setNumber: number): void {
    times.current ??= { startedAt: following.now(), endedAt: following.now() };
    setStep({ at: "set", number: setNumber });
  }
  function finish(setNumber: number): void {
    if (times.current) times.current.endedAt = following.now();
    if (setNumber >= sets) setStep({ at: "entering", sets: setNumber });
    else if (restSeconds > 0) setStep({ at: "rest", number: setNumber });
    else begin(setNumber + 1);
  }

  return (
    <article class="exercise">
      <p class="soft">{say("exercise_of", { number, of })}</p>
      <StepHeading>{todo.name}</StepHeading>
      <ul class="prescribed">
        {prescribedIn(say, prescription).map((words) => (
          <li key={words}>{words}</li>
        ))}
      </ul>
      <Demonstration videoId={todo.videoId} place={place} name={todo.name} urlOf={urlOf} onEvent={onEvent} />
      <HowItIsDone todo={todo} isOpen={step.at === "ready"} />
      {isFollowed && step.at !== "entering" && (
        <CameraView camera={camera} onFrame={onFrame} onFailed={onCameraFailed} />
      )}
      {step.at === "ready" && (
        <p class="actions">
          <button type="button" class="main" onClick={() => begin(1)}>
            {say("begin_set", { number: 1, of: sets })}
          </button>
          <button type="button" onClick={() => setStep({ at: "entering", sets: 0 })}>
            {say("skip")}
          </button>
        </p>
      )}
      {step.at === "set" && (
        <section aria-label={say("set_of", { number: step.number, of: sets })}>
          <h2>{say("set_of", { number: step.number, of: sets })}</h2>
          {seconds && (
            <Timer
              key={step.number}
              seconds={seconds}
              label={say("time_left")}
              onOver={() => finish(step.number)}
            />
          )}
          {isFollowed && (
            <div class="counted" role="status">
              <p>{say("counted", { count: counted?.repetitions ?? 0 })}</p>
              <p class="soft">{say("counted_words")}</p>
            </div>
          )}
          <p class="actions">
            <button type="button" class="main" ref={acting} onClick={() => finish(step.number)}>
              {say("set_done")}
            </button>
            <button type="button" onClick={() => setStep({ at: "entering", sets: step.number - 1 })}>
              {say("end_exercise")}
            </button>
          </p>
        </section>
      )}
      {step.at === "rest" && (
        <section aria-label={say("rest")}>
          <h2>{say("rest")}</h2>
          <Timer
            key={step.number}
            seconds={restSeconds}
            label={say("rest_left")}
            onOver={() => begin(step.number + 1)}
          />
          <p class="actions">
            <button type="button" class="main" ref={acting} onClick={() => begin(step.number + 1)}>
              {say("begin_set", { number: step.number + 1, of: sets })}
            </button>
            <button type="button" onClick={() => setStep({ at: "entering", sets: step.number })}>
              {say("end_exercise")}
            </button>
          </p>
        </section>
      )}
      {step.at === "entering" && (
        <Entered
          prescription={prescription}
          sets={step.sets}
          onEntered={(amounts) => onDone(amounts, times.current)}
          onBack={step.sets === 0 ? () => setStep({ at: "ready" }) : null}
        />
      )}
    </article>
  );
}
