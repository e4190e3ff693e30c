import { Pool } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { shapeOf } from "../errors/allowed.ts";
import { loadErrorRegistry } from "../errors/registry.ts";
import { type Json, refusalOf, startTestApi, type TestApi } from "./support.ts";

let api: TestApi;
let token: string;
let clinic: string;

// In the order in which Romanians look them up.
const names = ["Sandu", "Szabo", "Șandru", "Tudor", "Țăranu", "Udrea"];
const before = `begin;
select tests.clinic('boreal'); select tests.patient('elsewhere', account => false);
update app_public.patient_profiles set family_name = 'Țăranu';
select tests.clinic('atlas'); select tests.specialist('stefan'); select tests.staff('olga', 'owner', email => 'olga@people.test');
${names.map((name) => `select tests.patient('${name}', account => false);`).join("\n")}
${names.map((name) => `update app_public.patient_profiles set family_name = '${name}', given_name = 'Ana' where id = tests.id('${name}');`).join("\n")}
commit;`;

beforeAll(async () => {
  api = await startTestApi({ because: "the names in its lists are all known", before });
  token = api.token({ subject: "olga", email: "olga@people.test" });
  [{ id: clinic }] = (await api.sql("select id from app_public.organizations where slug = 'atlas'")) as [
    Json,
  ];
});
afterAll(() => api.close());

const update = (patch: object) =>
  api.graphql(
    "mutation ($input: UpdatePatientProfileInput!) { updatePatientProfile(input: $input) { patientProfile { phone email givenName } } }",
    { token, variables: { input: { id: sandu, patch } } },
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
          `query ($after: Cursor) { patientProfiles(orderBy: ${order}, first: 2, after: $after) { nodes { id familyName } pageInfo { hasNextPage endCursor } } }`,
          { token, variables: { after } },
        );
        const { nodes, pageInfo } = body.data.patientProfiles;
        for (const { familyName, id } of nodes) {
          seen.push(familyName);
          if (familyName === "Sandu") sandu = id;
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
      "query ($id: UUID!, $text: String!) { searchPatients(organizationId: $id, text: $text, first: 10) { nodes { patientProfile { familyName } } } }",
      { token, variables: { id: clinic, text: query } },
    );
    expect(body.data.searchPatients.nodes.map((node: Json) => node.patientProfile.familyName)).toEqual(
      expected,
    );
  });

  it("pages through what was found", async () => {
    const ask = (after: string | null) =>
      api.graphql(
        'query ($id: UUID!, $after: Cursor) { searchPatients(organizationId: $id, text: "ana", first: 4, after: $after) { nodes { patientProfile { familyName } } pageInfo { endCursor } } }',
        { token, variables: { id: clinic, after } },
      );
    const first = (await ask(null)).body.data.searchPatients;
    const second = (await ask(first.pageInfo.endCursor)).body.data.searchPatients;
    expect([...first.nodes, ...second.nodes].map((node: Json) => node.patientProfile.familyName)).toEqual(
      names,
    );
  });
});

describe("FND-29: a broken rule says what would do", () => {
  it.each([
    [{ holdsPerAddress: 100_000 }, { least: "1", most: "1000" }, "Dați o valoare între 1 și 1000."],
    [{ startLeadMinutes: -1 }, { least: "0", most: "1440" }, "Dați o valoare între 0 și 1440."],
  ])("%j", async (patch, details, words) => {
    const answer = await api.graphql(
      "mutation ($input: UpdateOrganizationInput!) { updateOrganization(input: $input) { __typename } }",
      { token, variables: { input: { id: clinic, patch } } },
    );
    expect(refusalOf(answer)).toMatchObject({
      code: "VALIDATION",
      reason: "rule_broken",
      details: { field: Object.keys(patch)[0], ...details },
      hint: words,
    });
  });

  it("every rule whose name does not say it is a range, a list or a shape that is told", async () => {
    const pool = new Pool({ connectionString: api.adminUrl, max: 1 });
    const { constraints } = await loadErrorRegistry(pool);
    await pool.end();
    const vague = Array.from(constraints, ([name, { allows }]) => ({ name, allows }))
      .filter(({ name }) =>
        /_is_(sensible|known|plausible|supported|iso|a_code|a_slug|base64url)$/.test(name),
      )
      .filter(({ name, allows }) => !shapeOf(name, allows).shape)
      .map(({ name }) => name);
    expect(vague).toEqual([]);
    expect(constraints.size).toBeGreaterThan(300);
  });
});

describe("FND-29: what is written is what is read", () => {
  it("a time of day comes back as it went in, the end of a day too", async () => {
    const [{ id: specialist }] = (await api.sql("select id from app_public.specialists")) as [Json];
    const add = async (starts: string, ends: string) => {
      const { body }: Json = await api.graphql(
        `mutation ($hour: SpecialistWeeklyHourInput!) { createSpecialistWeeklyHour(input: { specialistWeeklyHour: $hour }) {
          specialistWeeklyHour { id starts ends } } }`,
        {
          token,
          variables: { hour: { specialistId: specialist, weekday: 7, starts, ends } },
        },
      );
      return body.data.createSpecialistWeeklyHour.specialistWeeklyHour;
    };
    const night = await add("00:00", "24:00");
    expect(night).toMatchObject({ starts: "00:00:00.000000", ends: "24:00:00.000000" });
    expect(await add("09:30", "10:15:30.5")).toMatchObject({
      starts: "09:30:00.000000",
      ends: "10:15:30.500000",
    });
    // And it can be written back.
    const { body }: Json = await api.graphql(
      `mutation ($id: UUID!, $patch: SpecialistWeeklyHourPatch!) { updateSpecialistWeeklyHour(input: { id: $id, patch: $patch }) {
        specialistWeeklyHour { starts ends } } }`,
      { token, variables: { id: night.id, patch: { starts: night.starts, ends: night.ends } } },
    );
    expect(body.data.updateSpecialistWeeklyHour.specialistWeeklyHour.ends).toBe("24:00:00.000000");
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
      'mutation ($id: UUID!) { updateOrganization(input: {id: $id, patch: {contactPhone: "0744 999 888"}}) { organization { contactPhone } } }',
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
    [{ givenName: "https://evil.example" }, { reason: "link_in_text", details: { field: "givenName" } }],
    [{ familyName: "evil.example" }, { reason: "link_in_text", details: { field: "familyName" } }],
    [{ familyName: "Call 0900 123 456" }, { reason: "link_in_text", details: { field: "familyName" } }],
  ])("%j is refused with the field and the reason", async (patch, refusal) => {
    expect(refusalOf(await update(patch))).toMatchObject(refusal);
  });

  it("no name is made of what nobody sees, whichever sign of Unicode it is", async () => {
    const unseen = Array.from({ length: 0x110000 }, (_, code) => code).filter(
      (code) => code > 0 && (code < 0xd800 || code > 0xdfff) && /^\p{DI}$/u.test(String.fromCodePoint(code)),
    );
    expect(unseen.length).toBeGreaterThan(4_000);
    const names = await api.sql(
      `select to_hex(code) as sign from unnest($1::int[]) as code
       where app_hidden.read_name(chr(code)) ~ '[[:alnum:]]'`,
      [unseen],
    );
    expect(names).toEqual([]);
  });
});
