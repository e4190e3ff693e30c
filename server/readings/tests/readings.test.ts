import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, type Json, startTestApi, type TestApi, wideRates } from "../../tests/support.ts";
import { namesOfWhoseRows } from "../persons.ts";

/** Owners, who read whatever staff may read. Each reads once, so that no visit hides another. */
const READERS = 220;

let api: TestApi;
let ids: Record<string, string>;
let reader = 0;

beforeAll(async () => {
  api = await startTestApi({
    config: { rates: wideRates },
    before: `
      begin;
      select tests.two_clinics();
      select tests.staff('reader ' || n, 'owner', 'atlas') from generate_series(1, ${READERS}) n;
      insert into app_private.identities (issuer, subject, principal_id)
      select 'https://identity.restartix.localhost', 'dev_' || replace(p.name, ' ', '_'), p.principal_id from tests.personas p;
      commit;`,
  });
  ids = Object.fromEntries(
    (await api.sql("select name, id from tests.names")).map(({ name, id }) => [name, id]),
  );
});
afterAll(() => api.close());

const as = async (name: string, query: string, variables: object = {}): Promise<Answer> => {
  const subject = `dev_${name.replaceAll(" ", "_")}`;
  return api.graphql(query, {
    token: api.token({ subject, email: `${name.replaceAll(" ", ".")}@people.test`, name }),
    variables,
  });
};
const nextReader = (): string => {
  reader += 1;
  if (reader > READERS) throw new Error("make more readers");
  return `reader ${reader}`;
};
type Entry = { person: string; what: string; via: string | null; clinic: string };
const readingsBy = async (name: string): Promise<Entry[]> =>
  api.sql(
    `select persons.name as person, entries.new ->> 'what' as what, entries.new ->> 'via' as via, clinics.slug as clinic
     from audit.entries
     join app_public.organizations clinics on clinics.id = entries.organization_id
     join tests.personas readers on readers.principal_id = entries.actor_id and readers.name = $1
     left join tests.names persons on persons.id = entries.person_id
     where entries.action = 'read' order by entries.id`,
    [name],
  ) as Promise<Entry[]>;
/** Asks as somebody who has read nothing yet; answers with the data and what is on record of them then. */
const read = async (query: string, variables: object = {}) => {
  const name = nextReader();
  const answer = await as(name, query, variables);
  expect(answer.body.errors, `${query}\n${answer.text}`).toBeUndefined();
  return { data: answer.body.data, readings: await readingsBy(name), name };
};
const persons = (readings: Entry[]) => readings.map(({ person }) => person);

type Field = { name: string; args: { name: string; type: Json }[]; type: Json };
const unwrapped = (type: Json): Json => (type.ofType ? unwrapped(type.ofType) : type);
const introspection = `{ __schema { queryType { fields {
  name args { name type { kind name ofType { kind name } } }
  type { kind name ofType { kind name } } } } } }`;

