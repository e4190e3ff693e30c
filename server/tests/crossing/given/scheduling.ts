/** Holds and specialists. */
import { freeTime, held, id, type Making } from "./making.ts";

export const ofScheduling: Record<string, Making> = {
  holdSlot: async (world) => ({ ...(await freeTime(world, 0)), specialistId: undefined }),
  extendHold: async (world) => ({ token: await held(world, 3) }),
  releaseHold: async (world) => ({ token: await held(world, 4) }),
  moveHold: async (world) => {
    const token = await held(world, 5);
    return { token, startsAt: (await freeTime(world, 6)).startsAt, specialistId: undefined };
  },
  removeSpecialist: async (world) => ({
    specialistId: await id(world, "select tests.id('stefan') as id"),
    reassignTo: undefined,
  }),
};
