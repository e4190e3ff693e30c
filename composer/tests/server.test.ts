// ffmpeg itself makes the videos here, in well under a second each.
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { composerServer } from "../server.ts";
import { openRendering, type Rendering } from "./rendering.ts";

let here: Rendering;
beforeAll(async () => {
  here = await openRendering();
});
afterAll(() => here.stop());

describe("POST /v1/renders (EXL-05)", () => {
  const secret = "a secret that composer and worker share";
  const outcomes: string[] = [];
  let url: string;
  let close: () => void;
  beforeAll(async () => {
    const server = composerServer({
      secret,
      renders: here.rendersWith({ parallel: 1, mostWaiting: 0 }),
      log: pino({ level: "silent" }),
      noteOutcome: (outcome) => outcomes.push(outcome),
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
    close = () => server.close();
  });
  afterAll(() => close());
  const post = (
    body: unknown,
    headers: Record<string, string> = { authorization: `Bearer ${secret}` },
    at = "/v1/renders",
  ) =>
    fetch(`${url}${at}`, {
      method: "POST",
      headers,
      body: typeof body === "string" ? body : JSON.stringify(body),
    });

  test("nobody without the secret", async () => {
    for (const authorization of [
      "",
      "Bearer",
      `Bearer ${secret}x`,
      `Bearer ${secret.slice(1)}`,
      secret,
      `Basic ${secret}`,
    ]) {
      const response = await post(here.order(), { authorization });
      expect([response.status, response.headers.get("www-authenticate")], authorization).toEqual([
        401,
        "Bearer",
      ]);
    }
  });

  test("a request that is none is told what is wrong with it", async () => {
    const problemOf = async (response: Response) => [
      response.status,
      ((await response.json()) as { problem: string }).problem,
    ];
    expect((await post("{"))?.status).toBe(400);
    expect(await problemOf(await post({ ...here.order(), exercise: "../etc" }))).toEqual([
      400,
      expect.stringMatching(/^exercise: /),
    ]);
    expect((await post({ ...here.order(), bundle: "audit/anchors/1/" })).status).toBe(400);
    expect((await post({ ...here.order(), objectKey: "audit/anchors/1.mp4" })).status).toBe(400);
    expect((await post({ ...here.order(), source: "exercises/a/b.mp4" })).status).toBe(400);
    expect((await post("x".repeat(20_000))).status).toBe(413);
    expect((await post(here.order(), undefined, "/v1/other")).status).toBe(404);
    expect(
      (await fetch(`${url}/v1/renders`, { headers: { authorization: `Bearer ${secret}` } })).status,
    ).toBe(405);
    expect(await problemOf(await post(here.order({ bundle: "exercises/arm-raise/77/" })))).toEqual([
      ...[422, "manifest.json is not in the bundle"],
    ]);
  });

  test("a video, and come again while there is no place", async () => {
    const [one, two] = await Promise.all([post(here.order()), post(here.order())]);
    const statuses = [one.status, two.status].toSorted((a, b) => a - b);
    expect(statuses).toEqual([200, 503]);
    const busy = one.status === 503 ? one : two;
    expect(busy.headers.get("retry-after")).toBe("15");
    expect(outcomes).toEqual(expect.arrayContaining(["rendered", "delayed", "refused"]));
  });
});
