import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEV_ISSUER } from "../../runtime/environment/variables.ts";
import { claimProblems, longestTokenDays } from "../identity/claims.ts";
import { openDevIssuer } from "../identity/dev_issuer.ts";
import { forgedTokens, now, strangersKey } from "./forged_tokens.ts";
import { probes } from "./probes.ts";
import { rawRequest } from "./raw_request.ts";
import { PARTY, refusalOf, startTestApi, type TestApi } from "./support.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({
    because: "its log and its first sign-ins are looked at, and probes are functions of its database",
    probes,
  });
});
afterAll(() => api.close());

const { forgeries, goodClaims, signed } = forgedTokens(() => api);

describe("FND-03: a token that is wrong in any way", () => {
  it.each(forgeries)("%s is 401 %s, never a visitor", async (_name, reason, token) => {
    const answer = await api.graphql("{ probeSession }", {
      headers: { authorization: `Bearer ${await token()}` },
    });
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toBe("Bearer");
    expect(refusalOf(answer)).toMatchObject({ code: "UNAUTHENTICATED", reason });
    expect(answer.body.data).toBeUndefined();
  });

  it.each([
    ["Basic", "Basic dXNlcjpwYXNz", "scheme_not_bearer"],
    ["a bare token", "eyJhbGciOiJSUzI1NiJ9.e30.x", "scheme_not_bearer"],
    ["an empty header", "", "scheme_not_bearer"],
    ["a token and something after it", "Bearer aaaa.bbbb.cccc, Bearer dddd.eeee.ffff", "token_malformed"],
  ])("in a header of another form (%s) is 401", async (_name, authorization, reason) => {
    const answer = await rawRequest(api.url, [["authorization", authorization]]);
    expect(answer.status).toBe(401);
    expect(refusalOf(answer as never)).toMatchObject({ code: "UNAUTHENTICATED", reason });
  });

  it("in two headers is 401, even when each of them is good", async () => {
    const good = `Bearer ${api.token()}`;
    const answer = await rawRequest(api.url, [
      ["authorization", good],
      ["authorization", good],
    ]);
    expect(answer.status).toBe(401);
    expect(refusalOf(answer as never).reason).toBe("header_repeated");
  });

  it("is 401 on the HTTP paths too", async () => {
    const answer = await api.fetch("/v1/public/availability", {
      headers: { authorization: "Bearer garbage" },
    });
    expect(answer.status).toBe(401);
    expect(refusalOf(answer).code).toBe("UNAUTHENTICATED");
  });

  it("is looked at before the body is", async () => {
    const answer = await api.fetch("/graphql", {
      method: "POST",
      headers: { "content-type": "text/plain", authorization: "Bearer garbage" },
      body: "x".repeat(200_000),
    });
    expect(answer.status).toBe(401);
  });

  it.each([
    ["email", "email_missing", { email: undefined }],
    ["email", "email_missing", { email: "" }],
    ["email_verified", "email_verified_missing", { email_verified: undefined }],
    ["email", "claims_malformed", { email: 7 }],
    ["email_verified", "claims_malformed", { email_verified: "true" }],
    ["sid", "session_missing", { sid: undefined }],
    ["azp", "party_not_allowed", { azp: undefined }],
    ["locale", "claims_malformed", { locale: ["ro"] }],
  ])("says which claim (%s) the token lacks, or carries wrongly: %s", async (claim, reason, changes) => {
    const answer = await api.graphql("{ probeSession }", {
      token: await signed({ sub: "user_incomplete", ...changes }),
    });
    expect(answer.status).toBe(401);
    expect(refusalOf(answer)).toMatchObject({ code: "UNAUTHENTICATED", reason, details: { claim } });
    expect(refusalOf(answer).hint).toMatch(/\(.+\)$/); // what to mend in the provider's settings
    expect(
      await api.sql("select from app_private.identities where subject = 'user_incomplete'"),
    ).toHaveLength(0);
  });

  it("becomes nobody by an address that only looks like theirs", async () => {
    await api.sql("select tests.person('irina', superadmin => true)");
    for (const email of ["\u0130rina@people.test", "irina@people.test\u0130", "\uff29rina@people.test"]) {
      const answer = await api.graphql("{ probeSession }", {
        token: await signed({ sub: "user_alike", email }),
      });
      expect(answer.body.data?.probeSession).toBeUndefined();
      expect(refusalOf(answer)).toMatchObject({ code: "VALIDATION", details: { field: "email" } });
    }
    expect(await api.sql("select from app_private.identities where subject = 'user_alike'")).toHaveLength(0);
  });

  it("writes no human", async () => {
    await api.graphql("{ probeSession }", {
      headers: { authorization: `Bearer ${await signed({ sub: "user_forged" }, {}, strangersKey)}` },
    });
    expect(await api.sql("select from app_private.identities where subject = 'user_forged'")).toHaveLength(0);
  });

  it("and within the five seconds of tolerance is still good", async () => {
    const answer = await api.graphql("{ probeSession }", {
      token: await signed({ exp: now() - 2, nbf: now() + 3 }),
    });
    expect(answer.body.data.probeSession.role).toBe("app_member");
  });
});

