import { expect, it } from "vitest";
import { type Json, refusalOf, type TestApi } from "./support.ts";
import { suspend } from "./suspend.ts";

type World = {
  api: TestApi;
  /** Free starts of the calendar, earliest first. */
  free(): Promise<string[]>;
  /** Asks for one of them, as its guest. */
  request(startsAt: string): Promise<{ token: string }>;
};

/** What the page behind a booking's link asks for: read, move, cancel. */
export function guestBookingCases(world: () => World): void {
  const ask = (verb: string, body: Json, headers: Record<string, string> = {}) =>
    world().api.fetch(`/v1/public/bookings/${verb}`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-visitor-id": "visitor-1", ...headers },
      body: JSON.stringify(body),
    });

  it("is read, moved, and called off, with an answer of one shape", async () => {
    const [first, second] = (await world().free()) as [string, string];
    const { token } = await world().request(first);
    const read = await ask("read", { token });
    expect(read.status).toBe(200);
    expect(read.headers.get("cache-control")).toBe("no-store");
    expect(read.body).toMatchObject({
      status: "requested",
      appointment: null,
      startsAt: first,
      modality: "in_person",
      clinic: { slug: "atlas", name: "Atlas", phone: null },
      mayCancel: true,
      mayMove: true,
      cancelFreelyUntil: null,
      rejectionReason: null,
    });
    const document = (await world().api.fetch("/openapi.json")).body;
    expect(Object.keys(read.body).sort()).toEqual(
      document.components.schemas.GuestBooking.required.toSorted(),
    );

    const moved = await ask("move", { token, startsAt: second });
    expect(moved.status).toBe(200);
    expect(moved.body).toMatchObject({ status: "requested", startsAt: second });
    expect(await world().free()).toContain(first);
    expect(await world().free()).not.toContain(second);

    const key = { "idempotency-key": "twice" };
    const cancelled = await ask("cancel", { token, reason: "Am găsit altă oră." }, key);
    expect(cancelled.body).toMatchObject({ status: "withdrawn", mayCancel: false, mayMove: false });
    expect((await ask("cancel", { token, reason: "Am găsit altă oră." }, key)).body).toEqual(cancelled.body);
    expect(await world().free()).toContain(second);
    const again = await ask("cancel", { token });
    expect(refusalOf(again)).toMatchObject({ code: "STATE", reason: "illegal_move" });
    expect((await ask("read", { token })).body.status).toBe("withdrawn");
  });

  it("is the same by GraphQL", async () => {
    const [first, second] = (await world().free()) as [string, string];
    const { token } = await world().request(first);
    const change = async (name: string, input: Json) => {
      const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
      const { body } = await world().api.graphql(
        `mutation ($input: ${type}!) { ${name}(input: $input) { guestBooking { status startsAt clinic { slug } } } }`,
        { variables: { input } },
      );
      expect(body.errors).toBeUndefined();
      return body.data[name].guestBooking;
    };
    const clinic = { slug: "atlas" };
    expect(await change("moveBooking", { token, startsAt: second })).toMatchObject({
      status: "REQUESTED",
      clinic,
    });
    expect(await change("cancelBooking", { token })).toMatchObject({ status: "WITHDRAWN", clinic });
    const { body } = await world().api.graphql(
      "query ($token: String!) { bookingByToken(token: $token) { status appointment { status } mayMove } }",
      { variables: { token } },
    );
    expect(body.data.bookingByToken).toEqual({ status: "WITHDRAWN", appointment: null, mayMove: false });
  });

  it("BIL-05: is moved to a listed time while the clinic takes no bookings, and other visitors are listed none", async () => {
    const { api } = world();
    const [first, second] = (await world().free()) as [string, string];
    const { token } = await world().request(first);
    const { calendarId: calendar } = (await ask("read", { token })).body;
    const window = { calendar, from: first, to: new Date(Date.parse(first) + 86_400_000).toISOString() };
    const suspended = await suspend(api);
    try {
      for (const [path, query] of [
        ["", window],
        ["/days", { ...window, from: window.from.slice(0, 10), to: window.to.slice(0, 10) }],
        ["/next", { calendar }],
      ] as const) {
        const answer = await api.fetch(`/v1/public/availability${path}?${new URLSearchParams(query)}`);
        expect(refusalOf(answer)).toMatchObject({ code: "STATE", reason: "clinic_suspended" });
        const guess = { ...query, token: "0".repeat(32) };
        expect(refusalOf(await ask(`times${path}`, guess))).toEqual(refusalOf(answer));
      }
      const listed = await ask("times", { ...window, token });
      expect(listed.headers.get("cache-control")).toBe("no-store");
      expect(listed.body.slots.map((slot: Json) => slot.startsAt)).toContain(second);
      expect((await ask("times/next", { calendar, count: 1, token })).body.slots).toHaveLength(1);
      const days = { calendar, from: window.from.slice(0, 10), to: window.to.slice(0, 10), token };
      expect((await ask("times/days", days)).body.days).toEqual([first.slice(0, 10)]);
      const graphql = `query ($calendar: UUID!, $from: Datetime!, $to: Datetime!, $token: String) {
        availableSlots(calendarId: $calendar, from: $from, to: $to, bookingToken: $token, first: 50) { nodes { startsAt } } }`;
      const asked = await api.graphql(graphql, { variables: { ...window, token } });
      expect(asked.body.data.availableSlots.nodes.map((slot: Json) => Date.parse(slot.startsAt))).toContain(
        Date.parse(second),
      );
      expect(refusalOf(await api.graphql(graphql, { variables: window }))).toMatchObject({
        reason: "clinic_suspended",
      });
      const moved = await ask("move", { token, startsAt: second });
      expect(moved.body).toMatchObject({ status: "requested", startsAt: second });
    } finally {
      await suspended.end();
    }
    expect(await world().free()).toContain(first);
    await ask("cancel", { token });
  });

  it.each([
    ["unknown", "0".repeat(32)],
    ["empty", ""],
    ["of other letters", "not a token \u0000 ș"],
    ["longer than any", "a".repeat(10_000)],
  ])("answers a token that is %s like every other that opens nothing", async (_what, token) => {
    const answers = [
      await ask("read", { token }),
      await ask("cancel", { token }),
      await ask("move", { token, startsAt: new Date(Date.now() + 86_400_000).toISOString() }),
    ];
    const { body } = await world().api.graphql(
      "query ($token: String!) { bookingByToken(token: $token) { status } }",
      { variables: { token: token.replace("\0", "") } },
    );
    expect(body).toEqual({ data: { bookingByToken: null } });
    const known = refusalOf(await ask("read", { token: "f".repeat(32) }));
    expect(known).toMatchObject({ code: "NOT_FOUND", reason: "booking_not_found" });
    for (const answer of answers) {
      expect(answer.status).toBe(404);
      expect(refusalOf(answer)).toEqual(known);
    }
  });

  it.each([
    ["no token", "read", {}, "required"],
    ["a token that is a number", "read", { token: 5 }, "field_invalid"],
    ["no time", "move", { token: "x" }, "required"],
    ["a time that is none", "move", { token: "x", startsAt: "tomorrow" }, "field_invalid"],
    [
      "somebody who is no id",
      "move",
      { token: "x", startsAt: "2027-03-08T10:00:00Z", specialist: "ana" },
      "field_invalid",
    ],
    ["a reason that is a book", "cancel", { token: "x", reason: "x".repeat(501) }, "field_invalid"],
    ["a field that is not known", "cancel", { token: "x", excuse: "x" }, "field_unknown"],
  ])("refuses %s", async (_what, verb, body, reason) => {
    const answer = await ask(verb, body);
    expect(answer.status).toBe(400);
    expect(refusalOf(answer)).toMatchObject({ code: "VALIDATION", reason });
  });
}
