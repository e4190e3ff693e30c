/** Holds, specialists, rooms. */
import type { World } from "../world.ts";
import { freeTime, type Given, held, id, type Making } from "./making.ts";

export const ofScheduling: Record<string, Making> = {
  holdSlot: async (world) => ({ ...(await freeTime(world, 0)), specialistId: undefined }),
  extendHold: async (world) => ({ token: await held(world, 3) }),
  releaseHold: async (world) => ({ token: await held(world, 4) }),
  moveHold: async (world) => {
    const token = await held(world, 5);
    return { token, startsAt: (await freeTime(world, 6)).startsAt, specialistId: undefined };
  },
  setWeeklyHours: async (world) => ({
    specialistId: await id(world, "select tests.id('stefan') as id"),
    hours: [{ weekday: 1, starts: "09:00:00", ends: "17:00:00" }],
    leavesStranded: true,
  }),
  closeSchedule: async (world) => ({
    specialistId: await id(world, "select tests.id('stefan') as id"),
    startsOn: "2035-03-05",
    endsOn: "2035-03-05",
    starts: undefined,
    ends: undefined,
  }),
  createCalendarResource: async (world) => ({
    ...(await needing(world, "a bed")),
    type: "a bath",
    resourceId: undefined,
  }),
  updateCalendarResource: async (world) => ({ ...(await needing(world, "a lamp")), resourceId: undefined }),
  deleteCalendarResource: async (world) => needing(world, "a mat"),
  removeSpecialist: async (world) => ({
    specialistId: await id(world, "select tests.id('stefan') as id"),
    reassignTo: undefined,
  }),
};

/** A calendar of its own that needs something: nobody has it, so nothing could be booked there. */
async function needing(world: World, type: string): Promise<Given> {
  const name = `needs ${type}`;
  const calendarId = await id(world, `select tests.calendar('${name}', clinic => 'atlas') as id`);
  await world.api.sql("select tests.needs($1, $2)", [name, type]);
  return { calendarId, type };
}
