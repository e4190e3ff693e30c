import { useContext, useState } from "preact/hooks";
import type { Client, UUID } from "../../client/index.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { locales } from "../components/language.ts";
import { FailureNotice } from "../components/notice.tsx";
import { LanguageContext, useTexts } from "../components/texts.ts";
import { TrendOfExerciseDocument, type TrendOfExerciseQuery } from "../documents/generated/operations.ts";
import { textIn } from "../exercises/draft.ts";
import { treatmentTexts } from "../texts/treatment/index.ts";
import { Chart } from "./chart.tsx";
import type { Prescribed } from "./plan.ts";
import { inDegrees } from "./recordings.tsx";

type Point = TrendOfExerciseQuery["exerciseTrend"]["nodes"][number];

/** How a patient gets on with an exercise, recording by recording: repetitions beside those prescribed, and the range of motion. */
export function Trend({
  client,
  patient,
  exercise,
}: {
  client: Client;
  patient: UUID;
  exercise: Prescribed;
}) {
  const say = useTexts(treatmentTexts);
  const language = useContext(LanguageContext);
  const [points, setPoints] = useState<readonly Point[] | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const name = textIn(exercise.names, language);
  const show = async () => {
    setFailure(null);
    try {
      const asked = { patient, exercise: exercise.exerciseId as UUID };
      setPoints((await client.ask(TrendOfExerciseDocument, asked)).exerciseTrend.nodes);
    } catch (error) {
      setFailure(failureOf(error, say("offline")));
    }
  };
  if (!points)
    return (
      <>
        <FailureNotice failure={failure} />
        <button type="button" onClick={() => void show()}>
          {say("show_trend", { exercise: name })}
        </button>
      </>
    );
  if (points.length === 0) return <p>{say("no_trend", { exercise: name })}</p>;
  const day = new Intl.DateTimeFormat(locales[language], { dateStyle: "medium" });
  const places = points.map(({ startedAt }) => day.format(new Date(startedAt)));
  const counts = points.flatMap(({ reps, prescribedReps }) => [reps, prescribedReps ?? 0]);
  return (
    <>
      <Chart
        title={say("repetitions_of", { exercise: name })}
        places={places}
        placesTitle={say("session")}
        least={0}
        most={Math.max(10, ...counts)}
        lines={[
          { name: say("actual"), values: points.map(({ reps }) => reps) },
          { name: say("prescribed"), values: points.map(({ prescribedReps }) => prescribedReps) },
        ]}
      />
      <Chart
        title={say("range_of", { exercise: name })}
        places={places}
        placesTitle={say("session")}
        least={0}
        most={180}
        unit="°"
        lines={[{ name: say("range"), values: points.map(inDegrees) }]}
      />
    </>
  );
}
