import { byFile } from "../runtime/by_file.ts";
import type { Consumer } from "./consumer.ts";

/** Who is told about events, by the names of app_private.event_consumers: each a file of consumers/. FND-14. */
export const consumers: Record<string, Consumer> = await byFile(
  new URL("./consumers/", import.meta.url),
  (found): found is Consumer => typeof found === "function",
  "a consumer",
);
