import { CredentialsRefused } from "../failures.ts";
import type { ObjectStore, ObjectStores } from "../storage/port.ts";
import { ExerciseVideoDelayed, ExerciseVideoRefused, type ExerciseVideos, PLAYBACK_SECONDS } from "./port.ts";

/** How keys of videos look: whatever else is asked for is not there. */
const isOurs = (key: string) => /^exercise-renders\/[a-z0-9-]{1,80}\/[a-z0-9-]{1,80}\.mp4$/.test(key);

/** Videos in the object store of the deployment, whose signed URLs a browser plays (EXL-05). A video's id is its key there. */
export function localVideos(stores: ObjectStores): ExerciseVideos {
  const use = async <T>(what: (store: ObjectStore) => Promise<T>): Promise<T> => {
    try {
      return await what(await stores.for(null));
    } catch (error) {
      if (error instanceof CredentialsRefused) throw error;
      throw new ExerciseVideoDelayed("the object store cannot be asked");
    }
  };

  return {
    provider: "local",

    async keep({ objectKey, bytes }) {
      if (!isOurs(objectKey)) throw new ExerciseVideoRefused("videos do not lie there");
      await use((store) => store.put(objectKey, bytes, { contentType: "video/mp4" }));
      return { videoId: objectKey, objectKey, collectionId: null };
    },

    async state(videoId) {
      if (!isOurs(videoId)) return null;
      return (await use((store) => store.head(videoId))) ? "playable" : null;
    },

    async playback(videoId) {
      if (!isOurs(videoId)) return null;
      const asked = {
        filename: "exercise.mp4",
        contentType: "video/mp4",
        expiresInSeconds: PLAYBACK_SECONDS,
      };
      return use((store) => store.presignDownload(videoId, asked));
    },

    async remove(videoId) {
      if (isOurs(videoId)) await use((store) => store.delete(videoId));
    },
  };
}
