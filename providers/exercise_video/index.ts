import { z } from "zod";
import { together } from "../../runtime/config_error.ts";
import { readVariable } from "../../runtime/environment/variable.ts";
import type { ObjectStores } from "../storage/port.ts";
import { bunnyVideos } from "./bunny.ts";
import type { BunnyLibrary } from "./bunny_client.ts";
import { localVideos } from "./local.ts";
import type { ExerciseVideos } from "./port.ts";

export { ExerciseVideoDelayed, ExerciseVideoRefused, type ExerciseVideos } from "./port.ts";

/**
 * Chooses where videos of exercises are kept (EXL-05): the library at Bunny Stream that BUNNY_STREAM_API_KEY opens, else the object
 * store of the deployment.
 */
export function exerciseVideosFrom(env: NodeJS.ProcessEnv, stores: ObjectStores): ExerciseVideos {
  return env.BUNNY_STREAM_API_KEY ? bunnyVideos(bunnyLibrary(env)) : localVideos(stores);
}

const key = z.string().min(16);

/** Throws a ConfigError that names what is missing of the library. */
function bunnyLibrary(env: NodeJS.ProcessEnv): BunnyLibrary {
  const [apiKey, libraryId, host, tokenKey, apiUrl] = together(
    () =>
      readVariable(env, "BUNNY_STREAM_API_KEY", { schema: key, expects: "the API key of a video library" }),
    () =>
      readVariable(env, "BUNNY_STREAM_LIBRARY_ID", {
        schema: z.string().regex(/^\d{1,18}$/),
        expects: "the number of a video library",
      }),
    () =>
      readVariable(env, "BUNNY_STREAM_HOST", {
        schema: z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/),
        expects: "the host of the library's pull zone",
      }),
    () =>
      readVariable(env, "BUNNY_STREAM_TOKEN_KEY", {
        schema: key,
        expects: "the token authentication key of the pull zone",
      }),
    () => anotherUrl(env),
  );
  return { apiKey, libraryId, host, tokenKey, ...(apiUrl && { apiUrl }) };
}

/** BUNNY_STREAM_API_URL: another server that speaks Bunny's protocol. */
function anotherUrl(env: NodeJS.ProcessEnv): string | undefined {
  if (!env.BUNNY_STREAM_API_URL) return undefined;
  // The library's key goes there: never over the network in the clear.
  const protocol = env.APP_MODE === "production" ? /^https$/ : /^https?$/;
  const another = { schema: z.url({ protocol }), expects: "an https URL" };
  return readVariable(env, "BUNNY_STREAM_API_URL", another).replace(/\/+$/, "");
}
