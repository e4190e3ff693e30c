import { describe, expect, test } from "vitest";
import { api, as, ids, nextReader, readingsBy } from "./readers.ts";

export function visitsCases(): void {
  describe("a visit (FND-08)", () => {
    const look = `query ($id: UUID!) { patientProfile(id: $id) { phone } }`;

    test("is one entry, however much is read in it and from how many windows", async () => {
      const name = nextReader();
      await Promise.all(Array.from({ length: 4 }, () => as(name, look, { id: ids.ana })));
      await as(
        name,
        "query ($id: UUID!) { appointments(filter: { patientProfileId: { equalTo: $id } }, first: 3) { nodes { id } } }",
        { id: ids.ana },
      );
      expect(await readingsBy(name)).toHaveLength(1);
    });

    test("that began with the chart has the chart's entry alone, and the patient sees it", async () => {
      const name = nextReader();
      await as(
        name,
        "mutation ($id: UUID!) { openPatientChart(input: { patientId: $id }) { patientChart { phone } } }",
        { id: ids["bogdan at atlas"] },
      );
      await as(name, look, { id: ids.bogdan });
      expect(await readingsBy(name)).toEqual([
        { person: "bogdan", what: "chart", via: null, clinic: "atlas" },
      ]);
      const seen = await as(
        "bogdan",
        "{ myChartReadings(first: 100) { nodes { readerName what organizationName } } }",
      );
      const nodes = seen.body.data?.myChartReadings?.nodes ?? seen.body.data?.myChartReadings;
      expect(nodes).toContainEqual(expect.objectContaining({ what: "chart", organizationName: "Atlas" }));
    });

    test("is on record before the answer leaves: without the entry there is no answer", async () => {
      await api.sql(
        "revoke execute on function app_hidden.record_readings(uuid[], uuid[], text, text) from app_authenticator",
      );
      const name = nextReader();
      const answer = await as(name, look, { id: ids.ana });
      await api.sql(
        "grant execute on function app_hidden.record_readings(uuid[], uuid[], text, text) to app_authenticator",
      );
      expect(answer.body.data?.patientProfile ?? null).toBeNull();
      expect(answer.text).not.toContain("+40");
      expect(answer.body.errors).toHaveLength(1);
      expect(await readingsBy(name)).toEqual([]);
    });
  });
}
