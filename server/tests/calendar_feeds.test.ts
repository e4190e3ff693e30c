import ICAL from "ical.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { refusalOf, startTestApi, type TestApi } from "./support.ts";

// APT-08: what a calendar program reads under a specialist's secret address, by an independent parser.

const awkward = 'Masaj; "profund", spate\\gât și ș, ț';

let api: TestApi;
let specialist: string;
beforeAll(async () => {
  api = await startTestApi({ because: "a feed is made, read and revoked over HTTP for good" });
  const [made] = await api.sql(`
    select tests.clinic('atlas');
    select tests.patient('ana');
    select tests.specialist('stefan', account => true);
    select tests.calendar('mondays', '{stefan}');
    update app_public.services set name = '${awkward}';
    update app_public.organizations set street = 'Str. Lungă 1, et. 2';
    select tests.appointment('visit', 'ana', 'mondays', 'stefan', date_trunc('day', now()) + interval '2 days 10 hours');
    select tests.id('stefan') as specialist`);
  ({ specialist } = made);
});
afterAll(() => api.close());

const stefan = () => api.token({ subject: "dev_stefan", email: "stefan@people.test", name: "stefan" });
async function makeFeed(showsInitials: boolean): Promise<{ id: string; path: string }> {
  const { body } = await api.graphql(
    `mutation ($specialist: UUID!, $showsInitials: Boolean) {
       createCalendarFeed(input: {specialistId: $specialist, showsInitials: $showsInitials}) { calendarFeedLink { id path } }
     }`,
    { variables: { specialist, showsInitials }, token: await stefan() },
  );
  return body.data.createCalendarFeed.calendarFeedLink;
}

describe("APT-08: a specialist's feed", () => {
  it("is a calendar with the visit, whatever its service is called", async () => {
    const { path } = await makeFeed(true);
    const answer = await api.fetch(path);
    expect([answer.status, answer.headers.get("content-type"), answer.headers.get("cache-control")]).toEqual([
      200,
      "text/calendar; charset=utf-8",
      "private, no-store",
    ]);
    const calendar = new ICAL.Component(ICAL.parse(answer.text));
    const [event, ...others] = calendar.getAllSubcomponents("vevent").map((part) => new ICAL.Event(part));
    expect(others).toEqual([]);
    expect(event?.summary).toBe(`A. P., ${awkward}`);
    const [visit] = await api.sql("select id, starts_at, ends_at from app_public.appointments");
    expect([event?.uid, event?.startDate.toJSDate(), event?.endDate.toJSDate()]).toEqual([
      visit.id,
      visit.starts_at,
      visit.ends_at,
    ]);
    expect(answer.text).not.toContain("Popescu");
  });

  it("says nothing at an address that is none, or was revoked, and is not in the log", async () => {
    const { id, path } = await makeFeed(false);
    await api.graphql(
      "mutation ($id: UUID!) { revokeCalendarFeed(input: {calendarFeedId: $id}) { calendarFeed { revokedAt } } }",
      { variables: { id }, token: await stefan() },
    );
    for (const address of [path, `/v1/calendar-feeds/${"0".repeat(32)}.ics`, "/v1/calendar-feeds/'--.ics"]) {
      const answer = await api.fetch(address);
      expect([answer.status, refusalOf(answer).reason]).toEqual([404, "calendar_feed_not_found"]);
    }
  });
});
