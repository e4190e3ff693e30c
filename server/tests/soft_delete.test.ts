import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answer, refusalOf, startTestApi, type TestApi } from "./support.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ because: "rows are deleted and restored for good" });
  await api.sql(
    `select tests.clinic('boreal'), tests.staff('otto', 'owner');
     select tests.clinic('atlas'), tests.staff('adrian', 'admin'), tests.staff('bianca', 'billing');
     select tests.patient('ana'), tests.specialist('stefan');
     select tests.service('masaj'), tests.calendar('luni', '{stefan}', service => 'masaj');
     update app_private.identities set issuer = '${api.issuer.issuer}'`,
  );
});
afterAll(() => api.close());

const as = (name: string) => api.token({ subject: name, email: `${name}@people.test`, name });
const ask = (name: string, query: string, variables: object = {}): Promise<Answer> =>
  api.graphql(query, { token: as(name), variables });
const id = async (name: string): Promise<string> =>
  (await api.sql("select id from tests.names where name = $1", [name]))[0].id;

const lists = "{ services { nodes { name } } calendars { nodes { name } } }";
const deleted = "{ deletedRows { nodes { entity id label deletedAt } } }";
const removeService =
  "mutation ($id: UUID!) { removeService(input: { serviceId: $id }) { service { name } } }";
const restore = `mutation ($entity: String!, $id: UUID!) {
  restoreDeletedRow(input: { entity: $entity, id: $id }) { deletedRow { entity id label } }
}`;

/** Nobody deletes these: they go with the row that they follow, or when an appointment asks for them no more. */
const goesAlong = ["forms"];

describe("FND-10: what was deleted", () => {
  it("is hidden from every list, shown to whom may restore it, and comes back with what went along", async () => {
    const service = await id("masaj");
    expect((await ask("adrian", removeService, { id: service })).body).toEqual({
      data: { removeService: { service: { name: "masaj" } } },
    });
    for (const who of ["adrian", "ana"]) {
      expect((await ask(who, lists)).body.data, who).toEqual({
        services: { nodes: [] },
        calendars: { nodes: [] },
      });
    }
    expect((await ask("adrian", `{ service(id: "${service}") { name } }`)).body.data.service).toBeNull();
    expect((await ask("adrian", deleted)).body.data.deletedRows.nodes).toEqual([
      { entity: "services", id: service, label: "masaj", deletedAt: expect.any(String) },
    ]);
    for (const who of ["bianca", "ana", "otto"]) {
      expect((await ask(who, deleted)).body.data.deletedRows.nodes, who).toEqual([]);
    }

    expect(refusalOf(await ask("bianca", restore, { entity: "services", id: service }))).toMatchObject({
      code: "FORBIDDEN",
      reason: "permission_missing",
    });
    expect(refusalOf(await ask("otto", restore, { entity: "services", id: service }))).toMatchObject({
      code: "NOT_FOUND",
    });
    expect((await ask("adrian", restore, { entity: "services", id: service })).body.data).toEqual({
      restoreDeletedRow: { deletedRow: { entity: "services", id: service, label: "masaj" } },
    });
    expect((await ask("ana", lists)).body.data).toEqual({
      services: { nodes: [{ name: "masaj" }] },
      calendars: { nodes: [{ name: "luni" }] },
    });
  });

  it("does not come back over a live row that took its name: CONFLICT names the rule, nobody's values", async () => {
    const service = await id("masaj");
    await ask("adrian", removeService, { id: service });
    const made = await ask(
      "adrian",
      `mutation ($clinic: UUID!) {
         createService(input: { service: { organizationId: $clinic, name: "Masaj", durationMinutes: 50, priceAmount: "20000", currency: "RON" } }) {
           service { name }
         }
       }`,
      { clinic: await id("atlas") },
    );
    expect(made.body.data.createService.service).toEqual({ name: "Masaj" });
    const refused = refusalOf(await ask("adrian", restore, { entity: "services", id: service }));
    expect(refused).toMatchObject({ code: "CONFLICT", reason: "already_exists" });
    expect(refused.details).toEqual({ field: "name", rule: "name is unique per organization" });
  });

  it("is deleted by a verb of its own: no generated mutation deletes for good what can come back", async () => {
    const joined = await api.sql(
      "select split_part(table_name, '.', 2) as entity, follows from app_private.soft_deletes",
    );
    const { body } = await api.graphql("{ __schema { mutationType { fields { name } } } }");
    const fields: string[] = body.data.__schema.mutationType.fields.map(({ name }: { name: string }) => name);
    expect(joined.length).toBeGreaterThanOrEqual(7);
    for (const { entity, follows } of joined) {
      const type = (entity as string).replace(/ies$/, "y").replace(/s$/, "");
      const name = type.charAt(0).toUpperCase() + type.slice(1);
      if (goesAlong.includes(entity)) {
        expect(follows, entity).not.toBeNull();
        expect(fields, entity).not.toContain(`remove${name}`);
      } else {
        expect(fields, entity).toContain(`remove${name}`);
      }
      expect(fields, entity).not.toContain(`delete${name}`);
    }
  });
});
