// Starts processes: npm start is run as a newcomer runs it, from an empty folder to a reset.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { personas } from "../../../db/seed/personas.ts";
import { shown } from "../../../docs/guides/blocks.ts";
import { pdfSample } from "../../files/tests/samples.ts";
import { send } from "../../files/tests/support.ts";
import { readStory } from "../../ide/story.ts";
import { acceptWhatIsAsked } from "./accept.ts";
import { bankTransferCases } from "./bank_transfer.cases.ts";
import { expectCalendarFile } from "./calendar_file.ts";
import { exitStoryCases } from "./exit_story.cases.ts";
import { runFrontendGuide } from "./frontend_guide.ts";
import { isFree, newPlace, processesOf, type Run, run, tokenFor, until } from "./support.ts";

// FND-30, FND-07, APT-05, APT-09: one command, and the story of the README through public doors only.

let place: Awaited<ReturnType<typeof newPlace>>;
let supervisor: Run;

beforeAll(async () => {
  place = await newPlace();
  supervisor = run("server/start.ts", place.env);
  await supervisor.printed("Ctrl-C stops everything");
});

afterAll(async () => {
  supervisor.child.kill("SIGKILL");
  await until(async () => processesOf(place.dataDir).length === 0);
  place.remove();
});

test("FND-30: a start prints the doors and the file of each token, never the token, and keeps them from other users", () => {
  const output = supervisor.output();
  expect(output).toContain(`http://localhost:${place.ports.api}/graphql`);
  expect(output).toContain(`http://localhost:${place.ports.page}`);
  for (const persona of Object.keys(personas)) {
    const file = path.join(place.dataDir, "tokens", `${persona}.txt`);
    expect(output).toContain(persona);
    expect(output).not.toContain(readFileSync(file, "utf8").trim());
    expect(statSync(file).mode & 0o777).toBe(0o600);
  }
});

test("FND-30: what a start prints to try works as it is printed; the second hold is SLOT_TAKEN", async () => {
  const printed = [...supervisor.output().matchAll(/^ {4}((?:query|mutation) \w+ \{[\s\S]*?^ {4}\})/gm)];
  const [clinic, hold, mine] = printed.map(([, text]) => text as string) as [string, string, string];

  const found = await graphql(clinic);
  expect(found.data.clinicBySlug.calendars.length).toBeGreaterThan(3);
  expect(found.data.availableSlots.nodes).toHaveLength(5);
  expect((await graphql(hold)).data.holdSlot.slotHold.token).toMatch(/^[0-9a-f]{32}$/);
  const second = await graphql(hold);
  expect(second.data).toBeNull();
  expect(second.errors[0].extensions.code).toBe("SLOT_TAKEN");
  expect((await graphql(mine, { as: "patient" })).data.appointments.nodes).toHaveLength(5);
  expect((await graphql(mine)).errors[0].extensions.code).toBe("UNAUTHENTICATED");
});

test("APT-05, APT-09: a visitor books, gets mail with a calendar file, and front desk makes a patient of them", async () => {
  await bookAndConfirm({ email: "maria.ionescu@example.com" });

  const { data } = await graphql(
    `{ patientProfiles(filter: { familyName: { equalTo: "Ionescu" } }, first: 5) {
         nodes { givenName phone patients(first: 5) { nodes { organization { slug } } } } } }`,
    { as: "front-desk" },
  );
  // The Ionescu of Kineto Move is not theirs to see.
  expect(data.patientProfiles.nodes).toEqual([
    {
      givenName: "Maria",
      phone: "+40700000123",
      patients: { nodes: [{ organization: { slug: "atlas-recuperare" } }] },
    },
  ]);
});

test("FND-03, FND-07: the guest signs up with the verified address, claims the profile and sees the appointment", async () => {
  const token = await tokenFor(place, "maria.ionescu@example.com");
  expect((await graphql(story("MyAppointments"), { token })).data.appointments.nodes).toEqual([]);
  const claimed = await graphql(story("ClaimProfiles"), { token });
  // The Maria Ionescu of another clinic, if there is one, has another address.
  const maria = { givenName: "Maria", familyName: "Ionescu" };
  expect(claimed.data.claimPatientProfiles.patientProfiles).toEqual([maria]);
  expect((await graphql(story("MyAppointments"), { token })).data.appointments.nodes).toMatchObject([
    { status: "BOOKED", specialist: { title: "Dr." } },
  ]);
  const again = await graphql(story("ClaimProfiles"), { token });
  expect(again.data.claimPatientProfiles.patientProfiles).toEqual([]);
});

