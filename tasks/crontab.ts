import type { TaskDefinition } from "./task.ts";

/**
 * What happens by the clock, in UTC, as the tasks say it. However many workers there are, each tick runs once. The job key
 * keeps ticks from piling up behind a slow one, and what a tick missed the next one does, so nothing is backfilled. A tick is
 * tried more than once, seconds apart, so that a lost connection does not leave it to the next one.
 */
export function crontabOf(tasks: Record<string, TaskDefinition>): string {
  return Object.entries(tasks)
    .flatMap(([name, { clock }]) =>
      clock ? [`${clock.at} ${name} ?jobKey=${name}&max=${clock.attempts ?? 3}\n`] : [],
    )
    .join("");
}
