import { beforeAll, describe, expect, it } from "vitest";
import { type Answer, refusalOf } from "../support.ts";
import { api, as, mine, save, saved, state, test } from "./clinic.ts";

export function rightsCases(): void {
  describe("integrations belong to a clinic and to who may manage them (FND-23)", () => {
    let id: string;
    beforeAll(async () => {
      id = saved(await save("olga", { label: "Ours", credentials: mine() })).id;
    });
    const verb = (who: string, name: string) =>
      as(who, `mutation ($id: UUID!) { ${name}(input: {integrationId: $id}) { __typename } }`, { id });

    it.each(["otto", "ana", "root"])("to %s they are not there, nor is the clinic", async (who) => {
      const before = await state();
      for (const answer of [
        await save(who, { label: "Theirs", credentials: mine() }),
        await save(who, { integrationId: id, label: "Theirs", credentials: mine() }),
        await test(who, id),
        await verb(who, "disableIntegration"),
        await verb(who, "enableIntegration"),
        await verb(who, "removeIntegration"),
      ]) {
        expect(refusalOf(answer)).toMatchObject({ code: "NOT_FOUND", reason: "not_found" });
      }
      expect(await state()).toEqual(before);
      const list = await as(who, "{ organizationIntegrations { nodes { id } } }");
      expect(list.body.data.organizationIntegrations.nodes).toEqual([]);
    });

    it("another clinic's integration answers exactly like a random id", async () => {
      const random = "01890000-0000-7000-8000-000000000000";
      const [theirs, nobodys] = await Promise.all([test("otto", id), test("otto", random)]);
      expect(theirs.text.replaceAll(id, "…")).toBe(nobodys.text.replaceAll(random, "…"));
      const boreal = (await api.sql("select tests.id('boreal') as id"))[0].id;
      const answers = await Promise.all(
        [id, random].map((integrationId) =>
          save("otto", { organizationId: boreal, integrationId, label: "Mine now", credentials: mine() }),
        ),
      );
      expect(refusalOf(answers[0] as Answer)).toEqual(refusalOf(answers[1] as Answer));
      expect(refusalOf(answers[0] as Answer).code).toBe("NOT_FOUND");
    });

    it("a colleague without the permission is told which one is missing", async () => {
      for (const answer of [
        await save("flavia", { label: "F", credentials: mine() }),
        await test("flavia", id),
      ]) {
        expect(refusalOf(answer)).toMatchObject({
          code: "FORBIDDEN",
          details: { permission: "integrations.manage" },
        });
      }
    });

    it("a visitor may not even ask", async () => {
      expect(refusalOf(await save("nobody", { credentials: mine() })).code).toBe("UNAUTHENTICATED");
      expect(refusalOf(await test("nobody", id)).code).toBe("UNAUTHENTICATED");
    });

    it("nobody can ask for the keys: no type has them, and no function that takes them is exposed", async () => {
      const { body } = await as(
        "olga",
        `{ integration: __type(name: "OrganizationIntegration") { fields { name } }
           mutation: __type(name: "Mutation") { fields { name } } query: __type(name: "Query") { fields { name } } }`,
      );
      const names = [body.data.integration, body.data.mutation, body.data.query].flatMap(({ fields }) =>
        fields.map(({ name }: { name: string }) => name),
      );
      expect(names).toEqual(expect.arrayContaining(["lastFour", "saveIntegration", "serviceProviders"]));
      expect(
        names.filter((name) => /^credentials$|dataKey|integrationAccount|resolveProvider/i.test(name)),
      ).toEqual([]);
      for (const field of ["credentials", "aggregates { distinctCount { credentials } }"]) {
        const answer = await as("olga", `{ organizationIntegrations { nodes { id } ${field} } }`);
        expect(refusalOf(answer).code).toBe("GRAPHQL_VALIDATION");
      }
    });

    it("whoever runs the clinic finds the form of each provider", async () => {
      const { body } = await as(
        "olga",
        `{ serviceProviders(filter: {key: {in: ["twilio", "s3"]}}) { nodes { key name credentialFields settingsFields } } }`,
      );
      expect(body.data.serviceProviders.nodes).toEqual(
        expect.arrayContaining([
          expect.objectContaining({
            key: "twilio",
            credentialFields: expect.arrayContaining([
              {
                name: "authToken",
                kind: "secret",
                label: "Auth token",
                labelRo: "Auth token",
                required: true,
              },
            ]),
          }),
        ]),
      );
    });
  });
}