describe("every way to one row of a patient's is on record, generated from the schema (FND-08)", () => {
  test("whatever the key, the filter or the page", async () => {
    const { body } = await api.graphql(introspection);
    const fields: Field[] = body.data.__schema.queryType.fields;
    const flat = (name: string) => name.replaceAll("_", "").toLowerCase();
    const rows: { table: string; key: Json }[] = await api.sql(
      `select distinct on (table_name) replace(table_name, 'app_public.', '') as table, key
       from tests.fixture_rows where home = 'atlas: ana' and table_name like 'app\\_public.%'
       order by table_name, key::text`,
    );
    // Whose request it was is known since it is an appointment.
    rows.push({ table: "booking_requests", key: { id: ids["request at atlas"] } });

    const reached = new Set<string>();
    for (const { table, key } of rows) {
      const [{ row }] = await api.sql(
        `select to_jsonb(r) as row from app_public.${table} r where to_jsonb(r) @> $1`,
        [JSON.stringify(key)],
      );
      const columnOf = (arg: string) => row[arg.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)];
      const single = fields.find(
        ({ name, type }) =>
          type.kind === "OBJECT" &&
          [flat(table), `${flat(name)}s`].includes(`${flat(name)}s`) &&
          `${flat(type.name)}s` === flat(table) &&
          flat(name) === flat(type.name),
      );
      if (!single || !("id" in row)) continue;
      const type = single.type.name;
      const visible = await as("olga", `query ($id: UUID!) { it: ${single.name}(id: $id) { id } }`, {
        id: row.id,
      });
      if (!visible.body.data?.it) continue; // not for staff

      const documents: [string, object][] = [];
      for (const field of fields.filter((other) => unwrapped(other.type).name === type)) {
        if (!field.args.every(({ type: argument }) => argument.kind === "NON_NULL")) continue;
        const given = field.args.map(({ name }) => [name, columnOf(name)]);
        if (given.some(([, value]) => value === null || value === undefined)) continue;
        const said = given.map(([name, value]) => `${name}: ${JSON.stringify(value)}`).join(", ");
        documents.push([`{ it: ${field.name}(${said}) { __typename } }`, {}]);
        documents.push([`{ it: ${field.name}(${said}) { id } }`, {}]);
      }
      const many = fields.find(({ name }) => flat(name) === flat(table));
      const list =
        many && !many.args.some(({ type: argument }) => argument.kind === "NON_NULL") ? many.name : null;
      if (list) {
        for (const selection of [
          "nodes { id }",
          "edges { cursor }",
          "pageInfo { startCursor endCursor }",
          ...(table === "booking_requests" ? [] : ["totalCount"]),
          ...(["appointments"].includes(table) ? ["aggregates { max { priceAmount } }"] : []),
        ]) {
          documents.push([
            `{ it: ${list}(filter: {id: {equalTo: "${row.id}"}}, first: 5) { ${selection} } }`,
            {},
          ]);
        }
        documents.push([
          `{ it: ${list}(filter: {id: {in: ["${row.id}"]}}, first: 5) { nodes { __typename } } }`,
          {},
        ]);
        documents.push([
          `query ($many: Int) { it: ${list}(filter: {id: {lessThanOrEqualTo: "${row.id}", greaterThanOrEqualTo: "${row.id}"}}, first: $many) { nodes { id } } }`,
          { many: 3 },
        ]);
      }
      for (const [document, variables] of documents) {
        const { data, readings } = await read(document, variables);
        expect(data.it, document).not.toBeNull();
        expect([...new Set(persons(readings))], document).toEqual(["ana"]);
        expect(readings[0], document).toMatchObject({ clinic: "atlas", what: "record", via: table });
      }
      reached.add(table);
    }
    expect([...reached].sort()).toEqual([
      "appointment_moves",
      "appointments",
      "booking_requests",
      "caregivers",
      "files",
      "messages",
      "patient_profiles",
      "patients",
    ]);
  });

  test("every table about patients that staff may read says whose its rows are", async () => {
    const learnt = new Set(namesOfWhoseRows());
    const personal = await api.sql(
      `select distinct replace(c.table_name, 'app_public.', '') as name
       from app_private.classified_columns c join app_private.data_classes d on d.name = c.class
       where d.is_personal and c.table_name like 'app\\_public.%' order by 1`,
    );
    const others = personal.map(({ name }) => name).filter((name) => !learnt.has(name));
    expect(others).toEqual([
      "humans", // accounts: of staff for staff, of oneself
      "inbox_items", // the reader's own
      "memberships", // staff
      "principals", // accounts
      "push_subscriptions", // the reader's own
      "specialist_schedule_overrides", // staff
      "specialists", // staff
    ]);
  });
});

