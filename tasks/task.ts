import type { JobHelpers, Task } from "graphile-worker";
import type { z } from "zod";
import type { Mailers } from "../providers/email/index.ts";
import type { ObjectStores } from "../providers/storage/port.ts";
import { describeFailure } from "./failure.ts";

/** What tasks reach the outside with. */
export type Outside = { mailers: Mailers; objects: ObjectStores };

/** A task with the shape of its payload; payloads carry ids, never personal data. */
export type TaskDefinition<Payload extends z.ZodType = z.ZodType> = {
  payload: Payload;
  run(payload: z.output<Payload>, helpers: JobHelpers, outside: Outside): Promise<void>;
};

/** Types `run` by the schema beside it. */
export function defineTask<Payload extends z.ZodType>(
  task: TaskDefinition<Payload>,
): TaskDefinition<Payload> {
  return task;
}

/** The task as the queue calls it: payload checked first, failures told without what they might quote. */
export function toTask(task: TaskDefinition, outside: Outside): Task {
  return async (raw, helpers) => {
    try {
      await task.run(task.payload.parse(raw), helpers, outside);
    } catch (error) {
      throw new TaskFailed(describeFailure(error));
    }
  };
}

/** What the queue keeps and logs of a failure. */
class TaskFailed extends Error {
  override name = "TaskFailed";
}
