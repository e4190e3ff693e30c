/** People who wait, and what they are offered; what is added to appointments. */
import type { World } from "../world.ts";
import { freeTime, id, type Making } from "./making.ts";

const until = "select (current_date + 300)::text as id";

export const ofWaitlist: Record<string, Making> = {
  joinWaitlist: async (world) => ({
    startsOn: await id(world, until),
    endsOn: await id(world, until),
    calendarId: await id(world, "select tests.id('calendar of atlas') as id"),
    specialistId: undefined,
    patientProfileId: undefined,
    weekdays: [1, 2],
    earliest: "09:00:00",
    latest: "12:00:00",
    givenName: "Waits",
    familyName: "Often",
    email: "waits.often@people.test",
    phone: "+40722000555",
    locale: "RO",
  }),
  leaveWaitlist: async (world) => {
    await waits(world, "leaves");
    return { token: "token of leaves" };
  },
  removeFromWaitlist: async (world) => ({ waitlistEntryId: await waits(world, "is removed") }),
  offerTime: async (world) => ({
    waitlistEntryId: await waits(world, "is offered"),
    startsAt: (await freeTime(world, 9)).startsAt,
    specialistId: undefined,
  }),
  takeOffer: async (world) => {
    const offer = await offered(world, "takes by link", 10);
    await world.api.sql(
      `insert into app_private.guest_links (organization_id, opens, subject_id, token_hash, expires_at)
       select tests.id('atlas'), 'waitlist_offer', $1, extensions.digest('token of an offer', 'sha256'), now() + interval '9 days'`,
      [offer],
    );
    return { token: "token of an offer" };
  },
  takeOwnOffer: async (world) => ({ waitlistOfferId: await offered(world, "takes", 11) }),
  addToAppointment: async (world) => ({
    appointmentId: await id(world, "select tests.id('ana''s appointment at atlas') as id"),
    serviceId: await id(world, "select tests.id('massage at atlas') as id"),
    productId: undefined,
    quantity: 1,
    minutes: 0,
  }),
  removeFromAppointment: async (world) => ({
    appointmentAddOnId: await id(
      world,
      `select id from app_public.appointment_add_ons
       where appointment_id = tests.id('ana''s appointment at atlas') order by id limit 1`,
    ),
  }),
};

async function waits(world: World, name: string): Promise<string> {
  return id(
    world,
    `insert into app_public.waitlist_entries
       (organization_id, calendar_id, starts_on, ends_on, given_name, family_name, email, phone, locale, token_hash)
     values (tests.id('atlas'), tests.id('calendar of atlas'), current_date + 300, current_date + 300, 'Waits', 'Here',
       '${name.replaceAll(" ", ".")}@people.test', '+40722000666', 'ro', sha256('token of ${name}'))
     returning id`,
  );
}

/** Somebody is offered the nth free time. */
async function offered(world: World, name: string, nth: number): Promise<string> {
  const entry = await waits(world, name);
  const { startsAt } = await freeTime(world, nth);
  return id(
    world,
    `select (app_private.make_offer(e, c, '${startsAt}', null, now() + interval '2 hours')).id as id
     from app_public.waitlist_entries e join app_public.calendars c on c.id = e.calendar_id where e.id = '${entry}'`,
  );
}
