/** Bookings and requests. */
import { freeTime, held, id, type Making, requested } from "./making.ts";

export const ofAppointments: Record<string, Making> = {
  // One plan is of one patient, and pays for one service.
  bookDirectly: async () => ({
    specialistId: undefined,
    usePlan: undefined,
    patientServicePlanId: undefined,
  }),
  bookSeries: async (world) => ({
    ...(await freeTime(world, 7)),
    sessions: 2,
    everyWeeks: 1,
    specialistId: undefined,
    usePlan: undefined,
    patientServicePlanId: undefined,
  }),
  rescheduleAppointment: async (world) => ({
    startsAt: (await freeTime(world, 8)).startsAt,
    calendarId: undefined,
    specialistId: undefined,
    usePlan: undefined,
  }),
  bookAppointment: async (world) => ({
    holdToken: await held(world, 1),
    patientProfileId: await id(world, "select tests.id('ana') as id"),
  }),
  requestBooking: async (world) => ({ holdToken: await held(world, 2), phone: "0722000333" }),
  cancelBooking: async (world) => ({ token: await requested(world, 9) }),
  moveBooking: async (world) => ({
    token: await requested(world, 10),
    startsAt: (await freeTime(world, 12)).startsAt,
    specialistId: undefined,
  }),
  withdrawBookingRequest: async (world) => {
    await world.api.sql(
      "update app_public.booking_requests set token_hash = sha256('to withdraw') where id = tests.id('request at boreal')",
    );
    return { token: "to withdraw" };
  },
  // One that asks for no forms: those of the fixture are still to be filled in.
  confirmAppointment: async (world) => {
    await id(world, "select tests.calendar('without forms', array['stefan'], clinic => 'atlas') as id");
    return {
      appointmentId: await id(
        world,
        `select tests.appointment('without forms at atlas', 'ana', 'without forms', 'stefan',
           date_trunc('day', now()) + interval '45 days 9 hours') as id`,
      ),
    };
  },
  // Either a patient is named or a new one is made.
  takeInGuest: async () => ({ asNewPatient: undefined }),
  confirmBookingRequest: async () => ({
    asNewPatient: undefined,
    usePlan: undefined,
    patientServicePlanId: undefined,
  }),
};
