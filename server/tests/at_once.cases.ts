import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { defaultRates } from "../limits/rates.ts";
import { type Answer, refusalOf, startBeside, type TestApi } from "./support.ts";

const from = (address: string) => ({ "x-forwarded-for": address });

/** Many requests at once from one address, to a server with the probes behind a proxy. */
export function atOnceCases(api: () => TestApi): void {
  let busy: Awaited<ReturnType<typeof startBeside>>;
  beforeAll(async () => {
    busy = await startBeside(api(), { rates: defaultRates });
    await busy.graphql("{ probeSession }"); // planned once, as on any server that has been up for a while
  });
  afterAll(() => busy.close());

  // A writer is in the database as long as the test holds a lock: how long anything takes decides nothing.
  const query = 'mutation { probeFailure(input: {kind: "held"}) { result } }';
  const write = (address: string) => busy.graphql(query, { headers: from(address) });
  const hold = () => api().sql("select pg_advisory_lock(27)");
  const letGo = () => api().sql("select pg_advisory_unlock(27)");
  const writersInside = async (): Promise<number> => {
    const inside = `select from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and state = 'active' and query ~ 'probe_failure'`;
    return (await api().sql(inside)).length;
  };
  const untilThreeAreInside = async () => {
    while ((await writersInside()) < 3) await sleep(20);
  };

  it("leave connections for others: writers wait in line, and a query from elsewhere is answered at once", async () => {
    await hold();
    const flood = Array.from({ length: 12 }, () => write("203.0.113.7"));
    await untilThreeAreInside();
    const other = await busy.graphql("{ probeSession }", { headers: from("198.51.100.1") });
    expect(other.status).toBe(200);
    expect(await writersInside()).toBe(3);
    // Nobody of the three is done: the first answer is for one who has waited in line as long as anybody may.
    expect((await Promise.race(flood)).status).toBe(429);
    await letGo();

    const answers = await Promise.all(flood);
    const statuses = answers.map(({ status }) => status);
    expect(statuses).not.toContain(503);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(3);
    const refused = answers.find(({ status }) => status === 429);
    expect(refusalOf(refused as Answer)).toMatchObject({ code: "RATE_LIMITED", reason: "too_many_at_once" });
    expect(refused?.headers.get("retry-after")).toBe("1");
  });

  it("keep their turn until the database is done, also when the caller hangs up", async () => {
    await hold();
    const gone = Array.from({ length: 3 }, () => {
      const hangUp = new AbortController();
      const request = busy
        .fetch("/graphql", {
          method: "POST",
          headers: { "content-type": "application/json", ...from("203.0.113.9") },
          body: JSON.stringify({ query }),
          signal: hangUp.signal,
        })
        .catch(() => null);
      return { hangUp, request };
    });
    await untilThreeAreInside();
    for (const { hangUp } of gone) hangUp.abort();
    await Promise.all(gone.map(({ request }) => request));
    let isAnswered = false;
    const next = write("203.0.113.9").finally(() => {
      isAnswered = true;
    });
    // Whoever asks later and from elsewhere is in the database meanwhile, and out again.
    await busy.graphql("{ probeSession }", { headers: from("198.51.100.1") });
    expect([isAnswered, await writersInside()]).toEqual([false, 3]);
    await letGo();
    expect((await next).status).toBe(200);
  });

  it("sixty holds for one time are one hold and fifty-nine answers, none of them 503 (SCH-06)", async () => {
    await api().sql(`
      select tests.clinic('cetus'), tests.specialist('stefan', weekly => '{"mon": [["08:00", "20:00"]]}');
      select tests.calendar('mondays', specialists => '{stefan}', minutes => 30);
      update app_public.organizations set holds_per_visitor = 20, holds_per_address = 60`);
    const [{ calendar, at }] = await api().sql(`
      select c.id as calendar, to_json(s.starts_at) #>> '{}' as at from app_public.calendars c
      cross join lateral app_public.available_slots(c.id, now() + interval '2 days', now() + interval '16 days') s limit 1`);
    const statuses = await Promise.all(
      Array.from({ length: 60 }, (_, n) =>
        busy
          .fetch("/v1/public/holds", {
            method: "POST",
            headers: {
              "content-type": "application/json",
              "x-visitor-id": `visitor-${n}`,
              ...from("203.0.113.10"),
            },
            body: JSON.stringify({ calendar, startsAt: at }),
          })
          .then(({ status }) => status),
      ),
    );
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    // Told that it is taken, or, where the machine is slow, to come back in a second.
    expect(statuses.filter((status) => status === 409 || status === 429)).toHaveLength(59);
    expect(statuses.filter((status) => status === 409).length).toBeGreaterThan(0);
  });
}
