import { type Client, type LocalDate, type LocalTime, localTime, refusalOf, type UUID } from "../index.ts";
import {
  AcceptInvitationDocument,
  ArrivalsDocument,
  BookHeldTimeDocument,
  CancelMineDocument,
  type Channel,
  ChooseChannelDocument,
  ClinicDocument,
  type ClinicQuery,
  ClinicTermsDocument,
  type ClinicTermsQuery,
  FreeTimesDocument,
  HoldTimeDocument,
  InboxDocument,
  type InboxQuery,
  KeepQuietDocument,
  MarkReadDocument,
  MyInvitationsDocument,
  TopicsDocument,
  UpcomingDocument,
  type UpcomingQuery,
  WhoAmIDocument,
  type WhoAmIQuery,
} from "./generated/operations.ts";

// The day of a patient, as a program: what an app of theirs asks, with the generated operations and without `any`.

const DAY = 24 * 60 * 60_000;

export type Me = WhoAmIQuery["me"];
export type Clinic = NonNullable<ClinicQuery["clinicBySlug"]>;
export type Appointment = UpcomingQuery["appointments"]["nodes"][number];
export type Item = InboxQuery["inboxItems"]["nodes"][number];

/** Signs in: who they are, and null where they have to sign in again first. */
export async function signIn(app: Client): Promise<Me | null> {
  try {
    return (await app.ask(WhoAmIDocument)).me;
  } catch (error) {
    if (refusalOf(error, "UNAUTHENTICATED")) return null;
    throw error;
  }
}

export type Terms = ClinicTermsQuery["clinicTerms"]["nodes"];

/** Answers every clinic that waits for an answer, where its terms are agreed to, and says which. */
export async function acceptInvitations(
  app: Client,
  person: { givenName: string; familyName: string; birthDate: LocalDate },
  agrees: (clinic: string, terms: Terms) => Promise<boolean>,
): Promise<string[]> {
  const { myInvitations } = await app.ask(MyInvitationsDocument);
  const open = myInvitations.nodes.filter(({ kind, status }) => kind === "PATIENT" && status === "OPEN");
  const joined: string[] = [];
  for (const { id, organizationId, clinicName, clinicCity } of open) {
    const terms = (await app.ask(ClinicTermsDocument, { clinic: organizationId })).clinicTerms.nodes;
    if (!(await agrees(clinicName, terms))) continue;
    const accepted = terms.map((version) => version.id);
    await app.ask(AcceptInvitationDocument, { invitation: id, ...person, accepted });
    joined.push(clinicCity ? `${clinicName}, ${clinicCity}` : clinicName);
  }
  return joined;
}

export async function findClinic(app: Client, slug: string): Promise<Clinic | null> {
  return (await app.ask(ClinicDocument, { slug })).clinicBySlug;
}

export type Booked = { kind: "booked"; id: UUID; startsAt: Date } | { kind: "full"; until: Date };

/** Books the first time of the next two weeks. Who loses a race for one takes the next. */
export async function bookFirstFreeTime(app: Client, profile: UUID, calendar: UUID): Promise<Booked> {
  const [from, until] = [new Date(), new Date(Date.now() + 14 * DAY)];
  const { availableSlots } = await app.ask(FreeTimesDocument, { calendar, from, until });
  for (const { startsAt } of availableSlots.nodes) {
    try {
      const { holdSlot } = await app.ask(HoldTimeDocument, { calendar, startsAt });
      const hold = holdSlot.slotHold.token;
      const { appointment } = (await app.ask(BookHeldTimeDocument, { hold, profile })).bookAppointment;
      return { kind: "booked", id: appointment.id, startsAt: new Date(appointment.startsAt) };
    } catch (error) {
      if (!refusalOf(error, "SLOT_TAKEN")) throw error;
    }
  }
  return { kind: "full", until };
}

export async function upcoming(app: Client): Promise<readonly Appointment[]> {
  return (await app.ask(UpcomingDocument, { from: new Date() })).appointments.nodes;
}

export async function cancelMine(app: Client, appointment: UUID): Promise<void> {
  await app.ask(CancelMineDocument, { appointment });
}

/**
 * Keeps an inbox up to date: what is there is asked for whenever listening begins, since what was told before may have
 * been missed, and what comes afterwards is told. Returns how to stop.
 */
export function watchInbox(
  app: Client,
  { changed, signedOut }: { changed(titles: string[], unread: number): void; signedOut(): void },
): () => void {
  const titles = new Map<UUID, string>();
  let unread = 0;
  const told = (): void => changed([...titles.values()], unread);
  return app.listen(
    ArrivalsDocument,
    {},
    {
      async began() {
        const { inboxItems, inboxUnreadCount } = await app.ask(InboxDocument);
        for (const { id, title } of inboxItems.nodes) titles.set(id, title);
        unread = inboxUnreadCount;
        told();
      },
      next({ inboxItemArrived: item }) {
        // It may be gone by the time that it is told of, and after an interruption one may come twice.
        if (!item || titles.has(item.id)) return;
        titles.set(item.id, item.title);
        unread += 1;
        told();
      },
      ended: signedOut,
    },
  );
}

/** Marks everything as read and says how much is left. */
export async function readInbox(app: Client): Promise<{ items: readonly Item[]; unread: number }> {
  const { nodes: items } = (await app.ask(InboxDocument)).inboxItems;
  const unread = items.filter(({ readAt }) => readAt === null).map(({ id }) => id);
  const { markInboxItemsRead } = await app.ask(MarkReadDocument, { items: unread });
  return { items, unread: markInboxItemsRead.unreadCount };
}

/** No message of this kind by this way any more. */
export async function silence(app: Client, topic: string, channel: Channel): Promise<void> {
  const { messageTopics } = await app.ask(TopicsDocument);
  if (!messageTopics.nodes.some(({ key }) => key === topic))
    throw new RangeError(`There is no topic ${topic}.`);
  await app.ask(ChooseChannelDocument, { choice: { topic, channel, isEnabled: false } });
}

/** Alerts wait from the one time to the other, on the clock of this zone. */
export async function keepQuiet(
  app: Client,
  { from, until, timezone }: { from: string; until: string; timezone: string },
): Promise<{ from: LocalTime; until: LocalTime }> {
  const hours = { quietFrom: localTime(from), quietUntil: localTime(until), timezone };
  const { quietHour } = (await app.ask(KeepQuietDocument, { hours })).setQuietHours;
  return { from: quietHour.quietFrom, until: quietHour.quietUntil };
}
