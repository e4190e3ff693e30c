import type { UUID } from "../../../client/index.ts";
import type { StartedRecording } from "../../capture/recordings.ts";
import type { Language } from "../../components/language.ts";
import type { Answers, Content } from "../../forms/content.ts";

export type InBoth = Record<Language, string>;
/** A contraindication: of the version that was prescribed, or one that the library has come to know since. */
export type Warning = {
  id: UUID;
  severity: "absolute" | "relative" | "caution";
  text: InBoth;
  exercise: InBoth;
};

/** What is prescribed of an exercise (docs/guides/treatment_plans.md). */
export type Prescription = {
  sets: number;
  reps?: number | null;
  seconds?: number | null;
  restSeconds: number;
  tempo?: { up: number; hold: number; down: number } | null;
  side?: "left" | "right" | "both" | "alternate" | null;
};

/** What begins: a session that is due, or one of a plan once more. */
export type Begins = UUID | { plan: UUID; position: number };

/** A session at home, as it stands in the list. */
export type Listed = {
  /** What this page knows it by: that of the session, where there is one already. */
  id: string;
  begins: Begins;
  title: InBoth;
  dueOn: string;
  isStarted: boolean;
  /** It is done beyond what is due. */
  isExtra: boolean;
  /** It can be done today: by the calendar of the clinic, wherever the patient is. */
  isDue: boolean;
  clinic: string;
  /** Whose it is, where somebody cares for others as well. */
  person: string | null;
  exercises: { place: number; name: InBoth; prescription: Prescription }[];
  warnings: Warning[];
  /** Places of exercises that were entered already. */
  done: number[];
  /** What the patient agrees to: that the body is followed, and that the use of videos is. */
  agrees: { pose: boolean; media: boolean };
};

/** A plan under way whose sessions may be done once more. */
export type AllowedPlan = { id: UUID; name: string; person: string | null; agrees: Listed["agrees"] };

/** A form that is asked after a session and is not complete; what session it is about, where that is not clear. */
export type AskedForm = { id: UUID; title: InBoth; about: InBoth | null };

export type FormToFill = {
  id: UUID;
  content: Content;
  answers: Answers;
  /** It can still be answered. */
  isOpen: boolean;
  /** Somebody signs it once it is complete. */
  isSigned: boolean;
};

/** Where on this page a form is filled in. */
export const placeOfForm = (id: UUID) => `#form=${id}`;

/** The form that an address leads to. */
export function formAt(hash: string): UUID | null {
  return (/^#form=([0-9a-f-]{36})$/.exec(hash)?.[1] ?? null) as UUID | null;
}

/** An exercise as it is shown and followed. */
export type ToDo = {
  place: number;
  name: string;
  description: string;
  prescription: Prescription;
  instructions: { kind: "setup" | "step" | "breathing" | "caution" | "end"; text: string }[];
  warnings: { id: UUID; severity: Warning["severity"]; text: string }[];
  joints: string[] | null;
  view: "front" | "side" | null;
  videoId: UUID | null;
};

export type Entry = {
  place: number;
  clientId: UUID;
  performedAt: string;
  sets: number;
  reps: number | null;
  seconds: number | null;
};

/** What the page asks of the API. Each rejects with a refusal, or as unreachable. */
export type Door = {
  list(): Promise<{ sessions: Listed[]; allowed: AllowedPlan[]; forms: AskedForm[] }>;
  /** The sessions of a plan that can be done once more today. */
  onceMore(plan: AllowedPlan): Promise<Listed[]>;
  start(begins: Begins, acknowledged: UUID[]): Promise<{ recording: StartedRecording; exercises: ToDo[] }>;
  videoUrl(video: UUID): Promise<string>;
  enter(session: UUID, entry: Entry): Promise<void>;
  /** Resolves to the form that is asked after it, if one is. */
  complete(session: UUID, pain: { before: number; after: number; at: string }): Promise<AskedForm | null>;
  /** Null: there is none, or it is somebody else's. */
  form(id: UUID): Promise<FormToFill | null>;
  saveForm(form: FormToFill, answers: Answers): Promise<void>;
  completeForm(form: FormToFill, answers: Answers): Promise<void>;
  sendFile(form: UUID, file: File): Promise<UUID>;
};
