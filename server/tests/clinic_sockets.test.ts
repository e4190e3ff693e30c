import { createClient } from "graphql-ws";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { bearer, clinicId, socketUrl, tokenOf, until } from "./listener.ts";
import { type Json, startTestApi, type TestApi } from "./support.ts";

let api: TestApi;
let atlas: string;
const ids: Record<string, string> = {};

const before = `begin;
  select tests.clinic('boreal'); select tests.staff('bruno', 'front_desk', email => 'bruno@people.test');
  select tests.clinic('atlas');
  select tests.staff(name, 'front_desk', email => name || '@people.test') from unnest('{flavia,fane,petra}'::text[]) as name;
  select tests.staff('olga', 'owner', email => 'olga@people.test');
  select tests.patient('ana');
  select tests.specialist('mihai'); select tests.specialist('radu');
  select tests.calendar('visits', specialists => '{mihai,radu}');
  commit;`;
const APPOINTMENT =
  "appointmentChanged(organizationId: $clinic) { eventId appointmentId appointment { status specialist { familyName } } }";
const REQUEST = "bookingRequestChanged(organizationId: $clinic) { bookingRequest { status givenName } }";

type Watch = { heard: Json[]; errors: Json[]; isOver: boolean; stop(): void };
const watches: Watch[] = [];

beforeAll(async () => {
  api = await startTestApi({ because: "what happens at its clinics is listened to", before });
  atlas = await clinicId(api, "atlas");
  for (const name of ["mihai", "radu", "visits", "ana"]) {
    const [row] = await api.sql("select tests.id($1) as id", [name]);
    ids[name] = row.id;
  }
});
afterEach(() => {
  for (const watch of watches.splice(0)) watch.stop();
});
afterAll(() => api.close());

/** Subscribes as a frontend does. */
function watch(
  name: string | null,
  field: string,
  { clinic = atlas, named }: { clinic?: string; named?: string } = {},
): Watch {
  const client = createClient({
    url: socketUrl(api),
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: name
      ? { ...bearer(tokenOf(api, name)), ...(named ? { "x-organization": named } : {}) }
      : {},
  });
  const one: Watch = { heard: [], errors: [], isOver: false, stop: () => void client.dispose() };
  watches.push(one);
  const query = `subscription ($clinic: UUID!) { ${field} }`;
  client.subscribe(
    { query, variables: { clinic } },
    {
      next: (result: Json) => {
        if (result.errors) one.errors.push(...result.errors);
        else one.heard.push(Object.values(result.data)[0]);
      },
      error: (error) => one.errors.push(...(Array.isArray(error) ? error : [error])),
      complete: () => {
        one.isOver = true;
      },
    },
  );
  return one;
}

let day = 1;
/** An appointment, made as a verb would, in a transaction of its own. */
async function book(specialist = "mihai"): Promise<string> {
  day += 1;
  const [row] = await api.sql(
    "select tests.appointment($1, 'ana', 'visits', $2, now() + make_interval(days => $3)) as id",
    [`visit ${day}`, specialist, day],
  );
  return row.id;
}

/** The protocol has no word for "now I listen": something happens until it is heard. */
async function listening(...all: Watch[]): Promise<void> {
  await until(
    async () => {
      await book();
      await new Promise((resolve) => setTimeout(resolve, 500));
      return all.every(({ heard }) => heard.length > 0);
    },
    "everybody listens",
    20_000,
  );
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  for (const { heard } of all) heard.length = 0;
}

