import type { LockArea } from "../lock_case.ts";
import { holdATime, request } from "./scheduling.ts";

const rooms = "'resources:' || tests.id('atlas')";

/** Rooms and equipment, which one booking of a clinic chooses at a time. SCH-11. */
export const roomLocks: LockArea = {
  furniture: `
    select tests.resource('spare room', 'spare room', clinic => 'atlas'), tests.needs('busy', 'spare room')`,
  cases: [
    {
      lock: "app_private.place_claim: app_private.lock_clinic_resources",
      as: "a visitor",
      key: rooms,
      call: holdATime,
    },
    {
      // Of starts that are over: the times themselves, which lock the rooms again, are not asked for.
      lock: "app_private.claim_series: app_private.lock_clinic_resources",
      as: "flavia",
      key: rooms,
      call: "select app_public.book_series(tests.id('busy'), app_hidden.now() - interval '30 days', tests.id('ana'), 2)",
    },
    {
      lock: "app_private.move_claim: app_private.lock_clinic_resources",
      as: "a visitor",
      key: rooms,
      call: "select app_public.move_hold('token of kept', tests.start_of_kept() + interval '1 day')",
    },
    {
      lock: "app_private.take_hold: app_private.lock_clinic_resources",
      as: "a visitor",
      key: rooms,
      call: request,
    },
    {
      lock: "app_private.lock_clinic_resources: pg_advisory_xact_lock",
      as: "the engine",
      key: rooms,
      call: "select app_private.lock_clinic_resources(tests.id('atlas'))",
    },
    {
      lock: "app_public.remove_resource: app_private.lock_clinic_resources",
      as: "adrian",
      key: rooms,
      call: "select app_public.remove_resource(tests.id('spare room'))",
    },
  ],
};
