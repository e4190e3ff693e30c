import { expect, it } from "vitest";
import { refusalOf } from "../support.ts";
import { call } from "./keys.cases.ts";
import { api, ids, keys, post } from "./world.ts";

const record = (body: unknown, key = keys.platform as string, headers = {}) =>
  post("/v1/ai-calls", key, body, headers);
const kept = async () =>
  (await api.sql("select count(*)::int as calls from app_public.ai_calls"))[0].calls as number;

export function aiCallCases(): void {
  it("records a call once by its key, however often and however many send it", async () => {
    const before = await kept();
    const answer = await record(call());
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      id: expect.any(String),
      organizationId: ids.atlas,
      model: "gpt-5-mini",
      units: { input_tokens: 1200, output_tokens: 300 },
      occurredAt: expect.stringMatching(/^2026-01-01T08:00:00/),
      cost: null,
    });
    const many = await Promise.all(Array.from({ length: 20 }, () => record(call())));
    expect(new Set(many.map(({ text }) => text))).toEqual(new Set([answer.text]));
    expect(await kept()).toBe(before + 1);
  });

  it("keeps the first where another content comes under its key, and says so; another clinic's key is another", async () => {
    await record(call({ key: "call-2" }));
    const before = await kept();
    for (const change of [
      { model: "other" },
      { units: { input_tokens: 1 } },
      { occurredAt: "2026-01-01T09:00:00Z" },
    ]) {
      const answer = await record(call({ key: "call-2", ...change }));
      expect(answer.status).toBe(409);
      expect(refusalOf(answer)).toMatchObject({
        code: "CONFLICT",
        reason: "call_key_reused",
        details: { field: "key" },
      });
    }
    expect(await kept()).toBe(before);
    expect((await record(call({ key: "call-2", organizationId: ids.boreal }))).status).toBe(200);
  });

  it.each([
    ["no clinic", { organizationId: undefined }, 400, "required"],
    [
      "a clinic that is not there",
      { organizationId: "0190a5a0-1111-7111-8111-000000000000" },
      404,
      "organization_not_found",
    ],
    ["no units", { units: {} }, 400, "field_invalid"],
    ["units that are no number", { units: { input_tokens: "12" } }, 400, "field_invalid"],
    ["a part of a unit", { units: { input_tokens: 0.5 } }, 400, "field_invalid"],
    ["less than nothing", { units: { input_tokens: -1 } }, 400, "field_invalid"],
    ["more than anybody uses", { units: { input_tokens: 1e13 } }, 400, "field_invalid"],
    ["a unit that is no word", { units: { "input tokens": 1 } }, 400, "field_invalid"],
    ["a key with a space", { key: "call 3" }, 400, "field_invalid"],
    ["a time that has not come", { occurredAt: "2126-01-01T08:00:00Z" }, 400, "ai_call_time_malformed"],
    ["what was asked of the model", { prompt: "Mă doare umărul" }, 400, "field_unknown"],
  ])("refuses %s and keeps nothing", async (_name, change, status, reason) => {
    const before = await kept();
    const answer = await record(call({ key: "call-3", ...change }));
    expect([answer.status, refusalOf(answer).reason]).toEqual([status, reason]);
    expect(answer.text).not.toContain("umărul");
    expect(await kept()).toBe(before);
  });

  it("is not for a clinic's key, and reads JSON of a few kilobytes alone", async () => {
    const before = await kept();
    expect(refusalOf(await record(call({ key: "call-4" }), keys.atlas as string))).toMatchObject({
      code: "FORBIDDEN",
      reason: "service_key_of_another_scope",
    });
    expect((await record(call(), keys.platform as string, { "content-type": "text/plain" })).status).toBe(
      415,
    );
    expect((await record(JSON.stringify(call({ model: "x".repeat(10_001) })))).status).toBe(413);
    expect(await kept()).toBe(before);
  });
}
