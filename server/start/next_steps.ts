import path from "node:path";
import { styleText } from "node:util";
import { personas } from "../../db/seed/personas.ts";
import { ask } from "./ask.ts";
import type { Settings } from "./settings.ts";
import type { PersonaToken } from "./tokens.ts";

const slug = "atlas-recuperare";

/** What each persona is for. */
const roles: Record<PersonaToken["persona"], string> = {
  patient: "has past and coming appointments",
  "second-patient": "another patient, in English",
  specialist: "kinesiotherapist: own hours, own appointments",
  "front-desk": "answers booking requests",
  "clinic-admin": "runs Clinica Atlas Recuperare",
  superadmin: "runs the platform; sees no patient",
  "other-clinic-admin": "runs Kineto Move; sees nothing of Atlas",
};

type PublicCalendar = { id: string; assignmentStrategy: string; allowsAnySpecialist: boolean };
type Slot = { startsAt: string; specialistIds: string[] };

/** Operations that work as they are printed: the calendar and the free time in them are real. */
export async function sampleOperations(apiUrl: string): Promise<string[]> {
  const { clinicBySlug } = await ask<{ clinicBySlug: { calendars: PublicCalendar[] } | null }>(
    apiUrl,
    `{ clinicBySlug(slug: "${slug}") { calendars { id assignmentStrategy allowsAnySpecialist } } }`,
  );
  const from = new Date();
  const to = new Date(from.getTime() + 14 * 24 * 60 * 60_000);
  for (const calendar of clinicBySlug?.calendars ?? []) {
    if (calendar.assignmentStrategy !== "SPECIFIC" || !calendar.allowsAnySpecialist) continue;
    const window = `calendarId: "${calendar.id}", from: "${from.toISOString()}", to: "${to.toISOString()}"`;
    const { availableSlots } = await ask<{ availableSlots: { nodes: Slot[] } }>(
      apiUrl,
      `{ availableSlots(${window}) { nodes { startsAt specialistIds } } }`,
    );
    // With one specialist free, the second visitor is refused.
    const slot = availableSlots.nodes.findLast(({ specialistIds }) => specialistIds.length === 1);
    if (slot) return operations({ window, calendarId: calendar.id, startsAt: slot.startsAt });
  }
  return [];
}

function operations({
  window,
  calendarId,
  startsAt,
}: {
  window: string;
  calendarId: string;
  startsAt: string;
}): string[] {
  return [
    `query Clinic {
  clinicBySlug(slug: "${slug}") { name calendars { id name priceAmount currency } }
  availableSlots(${window}, first: 5) {
    nodes { startsAt localStart }
  }
}`,
    `mutation Hold {
  holdSlot(input: { calendarId: "${calendarId}", startsAt: "${startsAt}" }) {
    slotHold { token expiresAt }
  }
}`,
    `query MyAppointments {
  appointments(orderBy: STARTS_AT_DESC, first: 5) {
    nodes { startsAt status service { name } specialist { title givenName familyName } }
  }
}`,
  ];
}

/** The page that `npm start` ends with. */
export function whatToTry(settings: Settings, tokens: PersonaToken[], samples: string[]): string {
  const api = `http://localhost:${settings.apiPort}`;
  const head = (text: string) => styleText("bold", text);
  const quiet = (text: string) => styleText("dim", text);
  const here = (file: string) => {
    const near = path.relative(process.cwd(), file);
    return near.startsWith("..") ? file : near;
  };
  const [clinic, hold, mine] = samples;

  const people = tokens.map(
    ({ persona }) => `  ${styleText("cyan", persona.padEnd(19))}${personas[persona].name}: ${roles[persona]}`,
  );
  const mailbox = settings.mailbox
    ? `http://localhost:${settings.mailbox.pagePort}   ${quiet("every mail, SMS, WhatsApp message and notice the clinic sends")}`
    : "messages go to the vendors you configured";
  const shown = (title: string, operation: string | undefined) =>
    operation ? [`  ${title}`, operation.replace(/^/gm, "    "), ""] : [];
  const patientToken = tokens.find(({ persona }) => persona === "patient");

  return [
    "",
    ...(tokens.length > 0
      ? [
          head("Sign-in tokens") +
            quiet(`  valid for 12 hours, in ${here(path.join(settings.dataDir, "tokens"))}/<persona>.txt`),
          ...people,
          "",
        ]
      : ["Sign in with a session token of your Clerk instance; tokens of this machine are off.", ""]),
    head("Try it"),
    `  In a browser, as a visitor: book a time at ${api}/book/${slug}, and answer it as front-desk (README.md).`,
    "",
    ...shown("As a visitor: the clinic, and its next free times", clinic),
    ...shown("Keep a time for ten minutes; a second visitor now gets SLOT_TAKEN", hold),
    ...shown("As the patient", mine),
    ...(patientToken && mine
      ? [
          "  The same from a shell:",
          `    curl -s ${api}/graphql -H 'content-type: application/json' \\`,
          `      -H "authorization: Bearer $(cat ${here(patientToken.file)})" \\`,
          `      -d '{"query":"{ appointments(first: 5) { nodes { startsAt status } } }"}'`,
          "",
        ]
      : []),
    head("RestartiX is up"),
    `  GraphQL   ${api}/graphql`,
    `  Pages     ${api}/   ${quiet("people, pages and tools: begin here")}`,
    `  Booking   ${api}/book/${slug}   ${quiet("a clinic's booking page, as a visitor sees it")}`,
    `  IDE       ${api}/ide   ${quiet("the operations of the README, as whom you choose")}`,
    `  Mailbox   ${mailbox}`,
    `  Telemetry http://localhost:${settings.telemetryPort}   ${quiet("sessions send their batches there")}`,
    `  Metrics   http://localhost:${settings.opsPorts.api}/metrics, http://localhost:${settings.opsPorts.worker}/metrics, http://localhost:${settings.opsPorts.telemetry}/metrics   ${quiet("npm run doctor examines it all")}`,
    `  Clinics   ${slug} ${quiet("(Cluj-Napoca)")}, kineto-move ${quiet("(București)")}`,
    `  Data      ${settings.databaseUrl ? "your PostgreSQL server, and " : ""}${here(settings.dataDir)}/   ${quiet("npm run reset starts over")}`,
    `  The whole story, step by step: README.md.  Ctrl-C stops everything.`,
    "",
  ].join("\n");
}
