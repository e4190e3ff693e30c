import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EffectBusy, once } from "../effects/once.ts";
import { type Clinic, openClinic } from "./database.ts";

let clinic: Clinic;
beforeAll(async () => {
  clinic = await openClinic("workers that want one effect commit beside each other");
});
afterAll(() => clinic.drop());

const make = (key: string, effect: () => Promise<unknown>) =>
  once(clinic.withPgClient, { key, by: "worker-a" }, effect);

describe("an effect on the outside is made once per record of it (FND-14, FND-15)", () => {
  test("a retry of what was done does nothing", async () => {
    let made = 0;
    await make("email:done", async () => (made += 1));
    await make("email:done", async () => (made += 1));
    expect(made).toBe(1);
    const { rows } = await clinic.admin.query(
      "select attempts, result from app_private.effects where key = 'email:done'",
    );
    expect(rows).toEqual([{ attempts: 1, result: 1 }]);
  });

  test("what failed is made by the retry", async () => {
    await expect(make("email:failed", async () => Promise.reject(new Error("vendor down")))).rejects.toThrow(
      "vendor down",
    );
    let made = 0;
    await make("email:failed", async () => (made += 1));
    expect(made).toBe(1);
  });

  test("of ten at once one makes it, the others are told to come back", async () => {
    let made = 0;
    const attempts = await Promise.allSettled(
      Array.from({ length: 10 }, () =>
        make("email:race", async () => {
          made += 1;
          await new Promise((resolve) => setTimeout(resolve, 100));
        }),
      ),
    );
    expect(made).toBe(1);
    const refused = attempts.filter((attempt) => attempt.status === "rejected");
    expect(refused.every(({ reason }) => reason instanceof EffectBusy)).toBe(true);
    await make("email:race", async () => (made += 1));
    expect(made).toBe(1);
  });

  test("a worker that dies in the middle leaves its claim to the next one at once", async () => {
    const dying = new pg.Client({ connectionString: clinic.urls.worker });
    dying.on("error", () => {});
    await dying.connect();
    await dying.query("select app_private.claim_effect('email:crash', 'worker-dead')");
    await expect(make("email:crash", async () => 1)).rejects.toBeInstanceOf(EffectBusy);

    const { rows } = await dying.query<{ pid: number }>("select pg_backend_pid() as pid");
    await clinic.admin.query("select pg_terminate_backend($1, 5000)", [rows[0]?.pid]);
    let made = 0;
    await make("email:crash", async () => (made += 1));
    expect(made).toBe(1);
  });

  test("a connection goes back to the pool without a claim on it", async () => {
    await make("email:clean", async () => 1);
    await make("email:clean", async () => 1);
    await expect(make("email:dirty", async () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    const { rows } = await clinic.admin.query(
      "select count(*)::int as held from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())",
    );
    expect(rows).toEqual([{ held: 0 }]);
  });
});
