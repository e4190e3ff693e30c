import type { TaskList } from "graphile-worker";
import { byFile } from "../runtime/by_file.ts";
import { type Outside, type TaskDefinition, toTask } from "./task.ts";

/** Every task by the name under which SQL queues it: each a file of definitions/. */
export const tasks: Record<string, TaskDefinition> = await byFile(
  new URL("./definitions/", import.meta.url),
  isTask,
  "a task",
);

/** The tasks as the queue wants them, with their ways to the outside; also by names that they had before. */
export function taskList(outside: Outside): TaskList {
  return Object.fromEntries(
    Object.entries(tasks).flatMap(([name, task]) =>
      [name, ...(task.formerly ?? [])].map((queuedAs) => [queuedAs, toTask(task, outside)]),
    ),
  );
}

function isTask(found: unknown): found is TaskDefinition {
  return typeof found === "object" && found !== null && "payload" in found && "run" in found;
}
