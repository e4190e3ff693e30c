import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Json, refusalOf, startTestApi, type TestApi } from "./support.ts";

let api: TestApi;
let token: string;
let clinic: string;

// In the order in which Romanians look them up.
const names = ["Sandu", "Szabo", "Șandru", "Tudor", "Țăranu", "Udrea"];
const before = `begin;
select tests.clinic('boreal'); select tests.patient('elsewhere', account => false);
update app_public.patient_profiles set family_name = 'Țăranu';
select tests.clinic('atlas'); select tests.staff('olga', 'owner', email => 'olga@people.test');
${names.map((name) => `select tests.patient('${name}', account => false);`).join("\n")}
${names.map((name) => `update app_public.patient_profiles set family_name = '${name}', given_name = 'Ana' where id = tests.id('${name}');`).join("\n")}
commit;`;

beforeAll(async () => {
  api = await startTestApi({ before });
  token = api.token({ subject: "olga", email: "olga@people.test" });
  [{ id: clinic }] = (await api.sql("select id from app_public.organizations where slug = 'atlas'")) as [
    Json,
  ];
});
afterAll(() => api.close());

const update = (patch: object) =>
  api.graphql(
    "mutation ($input: UpdatePatientProfileInput!) { updatePatientProfile(input: $input) { patientProfile { phone email givenName } } }",
    { token, variables: { input: { rowId: sandu, patch } } },
  );
let sandu: string;

describe("FND-07: names as people write, look up and sort them", () => {
  it("sorts as Romanians expect, in both directions and page by page", async () => {
    for (const [order, expected] of [
      ["FAMILY_NAME_ASC", names],
      ["FAMILY_NAME_DESC", names.toReversed()],
    ] as const) {
      const seen: string[] = [];
      let after: string | null = null;
      for (let page = 0; page < 10; page++) {
        const { body }: Json = await api.graphql(
          `query ($after: Cursor) { patientProfiles(orderBy: ${order}, first: 2, after: $after) { nodes { rowId familyName } pageInfo { hasNextPage endCursor } } }`,
          { token, variables: { after } },
        );
        const { nodes, pageInfo } = body.data.patientProfiles;
        for (const { familyName, rowId } of nodes) {
          seen.push(familyName);
          if (familyName === "Sandu") sandu = rowId;
        }
        after = pageInfo.endCursor;
        if (!pageInfo.hasNextPage) break;
      }
      expect(seen).toEqual(expected);
    }
  });

  it.each([
    ["taranu", ["Țăranu"]],
    ["ţăr", ["Țăranu"]],
    ["ana s", ["Sandu", "Szabo", "Șandru"]],
    ["nobody", []],
  ])("finds by %j in the own clinic alone", async (query, expected) => {
    const { body } = await api.graphql(
      "query ($id: UUID!, $query: String!) { searchPatients(organizationId: $id, query: $query, first: 10) { nodes { patientProfile { familyName } } } }",
      { token, variables: { id: clinic, query } },
    );
    expect(body.data.searchPatients.nodes.map((node: Json) => node.patientProfile.familyName)).toEqual(
      expected,
    );
  });

  it("pages through what was found", async () => {
    const ask = (after: string | null) =>
      api.graphql(
        'query ($id: UUID!, $after: Cursor) { searchPatients(organizationId: $id, query: "ana", first: 4, after: $after) { nodes { patientProfile { familyName } } pageInfo { endCursor } } }',
        { token, variables: { id: clinic, after } },
      );
    const first = (await ask(null)).body.data.searchPatients;
    const second = (await ask(first.pageInfo.endCursor)).body.data.searchPatients;
    expect([...first.nodes, ...second.nodes].map((node: Json) => node.patientProfile.familyName)).toEqual(
      names,
    );
  });
});

describe("FND-07: one way in", () => {
  it("editing takes numbers, addresses and names as creation does", async () => {
    const { body } = await update({
      phone: "0744 999 888",
      email: "Ana@München.de",
      givenName: " Ana\u200b-Maria\u00a0",
    });
    expect(body.data.updatePatientProfile.patientProfile).toEqual({
      phone: "+40744999888",
      email: "ana@xn--mnchen-3ya.de",
      givenName: "Ana-Maria",
    });
    const answer = await api.graphql(
      'mutation ($id: UUID!) { updateOrganization(input: {rowId: $id, patch: {contactPhone: "0744 999 888"}}) { organization { contactPhone } } }',
      { token, variables: { id: clinic } },
    );
    expect(answer.body.data.updateOrganization.organization.contactPhone).toBe("+40744999888");
  });

  it.each([
    [{ phone: "07220001234" }, { code: "VALIDATION", reason: "too_long", details: { field: "phone" } }],
    [{ phone: "072200012" }, { code: "VALIDATION", reason: "wrong_length", details: { field: "phone" } }],
    [
      { email: ".ana@example.com" },
      { code: "VALIDATION", reason: "dot_misplaced", details: { field: "email" } },
    ],
    [
      { givenName: "a".repeat(101) },
      {
        code: "VALIDATION",
        reason: "rule_broken",
        details: { field: "givenName", rule: "given name is at most 100 characters long" },
      },
    ],
    [{ givenName: "\u202e\u200b" }, { details: { field: "givenName", rule: "given name is not blank" } }],
  ])("%j is refused with the field and the reason", async (patch, refusal) => {
    expect(refusalOf(await update(patch))).toMatchObject(refusal);
  });
});
