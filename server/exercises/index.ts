import type { Pool } from "pg";
import {
  ExerciseVideoDelayed,
  ExerciseVideoRefused,
  type ExerciseVideos,
} from "../../providers/exercise_video/index.ts";
import { CredentialsRefused } from "../../providers/failures.ts";
import { Refusal } from "../../runtime/refusal.ts";
import { asCaller } from "../http/transaction.ts";
import type { Settings } from "../identity/session.ts";

/** What the schema does with videos of exercises beyond SQL. */
export type ExerciseScreens = {
  /** Where a video is played for some minutes, for whoever may see it. */
  play(settings: Settings, renderId: string): Promise<{ url: string; expiresAt: string }>;
};

export function createExerciseScreens({
  pool,
  videos,
}: {
  pool: Pool;
  videos: ExerciseVideos;
}): ExerciseScreens {
  return {
    async play(settings, renderId) {
      const { rows } = await asCaller(
        pool,
        settings,
        (client) =>
          client.query<{ provider: string; video_id: string }>(
            "select * from app_hidden.exercise_video($1)",
            [renderId],
          ),
        { readOnly: true },
      );
      const [video] = rows;
      // What another provider has from before cannot be asked for here; what a vendor still prepares cannot be played yet.
      const playback =
        video?.provider === videos.provider ? await playable(videos.playback(video.video_id)) : null;
      if (!playback) throw new Refusal("NOT_FOUND", "exercise_video_not_found");
      return { url: playback.url, expiresAt: playback.expiresAt.toISOString() };
    },
  };
}

/** What the provider refuses for good is as if there was none; nobody who asks can mend the rest. */
async function playable<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ExerciseVideoRefused) return null;
    if (error instanceof ExerciseVideoDelayed || error instanceof CredentialsRefused)
      throw new Refusal("UNAVAILABLE", "storage_unavailable");
    throw error;
  }
}
