import { asCaller, asSent, type Bench, type Caller, type Measurement, median } from "./row.ts";

/** A clinic that has grown to so many appointments, bookings and entries of its log, and a tenth as many patients. */
export type GrownClinic = {
  size: number;
  organizationId: string;
  /** Works there, and may read all of it. */
  staffId: string;
  /** Of twenty specialists. */
  calendarId: string;
};

/** Of the largest clinic; the others have a tenth and a hundredth. `--largest=100000` where the machine is slow. */
export const LARGEST = 1_000_000;
const SMALL = [200, 400, 800];

const filled = new WeakMap<object, Promise<GrownClinic[]>>();

/** The three clinics, filled when the first row asks for them: a million of each takes some minutes. */
export function grownClinics(bench: Bench): Promise<GrownClinic[]> {
  const known = filled.get(bench.admin) ?? fill(bench);
  filled.set(bench.admin, known);
  return known;
}

/** The same call in each clinic, in turns, and how its time grows from the smallest to the largest. */
export async function measureGrowth(
  bench: Bench,
  call: (clinic: GrownClinic) => { caller: Caller; text: string; values: unknown[]; rows?: number },
): Promise<Measurement> {
  const clinics = await grownClinics(bench);
  const client = await bench.connect();
  const times = clinics.map((): number[] => []);
  let isFull = true;
  for (let round = -6; round < (bench.short ? 1 : 25); round++) {
    for (const [n, clinic] of clinics.entries()) {
      const { caller, text, values, rows } = call(clinic);
      await asCaller(client, caller, async () => {
        const began = performance.now();
        const answer = await client.query({
          name: `grown ${clinic.size}`,
          text,
          values,
          types: asSent,
          rowMode: "array",
        });
        if (round >= 0) times[n]?.push(performance.now() - began);
        isFull &&= answer.rows.length >= (rows ?? 1);
      });
    }
  }
  await client.query("deallocate all");
  const [least, between, most] = times.map(median) as [number, number, number];
  const [small, middle, large] = clinics.map(({ size }) => size.toLocaleString("en"));
  return {
    measured: most,
    against: { what: `with ${small}, not ${large}; ${between.toFixed(2)} ms with ${middle}`, value: least },
    conditions: { "there is something to read": isFull },
  };
}

async function fill({ admin, short, largest }: Bench): Promise<GrownClinic[]> {
  const sizes = short ? SMALL : [100, 10, 1].map((part) => largest / part);
  await admin.query("select audit.open_month(now()), audit.open_month(now() - interval '1 month')");
  await admin.query("set session_replication_role = replica");
  for (const size of sizes) {
    for (const statement of statements) {
      const values = [`grown ${size}`, size].slice(0, statement.includes("$2") ? 2 : 1);
      await admin.query(statement, values);
    }
  }
  await admin.query("reset session_replication_role");
  await admin.query("vacuum (analyze)");
  return Promise.all(
    sizes.map(async (size) => {
      const { rows } = await admin.query(
        `select bench_id($1) as "organizationId", bench_id($1, 'staff') as "staffId", bench_id($1) as "calendarId"`,
        [`grown ${size}`],
      );
      return { size, ...rows[0] };
    }),
  );
}

