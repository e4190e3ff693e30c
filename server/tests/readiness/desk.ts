import type { World } from "../signing/world.ts";
import type { Json } from "../support.ts";

/** What people of the clinic and its patients ask through the API. A refusal comes back as what `refused` holds. */
export function deskOf(world: World) {
  const { api } = world;
  const tokenOf = (who: string) =>
    who === "adrian"
      ? api.token({ subject: "user_adrian", email: "adrian@clinic.test", name: "adrian" })
      : world.token(who as "ioana" | "alina");

  async function ask(who: string, operation: string, variables: object): Promise<Json> {
    const { body } = await api.graphql(operation, { token: tokenOf(who), variables });
    return body.errors ? { refused: body.errors[0].extensions } : body.data;
  }
  /** A mutation of one input; what it answers, or the refusal. */
  async function change(who: string, verb: string, answer: string, input: object): Promise<Json> {
    const name = verb[0]?.toUpperCase() + verb.slice(1);
    const data = await ask(who, `mutation ($input: ${name}Input!) { ${verb}(input: $input) { ${answer} } }`, {
      input,
    });
    return data.refused ? data : data[verb];
  }
  return {
    ask,
    change,
    async calendar(name: string): Promise<string> {
      return (await api.sql("select id from app_public.calendars where name = $1", [name]))[0].id;
    },
    async patientId(): Promise<string> {
      return (
        await api.sql("select id from app_public.patients where patient_profile_id = $1", [world.ids.ioana])
      )[0].id;
    },
    /** The token of a hold of the first free time. */
    async hold(calendar: string): Promise<string> {
      const from = new Date(Date.now() + 3_600_000);
      const { availableSlots } = await ask(
        "ioana",
        `query ($calendar: UUID!, $from: Datetime!, $to: Datetime!) {
           availableSlots(calendarId: $calendar, from: $from, to: $to, first: 1) { nodes { startsAt } } }`,
        { calendar, from, to: new Date(from.getTime() + 3 * 24 * 3_600_000) },
      );
      const { slotHold } = await change("ioana", "holdSlot", "slotHold { token }", {
        calendarId: calendar,
        startsAt: availableSlots.nodes[0].startsAt,
      });
      return slotHold.token;
    },
    book: (holdToken: string) =>
      change("ioana", "bookAppointment", "appointment { id status }", {
        holdToken,
        patientProfileId: world.ids.ioana,
      }),
    /** What a booking would leave behind. */
    async left(): Promise<Json> {
      const [counted] = await api.sql(`select
        (select count(*)::int from app_public.appointments) as appointments,
        (select count(*)::int from app_public.forms) as forms,
        (select count(*)::int from app_public.patients) as patients,
        (select count(*)::int from app_private.events) as events,
        (select count(*)::int from graphile_worker._private_jobs) as jobs,
        (select count(*)::int from app_public.messages) as messages,
        (select count(*)::int from app_private.time_claims where kind = 'appointment') as claims`);
      return counted;
    },
  };
}
