import type { Client, GivenDatetime, LocalDate, UUID } from "../../../client/index.ts";
import { todayIn } from "../../components/calendar.ts";
import {
  CompleteSessionAtHomeDocument,
  EnterExerciseDocument,
  PlayExerciseVideoDocument,
  SessionsAtHomeDocument,
  type SessionsAtHomeQuery,
  StartSessionAtHomeDocument,
  type StartSessionAtHomeMutation,
} from "../../documents/generated/operations.ts";
import type { Door, InBoth, Listed, Prescription, ToDo, Warning } from "./door.ts";

type Row = SessionsAtHomeQuery["patientSessions"]["nodes"][number];
/** Parts of a session's JSON, as docs/guides/treatment_plans.md says. */
type Prescribed = {
  exerciseId: UUID;
  names: Partial<InBoth>;
  prescription: Prescription;
  contraindications: Found[];
};
type Found = { id: UUID; severity: Warning["severity"]; text: Partial<InBoth> };
type Tracking = { joints: string[]; view: "front" | "side" } | null;

/** Days before and after today that are listed: what was begun yesterday may be finished, and a week ahead is told. */
const BEFORE = -2;
const AHEAD = 7;

/** The sessions of a patient, and of those that they care for, as the API has them. */
export function doorOf(client: Client): Door {
  return {
    async list() {
      const [from, until] = [dayFromNow(BEFORE), dayFromNow(AHEAD)];
      const answer = await client.ask(SessionsAtHomeDocument, { from, until });
      return listedOf(answer);
    },

    async start(session, acknowledged) {
      const { startExerciseSession: started } = await client.ask(StartSessionAtHomeDocument, {
        session,
        acknowledged,
      });
      return {
        recording: {
          session: started.exerciseSession.id,
          patientSession: session,
          url: started.telemetryUrl,
          token: started.token,
          scopes: [...started.scopes],
          until: Date.parse(started.expiresAt),
        },
        exercises: toDoOf(started.exerciseSession.patientSession?.toDo ?? []),
      };
    },

    async videoUrl(renderId) {
      return (await client.ask(PlayExerciseVideoDocument, { render: renderId })).exerciseVideo.url;
    },

    async enter(patientSessionId, { clientId, performedAt, place, sets, reps, seconds }) {
      await client.ask(EnterExerciseDocument, {
        entry: {
          patientSessionId,
          clientId,
          performedAt: performedAt as GivenDatetime,
          place,
          sets,
          reps,
          seconds,
        },
      });
    },

    async complete(session, { before, after, at }) {
      await client.ask(CompleteSessionAtHomeDocument, { session, before, after, at: at as GivenDatetime });
    },
  };
}

function dayFromNow(days: number): LocalDate {
  const day = new Date();
  day.setUTCDate(day.getUTCDate() + days);
  return day.toISOString().slice(0, 10) as LocalDate;
}

/** Sessions at home that can still be done, of whoever asks and of those that they care for. */
function listedOf({ me, patientSessions, myConsents }: SessionsAtHomeQuery): Listed[] {
  const people = new Map(me.patientProfiles.nodes.map((one) => [one.id, one]));
  const holds = (code: string, of: Row | null) =>
    myConsents.nodes.some(
      ({ purposeCode, organizationId, patientProfileId, state }) =>
        purposeCode === code &&
        (of === null || (organizationId === of.organizationId && patientProfileId === of.patientProfileId)) &&
        (state === "GRANTED" || state === "OLDER_VERSION"),
    );
  return patientSessions.nodes.flatMap((row) => {
    const person = people.get(row.patientProfileId);
    if (!person || row.place !== "HOME" || !["DUE", "STARTED"].includes(row.status)) return [];
    const organization = row.patient?.organization;
    const exercises = row.exercises as Prescribed[];
    return {
      id: row.id,
      title: inBoth(row.title as Partial<InBoth>),
      dueOn: row.dueOn,
      isStarted: row.status === "STARTED",
      isDue:
        row.status === "STARTED" || (organization != null && row.dueOn <= todayIn(organization.timezone)),
      clinic: organization?.name ?? "",
      person: people.size > 1 ? `${person.givenName} ${person.familyName}` : null,
      exercises: exercises.map(({ names, prescription }, i) => ({
        place: i + 1,
        name: inBoth(names),
        prescription,
      })),
      warnings: warningsOf(exercises, row.laterContraindications as (Found & { exerciseId: UUID })[]),
      done: row.exerciseLogs.nodes.flatMap(({ place, performedAt }) => (performedAt ? [place] : [])),
      agrees: { pose: holds("biometric_capture", row), media: holds("analytics", null) },
    };
  });
}

/** Each contraindication once, those that forbid first: of what was prescribed, and what the library has come to know since. */
function warningsOf(exercises: Prescribed[], later: (Found & { exerciseId: UUID })[]): Warning[] {
  const nameOf = new Map(exercises.map(({ exerciseId, names }) => [exerciseId, inBoth(names)]));
  const all = [
    ...exercises.flatMap(({ exerciseId, contraindications }) =>
      contraindications.map((one) => ({ ...one, exerciseId })),
    ),
    ...later,
  ].map(({ id, severity, text, exerciseId }) => ({
    id,
    severity,
    text: inBoth(text),
    exercise: nameOf.get(exerciseId) ?? inBoth({}),
  }));
  const order = { absolute: 0, relative: 1, caution: 2 };
  return [...new Map(all.map((one) => [one.id, one])).values()].sort(
    (a, b) => order[a.severity] - order[b.severity],
  );
}

/** What is not there in one language is shown in the other rather than left out. */
function inBoth({ ro, en }: Partial<InBoth>): InBoth {
  return { ro: ro ?? en ?? "", en: en ?? ro ?? "" };
}

type Asked = NonNullable<
  StartSessionAtHomeMutation["startExerciseSession"]["exerciseSession"]["patientSession"]
>["toDo"];

function toDoOf(asked: Asked): ToDo[] {
  return asked.flatMap(({ place, prescription, tracking, exercise }) => {
    if (place === null || !exercise) return [];
    const { joints, view } = (tracking as Tracking) ?? { joints: null, view: null };
    return {
      place,
      name: exercise.name,
      description: exercise.description,
      prescription: prescription as Prescription,
      instructions: exercise.instructions.map(({ kind, text }) => ({ kind: lower(kind), text })),
      warnings: exercise.contraindications.map(({ id, severity, text }) => ({
        id,
        severity: lower(severity),
        text,
      })),
      joints,
      view,
      videoId: exercise.renderId,
    };
  });
}

const lower = <Word extends string>(word: Word) => word.toLowerCase() as Lowercase<Word>;
