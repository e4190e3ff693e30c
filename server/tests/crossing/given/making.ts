/** What the arguments of several areas are made of. */
import type { World } from "../world.ts";

export type Given = Record<string, unknown>;

/** Makes what a verb needs and answers with the arguments, by name, that lead there; undefined leaves one out. */
export type Making = (world: World) => Promise<Given>;

export async function id(world: World, sql: string): Promise<string> {
  const [row] = await world.api.sql(sql);
  return row.id;
}

export function ofAtlas(values: Given): Making {
  return async (world) => ({ ...values, organizationId: await id(world, "select tests.id('atlas') as id") });
}

/** Somebody who accepts all that atlas asks of whoever becomes its patient. */
export function accepting(values: Given): Making {
  return async (world) => ({
    ...(await ofAtlas(values)(world)),
    acceptedVersionIds: await id(world, "select tests.terms('atlas') as id"),
  });
}

/** Whom front desk registered, with no account. */
export async function registered(world: World): Promise<{ profileId: string; patientId: string }> {
  const profileId = await id(
    world,
    "insert into app_public.patient_profiles (given_name, family_name) values ('Just', 'Registered') returning id",
  );
  return {
    profileId,
    patientId: await id(world, `select tests.admitted(tests.id('atlas'), '${profileId}') as id`),
  };
}

/** The nth time that is free at atlas, of those that listings.ts looks at, whatever day it is. */
export async function freeTime(world: World, nth: number): Promise<{ calendarId: string; startsAt: string }> {
  const calendarId = await id(world, "select tests.id('calendar of atlas') as id");
  const [row] = await world.api.sql(
    `select to_json(starts_at) #>> '{}' as starts_at
     from app_public.available_slots($1, date_trunc('day', now()) + interval '2 days', date_trunc('day', now()) + interval '60 days') order by starts_at offset $2 limit 1`,
    [calendarId, nth],
  );
  return { calendarId, startsAt: row.starts_at };
}

/** The token of a guest who holds the nth free time. */
export async function held(world: World, nth: number): Promise<string> {
  const answer = await world.ask(
    world.person("a guest"),
    `mutation ($calendarId: UUID!, $startsAt: Datetime!) {
       holdSlot(input: { calendarId: $calendarId, startsAt: $startsAt }) { slotHold { token } } }`,
    await freeTime(world, nth),
  );
  return answer.body.data.holdSlot.slotHold.token;
}

/** The token of a guest who asked for the nth free time. */
export async function requested(world: World, nth: number): Promise<string> {
  const answer = await world.ask(
    world.person("a guest"),
    `mutation ($token: String!) {
       requestBooking(input: { holdToken: $token, givenName: "Gina", familyName: "Ene", email: "gina@people.test",
         phone: "0722000444" }) { bookingReceipt { token } } }`,
    { token: await held(world, nth) },
  );
  return answer.body.data.requestBooking.bookingReceipt.token;
}