let bookedStart: string;
test("APT-02: the patient signs in and sees the own appointment with specialist and service; another clinic sees none", async () => {
  // Somebody else with her address is nobody's patient until front desk says who it is.
  const mine = async () =>
    (await graphql(story("MyAppointments"), { as: "patient" })).data.appointments.nodes.map(
      ({ id }: any) => id,
    );
  const before = await mine();
  await bookAndConfirm({ email: personas.patient.email, unclear: true });
  expect(await mine()).toEqual(before);
  bookedStart = await bookAndConfirm({
    email: personas.patient.email,
    givenName: "MURESAN",
    familyName: "Ioana",
  });
  expect(await myAppointmentAt(bookedStart)).toMatchObject({
    status: "BOOKED",
    service: { name: "Consultație de medicină fizică și reabilitare" },
    specialist: { title: "Dr." },
  });
  const elsewhere = await graphql(story("OpenRequests"), { as: "other-clinic-admin" });
  expect(elsewhere.data.bookingRequests.nodes.map(({ familyName }: any) => familyName)).toEqual(["Căprar"]);
});

exitStoryCases(() => ({ place, graphql }));
bankTransferCases(() => place);

let letter: { id: string; bytes: Buffer };
test("FND-13, FND-30: the patient sends a letter to the appointment, and the clinic reads it", async () => {
  const { id: ownerId } = await myAppointmentAt(bookedStart);
  const bytes = pdfSample("Scrisoare medicală");
  const announced = await graphql(
    `mutation ($input: RequestUploadInput!) {
       requestUpload(input: $input) { file { id upload { url headers { name value } } } } }`,
    {
      as: "patient",
      variables: {
        input: {
          surface: "APPOINTMENT_FILES",
          ownerId,
          filename: "Scrisoare medicală.pdf",
          contentType: "application/pdf",
          sizeBytes: String(bytes.length),
          sha256: createHash("sha256").update(bytes).digest("hex"),
        },
      },
    },
  );
  const { id, upload } = announced.data.requestUpload.file;
  expect(new URL(upload.url).port).toBe(String(place.ports.objects));
  expect((await send(upload, bytes)).status).toBe(200);
  const confirmed = await graphql(
    `mutation ($id: UUID!) { confirmUpload(input: { fileId: $id }) { file { status } } }`,
    { as: "patient", variables: { id } },
  );
  expect(confirmed.data.confirmUpload.file.status).toBe("CONFIRMED");
  letter = { id, bytes };
  expect(await downloadedLetter("front-desk")).toEqual(bytes);
});

test("FND-29: what the guide for frontend developers tells works as it stands, one block after the other", async () => {
  for (const { code, expected, printed } of await runFrontendGuide(place)) {
    expect(printed, code).toMatch(shown(expected));
  }
});

test.runIf(process.platform === "linux")("FND-30: a program that crashes is started again", async () => {
  const worker = processesOf(place.dataDir).find((line) => line.includes("tasks/main.ts"));
  process.kill(Number.parseInt(worker as string, 10), "SIGKILL");
  await supervisor.printed("The worker ended (SIGKILL) and is started again");
  await until(async () => processesOf(place.dataDir).some((line) => line.includes("tasks/main.ts")));
});

test("FND-30: Ctrl-C leaves nothing running, and a second start finds the data again", async () => {
  supervisor.child.kill("SIGINT");
  expect(await supervisor.ended).toBe(0);
  await nothingRuns();

  supervisor = run("server/start.ts", place.env);
  expect(await supervisor.printed("Ctrl-C stops everything")).toContain("the demo clinics are there already");
  expect(await myAppointmentAt(bookedStart)).toBeDefined();
  expect(await downloadedLetter("patient")).toEqual(letter.bytes);
});

test("FND-30: a second start beside the first, and a reset of what runs, are refused in one line", async () => {
  const second = run("server/start.ts", place.env);
  expect(await second.ended).toBe(1);
  expect(second.output()).toMatch(/^RestartiX runs already, as process \d+ .*: stop it with Ctrl-C.*\n$/);
  const reset = run("server/start/reset.ts", place.env);
  expect(await reset.ended).toBe(1);
  expect(reset.output()).toMatch(/^RestartiX runs, as process \d+: stop it with Ctrl-C, then reset\.\n$/);
});

