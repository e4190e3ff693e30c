import type { UUID } from "../../../client/index.ts";
import type { StartedRecording } from "../../capture/recordings.ts";
import type { Language } from "../../components/language.ts";

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

/** A session at home, as it stands in the list. */
export type Listed = {
  id: UUID;
  title: InBoth;
  dueOn: string;
  isStarted: boolean;
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
  list(): Promise<Listed[]>;
  start(session: UUID, acknowledged: UUID[]): Promise<{ recording: StartedRecording; exercises: ToDo[] }>;
  videoUrl(video: UUID): Promise<string>;
  enter(session: UUID, entry: Entry): Promise<void>;
  complete(session: UUID, pain: { before: number; after: number; at: string }): Promise<void>;
};
