import { expect, it } from "vitest";
import { openApiDocument } from "../../http/openapi.ts";
import { refusalOf } from "../support.ts";
import { api, as, ids, keys, makeKey, post, report } from "./world.ts";

const body = { status: "active", asOf: "2026-01-01T08:00:00Z" };
const doors = ["/v1/ai-calls", "/v1/patient-subscriptions/A%2F1/status"];

export function keyCases(): void {
  it("refuses what is no key, unknown, malformed, doubled or of a person, all alike and before the body is read", async () => {
    const unknown = `rxsk_${"a".repeat(43)}`;
    const session = api.token({ subject: "dev_olga", email: "olga@people.test", name: "olga" });
    for (const path of doors) {
      const answers = [
        await post(path, null, body),
        await post(path, unknown, path === "/v1/ai-calls" ? call() : body),
        await post(path, "rxsk_short", "{not json"),
        await post(path, `${keys.atlas}x`, body),
        await post(path, session, body),
        await post(path, null, body, { authorization: `Basic ${btoa(`:${keys.atlas}`)}` }),
        await post(path, null, body, { authorization: `Bearer ${keys.atlas}, Bearer ${keys.atlas}` }),
      ];
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 401));
      expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
      expect(refusalOf(answers[0] as never)).toMatchObject({
        code: "UNAUTHENTICATED",
        reason: "service_key_invalid",
      });
    }
  });

  it("takes no key from an address or a body", async () => {
    for (const path of doors) {
      const answer = await post(`${path}?key=${keys.atlas}&access_token=${keys.atlas}`, null, {
        ...body,
        key: keys.atlas,
      });
      expect(answer.status).toBe(401);
    }
  });

  it("opens no other path, and nothing of GraphQL", async () => {
    for (const key of [keys.platform, keys.atlas] as string[]) {
      const graphql = await api.graphql("{ organizations { nodes { id } } }", { token: key });
      expect([graphql.status, graphql.body.data ?? null]).toEqual([401, null]);
      for (const [path, methods] of Object.entries(openApiDocument().paths)) {
        if (path === "/v1/ai-calls" || path.startsWith("/v1/patient-subscriptions/")) continue;
        for (const method of Object.keys(methods)) {
          const given = path.replace(/\{\w+\}/g, "0190a5a0-1111-7111-8111-000000000000");
          const answer = await api.fetch(given, {
            method: method.toUpperCase(),
            headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
            ...(method === "get" ? {} : { body: "{}" }),
          });
          expect([path, method, answer.status]).toEqual([path, method, refusedAs(path)]);
        }
      }
    }
  });

  it("is in no log and no listing, however it came", async () => {
    await report(keys.atlas as string, "A/1", { status: 7 });
    await post(`/v1/ai-calls?key=${keys.platform}`, keys.platform as string, {});
    await api.fetch(`/v1/nothing/${keys.atlas}`);
    const { body: listed } = await as(
      "olga",
      "{ serviceAccountKeys { nodes { name lastFour lastUsedOn scope revokedAt } } }",
    );
    expect(listed.data.serviceAccountKeys.nodes).toContainEqual(
      expect.objectContaining({
        name: "Payments",
        lastFour: (keys.atlas as string).slice(-4),
        scope: "PATIENT_SUBSCRIPTIONS",
      }),
    );
    const shown = await as("olga", '{ __type(name: "ServiceAccountKey") { fields { name } } }');
    expect(JSON.stringify(shown.body)).not.toMatch(/digest|token/i);
    for (const key of Object.values(keys)) {
      expect(api.logs()).not.toContain(key);
      expect(JSON.stringify(listed)).not.toContain(key);
    }
    expect(api.logs()).not.toContain("A%2F1");
    expect(api.logs()).toContain("/v1/patient-subscriptions/{externalReference}/status");
  });

  it("is made by managers for their own clinic, and by superadmins for the platform", async () => {
    const refused = async (who: string, scope: string, clinic: string | null) =>
      refusalOf(await makeKey(who, scope, "x", clinic)).reason;
    expect(await refused("flavia", "PATIENT_SUBSCRIPTIONS", ids.atlas as string)).toBe("permission_missing");
    expect(await refused("otto", "PATIENT_SUBSCRIPTIONS", ids.atlas as string)).toBe("not_found");
    expect(await refused("olga", "AI_CALLS", ids.atlas as string)).toBe("scope_not_offered");
    expect(await refused("olga", "AI_CALLS", null)).toBe("superadmin_only");
  });

  it("is limited by key: one that asks too much does not hold others back", async () => {
    const { body: made } = await makeKey("otto", "PATIENT_SUBSCRIPTIONS", "Busy", ids.boreal as string);
    const { token } = made.data.createServiceAccountKey.serviceAccountKeyToken;
    const answers: number[] = [];
    for (let batch = 0; batch < 30 && !answers.includes(429); batch++) {
      const many = await Promise.all(Array.from({ length: 50 }, () => report(token, "none", "{")));
      answers.push(...many.map(({ status }) => status));
    }
    expect(answers).toContain(429);
    const limited = await report(token, "none", body);
    expect(limited.headers.get("retry-after")).toMatch(/^\d+$/);
    expect(refusalOf(limited)).toMatchObject({ code: "RATE_LIMITED", details: { limit: "serviceAccounts" } });
    expect((await report(keys.boreal as string, "none", body)).status).toBe(404);
  });
}

export const call = (change: object = {}) => ({
  organizationId: ids.atlas,
  key: "call-1",
  model: "gpt-5-mini",
  units: { input_tokens: 1200, output_tokens: 300 },
  occurredAt: "2026-01-01T08:00:00Z",
  ...change,
});

/** Webhooks have signatures and signing has links: whose header is another is nothing there. */
function refusedAs(path: string): number {
  if (path.startsWith("/v1/webhooks/")) return 404;
  return path.startsWith("/v1/signing") ? 404 : 401;
}
