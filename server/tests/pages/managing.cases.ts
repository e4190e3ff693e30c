import type { Browser, Page } from "playwright-core";
import { expect, test } from "vitest";
import { suspend } from "../suspend.ts";
import { allWeek, elsewhere } from "./bookable.ts";
import type { Clinic } from "./clinic.ts";
import { lookAt } from "./looked_at.ts";
import { heading, visits } from "./visits.ts";

/** The page of one booking behind its link, and the waitlist. After bookingCases. */
export function managingCases(browser: () => Browser, clinic: () => Clinic): void {
  const open = visits(browser, { timezoneId: "Europe/Bucharest" });
  const link = (token: string) => `${clinic().api.url}/booking#${token}`;

  /** Somebody books the first free time of a calendar, and has the link to it. */
  async function booked(
    calendar: string,
    email: string,
    who = { givenName: "Sanda", phone: "0722 123 457" },
  ) {
    const { api, id } = clinic();
    const other = elsewhere(clinic());
    const calendarId = await id(calendar);
    const { slots } = (await api.fetch(`/v1/public/availability/next?calendar=${calendarId}`)).body;
    const { token } = await other.post(
      "holds",
      { calendar: calendarId, startsAt: slots[0].startsAt },
      email.slice(0, 4),
    );
    const person = { ...who, familyName: "Rus", email, locale: "ro" };
    return await other.post("bookings", { holdToken: token, ...person }, email.slice(0, 4));
  }

  test("APT-05: a request is moved and withdrawn behind its link", async () => {
    const { token, bookingRequestId } = await booked("De acasă", "sanda@people.test");
    const asked: string[] = [];
    await open(
      link(token),
      async (page) => {
        await heading(page, "Cererea așteaptă răspunsul clinicii");
        await page.getByText("Linkul pentru apelul video îl primiți de la clinică.").waitFor();
        await lookAt(page, "booking");
        await page.getByRole("button", { name: "Alegeți altă oră" }).click();
        await heading(page, "Alegeți altă oră");
        await times(page).last().waitFor();
        await lookAt(page, "booking-move");
        const chosen = (await times(page).last().textContent()) ?? "";
        await times(page).last().click();
        await heading(page, "Cererea așteaptă răspunsul clinicii");
        await page.getByText("Clinica vă răspunde pentru noua oră.").waitFor();
        await page.getByText(new RegExp(`, ${chosen}–`)).waitFor();

        await page.getByText("Nu mai vreau programarea").click();
        await page.getByText("Cererea se retrage, iar ora devine liberă pentru alții.").waitFor();
        await page.getByRole("button", { name: "Retrageți cererea" }).click();
        await heading(page, "Ați retras cererea");
        expect(await page.getByRole("button", { name: "Alegeți altă oră" }).count()).toBe(0);
      },
      (response) => asked.push(response.url()),
    );
    expect(asked.join()).not.toContain(token);
    const [row] = await clinic().api.sql("select status from app_public.booking_requests where id = $1", [
      bookingRequestId,
    ]);
    expect(row).toEqual({ status: "withdrawn" });
  });

  test("APT-03, APT-05: an appointment is cancelled behind its link, after it was said that it is late", async () => {
    await clinic().api.sql(
      `insert into app_public.booking_policies (organization_id, name, is_default, cancel_minutes)
       values (tests.id('atlas'), 'Cu o săptămână înainte', true, 10080)`,
    );
    const { token, bookingRequestId } = await booked("La cabinet", "tudor@people.test");
    await clinic().ask(
      "flavia",
      "mutation ($id: UUID!) { confirmBookingRequest(input: { bookingRequestId: $id }) { appointment { id } } }",
      { id: bookingRequestId },
    );
    await open(link(token), async (page) => {
      await heading(page, /Programarea/);
      await page.getByText("Anulați programarea", { exact: true }).first().click();
      await page.getByText("Termenul pentru o anulare fără urmări").waitFor();
      await lookAt(page, "booking-cancel");
      await page.getByLabel("De ce anulați?").fill("Sunt răcită.");
      await page.getByRole("button", { name: "Anulați programarea" }).click();
      await heading(page, "Programarea este anulată");
      await page.getByText("Anularea a fost socotită târzie.").waitFor();
      await page.reload();
      await heading(page, "Programarea este anulată");
    });
  });

  test("BIL-05, APT-05: an appointment is moved behind its link while its clinic takes no new bookings", async () => {
    const { token, bookingRequestId } = await booked("La cabinet", "irina@people.test", {
      givenName: "Irina",
      phone: "0722 123 458",
    });
    await clinic().ask(
      "flavia",
      "mutation ($id: UUID!) { confirmBookingRequest(input: { bookingRequestId: $id }) { appointment { id } } }",
      { id: bookingRequestId },
    );
    const suspended = await suspend(clinic().api);
    const asked: string[] = [];
    await open(
      link(token),
      async (page) => {
        await page.getByRole("button", { name: "Alegeți altă oră" }).click();
        await times(page).last().waitFor();
        const chosen = (await times(page).last().textContent()) ?? "";
        await times(page).last().click();
        await page.getByText(new RegExp(`, ${chosen}–`)).waitFor();
      },
      (response) => asked.push(response.url()),
    );
    expect(asked.join()).not.toContain(token);
    const [row] = await clinic().api.sql(
      "select status, reschedule_count from app_public.appointments where booking_request_id = $1",
      [bookingRequestId],
    );
    expect(row).toEqual({ status: "booked", reschedule_count: 1 });
    await open(`${clinic().api.url}/book/atlas`, async (page) => {
      await page.getByRole("button", { name: /De acasă/ }).click();
      await page.getByText(/^STATE clinic_suspended/).waitFor();
      expect(await times(page).count()).toBe(0);
    });
    await suspended.end();
  });

  test("APT-05: a link that opens nothing says so, and so does an offer that is over", async () => {
    await open(link("0".repeat(32)), async (page) => {
      await heading(page, "Linkul nu duce nicăieri");
      await page.getByText(/^NOT_FOUND /).waitFor();
    });
    await open(`${clinic().api.url}/booking`, (page) => heading(page, "Linkul nu duce nicăieri"));
    await open(`${clinic().api.url}/book/atlas#offer=${"0".repeat(32)}`, async (page) => {
      await page.getByText(/^NOT_FOUND offer_not_found/).waitFor();
      await heading(page, "Ce programare doriți?");
    });
  });

  test("SCH-10: where nothing is free somebody waits, and begins with the time that they are offered", async () => {
    const { api } = clinic();
    await open(`${api.url}/book/atlas`, async (page) => {
      await page.getByRole("button", { name: /Masaj de relaxare/ }).click();
      await page.getByText("Nu este nicio oră liberă").waitFor();
      await lookAt(page, "book-full");
      await page.getByRole("button", { name: "Anunțați-mă dacă se eliberează o oră" }).click();
      await heading(page, "Anunțați-mă când se eliberează o oră");
      const [{ from, to }] = await api.sql(
        "select (now() + interval '2 days')::date::text as from, (now() + interval '20 days')::date::text as to",
      );
      await page.getByLabel("Pot veni din").fill(from);
      await page.getByLabel("Până în").fill(to);
      await page.getByLabel("Dimineața, până la 12").check();
      await page.getByLabel("Prenume").fill("Nicu");
      await page.getByLabel("Nume", { exact: true }).fill("Popa");
      await page.getByLabel("E-mail").fill("nicu@people.test");
      await page.getByLabel("Telefon").fill("0722 123 458");
      await lookAt(page, "book-waitlist");
      await page.getByRole("button", { name: "Anunțați-mă" }).click();
      await heading(page, "Sunteți pe lista de așteptare");
      await lookAt(page, "book-waiting");
    });

    await api.sql(
      `update app_public.organizations set reminders_from = '00:00', reminders_until = '23:59' where id = tests.id('atlas');
       select tests.hours('mara', '${allWeek}')`,
    );
    await api.sql("select app_private.offer_next_time(tests.id('atlas'))");
    const [{ path }] = await api.sql(
      `select app_private.issue_link(o.organization_id, k, o.id) as path
       from app_public.waitlist_offers as o, app_private.link_kinds as k
       where o.outcome is null and k.key = 'waitlist_offer'`,
    );
    await open(`${api.url}${path}`, async (page) => {
      await heading(page, "Cine vine?");
      await page.getByText("Vă reținem ora încă").waitFor();
      expect(page.url()).toBe(`${api.url}/book/atlas`);
      await page.reload();
      await heading(page, "Cine vine?");
    });
    // The same link is the way out of the line, and what was kept goes to the next.
    await open(`${api.url}${path}`, async (page) => {
      await page.getByRole("button", { name: "Nu mai aștept" }).click();
      await heading(page, "Nu mai sunteți pe lista de așteptare");
      const left = await api.sql(
        `select entry.status, claim.released_at is not null as "isFree"
         from app_public.waitlist_entries as entry
         join app_public.waitlist_offers as o on o.organization_id = entry.organization_id and o.waitlist_entry_id = entry.id
         join app_private.time_claims as claim on claim.organization_id = o.organization_id and claim.id = o.claim_id`,
      );
      expect(left).toEqual([{ status: "left", isFree: true }]);
    });
  });
}

const times = (page: Page) => page.locator("section[aria-labelledby=times]").getByRole("button");