describe("one patient by another way (FND-08)", () => {
  test("each of many single looks in one document", async () => {
    const { readings } = await read(
      `query ($a: UUID!, $b: UUID!, $c: UUID!) {
        a: patientProfile(id: $a) { givenName }
        b: patientProfile(id: $b) { phone }
        c: appointments(filter: { patientProfileId: { equalTo: $c } }, first: 9) { nodes { startsAt } } }`,
      { a: ids.ana, b: ids.bogdan, c: ids.elena },
    );
    expect(persons(readings).sort()).toEqual(["ana", "bogdan", "elena"]);
    expect(readings.every(({ clinic }) => clinic === "atlas")).toBe(true);
  });

  test("a page of one, wherever it begins", async () => {
    for (const page of ["first: 1", "first: 1, offset: 1", "last: 1"]) {
      const { data, readings } = await read(
        `{ patients(orderBy: CREATED_AT_ASC, ${page}) { nodes { patientProfileId } } }`,
      );
      expect(readings, page).toHaveLength(1);
      expect(ids[readings[0]?.person as string], page).toBe(data.patients.nodes[0].patientProfileId);
    }
  });

  test("counts and extremes of one patient's appointments", async () => {
    for (const asked of ["totalCount", "aggregates { max { priceAmount } }"]) {
      const { readings } = await read(
        `query ($id: UUID!) { appointments(filter: { patientProfileId: { equalTo: $id } }) { ${asked} } }`,
        { id: ids.bogdan },
      );
      expect(persons(readings), asked).toEqual(["bogdan"]);
    }
  });

  test("through a row that is about nobody", async () => {
    const { readings } = await read(
      `query ($specialist: UUID!, $patient: UUID!) { specialist(id: $specialist) {
        appointments(filter: { patientProfileId: { equalTo: $patient } }, first: 5) { nodes { startsAt } } } }`,
      { specialist: ids.stefan, patient: ids.ana },
    );
    expect(persons(readings)).toEqual(["ana"]);
  });

  test("what the audit log says of one patient", async () => {
    const { readings, data } = await read(
      `query ($id: UUID!) { auditEntries(filter: { personId: { equalTo: $id } }, first: 5) { nodes { id } } }`,
      { id: ids.ana },
    );
    expect(data.auditEntries.nodes.length).toBeGreaterThan(0);
    expect(persons(readings)).toEqual(["ana"]);
  });

  test("what a verb answers with, and what an update does", async () => {
    const moved = await read(
      `mutation ($id: UUID!) { confirmAppointment(input: { appointmentId: $id }) { appointment { id } } }`,
      { id: ids["bogdan's appointment at atlas"] },
    );
    expect(persons(moved.readings)).toEqual(["bogdan"]);
    const updated = await read(
      `mutation ($id: UUID!) { updatePatientProfile(input: { id: $id, patch: { locale: RO } }) { patientProfile { phone } } }`,
      { id: ids.carmen },
    );
    expect(updated.data.updatePatientProfile.patientProfile.phone).toBeTruthy();
    expect(persons(updated.readings)).toEqual(["carmen"]);
  });

  test("a link to a file, in a list of many patients too", async () => {
    const { readings } = await read(
      `{ appointments(first: 20) { nodes { files(first: 5) { nodes { filename download { url } } } } } }`,
    );
    expect(readings.every(({ what, via }) => what === "file" && via === "files")).toBe(true);
    expect(persons(readings)).toEqual(expect.arrayContaining(["ana", "bogdan"]));
    const list = await read(
      `{ appointments(first: 20) { nodes { files(first: 5) { nodes { filename } } } } }`,
    );
    expect(list.readings).toEqual([]);
    const one = await read(`query ($id: UUID!) { file(id: $id) { download { url } } }`, {
      id: ids["ana's finding at atlas"],
    });
    expect(one.data.file.download.url).toContain("X-Amz-Signature");
    expect(one.readings).toMatchObject([{ what: "record" }, { what: "file" }]);
  });
});

