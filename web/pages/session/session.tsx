import { useState } from "preact/hooks";
import type { UUID } from "../../../client/index.ts";
import { clock } from "../../capture/player.ts";
import type { SessionRecording } from "../../capture/recording.ts";
import { type Failure, failureOf } from "../../components/failure.ts";
import { FailureNotice } from "../../components/notice.tsx";
import { useTexts } from "../../components/texts.ts";
import { sessionTexts } from "../../texts/session/index.ts";
import { After } from "./after.tsx";
import { Done } from "./done.tsx";
import type { AskedForm, Door, Listed, ToDo } from "./door.ts";
import type { Amounts } from "./entered.tsx";
import { Exercise } from "./exercise.tsx";
import { Prepare, type Prepared } from "./prepare.tsx";
import { progressOf } from "./progress.ts";
import { Recorded } from "./recorded.tsx";
import { useCamera } from "./use_camera.ts";
import type { Recordings } from "./use_recordings.ts";
import { useSending } from "./use_sending.ts";

type Started = { exercises: ToDo[]; recording: SessionRecording };

/** One session from what is prescribed to what was done. It goes on where an earlier page was left. */
export function Session({
  session,
  door,
  recordings,
  onLeave,
}: {
  session: Listed;
  door: Door;
  recordings: Recordings;
  onLeave(): void;
}) {
  const say = useTexts(sessionTexts);
  // What is done once more is a session from its beginning on.
  const [{ begun, progress }, setBegun] = useState(() => ({
    begun: typeof session.begins === "string" ? session.begins : (null as UUID | null),
    progress: progressOf(session.id, localStorage),
  }));
  const sending = useSending({ session: begun, door, progress });
  const camera = useCamera();
  const [started, setStarted] = useState<Started | null>(null);
  const [isStarting, setStarting] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [place, setPlace] = useState<number | null>(null);
  const [done, setDone] = useState<{ form: AskedForm | null } | null>(null);

  const doneAlready = new Set([...session.done, ...progress.now.entries.map((entry) => entry.place)]);
  const nextOf = (exercises: ToDo[], after = 0) =>
    exercises.find((one) => one.place > after && !doneAlready.has(one.place))?.place ??
    exercises.find((one) => !doneAlready.has(one.place))?.place ??
    null;

  async function begin({ acknowledged, painBefore }: Prepared): Promise<void> {
    progress.write({ acknowledged, painBefore });
    setFailure(null);
    setStarting(true);
    try {
      const { recording, exercises } = await door.start(session.begins, acknowledged);
      if (begun !== recording.patientSession) {
        const own = progressOf(recording.patientSession, localStorage);
        own.write({ acknowledged, painBefore });
        progress.forget();
        setBegun({ begun: recording.patientSession, progress: own });
      }
      const opened = await recordings.begin(recording);
      setPlace(nextOf(exercises));
      setStarted({ recording: opened, exercises });
    } catch (error) {
      setFailure(failureOf(error, say("offline")));
    }
    setStarting(false);
  }

  function enter(todo: ToDo, amounts: Amounts, times: { startedAt: number; endedAt: number } | null): void {
    if (times) started?.recording.did(todo.place, times.startedAt, times.endedAt);
    sending.enter({
      place: todo.place,
      clientId: crypto.randomUUID() as never,
      performedAt: new Date().toISOString(),
      ...amounts,
    });
    doneAlready.add(todo.place);
    setPlace(started && nextOf(started.exercises, todo.place));
  }

  async function complete(painAfter: number): Promise<void> {
    camera.close();
    progress.write({ painAfter, completedAt: progress.now.completedAt ?? new Date().toISOString() });
    setFailure(null);
    try {
      const form = await sending.complete();
      void started?.recording.end();
      progress.forget();
      setDone({ form });
    } catch (error) {
      setFailure(failureOf(error, say("offline_complete")));
    }
  }

  if (!started)
    return (
      <>
        <FailureNotice failure={failure} />
        <Prepare
          session={session}
          known={progress.now}
          camera={camera.state}
          isWaiting={isStarting}
          onCamera={(isWanted) => (isWanted ? camera.open() : camera.close())}
          onBegin={(prepared) => void begin(prepared)}
          onBack={() => {
            camera.close();
            onLeave();
          }}
        />
      </>
    );
  const { exercises, recording } = started;
  const state = recordings.stateOf(recording);
  if (done) return <Done state={state} form={done.form} onLeave={onLeave} />;
  const current = exercises.find((one) => one.place === place);
  return (
    <>
      <Recorded
        state={state}
        followsBody={camera.state.opened !== null}
        onStop={(stream) => {
          void recording.stop(stream);
          if (stream === "pose") camera.close();
        }}
      />
      <div role="status">{sending.isWaiting && <p class="notice">{say("offline_entries")}</p>}</div>
      {camera.state.problem && <p class="notice">{say(`camera_${camera.state.problem}`)}</p>}
      {current ? (
        <Exercise
          key={current.place}
          todo={current}
          number={exercises.indexOf(current) + 1}
          of={exercises.length}
          camera={state.pose ? camera.state.opened : null}
          following={{ frame: recording.frame, now: clock }}
          urlOf={door.videoUrl}
          onEvent={recording.event}
          onDone={(amounts, times) => enter(current, amounts, times)}
          onCameraFailed={camera.fail}
        />
      ) : (
        <>
          <FailureNotice failure={failure} />
          <After known={progress.now.painAfter} onDone={complete} />
        </>
      )}
    </>
  );
}