// Rows are right by construction. All of the past lies in half-hours of sixteen a day, specialist after specialist.
const statements = [
  "insert into app_public.organizations (id, slug, name, activated_at) values (bench_id($1), replace($1, ' ', '-'), $1, now())",
  "insert into app_public.principals (id, kind) values (bench_id($1, 'staff'), 'human')",
  `insert into app_public.humans (principal_id, email, display_name)
   values (bench_id($1, 'staff'), replace($1, ' ', '-') || '@bench.test', 'Staff')`,
  "insert into app_public.memberships (id, organization_id, human_id) values (bench_id($1), bench_id($1), bench_id($1, 'staff'))",
  "insert into app_public.roles (id, organization_id, key, name) values (bench_id($1), bench_id($1), 'all', 'All')",
  `insert into app_public.role_permissions (organization_id, role_id, permission)
   select bench_id($1), bench_id($1), name from app_public.permissions`,
  "insert into app_public.membership_roles (organization_id, membership_id, role_id) values (bench_id($1), bench_id($1), bench_id($1))",
  `insert into app_public.services (id, organization_id, name, duration_minutes, price_amount, currency)
   values (bench_id($1), bench_id($1), 'Session', 30, 15000, 'RON')`,
  `insert into app_public.specialists (id, organization_id, given_name, family_name)
   select bench_id($1, 'specialist', s::text), bench_id($1), 'Ana', 'Pop ' || s from generate_series(1, 20) as s`,
  `insert into app_public.service_specialists (organization_id, service_id, specialist_id)
   select bench_id($1), bench_id($1), bench_id($1, 'specialist', s::text) from generate_series(1, 20) as s`,
  `insert into app_public.specialist_weekly_hours (organization_id, specialist_id, weekday, starts, ends)
   select bench_id($1), bench_id($1, 'specialist', s::text), d, '09:00', '17:00'
   from generate_series(1, 20) as s, generate_series(1, 7) as d`,
  `insert into app_public.calendars (id, organization_id, service_id, name, notice_minutes, horizon_days)
   values (bench_id($1), bench_id($1), bench_id($1), 'Sessions', 0, 730)`,
  `insert into app_public.calendar_specialists (organization_id, calendar_id, specialist_id)
   select bench_id($1), bench_id($1), bench_id($1, 'specialist', s::text) from generate_series(1, 20) as s`,
  `insert into app_private.specialist_assignment_tracking (organization_id, calendar_id, specialist_id)
   select organization_id, calendar_id, specialist_id from app_public.calendar_specialists where calendar_id = bench_id($1)`,
  `insert into app_public.patient_profiles (id, given_name, family_name, phone)
   select bench_id($1, 'patient', n::text), 'Ioana', 'Popescu ' || n, '+407' || lpad(n::text, 8, '0')
   from generate_series(1, $2::int / 10) as n`,
  `insert into app_public.patients (id, organization_id, patient_profile_id, created_at)
   select bench_id($1, 'patient', n::text), bench_id($1), bench_id($1, 'patient', n::text), now() - n * interval '1 minute'
   from generate_series(1, $2::int / 10) as n`,
  `insert into app_private.patient_search (organization_id, patient_profile_id, word, text)
   select distinct bench_id($1), patient_profiles.id, word, text.text
   from generate_series(1, $2::int / 10) as n
   join app_public.patient_profiles on patient_profiles.id = bench_id($1, 'patient', n::text)
   cross join lateral (select app_private.patient_search_text(patient_profiles) as text offset 0) as text
   cross join lateral string_to_table(text.text, ' ') as word
   where word not in ('', ',', ';')`,
  `insert into app_private.search_words (organization_id, word)
   select distinct organization_id, word from app_private.patient_search
   where organization_id = bench_id($1) and word !~ '^[=@+-]'`,
  `insert into app_private.time_claims (id, organization_id, specialist_id, calendar_id, kind, during, blocked, counted_at)
   select bench_id($1, 'claim', n::text), bench_id($1), bench_id($1, 'specialist', (1 + n % 20)::text), bench_id($1), 'appointment',
     during, during, now()
   from generate_series(1, $2::int) as n, lateral (select date_trunc('day', now()) - make_interval(
     days => 1 + n / 320, mins => -420 - n / 20 % 16 * 30) as start) as time,
     lateral (select tstzrange(start, start + interval '30 minutes') as during) as span`,
  `insert into app_public.appointments (organization_id, patient_profile_id, calendar_id, service_id, specialist_id, claim_id,
     starts_at, ends_at, modality, price_amount, currency, contact_name, locale)
   select organization_id, bench_id($1, 'patient', (1 + (row_number() over ())::int % ($2::int / 10))::text), calendar_id, bench_id($1),
     specialist_id, id, lower(during), upper(during), 'in_person', 15000, 'RON', 'Ioana Popescu', 'ro'
   from app_private.time_claims where calendar_id = bench_id($1)`,
  `insert into audit.entries (organization_id, occurred_at, seal_id, position, session_role, action, table_name, row_key,
     digest, bytes, hash)
   select bench_id($1), now() - n * interval '1 second', bench_id($1), n, 'app_authenticator', 'update', 'app_public.services',
     bench_id($1)::text, '\\x00', '\\x00', '\\x00'
   from generate_series(1, $2::int) as n`,
];
