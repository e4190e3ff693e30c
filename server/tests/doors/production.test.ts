import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { idOf } from "../../documents/trusted.ts";
import { pngSample } from "../../files/tests/samples.ts";
import { identityEvent } from "../identity_events.ts";
import { until, within } from "../listener.ts";
import { type Json, refusalOf } from "../support.ts";
import {
  api,
  ask,
  closeProduction,
  documents,
  hears,
  id,
  openProduction,
  post,
  run,
  socket,
  stream,
  tokenOf,
} from "./behind_proxy.ts";

beforeAll(openProduction);
afterAll(closeProduction);

describe("FND-27: GraphQL in production, behind a proxy that ends TLS", () => {
  it("answers documents by their id, for visitors and for who is signed in", async () => {
    const clinic = await run("Clinic", { slug: "atlas" });
    expect(clinic.body).toEqual({ data: { clinicBySlug: { name: expect.any(String) } } });
    expect(clinic.headers["strict-transport-security"]).toContain("max-age");
    expect((await run("Me", {}, "ana")).body).toEqual({ data: { me: { email: "ana@people.test" } } });
    expect(refusalOf((await run("Me", {})) as never)).toMatchObject({ code: "UNAUTHENTICATED" });
  });

  it("answers no text, no introspection, shows no IDE, and says nothing of operators' paths", async () => {
    expect(refusalOf((await post("/graphql", { query: documents.Me })) as never).code).toBe(
      "TRUSTED_DOCUMENTS_REQUIRED",
    );
    for (const path of ["/", "/ide", "/metrics", "/ruru-static/x.js"])
      expect((await ask(path)).status, path).toBe(404);
    expect((await ask("/healthz")).body).toEqual({ status: "up" });
    expect((await ask("/readyz")).body).toMatchObject({ status: "ready" });
    expect(await (await fetch(`${api.opsUrl}/metrics`)).text()).toContain("restartix_http_request_seconds");
  });
});

describe("FND-15, FND-27: sockets in production, behind that proxy", () => {
  it.each<[how: string, payload: () => object]>([
    ["documentId", () => ({ documentId: id("Arrived") })],
    ["documentId with its algorithm", () => ({ documentId: `sha256:${id("Arrived")}` })],
    [
      "the extension that Apollo sends",
      () => ({ extensions: { persistedQuery: { version: 1, sha256Hash: id("Arrived") } } }),
    ],
    ["documentId beside an empty text", () => ({ query: "", documentId: id("Arrived") })],
  ])("carry a subscription that is named by %s", async (_how, payload) => {
    const ana = socket("ana", payload());
    await hears(ana);
    expect(ana.heard[0]).toMatchObject({
      id: "1",
      type: "next",
      payload: { data: { inboxItemArrived: { title: "Bună" } } },
    });
    ana.ws.close(1000);
    await ana.closed;
  });

  it("carry what happens at a clinic to its staff, by the same documents", async () => {
    const [{ id: clinic }] = (await api.sql(
      "select id from app_public.organizations where slug = 'atlas'",
    )) as [Json];
    const flavia = socket("flavia", { documentId: id("Changed"), variables: { clinic } });
    const ana = socket("ana", { documentId: id("Changed"), variables: { clinic } });
    await until(async () => {
      await api.sql(
        "update app_public.booking_requests set ends_at = ends_at + interval '1 second' where status = 'requested'",
      );
      return flavia.heard.length > 0 && ana.heard.length > 0;
    }, "a changed request");
    expect(flavia.heard[0].payload).toEqual({
      data: { bookingRequestChanged: { bookingRequest: { givenName: "Gabriela" } } },
    });
    expect(JSON.stringify(ana.heard)).not.toContain("Gabriela");
    expect(JSON.stringify(ana.heard[0])).toContain("NOT_FOUND");
    flavia.ws.close(1000);
    ana.ws.close(1000);
    await Promise.all([flavia.closed, ana.closed]);
  });

  it.each<[what: string, payload: () => object, code: string]>([
    ["a text", () => ({ query: documents.Arrived }), "TRUSTED_DOCUMENTS_REQUIRED"],
    [
      "a text under its id",
      () => ({ query: documents.Arrived, documentId: id("Arrived") }),
      "TRUSTED_DOCUMENTS_REQUIRED",
    ],
    ["an id that nobody knows", () => ({ documentId: idOf("subscription { x }") }), "DOCUMENT_UNKNOWN"],
    ["an id that is none", () => ({ documentId: "Arrived" }), "VALIDATION"],
    ["a query of the list", () => ({ documentId: id("Me") }), "VALIDATION"],
    ["neither text nor id", () => ({ extensions: {} }), "VALIDATION"],
  ])("refuse %s, and stay open for what is right", async (_what, payload, code) => {
    const ana = socket("ana", payload());
    await until(() => ana.heard.length > 0, "a refusal");
    expect(ana.heard[0]).toMatchObject({ id: "1", type: "error", payload: [{ extensions: { code } }] });
    ana.ws.send(JSON.stringify({ type: "subscribe", id: "2", payload: { documentId: id("Arrived") } }));
    ana.heard.length = 0;
    await hears(ana);
    expect(ana.heard[0]).toMatchObject({ id: "2", type: "next" });
    ana.ws.close(1000);
    await ana.closed;
  });

  it("end when the identity provider says, over its webhook, that the session is over", async () => {
    const ana = socket("ana", { documentId: id("Arrived") }, "sess_over");
    await hears(ana);
    const event = identityEvent(api, "session.revoked", {
      id: "sess_over",
      object: "session",
      user_id: "user_ana",
      status: "revoked",
    });
    const told = await ask("/v1/webhooks/clerk", {
      method: "POST",
      headers: event.headers,
      body: event.body,
    });
    expect(told.status).toBe(200);
    expect(await within(5_000, ana.closed, "closing")).toEqual({ code: 4401, reason: "session_revoked" });
    const again = await post(
      "/graphql",
      { documentId: id("Me") },
      { authorization: `Bearer ${tokenOf("ana", "sess_over")}` },
    );
    expect(again.status).toBe(401);
  });
});

