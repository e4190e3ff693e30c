import type pg from "pg";
import { expect, test } from "vitest";
import { hold, start, tally } from "./visitors.ts";

type Visited = {
  clinic: (slug: string, people: number) => Promise<string>;
  connect: (count: number) => Promise<pg.Client[]>;
  database: () => pg.Client;
};

/** Fifty visitors who want the last seat of a group, or the one room. */
export function lastOnes({ clinic, connect, database }: Visited): void {
  test("SCH-02: of fifty visitors at once on the last seat of a group exactly one wins", async () => {
    const calendarId = await clinic("group", 1);
    await database().query("update app_public.calendars set capacity = 3 where id = $1", [calendarId]);
    const clients = await connect(50);
    for (const [n, client] of clients.slice(0, 2).entries()) {
      expect(await hold(client, calendarId, start(9), { id: `early ${n}` })).toMatchObject({ ok: true });
    }
    const outcomes = await Promise.all(
      clients.map((client, n) => hold(client, calendarId, start(9), { id: `visitor ${n}` })),
    );
    expect(tally(outcomes)).toEqual({ ok: 1, "RXSLT slot_taken": 49 });
    // Nobody was there before: fifty open one session between them, and fill it.
    const first = await Promise.all(
      clients.map((client, n) => hold(client, calendarId, start(11), { id: `visitor ${n}` })),
    );
    expect(tally(first)).toEqual({ ok: 3, "RXSLT slot_taken": 47 });
  });

  test("SCH-11: of fifty visitors at once on three specialists and one room exactly one wins", async () => {
    const calendarId = await clinic("rooms", 3);
    await database().query(
      "select tests.resource('a room', 'room', clinic => 'rooms'), tests.needs('rooms calendar', 'room')",
    );
    const clients = await connect(50);
    const outcomes = await Promise.all(
      clients.map((client, n) => hold(client, calendarId, start(9), { id: `visitor ${n}` })),
    );
    const { ok, ...lost } = tally(outcomes);
    expect(ok).toBe(1);
    expect(Object.keys(lost).every((answer) => answer.startsWith("RXSLT "))).toBe(true);
  });
}
