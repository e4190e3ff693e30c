import { getNamedType, isObjectType } from "grafast/graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callOf, rootFields, selectionsOf, slotsOf } from "./crossing/operations.ts";
import { isUuid, plausible } from "./crossing/values.ts";
import { openWorld, randomUUID, type World } from "./crossing/world.ts";
import { refusalOf } from "./support.ts";

/**
 * What is there for somebody who is not known: the way from the first look to a booking, what a clinic shows of
 * itself, and lists of words. Everything else asks to sign in first. A new field is decided on here.
 */
const openToVisitors = [
  // Finding a clinic, a time, and booking it.
  "availableDays",
  "availableSlots",
  "bookingByToken",
  "cancelBooking",
  "clinicBySlug",
  "nextAvailable",
  "extendHold",
  "holdSlot",
  "moveBooking",
  "moveHold",
  "releaseHold",
  "requestBooking",
  "withdrawBookingRequest",
  // Waiting for a time, and what is offered to who waits.
  "joinWaitlist",
  "leaveWaitlist",
  "takeOffer",
  // What a clinic on offer hands out with a service, and what it asks its patients to accept, before anybody signs up.
  "serviceAttachments",
  "clinicTerms",
  // Names of time zones.
  "knownTimeZone",
  "knownTimeZones",
];

let world: World;
beforeAll(async () => {
  world = await openWorld("every field is asked without a token, mutations among them");
});
afterAll(() => world?.api.close());

describe("FND-29, FND-03: somebody who did not sign in", () => {
  it("is told to sign in by every query and mutation that is not for visitors, and never that it is forbidden", async () => {
    const visitor = world.person("a visitor");
    const open = new Set<string>();
    const wrong: string[] = [];
    for (const kind of ["query", "mutation"] as const) {
      for (const field of rootFields(world.schema, kind)) {
        const slots = slotsOf(field);
        const values = slots.map((slot) => {
          return isUuid(slot)
            ? /^\[/.test(String(slot.type))
              ? [randomUUID()]
              : randomUUID()
            : plausible(slot);
        });
        const { head, uses, variables } = callOf(field, slots, values);
        const type = getNamedType(field.type);
        const selection = isObjectType(type) ? (selectionsOf(type, 0)[0] ?? "") : "";
        const answer = await world.ask(
          visitor,
          `${kind} ${head} { ${field.name}${uses} ${selection} }`,
          variables,
        );
        const codes = (answer.body?.errors ?? []).map(({ extensions }: any) => extensions.code);
        if (answer.status >= 500 || codes.some((code: string) => ["FORBIDDEN", "INTERNAL"].includes(code)))
          wrong.push(`${field.name}: ${answer.text.slice(0, 200)}`);
        if (codes.includes("GRAPHQL_VALIDATION")) wrong.push(`${field.name} was not asked: ${answer.text}`);
        if (!codes.includes("UNAUTHENTICATED")) {
          open.add(field.name);
          if (codes.some((code: string) => code !== "NOT_FOUND")) wrong.push(`${field.name}: ${answer.text}`);
        } else if (refusalOf(answer).reason !== "not_signed_in") wrong.push(`${field.name}: ${answer.text}`);
      }
    }
    expect(wrong).toEqual([]);
    expect([...open].sort()).toEqual([...openToVisitors].sort());
  });

  it("is told so inside what is open too, and over HTTP as over GraphQL", async () => {
    const answer = await world.ask(world.person("a visitor"), "{ me { displayName } }");
    expect(answer.status).toBe(200);
    expect(answer.body.data).toBeNull();
    expect(refusalOf(answer)).toMatchObject({ code: "UNAUTHENTICATED", reason: "not_signed_in" });
    expect(world.api.logs()).not.toContain("unexpected error");
  });

  it("is somebody else than one who is known and may not", async () => {
    const answer = await world.ask(world.person("the second patient"), "{ deadLetters { nodes { jobId } } }");
    expect(refusalOf(answer)).toMatchObject({ code: "FORBIDDEN" });
  });
});
