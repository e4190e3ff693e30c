// Starts processes: npm run token is run as operators run it.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { clerkUser, deliver, identityEvent } from "./identity_events.ts";
import {
  bearer,
  clinicId,
  clinics,
  heardBesides,
  type Listener,
  listening,
  put,
  subscribe,
  tokenOf,
  until,
  within,
} from "./listener.ts";
import { refusalOf, startTestApi, type TestApi } from "./support.ts";

let api: TestApi;
const listeners: Listener[] = [];
beforeAll(async () => {
  api = await startTestApi({ because: "sessions end, and how soon it hears so is timed" });
  await api.sql(`${clinics}
    select tests.staff('olga', 'owner', 'atlas');
    select tests.staff('adrian', 'admin', 'atlas');
    select tests.person('root', superadmin => true);
  `);
});
afterEach(async () => {
  await Promise.all(listeners.splice(0).map((listener) => listener.stop()));
});
afterAll(() => api.close());

const WHO = "{ me { email displayName locale } }";
const userOf = (name: string) => `user_${name}`;

async function listen(name: string, token: string, params: object = {}): Promise<Listener> {
  const listener = subscribe(api, { ...bearer(token), ...params });
  listeners.push(listener);
  await listening(api, name, listener);
  return listener;
}

/** From the arrival of the event: how long the token went on over HTTP, and how the socket ended. */
async function end(event: ReturnType<typeof identityEvent>, token: string, listener: Listener) {
  const at = performance.now();
  expect((await deliver(api, event)).status).toBe(200);
  const [http, socket] = await Promise.all([
    within(2_000, refusedOverHttp(token), "401 over HTTP").then((reason) => ({
      reason,
      ms: performance.now() - at,
    })),
    within(5_000, listener.closed, "the socket to close").then((closed) => ({
      ...closed,
      ms: performance.now() - at,
    })),
  ]);
  console.log(`HTTP after ${Math.round(http.ms)} ms, socket after ${Math.round(socket.ms)} ms`);
  return { http: http.reason, socket: { code: socket.code, reason: socket.reason } };
}

async function refusedOverHttp(token: string): Promise<string> {
  for (;;) {
    const answer = await api.graphql(WHO, { token });
    if (answer.status === 401) return refusalOf(answer).reason;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe("FND-25, FND-03: what the identity provider ends is over within 2 s over HTTP and 5 s on sockets", () => {
  it.each(["session.revoked", "session.ended", "session.removed"])(
    "%s: the session, and no other of the person",
    async (type) => {
      const [phone, desk] = ["phone", "desk"].map((device) =>
        tokenOf(api, "ana", { sessionId: `sess_${device}_${type}` }),
      ) as [string, string];
      expect(await api.graphql(WHO, { token: phone })).toMatchObject({
        status: 200,
        body: { data: { me: { email: "ana@people.test" } } },
      });
      const [ending, staying] = [await listen("ana", phone), await listen("ana", desk)];

      const event = identityEvent(api, type, {
        id: `sess_phone_${type}`,
        object: "session",
        user_id: userOf("ana"),
      });
      expect(await end(event, phone, ending)).toEqual({
        http: "session_revoked",
        socket: { code: 4401, reason: "session_revoked" },
      });
      expect((await api.graphql(WHO, { token: desk })).status).toBe(200);
      await put(api, "ana", "Încă aici");
      await until(() => heardBesides(staying).length > 0, "the other device to hear");
      expect(heardBesides(ending)).toEqual([]);
      const again = subscribe(api, bearer(phone));
      expect(await again.closed).toEqual({ code: 4401, reason: "session_revoked" });
    },
  );

  it("user.deleted: every session of the person", async () => {
    const token = tokenOf(api, "bogdan");
    const other = tokenOf(api, "bogdan");
    const listener = await listen("bogdan", token);
    const event = identityEvent(api, "user.deleted", { id: userOf("bogdan"), object: "user", deleted: true });
    expect(await end(event, token, listener)).toEqual({
      http: "account_disabled",
      socket: { code: 4401, reason: "account_disabled" },
    });
    expect((await api.graphql(WHO, { token: other })).status).toBe(401);
  });

  it("user.updated with a ban: until the ban is lifted", async () => {
    const token = tokenOf(api, "dan");
    const listener = subscribe(api, bearer(token));
    listeners.push(listener);
    await listening(api, "dan", listener, "boreal");
    const told = (banned: boolean) =>
      identityEvent(
        api,
        "user.updated",
        clerkUser(userOf("dan"), { email: "dan@people.test", name: "dan", banned }),
      );
    expect(await end(told(true), token, listener)).toMatchObject({ http: "account_disabled" });
    await new Promise((resolve) => setTimeout(resolve, 5)); // a later change has a later time
    await deliver(api, told(false));
    expect((await api.graphql(WHO, { token })).status).toBe(200);
  });

  it("organizationMembership.deleted: the clinic, not the person", async () => {
    const organizationId = await clinicId(api, "atlas");
    const mapped = await api.graphql(
      `mutation ($organizationId: UUID!, $issuer: String!) {
         mapProviderOrganization(input: { organizationId: $organizationId, issuer: $issuer, providerOrgId: "org_atlas" }) { organization { slug } }
       }`,
      { token: tokenOf(api, "root"), variables: { organizationId, issuer: api.issuer.issuer } },
    );
    expect(mapped.body.data.mapProviderOrganization.organization.slug).toBe("atlas");
    const token = tokenOf(api, "adrian");
    const headers = { "x-organization": organizationId };
    expect((await api.graphql(WHO, { token, headers })).status).toBe(200);
    const listener = await listen("adrian", token, headers);

    await deliver(
      api,
      identityEvent(api, "organizationMembership.deleted", {
        object: "organization_membership",
        organization: { id: "org_atlas" },
        public_user_data: { user_id: userOf("adrian") },
      }),
    );
    const answer = await api.graphql(WHO, { token, headers });
    expect([answer.status, refusalOf(answer).reason]).toEqual([403, "not_of_this_clinic"]);
    expect(await within(5_000, listener.closed, "the socket to close")).toEqual({
      code: 4403,
      reason: "not_of_this_clinic",
    });
    expect((await api.graphql(WHO, { token })).status).toBe(200);
  });

  it("a session of somebody who never came here, before their first request", async () => {
    const token = tokenOf(api, "newcomer", { sessionId: "sess_early" });
    await deliver(
      api,
      identityEvent(api, "session.revoked", { id: "sess_early", user_id: userOf("newcomer") }),
    );
    expect(await refusedOverHttp(token)).toBe("session_revoked");
    expect(await api.sql("select from app_public.humans where email = 'newcomer@people.test'")).toEqual([]);
  });
});

describe("FND-03, FND-25: a developer at a prompt", () => {
  it("ends a session with npm run token -- --revoke, and is told when there is nothing to end", async () => {
    const token = tokenOf(api, "olga");
    expect((await api.graphql(WHO, { token })).status).toBe(200);
    const run = (argument: string) =>
      promisify(execFile)(process.execPath, ["server/identity/dev_token.ts", "--revoke", argument], {
        env: { ...process.env, DATA_DIR: api.config.dataDir, PORT: new URL(api.url).port },
      });
    expect((await run(token)).stdout).toBe("The session is over.\n");
    expect(await refusedOverHttp(token)).toBe("session_revoked");
    await expect(run("garbage")).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^Say which: /),
    });
  });
});