describe("patients who are named side by side are each read (FND-08)", () => {
  const both = ["ana", "bogdan"];
  test.each([
    `query ($a: UUID!, $b: UUID!) { patientProfiles(filter: { id: { in: [$a, $b] } }, first: 5) { nodes { phone } } }`,
    `query ($a: UUID!, $b: UUID!) { patientProfiles(filter: { or: [{ id: { equalTo: $a } }, { id: { equalTo: $b } }] }, first: 5) { nodes { phone } } }`,
    `query ($a: UUID!, $b: UUID!) { appointments(filter: { patientProfileId: { in: [$a, $b] } }, first: 20) { nodes { startsAt } } }`,
    `query ($a: UUID!, $b: UUID!) { patients(filter: { patientProfileId: { in: [$a, $b] } }, first: 20) { nodes { patientProfile { phone } } } }`,
    `query ($a: UUID!, $b: UUID!) { specialists(first: 5) { nodes { appointments(filter: { patientProfileId: { in: [$a, $b] } }, first: 20) { nodes { startsAt } } } } }`,
    `query ($a: UUID!, $b: UUID!) { auditEntries(filter: { personId: { in: [$a, $b] } }, first: 50) { nodes { id } } }`,
  ])("%s", async (document) => {
    const { readings } = await read(document, { a: ids.ana, b: ids.bogdan });
    expect(persons(readings).toSorted()).toEqual(both);
  });

  test("in the document itself, by the ids of other rows than their own, and among others who are not named", async () => {
    const [a, b] = both.map((name) => ids[`${name}'s appointment at atlas`]);
    const written = await read(
      `{ appointments(filter: { id: { in: ["${a}", "${b?.toUpperCase()}"] } }, first: 5) { nodes { startsAt } } }`,
    );
    expect(persons(written.readings).toSorted()).toEqual(both);
    const padded = await read(
      "query ($id: UUID!) { appointments(filter: { or: [{ id: { equalTo: $id } }, { id: { notEqualTo: $id } }] }, first: 20) { nodes { startsAt } } }",
      { id: a },
    );
    expect(persons(padded.readings)).toEqual(["ana"]);
  });

  test("but not when so many are named that it is work on a list", async () => {
    const profiles = await api.sql(
      `with made as (
         insert into app_public.patient_profiles (given_name, family_name)
         select 'Many', 'Number ' || chr(65 + n) from generate_series(0, 20) n returning id
       ), admitted as (
         insert into app_public.patients (organization_id, patient_profile_id) select $1, id from made returning patient_profile_id
       )
       select patient_profile_id as id from admitted`,
      [ids.atlas],
    );
    const many = profiles.map(({ id }) => id);
    const look =
      "query ($ids: [UUID!]) { patientProfiles(filter: { id: { in: $ids } }, first: 50) { nodes { phone } } }";
    const list = await read(look, { ids: many });
    expect(list.data.patientProfiles.nodes).toHaveLength(21);
    expect(list.readings).toEqual([]);
    expect((await read(look, { ids: many.slice(1) })).readings).toHaveLength(20);
  });
});

describe("what is no reading of one patient's record (FND-08)", () => {
  test.each([
    "{ patients(first: 20) { nodes { patientProfile { givenName phone } } } }",
    "{ patients(first: 2) { totalCount nodes { patientProfile { givenName } appointments: id } } }",
    "{ appointments(first: 20) { nodes { startsAt patient { patientProfile { familyName } } specialist { familyName } } } }",
    "{ appointments { totalCount aggregates { min { priceAmount } } } }",
    "{ specialists(first: 5) { nodes { appointments(first: 10) { nodes { startsAt } } } } }",
    "{ services(first: 5) { nodes { name } } me { displayName } }",
  ])("%s", async (document) => {
    expect((await read(document)).readings).toEqual([]);
  });

  test("what is not there, or not the reader's to see", async () => {
    for (const id of [ids.dan, randomUUID()]) {
      const { data, readings } = await read("query ($id: UUID!) { patientProfile(id: $id) { phone } }", {
        id,
      });
      expect(data.patientProfile).toBeNull();
      expect(readings).toEqual([]);
    }
  });

  test("the own record, and that of whom one cares for", async () => {
    for (const [name, id] of [
      ["ana", ids.ana],
      ["andrei", ids.ana],
      ["corina", ids.carmen],
    ] as const) {
      const answer = await as(
        name,
        "query ($id: UUID!) { patientProfile(id: $id) { phone } appointments(first: 5) { nodes { id } } }",
        { id },
      );
      expect(answer.body.data.patientProfile.phone).toBeTruthy();
      expect(await readingsBy(name), name).toEqual([]);
    }
  });
});

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
    expect(await readingsBy(name)).toEqual([{ person: "bogdan", what: "chart", via: null, clinic: "atlas" }]);
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