describe("APT-05, FND-26: booking and its repeats in production, behind that proxy", () => {
  it("holds and books over /v1, counted by the address that the proxy saw, whatever the visitor claims", async () => {
    const [{ calendar }] = await api.sql("select tests.id('days') as calendar");
    const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
    const query = new URLSearchParams({ calendar, from: day(8), to: day(21) });
    const { body } = await ask(`/v1/public/availability?${query}`);
    const held = await post(
      "/v1/public/holds",
      { calendar, startsAt: body.slots[0].startsAt },
      { "x-forwarded-for": "203.0.113.9" },
    );
    expect(held.status, held.text).toBe(201);
    expect(
      await api.sql("select host(address) as address from app_private.time_claims where kind = 'hold'"),
    ).toEqual([{ address: "198.51.100.7" }]);
    const booked = await post("/v1/public/bookings", {
      holdToken: held.body.token,
      givenName: "Ioana",
      familyName: "Țepeș",
      email: "ioana.tepes@example.org",
      phone: "0722 123 456",
    });
    expect(booked.status, booked.text).toBe(201);
  });

  it("SCH-07: tells what changes of a calendar's times, event by event", async () => {
    const [{ calendar }] = await api.sql("select tests.id('days') as calendar");
    const listening = await stream(`/v1/public/availability/live?calendar=${calendar}`);
    await until(() => listening.text().includes("event: ready\n"), "the beginning");
    expect(listening.headers).toMatchObject({
      "content-type": "text/event-stream",
      "x-accel-buffering": "no",
    });
    await api.sql("select tests.claim('stefan', date_trunc('week', now()) + interval '14 days 13 hours')");
    await until(() => /event: changed\nid: \d+\ndata: {"days":\["/.test(listening.text()), "the change");
    listening.stop();
  });

  it("gives the answer to an old key to whoever still may have it, and a refusal to whoever left", async () => {
    const [{ request: wanted }] = await api.sql("select tests.id('request') as request");
    const key = { "idempotency-key": "4f1f0a52-confirm" };
    const first = await run("Confirm", { id: wanted }, "flavia", key);
    expect(first.body.errors, first.text).toBeUndefined();
    expect((await run("Confirm", { id: wanted }, "flavia", key)).body).toEqual(first.body);
    await api.sql(`update app_public.memberships set ended_at = now()
      where human_id = (select principal_id from tests.personas where name = 'flavia')`);
    const gone = await run("Confirm", { id: wanted }, "flavia", key);
    expect(refusalOf(gone as never)).toMatchObject({
      code: "NOT_FOUND",
      reason: "booking_request_not_found",
    });
    expect(gone.text).not.toContain(first.body.data.confirmBookingRequest.appointment.contactName);
    await api.sql(
      "update app_public.principals set disabled_at = now() where id = (select principal_id from tests.personas where name = 'flavia')",
    );
    expect((await run("Confirm", { id: wanted }, "flavia", key)).status).toBe(401);
  });
});

describe("FND-13: files in production, behind that proxy", () => {
  it("go up and come down over signed URLs, by documents", async () => {
    const [{ owner }] = await api.sql("select tests.id('atlas') as owner");
    const bytes = pngSample();
    const announced = await run(
      "Request",
      {
        input: {
          surface: "ORGANIZATION_LOGO",
          ownerId: owner,
          filename: "sigla.png",
          contentType: "image/png",
          sizeBytes: String(bytes.length),
          sha256: createHash("sha256").update(bytes).digest("hex"),
        },
      },
      "adrian",
    );
    expect(announced.body.errors, announced.text).toBeUndefined();
    const { id, upload } = announced.body.data.requestUpload.file;
    const headers = Object.fromEntries(upload.headers.map(({ name, value }: Json) => [name, value]));
    expect((await fetch(upload.url, { method: "PUT", headers, body: new Uint8Array(bytes) })).status).toBe(
      200,
    );
    const confirmed = await run("Uploaded", { id: id }, "adrian");
    expect(confirmed.body.errors, confirmed.text).toBeUndefined();
    const { url } = confirmed.body.data.confirmUpload.file.download;
    expect(Buffer.from(await (await fetch(url)).arrayBuffer()).equals(bytes)).toBe(true);
  });
});
