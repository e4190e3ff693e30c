import { z } from "zod";
import { defineTask } from "./task.ts";

/** A task of the clock: one SQL function does the work, in one transaction. */
function timed(sql: string) {
  return defineTask({
    payload: z.looseObject({}), // the queue adds when it was due
    async run(_, { withPgClient }) {
      await withPgClient((client) => client.query(sql));
    },
  });
}

/** Requests that the clinic did not answer in time end, and their slots are free again. APT-09. */
export const expireBookingRequests = timed("select app_private.expire_booking_requests()");

/** Holds that ran out are released. SCH-06. */
export const releaseExpiredClaims = timed("select app_private.release_expired_claims()");

/** Appointments that are near become upcoming. APT-01. */
export const advanceAppointments = timed("select app_private.advance_appointments()");

/** Rate limits that are full again need not be known. FND-27. */
export const forgetSpentAllowances = timed("select app_private.forget_spent_allowances()");

/** Deliveries that the queue lost are queued again. FND-14. */
export const enqueueOverdueDeliveries = timed("select app_private.enqueue_overdue_deliveries()");

/** Messages that nobody will send any more end, and those that the queue lost are queued again. FND-15. */
export const endStuckMessages = timed("select app_private.end_stuck_messages()");

/** The audit log has its partitions before the month begins. FND-08. */
export const openAuditMonths = timed("select audit.open_months()");
/** Each clinic's object store is searched for what no file names. FND-13. */
export const enqueueObjectSweeps = timed("select app_private.enqueue_object_sweeps()");
