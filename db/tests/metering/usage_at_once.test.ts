import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../testing/server.ts";
import { type Act, ask, atOnce, furnish, oneBehindTheOther } from "../at_once.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({
    because: "people, vendors and the worker use a clinic's allowance beside each other",
  });
  await furnish(
    database,
    `select tests.platform_tier('small', '{"specialists": 3, "active_patients": 2, "telerehab_sessions": 5}');
     select tests.person('root', superadmin => true)`,
  );
});
afterAll(() => database.drop());

/** A clinic of its own for each test, of the small tier. */
let clinics = 0;
let clinic = "";
beforeEach(async () => {
  clinic = `clinic-${++clinics}`;
  await furnish(
    database,
    `select tests.clinic('${clinic}'), tests.staff('admin of ${clinic}', 'admin'), tests.subscribe(tests.id('${clinic}'), 'small')`,
  );
});

const hire = (name: string): Act => ({
  as: `admin of ${clinic}`,
  sql: `insert into app_public.specialists (organization_id, given_name, family_name)
        values (tests.id('${clinic}'), '${name}', 'Pop') returning given_name`,
});
const use = (key: string, quantity = 1): Act => ({
  as: "the database",
  sql: `select position::int from app_private.record_usage(tests.id('${clinic}'), 'sms_messages', 'messages', '${key}', ${quantity}, date_trunc('day', now()))`,
});
const call = (key: string): Act => ({
  as: "the database",
  sql: `select cost::float from app_private.record_ai_call(tests.id('${clinic}'), '${key}', '${clinic}', '{"input_tokens": 1000000}', date_trunc('hour', now()))`,
});
const price = (): Act => ({
  as: "root",
  sql: `select (app_public.enter_ai_price('${clinic}', 'input_tokens', 'RON', 7, '2020-01-01')).price_per_million::float`,
});
const exhausted = { code: "RX402", reason: "tier_limit_reached" };
const specialists = () =>
  ask<number>(
    database,
    `select count(*)::int from app_public.specialists where organization_id = tests.id('${clinic}') and deleted_at is null`,
  );
const summary = () =>
  ask<string>(
    database,
    `select quantity || ' of ' || records from app_public.usage_summaries
     where organization_id = tests.id('${clinic}') and meter = 'sms_messages'`,
  );
const differences = () =>
  ask<number>(database, `select count(*)::int from app_private.usage_differences(tests.id('${clinic}'))`);

test("two who want the last place: the second waits, and is refused (FND-20)", async () => {
  await atOnce(database, [hire("One")]);
  await atOnce(database, [hire("Two")]);
  expect(await oneBehindTheOther(database, hire("Three"), hire("Four"))).toEqual({
    first: { value: "Three" },
    second: exhausted,
    waited: true,
  });
  expect(await specialists()).toBe(3);
});

test("a place that is given back is there for who waits for it (FND-20)", async () => {
  await furnish(
    database,
    `select tests.patient('first of ${clinic}', '${clinic}', account => false), tests.patient('second of ${clinic}', '${clinic}', account => false)`,
  );
  const register: Act = {
    as: `admin of ${clinic}`,
    sql: `select (app_public.create_patient(tests.id('${clinic}'), 'Third', 'Pop')).organization_id is not null`,
  };
  const remove: Act = {
    as: `admin of ${clinic}`,
    sql: `select (app_public.remove_patient(tests.id('first of ${clinic} at ${clinic}'))).deleted_at is not null`,
  };
  expect(await atOnce(database, [register])).toEqual([exhausted]);
  expect(await atOnce(database, [remove])).toEqual([{ value: true }]);
  expect(await oneBehindTheOther(database, register, register)).toMatchObject({
    first: { value: true },
    second: { code: "RX402" },
  });
});

test("twelve who are hired at once: three are, however often it is tried (FND-20)", async () => {
  const rounds = Number(process.env.RACE_ROUNDS ?? 6);
  for (let round = 0; round < rounds; round++) {
    await furnish(
      database,
      `update app_public.specialists set deleted_at = now() where organization_id = tests.id('${clinic}') and deleted_at is null`,
    );
    const outcomes = await atOnce(
      database,
      Array.from({ length: 12 }, (_, n) => hire(`Number${String.fromCharCode(65 + n)}`)),
    );
    expect(outcomes.filter((outcome) => "value" in outcome)).toHaveLength(3);
    expect(outcomes.filter((outcome) => "code" in outcome)).toEqual(Array(9).fill(exhausted));
    expect(await specialists()).toBe(3);
  }
});

