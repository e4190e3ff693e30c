/** A video that is to be kept, and by what it is known again. */
export type NewVideo = {
  /** SHA-256 of what it was made of, in hex: a second video of the same is the first. */
  key: string;
  /** The exercise; its videos lie together. */
  slug: string;
  language: "ro" | "en";
  /** Where it goes in the object store, if that is where it goes. */
  objectKey: string;
  /** An MP4 that browsers play. */
  bytes: Buffer;
};

export type KeptVideo = {
  videoId: string;
  /** Where it lies in the object store, if it is there. */
  objectKey: string | null;
  /** Under which collection the vendor keeps the videos of this exercise; null where there is none. */
  collectionId: string | null;
};

/** A URL that a `<video>` plays, for a few minutes. */
export type Playback = { url: string; expiresAt: Date };

/**
 * Videos of exercises (EXL-05). Each rejects with ExerciseVideoDelayed where trying again is worth it, with CredentialsRefused when
 * our account is not accepted, and with ExerciseVideoRefused when the vendor never will.
 */
export interface ExerciseVideos {
  readonly provider: "bunny" | "local";
  /** Keeps a video, or finds it kept by an earlier try, and the collection of its exercise likewise. */
  keep(video: NewVideo): Promise<KeptVideo>;
  /** Whether it can be played: vendors take minutes to prepare one. Null: there is none. */
  state(videoId: string): Promise<"preparing" | "playable" | "failed" | null>;
  /** Null: there is none that can be played. */
  playback(videoId: string): Promise<Playback | null>;
  /** Takes it away; one that is not there any more is well. */
  remove(videoId: string): Promise<void>;
}

/** For how long a URL plays, in seconds. */
export const PLAYBACK_SECONDS = 15 * 60;

export class ExerciseVideoRefused extends Error {
  override name = "ExerciseVideoRefused";
}

export class ExerciseVideoDelayed extends Error {
  override name = "ExerciseVideoDelayed";
  /** When the vendor wants to be asked again, in seconds; null: it did not say. */
  readonly retryAfter: number | null;

  constructor(message: string, retryAfter: number | null = null) {
    super(message);
    this.retryAfter = retryAfter;
  }
}
