import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { asCaller, asSent, median, type Row } from "../row.ts";
import { serverEnv, startServer } from "../servers.ts";

const query = `query ($calendar: UUID!, $from: Datetime!, $to: Datetime!) {
  availableSlots(calendarId: $calendar, from: $from, to: $to, first: 100) { nodes { startsAt endsAt localStart specialistIds } }
}`;
const page = 100;

/** SCH-05. What HTTP, GraphQL and JSON add to the function, for a page as large as one may ask for. */
export default {
  claim: "slots of 20 specialists, 30 days, through GraphQL",
  unit: "ms",
  goal: { ratioAtMost: 1.5 },
  async measure(bench) {
    const dataDir = mkdtempSync(path.join(os.tmpdir(), "restartix-bench-"));
    const api = await startServer("server/main.ts", serverEnv(bench, dataDir));
    try {
      const client = await bench.connect();
      const from = new Date();
      const to = new Date(from.getTime() + 30 * 86_400_000);
      const variables = { calendar: bench.fixture.pickCalendarId, from, to };
      const body = JSON.stringify({ query, variables });
      const ours: number[] = [];
      const alone: number[] = [];
      const counts: number[] = [];
      for (let round = -5; round < (bench.short ? 1 : 25); round++) {
        const began = performance.now();
        const response = await fetch(`${api.url}/graphql`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body,
        });
        const { data } = (await response.json()) as { data: { availableSlots: { nodes: unknown[] } } };
        if (round >= 0) ours.push(performance.now() - began);
        await asCaller(client, {}, async () => {
          const start = performance.now();
          const { rows } = await client.query({
            name: "alone",
            text: "select * from app_public.available_slots($1, $2, $3) limit $4",
            values: [variables.calendar, from, to, page],
            types: asSent,
            rowMode: "array",
          });
          if (round >= 0) alone.push(performance.now() - start);
          counts.push(data.availableSlots.nodes.length, rows.length);
        });
      }
      return {
        measured: median(ours),
        against: { what: "the function alone", value: median(alone) },
        conditions: { "both answer with a page": counts.every((count) => count === page) },
      };
    } finally {
      api.child.kill("SIGKILL");
      rmSync(dataDir, { recursive: true, force: true });
    }
  },
} satisfies Row;