test("two text messages that leave at once for the last place: one does, the other is skipped (FND-20)", async () => {
  await furnish(
    database,
    `select tests.platform_tier('one-text', '{"sms_messages": 1}') where not exists (select from app_public.platform_tiers where slug = 'one-text');
     update app_public.organization_subscriptions set tier_version_id = (select v.id from app_public.platform_tier_versions v where v.tier_id = tests.id('one-text'))
     where organization_id = tests.id('${clinic}');
     update app_public.organization_subscription_tiers set tier_version_id = (select v.id from app_public.platform_tier_versions v where v.tier_id = tests.id('one-text'))
     where organization_id = tests.id('${clinic}');
     select app_private.notify(tests.id('${clinic}'), 'appointment_cancelled', jsonb_build_object('serviceName', 'K', 'specialistName', 'D',
       'startsAt', now() + interval '2 days', 'endsAt', now() + interval '2 days 1 hour', 'timezone', 'Europe/Bucharest', 'modality', 'in_person', 'reason', null),
       name => 'Pop ' || n, phone => '+4072200000' || n, locale => 'ro', calendar_uid => uuidv7())
     from generate_series(1, 2) as n;
     update app_public.messages set is_urgent = true, not_before = null where organization_id = tests.id('${clinic}')`,
  );
  const claim = (number: number): Act => ({
    as: "the database",
    sql: `select count(c.*)::int from app_public.messages m, app_private.claim_message(m.id) c
          where m.organization_id = tests.id('${clinic}') and m.recipient_phone = '+4072200000${number}'`,
  });
  expect(await oneBehindTheOther(database, claim(1), claim(2))).toEqual({
    first: { value: 1 },
    second: { value: 0 },
    waited: true,
  });
  const reasons = `select string_agg(status || coalesce(' ' || reason, ''), ', ' order by recipient_phone)
                   from app_public.messages where organization_id = tests.id('${clinic}') and channel = 'sms'`;
  expect(await ask<string>(database, reasons)).toBe("queued, skipped tier_limit_reached");
});

test("one thing that is told twice at once is counted once; two are in an order (FND-24)", async () => {
  expect(await oneBehindTheOther(database, use("a"), use("a"))).toEqual({
    first: { value: 1 },
    second: { value: 1 },
    waited: true,
  });
  expect(await oneBehindTheOther(database, use("b"), use("c"))).toEqual({
    first: { value: 2 },
    second: { value: 3 },
    waited: true,
  });
  expect(await summary()).toBe("3 of 3");
});

test("twenty at once, some of them again and some otherwise, add up (FND-24)", async () => {
  const acts = Array.from({ length: 20 }, (_, n) => use(`key ${n % 8}`, n < 16 ? 1 : 2));
  const outcomes = await atOnce(database, acts);
  expect(outcomes.every((outcome) => "value" in outcome)).toBe(true);
  expect(await differences()).toBe(0);
  expect(
    await ask<number[]>(
      database,
      `select array_agg(position::int order by position) from app_public.usage_records where organization_id = tests.id('${clinic}')`,
    ),
  ).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test("a call whose price is entered at the same time is priced, whoever comes first (FND-24)", async () => {
  const cost = () =>
    ask<number>(
      database,
      `select cost::float from app_public.ai_calls where organization_id = tests.id('${clinic}')`,
    );
  expect(await oneBehindTheOther(database, call("a"), price())).toEqual({
    first: { value: null },
    second: { value: 7 },
    waited: true,
  });
  expect(await cost()).toBe(7);
});

test("a call that waits for a price that is being entered has it (FND-24)", async () => {
  expect(await oneBehindTheOther(database, price(), call("a"))).toEqual({
    first: { value: 7 },
    second: { value: 7 },
    waited: true,
  });
});

test("a period that begins while usage is told has what is of its time (FND-24)", async () => {
  const begin: Act = {
    as: "the database",
    sql: `update app_public.billing_periods set during = tstzrange(lower(during) - interval '40 days', upper(during))
          where organization_id = tests.id('${clinic}') returning true`,
  };
  const late: Act = {
    as: "the database",
    sql: `select position::int from app_private.record_usage(tests.id('${clinic}'), 'sms_messages', 'messages', 'late', 1, now() - interval '35 days')`,
  };
  expect(await oneBehindTheOther(database, late, begin)).toMatchObject({
    first: { value: 1 },
    second: { value: true },
    waited: true,
  });
  expect(await differences()).toBe(0);
  expect(await summary()).toBe("1 of 1");
});
