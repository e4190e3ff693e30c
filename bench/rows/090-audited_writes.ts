import type pg from "pg";
import { asCaller, type Bench, median, type Row } from "../row.ts";

const writers = 25;
const wholeRounds = 5;

/**
 * FND-08, FND-09. 25 members edit services of 25 clinics, as the API does: settings, row level security, commit.
 * Rounds with the audit and without it take turns, so that both have the same machine.
 */
export default {
  claim: `audited writes of ${writers} members, across clinics`,
  unit: "/s",
  goal: { ratioAtLeast: 0.7 },
  async measure(bench) {
    const members = await hire(bench);
    const clients = await Promise.all(members.map(() => bench.connect()));
    const audited: number[] = [];
    const bare: number[] = [];
    const [rounds, roundMs] = bench.short ? [1, 200] : [wholeRounds, 1_500];
    await round(clients, members, roundMs); // plans of every connection
    for (let n = 0; n < rounds; n++) {
      await follow(bench, true);
      audited.push(await round(clients, members, roundMs));
      await follow(bench, false);
      bare.push(await round(clients, members, roundMs));
    }
    await follow(bench, true);

    const { rows } = await bench.admin.query(
      "select count(*)::int as broken from audit.chains() c cross join audit.verify(c) v where v.finding is not null",
    );
    return {
      measured: median(audited),
      against: { what: "the same, not audited", value: median(bare) },
      conditions: { "every chain is whole": rows[0].broken === 0 },
    };
  },
} satisfies Row;

type Member = { id: string; serviceId: string };

/** An administrator at each of 25 of the other clinics. */
async function hire(bench: Bench): Promise<Member[]> {
  const { rows } = await bench.admin.query<Member>(
    `with clinics as (
       select bench_id('other', c) as organization_id, bench_id('member', c) as human_id, bench_id('role', c) as role_id
       from generate_series(1, $1::int) as c
     ), principals as (
       insert into app_public.principals (id, kind) select human_id, 'human' from clinics
     ), humans as (
       insert into app_public.humans (principal_id, email, display_name)
       select human_id, human_id || '@bench.test', 'Member' from clinics
     ), members as (
       insert into app_public.memberships (id, organization_id, human_id)
       select human_id, organization_id, human_id from clinics
     ), roles as (
       insert into app_public.roles (id, organization_id, key, name) select role_id, organization_id, 'bench', 'Bench' from clinics
     ), granted as (
       insert into app_public.membership_roles (organization_id, membership_id, role_id)
       select organization_id, human_id, role_id from clinics
     ), allowed as (
       insert into app_public.role_permissions (organization_id, role_id, permission)
       select organization_id, role_id, 'services.manage' from clinics
     )
     select human_id as id, organization_id as "serviceId" from clinics`,
    [writers],
  );
  return rows;
}

function follow(bench: Bench, audited: boolean): Promise<pg.QueryResult> {
  return bench.admin.query(
    `alter table app_public.services ${audited ? "enable" : "disable"} trigger _500_audit`,
  );
}

/** How many writes a second all of them get through together. */
async function round(clients: pg.Client[], members: Member[], roundMs: number): Promise<number> {
  let writes = 0;
  const began = performance.now();
  const end = began + roundMs;
  await Promise.all(
    clients.map(async (client, n) => {
      const { id, serviceId } = members[n] as Member;
      while (performance.now() < end) {
        await asCaller(
          client,
          { principalId: id },
          () =>
            client.query({
              name: "raise",
              text: "update app_public.services set price_amount = price_amount + 1 where id = $1",
              values: [serviceId],
            }),
          "commit",
        );
        writes++;
      }
    }),
  );
  return writes / ((performance.now() - began) / 1000);
}