test("FND-30: even kill -9 leaves nothing running, and a reset takes the data away", async () => {
  supervisor.child.kill("SIGKILL");
  await supervisor.ended;
  const everyPort = () => Promise.all(Object.values(place.ports).map(isFree));
  await until(
    async () => processesOf(place.dataDir).length === 0 && (await everyPort()).every((free) => free),
    15_000,
  );
  await nothingRuns();

  const reset = run("server/start/reset.ts", place.env);
  expect(await reset.ended).toBe(0);
  expect(reset.output()).toMatch(/^Removed postgres, .*\. The next npm start begins anew\.\n$/);
  expect(existsSync(path.join(place.dataDir, "objects"))).toBe(false);
});

async function nothingRuns(): Promise<void> {
  expect(processesOf(place.dataDir)).toEqual([]);
  for (const port of Object.values(place.ports)) expect([port, await isFree(port)]).toEqual([port, true]);
}

async function myAppointmentAt(start: string): Promise<any> {
  const { data } = await graphql(story("MyAppointments"), { as: "patient" });
  return data.appointments.nodes.find(({ startsAt }: { startsAt: string }) => startsAt === start);
}

async function downloadedLetter(as: "patient" | "front-desk"): Promise<Buffer> {
  const { data } = await graphql(`query ($id: UUID!) { file(id: $id) { download { url } } }`, {
    as,
    variables: { id: letter.id },
  });
  return Buffer.from(await (await fetch(data.file.download.url)).arrayBuffer());
}

/** Steps 1 to 5 of the README; answers with the start that was booked. `unclear`: front desk is asked who it is. */
async function bookAndConfirm({
  email,
  givenName = "Maria",
  familyName = "Ionescu",
  unclear = false,
}: {
  email: string;
  givenName?: string;
  familyName?: string;
  unclear?: boolean;
}): Promise<string> {
  const found = await graphql(story("FindClinic"));
  const { id: calendar } = found.data.clinicBySlug.calendars.find(
    ({ name }: any) => name === "Consultație la medic",
  );
  // From the day after tomorrow on: what begins within a day becomes upcoming by itself, whenever the worker looks.
  const day = 24 * 60 * 60_000;
  const now = Date.now();
  const window = { calendar, from: new Date(now + 2 * day), to: new Date(now + 14 * day) };
  const free = await graphql(story("FreeTimes"), { variables: window });
  const { startsAt } = free.data.availableSlots.nodes[0];

  const hold = await graphql(story("Hold"), { variables: { calendar, startsAt } });
  const late = await graphql(story("Hold"), { variables: { calendar, startsAt } });
  expect(late.errors[0].extensions.code).toBe("SLOT_TAKEN");

  const { token } = hold.data.holdSlot.slotHold;
  const book = story("Book")
    .replace("maria.ionescu@example.com", email)
    .replace('"Maria"', `"${givenName}"`)
    .replace('"Ionescu"', `"${familyName}"`);
  const booked = await graphql(book, { variables: { holdToken: token } });
  const receipt = booked.data.requestBooking.bookingReceipt;
  expect(receipt).toMatchObject({ status: "REQUESTED", startsAt, timezone: "Europe/Bucharest" });
  await expectCalendarFile(place.ports.page, email, startsAt);

  const open = await graphql(story("OpenRequests"), { as: "front-desk" });
  expect(open.data.bookingRequests.nodes.map(({ id }: any) => id)).toContain(receipt.bookingRequestId);
  const variables = { request: receipt.bookingRequestId };
  const taken = await graphql(story("TakeIn"), { as: "front-desk", variables });
  if (unclear) {
    expect(taken.errors[0].extensions).toMatchObject({ code: "CONFLICT", reason: "person_unclear" });
    return startsAt;
  }
  await acceptWhatIsAsked({
    at: (name, variables) => graphql(story(name), { as: "front-desk", variables }),
    request: receipt.bookingRequestId,
    patient: taken.data.takeInGuest.bookingRequest.patient,
  });
  const confirmed = await graphql(story("Confirm"), { as: "front-desk", variables });
  expect(confirmed.data.confirmBookingRequest.appointment).toMatchObject({
    status: "BOOKED",
    startsAt,
    patient: { patientProfile: { email } },
  });
  return startsAt;
}

/** An operation of the README, by its name. */
function story(name: string): string {
  const found = readStory().find((step) => step.name === name);
  if (!found) throw new Error(`README.md has no operation ${name}.`);
  return found.operation;
}

async function graphql(
  query: string,
  { as, token: given, variables }: { as?: string; token?: string; variables?: object } = {},
): Promise<any> {
  const token = given ?? (as && readFileSync(path.join(place.dataDir, "tokens", `${as}.txt`), "utf8").trim());
  const response = await fetch(`http://localhost:${place.ports.api}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ query, variables }),
  });
  return response.json();
}
