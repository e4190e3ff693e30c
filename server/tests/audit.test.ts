import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Json, refusalOf, startTestApi, type TestApi } from "./support.ts";

let api: TestApi;
let ids: Record<string, string>;

// Canaries: a secret and personal data whose way into the log is watched.
const canary = { phone: "+40799123456", token: "c0ffee5ec4e7" };

beforeAll(async () => {
  api = await startTestApi({ because: "its audit log is read whole, and its log is searched for canaries" });
  const [made] = await api.sql(
    `select tests.clinic('boreal'), tests.staff('beata', 'admin', email => 'beata@people.test');
     select tests.clinic('atlas');
     select tests.staff('olga', 'owner', email => 'olga@people.test'),
            tests.staff('flavia', 'front_desk', email => 'flavia@people.test');
     select tests.person('root', 'root@people.test', superadmin => true);
     select tests.specialist('mihai');
     select tests.calendar('kineto', '{mihai}');
     select tests.patient('ana', email => 'ana@people.test');
     select tests.patient('carmen', account => false, birth_date => (current_date - interval '9 years')::date);
     select tests.caregiver('corina', 'carmen');
     select tests.booking_request('request', 'kineto', 'mihai', date_trunc('day', now()) + interval '3 days');
     update app_public.booking_requests set token_hash = decode(repeat('${canary.token}', 5) || '0000', 'hex')
     where id = tests.id('request');
     update app_public.patient_profiles set phone = '${canary.phone}' where id = tests.id('carmen');
     select (select jsonb_object_agg(name, id) from tests.names) as ids`,
  );
  ids = made.ids;
});
afterAll(() => api.close());

/** First sign-in links the human with the verified address. */
const as = (name: string) => ({
  token: api.token({ subject: `dev_${name}`, email: `${name}@people.test`, name }),
});

async function ask(name: string, query: string, variables: object = {}): Promise<Json> {
  const { body } = await api.graphql(query, { ...as(name), variables });
  expect(body.errors, JSON.stringify(body.errors)).toBeUndefined();
  return body.data;
}

const log = `query ($filter: AuditEntryFilter, $first: Int = 50, $after: Cursor) {
  auditEntries(filter: $filter, first: $first, after: $after, orderBy: OCCURRED_AT_DESC) {
    nodes { id organizationId action tableName rowKey personId changed actorId requestId sessionRole
            actor { displayName } values { old new ip userAgent } }
    pageInfo { hasNextPage endCursor }
  }
}`;

/** Everything that olga sees of it, page by page. */
async function pages(filter?: object, first = 100): Promise<Json[]> {
  const nodes: Json[] = [];
  let after: string | null = null;
  do {
    const { auditEntries }: Json = await ask("olga", log, { filter, first, after });
    nodes.push(...auditEntries.nodes);
    after = auditEntries.pageInfo.hasNextPage ? auditEntries.pageInfo.endCursor : null;
  } while (after);
  return nodes;
}