describe("FND-03: who a request speaks for", () => {
  it("is a visitor when there is no header", async () => {
    const { body } = await api.graphql("{ probeSession }", {
      headers: { "x-organization": "00000000-0000-7000-8000-000000000001" },
    });
    expect(body.data.probeSession).toMatchObject({
      role: "app_anonymous",
      principalId: null,
      organizationId: null,
    });
  });

  it("is created at the first sign-in and found at the next", async () => {
    const token = api.token({ subject: "user_first", email: "first@example.org" });
    const first = await api.graphql("{ probeSession }", { token });
    const again = await api.graphql("{ probeSession }", {
      token: api.token({ subject: "user_first", email: "first@example.org" }),
    });
    expect(first.body.data.probeSession.role).toBe("app_member");
    expect(first.body.data.probeSession.principalId).toMatch(/^[0-9a-f-]{36}$/);
    expect(again.body.data.probeSession.principalId).toBe(first.body.data.probeSession.principalId);
    expect(await api.sql("select from app_private.identities where subject = 'user_first'")).toHaveLength(1);
  });

  it("is refused at once when the session was revoked, though the token still lives", async () => {
    const token = api.issuer.mint(
      { subject: "user_leaver", email: "leaver@example.org", name: "Leaver", locale: "ro" },
      { sessionId: "sess_over" },
    );
    expect((await api.graphql("{ probeSession }", { token })).status).toBe(200);
    await api.sql("insert into app_private.revoked_sessions (session_id) values ('sess_over')");
    const answer = await api.graphql("{ probeSession }", { token });
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toBe("Bearer");
    expect(refusalOf(answer)).toMatchObject({ code: "UNAUTHENTICATED", reason: "session_revoked" });
  });

  it("is refused when the human was disabled", async () => {
    const token = api.token({ subject: "user_closed", email: "closed@example.org" });
    const { body } = await api.graphql("{ probeSession }", { token });
    await api.sql("update app_public.principals set disabled_at = now() where id = $1", [
      body.data.probeSession.principalId,
    ]);
    const answer = await api.graphql("{ probeSession }", { token });
    expect(answer.status).toBe(401);
    expect(answer.body.data).toBeUndefined();
  });

  it("may not claim a clinic they do not belong to, known or invented, with one and the same answer", async () => {
    const [clinic] = await api.sql(
      "insert into app_public.organizations (slug, name) values ('claimed', 'Claimed') returning id",
    );
    const known = await api.graphql("{ probeSession }", {
      token: api.token(),
      headers: { "x-organization": clinic.id },
    });
    const random = await api.graphql("{ probeSession }", {
      token: api.token(),
      headers: { "x-organization": "0190a5a0-1111-7111-8111-000000000000" },
    });
    expect(known.status).toBe(403);
    expect(refusalOf(known).code).toBe("FORBIDDEN");
    expect(random.status).toBe(403);
    expect(random.body).toEqual(known.body);
  });

  it.each(["atlas", "1", "' or true --", "00000000-0000-7000-8000-00000000000g"])(
    "with a malformed X-Organization (%s) is 400",
    async (organization) => {
      const answer = await api.graphql("{ probeSession }", {
        token: api.token(),
        headers: { "x-organization": organization },
      });
      expect(answer.status).toBe(400);
      expect(refusalOf(answer)).toMatchObject({ code: "VALIDATION", reason: "organization_malformed" });
    },
  );

  it("reaches the database with request id, address, user agent and visitor", async () => {
    const answer = await api.graphql("{ probeSession }", {
      headers: {
        "x-request-id": "widget-0001-abc",
        "user-agent": `probe/1.0 ${"x".repeat(400)}`,
        "x-visitor-id": "visitor_1-A",
      },
    });
    expect(answer.headers.get("x-request-id")).toBe("widget-0001-abc");
    expect(answer.body.data.probeSession).toMatchObject({
      requestId: "widget-0001-abc",
      ip: "127.0.0.1",
      visitorId: "visitor_1-A",
    });
    expect(answer.body.data.probeSession.userAgent).toHaveLength(200);
  });

  it("never takes a visitor id, a request id or a forwarded address that could be anything", async () => {
    const answer = await api.graphql("{ probeSession }", {
      headers: {
        "x-request-id": "<script>alert(1)</script>",
        "x-visitor-id": "a b",
        "x-forwarded-for": "203.0.113.9",
      },
    });
    const session = answer.body.data.probeSession;
    expect(session.visitorId).toBeNull();
    expect(session.ip).toBe("127.0.0.1");
    expect(session.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.headers.get("x-request-id")).toBe(session.requestId);
  });
});

