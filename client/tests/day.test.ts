import { afterAll, beforeAll, expect, test } from "vitest";
import { pdfSample } from "../../server/files/tests/samples.ts";
import { put, until } from "../../server/tests/listener.ts";
import { requestFirstTime } from "../examples/booking_page.ts";
import * as desk from "../examples/front_desk.ts";
import * as app from "../examples/patient.ts";
import { localDate, refusalOf, type UUID } from "../index.ts";
import { type ClientWorld, openClientWorld } from "./support.ts";

// FND-29: the whole day of a front desk and of a patient, as the examples write it with the generated client.

let world: ClientWorld;
beforeAll(async () => {
  world = await openClientWorld("a day is lived through, by documents of its list", { hasList: true });
});
afterAll(() => world?.close());

const DAY = 24 * 60 * 60_000;
const soon = () => new Date();
const nextWeeks = () => new Date(Date.now() + 20 * DAY);
const frontDesk = () => world.clientOf("flavia", { organization: world.clinic });
/** An app in production: it names its documents by their ids. */
const phone = (name: string) => world.clientOf(name, { documents: "ids" });
const guest = (givenName: string, email = `${givenName.toLowerCase()}@people.test`) => ({
  givenName,
  familyName: "Ionescu",
  email,
  phone: "0700 000 123",
});

test("APT-05: a guest asks for a time over HTTP, and a second one is given the next", async () => {
  const page = world.clientOf(undefined, { visitorId: "visitor-1" });
  const from = new Date(Date.now() + DAY);
  const first = await requestFirstTime(page, world.calendar, from, guest("Maria"));
  const second = await requestFirstTime(page, world.calendar, from, guest("Dan"));
  expect(first).toMatchObject({ status: "requested", timezone: "Europe/Bucharest" });
  expect(Date.parse(second?.startsAt ?? "")).toBeGreaterThan(Date.parse(first?.startsAt ?? ""));
});

test("APT-09: front desk sees what is asked for, confirms one and rejects the other", async () => {
  const client = frontDesk();
  expect(await desk.agenda(client, soon(), nextWeeks())).toEqual([]);
  const [maria, dan] = (await desk.openRequests(client)) as [desk.OpenRequest, desk.OpenRequest];
  expect(maria).toMatchObject({ givenName: "Maria", phone: "+40700000123", service: { name: "massage" } });

  expect(await desk.confirmRequest(client, maria.id)).toMatchObject({
    kind: "booked",
    appointment: { who: "Maria Ionescu", phone: "+40700000123", what: "massage", state: "booked" },
  });
  expect(await desk.confirmRequest(client, maria.id)).toMatchObject({ kind: "too late" });
  await desk.rejectRequest(client, dan.id, "Nu lucrăm atunci.");
  expect(await desk.openRequests(client)).toEqual([]);
});

test("APT-09: whoever may be somebody known is asked about", async () => {
  const page = world.clientOf();
  const from = new Date(Date.now() + DAY);
  const asked = await requestFirstTime(page, world.calendar, from, guest("Mara", "maria@people.test"));
  const client = frontDesk();
  const request = asked?.bookingRequestId as UUID;
  expect(await desk.confirmRequest(client, request)).toMatchObject({
    kind: "who is it?",
    candidates: [expect.objectContaining({ agrees: ["address", "telephone"] })],
  });
  expect(await desk.confirmRequest(client, request, { asNewPatient: true })).toMatchObject({
    kind: "booked",
    appointment: { who: "Mara Ionescu" },
  });
});

let vlad: UUID;
test("FND-07, APT-09: somebody calls, is registered, invited and booked; the list has them on pages", async () => {
  const client = frontDesk();
  const person = {
    givenName: "Vlad",
    familyName: "Țăranu",
    email: "vlad@people.test",
    phone: "0711 111 111",
  };
  const { profile, isNew } = await desk.patientOnTheTelephone(client, world.clinic, person);
  expect(isNew).toBe(true);
  expect(await desk.patientOnTheTelephone(client, world.clinic, person)).toEqual({ profile, isNew: false });
  vlad = profile;

  const at = new Date(Math.ceil(Date.now() / DAY) * DAY + 3 * DAY);
  expect(await desk.bookFor(client, profile, world.calendar, at)).toMatchObject({
    startsAt: at,
    state: "booked",
  });
  const lines = await desk.agenda(client, soon(), nextWeeks(), 2);
  expect(lines.map(({ who }) => who)).toEqual(["Maria Ionescu", "Mara Ionescu", "Vlad Țăranu"]);
});

