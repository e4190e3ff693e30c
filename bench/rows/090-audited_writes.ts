import type pg from "pg";
import { hire, type Member } from "../hire.ts";
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
    const members = await hire(bench, writers, "editors", ["services.manage"]);
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
      const { id, clinicId } = members[n] as Member;
      while (performance.now() < end) {
        await asCaller(
          client,
          { principalId: id },
          () =>
            client.query({
              name: "raise",
              text: "update app_public.services set price_amount = price_amount + 1 where id = $1",
              values: [clinicId],
            }),
          "commit",
        );
        writes++;
      }
    }),
  );
  return writes / ((performance.now() - began) / 1000);
}
