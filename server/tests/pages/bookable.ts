import { expect } from "vitest";
import type { Clinic } from "./clinic.ts";

/** The hours of a specialist who is there every morning. */
export const allWeek = JSON.stringify(
  Object.fromEntries(
    ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map((day) => [day, [["09:00", "13:00"]]]),
  ),
);

/**
 * What the clinic of these tests offers: with a specialist of one's choice, in a group, by video, and nothing that is free. From
 * tomorrow on, so that the first day is whole at whatever hour the tests run.
 */
export async function offerBookings({ api }: Clinic): Promise<void> {
  await api.sql(
    `select tests.specialist('ana', weekly => '${allWeek}', clinic => 'atlas'), tests.specialist('dan', weekly => '${allWeek}', clinic => 'atlas'),
            tests.specialist('eva', weekly => '${allWeek}', clinic => 'atlas'), tests.specialist('mara', clinic => 'atlas');
     select tests.override(name, 'closed', (now() at time zone 'Europe/Bucharest')::date) from unnest('{ana,dan,eva}'::text[]) as name;
     select tests.service('Kinetoterapie', 60, 15000, '{ana,dan}', 'atlas'), tests.service('Spate sănătos', 60, 6000, '{eva}', 'atlas'),
            tests.service('Masaj', 60, 9000, '{mara}', 'atlas');
     update app_public.services set description = 'Exerciții cu un kinetoterapeut.',
       translations = '{"en": {"name": "Physiotherapy", "description": "Exercises with a physiotherapist."}}'
     where id = tests.id('Kinetoterapie');
     select tests.calendar('La cabinet', '{ana,dan}', 60, 'Kinetoterapie', 'specific', clinic => 'atlas');
     select tests.calendar('De acasă', '{ana,dan}', 30, 'Kinetoterapie', modality => 'video', clinic => 'atlas');
     select tests.calendar('Grup mic', '{eva}', 60, 'Spate sănătos', clinic => 'atlas');
     select tests.calendar('Masaj de relaxare', '{mara}', 60, 'Masaj', clinic => 'atlas');
     update app_public.calendars set capacity = 6 where id = tests.id('Grup mic');
     update app_public.organizations set contact_phone = '+40264555555', contact_email = 'salut@atlas.test'
     where id = tests.id('atlas')`,
  );
}

/** Somebody else, through the API. */
export function elsewhere({ api, id }: Clinic) {
  const post = async (path: string, body: object, visitor = "somebody-else") => {
    const answer = await api.fetch(`/v1/public/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-visitor-id": visitor },
      body: JSON.stringify(body),
    });
    expect([path, answer.status, answer.body?.errors]).toEqual([
      path,
      expect.toBeOneOf([200, 201, 204]),
      undefined,
    ]);
    return answer.body;
  };
  return {
    post,
    /** Books a start, or all its places, with whom the page would be taken from. */
    async book(calendar: string, startsAt: string, { specialist = "", places = 1 } = {}): Promise<void> {
      const who = specialist ? { specialist: await id(specialist) } : {};
      for (let place = 1; place <= places; place += 1) {
        const visitor = `visitor-${place}`;
        const { token } = await post("holds", { calendar: await id(calendar), startsAt, ...who }, visitor);
        const person = { givenName: "Radu", familyName: "Pop", phone: "0722 123 456" };
        const email = `radu.pop.${place}@people.test`;
        await post("bookings", { holdToken: token, email, ...person }, visitor);
      }
    },
  };
}
