import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { describe, expect, test } from "vitest";
import {
  idempotencyKey,
  isVisitor,
  keepSession,
  requestIdOf,
  sessionOf,
  settingsOf,
  visitorSession,
} from "../session.ts";

const uuid = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;
const settings = (headers: IncomingMessage["headers"], ip?: string) =>
  visitorSession("request-1", { headers, ip }).settings;

describe("what a request says about itself (FND-03, FND-28)", () => {
  test.each(["widget-0001-abc", "a1234567", `a${"b".repeat(63)}`])("its id is taken: %s", (id) => {
    expect(requestIdOf({ "x-request-id": id })).toBe(id);
  });
  test.each([
    undefined,
    "short12",
    `a${"b".repeat(64)}`,
    "<script>alert(1)</script>",
    ["widget-0001-abc"] as never,
  ])("its id is made anew: %s", (id) => expect(requestIdOf({ "x-request-id": id })).toMatch(uuid));

  test("is what the database is told of a visitor, and nothing else", () => {
    expect(
      visitorSession("request-1", {
        headers: {
          "x-visitor-id": "visitor_1-A",
          "user-agent": "probe",
          "idempotency-key": "key-1",
          "x-organization": "x",
        },
        ip: "203.0.113.7",
      }),
    ).toEqual({
      requestId: "request-1",
      principalId: null,
      language: null,
      reach: { isStaff: false, onlyClinic: null },
      settings: {
        role: "app_anonymous",
        "app.request_id": "request-1",
        "app.ip": "203.0.113.7",
        "app.user_agent": "probe",
        "app.visitor_id": "visitor_1-A",
        "app.idempotency_key": "key-1",
      },
    });
  });

  test.each([
    ["::ffff:203.0.113.7", "203.0.113.7"],
    ["::ffff:abcd", "::ffff:abcd"],
    ["fe80::1%eth0", "fe80::1"],
    [undefined, undefined],
  ])("its address %s is %s", (ip, told) => expect(settings({}, ip)["app.ip"]).toBe(told));

  test("its user agent has no control characters and 200 characters at most", () => {
    expect(settings({ "user-agent": "a\u0000b\u009fc" })["app.user_agent"]).toBe("abc");
    expect(settings({ "user-agent": "x".repeat(201) })["app.user_agent"]).toBe("x".repeat(200));
    expect(settings({})["app.user_agent"]).toBeUndefined();
  });

  test.each([undefined, "", "a b", "x".repeat(65), ["visitor_1"]])("no visitor is called %j", (visitor) => {
    expect(settings({ "x-visitor-id": visitor })["app.visitor_id"]).toBeUndefined();
  });
  test("a visitor's name has 64 characters at most", () => {
    expect(settings({ "x-visitor-id": "x".repeat(64) })["app.visitor_id"]).toBe("x".repeat(64));
  });

  test("its key against repeating is taken as it is, or refused (FND-26)", () => {
    expect(idempotencyKey({})).toBeUndefined();
    for (const key of ["!", "~".repeat(200)]) expect(idempotencyKey({ "idempotency-key": key })).toBe(key);
    for (const key of ["", "a b", "é", "x".repeat(201), ["a", "b"] as never]) {
      expect(() => idempotencyKey({ "idempotency-key": key }), String(key)).toThrow(
        expect.objectContaining({
          code: "VALIDATION",
          reason: "idempotency_key_malformed",
          details: { field: "Idempotency-Key" },
        }),
      );
    }
  });
});

describe("who a request speaks for stays with it (FND-03)", () => {
  const request = () => new IncomingMessage(new Socket());
  const member = {
    requestId: "request-2",
    principalId: "somebody",
    language: null,
    reach: { isStaff: false, onlyClinic: null },
    settings: { role: "app_member" },
  };

  test("a request without a session is nobody's, and no visitor's", () => {
    expect(() => settingsOf(undefined)).toThrow("without a session");
    expect(() => settingsOf(request())).toThrow("without a session");
    expect(sessionOf(request())).toBeUndefined();
    expect(isVisitor(request())).toBe(false);
  });

  test("each has its own", () => {
    const [one, other] = [request(), request()];
    keepSession(one, member);
    keepSession(other, visitorSession("request-3", { headers: {}, ip: undefined }));
    expect(settingsOf(one)).toBe(member.settings);
    expect(sessionOf(one)).toBe(member);
    expect(settingsOf(other).role).toBe("app_anonymous");
    expect([isVisitor(one), isVisitor(other)]).toEqual([false, true]);
  });
});