describe("FND-15, SCH-12: what happens at a clinic", () => {
  it("is heard by its front desk with the row as it is now, within a second, once, in order", async () => {
    const [flavia, fane] = [watch("flavia", APPOINTMENT), watch("fane", APPOINTMENT, { named: atlas })];
    await listening(flavia, fane);
    const begun = performance.now();
    const id = await book();
    await until(() => flavia.heard.length > 0 && fane.heard.length > 0, "the new appointment");
    const heardAfter = performance.now() - begun;
    await api.sql("update app_public.appointments set status = 'confirmed' where id = $1", [id]);
    await api.sql("update app_public.appointments set specialist_id = $2 where id = $1", [id, ids.radu]);
    await until(() => flavia.heard.length === 3 && fane.heard.length === 3, "both changes");
    expect(flavia.heard.map(({ appointmentId }) => appointmentId)).toEqual([id, id, id]);
    expect(flavia.heard[0].appointment.status).toMatch(/BOOKED|CONFIRMED/);
    expect(flavia.heard[2].appointment).toMatchObject({ status: "CONFIRMED" });
    expect(new Set(flavia.heard.map(({ eventId }) => eventId)).size).toBe(3);
    expect(heardAfter).toBeLessThan(process.env.CI ? 10_000 : 5_000);
  });

  it("is told of one specialist where that is asked for, also of what was theirs before", async () => {
    const radus = watch("flavia", APPOINTMENT.replace("$clinic", `$clinic, specialistId: "${ids.radu}"`));
    const all = watch("fane", APPOINTMENT);
    await listening(all);
    const mihais = await book("mihai");
    await book("radu");
    await until(() => radus.heard.length > 0 && all.heard.length >= 2, "radu's own");
    await api.sql("update app_public.appointments set specialist_id = $2 where id = $1", [mihais, ids.radu]);
    await until(() => radus.heard.length === 2, "the one that became radu's");
    await api.sql("update app_public.appointments set specialist_id = $2 where id = $1", [mihais, ids.mihai]);
    await until(() => radus.heard.length === 3, "the one that was radu's");
    expect(radus.heard.filter(({ appointmentId }) => appointmentId === mihais)).toHaveLength(2);
  });

  it("is told of requests under their own topic, when they arrive and when they are decided", async () => {
    const [requests, appointments] = [watch("flavia", REQUEST), watch("fane", APPOINTMENT)];
    await listening(appointments);
    await api.sql("select tests.booking_request('asked', 'visits', 'radu', now() + interval '40 days')");
    await until(() => requests.heard.length === 1, "the request");
    await api.sql(
      "update app_public.booking_requests set status = 'rejected', rejection_reason = 'no' where status = 'requested'",
    );
    await until(() => requests.heard.length === 2, "the answer");
    expect(requests.heard[0].bookingRequest.givenName).toBe("Gabriela");
    expect(requests.heard[1].bookingRequest.status).toBe("REJECTED");
    expect(appointments.heard).toEqual([]);
  });

  it("is refused to another clinic, to patients and to whoever does not sign in", async () => {
    const refused = [watch("bruno", APPOINTMENT), watch("ana", APPOINTMENT), watch("bruno", REQUEST)];
    const nobody = watch(null, APPOINTMENT);
    const mistaken = watch("flavia", APPOINTMENT, { clinic: "00000000-0000-7000-8000-000000000000" });
    const front = watch("flavia", APPOINTMENT);
    await listening(front);
    for (const { errors } of [...refused, mistaken])
      expect(errors[0]?.extensions).toMatchObject({ code: "NOT_FOUND", reason: "not_found" });
    expect(nobody.errors[0]).toMatchObject({ code: 4401 });
    expect([...refused, nobody, mistaken].flatMap(({ heard }) => heard)).toEqual([]);
  });

  it("is told no more to a member whose role was taken, and their subscription ends", async () => {
    const [petra, flavia] = [watch("petra", APPOINTMENT), watch("flavia", APPOINTMENT)];
    await listening(petra, flavia);
    await api.sql(
      `delete from app_public.membership_roles where membership_id in (
         select m.id from app_public.memberships m join app_public.humans h on h.principal_id = m.human_id where h.email = 'petra@people.test')`,
    );
    await book();
    await until(() => flavia.heard.length > 0, "a colleague hears it");
    await until(() => petra.isOver, "the end of petra's");
    expect(petra.heard).toEqual([]);
    const again = watch("petra", APPOINTMENT);
    await until(() => again.errors.length > 0, "a refusal");
    expect(again.errors[0].extensions).toMatchObject({ code: "FORBIDDEN", reason: "permission_missing" });
  });
});