test("FND-07: the patient signs in, takes the invitation and sees the appointment", async () => {
  const client = phone("vlad");
  expect(await app.signIn(world.clientOf())).toBeNull();
  expect(await app.signIn(client)).toMatchObject({
    email: "vlad@people.test",
    patientProfiles: { nodes: [] },
  });
  expect(
    await app.acceptInvitations(
      client,
      { givenName: "Vlad", familyName: "Țăranu", birthDate: localDate("1985-05-05") },
      async () => true,
    ),
  ).toEqual(["Atlas"]);
  expect((await app.signIn(client))?.patientProfiles.nodes).toMatchObject([
    { id: vlad, familyName: "Țăranu" },
  ]);
  expect(await app.upcoming(client)).toMatchObject([{ status: "BOOKED", service: { name: "massage" } }]);
});

test("APT-02, SCH-06: the patient books a time, and cancels it", async () => {
  const client = phone("vlad");
  const clinic = await app.findClinic(client, "atlas");
  expect(clinic).toMatchObject({ id: world.clinic, timezone: "Europe/Bucharest" });
  const [calendar] = clinic?.calendars ?? [];
  const booked = await app.bookFirstFreeTime(client, vlad, calendar?.id as UUID);
  if (booked.kind === "full") throw new Error(`no time until ${booked.until}`);
  expect(await app.upcoming(client)).toHaveLength(2);
  await app.cancelMine(client, booked.id);
  expect((await app.upcoming(client)).map(({ status }) => status)).toEqual(["CANCELLED", "BOOKED"]);
  await expect(app.cancelMine(client, booked.id)).rejects.toSatisfy(
    (error) => refusalOf(error, "STATE") !== null,
  );
});

test("FND-13: front desk puts a letter beside the appointment, and the patient reads it", async () => {
  const [appointment] = (await app.upcoming(phone("vlad"))).filter(({ status }) => status === "BOOKED");
  const bytes = pdfSample("Scrisoare medicală");
  const letter = new Blob([new Uint8Array(bytes)], { type: "application/pdf" });
  await desk.attach(frontDesk(), appointment?.id as UUID, letter, "Scrisoare medicală.pdf");
  const [again] = (await app.upcoming(phone("vlad"))).filter(({ status }) => status === "BOOKED");
  const [file] = again?.files.nodes ?? [];
  expect(file).toMatchObject({ filename: "Scrisoare medicală.pdf", sizeBytes: String(bytes.length) });
  const download = await fetch(file?.download?.url ?? "");
  expect(Buffer.from(await download.arrayBuffer()).equals(bytes)).toBe(true);
});

test("FND-15: the patient's inbox shows what is there and what arrives, and is read", async () => {
  const client = phone("vlad");
  await put(world.api, "vlad", "before");
  const shown: string[][] = [];
  const stop = app.watchInbox(client, {
    changed: (titles) => shown.push(titles),
    signedOut: () => shown.push(["signed out"]),
  });
  await until(() => shown.at(-1)?.includes("before") ?? false, "what is there");
  await put(world.api, "vlad", "after");
  await until(() => shown.at(-1)?.includes("after") ?? false, "what arrives");
  stop();
  expect(shown.flat()).not.toContain("signed out");
  const { items, unread } = await app.readInbox(client);
  expect(items.map(({ title }) => title)).toEqual(expect.arrayContaining(["before", "after"]));
  expect(unread).toBe(0);
});

test("FND-15: the patient says how and when to be told", async () => {
  const client = phone("vlad");
  await app.silence(client, "appointments", "SMS");
  const quiet = await app.keepQuiet(client, { from: "21:00", until: "07:30", timezone: "Europe/Bucharest" });
  expect(quiet).toEqual({ from: expect.stringMatching(/^21:00/), until: expect.stringMatching(/^07:30/) });
  await expect(
    app.keepQuiet(client, { from: "21:00", until: "07:30", timezone: "Europe/Klausenburg" }),
  ).rejects.toSatisfy(
    (error) => refusalOf(error, "VALIDATION", "timezone_unknown")?.details.field === "timezone",
  );
});

test("APT-02: front desk cancels for the clinic, and says why", async () => {
  const client = frontDesk();
  const lines = await desk.agenda(client, soon(), nextWeeks());
  const maria = lines.find(({ who }) => who === "Maria Ionescu");
  expect(await desk.cancel(client, maria?.id as UUID, "Specialistul este bolnav.")).toBe("CANCELLED");
  const states = new Map(
    (await desk.agenda(client, soon(), nextWeeks())).map(({ id, state }) => [id, state]),
  );
  expect(states.get(maria?.id as UUID)).toBe("cancelled");
});
