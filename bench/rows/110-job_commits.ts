import type pg from "pg";
import { switchJobNotify } from "../../db/migrating/job_notify.ts";
import { withClient } from "../../db/migrating/prepare.ts";
import { type Bench, median, open, type Row } from "../row.ts";

const writers = 32;
const wholeRounds = 5;

/**
 * FND-14. Transactions that queue one job each and commit, with JOB_NOTIFY off and on: what the one lock costs that
 * commits with a NOTIFY take, one after the other, for the whole server. Rounds take turns, so that both have the
 * same machine.
 */
export default {
  claim: `commits with a job, of ${writers} at once, not announced`,
  unit: "/s",
  goal: { ratioAtLeast: 2 },
  async measure(bench) {
    const clients = await Promise.all(Array.from({ length: writers }, () => open(bench.urls.worker)));
    const silent: number[] = [];
    const announced: number[] = [];
    const [rounds, roundMs] = bench.short ? [1, 100] : [wholeRounds, 1_500];
    try {
      await round(clients, roundMs); // plans of every connection
      for (let n = 0; n < rounds; n++) {
        await announce(bench, false);
        silent.push(await round(clients, roundMs));
        await announce(bench, true);
        announced.push(await round(clients, roundMs));
      }
    } finally {
      await announce(bench, true);
      await Promise.all(clients.map((client) => client.end()));
      await bench.admin.query("truncate graphile_worker._private_jobs");
    }
    return {
      measured: median(silent),
      against: { what: "the same, announced", value: median(announced) },
    };
  },
} satisfies Row;

function announce(bench: Bench, on: boolean): Promise<void> {
  return withClient(bench.urls.owner, (client) => switchJobNotify(client, on));
}

/** How many commits a second all of them get through together. */
async function round(clients: pg.Client[], roundMs: number): Promise<number> {
  let commits = 0;
  const began = performance.now();
  await Promise.all(
    clients.map(async (client) => {
      while (performance.now() - began < roundMs) {
        await client.query({
          name: "queue",
          text: "select graphile_worker.add_job('bench', json_build_object('n', $1::int))",
          values: [commits],
        });
        commits++;
      }
    }),
  );
  return commits / ((performance.now() - began) / 1000);
}
