// A process of its own: it measures the memory of the process.
import { Agent, request } from "node:http";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { probes } from "./probes.ts";
import { startTestApi, type TestApi, wideRates } from "./support.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({
    because: "the memory of one server is measured",
    probes,
    config: { rates: wideRates, logLevel: "silent" },
  });
});
afterAll(() => {
  agent.destroy();
  return api.close();
});

/** Megabytes that are really in use. */
function heap(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  return process.memoryUsage().heapUsed / 1_048_576;
}

const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** The status of the answer; plain and over one connection, because it is asked a thousand times. */
function ask(query: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json" };
    request(`${api.url}/graphql`, { method: "POST", agent, headers }, (response) => {
      response.resume().once("end", () => resolve(response.statusCode));
    })
      .once("error", reject)
      .end(JSON.stringify({ query }));
  });
}

/** Sends documents of which none was seen before; some of them look something up. */
async function send(from: number, to: number, lookUpEvery: number): Promise<void> {
  for (let n = from; n < to; n++) {
    const status = await ask(
      n % lookUpEvery === 0
        ? `{ a${n}: probeThings(first: 1) { nodes { id b${n}: probeParts(first: 1) { nodes { id } } } } }`
        : `{ a${n}: __typename }`,
    );
    expect(status).toBe(200);
  }
}

test("ever new documents leave the memory as it is: plans are kept for some, not for all (FND-27)", async () => {
  await send(0, 200, 1);
  const before = heap();
  await send(200, 1_400, 3);
  const growth = heap() - before;
  console.info(
    `heap after 200 documents: ${before.toFixed(0)} MB, after 1,200 more: ${(before + growth).toFixed(0)} MB`,
  );
  expect(growth).toBeLessThan(8);
});
