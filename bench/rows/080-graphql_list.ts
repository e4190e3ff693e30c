import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import autocannon from "autocannon";
import { readConfig } from "../../server/config.ts";
import { openDevIssuer } from "../../server/identity/dev_issuer.ts";
import { type Bench, median, type Row } from "../row.ts";
import { serverEnv, startServer } from "../servers.ts";

const person = { subject: "bench", email: "front-desk@bench.example", name: "Front desk", locale: "ro" };
const query = `{
  appointments(orderBy: [STARTS_AT_ASC, PRIMARY_KEY_ASC], first: 20) {
    nodes {
      id startsAt status
      service { name }
      specialist { givenName familyName }
      patient { patientProfile { givenName familyName } }
    }
  }
}`;
const wholeRounds = 5;

/** What the list was worth before its statement named the clinic, in a clinic with as many appointments. */
const timesUnnamed = 8;

/** FND-29: 20 appointments of 20,000 with service, specialist and patient, for front desk, under row level security. */
export default {
  claim: "list of 20 through GraphQL",
  unit: "/s",
  goal: { ratioAtLeast: 0.6 },
  async measure(bench) {
    await fillAppointments(bench, bench.short ? 2_000 : 20_000);
    const dataDir = mkdtempSync(path.join(os.tmpdir(), "restartix-bench-"));
    const env = serverEnv(bench, dataDir);
    const token = openDevIssuer(readConfig(env)).mint(person);
    const [api, byHand] = [
      await startServer("server/main.ts", env),
      await startServer("bench/handwritten.ts", env),
    ];
    try {
      const headers = { authorization: `Bearer ${token}`, "x-organization": bench.fixture.organizationId };
      const graphql: Target = {
        url: `${api.url}/graphql`,
        method: "POST",
        headers: { ...headers, "content-type": "application/json" },
        body: JSON.stringify({ query }),
      };
      const endpoint: Target = {
        url: `${byHand.url}/appointments`,
        method: "GET",
        headers,
      };
      // The statement that the list was until then; written by hand, so that it is no slower than it has to be.
      const unnamed: Target = {
        url: `${byHand.url}/appointments/unnamed`,
        method: "GET",
        headers: { authorization: headers.authorization },
      };
      const same = (await answer(graphql)).data.appointments.nodes;
      const expected = await answer(endpoint);

      // Interleaved, so that whatever else the machine does hits both.
      const measured: number[] = [];
      const against: number[] = [];
      const floor: number[] = [];
      const [rounds, seconds] = bench.short ? [1, 1] : [wholeRounds, 3];
      // Connections to the database are opened, and plans made.
      await rate(graphql, seconds, { asked: 0, refused: 0 });
      await rate(endpoint, seconds, { asked: 0, refused: 0 });
      const refusals: Refusals = { asked: 0, refused: 0 };
      for (let round = 0; round < rounds; round++) {
        measured.push(await rate(graphql, seconds, refusals));
        against.push(await rate(endpoint, seconds, refusals));
        floor.push(await rate(unnamed, seconds, refusals));
      }
      return {
        measured: median(measured),
        against: {
          what: `by hand, behind express; ${median(floor).toFixed(1)} /s without the clinic in the statement`,
          value: median(against),
        },
        conditions: {
          [`${timesUnnamed} times the statement without the clinic`]:
            bench.short || median(measured) >= timesUnnamed * median(floor),
          "of a hundred, ninety-nine are answered": bench.short || refusals.refused <= refusals.asked / 100,
          "both answer with the same 20 rows":
            same.length === 20 && JSON.stringify(ids(same)) === JSON.stringify(ids(expected)),
        },
      };
    } finally {
      for (const { child } of [api, byHand]) child.kill("SIGKILL");
      rmSync(dataDir, { recursive: true, force: true });
    }
  },
} satisfies Row;

type Refusals = { asked: number; refused: number };

type Target = { url: string; method: "GET" | "POST"; headers: Record<string, string>; body?: string };

/** How many are answered in a second; on a machine that is too busy for it, the API refuses some. */
async function rate(target: Target, seconds: number, refusals: Refusals): Promise<number> {
  const {
    errors,
    non2xx,
    "2xx": answered,
    duration,
  } = await autocannon({ ...target, connections: 8, duration: seconds });
  refusals.asked += answered + errors + non2xx;
  refusals.refused += errors + non2xx;
  return answered / duration;
}

// biome-ignore lint/suspicious/noExplicitAny: two answers of different shape, compared by their ids
async function answer({ url, ...request }: Target): Promise<any> {
  return (await fetch(url, request)).json();
}

const ids = (rows: { id: string }[]) => rows.map(({ id }) => id);

/** Appointments of a clinic's past, and a front desk that may see them. */
async function fillAppointments({ admin }: Bench, count: number): Promise<void> {
  await admin.query(`
    set session_replication_role = replica;
    insert into app_public.principals (id, kind) values (bench_id('front desk'), 'human');
    insert into app_public.humans (principal_id, email, email_verified_at, display_name)
    values (bench_id('front desk'), '${person.email}', now(), '${person.name}');
    insert into app_public.memberships (id, organization_id, human_id)
    values (bench_id('front desk'), bench_id('clinic'), bench_id('front desk'));
    insert into app_public.roles (id, organization_id, key, name) values (bench_id('front desk'), bench_id('clinic'), 'desk', 'Desk');
    insert into app_public.role_permissions (organization_id, role_id, permission)
    select bench_id('clinic'), bench_id('front desk'), permission
    from app_public.system_role_permissions where role_key = 'front_desk';
    insert into app_public.membership_roles (organization_id, membership_id, role_id)
    values (bench_id('clinic'), bench_id('front desk'), bench_id('front desk'));

    insert into app_public.patient_profiles (id, given_name, family_name)
    select bench_id('patient', n), 'Ioana', 'Popescu ' || n from generate_series(1, 200) as n;
    insert into app_public.patients (organization_id, patient_profile_id)
    select bench_id('clinic'), bench_id('patient', n) from generate_series(1, 200) as n;
    insert into app_public.appointments (organization_id, patient_profile_id, calendar_id, service_id, specialist_id,
                                         claim_id, starts_at, ends_at, modality, price_amount, currency, contact_name, locale)
    select bench_id('clinic'), bench_id('patient', 1 + n % 200), bench_id('pool'), bench_id('service'),
           bench_id('specialist', 1 + n % 20), gen_random_uuid(), start, start + interval '30 minutes', 'in_person', 15000, 'RON',
           'Ioana Popescu', 'ro'
    from generate_series(1, ${count}) as n, lateral (select now() - n * interval '30 minutes') as time (start);
    reset session_replication_role`);
  await admin.query("analyze");
}
