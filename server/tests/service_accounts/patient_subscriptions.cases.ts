import { setTimeout as pause } from "node:timers/promises";
import { beforeEach, expect, it } from "vitest";
import { refusalOf } from "../support.ts";
import { api, as, begin, holding, ids, keys, makeKey, report } from "./world.ts";

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 8, 0, seconds)).toISOString();
const standing = async (whose = "ana's gold") => {
  const [row] = await api.sql("select status from app_public.patient_subscriptions where id = $1", [
    ids[whose],
  ]);
  return row.status;
};
const reports = async () => (await api.sql("select from app_public.patient_subscription_reports")).length;

export function patientSubscriptionCases(): void {
  beforeEach(begin);

  it("moves the subscription, answers what came of it, and gives what the tier includes (CAT-06)", async () => {
    const answer = await report(keys.atlas as string, "A/1", { status: "active", asOf: at(1) });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.body).toEqual({
      subscriptionId: ids["ana's gold"],
      status: "active",
      outcome: "applied",
      asOf: expect.stringMatching(/^2026-01-01T08:00:01/),
    });
    const entries = await api.sql(
      "select entry, quantity from app_public.entitlement_entries where number = 1",
    );
    expect(entries).toEqual([{ entry: "grant", quantity: 4 }]);
    const [trail] = await api.sql(
      `select array_agg(distinct k.name) as names from audit.entries e
       join app_public.service_account_keys k on k.principal_id = e.actor_id
       where e.table_name = 'app_public.patient_subscriptions' and e.row_key = $1`,
      [ids["ana's gold"]],
    );
    expect(trail.names).toEqual(["Payments"]);
  });

  it("takes reports late, twice and out of order", async () => {
    const said = [];
    for (const [status, second] of [
      ["canceled_soon", 3],
      ["past_due", 2],
      ["active", 1],
      ["past_due", 2],
      ["active", 4],
      ["past_due", 3],
    ] as const) {
      const { body } = await report(keys.atlas as string, "A/1", { status, asOf: at(second) });
      said.push(`${body.outcome} ${body.status}`);
    }
    expect(said).toEqual([
      "unknown_status pending",
      "applied past_due",
      "superseded past_due",
      "applied past_due",
      "applied active",
      "superseded active",
    ]);
    expect(await reports()).toBe(5);
  });

  it("is done once by many at once, and by the latest of many that differ", async () => {
    const same = await Promise.all(
      Array.from({ length: 20 }, () =>
        report(keys.atlas as string, "A/1", { status: "active", asOf: at(1) }),
      ),
    );
    expect(same.map(({ status, body }) => `${status} ${body.outcome}`)).toEqual(
      Array(20).fill("200 applied"),
    );
    expect(await reports()).toBe(1);

    const differing = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        report(keys.atlas as string, "A/1", { status: n % 2 ? "past_due" : "active", asOf: at(10 + n) }),
      ),
    );
    expect(differing.every(({ status }) => status === 200)).toBe(true);
    expect(await standing()).toBe("past_due");
    expect(await reports()).toBe(21);
    expect(await api.sql("select from app_public.entitlement_entries where entry = 'grant'")).toHaveLength(1);
  });

  it("does not reach another clinic's subscription, and says that there is none", async () => {
    const crossed = await report(keys.boreal as string, "A/1", { status: "canceled", asOf: at(1) });
    const unknown = await report(keys.boreal as string, "nothing", { status: "canceled", asOf: at(1) });
    expect(crossed.status).toBe(404);
    expect(refusalOf(crossed)).toMatchObject({ code: "NOT_FOUND", reason: "subscription_not_linked" });
    expect(crossed.text).toBe(unknown.text);
    expect([await standing(), await reports()]).toEqual(["pending", 0]);
    expect((await report(keys.boreal as string, "B-1", { status: "active", asOf: at(1) })).status).toBe(200);
  });

  it("refuses the platform's key", async () => {
    const answer = await report(keys.platform as string, "A/1", { status: "active", asOf: at(1) });
    expect(answer.status).toBe(403);
    expect(refusalOf(answer)).toMatchObject({ reason: "service_key_of_another_scope" });
  });

  it.each([
    ["no status", { asOf: at(1) }, "required"],
    ["no time", { status: "active" }, "required"],
    ["a time without an offset", { status: "active", asOf: "2026-01-01T08:00:00" }, "field_invalid"],
    ["a time that has not come", { status: "active", asOf: "2126-01-01T08:00:00Z" }, "in_the_future"],
    ["a trial without an end", { status: "trialing", asOf: at(1) }, "trial_needs_an_end"],
    ["an amount, which is none of ours", { status: "active", asOf: at(1), amount: 9900 }, "field_unknown"],
    ["a list", [], "field_invalid"],
  ])("refuses %s and keeps nothing", async (_name, body, reason) => {
    const answer = await report(keys.atlas as string, "A/1", body);
    expect(answer.status).toBe(400);
    expect(refusalOf(answer)).toMatchObject({ code: "VALIDATION", reason });
    expect([await standing(), await reports()]).toEqual(["pending", 0]);
  });

  it("answers a request under its idempotency key with the first result, and another under it with 422 (FND-26)", async () => {
    const key = { "idempotency-key": "report-1" };
    const [first, again] = [
      await report(keys.atlas as string, "A/1", { status: "active", asOf: at(1) }, key),
      await report(keys.atlas as string, "A/1", { status: "active", asOf: at(1) }, key),
    ];
    expect([first.status, again.text]).toEqual([200, first.text]);
    const other = await report(keys.atlas as string, "A/1", { status: "canceled", asOf: at(2) }, key);
    expect([other.status, await standing()]).toEqual([422, "active"]);
    // Another program's key of the same name is another key.
    expect((await report(keys.boreal as string, "B-1", { status: "active", asOf: at(1) }, key)).status).toBe(
      200,
    );
  });

  it("lets a key that is revoked in flight do all of a request or nothing", async () => {
    const { body } = await makeKey("olga", "PATIENT_SUBSCRIPTIONS", "Short-lived", ids.atlas as string);
    const { id, token } = body.data.createServiceAccountKey.serviceAccountKeyToken;
    expect((await report(token, "A/1", { status: "pending", asOf: at(1) })).status).toBe(200);

    // The request came first: revoking waits for it.
    const busy = await holding(
      `select from app_public.patient_subscriptions where id = '${ids["ana's gold"]}' for update`,
    );
    const reporting = report(token, "A/1", { status: "active", asOf: at(2) });
    await waits(1);
    const revoking = as(
      "olga",
      "mutation ($id: UUID!) { revokeServiceAccountKey(input: {keyId: $id}) { serviceAccountKey { revokedAt } } }",
      { id },
    );
    await waits(2);
    await busy.commit();
    expect((await reporting).body.outcome).toBe("applied");
    expect((await revoking).body.data.revokeServiceAccountKey.serviceAccountKey.revokedAt).not.toBeNull();

    // Revoking came first, and is not committed yet: the request waits for it, and does nothing.
    await api.sql(
      "update app_public.service_account_keys set revoked_at = null, revoked_by = null where id = $1",
      [id],
    );
    const ending = await holding(
      `update app_public.service_account_keys set revoked_at = now() where id = '${id}'`,
    );
    const late = report(token, "A/1", { status: "canceled", asOf: at(3) });
    await waits(1);
    await ending.commit();
    expect(refusalOf(await late)).toMatchObject({ code: "UNAUTHENTICATED", reason: "service_key_invalid" });
    expect(await standing()).toBe("active");
  });
}

/** Until so many transactions wait for a lock. */
async function waits(count: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const [{ waiting }] = await api.sql(
      "select count(*)::int as waiting from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    if (waiting >= count) return;
    await pause(20);
  }
  throw new Error(`no ${count} transactions wait`);
}
