import { useContext, useEffect, useState } from "preact/hooks";
import { type Client, Unreachable, type UUID } from "../../client/index.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { locales } from "../components/language.ts";
import { lazily } from "../components/lazily.tsx";
import { FailureNotice } from "../components/notice.tsx";
import { Waiting } from "../components/page.tsx";
import { LanguageContext, useTexts } from "../components/texts.ts";
import {
  OpenReplayDocument,
  RecordingsOfSessionDocument,
  type RecordingsOfSessionQuery,
} from "../documents/generated/operations.ts";
import { textIn } from "../exercises/draft.ts";
import { treatmentTexts } from "../texts/treatment/index.ts";
import { Chart } from "./chart.tsx";
import type { Prescribed } from "./plan.ts";

const Replay = lazily(async () => (await import("./replay.tsx")).Replay);

type Recording = NonNullable<RecordingsOfSessionQuery["patientSession"]>["exerciseSessions"]["nodes"][number];

/** What was recorded of a session, as the patient agreed: what the camera counted of each exercise, and the movement once more. */
export function Recordings({
  client,
  session,
  exercises,
}: {
  client: Client;
  session: UUID;
  exercises: readonly Prescribed[];
}) {
  const say = useTexts(treatmentTexts);
  const [recordings, setRecordings] = useState<readonly Recording[] | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  useEffect(() => {
    client
      .ask(RecordingsOfSessionDocument, { session })
      .then(({ patientSession }) => setRecordings(patientSession?.exerciseSessions.nodes ?? []))
      .catch((error: unknown) => setFailure(failureOf(error, say("offline"))));
  }, [client, session]);
  return (
    <>
      <h4>{say("recorded")}</h4>
      <FailureNotice failure={failure} />
      {!recordings && !failure && <Waiting>{say("loading")}</Waiting>}
      {recordings?.length === 0 && <p>{say("nothing_recorded")}</p>}
      {recordings?.map((recording) => (
        <OneRecording key={recording.id} client={client} recording={recording} exercises={exercises} />
      ))}
    </>
  );
}

function OneRecording({
  client,
  recording,
  exercises,
}: {
  client: Client;
  recording: Recording;
  exercises: readonly Prescribed[];
}) {
  const say = useTexts(treatmentTexts);
  const language = useContext(LanguageContext);
  const [isShown, setShown] = useState(false);
  const at = new Intl.DateTimeFormat(locales[language], { dateStyle: "medium", timeStyle: "short" });
  const metrics = newest(recording.poseMetrics.nodes);
  const repetitions = newest(recording.repetitions.nodes);
  const load = async () => {
    const { url } = (await client.ask(OpenReplayDocument, { recording: recording.id })).openReplay;
    const answer = await fetch(url, { referrerPolicy: "no-referrer" }).catch((cause: unknown) => {
      throw new Unreachable("The recording could not be reached.", { cause });
    });
    if (!answer.ok) throw new Unreachable(`The store answered with status ${answer.status}.`);
    return new Uint8Array(await answer.arrayBuffer());
  };
  return (
    <>
      <p class="soft">{at.format(new Date(recording.startedAt))}</p>
      {metrics.length === 0 && <p>{say("nothing_measured")}</p>}
      {metrics.map((one) => {
        const exercise = exercises[one.place - 1];
        const name = exercise ? textIn(exercise.names, language) : "";
        const ranges = repetitions.filter(({ place }) => place === one.place);
        return (
          <section key={one.id} aria-label={say("measured_of", { exercise: name })}>
            <dl class="facts">
              <dt>{name}</dt>
              <dd>
                {say("amount_sets", { count: one.sets })}, {say("amount_reps", { count: one.reps })} (
                {say("source_POSE")})
              </dd>
              {one.rangeDegrees !== null && (
                <>
                  <dt>{say("range")}</dt>
                  <dd>{Math.round(Number(one.rangeDegrees))}°</dd>
                </>
              )}
            </dl>
            {ranges.length > 1 && (
              <Chart
                title={say("range_of_repetitions", { exercise: name })}
                places={ranges.map(({ number }) => String(number))}
                placesTitle={say("repetition")}
                least={0}
                most={180}
                unit="°"
                lines={[{ name: say("range"), values: ranges.map((repetition) => inDegrees(repetition)) }]}
              />
            )}
          </section>
        );
      })}
      {recording.replayState === "KEPT" &&
        (isShown ? (
          <Replay load={load} exercises={exercises} />
        ) : (
          <p class="actions">
            <button type="button" onClick={() => setShown(true)}>
              {say("show_replay")}
            </button>
          </p>
        ))}
      {(recording.replayState === "ARCHIVED" || recording.replayState === "REMOVED") && (
        <p>{say(`replay_${recording.replayState}`)}</p>
      )}
    </>
  );
}

/** Of each exercise what the newest version of the algorithm says: never two beside each other. */
function newest<T extends { place: number; algorithmVersion: number }>(rows: readonly T[]): T[] {
  return rows.filter(({ place, algorithmVersion }) =>
    rows.every((other) => other.place !== place || other.algorithmVersion <= algorithmVersion),
  );
}

export function inDegrees({ rangeDegrees }: { rangeDegrees: unknown }): number | null {
  return rangeDegrees === null ? null : Math.round(Number(rangeDegrees));
}