describe("the clinic reads its own audit log (FND-08)", () => {
  it("an edit through a generated mutation names its author, request and values (FND-02)", async () => {
    const { createService } = await ask(
      "olga",
      `mutation ($clinic: UUID!) { createService(input: {service: {organizationId: $clinic, name: "Hidroterapie",
         durationMinutes: 50, priceAmount: "18000", currency: "RON"}}) { service { id } } }`,
      { clinic: ids.atlas },
    );
    const { id } = createService.service;
    const { headers } = await api.graphql(
      `mutation ($id: UUID!) { updateService(input: {id: $id, patch: {priceAmount: "20000"}}) { service { id } } }`,
      { ...as("olga"), variables: { id: id }, headers: { "x-request-id": "audit-test-1" } },
    );
    expect(headers.get("x-request-id")).toBe("audit-test-1");

    const { auditEntries } = await ask("olga", log, { filter: { rowKey: { equalTo: id } } });
    expect(auditEntries.nodes).toMatchObject([
      {
        action: "UPDATE",
        tableName: "app_public.services",
        organizationId: ids.atlas,
        actor: { displayName: "Olga" },
        requestId: "audit-test-1",
        sessionRole: "app_authenticator",
        changed: ["price_amount"],
        values: { old: { price_amount: 18000 }, new: { price_amount: 20000 }, ip: "127.0.0.1" },
      },
      { action: "INSERT", actorId: ids.olga, values: { old: null, new: { name: "Hidroterapie" } } },
    ]);
  });

  it("filters by table, person, actor, action and time, and pages by cursor", async () => {
    const every = await pages(undefined, 7);
    expect(every.length).toBeGreaterThan(20);
    expect(new Set(every.map(({ id }: Json) => id)).size).toBe(every.length);
    expect(await pages()).toEqual(every);

    const only = (test: (entry: Json) => boolean) => every.filter(test);
    expect(await pages({ tableName: { equalTo: "app_public.patients" } })).toEqual(
      only(({ tableName }) => tableName === "app_public.patients"),
    );
    expect(await pages({ actorId: { equalTo: ids.olga } })).toEqual(
      only(({ actorId }) => actorId === ids.olga),
    );
    expect(await pages({ personId: { equalTo: ids.ana } })).toEqual(
      only(({ personId }) => personId === ids.ana),
    );
    expect(await pages({ action: { equalTo: "UPDATE" } })).toEqual(only(({ action }) => action === "UPDATE"));
    expect(await pages({ occurredAt: { lessThan: "2020-01-01T00:00:00Z" } })).toEqual([]);
  });

  it("secrets are named when they change and are nowhere to be read; neither is another clinic", async () => {
    const { auditEntries } = await ask("olga", log, {
      filter: { tableName: { equalTo: "app_public.booking_requests" } },
    });
    expect(auditEntries.nodes.some(({ changed }: Json) => changed.includes("token_hash"))).toBe(true);
    const whole = JSON.stringify(await pages());
    expect(whole).not.toContain(canary.token);
    expect(whole).not.toContain(ids.boreal);
  });

  it("front desk, patients and visitors see nothing, another clinic its own, superadmins the platform's", async () => {
    for (const name of ["flavia", "ana"]) {
      expect((await ask(name, log, {})).auditEntries.nodes, name).toEqual([]);
    }
    const visitor = await api.graphql(log);
    expect(visitor.body.data?.auditEntries ?? null).toBeNull();
    const beata = (await ask("beata", log, { first: 100 })).auditEntries.nodes;
    expect(new Set(beata.map(({ organizationId }: Json) => organizationId))).toEqual(new Set([ids.boreal]));

    const root = (await ask("root", log, { first: 100 })).auditEntries.nodes;
    expect(new Set(root.map(({ organizationId }: Json) => organizationId))).toEqual(new Set([null]));
    const profiles = root.filter(({ tableName }: Json) => tableName === "app_public.patient_profiles");
    expect(profiles.length).toBeGreaterThan(1);
    // That a profile changed is the platform's business, what it says is not.
    expect(profiles.every(({ values }: Json) => values === null)).toBe(true);
    expect(JSON.stringify(root)).not.toContain(canary.phone);
  });
});

describe("a patient's chart is opened on record (FND-08)", () => {
  const open = `mutation ($patient: UUID!) { openPatientChart(input: {patientId: $patient}) {
    patientChart { givenName phone caregivers { name relationship } appointments { serviceName startsAt } } } }`;
  const readings =
    "{ myChartReadings(first: 10) { nodes { readAt readerName organizationName patientProfileId what } } }";

  it("staff get the chart in one request, and the caregiver sees who looked", async () => {
    const { openPatientChart } = await ask("flavia", open, { patient: ids["carmen at atlas"] });
    expect(openPatientChart.patientChart).toMatchObject({
      givenName: "Carmen",
      phone: canary.phone,
      caregivers: [{ name: "Corina", relationship: "PARENT" }],
      appointments: [],
    });
    const { myChartReadings } = await ask("corina", readings);
    expect(myChartReadings.nodes).toMatchObject([
      { readerName: "Flavia", organizationName: "Atlas", patientProfileId: ids.carmen, what: "chart" },
    ]);
    // What the log says of one patient is that patient's record, too.
    expect((await ask("ana", readings)).myChartReadings.nodes).toMatchObject([
      { readerName: "Olga", patientProfileId: ids.ana, what: "record" },
    ]);
    expect(
      (await ask("olga", log, { filter: { action: { equalTo: "READ" }, personId: { equalTo: ids.carmen } } }))
        .auditEntries.nodes,
    ).toMatchObject([
      { tableName: "app_public.patients", rowKey: ids["carmen at atlas"], actor: { displayName: "Flavia" } },
    ]);
  });

  it("a stranger is told that there is no such patient, and no reading is recorded", async () => {
    const before = await api.sql("select count(*) from audit.entries where action = 'read'");
    for (const name of ["beata", "ana", "root"]) {
      const answer = await api.graphql(open, { ...as(name), variables: { patient: ids["carmen at atlas"] } });
      expect(refusalOf(answer), name).toMatchObject({ code: "NOT_FOUND" });
    }
    expect(await api.sql("select count(*) from audit.entries where action = 'read'")).toEqual(before);
  });
});

it("the bytes of every chain are free of what people wrote, and every chain is whole (FND-09)", async () => {
  const [found] = await api.sql(
    `select count(*) filter (where encode(bytes, 'escape') ~ $1)::int as personal, count(*)::int as entries
     from (select bytes from audit.entries union all select bytes from audit.seals) as chained`,
    [`(people\\.test|40799123456|${canary.token}|Carmen|Corina|127\\.0\\.0\\.1)`],
  );
  expect(found).toMatchObject({ personal: 0 });
  expect(found.entries).toBeGreaterThan(20);
  expect(
    await api.sql(
      "select v.finding from audit.chains() c cross join audit.verify(c) v where v.finding is not null",
    ),
  ).toEqual([]);
});
