import { randomInt, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { personas } from "../../../db/seed/personas.ts";
import { DEV_ISSUER } from "../../../runtime/environment/variables.ts";
import { openDevIssuer } from "../../identity/dev_issuer.ts";
import type { IdentityConfig } from "../../identity/settings.ts";
import { type Json, PARTY } from "../support.ts";
import type { Deployment } from "./deployment.ts";

/** What was acknowledged to somebody: it must be there whatever happened since. */
export type Acknowledged = { bookings: Map<string, string>; confirmed: Set<string> };

/** How many there are. */
export type Size = { visitors: number; staff: number };

export type Crowd = Acknowledged & {
  /** Requests sent, and how many of them got no answer. */
  sent: number;
  lost: number;
  /** Waits until everybody has got an answer to what they began. */
  leave(): Promise<void>;
};

type Answer = { status: number; body: Json };

// Each guest has a number of their own: a shared one would have front desk asked who they are.
let guests = 0;

/**
 * Visitors who hold times and book them, and front desk that confirms, until they are told to leave (FND-28, SCH-06,
 * FND-26). Whoever gets no answer asks again with the same idempotency key, as a browser would.
 */
export function crowd(
  { apiUrl, dataDir }: Deployment,
  { visitors, staff }: Size = { visitors: 6, staff: 2 },
): Crowd {
  const found: Crowd = { bookings: new Map(), confirmed: new Set(), sent: 0, lost: 0, leave };
  const stop = new AbortController();
  const identity: IdentityConfig = {
    source: "dev_issuer",
    issuer: DEV_ISSUER,
    authorizedParties: [PARTY],
  };
  const token = openDevIssuer({ mode: "embedded", dataDir, identity }).mint(personas["front-desk"]);

  async function send(path: string, body: object, headers: Record<string, string>): Promise<Answer> {
    for (;;) {
      found.sent += 1;
      try {
        const response = await fetch(`${apiUrl}${path}`, {
          method: "POST",
          headers: { "content-type": "application/json", ...headers },
          body: JSON.stringify(body),
          signal: AbortSignal.timeout(15_000),
        });
        const answer: Answer = { status: response.status, body: await response.json() };
        const code = answer.body.errors?.[0]?.extensions?.code;
        if (!["UNAVAILABLE", "TIMEOUT", "INTERNAL"].includes(code)) return answer;
        found.lost += 1;
      } catch {
        found.lost += 1;
      }
      await sleep(100);
    }
  }
  const ask = (query: string, variables: object, headers: Record<string, string>) =>
    send("/graphql", { query, variables }, headers);

  async function visit(): Promise<void> {
    const calendars = await ask('{ clinicBySlug(slug: "atlas-recuperare") { calendars { id } } }', {}, {});
    const ids: string[] = calendars.body.data.clinicBySlug.calendars.map((one: Json) => one.id);
    while (!stop.signal.aborted) {
      const headers = {
        "x-forwarded-for": `10.${randomInt(256)}.${randomInt(256)}.${randomInt(1, 255)}`,
        "x-visitor-id": randomUUID(),
      };
      const from = new Date(Date.now() + randomInt(2, 40) * 86_400_000);
      const slots = await ask(
        "query ($c: UUID!, $f: Datetime!, $t: Datetime!) { availableSlots(calendarId: $c, from: $f, to: $t, first: 20) { nodes { startsAt specialistIds } } }",
        { c: ids[randomInt(ids.length)], f: from, t: new Date(from.getTime() + 3 * 86_400_000) },
        headers,
      );
      const slot = slots.body.data?.availableSlots?.nodes?.[0];
      if (!slot) continue;
      await book(slot, ids[randomInt(ids.length)] as string, headers);
    }
  }

  async function book(slot: Json, calendarId: string, headers: Record<string, string>): Promise<void> {
    const held = await ask(
      "mutation ($c: UUID!, $s: Datetime!, $who: UUID) { holdSlot(input: { calendarId: $c, startsAt: $s, specialistId: $who }) { slotHold { token } } }",
      { c: calendarId, s: slot.startsAt, who: slot.specialistIds?.[0] ?? null },
      { ...headers, "idempotency-key": randomUUID() },
    );
    const holdToken = held.body.data?.holdSlot?.slotHold?.token;
    if (!holdToken) return; // somebody else was faster
    const email = `${randomUUID()}@people.example`;
    guests += 1;
    const booked = await send(
      "/v1/public/bookings",
      { holdToken, givenName: "Maria", familyName: "Ionescu", email, phone: `0700${100_000 + guests}` },
      { ...headers, "idempotency-key": randomUUID() },
    );
    if (booked.status === 201) found.bookings.set(booked.body.bookingRequestId, email);
  }

  async function confirm(): Promise<void> {
    const headers = { authorization: `Bearer ${token}` };
    while (!stop.signal.aborted) {
      await sleep(randomInt(50, 150));
      const waiting = [...found.bookings.keys()].filter((id) => !found.confirmed.has(id));
      const id = waiting[randomInt(Math.max(1, waiting.length))];
      if (!id) continue;
      const answer = await ask(
        "mutation ($id: UUID!) { confirmBookingRequest(input: { bookingRequestId: $id }) { appointment { status } } }",
        { id },
        { ...headers, "idempotency-key": `confirm-${id}` },
      );
      if (answer.body.data?.confirmBookingRequest) found.confirmed.add(id);
      const [refusal] = answer.body.errors ?? [];
      if (refusal?.extensions.code === "NOT_READY")
        await accept(id, refusal.extensions.details.missing, headers);
    }
  }

  /** The guest becomes a patient and accepts what the clinic asks of its patients, at the desk. */
  async function accept(id: string, missing: { versionId: string }[], headers: object): Promise<void> {
    const taken = await ask(
      "mutation ($id: UUID!) { takeInGuest(input: { bookingRequestId: $id }) { bookingRequest { patient { id organizationId } } } }",
      { id },
      { ...headers, "idempotency-key": `take-in-${id}` },
    );
    const patient = taken.body.data?.takeInGuest.bookingRequest.patient;
    for (const { versionId } of patient ? missing : []) {
      await ask(
        "mutation ($input: RecordConsentInput!) { recordConsent(input: $input) { consent { id } } }",
        {
          input: {
            organizationId: patient.organizationId,
            patientId: patient.id,
            purposeVersionId: versionId,
            decision: "GRANTED",
            evidence: "Semnat pe hârtie",
          },
        },
        { ...headers, "idempotency-key": `accept-${id}-${versionId}` },
      );
    }
  }

  const people = [...Array.from({ length: visitors }, visit), ...Array.from({ length: staff }, confirm)];
  async function leave(): Promise<void> {
    stop.abort();
    await Promise.all(people);
  }
  return found;
}
