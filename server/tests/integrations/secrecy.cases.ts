import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { refusalOf } from "../support.ts";
import { api, as, canary, keys, kms, mine, rows, save, saved, state, test, tested } from "./clinic.ts";

export function keyServiceCases(): void {
  describe("a KMS that is down (FND-11)", () => {
    it("refuses what needs a key that is not there, says why, writes nothing, and everything else goes on", async () => {
      kms.behave("is down");
      try {
        const boreal = (await api.sql("select tests.id('boreal') as id"))[0].id;
        const before = await state();
        const answer = await save("otto", {
          organizationId: boreal,
          label: "Later",
          credentials: keys("AC1", canary),
        });
        expect(refusalOf(answer)).toMatchObject({
          code: "UNAVAILABLE",
          reason: "kms_unavailable",
          hint: expect.stringContaining("Serviciul de chei"),
        });
        expect(answer.text).not.toContain(canary);
        expect(await state()).toEqual(before);

        const read = await as(
          "olga",
          "{ organizationIntegrations(first: 5) { nodes { label lastFour } } organizations { nodes { name } } }",
        );
        expect(read.body.data.organizationIntegrations.nodes).toHaveLength(5);
        // The clinic whose key is in memory goes on.
        saved(await save("olga", { label: "Meanwhile", credentials: mine() }));
        const [{ id }] = await rows("label = 'Good Twilio'");
        expect(tested(await test("olga", id)).passed).toBe(true);

        kms.behave("well");
        saved(
          await save("otto", { organizationId: boreal, label: "Later", credentials: keys("AC1", canary) }),
        );
      } finally {
        kms.behave("well");
      }
    });
  });
}

/** Last: looks into everything that the others have left. */
export function secrecyCases(): void {
  describe("a key that was entered (FND-23, FND-28)", () => {
    it("is in no log line, no table, no job, and in nothing that the database was told", async () => {
      expect(api.logs()).toContain('"path":"/graphql"');
      expect(api.logs()).not.toContain(canary);

      const tables = await api.sql(
        "select name from tests.app_tables union all select 'graphile_worker._private_jobs'",
      );
      expect(tables.length).toBeGreaterThan(50);
      const hex = Buffer.from(canary).toString("hex");
      for (const { name } of tables) {
        const [{ found }] = await api.sql(
          `select count(*)::int as found from ${name} r where strpos(r::text, $1) > 0 or strpos(r::text, $2) > 0`,
          [canary, hex],
        );
        expect([name, found]).toEqual([name, 0]);
      }

      const [{ data_directory: folder }] = await api.sql("show data_directory");
      const told = readFileSync(`${folder}.log`, "utf8");
      // The log does show what is told: the statement, and the parameters beside it.
      expect(told).toContain("app_hidden.save_integration");
      expect(told).toContain('\'{"smsSender": "ATLAS"}\'');
      expect(told).not.toContain(canary);
      expect(told).not.toContain(hex);
      expect(told).not.toContain(Buffer.from(canary).toString("base64").slice(0, 24));
    });
  });
}
