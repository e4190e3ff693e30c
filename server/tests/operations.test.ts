import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestApi, type TestApi } from "./support.ts";

let api: TestApi;

beforeAll(async () => {
  api = await startTestApi({ because: "what it measured of itself is counted" });
});
afterAll(() => api.close());

async function scrape(): Promise<string> {
  const response = await fetch(`${api.opsUrl}/metrics`);
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toContain("text/plain");
  return response.text();
}

describe("FND-28: what operators ask of the API, on a port of its own", () => {
  it("/healthz and /readyz say that it is up and can work", async () => {
    expect(await (await fetch(`${api.opsUrl}/healthz`)).json()).toEqual({ status: "up" });
    expect(await (await fetch(`${api.opsUrl}/readyz`)).json()).toEqual({
      status: "ready",
      checks: { database: "up", migrations: "current" },
    });
  });

  it("/metrics counts and times requests by route, and refusals by code", async () => {
    await api.graphql("{ __typename }");
    await api.graphql("{ deadLetters { nodes { jobId } } }", { token: api.token() });
    await api.graphql("{ me { displayName } }", { token: `${api.token()}broken` });
    const text = await scrape();
    expect(text).toMatch(
      /restartix_http_request_seconds_count\{.*method="POST",route="\/graphql",status="200".*\} [1-9]/,
    );
    expect(text).toMatch(/restartix_refusals_total\{code="FORBIDDEN",reason="superadmin_only",.*\} 1/);
    expect(text).toMatch(
      /restartix_refusals_total\{.*code="UNAUTHENTICATED",reason="signature_invalid".*\} 1/,
    );
    expect(text).toMatch(/restartix_database_connections\{state="open",process="api"\} [1-9]/);
    expect(text).toContain("nodejs_eventloop_lag_p99_seconds");
  });

  it("no text of a caller becomes a label", async () => {
    const canary = "canary-person@example.org";
    await api.fetch(`/${canary}`);
    await api.fetch(`/v1/public/availability?calendar=${canary}`);
    await api.fetch("/graphql", { method: "POST", headers: { "content-type": canary }, body: canary });
    await api.graphql(`mutation ${"canaryPerson"} { ${"canaryPerson"} }`, { variables: { canary } });
    await fetch(`${api.opsUrl}/${canary}`);
    expect((await scrape()).toLowerCase()).not.toContain("canary");
  });

  it("nothing else is there, and nothing is written", async () => {
    expect((await fetch(`${api.opsUrl}/graphql`)).status).toBe(404);
    const posted = await fetch(`${api.opsUrl}/metrics`, { method: "POST", body: "x" });
    expect(posted.status).toBe(405);
    expect(posted.headers.get("allow")).toBe("GET, HEAD");
  });

  it("every answer of either port tells browsers to make no page, script or frame of it", async () => {
    for (const url of [`${api.opsUrl}/healthz`, `${api.opsUrl}/nothing`, `${api.url}/healthz`]) {
      const { headers } = await fetch(url);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("x-frame-options")).toBe("DENY");
      expect(headers.get("content-security-policy")).toContain("default-src 'none'");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
      expect(headers.get("strict-transport-security")).toBeNull(); // it came without TLS
    }
  });

  it("visitors do not find the metrics on the public port", async () => {
    expect((await api.fetch("/metrics")).status).toBe(404);
  });
});
