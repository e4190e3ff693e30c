import type { Client, GivenDatetime, LocalDate, UUID } from "../../../client/index.ts";
import { todayIn } from "../../components/calendar.ts";
import {
  CompleteSessionAtHomeDocument,
  EnterExerciseDocument,
  type FormAfterSessionFragment,
  PlayExerciseVideoDocument,
  type SessionAtHomeFragment,
  SessionsAtHomeDocument,
  type SessionsAtHomeQuery,
  SessionsOnceMoreDocument,
  type SessionsOnceMoreQuery,
  StartSessionAtHomeDocument,
  type StartSessionAtHomeMutation,
} from "../../documents/generated/operations.ts";
import type { AllowedPlan, AskedForm, Door, InBoth, Listed, Prescription, ToDo, Warning } from "./door.ts";
import { formsOf } from "./filled.ts";

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
      return { sessions: listedOf(answer), allowed: allowedIn(answer), forms: askedIn(answer) };
    },

    async onceMore(plan) {
      const { patientTreatmentPlan } = await client.ask(SessionsOnceMoreDocument, { plan: plan.id });
      return patientTreatmentPlan ? againOf(plan, patientTreatmentPlan) : [];
    },

    async start(begins, acknowledged) {
      const { startExerciseSession: started } = await client.ask(StartSessionAtHomeDocument, {
        ...(typeof begins === "string" ? { session: begins } : begins),
        acknowledged,
      });
      return {
        recording: {
          session: started.exerciseSession.id,
          patientSession: started.exerciseSession.patientSessionId,
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
      const { completeSession } = await client.ask(CompleteSessionAtHomeDocument, {
        session,
        before,
        after,
        at: at as GivenDatetime,
      });
      const form = completeSession.patientSession?.form;
      return form && isOpen(form) ? { id: form.id, title: titleOf(form), about: null } : null;
    },

    ...formsOf(client),
  };
}

function dayFromNow(days: number): LocalDate {
  const day = new Date();
  day.setUTCDate(day.getUTCDate() + days);
  return day.toISOString().slice(0, 10) as LocalDate;
}

/** Sessions at home that can still be done, of whoever asks and of those that they care for. */
function listedOf(answer: SessionsAtHomeQuery): Listed[] {
  return answer.patientSessions.nodes.flatMap((row) => {
    if (!peopleIn(answer).has(row.patientProfileId) || row.place !== "HOME") return [];
    if (row.status !== "DUE" && row.status !== "STARTED") return [];
    const organization = row.patient?.organization;
    const isStarted = row.status === "STARTED";
    return {
      ...shownOf(row),
      id: row.id,
      begins: row.id,
      isStarted,
      isDue: isStarted || (organization != null && row.dueOn <= todayIn(organization.timezone)),
      person: nameIn(answer, row.patientProfileId),
      done: row.exerciseLogs.nodes.flatMap(({ place, performedAt }) => (performedAt ? [place] : [])),
      agrees: agreedIn(answer, row),
    };
  });
}

/** What a session shows of itself, whether it is due or done once more. */
function shownOf(row: SessionAtHomeFragment) {
  const exercises = row.exercises as Prescribed[];
  return {
    title: inBoth(row.title as Partial<InBoth>),
    dueOn: row.dueOn,
    isExtra: row.isExtra,
    clinic: row.patient?.organization?.name ?? "",
    exercises: exercises.map(({ names, prescription }, i) => ({
      place: i + 1,
      name: inBoth(names),
      prescription,
    })),
    warnings: warningsOf(exercises, row.laterContraindications as (Found & { exerciseId: UUID })[]),
  };
}

/** Plans under way that allow more than is due, of whoever asks and of those that they care for. */
function allowedIn(answer: SessionsAtHomeQuery): AllowedPlan[] {
  return answer.patientTreatmentPlans.nodes.flatMap((plan) =>
    plan.allowsExtraSessions && plan.status === "ACTIVE" && peopleIn(answer).has(plan.patientProfileId)
      ? {
          id: plan.id,
          name: plan.version?.treatmentPlan?.name ?? "",
          person: nameIn(answer, plan.patientProfileId),
          agrees: agreedIn(answer, plan),
        }
      : [],
  );
}

type Enrolment = NonNullable<SessionsOnceMoreQuery["patientTreatmentPlan"]>;

/** Each session at home of the version that the patient has, once; without those that can be done in the list above. */
function againOf(plan: AllowedPlan, { versionId, sessions }: Enrolment): Listed[] {
  const ofVersion = sessions.nodes.filter((row) => row.versionId === versionId && row.place === "HOME");
  const waits = ({ status, isExtra, dueOn, patient }: SessionAtHomeFragment) =>
    status === "STARTED" ||
    (status === "DUE" && (isExtra || dueOn <= todayIn(patient?.organization?.timezone ?? "UTC")));
  const open = new Set(ofVersion.filter(waits).map(({ position }) => position));
  const once = new Map(ofVersion.map((row) => [row.position, row]));
  return [...once.values()]
    .filter(({ position }) => !open.has(position))
    .sort((a, b) => a.position - b.position)
    .map((row) => ({
      ...shownOf(row),
      id: `${plan.id} ${row.position}`,
      begins: { plan: plan.id, position: row.position },
      isStarted: false,
      isExtra: true,
      isDue: true,
      person: plan.person,
      done: [],
      agrees: plan.agrees,
    }));
}

/** Forms after sessions that nobody has completed yet. */
function askedIn(answer: SessionsAtHomeQuery): AskedForm[] {
  return answer.withForms.nodes.flatMap(({ patientProfileId, title, form }) =>
    form && isOpen(form) && peopleIn(answer).has(patientProfileId)
      ? { id: form.id, title: titleOf(form), about: inBoth(title as Partial<InBoth>) }
      : [],
  );
}

function titleOf({ snapshot }: FormAfterSessionFragment): InBoth {
  return inBoth((snapshot as { title: Partial<InBoth> }).title);
}

function isOpen({ status }: FormAfterSessionFragment): boolean {
  return status === "PENDING" || status === "IN_PROGRESS";
}

function peopleIn({ me }: SessionsAtHomeQuery) {
  return new Map(me.patientProfiles.nodes.map((one) => [one.id, one]));
}

/** Whose it is, where somebody cares for others as well. */
function nameIn(answer: SessionsAtHomeQuery, profile: UUID): string | null {
  const people = peopleIn(answer);
  const person = people.get(profile);
  return person && people.size > 1 ? `${person.givenName} ${person.familyName}` : null;
}

/** What the patient of a session agrees to at its clinic, and whoever looks on this device. */
function agreedIn(
  { myConsents }: SessionsAtHomeQuery,
  of: { organizationId: UUID; patientProfileId: UUID },
): Listed["agrees"] {
  const held = myConsents.nodes.filter(({ state }) => state === "GRANTED" || state === "OLDER_VERSION");
  return {
    pose: held.some(
      ({ purposeCode, organizationId, patientProfileId }) =>
        purposeCode === "biometric_capture" &&
        organizationId === of.organizationId &&
        patientProfileId === of.patientProfileId,
    ),
    media: held.some(({ purposeCode }) => purposeCode === "analytics"),
  };
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
