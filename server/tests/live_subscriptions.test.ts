import { createClient } from "graphql-ws";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { bearer, socketUrl, tokenOf, until } from "./listener.ts";
import { quiet } from "./live/reader.ts";
import { type Json, startTestApi, type TestApi } from "./support.ts";

let api: TestApi;
const ids: Record<string, string> = {};

const before = `begin;
  select tests.clinic('boreal'); select tests.staff('bruno', 'front_desk', email => 'bruno@people.test');
  select tests.clinic('atlas');
  select tests.staff(name, 'front_desk', email => name || '@people.test') from unnest('{flavia,petra}'::text[]) as name;
  select tests.patient('ana');
  select tests.specialist('mihai'); select tests.works('mihai');
  select tests.calendar('visits', specialists => '{mihai}');
  select tests.calendar('for staff', specialists => '{mihai}', is_public => false);
  select tests.calendar('soon off', specialists => '{mihai}');
  commit;`;

beforeAll(async () => {
  api = await startTestApi({ because: "the times of its calendars are subscribed to", before });
  for (const name of ["visits", "for staff", "soon off", "atlas"])
    ids[name] = (await api.sql("select tests.id($1) as id", [name]))[0].id;
});
const clients: { dispose(): void | Promise<void> }[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) void client.dispose();
});
afterAll(() => api.close());

type Watch = { heard: (string[] | null)[]; errors: Json[]; isOver: boolean };

function watch(name: string | null, calendar: string, headers: Record<string, string> = {}): Watch {
  const client = createClient({
    url: socketUrl(api),
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: name ? { ...bearer(tokenOf(api, name)), ...headers } : {},
  });
  clients.push(client);
  const one: Watch = { heard: [], errors: [], isOver: false };
  client.subscribe(
    { query: `subscription { availabilityChanged(calendarId: "${ids[calendar] ?? calendar}") { days } }` },
    {
      next: ({ data, errors }: Json) => {
        if (errors) one.errors.push(...errors);
        else one.heard.push(data.availabilityChanged.days);
      },
      error: (error) => one.errors.push(...(Array.isArray(error) ? error : [error])),
      complete: () => {
        one.isOver = true;
      },
    },
  );
  return one;
}

let day = 3;
/** Takes a time, as a booking does, and says on which day. */
async function take(): Promise<string> {
  day += 1;
  const [row] = await api.sql(
    `select tests.claim('mihai', at), (at at time zone 'Europe/Bucharest')::date::text as day
     from (select date_trunc('day', now()) + make_interval(days => $1, hours => 10) as at)`,
    [day],
  );
  return row.day;
}

/** The protocol has no word for "now I listen": something happens until it is heard. */
async function listening(...all: Watch[]): Promise<void> {
  await until(
    async () => {
      await take();
      await new Promise((resolve) => setTimeout(resolve, 600));
      return all.every(({ heard }) => heard.length > 0);
    },
    "everybody listens",
    20_000,
  );
  await quiet();
  for (const { heard } of all) heard.length = 0;
}

describe("SCH-07, FND-15: subscription availabilityChanged", () => {
  it("tells everybody who is signed in of a public calendar, and staff of one that is theirs", async () => {
    const all = [watch("ana", "visits"), watch("bruno", "visits"), watch("flavia", "for staff")];
    await listening(...all);
    const taken = await take();
    await until(() => all.every(({ heard }) => heard.length > 0), "the day");
    await quiet();
    expect(all.map(({ heard }) => heard)).toEqual([[[taken]], [[taken]], [[taken]]]);
  });

  it("is refused to whoever may not list the calendar, as what is not there", async () => {
    const refused = [
      watch("ana", "for staff"),
      watch("bruno", "for staff"),
      watch("flavia", "for staff", { "x-organization": "00000000-0000-7000-8000-000000000000" }),
      watch("flavia", "00000000-0000-7000-8000-000000000000"),
    ];
    await until(() => refused.every(({ errors }) => errors.length > 0), "refusals");
    for (const one of [refused[0], refused[1], refused[3]])
      expect(one?.errors[0]?.extensions).toMatchObject({ code: "NOT_FOUND", reason: "calendar_not_found" });
    expect(refused[2]?.errors[0]).toMatchObject({ code: 4403 });
    expect(refused.flatMap(({ heard }) => heard)).toEqual([]);
  });

  it("tells who left the clinic that something changed, and nothing after it", async () => {
    const [petra, flavia] = [watch("petra", "for staff"), watch("flavia", "for staff")];
    await listening(petra, flavia);
    await api.sql(
      `update app_public.memberships set ended_at = now() where human_id in (
         select principal_id from app_public.humans where email = 'petra@people.test')`,
    );
    await take();
    await until(() => flavia.heard.length > 0, "a colleague hears it");
    await until(() => petra.isOver, "the end of petra's");
    expect(petra.heard).toEqual([null]);
  });

  it("tells of a calendar that is switched off, and ends", async () => {
    const ana = watch("ana", "soon off");
    await listening(ana);
    await api.sql("update app_public.calendars set is_active = false where id = $1", [ids["soon off"]]);
    await until(() => ana.isOver, "the end");
    expect(ana.heard).toEqual([null]);
  });
});