describe("FND-03: what a verified token must carry", () => {
  const expected = { issuer: DEV_ISSUER, authorizedParties: [PARTY] };

  it("is told by name, all of it at once", () => {
    expect(claimProblems(goodClaims(), expected)).toEqual([]);
    const { email, email_verified, sid, ...rest } = goodClaims();
    expect(
      claimProblems({ ...rest, iss: "https://elsewhere.example", locale: 5 }, expected).map(
        ({ claim, problem, stops }) => [claim, problem, stops],
      ),
    ).toEqual([
      ["iss", "wrong", "every_request"],
      ["sid", "missing", "every_request"],
      ["email", "missing", "first_sign_in"],
      ["email_verified", "missing", "first_sign_in"],
      ["locale", "wrong", "every_request"],
    ]);
  });

  it("is an end before what ended its session is forgotten", async () => {
    const [kept] = await api.sql(
      `select extract(epoch from keep_for)::int / 86400 as days
       from app_private.retention_acts() where table_name = 'app_private.revoked_sessions'`,
    );
    expect(kept?.days).toBeGreaterThan(longestTokenDays);
  });

  it("is what the guide shows", () => {
    const guide = readFileSync(new URL("../../docs/guides/sign_in.md", import.meta.url), "utf8");
    const [, template = ""] = /```json\n([\s\S]*?)```/.exec(guide) ?? [];
    const claims = Object.keys(JSON.parse(template));
    const lacking = claimProblems({}, expected).map(({ claim }) => claim);
    for (const claim of lacking) expect(guide, claim).toContain(`\`${claim}\``);
    expect(claims).toEqual(expect.arrayContaining(["email", "email_verified"]));
  });
});

describe("FND-03: the issuer of this machine", () => {
  it("keeps its key readable by its owner only", () => {
    expect(statSync(join(api.config.dataDir, "identity", "dev_issuer.pem")).mode & 0o777).toBe(0o600);
  });

  it("keeps the same key when it is opened again", () => {
    expect(openDevIssuer(api.config).publicKeyPem).toBe(api.issuer.publicKeyPem);
  });

  it("refuses to run in production", () => {
    expect(() => openDevIssuer({ ...api.config, mode: "production" })).toThrow("APP_MODE must be embedded");
  });

  it("mints for a party that the server knows", () => {
    expect(goodClaims()).toMatchObject({ iss: DEV_ISSUER, azp: PARTY });
  });
});
