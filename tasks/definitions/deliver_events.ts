import { z } from "zod";
import { consumers } from "../consumer_registry.ts";
import { drain } from "../drain.ts";
import { defineTask } from "../task.ts";

/** Tells a consumer, in order, everything that is pending about one subject. FND-14. */
export default defineTask({
  payload: z.object({ consumer: z.string(), subjectId: z.uuid() }),

  run: (job, helpers) => drain(consumers, job, helpers),
});
