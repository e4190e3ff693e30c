import { z } from "zod";
import { type Clock, defineTask } from "./task.ts";

/** A task of the clock whose work is one SQL function, in one transaction. */
export function timed(clock: Clock, sql: string) {
  return defineTask({
    payload: z.looseObject({}), // the queue adds when it was due
    clock,
    async run(_, { withPgClient }) {
      await withPgClient((client) => client.query(sql));
    },
  });
}