describe("FND-25: what the identity provider tells of people", () => {
  const told = (name: string, change: Parameters<typeof clerkUser>[1], type = "user.updated") =>
    deliver(api, identityEvent(api, type, clerkUser(userOf(name), change)));
  const outcomes = async () =>
    (
      await api.sql("select outcome from app_private.webhook_receipts order by received_at desc, id desc")
    ).map(({ outcome }) => outcome);
  const minute = (n: number) => new Date(Date.UTC(2026, 0, 1, 8, n));

  it("user.created makes nobody; the first sign-in does", async () => {
    await told("elena", { email: "elena@people.test", name: "Elena Dumitrescu" }, "user.created");
    expect((await outcomes())[0]).toBe("ignored");
    expect(await api.sql("select from app_public.humans where email = 'elena@people.test'")).toEqual([]);
    expect((await api.graphql(WHO, { token: tokenOf(api, "elena") })).body.data.me.displayName).toBe("elena");
  });

  it("user.updated brings a person in line, in whatever order it comes", async () => {
    await told("elena", {
      email: "elena.d@people.test",
      name: "Elena Dumitrescu",
      locale: "en-US",
      updatedAt: minute(5),
    });
    await told("elena", { email: "old@people.test", name: "Elena Veche", updatedAt: minute(4) });
    await told("elena", {
      email: "unproved@people.test",
      verified: false,
      name: "Elena Dumitrescu",
      locale: "en-US",
      updatedAt: minute(6),
    });
    expect((await outcomes()).slice(0, 3)).toEqual(["applied", "stale", "applied"]);
    expect((await api.graphql(WHO, { token: tokenOf(api, "elena") })).body.data.me).toEqual({
      email: "elena.d@people.test",
      displayName: "Elena Dumitrescu",
      locale: "EN",
    });
  });

  it("an address that is somebody else's stays theirs, and the conflict is on record", async () => {
    await told("elena", {
      email: "olga@people.test",
      name: "Elena Dumitrescu",
      locale: "EN",
      updatedAt: minute(7),
    });
    expect((await outcomes())[0]).toBe("email_conflict");
    expect((await api.graphql(WHO, { token: tokenOf(api, "elena") })).body.data.me.email).toBe(
      "elena.d@people.test",
    );
    expect((await api.graphql(WHO, { token: tokenOf(api, "olga") })).body.data.me.email).toBe(
      "olga@people.test",
    );
  });

  it("an operator replays an event, and it changes nothing a second time", async () => {
    const event = identityEvent(
      api,
      "user.updated",
      clerkUser(userOf("elena"), {
        email: "elena.r@people.test",
        name: "Elena Dumitrescu",
        locale: "EN",
        updatedAt: minute(8),
      }),
    );
    await deliver(api, event);
    const replay = (name: string) =>
      api.graphql(
        'mutation ($id: String!) { replayWebhook(input: { provider: "clerk", eventId: $id }) { deliveries } }',
        {
          token: tokenOf(api, name),
          variables: { id: event.headers["svix-id"] },
        },
      );
    const refused = await replay("olga");
    expect(refusalOf(refused)).toMatchObject({ code: "FORBIDDEN", reason: "superadmin_only" });
    expect((await replay("root")).body.data.replayWebhook.deliveries).toBe(1);
  });
});
