/** A booking step by step, while things change: what every step answers, against what the oracle says. */
import pg from "pg";
import { expect } from "vitest";
import type { Case, Try, Turn } from "./booking_cases.ts";
import { iso, setClock } from "./cast.ts";
import { addDays, localDate, minute } from "./clocks.ts";
import {
  blockingRule,
  type Calendar,
  type Override,
  opensWithout,
  type Specialist,
  seatsLeft,
} from "./oracle.ts";
import { list } from "./written_case.ts";

type Answer = { refused?: string; row?: { [column: string]: string } };

/** What comes back, or the reason it was refused; whatever the reason, the transaction goes on. */
async function answerTo(client: pg.Client, text: string, values: unknown[]): Promise<Answer> {
  await client.query("savepoint step");
  try {
    const { rows } = await client.query({ name: text.slice(0, 60), text, values });
    return { row: rows[0] };
  } catch (error) {
    await client.query("rollback to step");
    if (error instanceof pg.DatabaseError) return { refused: error.message };
    throw error;
  }
}

/** Something happens: in the database, and in what the oracle is told. */
async function happen(
  client: pg.Client,
  turn: Turn["what"],
  world: { calendar: Calendar; specialist: Specialist; rule?: string },
  ids: { calendarId: string; specialistId: string },
  now: number,
): Promise<typeof world> {
  const { calendar, specialist } = world;
  const of = (rows: string, change: string) => client.query(`${change} ${rows}`);
  const here = `organization_id = tests.id('atlas')`;
  switch (turn) {
    case "the specialist is closed": {
      const closed: Override = {
        kind: "closed",
        startsOn: addDays(localDate(now, "UTC"), -3),
        endsOn: addDays(localDate(now, "UTC"), 3),
        hours: null,
      };
      await client.query(
        `insert into app_public.specialist_schedule_overrides (organization_id, specialist_id, kind, starts_on, ends_on)
         values (tests.id('atlas'), $1, 'closed', $2, $3)`,
        [ids.specialistId, closed.startsOn, closed.endsOn],
      );
      return { ...world, specialist: { ...specialist, overrides: [...specialist.overrides, closed] } };
    }
    case "the hours are gone": {
      await client.query("delete from app_public.specialist_weekly_hours where specialist_id = $1", [
        ids.specialistId,
      ]);
      return { ...world, specialist: { ...specialist, weekly: [] } };
    }
    case "the grid is another": {
      await client.query("update app_public.calendars set step_minutes = 35 where id = $1", [ids.calendarId]);
      return { ...world, calendar: { ...calendar, stepMinutes: 35 } };
    }
    case "the notice is longer": {
      await client.query("update app_public.calendars set notice_minutes = 2000 where id = $1", [
        ids.calendarId,
      ]);
      return { ...world, calendar: { ...calendar, noticeMinutes: 2000 } };
    }
    case "the calendar is off":
      await of(`where ${here}`, "update app_public.calendars set is_active = false");
      return { ...world, rule: "calendar_inactive" };
    case "the calendar is private":
      await of(`where ${here}`, "update app_public.calendars set is_public = false");
      return { ...world, rule: "calendar_private" };
    case "the service is off":
      await of(`where ${here}`, "update app_public.services set is_active = false");
      return { ...world, rule: "service_inactive" };
    case "the specialist is off":
      await of(`where ${here}`, "update app_public.specialists set scheduling_active = false");
      return { ...world, rule: "specialist_inactive" };
    case "the specialist leaves the calendar":
      await of(`where ${here}`, "delete from app_public.calendar_specialists");
      return { ...world, rule: "not_in_calendar" };
    case "the specialist gives up the service":
      await of(`where ${here}`, "delete from app_public.service_specialists");
      return { ...world, rule: "not_providing_service" };
    case "the clinic is a draft":
      await of("where id = tests.id('atlas')", "update app_public.organizations set activated_at = null");
      return { ...world, rule: "clinic_draft" };
    default:
      return world;
  }
}

/**
 * From the hold to the appointment, something happening before each step: every step says what the rules say by then, in
 * the length that was held. Leaves nothing behind; answers with the outcome of each step.
 */
export async function walk(
  client: pg.Client,
  given: Omit<Case, "calendar"> & { calendar: Calendar },
  specialist: Specialist,
  ids: { calendarId: string; specialistId: string },
  start: number,
  { beforeBooking, beforeConfirming }: Try,
): Promise<string[]> {
  const said: string[] = [];
  await client.query("savepoint attempt");
  try {
    const rule = blockingRule(given.calendar, specialist, given.now, start);
    const held = await answerTo(client, "select token from app_public.hold_slot($1, $2, $3)", [
      ids.calendarId,
      iso(start),
      ids.specialistId,
    ]);
    expect(held.refused).toEqual(rule === "taken" ? "slot_taken" : rule);
    const token = held.row?.token;
    said.push(`hold: ${rule ?? "free"}`);
    if (rule) return said;
    const { slots } = await list(client, ids.calendarId, start, start + 1);
    const isListed = seatsLeft(given.calendar, specialist, start) > 1;
    expect(slots.filter((listed) => listed.endsWith(ids.specialistId)).length).toBe(isListed ? 1 : 0);

    // Its own time is free to whoever holds it, and the length is the one it was held for.
    const own = await client.query({
      name: "own",
      text: `select count(*)::int as listed from app_public.available_slots($1, $2, $3, null, $5) as s
             where s.starts_at = $2 and $4 = any (s.specialist_ids)`,
      values: [ids.calendarId, iso(start), iso(start + 1), ids.specialistId, token],
    });
    expect(own.rows).toEqual([{ listed: 1 }]);
    const minutes = specialist.minutes ?? given.calendar.minutes;

    const now = given.now + beforeBooking.minutes * minute;
    await setClock(client, now);
    let world = await happen(
      client,
      beforeBooking.what,
      // What is kept has its time, its seat and its room.
      {
        calendar: { ...given.calendar, needs: [] },
        specialist: { ...specialist, minutes, claims: [], sessions: [] },
      },
      ids,
      now,
    );
    const ruleNow = () => world.rule ?? blockingRule(world.calendar, world.specialist, now, start, given.now);
    const isLate = beforeBooking.minutes > 10;
    const lacks = isLate && opensWithout(given.calendar, specialist, start);
    const expected = beforeBooking.minutes > 11 ? "hold_expired" : lacks ? "slot_taken" : ruleNow();
    const asked = await answerTo(
      client,
      "select booking_request_id as id from app_public.request_booking($1, 'Gabriela', 'Munteanu', 'g@people.test', '+40722123456')",
      [token],
    );
    expect(asked.refused).toEqual(expected);
    said.push(`book: ${expected ?? "free"}`);
    if (expected) return said;

    world = await happen(client, beforeConfirming.what, world, ids, now);
    await client.query("select tests.act_as('front desk')");
    const confirm = async (overrideReason: string | null) => {
      const text =
        "select app_public.confirm_booking_request($1, as_new_patient => true, override_reason => $2)";
      return (await answerTo(client, text, [asked.row?.id, overrideReason])).refused;
    };
    if (start <= now) {
      // Nobody answers any more once the time has come.
      expect(await confirm(null)).toBe("booking_request_expired");
      return said;
    }
    expect(await confirm(null)).toEqual(ruleNow());
    said.push(`confirm: ${ruleNow() ?? "free"}`);
    if (ruleNow()) {
      expect(await confirm("She is on her way")).toBeUndefined();
      said.push("confirm: overridden");
    }
    return said;
  } finally {
    await client.query("rollback to attempt");
  }
}
